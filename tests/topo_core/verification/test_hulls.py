"""Hulls that meet, and that do not, of points and of boxes."""

import numpy as np
import pytest

from topo_core.topology.separability import Witness, separability
from topo_core.verification.hulls import hulls_meet

TRIANGLE = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0]])


def about(points: np.ndarray, first: list[bool], reach: float = 0.0) -> bool:
    return hulls_meet(points - reach, points + reach, np.array(first))


@pytest.mark.parametrize(
    ("inside", "meets"), [([1.0, 1.0], True), ([2.0, 2.0], False), ([-1e-6, 1.0], False)]
)
def test_a_point_and_a_triangle(inside: list[float], meets: bool) -> None:
    points = np.array([*TRIANGLE, inside])
    for reach in (0.0, 1e-9):
        assert about(points, [True, True, True, False], reach) == meets
    assert not about(points, [True, True, True, False], 1.0)


def test_a_point_on_the_edge_is_proven_where_it_is_exact() -> None:
    points = np.array([*TRIANGLE, [1.5, 1.5]])
    assert not about(points, [True, True, True, False], 1e-12)
    assert about(points[1:], [True, True, False])


def test_crossing_segments_and_points_that_are_one() -> None:
    cross = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.1]])
    assert about(cross, [True, True, False, False], 1e-9)
    assert not about(cross, [True, False, True, False], 1e-9)
    assert about(np.array([[1.0, 2.0], [1.0, 2.0]]), [True, False])
    assert not about(np.array([[1.0, 2.0], [1.0, 2.0 + 2**-51]]), [True, False])


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_random_points_against_linear_programming(d: int) -> None:
    rng = np.random.default_rng(d)
    met = 0
    for _ in range(60):
        points, first = rng.standard_normal((d + 2, d)), rng.random(d + 2) < 0.5
        if first.all() or not first.any():
            continue
        meets = isinstance(separability(points[first], points[~first]), Witness)
        assert hulls_meet(points, points, first) == hulls_meet(points - 1e-13, points + 1e-13, first) == meets
        met += meets
    assert met > 0


def test_what_it_refuses() -> None:
    four = np.array([*TRIANGLE, [1.0, 1.0]])
    assert not about(four, [True] * 4)
    assert not about(np.array([*four, [0.5, 0.5]]), [True, True, True, False, False])
    assert not about(four[:3], [True, True, False], 1e-9)
    huge = np.full((4, 2), 1e308)
    for wild in (np.nan, np.inf):
        assert not hulls_meet(np.where(four == 1, wild, four), four, np.array([True, True, True, False]))
    assert not hulls_meet(four, huge, np.array([True, True, True, False]))
