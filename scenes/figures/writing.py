"""What stands on a page beside planes and spaces: lines of text, and what a function draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import text_glyphs


class Painting(Drawable):
    """What a function draws."""

    def __init__(self, draw: Callable[[Canvas], None]) -> None:
        super().__init__()
        self._paint = draw
        self.points = np.zeros((1, 3))  # Manim shows what has points

    def draw(self, canvas: Canvas) -> None:
        """Call the function."""
        self._paint(canvas)


class Writing(Painting):
    """A line of text on the baseline ``y``: from ``x`` (``align`` 0), around it (0.5) or to it (1)."""

    def __init__(
        self, content: str, x: float, y: float, align: float, colour: str, weight: str, size: float
    ) -> None:
        glyphs = text_glyphs(content, size, weight)
        start = x - align * glyphs.width
        super().__init__(lambda canvas: canvas.glyphs(glyphs, start, y, colour))
