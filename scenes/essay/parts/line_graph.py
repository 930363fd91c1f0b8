"""Points on a line, and what units make of them: graphs above the line.

Essay, "Topology and Classification": figure ``topology_1d``, and the two hidden units that fire from -1/2
and from 1/2 on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Rect, Theme
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.theme import mix
from topo_core.datasets import Dataset

FloatArray = NDArray[np.float64]

_SAMPLES = 481
_BELOW = 0.62  # from the line to the lower edge
_STRIP = 22.0  # thickness of the line's segments, in stroke units
_REACH = 1.12  # of the values of a tanh


@dataclass(frozen=True)
class Unit:
    """A unit's value as a function of x, ``(n,)`` to ``(n,)``; without a colour, that of the classes."""

    value: Callable[[FloatArray], FloatArray]
    colour: str = ""
    name: str = ""


@dataclass(frozen=True)
class Level:
    """A threshold on the value: the classes above and below it."""

    at: float
    above: int
    below: int


@dataclass
class LineGraphState:
    """What is shown, each from 0 to 1, and a point x on the line.

    ``lift`` raises the line to the middle of the picture; ``band`` tints the stretch given as such.
    """

    strip: float = 0.0
    lift: float = 0.0
    frame: float = 0.0
    drawn: float = 0.0
    level: float = 0.0
    band: float = 0.0
    cursor: float = 0.0
    x: float = 0.0


class LineGraph(Drawable):
    """The line with its classes, and graphs of units above it.

    Parameters
    ----------
    rect
        Where in the frame, numbers included.
    theme
        Colours and sizes.
    dataset
        Points on a line.
    units
        Whose graphs to draw.
    level
        Where one unit's values are divided.
    band
        A stretch of the line, and its class.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        dataset: Dataset,
        units: Sequence[Unit] = (),
        *,
        level: Level | None = None,
        band: tuple[float, float, int] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.dataset, self.units = rect, theme, dataset, tuple(units)
        self.level, self.band, self.state = level, band, LineGraphState()
        low, high = dataset.bounds[0]
        margin = 0.08 * (high - low)
        self.low, self.high = float(low - margin), float(high + margin)
        self.inner = Rect(rect.x0 + 0.75, rect.y0 + _BELOW, rect.x1, rect.y1)
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def place(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Points of the line and values, in the frame, ``(n, 2)``."""
        inner = self.inner
        across = (x - self.low) / (self.high - self.low)
        up = (y + _REACH) / (2 * _REACH)
        return np.stack(
            [inner.x0 + across * (inner.x1 - inner.x0), inner.y0 + 0.35 + up * (inner.y1 - inner.y0 - 0.35)],
            axis=1,
        )

    def _x(self, value: float) -> float:
        return float(self.place(np.array([value]), np.zeros(1))[0, 0])

    def draw(self, canvas: Canvas) -> None:
        """Draw tints, frame, graphs, the point, and the line itself."""
        state, inner = self.state, self.inner
        if state.level > 0 and self.level is not None:
            self._draw_level(canvas, self.level)
        if state.band > 0 and self.band is not None:
            low, high, label = self.band
            self._tint(canvas, self._x(low), inner.y0, self._x(high), inner.y1, label, state.band)
        if state.frame > 0:
            self._draw_frame(canvas)
        x = np.linspace(self.low, self.low + state.drawn * (self.high - self.low), _SAMPLES)
        for unit in self.units if state.drawn > 0 else ():
            self._draw_graph(canvas, unit, x)
        if state.cursor > 0:
            self._draw_cursor(canvas)
        if state.strip > 0:
            self._draw_strip(canvas)

    def _tint(
        self, canvas: Canvas, x0: float, y0: float, x1: float, y1: float, label: int, opacity: float
    ) -> None:
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        canvas.fill([corners], self.theme.region_colour(label), opacity)

    def _draw_level(self, canvas: Canvas, level: Level) -> None:
        inner, opacity = self.inner, self.state.level
        y = float(np.clip(self.place(np.zeros(1), np.array([level.at]))[0, 1], inner.y0, inner.y1))
        self._tint(canvas, inner.x0, y, inner.x1, inner.y1, level.above, opacity)
        self._tint(canvas, inner.x0, inner.y0, inner.x1, y, level.below, opacity)
        line = np.array([[inner.x0, y], [inner.x1, y]])
        canvas.stroke([line], self.theme.accent, self.theme.line_width, opacity=opacity)

    def _draw_frame(self, canvas: Canvas) -> None:
        theme, inner, opacity = self.theme, self.inner, self.state.frame
        canvas.stroke(
            [np.array([[inner.x0, inner.y0], [inner.x0, inner.y1]])], theme.axis, 2.0, opacity=opacity
        )
        for value in (-1.0, 0.0, 1.0):
            at = self.place(np.array([self.low, self.high]), np.full(2, value))
            canvas.stroke([at], theme.grid, theme.grid_width, opacity=opacity)
            number = number_glyphs(f"{value:g}", theme.tick_size)
            x = inner.x0 - 0.13 - number.width
            canvas.glyphs(number, x, at[0, 1] - number.box[3] / 2, theme.muted, opacity)

    def _draw_graph(self, canvas: Canvas, unit: Unit, x: FloatArray) -> None:
        theme = self.theme
        graph = self.place(x, unit.value(x))
        if unit.colour:
            canvas.stroke([graph], unit.colour, theme.curve_width, round_caps=True)
            return
        canvas.stroke([graph], theme.boundary, theme.boundary_width, round_caps=True)
        for label, low, high in self._segments():
            inside = graph[(x >= low) & (x <= high)]
            canvas.stroke([inside], theme.class_colour(label), theme.curve_width + 2, round_caps=True)

    def _segments(self) -> list[tuple[int, float, float]]:
        """Class and ends of every component."""
        found = []
        for component in self.dataset.components:
            for curve in component.curves:
                ends = curve.path(np.array([0.0, 1.0]))[:, 0]
                found.append((component.label, float(ends.min()), float(ends.max())))
        return found

    def _draw_cursor(self, canvas: Canvas) -> None:
        state, theme = self.state, self.theme
        at = np.array([state.x])
        stick = np.array([[self._x(state.x), self.inner.y0], [self._x(state.x), self.inner.y1]])
        canvas.stroke([stick], theme.ink, 2.5, opacity=state.cursor)
        for unit in self.units:
            spot = self.place(at, unit.value(at))
            canvas.dots(spot, theme.ink, 26, state.cursor)
            canvas.dots(spot, unit.colour or theme.muted, 19, state.cursor)

    def _draw_strip(self, canvas: Canvas) -> None:
        """The line, its segments in their classes' colours, letters above and numbers below."""
        state, theme, inner = self.state, self.theme, self.inner
        y = inner.y0 + state.lift * (inner.y1 - inner.y0) / 2
        rest = mix(theme.background, theme.grid, 0.6)
        ends = np.array([[inner.x0, y], [inner.x1, y]])
        canvas.stroke([ends], rest, _STRIP, opacity=state.strip)
        for label, low, high in self._segments():
            piece = np.array([[self._x(low), y], [self._x(high), y]])
            canvas.stroke([piece], theme.class_colour(label), _STRIP, opacity=state.strip)
            letter = text_glyphs(self.dataset.class_names[label], theme.text_size, "bold")
            x = (piece[0, 0] + piece[1, 0] - letter.width) / 2
            canvas.glyphs(letter, x, y + 0.3, theme.class_colour(label), state.strip * state.lift)
        for value in np.arange(np.ceil(2 * self.low) / 2, self.high, 0.5):
            number = number_glyphs(f"{value + 0.0:g}", theme.tick_size)
            tick = np.array([[self._x(value), y - 0.11], [self._x(value), y - 0.2]])
            canvas.stroke([tick], theme.axis, 2.0, opacity=state.strip)
            left = self._x(value) - number.width / 2
            canvas.glyphs(number, left, y - 0.3 - number.box[3], theme.muted, state.strip)
