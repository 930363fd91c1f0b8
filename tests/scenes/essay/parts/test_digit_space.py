"""What the scene of the manifold hypothesis says is so: measured here in other ways."""

from functools import cache

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from scenes.essay.parts.digit_space import NINE, REACH, SIX, DigitSpace
from scenes.essay.parts.digit_stage import COLUMNS, ROW, DigitStage
from scenes.kit.theme import DARK
from tests.scenes.pictures import colour, looks, picture
from topo_core.datasets.digits import digit_images
from topo_core.image_manifolds import MovingDigit


@cache
def space() -> DigitSpace:
    return DigitSpace()


def test_surfaces_and_curves_are_where_the_images_are() -> None:
    s, slides = np.linspace(0, 1, 145), np.linspace(0, 0.7, 9)
    for which in (0, 1):
        images = space().digits[which].slid(s[:, None], REACH * slides)
        assert space().surface(which, 0.7) == pytest.approx(space().components(images), abs=0.01)
        assert space().surface(which, 0.7)[:, 0] == pytest.approx(space().curves[which][::2], abs=0.01)
        assert space().place(which, s[30], 0.7) == pytest.approx(space().components(images[30, -1]))


def test_the_ink_stays_on_the_canvas_wherever_the_digits_go() -> None:
    s = np.arange(40) / 40
    for digit in space().digits:
        wide = MovingDigit(digit.index, side=60)
        assert digit.slid(s, REACH).sum(axis=1) == pytest.approx(wide.slid(s, REACH).sum(axis=1), rel=0.001)


def test_shares_of_variance() -> None:
    curves = np.concatenate([digit.turned(np.arange(200) / 200) for digit in space().digits])
    shown = space().components(curves).var(axis=0).sum() / curves.var(axis=0).sum()
    assert space().curve_share == pytest.approx(shown, abs=0.002)
    assert 0.3 < space().surface_share < space().curve_share < 0.7


def test_the_six_and_the_nine_stay_as_near_all_the_way() -> None:
    approach = space().approach
    lead = approach.second - approach.first
    along = [space().distance((0, s), (1, s + lead)) for s in np.arange(24) / 24]
    assert min(along) >= approach.distance - 1e-9
    assert max(along) < 1.02 * approach.distance


def test_what_seems_to_cross_is_far_apart() -> None:
    crossing = space().crossing
    assert crossing.distance < 0.01
    places = [space().place(0, s) for s in (crossing.first, crossing.second)]
    assert places[0] == pytest.approx(places[1], abs=0.01)
    assert space().crossing_distance == space().distance((0, crossing.first), (0, crossing.second))
    assert space().crossing_distance > 0.6 * space().width


def test_relatives_that_come_nearer() -> None:
    six = space().digits[0].turned(np.arange(720) / 720)
    upright = np.stack([MovingDigit(int(i)).images(0.0) for i in digit_images().of(6) if i != SIX])
    stranger = cdist(MovingDigit(NINE).images(0.0)[None], six).min()
    count = int((cdist(upright, six).min(axis=1) < stranger).sum())
    assert space().nearer_relatives == (count, 180)
    assert count < 10


@pytest.mark.slow
def test_of_all_sixes_and_nines_they_are_the_nearest() -> None:
    digits = digit_images()
    sixes = np.stack([MovingDigit(int(i)).images(0.0) for i in digits.of(6)])
    nearest = [cdist(MovingDigit(int(j)).turned(np.arange(60) / 60), sixes).min(axis=0) for j in digits.of(9)]
    nine, six = np.unravel_index(int(np.argmin(nearest)), (180, 181))
    assert (digits.of(6)[six], digits.of(9)[nine]) == (SIX, NINE)


def test_distance_and_numbers_are_those_of_the_images_that_are_seen() -> None:
    stage = DigitStage(space(), DARK)
    stage.state.first, stage.state.second, stage.state.slide = 0.2, 0.9, 0.5
    first, second = space().image(0, 0.2, 0.5), space().image(1, 0.9, 0.5)
    assert stage.distance() == pytest.approx(np.linalg.norm(first - second))
    assert stage.numbers().tolist() == first.reshape(28, 28)[ROW, list(COLUMNS)].tolist()


def classes(stage: DigitStage) -> list[int]:
    """Pixels in the colour of each class."""
    seen = picture(stage, background=DARK.background, width=640, height=360)
    return [int(looks(seen, code, 40).sum()) for code in DARK.classes[:2]]


def test_a_trail_becomes_a_curve_and_the_curve_a_surface() -> None:
    stage = DigitStage(space(), DARK)
    seen = picture(stage, background=DARK.background)
    assert looks(seen, DARK.background, 1).all()
    lengths = []
    for trail in (0.1, 0.5, 1.0):
        stage.state.trail = trail
        seen = picture(stage, background=DARK.background)
        lengths.append(int((np.abs(seen - colour(DARK.background)).max(axis=-1) > 20).sum()))
    assert lengths[0] < lengths[1] < lengths[2]
    stage.state.slide = 1.0
    seen = picture(stage, background=DARK.background)
    assert (np.abs(seen - colour(DARK.background)).max(axis=-1) > 20).sum() > 3 * lengths[2]


def test_pictures_are_in_the_colours_of_their_classes() -> None:
    stage = DigitStage(space(), DARK)
    stage.state.picture = 1.0
    first, second = classes(stage)
    assert first > 500
    assert second == 0
    stage.state.other_picture = stage.state.split = 1.0
    both = classes(stage)
    assert min(both) > 200
