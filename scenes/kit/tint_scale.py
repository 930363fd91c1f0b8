"""The scale of a coordinate that is shown as a colour: one bar a class, from dark to light."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.gl.colours import tint
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect

#: Colours in a bar, its height and that of a row of bars, in Manim units.
_COLOURS, _HEIGHT, _ROW = 64, 0.26, 0.42


class TintScale(Drawable):
    """Bars in the colours that ``tint`` gives, and the values at their ends.

    Parameters
    ----------
    rect
        Its place; it fills the width, from the top.
    theme
        Colours and sizes.
    title
        What the colour stands for.
    rows
        For each bar a name and the colour in its middle.
    ends
        The values at the two ends, now.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        title: str,
        rows: Sequence[tuple[str, str]],
        ends: Callable[[], tuple[float, float]],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.title, self.rows, self.ends = rect, theme, title, tuple(rows), ends
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw title, bars with their names, and the values at the ends and in the middle."""
        theme, rect = self.theme, self.rect
        title = text_glyphs(self.title, theme.small_size, "bold")
        y = rect.y1 - title.box[3]
        canvas.glyphs(title, rect.x0, y, theme.ink)
        names = [text_glyphs(name, theme.small_size, "bold") for name, _ in self.rows]
        left = rect.x0 + max(name.width for name in names) + 0.2
        top = y - 0.28
        step = (rect.x1 - left) / _COLOURS
        for name, (_, colour) in zip(names, self.rows, strict=True):
            canvas.glyphs(name, rect.x0, top - _HEIGHT / 2 - name.box[3] / 2, colour)
            shades = np.rint(255 * tint(np.linspace(0, 1, _COLOURS), 0, 1, colour)).astype(int)
            for k, (r, g, b) in enumerate(shades.tolist()):
                x0 = left + k * step
                x1 = rect.x1 if k == _COLOURS - 1 else x0 + 1.5 * step  # the next one covers the seam
                box = np.array([[x0, top], [x1, top], [x1, top - _HEIGHT], [x0, top - _HEIGHT]])
                canvas.fill([box], f"#{r:02x}{g:02x}{b:02x}")
            top -= _ROW
        low, high = self.ends()
        base = top + _ROW - _HEIGHT - 0.12
        for value, share in ((low, 0.0), ((low + high) / 2, 0.5), (high, 1.0)):
            number = number_glyphs(f"{value + 0.0:.1f}".replace("-", "−"), theme.small_size)
            x = left + share * (rect.x1 - left - number.width)
            canvas.glyphs(number, x, base - number.box[3], theme.muted)
