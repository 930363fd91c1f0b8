"""The camera sees what Manim's own three-dimensional camera sees."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import ThreeDCamera

from scenes.kit.gl.bodies import Torus
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.points import Points
from scenes.kit.gl.projection import Projection
from tests.scenes.kit.gl.raster import draw, raster
from topo_core.errors import TopoError

ANGLE = st.floats(-4, 4)


@given(ANGLE, ANGLE, ANGLE, st.floats(0.2, 4), st.floats(3, 40))
def test_it_projects_as_manim_does(phi: float, theta: float, gamma: float, zoom: float, focal: float) -> None:
    points = np.random.default_rng(1).normal(size=(20, 3))
    theirs = ThreeDCamera(
        phi=phi, theta=theta, gamma=gamma, zoom=zoom, focal_distance=focal, frame_center=[0.3, -0.2, 0.5]
    )
    theirs.reset_rotation_matrix()
    ours = Camera3D(phi, theta, gamma, zoom, focal, (0.3, -0.2, 0.5))
    np.testing.assert_allclose(ours.project(points), theirs.project_points(points.copy()), atol=1e-9)


def test_pixels_are_where_it_says() -> None:
    camera = Camera3D(phi=1.0, theta=0.4, gamma=0.2, zoom=1.3, focal_distance=6, centre=(0.1, 0.2, -0.1))
    for point in np.random.default_rng(2).uniform(-1, 1, size=(5, 3)):
        covered = draw([Points(point[None], "#ffffff", 15.0)], camera)[..., 3]
        rows, columns = np.mgrid[: covered.shape[0], : covered.shape[1]] + 0.5
        x, y, _ = camera.project(point)
        assert (covered * columns).sum() / covered.sum() == pytest.approx(160 + 60 * x, abs=0.05)
        assert (covered * rows).sum() / covered.sum() == pytest.approx(120 - 60 * y, abs=0.05)
        seen = Projection(camera, raster())(point[None])
        assert (seen.x[0], seen.y[0]) == pytest.approx((160 + 60 * x, 120 - 60 * y))


def test_halfway_is_halfway() -> None:
    first, last = Camera3D(zoom=1.0), Camera3D(phi=0.1, theta=2.0, zoom=4.0, focal_distance=np.inf)
    assert first.between(last, 0.0) is first
    assert first.between(last, 1.0) is last
    middle = first.between(last, 0.5)
    assert middle.zoom == pytest.approx(2)
    assert middle.theta == pytest.approx((first.theta + 2) / 2)
    assert middle.nearness == pytest.approx(first.nearness / 2)


def test_framing_shows_all_of_it_as_large_as_it_may_be() -> None:
    points = Torus(1.0, 0.4, "#ffffff").points + np.array([3.0, -2.0, 1.0])
    for focal in (6.0, 20.0, np.inf):
        camera = Camera3D(focal_distance=focal).framing([points], 2.0)
        reach = np.linalg.norm(camera.project(points)[:, :2], axis=1).max()
        assert 1.6 < reach <= 2.0 + 1e-9


@pytest.mark.parametrize("changes", [{"zoom": 0.0}, {"zoom": -1.0}, {"focal_distance": 0.0}])
def test_impossible_cameras(changes: dict[str, float]) -> None:
    with pytest.raises(TopoError, match="choose a positive number"):
        Camera3D().moved(**changes)


def test_a_misspelt_attribute() -> None:
    with pytest.raises(TopoError, match="camera 'tetha': a camera has phi, theta"):
        Camera3D().moved(tetha=1.0)
