"""The graph of a function that may change from frame to frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect, View

FloatArray = NDArray[np.float64]

_SAMPLES = 257
_TICK = 0.05


class Graph(Drawable):
    """A function's graph, at equal scale in both directions, with axes through the origin.

    Parameters
    ----------
    rect
        Where in the frame.
    theme
        Colours and sizes.
    function
        Values ``(n,)`` at ``(n,)``: asked anew at every frame, a pure function of what the scene shows.
    low, high
        The range of x; that of y follows from the rectangle and ``bottom``.
    bottom
        The lowest y in the picture.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        function: Callable[[FloatArray], FloatArray],
        *,
        low: float,
        high: float,
        bottom: float,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.function = rect, theme, function
        width, height = 2 * rect.half
        scale = float(width) / (high - low)
        self.view = View(rect, np.array([(low + high) / 2, bottom + float(height) / scale / 2]), scale)
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw the axes, their units, the line y = x and the graph."""
        theme, rect, view = self.theme, self.rect, self.view
        (x0, x1), (y0, y1) = view.window.tolist()
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        diagonal = np.array([[min(x0, y0)] * 2, [max(x1, y1)] * 2])
        canvas.stroke([view(diagonal)], theme.grid, theme.grid_width)
        axes = [view(np.array(ends)) for ends in ([[x0, 0.0], [x1, 0.0]], [[0.0, y0], [0.0, y1]])]
        units = [view(np.array([[k, 0.0]]))[0] for k in range(int(np.ceil(x0)), int(x1) + 1) if k]
        axes += [np.array([[x, y - _TICK], [x, y + _TICK]]) for x, y in units]
        units = [view(np.array([[0.0, k]]))[0] for k in range(int(np.ceil(y0)), int(y1) + 1) if k]
        axes += [np.array([[x - _TICK, y], [x + _TICK, y]]) for x, y in units]
        canvas.stroke(axes, theme.axis, 2.0)
        x = np.linspace(x0, x1, _SAMPLES)
        graph = view(np.stack([x, self.function(x)], axis=1))
        canvas.stroke([graph], theme.accent, theme.line_width, round_caps=True)
        canvas.context.restore()
        one = number_glyphs("1", theme.tick_size)
        at = view(np.array([[0.0, 1.0]]))[0]
        canvas.glyphs(one, at[0] - 0.12 - one.width, at[1] - one.box[3] / 2, theme.muted)
