"""Text whose numbers follow what happens: asked for anew at every frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Piece, draw_formula, formula_size

#: What a line says now.
Content = Callable[[], Sequence[Piece]]


class Live(Drawable):
    """A line of words, formulas, numbers and matrices that is asked for at every frame.

    Parameters
    ----------
    content
        The line now: a pure function of the state of what the scene shows. Numbers that change belong
        into :class:`~scenes.kit.formulas.Number`, for words are set by Typst, each once.
    x, middle
        Its left end, and the horizontal line about which it stands, in Manim units.
    size, colour
        Font size and ``#rrggbb``.
    room
        Its width, by default that of what it says at first. It becomes smaller rather than wider.
    """

    def __init__(
        self,
        content: Content,
        x: float,
        middle: float,
        size: float,
        colour: str,
        room: float | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.content, self.size, self.colour = content, size, colour
        width, height = formula_size(content(), size)
        self.points = np.array(
            [[x, middle - height / 2, 0.0], [x + (room or width), middle + height / 2, 0.0]]
        )
        self.fits = room is not None

    def draw(self, canvas: Canvas) -> None:
        """Draw what it says now."""
        (x0, y0), (x1, y1) = self.points[:, :2].tolist()
        pieces = self.content()
        size = self.size
        if self.fits and (width := formula_size(pieces, size)[0]) > x1 - x0:
            size *= (x1 - x0) / width
        draw_formula(canvas, pieces, x0, (y0 + y1) / 2, size, self.colour)
