"""A few measured numbers side by side, as bars with their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Animation

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.plot import Axis
from scenes.kit.state import StateAnimation
from scenes.kit.theme import Theme
from scenes.kit.view import Rect

_THICK = 0.26


@dataclass(frozen=True)
class Bar:
    """A measured value: what it is of, as written, its colour, and a value to hold it against."""

    name: str
    value: float
    shown: str
    colour: str
    mark: float | None = None
    mark_name: str = ""


@dataclass
class BarsState:
    """How far the bars are grown, from 0 to 1."""

    grown: float = 1.0


class Bars(Drawable):
    """Bars one below the other, each under its name and value.

    Parameters
    ----------
    rect
        Where in the frame; the bars share its height.
    theme
        Colours and sizes.
    bars
        What to draw.
    axis
        What the rectangle's width stands for.
    """

    def __init__(self, rect: Rect, theme: Theme, bars: Sequence[Bar], axis: Axis, **options: Any) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.bars, self.axis = rect, theme, tuple(bars), axis
        self.state = BarsState()
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def grow(self, run_time: float = 2.0) -> Animation:
        """Draw the bars from nothing to their lengths."""
        self.state.grown = 0.0
        return StateAnimation(self, {"grown": 1.0}, run_time=run_time)

    def _x(self, value: float) -> float:
        share = float(np.clip(self.axis.share(np.array([value]))[0], 0, 1))
        return self.rect.x0 + share * (self.rect.x1 - self.rect.x0)

    def draw(self, canvas: Canvas) -> None:
        """Draw names, values, bars and marks."""
        theme, rect, size = self.theme, self.rect, self.theme.small_size
        height = (rect.y1 - rect.y0) / len(self.bars)
        for k, bar in enumerate(self.bars):
            name = text_glyphs(bar.name, size)
            value = number_glyphs(bar.shown, size, "bold")
            base = rect.y1 - k * height - name.box[3]
            canvas.glyphs(name, rect.x0, base, theme.ink)
            canvas.glyphs(value, rect.x1 - value.width, base, bar.colour)
            middle = base - 0.2 - _THICK / 2
            tip = rect.x0 + self.state.grown * (self._x(bar.value) - rect.x0)
            ends = np.array([[rect.x0, middle], [rect.x1, middle]])
            canvas.stroke([ends], theme.panel, 100 * _THICK)
            canvas.stroke([np.array([[rect.x0, middle], [tip, middle]])], bar.colour, 100 * _THICK)
            if bar.mark is not None:
                at = self._x(bar.mark)
                stick = np.array([[at, middle - _THICK / 2 - 0.12], [at, middle + _THICK / 2 + 0.05]])
                canvas.stroke([stick], theme.ink, 5.0)
                label = text_glyphs(bar.mark_name, size)
                x = min(max(rect.x0, at - label.width / 2), rect.x1 - label.width)
                canvas.glyphs(label, x, middle - _THICK / 2 - 0.2 - label.box[3], theme.muted)
