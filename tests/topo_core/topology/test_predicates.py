"""Exact signs against rational arithmetic, on points where rounding gets them wrong."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.topology.distance import segment_parameters
from topo_core.topology.predicates import orientation_2d, orientation_3d, segments_meet

FloatArray = NDArray[np.float64]

#: Coordinates that cancel, vanish, underflow and overflow.
values = st.sampled_from([0.0, 1.0, 0.1, 0.3, -0.7, 1 + 2.0**-52, 1e-200, 3e-200, -1e300, 2.0**-1074, 12.0])
near = st.tuples(values, st.integers(-2, 2)).map(lambda pair: float(np.nextafter(pair[0], pair[1] * 1e9)))
coordinates = st.one_of(values, near, st.floats(-1e300, 1e300))


def exact_sign(matrix: list[list[float]], origin: list[float]) -> int:
    rows = [[Fraction(x) - Fraction(o) for x, o in zip(row, origin, strict=True)] for row in matrix]
    if len(rows) == 2:
        value = rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
    else:
        (a, b, c), (d, e, f), (g, h, i) = rows
        value = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (value > 0) - (value < 0)


@given(st.lists(st.lists(coordinates, min_size=6, max_size=6), min_size=1, max_size=6))
def test_orientation_in_the_plane(rows: list[list[float]]) -> None:
    points = np.array(rows).reshape(-1, 3, 2)
    signs = orientation_2d(points[:, 0], points[:, 1], points[:, 2])
    assert signs.tolist() == [exact_sign([p, q], o) for p, q, o in points.tolist()]


@given(st.lists(st.lists(coordinates, min_size=12, max_size=12), min_size=1, max_size=6))
def test_orientation_in_space(rows: list[list[float]]) -> None:
    points = np.array(rows).reshape(-1, 4, 3)
    signs = orientation_3d(*(points[:, k] for k in range(4)))
    assert signs.tolist() == [exact_sign([p, q, r], o) for p, q, r, o in points.tolist()]


def test_points_that_rounding_gets_wrong() -> None:
    """Points next to a line through the origin; the plain determinant has the wrong sign for some."""
    steps = np.arange(64) * 2.0**-53
    x, y = (grid.ravel() for grid in np.meshgrid(0.5 + steps, 0.5 + steps))
    c = np.stack([x, y], axis=1)
    a, b = (np.broadcast_to(np.array([k, k]), c.shape) for k in (12.0, 24.0))
    plain = np.sign((a[:, 0] - x) * (b[:, 1] - y) - (a[:, 1] - y) * (b[:, 0] - x))
    exact = np.sign(y - x)
    assert (plain != exact).any()
    assert (orientation_2d(a, b, c) == exact).all()


grid = st.tuples(*[st.integers(-1, 2).map(float)] * 3).map(np.array)


@given(grid, grid, grid, grid)
def test_segments_that_meet(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> None:
    """On a small grid, segments that do not meet are far from meeting."""
    apart = segment_parameters(*(v[None] for v in (a, b - a, c, d - c)))[2][0] > 1e-6
    assert segments_meet(a, b, c, d) is not bool(apart)
    assert segments_meet(d, c, b, a) is not bool(apart)


@pytest.mark.parametrize("height", [2.0**-1074, 1e-30])
def test_segments_that_only_just_do_not_meet(height: float) -> None:
    a, b, c, d = np.array([[0, 0, 0], [1, 1, 0], [0, 1, height], [1, 0, height]])
    assert not segments_meet(a, b, c, d)
    assert segments_meet(a, b, c - [0, 0, height], d - [0, 0, height])
