"""Areas of polygons against closed forms, and under maps that are known to scale them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from topo_core.topology.area import signed_area

numbers = st.floats(-10, 10)
polygons = st.integers(3, 12).flatmap(lambda n: arrays(float, (n, 2), elements=numbers))

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


def test_a_square_counterclockwise_and_clockwise() -> None:
    assert signed_area(SQUARE) == 4.0
    assert signed_area(SQUARE[::-1]) == -4.0


def test_an_ellipse() -> None:
    s = 2 * np.pi * np.arange(2000) / 2000
    ellipse = np.stack([3 * np.cos(s), 0.5 * np.sin(s)], axis=1)
    assert signed_area(ellipse) == pytest.approx(1.5 * np.pi, rel=1e-5)


def test_a_figure_of_eight_encloses_nothing_in_the_end() -> None:
    eight = np.array([[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]])
    assert signed_area(eight) == 0.0


def test_many_at_once() -> None:
    rings = np.stack([SQUARE, 3 * SQUARE, SQUARE[::-1]]).reshape(3, 1, 4, 2)
    assert np.array_equal(signed_area(rings), [[4.0], [36.0], [-4.0]])


def test_small_areas_far_away_keep_their_digits() -> None:
    assert signed_area(2.0**-20 * SQUARE + 2.0**20) == 4 * 2.0**-40


@given(polygons, arrays(float, (2, 2), elements=numbers), arrays(float, 2, elements=numbers))
def test_an_affine_map_multiplies_by_its_determinant(
    ring: np.ndarray, matrix: np.ndarray, shift: np.ndarray
) -> None:
    determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    expected = determinant * signed_area(ring)
    assert signed_area(ring @ matrix.T + shift) == pytest.approx(expected, rel=1e-9, abs=1e-8)


@given(polygons, st.integers(0, 11))
def test_it_does_not_matter_where_a_polygon_begins(ring: np.ndarray, first: int) -> None:
    assert signed_area(np.roll(ring, first, axis=0)) == pytest.approx(float(signed_area(ring)), abs=1e-10)
