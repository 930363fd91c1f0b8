"""The constants of GELU against mpmath; that its bounds hold is tested with the other functions'."""

import mpmath
import numpy as np

from topo_core.verification import gaussian
from topo_core.verification.intervals import Interval


def derivative(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.ncdf(x) + x * mpmath.npdf(x)


def test_the_valley_and_the_steepest_places_are_where_they_are_said_to_be() -> None:
    with mpmath.workdps(40):
        low, high = map(mpmath.mpf, gaussian.VALLEY)
        assert derivative(low) < 0 < derivative(high)
        bottom = mpmath.findroot(derivative, low)
        assert mpmath.mpf(gaussian.LEAST) <= bottom * mpmath.ncdf(bottom) < gaussian.LEAST + 1e-15
        low, high = map(mpmath.mpf, gaussian.TURN)
        assert low < mpmath.sqrt(2) < high
        steepest = derivative(mpmath.sqrt(2))
        assert steepest <= gaussian.STEEPEST_UP < steepest + 1e-15
        assert 1 - steepest - 1e-15 < gaussian.STEEPEST_DOWN <= 1 - steepest


def test_what_is_left_out_is_less_than_rounding() -> None:
    x = mpmath.mpf(gaussian._SWITCH)
    with mpmath.workdps(40):
        first, second = (_continued(x, levels) for levels in (gaussian._LEVELS, gaussian._LEVELS + 1))
        assert abs(first - second) / first < 2.0**-53
        exact = (mpmath.ncdf(x) - 0.5) / mpmath.npdf(x)
        assert abs(float(gaussian._series(np.array([2.5]))[0]) / exact - 1) < 2.0**-48


def _continued(x: mpmath.mpf, levels: int) -> mpmath.mpf:
    total = x
    for k in range(levels, 0, -1):
        total = x + k / total
    return 1 / total


def test_boxes_around_the_valley_know_its_bottom_and_the_steepest_slope() -> None:
    value, slope = gaussian.gelu(Interval(np.array([-2.0, -1.0, 0.5]), np.array([2.0, -0.5, 1.0])))
    assert value.lo[0] == value.lo[1] == gaussian.LEAST
    assert value.lo[2] > 0.34
    assert (slope.lo[0], slope.hi[0]) == (gaussian.STEEPEST_DOWN, gaussian.STEEPEST_UP)


def test_far_out_and_where_nothing_is_known() -> None:
    ends = np.array([-np.inf, -1e300, np.nan]), np.array([np.inf, -100.0, np.nan])
    with np.errstate(all="ignore"):
        value, slope = gaussian.gelu(Interval(*ends))
    assert value.lo[0] == gaussian.LEAST
    assert value.hi[0] == np.inf
    assert -1e-100 < value.lo[1] < 0 <= value.hi[1] < 1e-100
    assert -1e-100 < slope.lo[1] <= 0 <= slope.hi[1] < 1e-100
    assert np.isnan([value.lo[2], value.hi[2], slope.lo[2], slope.hi[2]]).all()
