"""Determinants of the layers' weights as exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from scenes.kit import Canvas, Drawable, Rect
from scenes.kit.formulas import Matrix, Number, draw_formula
from scenes.kit.theme import Theme
from topo_core.trace import Trace


@dataclass
class NumbersState:
    """How many of the rows are shown, as a share."""

    shown: float = 0.0


class ExactNumbers(Drawable):
    """For each layer its weight, rounded for the eye, and its determinant as a fraction of integers."""

    def __init__(self, trace: Trace, rect: Rect, theme: Theme, **options: Any) -> None:
        super().__init__(**options)
        self.rect, self.theme = rect, theme
        self.layers = trace.layers
        self.determinants = [exact_determinant(layer.weight) for layer in self.layers]
        self.state = NumbersState()
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    @property
    def all_positive(self) -> bool:
        """Whether every determinant is above 0."""
        return all(value > 0 for value in self.determinants)

    def draw(self, canvas: Canvas) -> None:
        """Draw the rows that are shown."""
        theme, rect = self.theme, self.rect
        height = min(1.25, (rect.y1 - rect.y0) / len(self.layers))
        for k, (layer, value) in enumerate(zip(self.layers, self.determinants, strict=True)):
            share = float(np.clip(self.state.shown * len(self.layers) - k, 0, 1))
            if share <= 0:
                break
            y = rect.y1 - (k + 0.5) * height
            size, small = theme.text_size, theme.small_size
            draw_formula(canvas, [f"$W_{k + 1} =$", Matrix(layer.weight)], rect.x0, y, small, theme.ink)
            if share < 0.5:
                continue
            power = value.denominator.bit_length() - 1
            colour = theme.classes[2] if value > 0 else theme.accent
            digits = Number(f"{value.numerator:d}".replace("-", "−"))
            draw_formula(canvas, ["$det =$", digits], rect.x0 + 4.4, y + 0.22, small, theme.ink)
            sign = "> 0" if value > 0 else "= 0" if value == 0 else "< 0"
            draw_formula(canvas, [f"$\\/ 2^{power} {sign}$"], rect.x0 + 5.6, y - 0.3, size, colour)


def exact_determinant(weight: Any) -> Fraction:
    """The determinant of a 2 x 2 matrix of doubles, without rounding."""
    (a, b), (c, d) = [[Fraction(float(value)) for value in row] for row in weight]
    return a * d - b * c
