"""The evidence panel: what is measured of a network, as small plots in step with its motion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import Animation
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.plot import Axis
from scenes.kit.state import StateAnimation
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.along import Along

FloatArray = NDArray[np.float64]

#: A row is at most so high, its curve under its name and number.
_ROW = 1.25
#: The part of a row that name and number take.
_HEAD = 0.42
#: Values of a logarithmic scale below this share of the largest are drawn at its foot.
_FLOOR = 1e-30


class EvidenceState:
    """How far the panel is faded in, from 0 to 1."""

    shown: float = 1.0


class Evidence(Drawable):
    """Measured quantities one below the other, drawn up to the present position, with their numbers.

    The number is as of the last instant that was measured, never in between; where there is none, a dash.

    Parameters
    ----------
    measured
        What to show (``topo_core.along``).
    rect
        Where in the frame; the rows share its height.
    theme
        Colours and sizes.
    now
        The present position.
    """

    def __init__(
        self,
        measured: Sequence[Along],
        rect: Rect,
        theme: Theme,
        now: Callable[[], float],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.now = rect, theme, now
        self.measured = tuple(measured)
        height = min(_ROW, (rect.y1 - rect.y0) / max(len(self.measured), 1))
        last = max(float(one.positions[-1]) for one in self.measured)
        self.across = Axis(0.0, max(last, 1.0), ticks=())
        self.rows = [_Row(one, height, rect.y1 - k * height) for k, one in enumerate(self.measured)]
        foot = rect.y1 - len(self.rows) * height
        self.points = np.array([[rect.x0, foot, 0.0], [rect.x1, rect.y1, 0.0]])
        self.state = EvidenceState()

    def create(self, run_time: float = 1.5) -> Animation:
        """Fade the panel in."""
        self.state.shown = 0.0
        return StateAnimation(self, {"shown": 1.0}, run_time=run_time)

    def hide(self, run_time: float = 1.0) -> Animation:
        """Fade the panel out."""
        return StateAnimation(self, {"shown": 0.0}, run_time=run_time)

    def draw(self, canvas: Canvas) -> None:
        """Draw every row at the present position."""
        shown = self.state.shown
        if shown <= 0:
            return
        now = self.now()
        for row in self.rows:
            self._draw_head(canvas, row, now, shown)
            self._draw_curve(canvas, row, now, shown)

    def _draw_head(self, canvas: Canvas, row: _Row, now: float, shown: float) -> None:
        theme, rect = self.theme, self.rect
        name = text_glyphs(row.measured.name, theme.small_size)
        base = row.top - 0.3
        canvas.glyphs(name, rect.x0, base, theme.ink, shown)
        right = rect.x1
        for label, content in reversed(list(enumerate(row.numbers(now)))):
            number = number_glyphs(content, theme.small_size, "bold")
            colour = theme.class_colour(label) if row.by_class else theme.accent
            canvas.glyphs(number, right - number.width, base, colour, shown)
            right -= number.width + 0.25
        if row.measured.reference is not None:
            value, what = row.measured.reference
            words = text_glyphs(
                f"({what} {100 * value:.3g} %)"
                if row.measured.kind == "share"
                else f"({what} {row.number(value)})",
                theme.small_size,
            )
            canvas.glyphs(words, rect.x0 + name.width + 0.15, base, theme.muted, shown)

    def _draw_curve(self, canvas: Canvas, row: _Row, now: float, shown: float) -> None:
        theme, rect, axis = self.theme, self.rect, row.axis
        low, high = row.top - row.height + 0.14, row.top - _HEAD

        def place(x: FloatArray, y: FloatArray) -> FloatArray:
            across = rect.x0 + self.across.share(x) * (rect.x1 - rect.x0)
            return np.stack([across, low + np.clip(axis.share(y), 0, 1) * (high - low)], axis=1)

        edge = np.array([[rect.x0, low], [rect.x1, low]])
        canvas.stroke([edge], theme.axis, 1.5, opacity=shown)
        marks = np.arange(0.0, self.across.high + 0.5) if self.across.high <= 12 else np.empty(0)
        for x in self.across.share(marks) * (rect.x1 - rect.x0) + rect.x0:
            canvas.stroke([np.array([[x, low], [x, low + 0.07]])], theme.axis, 1.5, opacity=shown)
        if row.measured.reference is not None:
            line = place(np.array([0.0, self.across.high]), np.full(2, row.measured.reference[0]))
            canvas.stroke([line], theme.muted, 2.0, opacity=shown)
        x = row.measured.positions
        known = x <= now + 1e-9
        for label, y in enumerate(row.values.T):
            colour = theme.class_colour(label) if row.by_class else theme.accent
            runs = _runs(known & np.isfinite(y))
            lines = [place(x[run], y[run]) for run in runs]
            canvas.stroke(lines, colour, 3.5, opacity=shown, round_caps=True)
            if lines:
                canvas.dots(lines[-1][-1:], colour, 10, shown)


class _Row:
    """One quantity, its place and its scale."""

    def __init__(self, measured: Along, height: float, top: float) -> None:
        self.measured, self.height, self.top = measured, height, top
        self.by_class = measured.values.ndim == 2
        self.values = measured.values if self.by_class else measured.values[:, None]
        self.axis = _scale(measured.kind, self.values, measured.reference)

    def numbers(self, now: float) -> list[str]:
        """The last measured values in words, one for each class or one in all."""
        at = int(np.searchsorted(self.measured.positions, now + 1e-9, side="right")) - 1
        if at < 0:
            return ["−"] * self.values.shape[1]
        return [self.number(float(value)) for value in self.values[at]]

    def number(self, value: float) -> str:
        """A value in words."""
        if not np.isfinite(value):
            return "−"
        if self.measured.kind == "count":
            return f"{round(value):+d}" if self.values.min(initial=0) < 0 else f"{round(value)}"
        if self.measured.kind == "share":
            shown = f"{100 * value:.1f}"
            return "100 %" if value == 1 else f"{min(float(shown), 99.9):.1f} %"
        if value != 0 and not 1e-3 <= abs(value) < 1e4:
            mantissa, exponent = f"{value:.1e}".split("e")
            return f"{mantissa}e{int(exponent)}"
        return f"{value:.2g}" if abs(value) < 10 else f"{value:.0f}"


def _runs(known: NDArray[np.bool_]) -> list[slice]:
    """Stretches of neighbouring values that are there."""
    edges = np.flatnonzero(np.diff(known, prepend=False, append=False))
    return [slice(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]


def _scale(kind: str, values: FloatArray, reference: tuple[float, str] | None) -> Axis:
    """What the height of a row stands for."""
    finite = values[np.isfinite(values)]
    if kind == "share":
        low = min(float(finite.min(initial=1.0)), reference[0] if reference else 1.0)
        return Axis(max(0.0, low - 0.08), 1.0)
    if kind == "positive" and (finite > 0).any():
        high = float(finite.max())
        low = max(float(finite[finite > 0].min()), high * _FLOOR)
        return Axis(low * 0.8, high * 1.25, log=True)
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    return Axis(low - 0.1, high * 1.1 + 0.1) if kind == "count" else Axis(low, high * 1.1 or 1.0)
