"""Winding numbers against closed forms, rational arithmetic, and where they are not defined."""

import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.topology.winding import orientation, winding_number, winding_numbers

FloatArray = NDArray[np.float64]

SQUARE = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


def turns(k: int, n: int, radius: float = 1.0) -> FloatArray:
    """``n`` points along a circle walked ``k`` times."""
    angle = 2 * np.pi * k * np.arange(n) / n
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def exactly(polygon: list[tuple[int, int]], point: tuple[int, int]) -> int | None:
    """The definition, in rational numbers: signed crossings of the ray upwards; None on the polygon."""
    total = 0
    px, py = point
    for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        beside = min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by)
        if beside and (ax - px) * (by - py) == (ay - py) * (bx - px):
            return None
        if (ax <= px) != (bx <= px):
            y = Fraction(ay) + Fraction(by - ay) * Fraction(px - ax) / Fraction(bx - ax)
            if y > py:
                total += 1 if bx <= px else -1
    return total


class TestOrientation:
    def test_where_rounding_decides_wrongly(self) -> None:
        """The example of Kettner et al., "Classroom examples of robustness problems", 2008."""
        q, r = np.array([[12.0, 12.0]]), np.array([[24.0, 24.0]])
        wrong = 0
        for i, j in np.ndindex(16, 16):
            p = 0.5 + 2.0**-53 * np.array([i, j])
            above = int(np.sign(Fraction(p[1]) - Fraction(p[0])))
            assert orientation(q, r, p).tolist() == [above]
            assert orientation(r, q, p).tolist() == [-above]
            rounded = (q[0, 0] - p[0]) * (r[0, 1] - p[1]) - (q[0, 1] - p[1]) * (r[0, 0] - p[0])
            wrong += np.sign(rounded) != above
        assert wrong > 50  # or this test would test nothing

    @given(*[st.floats(-1e3, 1e3)] * 4, st.floats(-2, 2), st.integers(-2, 2))
    def test_points_close_to_the_line(
        self, ax: float, ay: float, bx: float, by: float, t: float, ulps: int
    ) -> None:
        x, y = ax + t * (bx - ax), ay + t * (by - ay)
        y += ulps * np.spacing(y)
        (a, b, c, d, e, f) = map(Fraction, (ax, ay, bx, by, x, y))
        exact = (a - e) * (d - f) - (b - f) * (c - e)
        side = orientation(np.array([[ax, ay]]), np.array([[bx, by]]), np.array([x, y]))
        assert side.tolist() == [(exact > 0) - (exact < 0)]


class TestWindingNumber:
    @pytest.mark.parametrize("k", [-3, -1, 1, 2, 5])
    @pytest.mark.parametrize("n", [17, 20_001])
    def test_a_circle_walked_several_times(self, k: int, n: int) -> None:
        assert winding_number(turns(k, n), [0.1, -0.2]) == k
        assert winding_number(turns(k, n), [0.0, 0.0]) == k
        assert winding_number(turns(k, n), [1.1, 0.0]) == 0

    def test_a_figure_of_eight(self) -> None:
        s = 2 * np.pi * (np.arange(400) + 0.25) / 400
        eight = np.stack([np.sin(s), np.sin(2 * s)], axis=1)
        assert winding_numbers([eight, eight], [[0.5, 0.0], [-0.5, 0.0]]) == [-1, 1]

    @pytest.mark.parametrize("point", [(1, 1), (1, 1e-300), (1, 2 - 2**-52), (2 - 2**-52, 2 - 2**-52)])
    def test_just_inside(self, point: tuple[float, float]) -> None:
        assert winding_number(SQUARE, point) == 1
        assert winding_number(SQUARE[::-1], point) == -1

    @pytest.mark.parametrize(
        "point", [(3, 1), (1, -1e-300), (2 + 2**-51, 2), (0, -1), (2, 3), (-1, 0), (-1, 2)]
    )
    def test_just_outside(self, point: tuple[float, float]) -> None:
        assert winding_number(SQUARE, point) == 0

    @pytest.mark.parametrize("point", [(0, 0), (2, 2), (1, 0), (2, 1), (0, 1), (1, 2), (0, 2)])
    def test_on_the_polygon_it_is_an_error(self, point: tuple[float, float]) -> None:
        with pytest.raises(TopoError, match=r"lies on the polygon.*choose another point"):
            winding_number(SQUARE, point)

    def test_a_repeated_first_vertex_changes_nothing(self) -> None:
        assert winding_number([*SQUARE, SQUARE[0]], [1, 1]) == 1
        assert winding_number(np.repeat(SQUARE, 3, axis=0), [1, 1]) == 1

    @pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
    def test_neither_overflow_nor_underflow_matters(self, scale: float) -> None:
        assert winding_number(scale * turns(2, 50), [0.2 * scale, 0.1 * scale]) == 2
        assert winding_number(scale * turns(2, 50), [1.2 * scale, 0.1 * scale]) == 0
        with pytest.raises(TopoError, match="lies on the polygon"):
            winding_number(scale * SQUARE, [scale, 0.0])

    @given(
        st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1, max_size=14),
        st.tuples(st.integers(-4, 4), st.integers(-4, 4)),
        st.sampled_from([1.0, 1e9, 2.0**-1060]),
    )
    def test_any_polygon_on_a_grid(
        self, polygon: list[tuple[int, int]], point: tuple[int, int], scale: float
    ) -> None:
        expected = exactly(polygon, point)
        corners, p = np.array(polygon) * scale, np.array(point) * scale
        if expected is None:
            with pytest.raises(TopoError, match="lies on the polygon"):
                winding_number(corners, p)
        else:
            assert winding_number(corners, p) == expected
            assert winding_number(corners[::-1], p) == -expected

    def test_thousands_of_vertices_in_milliseconds(self) -> None:
        polygon = turns(3, 100_000)
        began = time.perf_counter()
        for _ in range(5):
            winding_number(polygon, [0.3, 0.1])
        assert (time.perf_counter() - began) / 5 < 0.2  # 4 ms on an idle machine

    @pytest.mark.parametrize(
        ("polygon", "point"),
        [(np.zeros((0, 2)), (0, 0)), (np.zeros((3, 3)), (0, 0)), (np.zeros(4), (0, 0)), (SQUARE, (0, 0, 0))],
    )
    def test_other_shapes(self, polygon: FloatArray, point: tuple[float, ...]) -> None:
        with pytest.raises(TopoError, match=r"give \(n, 2\) and \(2,\)"):
            winding_number(polygon, point)

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_numbers_that_are_not_finite(self, bad: float) -> None:
        with pytest.raises(TopoError, match="not finite"):
            winding_number([*SQUARE, [bad, 0.0]], [1, 1])
        with pytest.raises(TopoError, match="not finite"):
            winding_number(SQUARE, [1, bad])


class TestAlongAPath:
    def test_one_number_each(self) -> None:
        loops = [turns(1, 30, radius) for radius in (1.0, 0.5, 0.1)]
        assert winding_numbers(loops, [[0.3, 0.0]] * 3) == [1, 1, 0]
        assert winding_numbers([], []) == []

    def test_as_many_points_as_polygons(self) -> None:
        with pytest.raises(TopoError, match="1 polygons and 2 points; give as many"):
            winding_numbers([SQUARE], [[1, 1], [1, 1]])
