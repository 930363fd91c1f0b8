"""Enclosures of a formula and of its derivatives at once: forward automatic differentiation on intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from topo_core.verification import elementary
from topo_core.verification.intervals import PI, Interval

_TURN = PI * 2.0


@dataclass(frozen=True, eq=False)
class Dual:
    """A value ``(k,)`` and its derivatives by p parameters, ``(k,)`` each.

    Operands of operators are others, exact numbers, and intervals, which count as constants.
    """

    value: Interval
    slopes: tuple[Interval, ...]

    @classmethod
    def parameters(cls, box: Interval) -> tuple[Dual, ...]:
        """The p parameters themselves, over boxes ``(k, p)``."""
        k, p = box.shape
        one, zero = Interval.of(np.ones(k)), Interval.of(np.zeros(k))
        return tuple(cls(box[:, i], tuple(one if i == j else zero for j in range(p))) for i in range(p))

    def chained(self, value: Interval, slope: Interval) -> Dual:
        """A function of this, of that value and derivative."""
        return Dual(value, tuple(part * slope for part in self.slopes))

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            parts = zip(self.slopes, other.slopes, strict=True)
            return Dual(self.value + other.value, tuple(a + b for a, b in parts))
        return Dual(self.value + other, self.slopes)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, tuple(-part for part in self.slopes))

    def __sub__(self, other: Any) -> Dual:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Dual:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            parts = zip(self.slopes, other.slopes, strict=True)
            slopes = tuple(a * other.value + b * self.value for a, b in parts)
            return Dual(self.value * other.value, slopes)
        return Dual(self.value * other, tuple(part * other for part in self.slopes))

    __rmul__ = __mul__

    def __truediv__(self, other: Dual) -> Dual:
        inverse = 1 / other.value
        return self * other.chained(inverse, -inverse.square())

    def sqrt(self) -> Dual:
        """Square root of what is positive."""
        root = self.value.sqrt()
        return self.chained(root, 0.5 / root)

    def waves(self) -> tuple[Dual, Dual]:
        """Cosine and sine of the value in turns."""
        cosine, sine = elementary.cos_turns(self.value), elementary.sin_turns(self.value)
        return self.chained(cosine, -(sine * _TURN)), self.chained(sine, cosine * _TURN)

    def smoothstep(self) -> tuple[Dual, Dual]:
        """``h(x) = 3 x^2 - 2 x^3`` of x cut to [0, 1], and ``h'(x)``, whose derivative jumps at 0 and 1."""
        x = self.value
        value, slope = elementary.smoothstep(x)
        cut = Interval(np.clip(x.lo, 0.0, 1.0), np.clip(x.hi, 0.0, 1.0))
        bend, nothing = 6 - cut * 12.0, Interval.of(0.0)
        flat, beyond = (x.hi < 0) | (x.lo > 1), (x.lo <= 0) | (x.hi >= 1)
        both = bend.hull(nothing)
        low = np.where(flat, 0.0, np.where(beyond, both.lo, bend.lo))
        high = np.where(flat, 0.0, np.where(beyond, both.hi, bend.hi))
        return self.chained(value, slope), self.chained(slope, Interval(low, high))
