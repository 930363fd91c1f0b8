"""Images on a canvas: each pixel where it belongs, in its colour."""

import cairo
import numpy as np
import pytest

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from tests.scenes.pictures import Picture, colour, looks, picture, pixel

GREY = np.array([[0.0, 0.5, 1.0], [1.0, 0.0, 0.25]])
BOX = (-3.0, -1.0, 3.0, 3.0)


class Shown(Drawable):
    def __init__(self, **options: float) -> None:
        super().__init__()
        self.options = options
        self.points = np.array([[-3.0, -1.0, 0.0], [3.0, 3.0, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        canvas.image(GREY, BOX, "#102030", "#ff8040", **self.options)  # type: ignore[arg-type]


def at(seen: Picture, x: float, y: float) -> list[float]:
    values: list[float] = seen[pixel((x, y), seen.shape)].tolist()
    return values


def test_rows_go_down_and_colours_are_mixed() -> None:
    seen = picture(Shown())
    paper, ink = colour("#102030"), colour("#ff8040")
    for row, y in enumerate((2, 0)):
        for column, x in enumerate((-2, 0, 2)):
            share = GREY[row, column]
            expected = (1 - share) * paper + share * ink
            assert at(seen, x, y) == pytest.approx(expected.tolist(), abs=1)


def test_it_fills_its_box_and_no_more() -> None:
    seen = picture(Shown())
    inside = ~looks(seen, "#000000", 2)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, left = pixel((-3, 3), seen.shape)
    bottom, right = pixel((3, -1), seen.shape)
    assert (rows[0], columns[0]) == pytest.approx((top, left), abs=1)
    assert (rows[-1], columns[-1]) == pytest.approx((bottom, right), abs=1)


def test_pixels_are_squares_unless_smooth() -> None:
    assert len(np.unique(picture(Shown())[40, 100:220, 0])) <= 6
    assert len(np.unique(picture(Shown(smooth=True))[40, 100:220, 0])) > 30


def test_half_transparent_over_black() -> None:
    assert at(picture(Shown(opacity=0.5)), 2, 2) == pytest.approx([127.5, 64, 32], abs=2)


def test_on_a_surface_of_cairos_own() -> None:
    """Where red and blue are not exchanged, as in PDF and SVG files."""
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, 4, 4)
    canvas = Canvas(cairo.Context(surface), swap_red_blue=False)
    canvas.image(np.ones((1, 1)), (0, 0, 4, 4), "#000000", "#ff8040")
    assert list(surface.get_data()[:3]) == [0x40, 0x80, 0xFF]  # little-endian 0xRRGGBB
