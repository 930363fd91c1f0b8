"""Distances between polygons against brute force and closed forms, in several dimensions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.datasets import LinkedTori, Unlink
from topo_core.errors import TopoError
from topo_core.topology.distance import nearest_points, polygon_distance, segment_parameters

FloatArray = NDArray[np.float64]


@st.composite
def polygons(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    """Two polygons in 1 to 5 dimensions; on a grid they touch, degenerate and run parallel."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    d = draw(st.integers(1, 5))
    shapes = [(draw(st.integers(1, 9)), d) for _ in range(2)]
    if draw(st.booleans()):
        a, b = (rng.integers(-2, 3, shape).astype(np.float64) for shape in shapes)
    else:
        a, b = (rng.standard_normal(shape) for shape in shapes)
    return a, b


def sampled(polygon: FloatArray, n: int) -> FloatArray:
    t = np.arange(n)[:, None, None] / n
    points: FloatArray = (polygon + t * (np.roll(polygon, -1, axis=0) - polygon)).reshape(
        -1, polygon.shape[1]
    )
    return points


@given(polygons())
def test_against_brute_force(pair: tuple[FloatArray, FloatArray]) -> None:
    a, b = pair
    n = 60
    dense = np.linalg.norm(sampled(a, n)[:, None] - sampled(b, n), axis=-1).min()
    longest = sum(np.linalg.norm(np.roll(p, -1, axis=0) - p, axis=1).max() for p in pair)
    found = nearest_points(a, b)
    assert found.distance <= dense + 1e-9
    assert found.distance >= dense - longest / n
    assert found.distance == pytest.approx(np.linalg.norm(found.first - found.second), abs=1e-12)
    assert polygon_distance(b, a) == pytest.approx(found.distance, abs=1e-9)


@given(polygons(), st.integers(0, 2**32))
def test_it_moves_and_scales_with_the_polygons(pair: tuple[FloatArray, FloatArray], seed: int) -> None:
    a, b = pair
    move = np.random.default_rng(seed).standard_normal(a.shape[1])
    assert polygon_distance(7 * a + move, 7 * b + move) == pytest.approx(7 * polygon_distance(a, b), abs=1e-7)


def test_lines_that_pass() -> None:
    s, t, distance = segment_parameters(
        *(np.array([v], dtype=np.float64) for v in ([-1, 0, 0], [4, 0, 0], [0, -1, 2], [0, 2, 0]))
    )
    assert (s[0], t[0], distance[0]) == (0.25, 0.5, 2.0)


def test_the_datasets() -> None:
    s = np.arange(2000) / 2000
    for link, distance in ((LinkedTori(core_radius=3.0), 3.0), (Unlink(), 1.0)):
        assert polygon_distance(*(core(s) for core in link.cores)) == pytest.approx(distance, rel=1e-4)


def test_many_edges_take_several_chunks() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 900, 3)).cumsum(axis=1)
    parts = [polygon_distance(a, b[k : k + 2]) for k in range(len(b) - 1)]
    assert polygon_distance(a, b) == pytest.approx(min(parts), abs=1e-12)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (3,), (2, 2, 3)])
def test_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(TopoError, match=r"give \(n, d\), finite"):
        polygon_distance(np.zeros(shape), np.zeros((2, 3)))


def test_what_cannot_be_compared() -> None:
    with pytest.raises(TopoError, match="in 2 and in 3 dimensions"):
        polygon_distance(np.zeros((2, 2)), np.zeros((2, 3)))
    with pytest.raises(TopoError, match="finite"):
        polygon_distance(np.zeros((2, 3)), np.full((2, 3), np.nan))
