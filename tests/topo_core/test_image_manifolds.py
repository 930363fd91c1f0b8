"""A digit moves continuously, closes up after a turn, and stays itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topo_core.approach import diameter, nearest_approach
from topo_core.datasets.digits import digit_images
from topo_core.errors import DataError
from topo_core.image_manifolds import MovingDigit

SIX, NINE = MovingDigit(967), MovingDigit(220)

angles = st.floats(-10, 10)
shifts = st.floats(-3, 3)


def centre_of_mass(digit: MovingDigit, image: np.ndarray) -> tuple[float, float]:
    """Right and up from the middle of the canvas."""
    grey = image.reshape(digit.side, digit.side)
    line = np.arange(digit.side) - (digit.side - 1) / 2
    return float(grey.sum(0) @ line / grey.sum()), float(-(grey.sum(1) @ line) / grey.sum())


def test_the_digits_are_what_they_are_called() -> None:
    assert (SIX.label, NINE.label, SIX.dimensions) == (6, 9, 784)


def test_unturned_and_of_the_same_size_it_is_the_scanned_digit() -> None:
    """At scale 1, with its centre of mass where it was, the spline takes the pixels' own values."""
    digit = MovingDigit(SIX.index, side=8, scale=1)
    scanned = digit_images().images[SIX.index]
    right, up = centre_of_mass(digit, scanned.ravel())
    contrast = scanned**2 * (3 - 2 * scanned)
    assert digit.images(0.0, right, up).reshape(8, 8) == pytest.approx(contrast, abs=1e-6)


@given(angle=angles, right=shifts, up=shifts)
def test_grey_values_are_from_0_to_1(angle: float, right: float, up: float) -> None:
    image = SIX.images(angle, right, up)
    assert image.shape == (784,)
    assert 0 <= image.min() <= image.max() <= 1
    assert image.max() > 0.9


@given(angle=angles, right=shifts, up=shifts, seed=st.integers(0, 99))
def test_it_moves_continuously(angle: float, right: float, up: float, seed: int) -> None:
    """A tenth of a step moves the point a tenth as far: the family has a derivative."""
    step = np.random.default_rng(seed).standard_normal(3) * np.array([0.1, 1, 1])
    here = SIX.images(angle, right, up)

    def moved(h: float) -> float:
        a, x, y = np.array([angle, right, up]) + h * step
        return float(np.linalg.norm(SIX.images(a, x, y) - here)) / h

    assert moved(1e-4) < 30
    assert moved(1e-5) == pytest.approx(moved(1e-4), rel=0.02)


@given(angle=angles, right=shifts, up=shifts)
def test_it_goes_where_it_is_told_and_no_ink_is_lost(angle: float, right: float, up: float) -> None:
    image, before = NINE.images(angle, right, up), NINE.images(0.0)
    assert centre_of_mass(NINE, image) == pytest.approx((right, up), abs=0.35)  # contrast shifts it a little
    assert image.sum() == pytest.approx(before.sum(), rel=0.01)


def test_it_turns_counterclockwise_by_whole_quarters_exactly() -> None:
    upright = SIX.images(0.0).reshape(28, 28)
    for quarter in range(4):
        turned = SIX.images(quarter * np.pi / 2).reshape(28, 28)
        assert turned == pytest.approx(np.rot90(upright, quarter), abs=1e-9)


def test_moving_by_whole_pixels_moves_the_pixels() -> None:
    upright = SIX.images(0.0).reshape(28, 28)
    moved = SIX.images(0.0, 2.0, 1.0).reshape(28, 28)
    assert moved[2:-2, 3:-3] == pytest.approx(upright[3:-1, 1:-5], abs=1e-9)


def test_a_whole_turn_is_a_closed_curve_that_does_not_meet_itself() -> None:
    assert SIX.turned(np.array([0.0, 1.0])) == pytest.approx(SIX.turned(np.array([1.0, 2.0])), abs=1e-9)
    assert nearest_approach(SIX.turned, SIX.turned, apart=1 / 8).distance > 5


def test_parameters_are_broadcast() -> None:
    patch = SIX.images(0.3, np.linspace(-2, 2, 5)[:, None], np.linspace(-1, 1, 3)[None, :])
    assert patch.shape == (5, 3, 784)
    assert patch[4, 0] == pytest.approx(SIX.images(0.3, 2.0, -1.0))


@given(s=st.floats(0, 1), distance=shifts)
def test_sliding_is_along_the_digits_own_axis(s: float, distance: float) -> None:
    angle = 2 * np.pi * s
    expected = SIX.images(angle, -distance * np.sin(angle), distance * np.cos(angle))
    assert SIX.slid(s, distance) == pytest.approx(expected)
    assert SIX.slid(s, 0.0) == pytest.approx(SIX.turned(np.array([s]))[0])


def test_a_turned_nine_comes_near_a_six() -> None:
    found = nearest_approach(SIX.turned, NINE.turned)
    assert found.distance == pytest.approx(1.78, abs=0.01)
    assert (found.second - found.first) % 1 == pytest.approx(190 / 360, abs=0.01)  # upside down
    assert diameter(SIX.turned(np.arange(90) / 90)) == pytest.approx(9.99, abs=0.02)


@pytest.mark.parametrize("index", [-1, 1797])
def test_an_unknown_digit_is_refused(index: int) -> None:
    with pytest.raises(DataError, match=f"digit {index}: there are 1797"):
        MovingDigit(index)


@pytest.mark.parametrize("canvas", [{"side": 0}, {"scale": 0.0}, {"scale": float("nan")}])
def test_an_impossible_canvas_is_refused(canvas: dict[str, float]) -> None:
    with pytest.raises(DataError, match="both must be positive"):
        MovingDigit(0, **canvas)  # type: ignore[arg-type]
