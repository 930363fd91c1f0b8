"""Small plots of measured values that grow in step with the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect, nice_step

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Measured values ``y`` ``(n,)`` at increasing ``x`` ``(n,)``, joined by straight lines.

    ``name`` is written beside it if there are several.
    """

    x: FloatArray
    y: FloatArray
    colour: str
    name: str = ""

    def last(self, x: float) -> float:
        """The last value measured at or before ``x`` (the first one before that): never one in between."""
        return float(self.y[max(int(np.searchsorted(self.x, x + 1e-9, side="right")) - 1, 0)])


@dataclass(frozen=True)
class Axis:
    """The range of an axis; logarithmic ones need positive values.

    ``ticks`` are where numbers stand, by default about four; ``unit`` follows each number.
    """

    low: float
    high: float
    log: bool = False
    ticks: tuple[float, ...] | None = None
    unit: str = ""

    def share(self, values: FloatArray) -> FloatArray:
        """Where values are on the axis, 0 at its start and 1 at its end."""
        if self.log:
            low, high = np.log(self.low), np.log(self.high)
            shares: FloatArray = (np.log(np.clip(values, self.low, None)) - low) / (high - low)
            return shares
        shares = (np.asarray(values, dtype=np.float64) - self.low) / (self.high - self.low)
        return shares

    def marks(self) -> list[float]:
        """Where numbers stand."""
        if self.ticks is not None:
            return list(self.ticks)
        if self.log:
            powers = np.arange(np.ceil(np.log10(self.low) - 1e-9), np.floor(np.log10(self.high) + 1e-9) + 1)
            step = max(1, round(len(powers) / 4))
            return [float(10.0**p) for p in powers[::step]]
        step_ = nice_step(self.high - self.low, 4)
        first, last = np.ceil(self.low / step_ - 1e-9), np.floor(self.high / step_ + 1e-9)
        return [float(k * step_) + 0.0 for k in np.arange(first, last + 1)]

    def number(self, value: float) -> str:
        """A tick's number."""
        if self.log and not 1e-3 < abs(value) < 1e5:
            return f"1e{round(np.log10(value))}"
        return f"{value + 0.0:g}{self.unit}".replace("-", "−")


class Plot(Drawable):
    """Measured values against how far the picture is.

    Parameters
    ----------
    rect
        Where in the frame, numbers and title included.
    theme
        Colours and sizes.
    title
        What is measured; ``value`` is written behind it.
    series, x_axis, y_axis
        What to draw.
    now
        The present x: series are drawn up to it; by default all of them.
    value
        The present value in words, such as ``"87.2 %"``: a number as of the last measurement.
    references
        Horizontal lines ``(y, what it is)``.
    x_name
        What x is, written at the lower right.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        title: str,
        series: Sequence[Series],
        x_axis: Axis,
        y_axis: Axis,
        *,
        now: Callable[[], float] | None = None,
        value: Callable[[], str] | None = None,
        references: Sequence[tuple[float, str]] = (),
        x_name: str = "",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.title = rect, theme, title
        self.series, self.x_axis, self.y_axis = tuple(series), x_axis, y_axis
        self.now, self.value, self.references, self.x_name = now, value, tuple(references), x_name
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])
        size = theme.small_size
        left = max(number_glyphs(y_axis.number(v), size).width for v in y_axis.marks()) + 0.18
        self.inner = Rect(rect.x0 + left, rect.y0 + 0.46, rect.x1 - 0.12, rect.y1 - 0.55)

    def place(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Values as points of the frame, ``(n, 2)``."""
        inner = self.inner
        across, up = self.x_axis.share(x), np.clip(self.y_axis.share(y), -0.02, 1.02)
        return np.stack(
            [inner.x0 + across * (inner.x1 - inner.x0), inner.y0 + up * (inner.y1 - inner.y0)], axis=1
        )

    def draw(self, canvas: Canvas) -> None:
        """Draw axes, references and the series up to now."""
        self._draw_frame(canvas)
        theme, inner = self.theme, self.inner
        for height, words in self.references:
            y = self.place(np.array([self.x_axis.low]), np.array([height]))[0, 1]
            dashes = np.arange(inner.x0, inner.x1, 0.22)
            lines = [np.array([[x, y], [min(x + 0.12, inner.x1), y]]) for x in dashes]
            canvas.stroke(lines, theme.muted, 2.5)
            label = text_glyphs(words, theme.small_size)
            canvas.glyphs(label, inner.x1 - label.width, y + 0.1, theme.muted)
        now = self.x_axis.high if self.now is None else self.now()
        for series in self.series:
            known = series.x <= now + 1e-9
            if known.any():
                line = self.place(series.x[known], series.y[known])
                canvas.stroke([line], series.colour, 4.0, round_caps=True)
                canvas.dots(line[-1:], series.colour, 12)
                if series.name:
                    name = text_glyphs(series.name, theme.small_size)
                    x = min(line[-1, 0] + 0.14, inner.x1 - name.width)
                    canvas.glyphs(name, x, line[-1, 1] + 0.12, series.colour)

    def _draw_frame(self, canvas: Canvas) -> None:
        theme, rect, inner = self.theme, self.rect, self.inner
        title = text_glyphs(self.title, theme.small_size, "bold")
        y = rect.y1 - title.box[3]
        canvas.glyphs(title, rect.x0, y, theme.ink)
        if self.value is not None:
            value = number_glyphs(self.value(), theme.small_size, "bold")
            canvas.glyphs(value, rect.x0 + title.width + 0.25, y, theme.accent)
        corners = np.array([[inner.x0, inner.y1], [inner.x0, inner.y0], [inner.x1, inner.y0]])
        canvas.stroke([corners], theme.axis, 2.0)
        for v in self.y_axis.marks():
            glyphs = number_glyphs(self.y_axis.number(v), theme.small_size)
            at = self.place(np.array([self.x_axis.low]), np.array([v]))[0, 1]
            canvas.stroke([np.array([[inner.x0, at], [inner.x0 + 0.08, at]])], theme.axis, 2.0)
            canvas.glyphs(glyphs, inner.x0 - 0.1 - glyphs.width, at - glyphs.box[3] / 2, theme.muted)
        name = text_glyphs(self.x_name, theme.small_size) if self.x_name else None
        limit = inner.x1 - (name.width + 0.2 if name else 0.0)
        base = rect.y0 + 0.09
        for v in self.x_axis.marks():
            glyphs = number_glyphs(self.x_axis.number(v), theme.small_size)
            at = self.place(np.array([v]), np.array([self.y_axis.low]))[0, 0]
            canvas.stroke([np.array([[at, inner.y0], [at, inner.y0 + 0.08]])], theme.axis, 2.0)
            if at + glyphs.width / 2 <= limit:
                canvas.glyphs(glyphs, at - glyphs.width / 2, base, theme.muted)
        if name:
            canvas.glyphs(name, inner.x1 - name.width, base, theme.muted)
