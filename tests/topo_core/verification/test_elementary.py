"""Elementary functions against mpmath with many digits (it comes with PyTorch)."""

from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topo_core.verification import elementary, gaussian
from topo_core.verification.intervals import Interval

SIZES = (1e-310, 1e-160, 1e-20, 1e-8, 1e-3, 0.1, 0.35, 1, 4, 40, 300)
#: Where arguments are reduced to, and next to it.
CORNERS = [k * 0.34657359027997264 for k in range(-6, 7)] + [k / 8 for k in range(-9, 10)]


@pytest.fixture(autouse=True)
def _many_digits() -> Iterator[None]:
    with mpmath.workdps(340):
        yield


def arguments() -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(0)
    near = [np.nextafter(x, side) for x in CORNERS for side in (-9.0, x, 9.0)]
    return np.concatenate([rng.standard_normal(5) * size for size in SIZES] + [near])


def sigmoid(x: Any) -> Any:
    return 1 / (1 + mpmath.exp(-x))


FUNCTIONS: dict[str, tuple[Callable[[Interval], Interval], Callable[[Any], Any]]] = {
    "exp": (elementary.exp, mpmath.exp),
    "tanh": (lambda x: elementary.tanh(x)[0], mpmath.tanh),
    "tanh'": (lambda x: elementary.tanh(x)[1], lambda x: mpmath.sech(x) ** 2),
    "sigmoid": (lambda x: elementary.sigmoid(x)[0], sigmoid),
    "sigmoid'": (lambda x: elementary.sigmoid(x)[1], lambda x: sigmoid(x) * sigmoid(-x)),
    "softplus": (lambda x: elementary.softplus(x)[0], lambda x: mpmath.log1p(mpmath.exp(x))),
    "softplus'": (lambda x: elementary.softplus(x)[1], sigmoid),
    "leaky": (lambda x: elementary.leaky_relu(x)[0], lambda x: max(x, x * mpmath.mpf(0.01))),
    "elu": (lambda x: elementary.elu(x)[0], lambda x: x if x > 0 else mpmath.expm1(x)),
    "elu'": (lambda x: elementary.elu(x)[1], lambda x: mpmath.exp(min(x, 0))),
    "gelu": (lambda x: gaussian.gelu(x)[0], lambda x: x * mpmath.ncdf(x)),
    "gelu'": (lambda x: gaussian.gelu(x)[1], lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x)),
    "sine of turns": (elementary.sin_turns, lambda x: mpmath.sinpi(2 * x)),
    "cosine of turns": (elementary.cos_turns, lambda x: mpmath.cospi(2 * x)),
    "sine": (elementary.sin, mpmath.sin),
    "cosine": (elementary.cos, mpmath.cos),
}
each = pytest.mark.parametrize("name", list(FUNCTIONS))


def holds(result: Interval, values: list[Any]) -> bool:
    rows = zip(result.lo.tolist(), values, result.hi.tolist(), strict=True)
    return all(mpmath.mpf(low) <= value <= mpmath.mpf(high) for low, value, high in rows)


@each
def test_values_are_enclosed(name: str) -> None:
    enclose, exact = FUNCTIONS[name]
    x = arguments()
    assert holds(enclose(Interval.of(x)), [exact(mpmath.mpf(t)) for t in x.tolist()])


@each
def test_and_closely(name: str) -> None:
    enclose, exact = FUNCTIONS[name]
    x = arguments()
    result = enclose(Interval.of(x))
    width, size = result.hi - result.lo, np.array([float(abs(exact(mpmath.mpf(t)))) for t in x.tolist()])
    relative = (
        0.0 if name in ("sine", "cosine", "cosine of turns", "gelu", "gelu'") else 1.0
    )  # those lose digits at their zeros
    usual = (size > 1e-140) & (np.abs(x) < 100)
    assert (
        width[usual] <= 1e-13 * (relative * size + (1 - relative) * np.maximum(1, np.abs(x)))[usual]
    ).all()


@each
@settings(max_examples=25, deadline=None)
@given(x=st.floats(-30, 30), width=st.floats(1e-9, 3), share=st.floats(0, 1))
def test_so_is_every_value_of_a_wide_argument(name: str, x: float, width: float, share: float) -> None:
    enclose, exact = FUNCTIONS[name]
    with mpmath.workdps(40):
        box = Interval(np.array([x]), np.array([x + width]))
        at = min(x + share * width, box.hi.item())
        assert holds(enclose(box), [exact(mpmath.mpf(at))])


def test_far_out_bounds_are_still_bounds() -> None:
    far = Interval.of([-1e300, -800.0, 800.0, 1e300])
    exp = elementary.exp(far)
    assert (exp.lo[:2] == 0).all()
    assert (exp.hi[2:] == np.inf).all()
    assert (exp.hi[:2] > 0).all()
    value, slope = elementary.tanh(far)
    assert (value.lo[:2] == -1).all()
    assert (value.hi[2:] == 1).all()
    assert (slope.lo >= 0).all()
    assert (slope.hi > 0).all()
    assert elementary.sigmoid(far)[0].lo[0] == 0
    assert (elementary.softplus(far)[0].lo[2:] <= far.lo[2:]).all()


def test_a_maximum_inside_is_found() -> None:
    box = Interval(np.array([0.1, 0.6, -1.0, 0.26]), np.array([0.3, 0.9, 1.0, 0.3]))
    result = elementary.sin_turns(box)
    assert result.hi[0] == 1
    assert result.lo[1] == -1
    assert (result.lo[2], result.hi[2]) == (-1, 1)
    assert result.hi[3] < 0.999
    slope = elementary.tanh(Interval(np.array([-1.0]), np.array([2.0])))[1]
    assert slope.hi == 1


def test_relu_has_all_slopes_at_0() -> None:
    box = Interval(np.array([-1.0, 0.0, 1e-300, -2.0]), np.array([1.0, 0.0, 1.0, -1.0]))
    value, slope = elementary.relu(box)
    assert slope.lo.tolist() == [0, 0, 1, 0]
    assert slope.hi.tolist() == [1, 1, 1, 0]
    assert (value.lo[0] <= 0 <= value.hi[0]) & (value.hi[0] >= 1)


@settings(max_examples=30, deadline=None)
@given(st.floats(-1, 2), st.floats(0, 1))
def test_smoothstep(x: float, width: float) -> None:
    value, slope = elementary.smoothstep(Interval(np.array([x]), np.array([x + width])))
    for t in (x, x + width / 2, x + width):
        c = mpmath.mpf(min(max(t, 0), 1))
        assert holds(value, [3 * c**2 - 2 * c**3])
        assert holds(slope, [6 * c * (1 - c)])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@each
def test_nothing_is_said_of_what_is_not_known(name: str) -> None:
    result = FUNCTIONS[name][0](Interval(np.array([np.nan]), np.array([np.nan])))
    assert not ((result.lo > -1) | (result.hi < 1)).any()
