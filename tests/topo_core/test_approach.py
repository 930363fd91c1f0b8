"""Distances between curves agree with those of circles, which are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.approach import Loop, diameter, distances_to, nearest_approach
from topo_core.errors import DataError

FloatArray = NDArray[np.float64]


def circle(radius: float, *, shift: tuple[float, float] = (0, 0), dimensions: int = 5) -> Loop:
    def loop(s: FloatArray) -> FloatArray:
        points = np.zeros((len(s), dimensions))
        points[:, 0] = shift[0] + radius * np.cos(2 * np.pi * s)
        points[:, 1] = shift[1] + radius * np.sin(2 * np.pi * s)
        return points

    return loop


@given(angle=st.floats(0, 2 * np.pi), gap=st.floats(0.1, 5), radius=st.floats(0.2, 3))
def test_circles_side_by_side(angle: float, gap: float, radius: float) -> None:
    away = 1 + radius + gap
    shift = (away * np.cos(angle), away * np.sin(angle))
    found = nearest_approach(circle(1), circle(radius, shift=shift), samples=40)
    assert found.distance == pytest.approx(gap, abs=1e-6)
    turn = angle / (2 * np.pi)
    assert np.cos(2 * np.pi * (found.first - turn)) == pytest.approx(1, abs=1e-4)
    assert np.cos(2 * np.pi * (found.second - turn - 0.5)) == pytest.approx(1, abs=1e-4)
    assert 0 <= found.first < 1
    assert 0 <= found.second < 1


def figure_eight(s: FloatArray) -> FloatArray:
    """Crosses itself in the plane at s = 0.25 and 0.75, where its height differs by 2 lift."""
    a = 2 * np.pi * s
    return np.stack([np.cos(a), np.sin(2 * a), 0.3 * np.sin(a)], axis=-1)


def test_a_curve_and_itself() -> None:
    found = nearest_approach(figure_eight, figure_eight, apart=0.2)
    assert found.distance == pytest.approx(0.6, abs=1e-6)
    assert sorted([found.first, found.second]) == pytest.approx([0.25, 0.75], abs=1e-3)
    assert nearest_approach(figure_eight, figure_eight).distance == 0


def test_parameters_are_kept_apart_around_the_period() -> None:
    found = nearest_approach(circle(1), circle(1), apart=0.5, samples=10)
    assert found.distance == pytest.approx(2)
    with pytest.raises(DataError, match=r"from 0 to 0\.5"):
        nearest_approach(circle(1), circle(1), apart=0.6)


def test_diameter() -> None:
    assert diameter(circle(3)(np.arange(50) / 50)) == pytest.approx(6)
    assert diameter(np.zeros((1, 4))) == 0


def test_distances_to_the_nearest_of_many() -> None:
    points = np.array([[0.0, 0.0], [3.0, 0.0]])
    assert distances_to(points, np.array([[0.0, 1.0], [3.0, 4.0]])) == pytest.approx([1, np.sqrt(10)])
