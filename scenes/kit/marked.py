"""A plot of few measurements, each with a dot and a word of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Animation

from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import text_glyphs
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.state import StateAnimation
from scenes.kit.theme import Theme
from scenes.kit.view import Rect


@dataclass
class MarkedState:
    """How many measurements are shown; in between, the line is on its way to the next."""

    count: float


class MarkedPlot(Plot):
    """Measured values in the order in which they are given, whatever their x, joined by straight lines.

    Parameters
    ----------
    rect, theme, title, x_axis, y_axis, references, x_name
        As for a plot.
    series
        The measurements.
    form
        How the last one shown is written behind the title, for example ``"{:.1f} %"``; by default it is
        not.
    labels
        One word for each, below on its right; none by default.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        title: str,
        series: Series,
        x_axis: Axis,
        y_axis: Axis,
        *,
        form: str = "",
        labels: Sequence[str] = (),
        **options: Any,
    ) -> None:
        value = self.now_written if form else None
        super().__init__(rect, theme, title, (), x_axis, y_axis, value=value, **options)
        self.measured, self.labels, self.form = series, tuple(labels), form
        self.state = MarkedState(float(len(series.x)))

    def now_written(self) -> str:
        """The last measurement shown, or nothing before the first."""
        shown = int(self.state.count + 1e-9)
        return self.form.format(self.measured.y[shown - 1]) if shown else ""

    def reveal(self, count: float, run_time: float = 1.0) -> Animation:
        """Go on to so many measurements."""
        return StateAnimation(self, {"count": count}, run_time=run_time)

    def draw(self, canvas: Canvas) -> None:
        """Draw the frame and what is shown now."""
        super().draw(canvas)
        series, theme = self.measured, self.theme
        at = self.place(series.x, series.y)
        whole = int(self.state.count + 1e-9)
        if whole == 0:
            return
        line = at[:whole]
        if (rest := self.state.count - whole) > 1e-9:
            line = np.concatenate([line, (1 - rest) * at[whole - 1 : whole] + rest * at[whole : whole + 1]])
        canvas.stroke([line], series.colour, 4.0, round_caps=True)
        canvas.dots(at[: whole - 1], series.colour, 15)
        canvas.dots(at[whole - 1 : whole], theme.ink, 19)
        canvas.dots(at[whole - 1 : whole], series.colour, 13)
        for (x, y), word in zip(at[:whole].tolist(), self.labels, strict=False):
            label = text_glyphs(word, theme.small_size)
            left = min(x + 0.1, self.inner.x1 - label.width)
            canvas.glyphs(label, left, y - 0.16 - label.box[3], theme.muted)
