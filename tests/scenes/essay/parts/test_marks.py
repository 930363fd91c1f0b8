"""What is drawn over a stage's plane: the open square, two points, a cloud, a sheet with two sides."""

import numpy as np
import pytest

from scenes.essay.parts.marks import Cloud, OpenSquare, Pair, Sheet
from scenes.kit import Rect, Stage
from scenes.kit.motion import LayerMotion, moved
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, pixel
from topo_core.handmade import handmade
from topo_core.isotopy import LinearPath
from topo_core.straight_path import StraightPath

RECT = Rect(-4, -3.5, 4, 3.5)


def stage(matrix: object, position: float = 0.0, straight: bool = False) -> Stage:
    weight = np.array(matrix, dtype=float)
    trace = handmade([(weight, np.zeros(2))], "linear")
    path = StraightPath(weight) if straight else LinearPath(weight)
    made = Stage(
        trace, DARK, grid=False, curves=False, panel=False, rect=RECT, motion=LayerMotion(trace, [path])
    )
    return made.at(position)


class TestTheSheet:
    @pytest.mark.parametrize(
        "matrix", [[[2.0, 1.0], [0.0, 1.5]], [[-1.0, 0.5], [0.3, 2.0]], [[0.0, 1.0], [1.0, 0.0]]]
    )
    def test_its_side_is_the_determinant(self, matrix: list[list[float]]) -> None:
        for t in (0.0, 0.4, 1.0):
            det = np.linalg.det((1 - t) * np.eye(2) + t * np.array(matrix))
            assert Sheet(stage(matrix, t, straight=True)).side() == pytest.approx(det)

    def test_front_back_and_edge_look_different(self) -> None:
        def shown(t: float) -> tuple[int, int, int]:
            plane = stage([[1.0, 0.0], [0.0, -1.0]], t, straight=True)
            image = picture(plane, Sheet(plane), background=DARK.background, width=640, height=360)
            back = looks(image, Sheet.back(DARK), 60).sum()
            front = looks(image, DARK.ink, 60).sum()
            return int(front), int(back), int(looks(image, DARK.accent).sum())

        front, back, edge = (shown(t) for t in (0.0, 1.0, 0.5))
        assert front[0] > 1000
        assert front[1:] == (0, 0)
        assert back[1] > 1000
        assert back[0] < front[0] / 4
        assert edge[2] > 500

    def test_the_letter_is_not_its_mirror_image(self) -> None:
        plane = stage(np.eye(2))
        letter = picture(Sheet(plane), width=640, height=360)[:, 100:540].mean(axis=-1)
        assert np.abs(letter - letter[:, ::-1]).mean() > 2


class TestThePair:
    PAIR = np.array([[0.4, -0.2], [-0.4, 0.6]])

    def test_its_distance_is_that_of_the_images(self) -> None:
        matrix = np.array([[1.0, 1.0], [0.5, 0.5]])
        flat = stage(matrix, 1.0)
        assert Pair(stage(matrix), self.PAIR).distance() == pytest.approx(np.sqrt(0.8**2 + 0.8**2))
        assert Pair(flat, self.PAIR).distance() == pytest.approx(0, abs=1e-14)

    def test_points_have_their_classes_colours_also_where_they_are_one(self) -> None:
        for t in (0.0, 1.0):
            plane = stage([[1.0, 1.0], [0.5, 0.5]], t)
            image = picture(Pair(plane, self.PAIR), width=640, height=360)
            for label in (0, 1):
                assert looks(image, DARK.class_colour(label)).sum() > 10

    def test_each_is_where_the_plane_has_carried_it(self) -> None:
        plane = stage([[1.5, 0.3], [-0.2, 1.0]], 0.6)
        image = picture(Pair(plane, self.PAIR), width=640, height=360)
        for label, at in enumerate(plane.plane.view(moved(plane.plane.space.motion, self.PAIR, 0.6))):
            assert looks(image, DARK.class_colour(label))[pixel(at, image.shape)]


def test_the_open_square_is_at_one_and_dashed() -> None:
    plane = stage(np.diag([2.0, 2.0]), 1.0)
    image = picture(OpenSquare(plane), width=1280, height=720)
    x, yellow = np.linspace(-1, 1, 400), looks(image, DARK.accent, 60)
    for side in (np.stack([x, 1 + 0 * x], axis=1), np.stack([-1 + 0 * x, x], axis=1)):
        places = [pixel(p, image.shape) for p in plane.plane.view(side)]
        drawn = np.array([yellow[p] for p in places])
        assert 0.4 < drawn.mean() < 0.75
    assert not yellow[pixel(plane.plane.view(np.zeros((1, 2)))[0], image.shape)]


def test_a_cloud_shows_each_dot_in_the_colour_of_its_class() -> None:
    trace = handmade([([[1.5, 0.0], [0.0, 0.7]], [0.0, 0.0])])
    plane = Stage(trace, DARK, grid=False, curves=False, panel=False, rect=RECT).at(1.0)
    dots = np.array([[-0.8, 0.3], [0.6, -0.5]])
    cloud = Cloud(plane, dots, trace)
    assert trace.predict(dots).tolist() == [1, 0]
    image = picture(cloud, width=1280, height=720)
    for dot, label in zip(plane.plane.view(np.tanh(dots * [1.5, 0.7])), (1, 0), strict=True):
        red, _, blue = image[pixel(dot, image.shape)]
        assert (blue > red) == (label == 1)
    plane.state.position = 0.0
    np.testing.assert_array_equal(cloud.now(dots), dots)
