"""Antialiasing: silhouettes and lines cover pixels by shares."""

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.kit.gl.bodies import Plane, Sphere, Torus
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.lines import Lines
from scenes.kit.gl.points import Points
from scenes.kit.gl.projection import Projection
from scenes.kit.gl.silhouettes import silhouettes
from scenes.kit.gl.surface import Surface, pad
from tests.scenes.kit.gl.raster import draw, raster

FloatArray = NDArray[np.float64]
FLAT = Camera3D(phi=0.0, theta=-np.pi / 2, focal_distance=np.inf)


def from_middle(shape: tuple[int, ...]) -> FloatArray:
    """Distance of every pixel's middle from that of the picture."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    return np.hypot(x - shape[1] / 2, y - shape[0] / 2)


@pytest.mark.parametrize("radius", [0.7, 1.013, 1.49])
def test_a_ball_has_a_ramp_one_pixel_wide_all_around(radius: float) -> None:
    cover = draw([Sphere(radius, "#ffffff", detail=(128, 65))], FLAT)[..., 3] / 255
    expected = np.clip(60 * radius + 1 - from_middle(cover.shape), 0, 1)
    assert np.abs(cover - expected).max() < 0.15
    assert np.abs(cover - expected).mean() < 0.001


def test_a_plane_ends_in_a_ramp_too() -> None:
    tilted = Plane((1.0, 0.3, 0), (-0.3, 1.0, 0), "#ffffff", 1.0)
    cover = draw([tilted], FLAT)[..., 3] / 255
    between = (cover > 0.05) & (cover < 0.95)
    assert between.sum() > 0.6 * 4 * 2 * 60 * np.hypot(1, 0.3)  # most pixels along its four sides
    area = 4 * 60**2 * 1.09
    assert cover.sum() == pytest.approx(area + 4 * 2 * 60 * np.hypot(1, 0.3) / 2, rel=0.005)


@pytest.mark.parametrize("width", [0.5, 1.7, 6.0])
@pytest.mark.parametrize("angle", [0.0, 0.3, 1.2])
def test_a_line_covers_as_much_as_its_width_says(width: float, angle: float) -> None:
    end = np.array([np.cos(angle), np.sin(angle), 0.0])
    line = Lines([np.array([-end, end])], "#ffffff", 100 * width / 60)
    cover = draw([line], FLAT)[..., 3] / 255
    assert cover.sum() == pytest.approx(2 * 60 * width, rel=0.06)


def test_a_bent_line_is_covered_once() -> None:
    t = np.linspace(0, 2 * np.pi, 200)
    circle = np.stack([np.cos(t), np.sin(t), 0 * t], axis=1)
    picture = draw([Lines([circle], "#ffffff", 100 * 4 / 60, 0.5)], FLAT)[..., 3]
    assert picture.max() <= 128  # no beads where pieces meet
    assert picture.sum() / 255 == pytest.approx(0.5 * 2 * np.pi * 60 * 4, rel=0.03)


def test_points_are_round_and_soft() -> None:
    cover = draw([Points(np.zeros((1, 3)), "#ffffff", 100 * 20.5 / 60)], FLAT)[..., 3] / 255
    expected = np.clip(10.25 + 0.5 - from_middle(cover.shape), 0, 1)
    assert np.abs(cover - expected).max() < 0.05


def facing(surface: Surface, x: FloatArray, y: FloatArray) -> dict[tuple[int, int], list[bool]]:
    """For every edge, by its two vertices: whether the triangles at it show their front."""
    found: dict[tuple[int, int], list[bool]] = {}
    for triangle in surface.triangles.tolist():
        (ax, bx, cx), (ay, by, cy) = x[triangle], y[triangle]
        front = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0
        for i in range(3):
            edge = sorted((triangle[i], triangle[(i + 1) % 3]))
            found.setdefault((edge[0], edge[1]), []).append(bool(front))
    return found


def wavy(closed: tuple[bool, bool]) -> Surface:
    rng = np.random.default_rng(3)
    m, n = 9, 7
    u, v = np.meshgrid(np.arange(m), np.arange(n), indexing="ij")
    grid = np.stack([u, v, np.sin(1.1 * u) + np.cos(1.7 * v)], axis=-1) + 0.2 * rng.normal(size=(m, n, 3))
    if closed[1]:
        angle = 2 * np.pi * v / n
        grid[..., 1], grid[..., 2] = 2 * np.cos(angle), 2 * np.sin(angle) + 0.1 * u
    if closed[0]:
        angle = 2 * np.pi * u / m
        out = 5 + grid[..., 1]
        grid[..., 0], grid[..., 1] = out * np.cos(angle), out * np.sin(angle)
    return Surface(grid, "#ffffff", closed=closed)


@pytest.mark.parametrize("closed", [(False, False), (False, True), (True, False), (True, True)])
def test_silhouettes_are_the_edges_where_the_facing_changes(closed: tuple[bool, bool]) -> None:
    surface = wavy(closed)
    seen = Projection(Camera3D(focal_distance=30.0), raster())(surface.points)
    edges = silhouettes(surface, seen)
    expected = {
        edge
        for edge, fronts in facing(surface, seen.x, seen.y).items()
        if len(fronts) == 1 or fronts[0] != fronts[1]
    }
    actual = [tuple(sorted(ends)) for ends in edges.ends.tolist()]
    assert len(actual) == len(set(actual))
    assert set(actual) == expected
    assert expected


def test_edges_point_out_of_a_torus() -> None:
    torus = Torus(1.0, 0.4, "#ffffff", detail=(48, 24))
    seen = Projection(FLAT, raster())(torus.points)
    edges = silhouettes(torus, seen)
    x, y = seen.x[edges.ends] - 160, seen.y[edges.ends] - 120
    outer = np.hypot(x, y) > 60
    along = (edges.outward[..., 0] * x + edges.outward[..., 1] * y) / np.hypot(x, y)
    assert (along[outer] > 0.9).all()
    assert (along[~outer] < -0.9).all()


def test_padding_repeats_what_is_closed() -> None:
    grid = np.arange(6.0).reshape(2, 3)
    assert pad(grid, (True, True)).tolist() == [[0, 1, 2, 0], [3, 4, 5, 3], [0, 1, 2, 0]]
    assert pad(grid, (False, False)) is grid
