"""The scale of a quantity that is shown as a colour."""

from functools import partial

import numpy as np
import pytest

from scenes.kit import Rect, tint
from scenes.kit.colour_scale import ColourScale, even_marks
from scenes.kit.theme import DARK, LIGHT, Theme
from tests.scenes.pictures import picture, pixel, texts

RECT = Rect(-3.0, -1.0, 3.0, 1.0)


def scale(theme: Theme, ends: tuple[float, float] = (-1.25, 1.25)) -> ColourScale:
    rows = [
        (name, theme.class_colour(k), partial(tint, low=0, high=1, colour=theme.class_colour(k)))
        for k, name in enumerate("AB")
    ]
    return ColourScale(RECT, theme, "fourth", rows, lambda: even_marks(*ends))


def test_what_it_says() -> None:
    made = scale(DARK, (-2.0, 3.0))
    assert [t.content for t in texts(made)] == ["fourth", "A", "B", "−2.0", "0.5", "3.0"]
    boxes = np.array([t.box for t in texts(made)])
    assert boxes[:, 0].min() >= RECT.x0 - 0.02
    assert boxes[:, 2].max() <= RECT.x1 + 0.02
    assert boxes[:, 3].max() <= RECT.y1 + 0.02


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_its_colours_are_those_of_the_tint(theme: Theme) -> None:
    shown = picture(scale(theme), background=theme.background, width=640, height=360)
    lines = texts(scale(theme))
    for k, name in enumerate("AB"):
        (label,) = (t for t in lines if t.content == name)
        y, left = (label.box[1] + label.box[3]) / 2, RECT.x0 + 0.6
        x = np.linspace(left, RECT.x1 - 0.05, 9)
        row = np.array([shown[pixel((at, y), shown.shape)] for at in x])
        bar_left = next(at for at in np.arange(label.box[2], left, 0.02) if _bar(shown, at, y, theme))
        expected = 255 * tint((x - bar_left) / (RECT.x1 - bar_left), 0, 1, theme.class_colour(k))
        assert np.abs(row - expected).max() < 14
        lightness = row @ [0.21, 0.72, 0.07]
        assert (np.diff(lightness) > 0).all()


def _bar(shown: np.ndarray, x: float, y: float, theme: Theme) -> bool:  # type: ignore[type-arg]
    paper = np.array([int(theme.background[i : i + 2], 16) for i in (1, 3, 5)])
    return bool(np.abs(shown[pixel((x, y), shown.shape)] - paper).max() > 25)
