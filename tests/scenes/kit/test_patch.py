"""Patches: cells of a grid, carried along as the layers say, measured and filled where they are."""

from typing import Any

import numpy as np
import pytest

from scenes.kit.patch import Patch, cells, outline, square
from scenes.kit.plane import Plane
from scenes.kit.stage import PLANE
from scenes.kit.theme import DARK, mix
from tests.scenes.pictures import Picture, colour, picture, pixel
from topo_core.handmade import handmade
from topo_core.topology.area import signed_area

WEIGHT, BIAS = np.array([[1.1, -0.7], [0.4, 1.3]]), np.array([0.3, -0.2])
DETERMINANT = 1.1 * 1.3 + 0.7 * 0.4
CELL = square((0.25, -0.5), 0.5)


def patch(activation: str = "tanh", polygons: Any = (CELL,), **options: Any) -> Patch:
    plane = Plane(handmade([(WEIGHT, BIAS)], activation), PLANE, DARK)
    return Patch(plane, polygons, DARK.accent, **options)


def grid_points(corners: np.ndarray, n: int = 400) -> np.ndarray:
    """The midpoints of ``n * n`` equal parts of a square."""
    s = (np.arange(n) + 0.5) / n
    side = corners[1, 0] - corners[0, 0]
    return corners[0] + side * np.stack(np.meshgrid(s, s), axis=-1).reshape(-1, 2)


class TestShapes:
    def test_an_outline_has_the_corners_and_evenly_spaced_points_between_them(self) -> None:
        ring = outline(CELL, 4)
        assert np.array_equal(ring[::4], CELL)
        steps = np.linalg.norm(np.roll(ring, -1, axis=0) - ring, axis=1)
        assert steps == pytest.approx(np.full(16, 0.125))

    def test_cells_tile_the_domain(self) -> None:
        found = cells(np.array([[-1.0, 1.0], [-0.5, 1.0]]), 0.25)
        assert len(found) == 8 * 6
        assert len({tuple(c[0]) for c in found}) == 48
        assert all(float(signed_area(c)) == 0.25**2 for c in found)
        assert np.concatenate(found).min(axis=0) == pytest.approx([-1, -0.5])
        assert np.concatenate(found).max(axis=0) == pytest.approx([1, 1])

    def test_cells_that_are_cut_off_do_not_count(self) -> None:
        found = cells(np.array([[-1.08, 1.08], [-1.08, 1.08]]), 0.5)
        assert len(found) == 16
        assert np.abs(np.concatenate(found)).max() == 1.0


class TestArea:
    def test_it_grows_as_the_determinant_then_stays_during_the_translation(self) -> None:
        cell = patch()
        path = cell.plane.trace.layers[0].path.linear
        for t in (0.0, 0.3, 0.8, 1.0):
            assert cell.factor(t / 3) == pytest.approx(np.linalg.det(path.matrix(t)), rel=1e-12)
        assert cell.factor(0.5) == pytest.approx(DETERMINANT, rel=1e-12)

    @pytest.mark.parametrize("t", [0.4, 1.0])
    def test_under_tanh_it_is_the_integral_of_the_slopes(self, t: float) -> None:
        u = grid_points(CELL) @ WEIGHT.T + BIAS
        slopes = (1 - t) + t / np.cosh(u) ** 2
        expected = DETERMINANT * slopes.prod(axis=1).mean()
        assert patch().factor((2 + t) / 3) == pytest.approx(expected, rel=1e-5)

    def test_without_a_position_it_is_that_of_the_plane(self) -> None:
        cell = patch()
        cell.plane.state.position = 1.0
        assert cell.factor() == cell.factor(1.0) != 1.0

    def test_each_polygon_is_measured_on_its_own(self) -> None:
        other = square((-1.0, -1.0), 0.25)
        both = patch(polygons=(CELL, other))
        assert both.areas(0.0) == pytest.approx([0.25, 0.0625])
        apart = [float(patch(polygons=(one,)).areas(1.0)[0]) for one in (CELL, other)]
        assert both.areas(1.0).tolist() == apart
        assert both.factor(1.0) == pytest.approx(sum(apart) / 0.3125)

    def test_relu_leaves_exactly_nothing_of_what_is_negative(self) -> None:
        lost = patch("relu", (square((-1.0, 0.25), 0.5),))  # its first coordinate is negative all over
        assert lost.factor(0.99) > 0
        assert lost.factor(1.0) == 0.0


def shot(one: Patch) -> Picture:
    return picture(one, width=960, height=540)


class TestDrawing:
    @pytest.mark.parametrize("position", [0.0, 0.5, 1.0])
    def test_it_is_filled_where_the_plane_has_carried_it(self, position: float) -> None:
        cell = patch(fill=1.0)
        cell.plane.state.position = position
        image = shot(cell)
        layer = cell.plane.trace.layers[0]
        inside = np.array([[0.5, -0.25], [0.3, -0.45], [0.7, -0.05]])
        for point in cell.plane.view(layer.path(inside, position)):
            assert image[pixel(point, image.shape)] == pytest.approx(colour(DARK.accent), abs=2)
        shown = np.abs(image - colour(DARK.accent)).max(axis=-1) < 8
        unit = 540 / 8
        area = float(cell.areas(position)[0]) * cell.plane.view.scale**2
        assert shown.sum() / unit**2 == pytest.approx(area, rel=0.12)  # the outline is a little wider

    def test_without_an_edge_neighbours_look_like_one(self) -> None:
        halves = [np.array([[x, 0.0], [x + 0.5, 0.0], [x + 0.5, 0.5], [x, 0.5]]) for x in (0.0, 0.5)]
        seam = np.array([[0.5, 0.25]])
        for edged, expected in ((True, DARK.accent), (False, mix("#000000", DARK.accent, 0.6))):
            both = patch(polygons=halves, fill=0.6, edged=edged)
            image = shot(both)
            at = pixel(both.plane.view(seam)[0], image.shape)
            assert image[at] == pytest.approx(colour(expected), abs=3)

    def test_what_has_no_area_left_is_a_line(self) -> None:
        lost = patch("relu", (square((-1.0, 0.25), 0.5),), edged=False, fill=1.0)
        lost.plane.state.position = 1.0
        image = shot(lost)
        rows, columns = np.nonzero(np.abs(image - colour(DARK.accent)).max(axis=-1) < 60)
        assert np.ptp(rows) > 20 > 4 >= np.ptp(columns)

    def test_it_never_leaves_the_picture(self) -> None:
        far = patch(polygons=(square((-50.0, -50.0), 100.0),), fill=1.0)
        image = shot(far)
        outside = [(PLANE.x1 + 0.1, 0.0), (PLANE.x0 - 0.1, 0.0), (0.0, PLANE.y1 + 0.1)]
        assert all(image[pixel(p, image.shape)].max() == 0 for p in outside)
        assert image[pixel((0.0, 0.0), image.shape)] == pytest.approx(colour(DARK.accent), abs=2)
