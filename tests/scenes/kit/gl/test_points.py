"""Clouds of points: many of them, in their order of depth."""

import time

import numpy as np

from scenes.kit.gl.bodies import Plane, Sphere
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.points import Points
from tests.scenes.kit.gl.raster import draw, over

ABOVE = Camera3D(phi=0.0, theta=-np.pi / 2, focal_distance=np.inf)
COUNT = 100_000


def disc(n: int, z: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    angle, radius = 2 * np.pi * rng.uniform(size=n), np.sqrt(rng.uniform(size=n))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(n, z)], axis=1)


def test_a_hundred_thousand_points_that_move() -> None:
    cloud = Points(disc(COUNT, 0.0, 0), "#ffffff", 3.0)
    began = time.perf_counter()
    first = draw([cloud], ABOVE)
    cloud.move(cloud.points + np.array([1.0, 0, 0]))
    second = draw([cloud], ABOVE)
    assert time.perf_counter() - began < 20
    assert (first[120, 105:215, 3] > 250).all()  # points so dense cover the disc
    assert not first[120, 230:, 3].any()
    np.testing.assert_allclose(second[:, 60:], first[:, :-60], atol=2)


def test_each_point_has_its_colour() -> None:
    places = np.array([[x, y, 0.0] for x in (-1.5, 0, 1.5) for y in (-1, 1)])
    colours = np.random.default_rng(1).uniform(size=(6, 3))
    picture = draw([Points(places, colours, 10.0)], ABOVE)
    for (x, y, _), colour in zip(places, colours, strict=True):
        np.testing.assert_allclose(picture[int(120 - 60 * y), int(160 + 60 * x), :3], 255 * colour, atol=1)


def test_the_nearer_cloud_covers_the_other_whichever_is_drawn_first() -> None:
    near, far = Points(disc(20_000, 1.0, 0), "#ff0000", 4.0), Points(disc(20_000, -1.0, 1), "#0000ff", 4.0)
    for order in ((near, far), (far, near)):
        picture = draw(order, ABOVE)
        assert (picture[120, 120:200, 0] > 250).all()
        assert (picture[120, 120:200, 2] < 5).all()


def test_points_go_behind_what_is_solid_and_under_what_shines_through() -> None:
    points = Points(np.array([[-1.0, 0, -1], [0.0, 0, -1], [1.0, 0, 2]]), "#ff0000", 20.0)
    ball = Sphere(0.5, "#0000ff")
    sheet = Plane((2, 0, 0), (0, 1, 0), "#00ff00", 0.5)
    picture = draw([points, ball, sheet], ABOVE)
    np.testing.assert_allclose(picture[120, 100], over(((0, 1, 0), 0.5), ((1, 0, 0), 1)), atol=2)
    np.testing.assert_allclose(picture[120, 220], over(((1, 0, 0), 1)), atol=2)
    assert picture[120, 160, 2] > 100
    edge = picture[118:123, 220 + 7 : 220 + 15]  # a soft edge over the sheet: red, green, nothing else
    red = over(((1, 0, 0), 1))
    green = over(((0, 1, 0), 0.5))
    share = np.clip((edge - green) @ (red - green) / ((red - green) @ (red - green)), 0, 1)[..., None]
    assert np.abs(edge - green - share * (red - green)).max() <= 3


def test_faint_points_add_up() -> None:
    cloud = Points(np.array([[0.0, 0, 0], [0, 0, 1]]), np.array([[1.0, 0, 0], [0, 0, 1]]), 20.0, 0.5)
    np.testing.assert_allclose(
        draw([cloud], ABOVE)[120, 160], over(((0, 0, 1), 0.5), ((1, 0, 0), 0.5)), atol=2
    )


def test_soft_edges_lie_over_the_points_behind_them() -> None:
    near, far = Points(disc(300, 1.0, 0), "#ff0000", 12.0), Points(disc(20_000, -1.0, 1), "#0000ff", 8.0)
    middle = draw((near, far), ABOVE)[100:140, 120:200]
    assert ((middle[..., 0] > 60) & (middle[..., 0] < 200)).any()
    np.testing.assert_allclose(middle[..., 0] + middle[..., 2], 255, atol=3)
    np.testing.assert_allclose(middle[..., 3], 255, atol=3)
