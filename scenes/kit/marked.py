"""A plot of few measurements, each with a dot and a word of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import text_glyphs
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.theme import Theme
from scenes.kit.view import Rect


class MarkedPlot(Plot):
    """Measured values in the order in which they are given, whatever their x, joined by straight lines.

    Parameters
    ----------
    rect, theme, title, x_axis, y_axis, value, references, x_name
        As for a plot.
    series
        The measurements.
    labels
        One word for each; none by default.
    count
        How many are shown now; in between, the line is on its way to the next. By default all.
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
        labels: Sequence[str] = (),
        count: Callable[[], float] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(rect, theme, title, (), x_axis, y_axis, **options)
        self.measured, self.labels, self.count = series, tuple(labels), count

    def draw(self, canvas: Canvas) -> None:
        """Draw the frame and what is shown now."""
        super().draw(canvas)
        series, theme = self.measured, self.theme
        at = self.place(series.x, series.y)
        count = float(len(at)) if self.count is None else min(self.count(), float(len(at)))
        whole = int(count + 1e-9)
        if whole == 0:
            return
        line = at[:whole]
        if (rest := count - whole) > 1e-9:
            line = np.concatenate([line, (1 - rest) * at[whole - 1 : whole] + rest * at[whole : whole + 1]])
        canvas.stroke([line], series.colour, 4.0, round_caps=True)
        canvas.dots(at[: whole - 1], series.colour, 15)
        canvas.dots(at[whole - 1 : whole], theme.ink, 19)
        canvas.dots(at[whole - 1 : whole], series.colour, 13)
        for (x, y), word in zip(at[:whole].tolist(), self.labels, strict=False):
            label = text_glyphs(word, theme.small_size)
            left = min(max(x - label.width / 2, self.inner.x0 + 0.06), self.inner.x1 - label.width)
            canvas.glyphs(label, left, y - 0.2 - label.box[3], theme.muted)
