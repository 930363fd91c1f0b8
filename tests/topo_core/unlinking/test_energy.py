"""The tangent-point energy: its values, its gradient, its barrier."""

import itertools

import numpy as np
import pytest

from tests.topo_core.unlinking.example_links import FloatArray, hopf, unlink, whitehead
from topo_core.unlinking.energy import Energy
from topo_core.unlinking.polygons import Polygons


def by_hand(polygons: Polygons, x: FloatArray) -> float:
    following = polygons.following
    total = 0.0
    for i in range(len(x)):
        edge = x[following[i]] - x[i]
        tangent = edge / np.linalg.norm(edge)
        for j in np.flatnonzero(polygons.apart[i]):
            weight = np.linalg.norm(edge) * np.linalg.norm(x[following[j]] - x[j]) / 4
            for a in (i, following[i]):
                for b in (j, following[j]):
                    d = x[b] - x[a]
                    total += weight * np.linalg.norm(d - d @ tangent * tangent) ** 3 / np.linalg.norm(d) ** 6
    return total


def test_the_formula() -> None:
    polygons, x = hopf(8)
    assert Energy(polygons)(x) == pytest.approx(by_hand(polygons, x), rel=1e-12)


@pytest.mark.parametrize("reach", [0.0, 0.5])
@pytest.mark.parametrize("make", [hopf, unlink, whitehead])
def test_the_gradient(make: object, reach: float) -> None:
    polygons, x = make(20)  # type: ignore[operator]
    rng = np.random.default_rng(1)
    x = x + 0.02 * rng.standard_normal(x.shape)
    energy = Energy(polygons, reach)
    value, gradient = energy.with_gradient(x)
    assert value == energy(x)
    h = 1e-6
    for _ in range(3):
        way = rng.standard_normal(x.shape)
        slope = (energy(x + h * way) - energy(x - h * way)) / (2 * h)
        assert (gradient * way).sum() == pytest.approx(slope, rel=1e-6, abs=1e-5)


def test_it_moves_and_turns_with_the_polygons() -> None:
    polygons, x = unlink(20)
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    energy = Energy(polygons, 0.6)
    value, gradient = energy.with_gradient(x)
    turned, turned_gradient = energy.with_gradient(x @ turn.T + np.array([5, 6, 7]))
    assert turned == pytest.approx(value, rel=1e-9)
    np.testing.assert_allclose(turned_gradient, gradient @ turn.T, atol=1e-8 * np.abs(gradient).max())


def test_it_grows_beyond_bounds_where_curves_meet() -> None:
    polygons, x = hopf(40)
    values = []
    for gap in (0.3, 0.1, 0.03, 0.01):
        near = x.copy()
        near[40:] += [1 - gap, 0, 0]
        values.append(Energy(polygons)(near))
    assert all(b > 1.5 * a for a, b in itertools.pairwise(values))


def test_the_barrier_acts_only_within_reach() -> None:
    polygons, x = hopf(30)
    assert Energy(polygons, 0.1)(x) == Energy(polygons)(x)
    near = x.copy()
    near[30:] += [0.95, 0, 0]
    assert Energy(polygons, 0.1)(near) > Energy(polygons)(near)
