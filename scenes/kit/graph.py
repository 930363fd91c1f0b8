"""The graph of a function that may change from frame to frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect, View

FloatArray = NDArray[np.float64]

_SAMPLES = 257
_TICK = 0.05
_TITLE = 0.45  # from the upper edge to the picture


class Graph(Drawable):
    """A function's graph, at equal scale in both directions, with axes through the origin.

    Parameters
    ----------
    rect
        Where in the frame, title included.
    theme
        Colours and sizes.
    title
        What is shown.
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
        title: str,
        function: Callable[[FloatArray], FloatArray],
        *,
        low: float,
        high: float,
        bottom: float,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.title, self.function = rect, theme, title, function
        inner = Rect(rect.x0, rect.y0, rect.x1, rect.y1 - _TITLE)
        width, height = (2 * inner.half).tolist()
        scale = width / (high - low)
        self.view = View(inner, np.array([(low + high) / 2, bottom + height / scale / 2]), scale)
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw the title, the axes, their units, the line y = x and the graph."""
        theme, view = self.theme, self.view
        rect = view.rect
        title, tall = (text_glyphs(word, theme.small_size, "bold") for word in (self.title, "f"))
        canvas.glyphs(title, rect.x0, self.rect.y1 - tall.box[3], theme.ink)  # the same for all titles
        (x0, x1), (y0, y1) = view.window.tolist()
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        diagonal = np.array([[min(x0, y0)] * 2, [max(x1, y1)] * 2])
        canvas.stroke([view(diagonal)], theme.grid, theme.grid_width)
        axes = [np.array([[x0, 0.0], [x1, 0.0]]), np.array([[0.0, y0], [0.0, y1]])]
        tick = _TICK / view.scale
        axes += [np.array([[k, -tick], [k, tick]]) for k in _units(x0, x1)]
        axes += [np.array([[-tick, k], [tick, k]]) for k in _units(y0, y1)]
        canvas.stroke([view(line) for line in axes], theme.axis, 2.0)
        x = np.linspace(x0, x1, _SAMPLES)
        graph = view(np.stack([x, self.function(x)], axis=1))
        canvas.stroke([graph], theme.accent, theme.line_width, round_caps=True)
        canvas.context.restore()
        one = number_glyphs("1", theme.tick_size)
        at = view(np.array([[0.0, 1.0]]))[0]
        canvas.glyphs(one, at[0] - 0.12 - one.width, at[1] - one.box[3] / 2, theme.muted)


def _units(low: float, high: float) -> list[int]:
    """The whole numbers from ``low`` to ``high``, without 0."""
    return [k for k in range(int(np.ceil(low)), int(np.floor(high)) + 1) if k]
