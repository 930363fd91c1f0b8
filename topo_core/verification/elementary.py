"""Enclosures of elementary functions, from additions, multiplications and divisions alone.

Nothing is asked of the mathematical library. Arguments are reduced (by powers of two, by quarter turns), a
Taylor polynomial follows, and the result is widened by ``_ERROR``, relative. With ``u = 2^-53`` the relative
errors are, at most:

- ``exp``: the reduced ``|r| <= 0.3466`` is off by 1.2 u (the product with the upper part of ln 2 is exact);
  ``Q(r) = (e^r - 1) / r`` by Horner's rule has 25 roundings of at most ``sum |c_k r^k| <= 1.42 Q``: 36 u; the
  remainder is 0.1 u; ``1 + r Q`` is off by 19 u, absolute, and at least 0.7: 28 u.
- ``e^r - 1`` for ``r <= 0``: 38 u where nothing was reduced, and else ``1 - e^r >= 0.29``: 68 u.
- ``tanh``: 90 u. ``sigmoid`` and slopes, with ``e = exp(-|x|)`` or its square: 64 u. ``log(1 + e)`` by the
  series of the inverse hyperbolic tangent at ``e / (2 + e) <= 1/3``: 80 u.
- sine and cosine: reduced exactly to an eighth of a turn or less: 40 u.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from topo_core.verification.intervals import PI, FloatArray, Interval, above, below

#: 128 u: more than any error above; and what is lost by underflow, at most.
_ERROR, _LOST = 2.0**-46, 1e-290
#: Arguments of the exponential function at which overflow and underflow are far, even of squares.
_FARTHEST = 345.0
#: ln 2 as a double of 33 bits, whose products with exponents are exact, and the rest.
_LN2_HIGH, _LN2_LOW, _PER_LN2 = 0.6931471803691238, 1.9082149292705877e-10, 1.4426950408889634
_EXP = [1 / math.factorial(k + 1) for k in range(13)]
_SIN = [float(Fraction((-1) ** k, math.factorial(2 * k + 1))) for k in range(9)]
_COS = [float(Fraction((-1) ** k, math.factorial(2 * k))) for k in range(10)]
_ATANH = [1 / (2 * k + 1) for k in range(16)]


def _horner(coefficients: list[float], x: FloatArray) -> FloatArray:
    result = np.full(x.shape, coefficients[-1])
    for c in coefficients[-2::-1]:
        result *= x
        result += c
    return result


def _reduced(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """``2^k`` and k with ``e^x = 2^k (1 + w)``, and w, of doubles between -345 and 345."""
    k = np.rint(x * _PER_LN2)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    with np.errstate(invalid="ignore"):
        power = ((k.astype(np.int64) + 1023) << 52).view(np.float64)
    w = _horner(_EXP, r)
    w *= r
    return power, k, w


def approximate_exp(x: FloatArray) -> FloatArray:
    """``e^x`` with a relative error below ``EXP_ERROR``, of x from -345 to 345, to which it is cut."""
    power, _, w = _reduced(np.clip(np.asarray(x, dtype=np.float64), -_FARTHEST, _FARTHEST))
    w += 1
    w *= power
    return w


#: Of ``approximate_exp``, relative.
EXP_ERROR = _ERROR


def _lower(x: FloatArray) -> FloatArray:
    """Less than any positive number that ``x`` approximates, and not negative."""
    result: FloatArray = np.maximum(below(x * (1 - _ERROR) - _LOST), 0.0)
    return result


def _upper(x: FloatArray) -> FloatArray:
    """More than any positive number that ``x`` approximates."""
    result: FloatArray = above(x * (1 + _ERROR) + _LOST)
    return result


def exp(x: Interval) -> Interval:
    """The exponential function."""
    low = np.where(x.lo < -_FARTHEST, 0.0, _lower(approximate_exp(x.lo)))
    high = np.where(x.hi > _FARTHEST, np.inf, _upper(approximate_exp(x.hi)))
    return Interval(low, high)


def _decays(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """``e^x`` and ``1 - e^x`` of doubles that are not positive, cut at -345."""
    power, k, w = _reduced(np.maximum(x, -_FARTHEST))
    e = (1 + w) * power
    return e, np.where(k == 0, -w, 1 - e)


def tanh(x: Interval) -> tuple[Interval, Interval]:
    """The hyperbolic tangent and its derivative ``4 e / (1 + e)^2`` with ``e = exp(-2 |x|)``."""
    (e_low, at_low), (e_high, at_high) = (_decays(-2 * np.abs(end)) for end in (x.lo, x.hi))
    low, high = (gap / (1 + e) for e, gap in ((e_low, at_low), (e_high, at_high)))
    value = Interval(
        np.where(x.lo < 0, np.maximum(-_upper(low), -1.0), _lower(low)),
        np.where(x.hi < 0, -_lower(high), np.minimum(_upper(high), 1.0)),
    )
    slopes = [4 * e / ((1 + e) * (1 + e)) for e in (e_low, e_high)]
    return value, _hump(x, slopes[0], slopes[1], 1.0)


def _hump(x: Interval, at_low: FloatArray, at_high: FloatArray, top: float) -> Interval:
    """A positive even function that falls away from 0, of approximate values at the ends and at 0."""
    across = (x.lo <= 0) & (x.hi >= 0)
    peak = np.where(across, top, np.minimum(_upper(np.maximum(at_low, at_high)), top))
    far = np.maximum(-x.lo, x.hi) > _FARTHEST / 2
    return Interval(np.where(far, 0.0, _lower(np.minimum(at_low, at_high))), peak)


def sigmoid(x: Interval) -> tuple[Interval, Interval]:
    """``1 / (1 + exp(-x))`` and its derivative."""
    e_low, e_high = (approximate_exp(-np.abs(end)) for end in (x.lo, x.hi))
    low, high = (np.where(end < 0, e / (1 + e), 1 / (1 + e)) for end, e in ((x.lo, e_low), (x.hi, e_high)))
    value = Interval(np.where(x.lo < -_FARTHEST, 0.0, _lower(low)), np.minimum(_upper(high), 1.0))
    slopes = [e / ((1 + e) * (1 + e)) for e in (e_low, e_high)]
    return value, _hump(x, slopes[0], slopes[1], 0.25)


def softplus(x: Interval) -> tuple[Interval, Interval]:
    """``log(1 + exp(x))`` and its derivative, the sigmoid function."""
    low, high = (np.maximum(end, 0.0) + _log_of_one_and(-np.abs(end)) for end in (x.lo, x.hi))
    value = Interval(np.where(x.lo < -_FARTHEST, 0.0, _lower(low)), _upper(high))
    return value, sigmoid(x)[0]


def _log_of_one_and(x: FloatArray) -> FloatArray:
    """``log(1 + e^x)`` of doubles that are not positive, approximately."""
    e = approximate_exp(x)
    z = e / (2 + e)
    return 2 * z * _horner(_ATANH, z * z)


def relu(x: Interval, slope: float = 0.0) -> tuple[Interval, Interval]:
    """``max(x, slope x)`` for a slope from 0 to 1, and its derivative, at 0 all from slope to 1."""
    value = Interval(np.maximum(x.lo, below(slope * x.lo)), np.maximum(x.hi, above(slope * x.hi)))
    low, high = (np.where(positive, 1.0, slope) for positive in (x.lo > 0, x.hi >= 0))
    known = x.lo <= x.hi
    return value, Interval(np.where(known, low, np.nan), np.where(known, high, np.nan))


def leaky_relu(x: Interval) -> tuple[Interval, Interval]:
    """``max(x, x / 100)``, with the double next to 1/100."""
    return relu(x, 0.01)


def elu(x: Interval) -> tuple[Interval, Interval]:
    """``x``, and ``exp(x) - 1`` of negative numbers, and its derivative, which rises to 1."""
    (e_low, at_low), (e_high, at_high) = (_decays(np.minimum(end, 0.0)) for end in (x.lo, x.hi))
    value = Interval(
        np.where(x.lo < 0, np.maximum(-_upper(at_low), -1.0), x.lo),
        np.where(x.hi < 0, -_lower(at_high), x.hi),
    )
    far = x.lo < -_FARTHEST
    slope = Interval(np.where(far, 0.0, np.minimum(_lower(e_low), 1.0)), np.minimum(_upper(e_high), 1.0))
    return value, slope


def linear(x: Interval) -> tuple[Interval, Interval]:
    """The identity."""
    one = np.ones(x.shape)
    return x, Interval(one, one)


# -- turns ---------------------------------------------------------------------------------------


def sin_turns(t: Interval) -> Interval:
    """``sin(2 pi t)``: t is in turns, of absolute value below 2^40, so that reducing it is exact."""
    at = [_sine(end) for end in (t.lo, t.hi)]
    low, high = np.minimum(at[0].lo, at[1].lo), np.maximum(at[0].hi, at[1].hi)
    return Interval(
        np.where(_passes(t, 0.75), -1.0, np.maximum(low, -1.0)),
        np.where(_passes(t, 0.25), 1.0, np.minimum(high, 1.0)),
    )


def cos_turns(t: Interval) -> Interval:
    """``cos(2 pi t)``; see ``sin_turns``."""
    return sin_turns(t + 0.25)


def sin(x: Interval) -> Interval:
    """The sine of radians."""
    return sin_turns(x / (PI * 2.0))


def cos(x: Interval) -> Interval:
    """The cosine of radians."""
    return cos_turns(x / (PI * 2.0))


def _passes(t: Interval, phase: float) -> NDArray[np.bool_]:
    """Whether some whole number plus the phase may lie in the interval; true where nothing is known."""
    result: NDArray[np.bool_] = ~(np.ceil(below(t.lo - phase)) > above(t.hi - phase))
    return result


def _sine(t: FloatArray) -> Interval:
    """``sin(2 pi t)`` of doubles."""
    t = np.where(np.abs(t) < 2.0**40, t, np.nan)
    quarter = np.rint(4 * t)
    angle = (t - quarter / 4) * (2 * math.pi)
    square = angle * angle
    swap = quarter % 2 == 1
    size = np.where(swap, _horner(_COS, square), angle * _horner(_SIN, square))
    value = np.where(quarter % 4 >= 2, -size, size)
    reach = np.abs(value) * _ERROR + _LOST
    return Interval(below(value - reach), above(value + reach))


def smoothstep(x: Interval) -> tuple[Interval, Interval]:
    """``3 x^2 - 2 x^3`` of x cut to [0, 1], which increases, and its derivative."""
    cut = Interval(np.clip(x.lo, 0.0, 1.0), np.clip(x.hi, 0.0, 1.0))
    low, high = (Interval.of(end).square() * (3 - Interval.of(end) * 2.0) for end in (cut.lo, cut.hi))
    return Interval(low.lo, high.hi), cut * (1 - cut) * 6.0
