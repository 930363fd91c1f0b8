"""A small table of words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect

_ROW = 0.62


class Table(Drawable):
    """Rows of a name and numbers, under a row of heads.

    Parameters
    ----------
    rect
        Where in the frame: rows begin at the top, the first column at the left, the last one ends at the
        right, and columns of numbers are as wide as each other.
    theme
        Colours and sizes.
    heads
        Above each column of numbers.
    rows
        A name, then a number (as written) for each head.
    name_width
        Of the first column, as a share of the whole.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        heads: Sequence[str],
        rows: Sequence[tuple[str, ...]],
        *,
        name_width: float = 0.5,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.heads, self.rows = rect, theme, tuple(heads), tuple(rows)
        start = rect.x0 + name_width * (rect.x1 - rect.x0)
        self.ends = np.linspace(start, rect.x1, len(self.heads) + 1)[1:].tolist()
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def look(self) -> int:
        """Always the same."""
        return 0

    def draw(self, canvas: Canvas) -> None:
        """Draw heads and rows."""
        theme, size = self.theme, self.theme.small_size
        base = self.rect.y1 - number_glyphs("0", size).box[3]
        for end, head in zip(self.ends, self.heads, strict=True):
            glyphs = text_glyphs(head, size)
            canvas.glyphs(glyphs, end - glyphs.width, base, theme.muted)
        for k, (name, *numbers) in enumerate(self.rows, 1):
            canvas.glyphs(text_glyphs(name, size), self.rect.x0, base - k * _ROW, theme.muted)
            for end, written in zip(self.ends, numbers, strict=True):
                glyphs = number_glyphs(written, size)
                canvas.glyphs(glyphs, end - glyphs.width, base - k * _ROW, theme.ink)
