"""Labels at points of space: always upright, facing the viewer, and gone when something is in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Piece, draw_formula, formula_size

FloatArray = NDArray[np.float64]
Place = Callable[[], FloatArray]


@dataclass(eq=False)
class Label:
    """A row of words, formulas and numbers at a point that may move.

    Attributes
    ----------
    content
        What it says now: words, ``$formulas$`` in Typst's notation, numbers.
    place
        The point ``(3,)`` it belongs to, now.
    size, colour
        Font size, ``#rrggbb``.
    offset
        From the point to the middle of the label, in Manim units.
    hides
        Whether it vanishes while its point is behind something opaque.
    opacity
        From 0 to 1.
    clearance
        What is at most so far in front of the point does not hide it, in data units: for a point inside a
        tube, the tube's radius.
    """

    content: Callable[[], Sequence[Piece]]
    place: Place
    size: float
    colour: str
    offset: tuple[float, float] = (0.0, 0.25)
    hides: bool = True
    opacity: float = 1.0
    clearance: float = 0.0

    def draw(self, canvas: Canvas, x: float, y: float, visible: float, paper: str) -> None:
        """Draw it, with a rim of paper, for a point at (x, y) that is ``visible`` from 0 to 1."""
        opacity = self.opacity * (visible if self.hides else 1.0)
        if opacity <= 0:
            return
        pieces = self.content()
        width, _ = formula_size(pieces, self.size)
        x, y = x + self.offset[0] - width / 2, y + self.offset[1]
        draw_formula(canvas, pieces, x, y, self.size, self.colour, opacity, paper)
