"""Linking numbers against known links, against Gauss's integral, and where pictures are degenerate."""

import time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.datasets import LinkedTori, Unlink
from topo_core.errors import TopoError
from topo_core.topology.distance import polygon_distance
from topo_core.topology.linking import linking_number, linking_numbers

FloatArray = NDArray[np.float64]


def circle(n: int, x: float = 0, radius: float = 1, plane: tuple[int, int] = (0, 1)) -> FloatArray:
    angle = 2 * np.pi * np.arange(n) / n
    points = np.zeros((n, 3))
    points[:, plane[0]], points[:, plane[1]] = radius * np.cos(angle), radius * np.sin(angle)
    return moved(points, x=x)


def moved(points: FloatArray, x: float = 0, z: float = 0) -> FloatArray:
    return points + np.array([x, 0, z])


def torus_link(k: int, n: int = 200) -> tuple[FloatArray, FloatArray]:
    """Two curves once along a torus and k times around it, opposite to each other."""
    angle = 2 * np.pi * np.arange(n) / n

    def curve(phase: float) -> FloatArray:
        r = 2 + 0.5 * np.cos(k * angle + phase)
        return np.stack([r * np.cos(angle), r * np.sin(angle), -0.5 * np.sin(k * angle + phase)], axis=1)

    return curve(0), curve(np.pi)


def whitehead(n: int = 300) -> tuple[FloatArray, FloatArray]:
    """A circle and a figure of eight, five crossings that alternate."""
    t = 2 * np.pi * np.arange(n) / n
    bends = [0, 0.4, np.pi - 0.4, np.pi, np.pi + 0.4, 2 * np.pi - 0.4, 2 * np.pi]
    height = np.interp(t, bends, [1, -1, 1, -1, 1, -1, 1])
    return circle(n, radius=1.06), np.stack([2 * np.sin(t), np.sin(2 * t), height], axis=1)


def solid_angle(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Signed solid angles of triangles seen from 0 (van Oosterom and Strackee, 1983)."""
    la, lb, lc = (np.linalg.norm(x, axis=-1) for x in (a, b, c))
    volume = np.einsum("...i,...i", a, np.cross(b, c))
    rest = la * lb * lc + (a * b).sum(-1) * lc + (b * c).sum(-1) * la + (c * a).sum(-1) * lb
    return 2 * np.arctan2(volume, rest)


def gauss(first: FloatArray, second: FloatArray) -> float:
    """Gauss's integral: the solid angles of the parallelograms of differences, over 4 pi."""
    p, q = first, np.roll(first, -1, axis=0)
    r, s = second[None], np.roll(second, -1, axis=0)[None]
    a, b, c, d = r - p[:, None], r - q[:, None], s - q[:, None], s - p[:, None]
    return float((solid_angle(a, b, c) + solid_angle(a, c, d)).sum() / (4 * np.pi))


class TestKnownLinks:
    @pytest.mark.parametrize("n", [3, 4, 7, 64])
    def test_hopf(self, n: int) -> None:
        first, second = circle(n), circle(n, x=1, plane=(0, 2))
        assert linking_number(first, second) == -1
        assert linking_number(first, second[::-1]) == 1
        assert linking_number(first, circle(n, x=3, plane=(0, 2))) == 0

    def test_the_datasets(self) -> None:
        s = np.arange(300) / 300
        assert linking_number(*(core(s) for core in LinkedTori().cores)) == 1
        for turns in (0, 0.5, 1.5, 3):
            assert linking_number(*(core(s) for core in Unlink(turns=turns).cores)) == 0

    @pytest.mark.parametrize("k", [-5, -1, 0, 1, 2, 3, 7])
    def test_torus_links(self, k: int) -> None:
        assert linking_number(*torus_link(k)) == k

    def test_whitehead(self) -> None:
        assert linking_number(*whitehead()) == 0

    def test_borromean(self) -> None:
        angle = 2 * np.pi * np.arange(101) / 101
        flat = np.stack([2 * np.cos(angle), np.sin(angle), 0 * angle], axis=1)
        rings = [np.roll(flat, k, axis=1) for k in range(3)]
        for i in range(3):
            assert linking_number(rings[i], rings[i - 1]) == 0

    def test_a_polygon_may_cross_itself(self) -> None:
        twice = np.concatenate([circle(12), circle(12)])
        assert linking_number(twice, circle(9, x=1, plane=(0, 2))) == -2


@st.composite
def polygons(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, m = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    return rng.standard_normal((n, 3)), rng.standard_normal((m, 3))


coordinates = st.integers(-2, 2).map(float)
on_a_grid = st.lists(st.tuples(coordinates, coordinates, coordinates), min_size=1, max_size=8).map(np.array)


class TestRandomPolygons:
    @given(polygons())
    def test_against_gauss(self, pair: tuple[FloatArray, FloatArray]) -> None:
        assert linking_number(*pair) == pytest.approx(gauss(*pair), abs=1e-8)

    @given(on_a_grid, on_a_grid)
    def test_on_a_grid_where_all_is_degenerate(self, first: FloatArray, second: FloatArray) -> None:
        if polygon_distance(first, second) > 1e-6:
            assert linking_number(first, second) == pytest.approx(gauss(first, second), abs=1e-8)
        else:
            with pytest.raises(TopoError, match="the polygons meet"):
                linking_number(first, second)

    @given(on_a_grid, on_a_grid, st.integers(0, 2**32))
    def test_symmetries(self, first: FloatArray, second: FloatArray, seed: int) -> None:
        assume(polygon_distance(first, second) > 1e-6)
        number = linking_number(first, second)
        turn = int(np.random.default_rng(seed).integers(8))
        assert linking_number(second, first) == number
        assert linking_number(np.roll(first, turn, axis=0), second) == number
        assert linking_number(first[::-1], second) == -number
        assert linking_number(first[:, ::-1], second[:, ::-1]) == -number  # two axes swapped: a mirror
        assert linking_number(first[:, [1, 2, 0]], second[:, [1, 2, 0]]) == number
        assert linking_number(first - 0.1, second - 0.1) == number
        assert linking_number(first * 2.0**-900, second * 2.0**-900) == number
        assert linking_number(first * 2.0**900, second * 2.0**900) == number

    @given(on_a_grid, on_a_grid, st.integers(0, 2**32), st.sampled_from([1e-17, 1e-15, 1e-12]))
    def test_nearly_degenerate(self, first: FloatArray, second: FloatArray, seed: int, size: float) -> None:
        assume(polygon_distance(first, second) > 1e-6)
        rng = np.random.default_rng(seed)
        shaken = [p + size * rng.standard_normal(p.shape) for p in (first, second)]
        assert linking_number(*shaken) == linking_number(first, second)

    def test_corners_above_edges_in_every_direction(self) -> None:
        """The corners of a square lie above and below the edges of another one."""
        square = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
        upright = np.array([[0.5, 0.5, 1], [0.5, 0.5, -1], [2, 2, -1], [2, 2, 1]])
        with pytest.raises(TopoError, match="the polygons meet"):
            linking_number(square, upright)
        inside = upright - [0.25, 0.25, 0]
        for turned in (inside, inside[:, [1, 0, 2]]):
            assert linking_number(square, turned) == pytest.approx(gauss(square, turned), abs=1e-8)
            assert abs(linking_number(square, turned)) == 1


class TestMeeting:
    @pytest.mark.parametrize(
        ("other", "meets"),
        [
            ([[0.5, 0, 1], [0.5, 0, -1], [0.5, 5, 0]], True),  # across an edge
            ([[1.0, 0, 0], [2, 0, 0], [2, 0, 2]], True),  # corner to corner, along the edge's line
            ([[0.25, 0, 0], [0.75, 0, 0], [0.5, 0, 2]], True),  # along the edge
            ([[1.5, 0, 0], [2, 0, 0], [2, 0, 2]], False),  # on the edge's line, beyond it
            ([[0.5, 0, 0]], True),  # a point on the edge
            ([[0.5, 0.25, 0]], False),
            ([[0.5, 2.0**-1000, 0]], False),  # within less than rounding
        ],
    )
    def test_exactly(self, other: list[list[float]], meets: bool) -> None:
        triangle = [[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]
        for a, b in ((triangle, other), (other, triangle)):
            if meets:
                with pytest.raises(
                    TopoError, match=r"the polygons meet \(edge \d of the first and edge \d of"
                ):
                    linking_number(a, b)
            else:
                assert linking_number(a, b) == 0

    @pytest.mark.parametrize("size", [0.0, 2.0**-40, 1e-300])
    def test_a_plane_of_many_edges(self, size: float) -> None:
        """Concentric circles in one tilted plane, or nearly: every pair of edges is nearly coplanar."""
        tilted = [circle(300, radius=r) @ np.array([[1.0, 0, 1], [0, 1, 1], [0, 0, size]]) for r in (1, 2)]
        assert linking_number(*tilted) == 0

    @pytest.mark.parametrize("shape", [(0, 3), (3, 2), (3,), (2, 2, 3)])
    def test_other_shapes(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(TopoError, match=r"give \(n, 3\)"):
            linking_number(np.zeros(shape), circle(4))

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_numbers_that_are_not_finite(self, bad: float) -> None:
        polygon = circle(5)
        polygon[2, 1] = bad
        with pytest.raises(TopoError, match="not finite"):
            linking_number(circle(4, x=1), polygon)


class TestMotions:
    def test_it_never_changes_while_they_keep_apart(self) -> None:
        first, second = circle(40), circle(40, x=1, plane=(0, 2))
        moves = np.linspace(-0.9, 0.9, 19)
        assert linking_numbers([first] * 19, [moved(second, z=z) for z in moves]) == [-1] * 19

    def test_it_jumps_when_they_pass_through_each_other(self) -> None:
        second = circle(40, plane=(0, 2))
        assert linking_numbers([circle(40)] * 2, [moved(second, x=1), moved(second, x=2.5)]) == [-1, 0]

    def test_as_many_of_each(self) -> None:
        with pytest.raises(TopoError, match="2 first and 1 second polygons"):
            linking_numbers([circle(4)] * 2, [circle(4, x=5)])


def test_thousands_of_edges_take_less_than_a_second() -> None:
    s = np.arange(2000) / 2000
    pair = [core(s) for core in Unlink().cores]
    started = time.process_time()
    assert linking_number(*pair) == 0
    assert time.process_time() - started < 1
