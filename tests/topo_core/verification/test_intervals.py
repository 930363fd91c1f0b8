"""Interval arithmetic against exact rational arithmetic."""

import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topo_core.verification.intervals import EPS, PI, Interval, above, affine, below, product, spread

numbers = (
    st.floats(-1e100, 1e100) | st.floats(-2, 2) | st.sampled_from([0.0, 1.0, 5e-324, 1e-300, 1e308, 0.1])
)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(numbers), draw(numbers)))
    return Interval(np.array([low]), np.array([high]))


def inside(result: Interval, value: Fraction) -> bool:
    """Whether the only row holds a number, where infinite and unknown bounds hold all."""
    low, high = result.lo.item(), result.hi.item()
    return not (np.isfinite(low) and Fraction(low) > value) and not (
        np.isfinite(high) and Fraction(high) < value
    )


def members(x: Interval, share: float) -> Fraction:
    low, high = Fraction(x.lo.item()), Fraction(x.hi.item())
    return low + (high - low) * Fraction(share)


def test_doubles_round_as_they_should() -> None:
    """All proofs rest on this: IEEE 754 doubles, to nearest, ties to even."""
    one, u = np.float64(1), np.float64(2.0**-53)
    assert one + u == 1
    assert one + u * (1 + 2 * u) == 1 + 2 * u
    assert np.float64(1) / 3 == float(Fraction(1, 3))
    assert np.sqrt(np.float64(2)).item() ** 2 == pytest.approx(2, abs=5e-16)


@settings(max_examples=50, deadline=None)
@given(numbers)
def test_below_and_above_are_beyond_the_neighbours(x: float) -> None:
    low, high = below(np.float64(x)), above(np.float64(x))
    assert not low > np.nextafter(x, -np.inf)
    assert not high < np.nextafter(x, np.inf)
    if 1e-200 < abs(x) < 1e300:
        assert high - low <= 5 * EPS * abs(x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv"])
@settings(max_examples=50, deadline=None)
@given(x=intervals(), y=intervals(), s=st.floats(0, 1), t=st.floats(0, 1))
def test_operations_hold_the_results_of_all_members(
    name: str, x: Interval, y: Interval, s: float, t: float
) -> None:
    do = getattr(operator, name)
    a, b = members(x, s), members(y, t)
    if name == "truediv" and b == 0:
        return
    assert inside(do(x, y), do(a, b))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(max_examples=50, deadline=None)
@given(x=intervals(), s=st.floats(0, 1), k=st.floats(-1e5, 1e5))
def test_so_do_squares_and_operations_with_numbers(x: Interval, s: float, k: float) -> None:
    a = members(x, s)
    assert inside(x.square(), a * a)
    assert inside(-x, -a)
    assert inside(x * k, a * Fraction(k))
    assert inside(k - x, Fraction(k) - a)
    assert inside(np.array([k]) * x, a * Fraction(k))
    assert (x.square().lo >= 0) | np.isnan(x.square().lo)


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1e200))
def test_square_roots(x: float) -> None:
    root = Interval.of([x]).sqrt()
    assert Fraction(root.lo.item()) ** 2 <= Fraction(x) <= Fraction(root.hi.item()) ** 2


def test_what_is_divided_by_0_may_be_anything() -> None:
    result = Interval.of([1.0, 1.0]) / Interval(np.array([-1.0, 0.0]), np.array([1.0, 1.0]))
    assert (result.lo == -np.inf).all()
    assert (result.hi == np.inf).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_unknown_stays_unknown() -> None:
    nothing = Interval(np.array([np.nan]), np.array([np.nan]))
    for result in (nothing + 1, nothing * 0, nothing.square(), 1 / nothing, nothing.sqrt(), nothing.sum()):
        assert not (result.lo > -np.inf).any()
        assert not (result.hi < np.inf).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_matrices_and_sums(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k, n, m = rng.integers(1, 6, size=3)
    size = 10.0 ** rng.integers(-20, 20)
    middle = rng.standard_normal((k, n)) * size
    radius = rng.random((k, n)) * 10.0 ** rng.integers(-20, 2) * size
    x = Interval.around(middle, radius)
    weight, bias = rng.standard_normal((m, n)) * 10.0 ** rng.integers(-9, 9), rng.standard_normal(m)
    at = [[Fraction(v) for v in row] for row in (middle + radius * rng.uniform(-1, 1, (k, n))).tolist()]
    result = affine(weight, x, bias)
    for i in range(k):
        assert inside(x.sum()[i], sum(at[i]))
        for j in range(m):
            exact = sum(
                (Fraction(w) * v for w, v in zip(weight[j].tolist(), at[i], strict=True)), Fraction(bias[j])
            )
            assert inside(result[i, j], exact)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_products_of_interval_matrices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = (2, 3, 2), (2, 2, 4)
    middles = [rng.standard_normal(shape) for shape in shapes]
    radii = [rng.random(shape) * 10.0 ** rng.integers(-17, 1) for shape in shapes]
    a, b = (Interval.around(m, r) for m, r in zip(middles, radii, strict=True))
    at = [m + r * rng.uniform(-1, 1, m.shape) for m, r in zip(middles, radii, strict=True)]
    result = product(a, b)
    for k in range(2):
        for i in range(3):
            for j in range(4):
                exact = sum(Fraction(at[0][k, i, n]) * Fraction(at[1][k, n, j]) for n in range(2))
                assert inside(result[k, i, j], exact)
    reach = spread(a, np.full((2, 2), 0.5))
    assert (reach >= np.abs(at[0]).sum(axis=-1) * 0.5 * (1 - 1e-15)).all()


def test_middles_and_radii_reach_both_ends() -> None:
    rng = np.random.default_rng(0)
    low = rng.standard_normal(1000)
    x = Interval(low, low + 10.0 ** rng.integers(-17, 3, size=1000))
    middle, radius = x.split()
    assert x.contains(middle).all()
    for m, r, a, b in zip(middle.tolist(), radius.tolist(), x.lo.tolist(), x.hi.tolist(), strict=True):
        assert Fraction(m) - Fraction(r) <= Fraction(a)
        assert Fraction(b) <= Fraction(m) + Fraction(r)


def test_pi() -> None:
    # Archimedes' bounds are far too wide; Machin's formula in rationals is not.
    def inverse_tangent(n: int) -> Fraction:
        return sum((Fraction((-1) ** k, (2 * k + 1) * n ** (2 * k + 1)) for k in range(30)), Fraction(0))

    pi = 4 * (4 * inverse_tangent(5) - inverse_tangent(239))
    assert Fraction(PI.lo.item()) < pi - Fraction(1, 10**30)
    assert pi + Fraction(1, 10**30) < Fraction(PI.hi.item())
    assert PI.hi == np.nextafter(PI.lo, 4)
