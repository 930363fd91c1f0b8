"""Arrays of intervals, rounded outwards.

Of floating point only what IEEE 754 guarantees is used: ``+ - * /`` and the square root are the exact results
rounded to nearest. The next double below a result r is then at least ``r - |r| 2^-52 - 2^-1074``, rounded
(Rump, Zimmermann, Boldo and Melquiond, "Computing predecessor and successor in rounding to nearest", 2009),
which is several times faster than ``numpy.nextafter``. Sums of many terms, in any order, have the classical
bound ``n u sum |x_i|`` (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, 3.1), doubled here.

A bound that is not a number says that nothing is known: it spreads through every operation, and every
comparison with it fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: The spacing of doubles at 1, and more than is lost by underflow, even if subnormal numbers become 0.
EPS, TINY = 2.0**-52, 1e-290


def below(x: Any) -> Any:
    """Doubles that are less than every number that rounds to ``x``."""
    return x - (np.abs(x) * EPS + TINY)


def above(x: Any) -> Any:
    """Doubles that are larger than every number that rounds to ``x``."""
    return x + (np.abs(x) * EPS + TINY)


@dataclass(frozen=True, eq=False, slots=True)
class Interval:
    """The numbers from ``lo`` to ``hi``, elementwise.

    Operands of operators are other intervals, and exact numbers: doubles or arrays of them.

    Attributes
    ----------
    lo, hi
        Arrays of the same shape; infinite where there is no bound, NaN where nothing is known.
    """

    lo: FloatArray
    hi: FloatArray

    __array_ufunc__ = None  # so that array + interval is this class's business

    @classmethod
    def of(cls, values: Any) -> Interval:
        """Exact numbers."""
        array = np.asarray(values, dtype=np.float64)
        return cls(array, array)

    @classmethod
    def around(cls, middle: FloatArray, radius: FloatArray) -> Interval:
        """All numbers whose distance to the middle is at most the radius."""
        return cls(below(middle - radius), above(middle + radius))

    @classmethod
    def stack(cls, parts: list[Interval], axis: int = -1) -> Interval:
        """Intervals of one shape along a new axis."""
        return cls(np.stack([p.lo for p in parts], axis), np.stack([p.hi for p in parts], axis))

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the arrays."""
        return self.lo.shape

    @property
    def middle(self) -> FloatArray:
        """A double in each interval, near its middle."""
        result: FloatArray = np.clip(0.5 * self.lo + 0.5 * self.hi, self.lo, self.hi)
        return result

    @property
    def magnitude(self) -> FloatArray:
        """The largest absolute value."""
        result: FloatArray = np.maximum(-self.lo, self.hi)
        return result

    @property
    def mignitude(self) -> FloatArray:
        """The smallest absolute value."""
        result: FloatArray = np.maximum(np.maximum(self.lo, -self.hi), 0.0)
        return result

    def split(self) -> tuple[FloatArray, FloatArray]:
        """Middles, and radii that reach both ends."""
        middle = self.middle
        radius = above(np.maximum(self.hi - middle, middle - self.lo))
        return middle, np.where(self.lo == self.hi, 0.0, radius)

    def __getitem__(self, key: Any) -> Interval:
        low = self.lo[key]
        return Interval(low, low if self.lo is self.hi else self.hi[key])

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __add__(self, other: Any) -> Interval:
        o = _interval(other)
        return Interval(below(self.lo + o.lo), above(self.hi + o.hi))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Interval:
        o = _interval(other)
        return Interval(below(self.lo - o.hi), above(self.hi - o.lo))

    def __rsub__(self, other: Any) -> Interval:
        return _interval(other) - self

    def __mul__(self, other: Any) -> Interval:
        o = _interval(other)
        if o.lo is o.hi:
            a, b = self.lo * o.lo, self.hi * o.lo
            return Interval(below(np.minimum(a, b)), above(np.maximum(a, b)))
        a, b, c, d = self.lo * o.lo, self.lo * o.hi, self.hi * o.lo, self.hi * o.hi
        low, high = (
            np.minimum(np.minimum(a, b), np.minimum(c, d)),
            np.maximum(np.maximum(a, b), np.maximum(c, d)),
        )
        return Interval(below(low), above(high))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Interval:
        o = _interval(other)
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b, c, d = self.lo / o.lo, self.lo / o.hi, self.hi / o.lo, self.hi / o.hi
        low, high = (
            np.minimum(np.minimum(a, b), np.minimum(c, d)),
            np.maximum(np.maximum(a, b), np.maximum(c, d)),
        )
        safe = (o.lo > 0) | (o.hi < 0)
        with np.errstate(invalid="ignore"):
            return Interval(np.where(safe, below(low), -np.inf), np.where(safe, above(high), np.inf))

    def __rtruediv__(self, other: Any) -> Interval:
        return _interval(other) / self

    def square(self) -> Interval:
        """Of each number with itself: never negative."""
        low, high = self.mignitude, self.magnitude
        return Interval(np.maximum(below(low * low), 0.0), above(high * high))

    def sqrt(self) -> Interval:
        """Square root; of negative numbers nothing is known."""
        with np.errstate(invalid="ignore"):
            return Interval(np.maximum(below(np.sqrt(self.lo)), 0.0), above(np.sqrt(self.hi)))

    def sum(self, axis: int = -1) -> Interval:
        """Along an axis."""
        n = self.lo.shape[axis] * EPS
        low, high = self.lo.sum(axis=axis), self.hi.sum(axis=axis)
        return Interval(
            below(low - n * np.abs(self.lo).sum(axis=axis)), above(high + n * np.abs(self.hi).sum(axis=axis))
        )

    def meet(self, other: Interval) -> Interval:
        """The numbers in both, if each holds the same unknown number."""
        return Interval(np.fmax(self.lo, other.lo), np.fmin(self.hi, other.hi))

    def hull(self, other: Interval) -> Interval:
        """The smallest intervals around both."""
        return Interval(np.minimum(self.lo, other.lo), np.maximum(self.hi, other.hi))

    def contains(self, values: Any) -> NDArray[np.bool_]:
        """Whether doubles are inside."""
        result: NDArray[np.bool_] = (self.lo <= values) & (values <= self.hi)
        return result


def _interval(value: Any) -> Interval:
    return value if isinstance(value, Interval) else Interval.of(value)


def _least(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    return np.minimum(np.minimum(a, b), np.minimum(c, d))


def _most(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    return np.maximum(np.maximum(a, b), np.maximum(c, d))


def affine(weight: FloatArray, x: Interval, bias: FloatArray | None = None) -> Interval:
    """``W x + b`` of intervals ``(k, n)``: ``(k, m)``.

    ``weight`` ``(m, n)`` and ``bias`` ``(m,)`` are exact. The bound holds in whatever order BLAS adds.
    """
    middle, radius = x.split()
    size, matrix = np.abs(weight).T, np.ascontiguousarray(weight.T)
    at, reach, terms = middle @ matrix, radius @ size, np.abs(middle) @ size
    if bias is not None:
        at += bias
        terms += np.abs(bias)
    return Interval.around(at, padded(reach, terms, weight.shape[1] + 1))


def product(a: Interval, b: Interval) -> Interval:
    """Products of stacks of interval matrices ``(k, l, n)`` and ``(k, n, m)``: ``(k, l, m)``.

    In the form of middle and radius, which is at most 1.5 times too wide (Rump, "Fast and parallel interval
    arithmetic", 1999).
    """
    (ma, ra), (mb, rb) = a.split(), b.split()
    size_a, size_b = np.abs(ma), np.abs(mb)
    at, terms = _stacked(ma, mb), _stacked(size_a, size_b)
    reach = _stacked(size_a, rb) + _stacked(ra, size_b + rb)
    return Interval.around(at, padded(reach, terms, 2 * a.shape[2] + 2))


def _stacked(a: FloatArray, b: FloatArray) -> FloatArray:
    """Products of stacks of small matrices, axis by axis: faster than ``numpy.matmul`` for these."""
    result = a[:, :, 0, None] * b[:, None, 0, :]
    for k in range(1, a.shape[2]):
        result += a[:, :, k, None] * b[:, None, k, :]
    return result


def padded(reach: FloatArray, terms: FloatArray, n: int) -> FloatArray:
    """A radius for sums of n products: ``reach``, itself such a sum, and the rounding of all.

    ``terms`` is the sum of the products' absolute values, with the same relative error; what products lose by
    underflow is less than ``n TINY``.
    """
    return (reach + (reach + terms) * ((n + 6) * EPS)) * (1 + 4 * EPS) + (n + 6) * TINY


def spread(tangent: Interval, radius: FloatArray) -> FloatArray:
    """Upper bounds ``(k, d)`` of ``|T h|`` for T in ``(k, d, p)`` and ``|h|`` at most ``(k, p)``."""
    total = (tangent.magnitude * radius[:, None, :]).sum(axis=-1)
    return padded(total, total, tangent.shape[-1])


#: The circle's circumference over its diameter: pi is between these two doubles.
PI = Interval(np.array(3.141592653589793), np.array(3.1415926535897936))
