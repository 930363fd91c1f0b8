"""What the scenes about homeomorphisms draw on a stage: the open square, two points, a sheet with a front."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Stage, Theme
from scenes.kit.glyphs import text_glyphs
from scenes.kit.motion import moved
from scenes.kit.theme import mix
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


#: Less of its area than this, relative to that at the start, and a sheet is a line.
_FLAT = 1e-9


class Mark(Drawable):
    """Something drawn over a stage's plane, wherever that is along the network."""

    def __init__(self, stage: Stage, **options: Any) -> None:
        super().__init__(**options)
        self.stage, self.theme = stage, stage.theme
        self.points = stage.plane.points.copy()

    def now(self, points: FloatArray) -> FloatArray:
        """Where points ``(n, 2)`` of the input space are now, in data units."""
        return moved(self.stage.plane.space.motion, points, self.stage.state.position)

    @contextmanager
    def inside(self, canvas: Canvas) -> Iterator[None]:
        """Draw within the plane's rectangle only."""
        rect = self.stage.plane.rect
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        try:
            yield
        finally:
            canvas.context.restore()


class OpenSquare(Mark):
    """The square ``(-1, 1)^2``, its edges dashed, for they do not belong to it."""

    def draw(self, canvas: Canvas) -> None:
        """Draw the four edges."""
        corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])
        corners = self.stage.plane.view(corners)
        dashes = []
        for a, b in pairwise(corners):
            count = max(1, round(float(np.linalg.norm(b - a)) / 0.26))
            starts = np.arange(count) / count
            dashes += [np.stack([a + s * (b - a), a + (s + 0.55 / count) * (b - a)]) for s in starts]
        with self.inside(canvas):
            canvas.stroke(dashes, self.theme.accent, 4.0)


class Pair(Mark):
    """Two points of the input plane, ``a`` of class A and ``b`` of class B, and what lies between them.

    Parameters
    ----------
    stage
        In whose plane they are.
    pair
        ``(2, 2)``: a, then b.
    """

    def __init__(self, stage: Stage, pair: FloatArray, **options: Any) -> None:
        super().__init__(stage, **options)
        self.pair = pair
        self._between = pair[0] + np.linspace(0, 1, 65)[:, None] * (pair[1] - pair[0])

    def distance(self) -> float:
        """How far apart they are now, in data units."""
        a, b = self.now(self.pair)
        return float(np.linalg.norm(a - b))

    def draw(self, canvas: Canvas) -> None:
        """Draw what is between them, then the points with their names."""
        theme, view = self.theme, self.stage.plane.view
        line, ends = view(self.now(self._between)), view(self.now(self.pair))
        apart = float(np.linalg.norm(ends[1] - ends[0]))
        merged = 1 - min(1.0, apart / 0.6)  # where both are one, both can be seen
        with self.inside(canvas):
            canvas.stroke([line], theme.accent, 4.0)
            for label, (end, grown) in enumerate(zip(ends, (8.0, -11.0), strict=True)):
                canvas.dots(end[None], theme.accent, 33 + grown * merged)
                canvas.dots(end[None], theme.class_colour(label), 24 + grown * merged)
        for name, end, side in zip("ab", ends, (-1.0, 1.0), strict=True):
            glyphs = text_glyphs(name, theme.text_size, "bold")
            middle = end[0] + side * max(0.34, 0.34 - apart) - glyphs.width / 2
            canvas.glyphs(glyphs, float(middle), float(end[1]) + 0.28, theme.ink)


class Cloud(Mark):
    """Many small dots, in the colour of the class that a network gives them.

    Parameters
    ----------
    stage
        In whose plane they are.
    dots
        ``(n, 2)``, points of the input plane.
    trace
        The network that decides their colour.
    """

    def __init__(self, stage: Stage, dots: FloatArray, trace: Trace, **options: Any) -> None:
        super().__init__(stage, **options)
        self.dots = dots
        self._labels = trace.predict(dots)
        self._started: dict[int, FloatArray] = {}

    def now(self, points: FloatArray) -> FloatArray:
        """Where the dots are now; what their motion starts from is computed once for each layer."""
        motion, position = self.stage.plane.space.motion, self.stage.state.position
        whole = int(position)
        if whole not in self._started:
            self._started[whole] = motion.start(points, whole)
        return motion.move(self._started[whole], position)

    def draw(self, canvas: Canvas) -> None:
        """Draw the dots of each class."""
        theme, placed = self.theme, self.stage.plane.view(self.now(self.dots))
        with self.inside(canvas):
            for label in np.unique(self._labels).tolist():
                colour = mix(theme.panel, theme.class_colour(label), 0.75)
                canvas.dots(placed[self._labels == label], colour, 4.0)


class Sheet(Mark):
    """The plane as a sheet with a letter on its front; seen from behind it has another colour.

    Parameters
    ----------
    stage
        Whose plane it is, moved by linear maps.
    """

    #: What stands on the sheet: a letter that no rotation turns into its mirror image.
    LETTER = "F"

    def __init__(self, stage: Stage, **options: Any) -> None:
        super().__init__(stage, **options)
        (x0, x1), (y0, y1) = stage.plane.space.domain
        self._corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        glyphs = text_glyphs(self.LETTER, 100, "bold")
        rings = [_flattened(curve) for curve in glyphs.curves]
        low, high = np.array(glyphs.box[:2]), np.array(glyphs.box[2:])
        scale = 0.62 * float((y1 - y0) / (high - low)[1])
        centre = np.array([x0 + x1, y0 + y1]) / 2
        self._letter = [centre + scale * (ring - (low + high) / 2) for ring in rings]

    @staticmethod
    def back(theme: Theme) -> str:
        """The colour of its back."""
        return theme.class_colour(2)

    def side(self) -> float:
        """Its signed area now, relative to that at the start: negative when one sees the back."""
        now = self.now(self._corners)
        (a, b), (c, d) = now[2] - now[0], now[3] - now[1]
        (e, f), (g, h) = self._corners[2] - self._corners[0], self._corners[3] - self._corners[1]
        return float((a * d - b * c) / (e * h - f * g))

    def draw(self, canvas: Canvas) -> None:
        """Draw the sheet, then its letter."""
        theme, view = self.theme, self.stage.plane.view
        side = self.side()
        back = side < 0
        colour = self.back(theme) if back else theme.ink
        with self.inside(canvas):
            if abs(side) < _FLAT:
                corners = view(self.now(self._corners))
                canvas.stroke([np.concatenate([corners, corners[:1]])], theme.accent, 7.0, round_caps=True)
                return
            canvas.fill([view(self.now(self._corners))], colour, 0.22 if back else 0.07)
            letter = [view(self.now(ring)) for ring in self._letter]
            canvas.fill(letter, mix(theme.panel, colour, 0.85))
            outline = [np.concatenate([ring, ring[:1]]) for ring in letter]
            canvas.stroke(outline, mix(theme.panel, colour, 0.85), 2.0)


def _flattened(curves: FloatArray, samples: int = 8) -> FloatArray:
    """Manim's cubic curves ``(4 k, 2)``, one closed outline, as a polygon."""
    s = (np.arange(samples) / samples)[None, :, None]
    p, q, r, t = (curves.reshape(-1, 4, 2)[:, i, None] for i in range(4))
    points: FloatArray = (1 - s) ** 3 * p + 3 * s * (1 - s) ** 2 * q + 3 * s**2 * (1 - s) * r + s**3 * t
    return points.reshape(-1, 2)
