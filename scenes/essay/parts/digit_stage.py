"""Where digits are seen turning, as pictures on the left and as points on their manifolds on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.digit_space import DigitSpace
from scenes.kit.camera import Drawable, SharedGroup
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs
from scenes.kit.theme import Theme
from scenes.kit.turntable import Piece, Turntable, curve_pieces, draw_pieces, surface_pieces
from scenes.kit.view import Rect

FloatArray = NDArray[np.float64]

#: Where the manifolds are.
SPACE = Rect(-2.6, -2.45, 6.8, 2.75)
#: The first picture alone; then the upper and the lower one of two.
LARGE = Rect(-6.75, -1.05, -3.05, 2.65)
UPPER = Rect(-6.75, 0.3, -4.3, 2.75)
LOWER = Rect(-6.75, -2.95, -4.3, -0.5)

#: Row and columns of the pixels whose numbers are shown.
ROW, COLUMNS = 10, range(9, 13)
#: Shares of a turn at which pictures are pinned to the first curve, and the size of these.
PINS = np.arange(1, 8, 2) / 8
_PIN = 1.0
_PIN_AWAY = 0.5  # between their inner edges and their points, in Manim units


@dataclass
class DigitState:
    """What is shown.

    Attributes
    ----------
    first, second
        Turns of the two digits.
    slide
        How far both have slid, as a share of the farthest; so far the surfaces reach, too.
    trail, other_trail
        Shares of the two curves that are drawn.
    azimuth, elevation
        Of the turntable, in radians.
    picture, other_picture
        How visible the digits' pictures are.
    split
        From the first picture alone (0) to one of two (1).
    shrink
        A copy of the first picture on its way to its point: 0 at the picture, 1 at the point.
    dot, other_dot
        How visible the digits' points are.
    twin
        How visible is the first digit as it is where its curve seems to cross itself, in place of the second.
    pixels, pins, axes, gap
        How visible the marked pixels, the pinned pictures, the axes, and the line between the points are.
    """

    first: float = 0.0
    second: float = 0.0
    slide: float = 0.0
    trail: float = 0.0
    other_trail: float = 0.0
    azimuth: float = 0.0
    elevation: float = 0.42
    picture: float = 0.0
    other_picture: float = 0.0
    split: float = 0.0
    shrink: float = 0.0
    dot: float = 0.0
    other_dot: float = 0.0
    twin: float = 0.0
    pixels: float = 0.0
    pins: float = 0.0
    axes: float = 0.0
    gap: float = 0.0


class DigitStage(SharedGroup):
    """The pictures and the space, drawn from one state."""

    def __init__(self, space: DigitSpace, theme: Theme) -> None:
        self.state = DigitState()
        self.space = space
        super().__init__(Pictures(space, self.state, theme), Manifolds(space, self.state, theme))

    def numbers(self) -> FloatArray:
        """The grey values of the marked pixels of the first picture."""
        image = self.space.image(0, self.state.first, self.state.slide)
        return image.reshape(self.space.digits[0].side, -1)[ROW, COLUMNS.start : COLUMNS.stop]

    def distance(self) -> float:
        """Between the two images that are seen now."""
        state = self.state
        return float(
            np.linalg.norm(
                self.space.image(0, state.first, state.slide) - self.space.image(1, state.second, state.slide)
            )
        )


def _box(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x0, rect.y0, rect.x1, rect.y1


def _between(a: Rect, b: Rect, share: float) -> Rect:
    return Rect(*((1 - share) * u + share * v for u, v in zip(_box(a), _box(b), strict=True)))


class _DigitDrawable(Drawable):
    def __init__(
        self, space: DigitSpace, state: DigitState, theme: Theme, rect: Rect, **options: Any
    ) -> None:
        super().__init__(**options)
        self.space, self.state, self.theme = space, state, theme
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def picture(
        self, canvas: Canvas, image: FloatArray, rect: Rect, label: int, opacity: float, *, frame: float = 2.5
    ) -> None:
        """An image in the colour of its class, in a frame."""
        if opacity <= 0:
            return
        theme = self.theme
        side = self.space.digits[0].side
        colour = theme.class_colour(label)
        canvas.image(
            image.reshape(side, side),
            _box(rect),
            theme.panel,
            colour,
            opacity=opacity,
            smooth=rect.x1 - rect.x0 < 1.2,
        )
        x0, y0, x1, y1 = _box(rect)
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0], [x1, y0]])
        canvas.stroke([corners], colour, frame, opacity=opacity)


class Pictures(_DigitDrawable):
    """The digits as they are now."""

    def __init__(self, space: DigitSpace, state: DigitState, theme: Theme) -> None:
        super().__init__(space, state, theme, Rect(LARGE.x0, LOWER.y0, LARGE.x1, UPPER.y1))

    def draw(self, canvas: Canvas) -> None:
        """Draw one picture, or two."""
        space, state = self.space, self.state
        image = space.image(0, state.first, state.slide)
        rect = _between(LARGE, UPPER, state.split)
        self.picture(canvas, image, rect, 0, state.picture)
        if state.pixels > 0:
            side = (rect.x1 - rect.x0) / space.digits[0].side
            x0, x1 = rect.x0 + side * COLUMNS.start, rect.x0 + side * COLUMNS.stop
            y0, y1 = rect.y1 - side * (ROW + 1), rect.y1 - side * ROW
            ring = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0], [x1, y0]])
            canvas.stroke([ring], self.theme.accent, 3.5, opacity=state.pixels)
        other = space.image(1, state.second, state.slide)
        self.picture(canvas, other, LOWER, 1, state.other_picture)
        if state.twin > 0:
            self.picture(canvas, space.image(0, space.crossing.second), LOWER, 0, state.twin)


def _fit(points: FloatArray, elevation: float) -> tuple[float, float]:
    """Scale and height of the origin at which points ``(..., 3)`` fill the space in a whole turn."""
    around = np.sin(elevation) * np.linalg.norm(points[..., :2], axis=-1)
    up = np.cos(elevation) * points[..., 2]
    above, below = float((around + up).max()), float((around - up).max())
    scale = (SPACE.y1 - SPACE.y0) / (above + below)
    return scale, SPACE.y0 + scale * below


class Manifolds(_DigitDrawable):
    """The curves and surfaces, on a turntable."""

    def __init__(self, space: DigitSpace, state: DigitState, theme: Theme) -> None:
        super().__init__(space, state, theme, SPACE)
        self.reach = float(np.linalg.norm(space.curves, axis=-1).max())
        self.surfaces = np.stack([space.surface(which, 1.0) for which in (0, 1)])
        self.axes = self.reach * np.array([1.1, 1.1, 0.7])

    @property
    def view(self) -> Turntable:
        """The turntable as it is now; surfaces need more room than curves."""
        state, x = self.state, float(SPACE.centre[0])
        fits = np.array([_fit(points, state.elevation) for points in (self.space.curves, self.surfaces)])
        scale, y = ((1 - state.slide) * fits[0] + state.slide * fits[1]).tolist()
        return Turntable((x, y), scale, self.reach, state.azimuth, state.elevation)

    def draw(self, canvas: Canvas) -> None:
        """Draw the axes, the manifolds, and the points and pictures on them."""
        view = self.view
        if self.state.axes > 0:
            self._axes(canvas, view)
        draw_pieces(canvas, self._pieces(view))
        if self.state.pins > 0:
            self._pins(canvas, view)
        self._points(canvas, view)

    def _axes(self, canvas: Canvas, view: Turntable) -> None:
        theme, opacity = self.theme, self.state.axes
        ends = np.diag(self.axes)
        for k, (start, end) in enumerate(zip(view(-ends), view(ends), strict=True)):
            canvas.stroke([np.stack([start, end])[:, :2]], theme.axis, 1.6, opacity=0.7 * opacity)
            name = number_glyphs(str(k + 1), theme.small_size)
            middle = view(np.zeros(3))[:2]
            outward = (end[:2] - middle) / max(float(np.linalg.norm(end[:2] - middle)), 0.3)
            x, y = end[:2] + 0.22 * outward - np.array([name.width, name.box[3]]) / 2
            canvas.glyphs(name, float(x), float(y), theme.muted, opacity)

    def _pieces(self, view: Turntable) -> list[Piece]:
        """What lies in space: curves until they become surfaces."""
        theme, state = self.theme, self.state
        pieces: list[Piece] = []
        for which, trail in enumerate((state.trail, state.other_trail)):
            if trail <= 0:
                continue
            colour = theme.class_colour(which)
            if state.slide > 0:
                placed = view(self.space.surface(which, state.slide))
                pieces += surface_pieces(placed, colour, 0.8, theme.background, edge=theme.curve_width)
            else:
                placed = view(self._trail(which, trail))
                pieces += curve_pieces(placed, colour, theme.curve_width, theme.background)
        return pieces

    def _trail(self, which: int, share: float) -> FloatArray:
        """The part of a curve that a digit has come along."""
        curve = self.space.curves[which]
        whole = share * (len(curve) - 1)
        kept = curve[: int(whole) + 1]
        return kept if whole == int(whole) else np.vstack([kept, self.space.place(which, share)])

    def _pins(self, canvas: Canvas, view: Turntable) -> None:
        """Pictures beside the points of the first curve that they are."""
        space, state = self.space, self.state
        for s in PINS[state.trail >= PINS]:
            opacity = state.pins * float(np.clip((state.trail - s) / 0.03, 0, 1))
            at = view(space.place(0, s))[:2]
            side = float(np.sign(at[0] - SPACE.centre[0]))
            away = at + np.array([side * (_PIN_AWAY + _PIN / 2), 0.45 * np.sign(at[1] - SPACE.centre[1])])
            canvas.stroke([np.stack([at, away])], self.theme.axis, 2.0, opacity=opacity)
            canvas.dots(at[None], self.theme.class_colour(0), 14, opacity)
            half = _PIN / 2
            rect = Rect(away[0] - half, away[1] - half, away[0] + half, away[1] + half)
            self.picture(canvas, space.image(0, s), rect, 0, opacity, frame=1.6)

    def _points(self, canvas: Canvas, view: Turntable) -> None:
        """The two digits as points, and the line between them."""
        space, state, theme = self.space, self.state, self.theme
        first = view(space.place(0, state.first, state.slide))[:2]
        second = view(space.place(1, state.second, state.slide))[:2]
        if state.gap > 0:
            line = np.stack([first, first + state.gap * (second - first)])
            canvas.stroke([line], theme.accent, theme.line_width, round_caps=True)
        for at, label, opacity in ((first, 0, state.dot), (second, 1, state.other_dot)):
            if opacity > 0:
                canvas.dots(at[None], theme.ink, 23, opacity)
                canvas.dots(at[None], theme.class_colour(label), 16, opacity)
        if state.twin > 0:
            at = view(space.place(0, space.crossing.second))[:2]
            canvas.dots(at[None], theme.ink, 23, state.twin)
            canvas.dots(at[None], theme.accent, 16, state.twin)
        if 0 < state.shrink < 1:
            half = 0.03
            end = Rect(first[0] - half, first[1] - half, first[0] + half, first[1] + half)
            self.picture(canvas, space.image(0, state.first), _between(LARGE, end, state.shrink), 0, 1.0)
