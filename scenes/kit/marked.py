"""A plot of few measurements, each with a dot and a word of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from manim import Animation

from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import Glyphs, text_glyphs
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.state import StateAnimation
from scenes.kit.theme import Theme
from scenes.kit.view import Rect

_CLEAR = 0.16  # from a dot to its word


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
        One word for each; none by default.
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
        for label, x, y in self.places[:whole]:
            canvas.glyphs(label, x, y, theme.muted)

    @cached_property
    def places(self) -> list[tuple[Glyphs, float, float]]:
        """Every label and where it begins: below its dot on the right, or else clear of those before it."""
        placed: list[tuple[Glyphs, float, float]] = []
        taken: list[tuple[float, float, float, float]] = []
        for (x, y), word in zip(self.place(self.measured.x, self.measured.y), self.labels, strict=False):
            label = text_glyphs(word, self.theme.small_size)
            width, height = label.width, label.box[3]
            below, above = y - _CLEAR - height, y + _CLEAR
            spots = [
                (x + 0.1, below),
                (x - width / 2, above),
                (x - width - 0.1, above),
                (x - width / 2, below),
            ]
            inside = [(min(max(u, self.inner.x0 + 0.06), self.inner.x1 - width), v) for u, v in spots]
            boxes = [(u, v, u + width, v + height) for u, v in inside]
            best = next((k for k, box in enumerate(boxes) if not any(_meet(box, t) for t in taken)), 0)
            taken.append(boxes[best])
            placed.append((label, float(inside[best][0]), float(inside[best][1])))
        return placed


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two boxes come closer than text should."""
    gap = 0.06
    return a[0] < b[2] + gap and b[0] < a[2] + gap and a[1] < b[3] + gap and b[1] < a[3] + gap
