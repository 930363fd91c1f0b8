"""Enclosures of the normal distribution and of GELU, ``x Phi(x)``, from elementary arithmetic alone.

With ``phi(x) = exp(-x^2 / 2) / sqrt(2 pi)``, and ``u = 2^-53``, for x not negative:

- below ``_SWITCH``: ``Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/15 + ...)``, terms that are all positive
  (Marsaglia, "Evaluating the normal distribution", 2004); what 40 terms leave out is below u;
- above: ``Phi(-x) = phi(x) / (x + 1/(x + 2/(x + 3/(x + ...))))``. Neighbouring convergents are on two
  sides of the limit (all parts are positive), and their gap, over the value, shrinks as x grows: at
  ``_SWITCH`` it is below u after 80 levels.

``x^2`` is split into parts whose exponentials are as exact as those of ``elementary``. All errors together
are below 80 u of ``Phi(|x|)``, and above the switch of ``Phi(-x)``; 128 u are added. Where GELU and its
slope rise and fall follows from ``(x Phi)'' = phi (2 - x^2)``: the slope falls, rises from ``-sqrt 2`` to
``sqrt 2``, and falls; so GELU has one valley.
"""

from __future__ import annotations

import numpy as np

from topo_core.verification.elementary import EXP_ERROR, approximate_exp
from topo_core.verification.intervals import FloatArray, Interval, above, below

#: Where the series gives way to the continued fraction, and how long they are.
_SWITCH, _TERMS, _LEVELS = 2.5, 40, 80
#: ``1 / sqrt(2 pi)``, rounded; below ``-_FARTHEST`` the density is less than ``_NOTHING``.
_DENSITY, _FARTHEST, _NOTHING = 0.3989422804014327, 26.0, 1e-140
#: GELU's valley: between which doubles, and its least value; where its slope turns, and its extremes there.
VALLEY = (-0.7517915246935646, -0.7517915246935644)
LEAST, TURN = -0.16997120747990374, (1.414213562373095, 1.4142135623730951)
STEEPEST_DOWN, STEEPEST_UP = -0.1289041451851549, 1.128904145185155


def density(x: FloatArray) -> FloatArray:
    """``phi(x)``, with a relative error below ``40 u``, of doubles from -26 to 26, to which they are cut."""
    x = np.clip(x, -_FARTHEST, _FARTHEST)
    split = x * 134217729.0
    high = split - (split - x)  # 26 bits, so that its square is exact (Veltkamp)
    rest = (x - high) * (x + high)
    result: FloatArray = approximate_exp(-0.5 * high * high) * approximate_exp(-0.5 * rest) * _DENSITY
    return result


def _series(x: FloatArray) -> FloatArray:
    """``(Phi(x) - 1/2) / phi(x)`` of x from 0 to the switch."""
    square, total = x * x, np.ones(x.shape)
    for k in range(_TERMS, 0, -1):
        total = 1 + total * square / (2 * k + 1)
    return x * total


def _fraction(x: FloatArray) -> FloatArray:
    """``Phi(-x) / phi(x)`` of x from the switch."""
    total = x
    for k in range(_LEVELS, 0, -1):
        total = x + k / total
    return 1 / total


def distribution(x: FloatArray) -> Interval:
    """``Phi(x)`` of doubles; NaN says that nothing is known."""
    size = np.minimum(np.abs(x), _FARTHEST)
    near = size < _SWITCH
    phi = density(size)
    tail = np.where(
        near,
        0.5 - phi * _series(np.minimum(size, _SWITCH)),
        phi * _fraction(np.maximum(size, _SWITCH)),
    )
    value = np.where(x < 0, tail, 1 - tail)
    error = EXP_ERROR * np.where(near | (x >= 0), 1.0, tail)
    low, high = np.maximum(below(value - error), 0.0), np.minimum(above(value + error), 1.0)
    far = np.abs(x) > _FARTHEST
    return Interval(
        np.where(far, np.where(x < 0, 0.0, 1 - EXP_ERROR), low),
        np.where(far & (x < 0), _NOTHING, high),
    )


def _gelu_at(x: FloatArray) -> Interval:
    """``x Phi(x)`` of doubles; of very small ones little more than its sign is asked for."""
    far, high = x < -_FARTHEST, np.isposinf(x)
    cut = np.where(far, -1.0, np.where(high, 1.0, x))
    value = distribution(cut) * cut
    low = np.where(far, -_NOTHING, np.where(high, np.finfo(np.float64).max, value.lo))
    return Interval(low, np.where(far, 0.0, np.where(high, np.inf, value.hi)))


def _slope_at(x: FloatArray) -> Interval:
    """``Phi(x) + x phi(x)`` of doubles; beyond 26 the second part is less than ``_NOTHING``."""
    cut = np.clip(x, -_FARTHEST, _FARTHEST)
    part = cut * density(cut)
    reach = np.abs(part) * EXP_ERROR + _NOTHING
    return distribution(x) + Interval(below(part - reach), above(part + reach))


def gelu(x: Interval) -> tuple[Interval, Interval]:
    """``x Phi(x)``, which falls and then rises, and its derivative."""
    low, high = _gelu_at(x.lo), _gelu_at(x.hi)
    bottom = np.where((x.lo <= VALLEY[1]) & (x.hi >= VALLEY[0]), LEAST, np.minimum(low.lo, high.lo))
    value = Interval(np.maximum(bottom, LEAST), np.maximum(low.hi, high.hi))
    left, right = _slope_at(x.lo), _slope_at(x.hi)
    down = (x.lo <= -TURN[0]) & (x.hi >= -TURN[1])
    up = (x.lo <= TURN[1]) & (x.hi >= TURN[0])
    slope = Interval(
        np.maximum(np.where(down, STEEPEST_DOWN, np.minimum(left.lo, right.lo)), STEEPEST_DOWN),
        np.minimum(np.where(up, STEEPEST_UP, np.maximum(left.hi, right.hi)), STEEPEST_UP),
    )
    return value, slope
