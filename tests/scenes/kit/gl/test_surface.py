"""Surfaces: their triangles, and normals that follow the vertices."""

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.kit.gl.bodies import Plane, Sphere, Torus, perpendicular
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.lines import Lines, grid_lines, lattice, level_lines
from scenes.kit.gl.points import Points
from scenes.kit.gl.style import Style
from scenes.kit.gl.surface import Surface
from scenes.kit.theme import DARK
from tests.scenes.kit.gl.raster import draw, raster
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


def torus_normals(points: FloatArray, radius: float) -> FloatArray:
    out = points * np.array([1, 1, 0])
    core = radius * out / np.linalg.norm(out, axis=1, keepdims=True)
    away = points - core
    return away / np.linalg.norm(away, axis=1, keepdims=True)


def test_the_normals_of_a_torus_point_outwards() -> None:
    torus = Torus(1.0, 0.3, "#ffffff")
    assert (torus.normals * torus_normals(torus.points, 1.0)).sum(axis=1).min() > 0.9999


def test_so_do_those_of_a_ball_at_its_poles_too() -> None:
    ball = Sphere(2.0, "#ffffff", centre=(1, 2, 3))
    assert (ball.normals * (ball.points - [1, 2, 3]) / 2).sum(axis=1).min() > 0.999


def test_every_edge_of_a_closed_surface_has_two_triangles_that_run_against_each_other() -> None:
    triangles = Torus(1.0, 0.3, "#ffffff", detail=(7, 5)).triangles
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).tolist()
    assert len({tuple(e) for e in edges}) == len(edges)
    assert {tuple(e) for e in edges} == {(b, a) for a, b in edges}


def test_normals_follow_a_deformation() -> None:
    """Under a linear map, normals go with the inverse transpose."""
    matrix = np.array([[1.5, 0.4, 0], [0, 0.7, 0.2], [0.1, 0, 1.1]])
    torus = Torus(1.0, 0.3, "#ffffff")
    expected = torus_normals(torus.points, 1.0) @ np.linalg.inv(matrix)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    torus.move(torus.points @ matrix.T)
    assert (torus.normals * expected).sum(axis=1).min() > 0.999


def test_a_torus_that_has_moved_looks_like_one_that_was_made_there() -> None:
    style = Style.of(DARK)
    torus = Torus(1.0, 0.35, "#ff8800")
    moves = [torus.points + 0.25 * s * np.sin(2 * torus.points[:, [1, 2, 0]]) for s in (0.3, 0.6, 1.0)]
    before = draw([torus], Camera3D(), style=style)
    for points in moves:
        moved = draw([torus.move(points)], Camera3D(), style=style)
        fresh = Surface(points.reshape(192, 64, 3), "#ff8800", closed=(True, True))
        assert np.array_equal(moved, draw([fresh], Camera3D(), style=style))
        assert not np.array_equal(moved, before)


def test_light_follows_the_normals() -> None:
    """A sheet that tilts towards the light becomes brighter, and one colour all over."""
    style = Style("#000000", "#000000", rim=0, haze=0, gloss=0, ambient=0.2, light=(0.0, 1.0, 1.0))
    up = Camera3D(phi=0.0, theta=-np.pi / 2)
    u = np.linspace(-1, 1, 21)
    x, y = np.meshgrid(u, u, indexing="ij")
    sheet = Surface(np.stack([x, y, 0 * x], axis=-1), "#808080")
    shades = []
    for slope in (0.8, 0.0, -0.8):
        sheet.move(np.stack([x, y, slope * y], axis=-1))
        middle = draw([sheet], up, style=style)[100:140, 140:180, 0]
        assert np.ptp(middle) <= 1
        shades.append(middle.mean())
    assert shades[0] < shades[1] - 5
    assert shades[1] < shades[2] - 5


def test_both_sides_of_a_sheet_are_lit_as_they_face() -> None:
    style = Style("#000000", "#000000", rim=0, haze=0, gloss=0, ambient=0.2, light=(0.0, 0.0, 1.0))
    sheet = Plane((1, 0, 0), (0, 1, 0), "#808080", 1.0)
    above = draw([sheet], Camera3D(phi=0.0), style=style)[120, 160]
    below = draw([sheet], Camera3D(phi=np.pi), style=style)[120, 160]
    assert np.array_equal(above, below)
    assert above[0] > 100


def test_a_hyperplane_is_where_its_equation_holds() -> None:
    weight = np.array([1.0, -2.0, 0.5])
    plane = Plane.hyperplane(weight, 0.7, 2.0, "#ffffff")
    np.testing.assert_allclose(plane.points @ weight + 0.7, 0, atol=1e-12)
    middle = plane.points.mean(axis=0)
    np.testing.assert_allclose(np.cross(middle, weight), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(plane.points - middle, axis=1), 2.0)


@pytest.mark.parametrize("direction", [(0, 0, 1), (1, 0, 0), (0, -2, 0), (1, 2, 3)])
def test_perpendicular_vectors_are_a_right_handed_frame(direction: tuple[float, float, float]) -> None:
    frame = np.array(perpendicular(direction))
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(frame) == pytest.approx(1)


def test_what_is_flat() -> None:
    assert Plane((1, 0, 0), (0, 1, 1), "#ffffff").flat
    assert not Plane((1, 0, 0), (0, 1, 1), "#ffffff", detail=(2, 2)).flat
    twisted = Plane((1, 0, 0), (0, 1, 1), "#ffffff")
    assert not twisted.move(twisted.points + np.array([[0, 0, 0.3], [0, 0, 0], [0, 0, 0], [0, 0, 0]])).flat


def test_a_lattice_fills_its_box() -> None:
    lines = lattice(np.array([[-1, 1], [0, 2], [0, 3]]), (2, 3, 4), detail=5)
    assert lines.shape == (3 * 4 + 2 * 4 + 2 * 3, 6, 3)
    assert lines.reshape(-1, 3).min(axis=0).tolist() == [-1, 0, 0]
    assert lines.reshape(-1, 3).max(axis=0).tolist() == [1, 2, 3]


def test_lines_of_a_grid_run_along_rows_and_columns() -> None:
    points = np.random.default_rng(0).normal(size=(6, 4, 3))
    lines = grid_lines(points, 2)
    assert [len(line) for line in lines] == [4] * 4 + [6] * 3
    assert np.array_equal(lines[3], points[5])
    assert np.array_equal(lines[5], points[:, 2])


def test_level_lines_lie_in_the_surface_at_the_level() -> None:
    u = np.linspace(-2, 2, 41)
    x, y = np.meshgrid(u, u, indexing="ij")
    sheet = np.stack([x, y, 0.2 * x + 0.1 * y], axis=-1)
    (ring,) = level_lines(sheet, x**2 + y**2, 1.5)
    np.testing.assert_allclose(ring[:, 0] ** 2 + ring[:, 1] ** 2, 1.5, atol=0.01)
    np.testing.assert_allclose(ring[:, 2], 0.2 * ring[:, 0] + 0.1 * ring[:, 1], atol=1e-12)
    assert np.array_equal(ring[0], ring[-1])
    assert level_lines(sheet, x**2 + y**2, 9.0) == []


def test_lines_of_one_colour_may_become_others() -> None:
    lines = Lines([np.zeros((4, 3)), np.ones((3, 3))], "#123456")
    assert len(lines.move_lines([np.ones((5, 3))]).points) == 5
    assert lines.segments.tolist() == [0, 1, 2, 3]
    assert lines.colours.tolist() == [[0x12, 0x34, 0x56, 255]] * 5
    lines.move_lines([])
    assert not draw([lines], Camera3D()).any()
    many = Lines([np.zeros((2, 3))], np.ones((2, 3)))
    with pytest.raises(TopoError, match="make new ones"):
        many.move_lines([np.zeros((3, 3))])


def test_the_strip_has_the_triangles() -> None:
    for closed in ((False, False), (False, True), (True, False), (True, True)):
        surface = Surface(np.random.default_rng(0).normal(size=(4, 5, 3)), "#ffffff", closed=closed)
        strip = surface.strip.astype(int)
        found = []
        for k in range(len(strip) - 2):
            a, b, c = strip[k : k + 3] if k % 2 == 0 else strip[[k + 1, k, k + 2]]
            if len({a, b, c}) == 3:
                found.append((int(a), int(b), int(c)))
        turned = {min((t[i:] + t[:i]) for i in range(3)) for t in found}
        expected = {min((t[i:] + t[:i]) for i in range(3)) for t in map(tuple, surface.triangles.tolist())}
        assert turned == expected
        assert len(found) == len(surface.triangles)


class TestWhatCannotBeDrawn:
    def test_points_without_three_coordinates(self) -> None:
        with pytest.raises(TopoError, match=r"Points needs points of shape \(n, 3\), not \(5, 2\)"):
            Points(np.zeros((5, 2)), "#ffffff")

    def test_points_that_are_not_finite(self) -> None:
        torus = Torus(1.0, 0.3, "#ffffff")
        with pytest.raises(TopoError, match="not finite"):
            torus.move(torus.points / 0 * np.inf if False else torus.points * np.nan)

    def test_another_number_of_points(self) -> None:
        with pytest.raises(TopoError, match="has 12288 vertices and was moved to 3"):
            Torus(1.0, 0.3, "#ffffff").move(np.zeros((3, 3)))

    def test_a_surface_that_is_no_grid(self) -> None:
        with pytest.raises(TopoError, match=r"shape \(m, n, 3\)"):
            Surface(np.zeros((5, 3)), "#ffffff")

    def test_colours_for_other_vertices(self) -> None:
        with pytest.raises(TopoError, match="for 4 vertices"):
            Plane((1, 0, 0), (0, 1, 0), np.zeros((5, 3)))

    def test_a_line_of_one_point(self) -> None:
        with pytest.raises(TopoError, match="at least two points"):
            Lines([np.zeros((1, 3))], "#ffffff")

    def test_too_many_pixels(self) -> None:
        with pytest.raises(TopoError, match="choose a lower resolution"):
            draw([Plane((1, 0, 0), (0, 1, 0), "#ffffff")], Camera3D(), raster(40_000, 40, 30_000.0))

    def test_no_direction(self) -> None:
        with pytest.raises(TopoError, match="not zero"):
            Torus(1.0, 0.3, "#ffffff", axis=(0, 0, 0))
