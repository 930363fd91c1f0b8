"""Axes, ticks and their numbers, redrawn at every frame as the camera zooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect, View, nice_step, ticks

FloatArray = NDArray[np.float64]

_TICK = 0.09  # length of a tick
_GAP = 0.13  # from the edge to its number


class Ticks:
    """The frame of a picture: its axes through the origin, ticks and numbers along two edges."""

    #: Whether ticks fade where they come in at an edge, as it looks well in films; else all are there.
    fades = True

    def __init__(self, rect: Rect, theme: Theme) -> None:
        self.rect, self.theme = rect, theme

    def draw_axes(self, canvas: Canvas, view: View, opacity: float) -> None:
        """The two axes through the origin (the caller clips)."""
        x, y = view(np.zeros((1, 2)))[0]
        rect = self.rect
        axes = [np.array([[rect.x0, y], [rect.x1, y]]), np.array([[x, rect.y0], [x, rect.y1]])]
        canvas.stroke(axes, self.theme.axis, 1.6, opacity=0.7 * opacity)

    def draw_edges(self, canvas: Canvas, view: View, opacity: float) -> None:
        """The frame, and ticks with numbers along its lower and left edge."""
        if opacity <= 0:
            return
        rect, theme = self.rect, self.theme
        corners = [(rect.x0, rect.y0), (rect.x1, rect.y0), (rect.x1, rect.y1), (rect.x0, rect.y1)]
        frame = np.array([*corners, corners[0]])
        marks: list[FloatArray] = [frame]
        window = view.window
        step = self._step(view)
        for axis in (0, 1):
            for value in ticks(window[axis, 0], window[axis, 1], step):
                at = view(np.full((1, 2), value))[0, axis]
                low, high = ((rect.x0, rect.x1), (rect.y0, rect.y1))[axis]
                seen = min(1.0, (at - low - 0.12) / 0.03, (high - at - 0.12) / 0.03)
                fade = opacity * (seen if self.fades else 1.0)
                if fade <= 0:
                    continue
                label = _number(float(value), step)
                if axis == 0:
                    marks.append(np.array([[at, rect.y0], [at, rect.y0 + _TICK]]))
                    self._label(canvas, label, fade, centre=at)
                else:
                    marks.append(np.array([[rect.x0, at], [rect.x0 + _TICK, at]]))
                    self._label(canvas, label, fade, middle=at)
        canvas.stroke(marks, theme.axis, 2.0, opacity=opacity)

    def _step(self, view: View) -> float:
        """From tick to tick: at most five parts of the shorter side, fewer where numbers would touch."""
        window = view.window
        step = nice_step(float((window[:, 1] - window[:, 0]).min()))
        while step * view.scale < self._room(window[0], step):
            step = nice_step(1.5 * step, 1)
        return step

    def _room(self, bounds: FloatArray, step: float) -> float:
        """What the widest number along an axis needs, with a gap beside it."""
        ends = (_number(float(step * np.fix(bound / step)), step) for bound in bounds)
        return max(number_glyphs(end, self.theme.tick_size).width for end in ends) + _GAP

    def _label(
        self,
        canvas: Canvas,
        content: str,
        opacity: float,
        *,
        centre: float | None = None,
        middle: float | None = None,
    ) -> None:
        """A number below the lower edge at ``centre`` or left of the left edge at ``middle``."""
        glyphs = number_glyphs(content, self.theme.tick_size)
        if centre is not None:
            # The minus sign hangs out, so that the digits are centred on the tick.
            digits = number_glyphs(content.lstrip("-"), self.theme.tick_size).width
            x, y = centre + digits / 2 - glyphs.width, self.rect.y0 - _GAP - glyphs.box[3]
        else:
            assert middle is not None
            x, y = self.rect.x0 - _GAP - glyphs.width, middle - glyphs.box[3] / 2
        canvas.glyphs(glyphs, x, y, self.theme.muted, opacity)


def _number(value: float, step: float) -> str:
    """A tick's number, with as many decimals as the step needs."""
    label = f"{value + 0.0:.{max(0, -int(np.floor(np.log10(step) + 1e-9)))}f}"
    return label.lstrip("-") if float(label) == 0 else label
