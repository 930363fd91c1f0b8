"""What shines through is blended at every pixel in the order of depth there, exactly."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.kit.gl.bodies import Plane, Sphere, Torus
from scenes.kit.gl.camera import DEGREE, Camera3D
from scenes.kit.gl.surface import Surface
from tests.scenes.kit.gl.raster import draw, near_changes, over, raster, rays

FloatArray = NDArray[np.float64]

RED, GREEN, BLUE = ("#ff0000", (1.0, 0, 0)), ("#00ff00", (0, 1.0, 0)), ("#0000ff", (0, 0, 1.0))
VIEWS = [
    Camera3D(phi * DEGREE, theta * DEGREE, 0.0, 1.0, focal)
    for (phi, theta), focal in itertools.product(((65, -60), (100, 20), (30, 190)), (20.0, 4.0, np.inf))
]


def depths(plane: Plane, camera: Camera3D, shape: tuple[int, int]) -> FloatArray:
    """How far along the line of sight of each pixel a parallelogram is; inf where it is missed."""
    start, along = rays(camera, raster(shape[1], shape[0]))
    a, b, c, _ = plane.points
    u, v = b - a, c - a  # neighbours in the grid
    normal = np.cross(u, v)
    t = ((a - start) @ normal) / (along @ normal)
    place = start + t[..., None] * along - a
    s = np.linalg.lstsq(np.stack([u, v], axis=1), place.reshape(-1, 3).T, rcond=None)[0].T
    inside = ((s >= 0) & (s <= 1)).all(axis=1).reshape(t.shape)
    return np.where(inside, t, np.inf)


@pytest.mark.parametrize("camera", VIEWS, ids=lambda c: f"{c.phi:.1f},{c.theta:.1f},{c.focal_distance:g}")
def test_two_planes_that_cut_through_each_other(camera: Camera3D) -> None:
    planes = [
        Plane((1.2, 0, 0.3), (0, 1.1, 0), RED[0], 0.4, centre=(0.1, 0, 0)),
        Plane((0.2, 0, 1.3), (0.3, 1.2, 0), BLUE[0], 0.7, centre=(-0.1, 0.1, 0)),
    ]
    picture = draw(planes, camera)
    shape = picture.shape[:2]
    far = np.stack([depths(plane, camera, shape) for plane in planes], axis=-1)
    case = np.isfinite(far) @ np.array([1, 2]) + 4 * (far[..., 0] < far[..., 1])
    layers = {1: (0,), 5: (0,), 2: (1,), 6: (1,), 7: (0, 1), 3: (1, 0)}
    paint = ((RED[1], 0.4), (BLUE[1], 0.7))
    expected = np.zeros((*shape, 4))
    for number, order in layers.items():
        expected[case == number] = over(*(paint[k] for k in order))
    inner = ~near_changes(case)
    assert np.abs(picture - expected)[inner].max() <= 2
    assert {3, 7} <= set(case[inner].tolist())  # each is in front somewhere, or nothing was tested
    # Where they meet, a pixel has one order or the other and nothing else.
    meeting = near_changes(case) & ~near_changes(case % 4) & (case % 4 == 3)
    either = [
        np.abs(picture[meeting] - over(*(paint[k] for k in order))).max(-1) for order in ((0, 1), (1, 0))
    ]
    assert meeting.any()
    assert np.minimum(*either).max() <= 2


@pytest.mark.parametrize("phi", [0.0, 0.7])
def test_planes_that_meet_exactly_at_the_middles_of_pixels(phi: float) -> None:
    """Seen along their plane of symmetry, both are at the same depth in a whole column."""
    where = raster(161, 121)
    planes = [
        Plane((1, 0, slope), (0, 1.2, 0), code, 0.5) for slope, code in ((0.6, RED[0]), (-0.6, BLUE[0]))
    ]
    column = draw(planes, Camera3D(phi=phi, theta=-np.pi / 2, focal_distance=np.inf), where)[40:80, 80]
    either = over((RED[1], 0.5), (BLUE[1], 0.5)), over((BLUE[1], 0.5), (RED[1], 0.5))
    assert np.minimum(*(np.abs(column - blend).max(axis=1) for blend in either)).max() <= 2


def test_nested_shells() -> None:
    shells = [Sphere(1.0, RED[0], 0.3), Sphere(0.6, GREEN[0], 0.5), Sphere(0.3, BLUE[0])]
    picture = draw(shells, Camera3D(focal_distance=np.inf))
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width] + 0.5
    distance = np.hypot(x - width / 2, y - height / 2) / 60
    red, green, blue = (RED[1], 0.3), (GREEN[1], 0.5), (BLUE[1], 1.0)
    rings = [
        (0.0, 0.28, (red, green, blue)),
        (0.33, 0.57, (red, green, green, red)),
        (0.63, 0.97, (red, red)),
    ]
    for low, high, layers in rings:
        ring = (distance > low) & (distance < high)
        assert np.abs(picture[ring] - over(*layers)).max() <= 3
    assert not picture[distance > 1.03].any()


def test_order_of_drawing_does_not_matter() -> None:
    shapes = [
        Torus(1.0, 0.4, RED[0], 0.5),
        Torus(1.0, 0.4, BLUE[0], 0.5, centre=(1, 0, 0), axis=(0, 1, 0)),
        Plane((1, 0, 0), (0, 1, 1), GREEN[0], 0.3),
    ]
    pictures = [draw(order, Camera3D()) for order in itertools.permutations(shapes)]
    assert all(np.abs(picture - pictures[0]).max() <= 1 for picture in pictures)


def test_soft_edges_lie_between_the_layers() -> None:
    """At the silhouette of a solid body between two planes, its colour goes over into what is behind it."""
    front = Plane((9, 0, 0), (0, 9, 0), GREEN[0], 0.5, centre=(0, 0, 2))
    behind = Plane((9, 0, 0), (0, 9, 0), RED[0], 0.5, centre=(0, 0, -2))
    picture = draw([front, Sphere(0.8, BLUE[0]), behind], Camera3D(phi=0.0, focal_distance=np.inf))
    body = over((GREEN[1], 0.5), (BLUE[1], 1.0))
    around = over((GREEN[1], 0.5), (RED[1], 0.5))
    share = np.clip((picture - around) @ (body - around) / ((body - around) @ (body - around)), 0, 1)
    assert np.abs(picture - around - share[..., None] * (body - around)).max() <= 3
    assert ((share > 0.1) & (share < 0.9)).sum() > 150  # the ramp is there


def test_a_folded_sheet_shows_all_its_layers() -> None:
    s, t = np.meshgrid(np.linspace(0, 1, 61), np.linspace(-1, 1, 5), indexing="ij")
    folds = np.stack([np.cos(3 * np.pi * s), t, 0.9 * s], axis=-1)  # to and fro, three times
    picture = draw([Surface(folds, RED[0], 0.3)], Camera3D(phi=0.0, focal_distance=np.inf))
    assert np.abs(picture[120, 130:190] - over(*[(RED[1], 0.3)] * 3)).max() <= 3


def test_the_camera_between_two_solid_things_and_a_plane_far_away() -> None:
    plane = Plane((1, 0, 0), (0, 1, 0), RED[0], 0.5)
    alone = draw([plane], Camera3D())
    hidden = draw([plane, Sphere(30.0, BLUE[0], centre=(0, 0, -200.0))], Camera3D(phi=0.0))
    assert alone.any()
    assert hidden[120, 160, 2] > 100
