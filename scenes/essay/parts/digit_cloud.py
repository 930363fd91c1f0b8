"""Digits as points of a small representation while a network is trained, and pictures of some of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import text_glyphs
from scenes.kit.motion import TrainingMotion
from scenes.kit.space3d import Space3D
from scenes.kit.theme import Theme
from scenes.kit.view import Follow, Rect
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Of every hundred points, so many may be out of the picture on each side.
_OUT = 0.5


class DigitPoints:
    """All digits of a trace's dataset, and where they are in its last representation.

    Attributes
    ----------
    images, labels
        ``(n, 8, 8)`` and ``(n,)``: the training set, then the test set.
    tested
        ``(n,)``: which of them are the test set.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        test, test_labels = trace.dataset.dense()
        self.given = np.concatenate([trace.dataset.points, test])
        self.labels: IntArray = np.concatenate([trace.dataset.labels, test_labels])
        self.tested = np.arange(len(self.given)) >= len(trace.dataset.points)
        side = round(trace.dataset.dimension**0.5)
        self.images = self.given.reshape(-1, side, side)
        self._motion = TrainingMotion(trace)

    def at(self, position: float) -> FloatArray:
        """Representations ``(n, d)`` at a position among the snapshots; between two, weights are blended."""
        return self._motion.representation(self.given, position, self.trace.n_layers)

    def typical(self, label: int, position: float) -> int:
        """The digit of a class that is nearest to the median of its class."""
        own = np.flatnonzero(self.labels == label)
        h = self.at(position)[own]
        return int(own[np.linalg.norm(h - np.median(h, axis=0), axis=1).argmin()])

    def elongation(self, position: float) -> float:
        """How many times as long as wide a class is, along its principal axes: median of the classes."""
        h = self.at(position)
        ratios = []
        for label in range(self.trace.n_classes):
            spread = np.linalg.svd(h[self.labels == label] - h[self.labels == label].mean(axis=0))[1]
            ratios.append(float(spread[0] / spread[1]))
        return float(np.median(ratios))


@dataclass
class CloudState:
    """What is shown: the position among the snapshots, and how visible points and typical digits are."""

    position: float = 0.0
    points: float = 0.0
    pictures: float = 0.0


def draw_digit(
    canvas: Canvas,
    image: FloatArray,
    middle: tuple[float, float],
    side: float,
    theme: Theme,
    colour: str,
    opacity: float = 1.0,
) -> None:
    """A digit in a colour, in a frame of it."""
    x, y = middle
    x0, y0, x1, y1 = x - side / 2, y - side / 2, x + side / 2, y + side / 2
    canvas.image(image, (x0, y0, x1, y1), theme.panel, colour, opacity=opacity, smooth=side < 1)
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0], [x1, y0]])
    canvas.stroke([corners], colour, 2.5, opacity=opacity)


class DigitCloud(Drawable):
    """A plane of digits.

    Parameters
    ----------
    digits
        Their representations have two coordinates.
    rect
        Where in the frame; the view follows nearly all of the points.
    theme
        Colours: those of the classes.
    picture
        Side of the pictures of typical digits, in Manim units.
    """

    def __init__(
        self, digits: DigitPoints, rect: Rect, theme: Theme, *, picture: float = 0.5, **options: Any
    ) -> None:
        super().__init__(**options)
        self.digits, self.rect, self.theme, self.picture = digits, rect, theme, picture
        self.state = CloudState()
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])
        self.last = float(digits.trace.n_snapshots - 1)
        positions = np.arange(self.last + 1)
        bounds = np.array(
            [np.percentile(digits.at(position), [_OUT, 100 - _OUT], axis=0).T for position in positions]
        )
        self._follow = Follow(rect, positions, bounds, margin=0.1, rests=False)
        self._typical = [digits.typical(label, self.last) for label in range(digits.trace.n_classes)]

    def place(self) -> FloatArray:
        """Where all digits are in the frame now, ``(n, 2)``."""
        position = self.state.position
        return self._follow(position)(self.digits.at(position))

    def draw(self, canvas: Canvas) -> None:
        """Draw the points, and typical digits of each class."""
        state, theme, rect = self.state, self.theme, self.rect
        corners = np.array([[rect.x0, rect.y0], [rect.x1, rect.y0], [rect.x1, rect.y1], [rect.x0, rect.y1]])
        canvas.fill([corners], theme.panel)
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        places = self.place()
        for label in range(self.digits.trace.n_classes):
            own = places[self.digits.labels == label]
            canvas.dots(own, theme.class_colour(label), 6, state.points)
        if state.pictures > 0:
            for label, index in enumerate(self._typical):
                x, y = places[index].tolist()
                image, colour = self.digits.images[index], theme.class_colour(label)
                draw_digit(canvas, image, (x, y), self.picture, theme, colour, state.pictures)
        canvas.context.restore()


class DigitLegend(Drawable):
    """A digit of each class in its colour, in a column.

    Parameters
    ----------
    digits
        The first of each class is shown.
    x, top, side
        Middle and upper end of the column, and side of a picture, in Manim units.
    """

    def __init__(
        self, digits: DigitPoints, x: float, top: float, side: float, theme: Theme, **options: Any
    ) -> None:
        super().__init__(**options)
        self.digits, self.x, self.top, self.side, self.theme = digits, x, top, side, theme
        self.n = digits.trace.n_classes
        bottom = top - 1.14 * side * self.n
        self.points = np.array([[x - side, bottom, 0.0], [x + side, top, 0.0]])

    def look(self) -> int:
        """Always the same."""
        return 0

    def draw(self, canvas: Canvas) -> None:
        """Draw the column."""
        for label in range(self.n):
            index = int(np.flatnonzero(self.digits.labels == label)[0])
            y = self.top - (label + 0.5) * 1.14 * self.side
            colour = self.theme.class_colour(label)
            draw_digit(canvas, self.digits.images[index], (self.x, y), self.side, self.theme, colour)


class CapPictures(Drawable):
    """Digits on a sphere about the origin, those on its far side hidden.

    Parameters
    ----------
    digits, chosen
        Which digits.
    at
        Their points of space, ``(m, 3)``.
    space, side, theme
        Where they are seen, the side of a picture in Manim units, and colours.
    """

    def __init__(
        self,
        digits: DigitPoints,
        chosen: Sequence[int],
        at: FloatArray,
        space: Space3D,
        side: float,
        theme: Theme,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.digits, self.chosen, self.at = digits, tuple(chosen), at
        self.space, self.side, self.theme = space, side, theme
        self.points = space.points.copy()

    def draw(self, canvas: Canvas) -> None:
        """Draw those on the near side, the nearest last; near the rim they are faint."""
        places = self.space.place(self.at)
        facing = self.space.viewpoint.view(self.at)[:, 2]
        for row in np.argsort(facing, kind="stable").tolist():
            opacity = float(np.clip((facing[row] - 0.1) / 0.25, 0, 1))
            if opacity > 0:
                index = self.chosen[row]
                colour = self.theme.class_colour(int(self.digits.labels[index]))
                x, y = places[row].tolist()
                image = self.digits.images[index]
                draw_digit(canvas, image, (x, y), self.side, self.theme, colour, opacity)


class Exhibits(Drawable):
    """Pictures of some digits in a column, each with words and a line to its point.

    Parameters
    ----------
    digits, chosen, words
        Which digits, and what is written beside each.
    rect
        The column: pictures at its left, from the top.
    ends
        Where their points are in the frame now, ``(n, 2)``.
    theme
        Colours.
    """

    def __init__(
        self,
        digits: DigitPoints,
        chosen: Sequence[int],
        words: Sequence[tuple[str, str]],
        rect: Rect,
        ends: Callable[[], FloatArray],
        theme: Theme,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.digits, self.chosen, self.words = digits, tuple(chosen), tuple(words)
        self.rect, self.ends, self.theme = rect, ends, theme
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw pictures, words and lines."""
        theme, rect, ends = self.theme, self.rect, self.ends()
        step = (rect.y1 - rect.y0) / max(len(self.chosen), 1)
        side = min(0.8 * step, 1.25)
        for row, (index, lines) in enumerate(zip(self.chosen, self.words, strict=True)):
            y = rect.y1 - (row + 0.5) * step
            at = ends[index]
            canvas.stroke([np.array([at, [rect.x0, y]])], theme.accent, 2.5)
            canvas.dots(at[None], theme.accent, 17)
            colour = theme.class_colour(int(self.digits.labels[index]))
            canvas.dots(at[None], colour, 10)
            draw_digit(canvas, self.digits.images[index], (rect.x0 + side / 2, y), side, theme, colour)
            for k, line in enumerate(lines):
                glyphs = text_glyphs(line, theme.text_size)
                canvas.glyphs(glyphs, rect.x0 + side + 0.3, y + 0.14 - 0.5 * k, theme.ink)
