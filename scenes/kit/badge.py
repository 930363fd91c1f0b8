"""A badge: a few words on what is proven of an animation, with a sign."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import text_glyphs
from scenes.kit.theme import Theme

#: Room around the words, and the sign before them, in Manim units.
_PAD, _SIGN = 0.2, 0.3
#: The sign's polyline within a square from -1 to 1.
_CHECK = np.array([[-0.9, -0.1], [-0.25, -0.75], [0.9, 0.75]])
_CROSS = (np.array([[-0.7, -0.7], [0.7, 0.7]]), np.array([[-0.7, 0.7], [0.7, -0.7]]))


def draw_sign(canvas: Canvas, centre: tuple[float, float], side: float, holds: bool, colour: str) -> None:
    """A check mark, or a cross, in a square of so many Manim units."""
    lines = [_CHECK] if holds else list(_CROSS)
    placed = [np.array(centre) + side / 2 * line for line in lines]
    canvas.stroke(placed, colour, 6.0, round_caps=True)


class Badge(Drawable):
    """Words in a frame, with a check mark if it is so, and a cross if not.

    Parameters
    ----------
    words, holds
        Such as ``topo_core.certificates.badge`` gives them: what is proven, and whether it is good news.
    theme
        Colours and sizes.
    x, y
        Its left end, and the horizontal line about which it stands.
    room
        It becomes smaller rather than wider than this.
    """

    def __init__(
        self, words: str, holds: bool, theme: Theme, x: float, y: float, room: float, **options: Any
    ) -> None:
        super().__init__(**options)
        self.words, self.holds, self.theme = words, holds, theme
        self.colour = theme.classes[2] if holds else theme.accent
        glyphs = text_glyphs(words, theme.text_size, "bold")
        width, height = glyphs.width + 3 * _PAD + _SIGN, 0.5 + 2 * _PAD
        self.scale_ = min(1.0, room / width)
        half = height * self.scale_ / 2
        self.points = np.array([[x, y - half, 0.0], [x + width * self.scale_, y + half, 0.0]])

    def look(self) -> tuple[str, bool, str]:
        """It never changes."""
        return self.words, self.holds, self.colour

    def draw(self, canvas: Canvas) -> None:
        """Draw the frame, the sign and the words."""
        (x0, y0), (x1, y1) = self.points[:, :2].tolist()
        middle, scale = (y0 + y1) / 2, self.scale_
        inset = 0.03
        x0, y0, x1, y1 = x0 + inset, y0 + inset, x1 - inset, y1 - inset
        frame = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0], [x1, y0]])
        canvas.stroke([frame], self.colour, 3.5)
        centre = x0 + scale * (_PAD + _SIGN / 2), middle
        draw_sign(canvas, centre, scale * _SIGN, self.holds, self.colour)
        glyphs = text_glyphs(self.words, self.theme.text_size, "bold")
        base = middle - scale * 0.14
        canvas.glyphs(glyphs, x0 + scale * (2 * _PAD + _SIGN), base, self.colour, scale=scale)
