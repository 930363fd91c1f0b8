"""Where two curves in space cross in the picture, and the signs of these crossings.

Half the sum of the signs is the linking number, from wherever the curves are seen (Rolfsen, "Knots and
Links", 1976, chapter 5D).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Space3D
from scenes.kit.glyphs import number_glyphs

FloatArray = NDArray[np.float64]

#: Diameter of a ring, its width, in Manim's stroke units, and from its middle to that of its sign.
_RING, _WIDTH, _AWAY = 52.0, 4.0, 0.58
#: Of a sign, beside its middle.
_BREADTH = np.array([[-0.1, 0.0], [0.1, 0.0]])
#: Signs are wider than high: distances count for so much, across and up.
_SHAPE = np.array([0.65, 1.0])
#: From the middle of a ring to that of a sign that keeps clear; clearance beyond which it makes no
#: difference, by which one direction is clearly better than another, and that the far side of the middle is
#: worth.
_CLEAR, _ENOUGH, _BETTER, _FAR = 0.66, 0.4, 0.008, 0.06


class Crossings(NamedTuple):
    """In the frame: where, ``(n, 2)``, and the signs, ``(n,)``, 1 or -1."""

    at: FloatArray
    signs: NDArray[np.int64]


def crossings(first: FloatArray, second: FloatArray) -> Crossings:
    """The crossings of two closed polygons with each other, as they are seen, in general position.

    Parameters
    ----------
    first, second
        ``(n, 3)`` and ``(m, 3)``: x and y in the picture, and z towards the eye.

    Returns
    -------
    A sign is 1 where the upper polygon has to be turned counterclockwise, by less than half a turn, to run
    as the lower one does.
    """
    p, q = first[:, None], second[None]
    u, v = (np.roll(polygon, -1, axis=0) - polygon for polygon in (first, second))
    across = _cross(u[:, None], v[None])
    with np.errstate(divide="ignore", invalid="ignore"):
        s, t = _cross(q - p, v[None]) / across, _cross(q - p, u[:, None]) / across
    i, j = np.nonzero((s >= 0) & (s < 1) & (t >= 0) & (t < 1))
    mine, theirs = first[i] + s[i, j, None] * u[i], second[j] + t[i, j, None] * v[j]
    above = np.where(mine[:, 2] > theirs[:, 2], 1, -1)
    return Crossings(mine[:, :2], above * np.sign(across[i, j]).astype(np.int64))


def clearest(place: FloatArray, away: FloatArray, drawn: FloatArray) -> FloatArray:
    """The place ``(2,)`` beside a crossing where a sign is clearest of what is drawn.

    It is in a mean of all directions, weighted so that it turns steadily when the picture does.

    Parameters
    ----------
    place
        Of the crossing, ``(2,)``, in the frame.
    away
        The unit vector ``(2,)`` that is best where there is nothing in the way.
    drawn
        Points ``(n, 2)`` of the curves.
    """
    angle = 2 * np.pi * np.arange(48) / 48
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    spots = place + _CLEAR * direction
    clearance = np.linalg.norm((spots[:, None] - drawn) * _SHAPE, axis=2).min(axis=1)
    score = np.minimum(clearance, _ENOUGH) + _FAR * direction @ away
    weight = np.exp((score - score.max()) / _BETTER)
    mean = weight @ direction
    result: FloatArray = place + _CLEAR * mean / max(float(np.linalg.norm(mean)), 1e-9)
    return result


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    result: FloatArray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return result


@dataclass
class SignsState:
    """How visible they are, from 0 to 1."""

    shown: float = 0.0


class CrossingSigns(Drawable):
    """A ring around every crossing of two curves in a space, and its sign beside it.

    Parameters
    ----------
    space
        The curves are seen as its camera sees them.
    curves
        Gives the two closed polygons ``(n, 3)`` at every frame.
    clear
        Whether signs keep clear of the curves, instead of all standing on the far side of the middle.
    """

    def __init__(
        self,
        space: Space3D,
        curves: Callable[[], tuple[FloatArray, FloatArray]],
        *,
        clear: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.space, self.curves, self.clear = space, curves, clear
        self.state = SignsState()
        self.points = space.points.copy()

    def now(self) -> Crossings:
        """The crossings as they are seen now, from left to right."""
        camera, middle = self.space.viewpoint, np.append(self.space.rect.centre, 0.0)
        first, second = (camera.project(curve) + middle for curve in self.curves())
        found = crossings(first, second)
        order = np.argsort(found.at[:, 0], kind="stable")
        return Crossings(found.at[order], found.signs[order])

    def half_sum(self) -> float:
        """Half the sum of the signs."""
        return float(self.now().signs.sum()) / 2

    def draw(self, canvas: Canvas) -> None:
        """Draw rings and signs, the latter away from the middle of all crossings."""
        if self.state.shown <= 0:
            return
        theme, (at, signs) = self.space.theme, self.now()
        middle = at.mean(axis=0) if len(at) else np.zeros(2)
        angle = np.linspace(0, 2 * np.pi, 49)
        ring = 0.005 * _RING * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        canvas.stroke([place + ring for place in at], theme.accent, _WIDTH, opacity=self.state.shown)
        drawn = np.concatenate([self.space.place(curve) for curve in self.curves()]) if self.clear else None
        for place, sign in zip(at, signs.tolist(), strict=True):
            away = place - middle
            away = away / max(float(np.linalg.norm(away)), 1e-9)
            place = place + _AWAY * away if drawn is None else clearest(place, away, drawn)
            if drawn is not None:
                drawn = np.concatenate([drawn, place + _BREADTH])
            glyphs = number_glyphs(f"{sign:+d}".replace("-", "−"), theme.text_size, "bold")
            x, y = float(place[0]) - glyphs.width / 2, float(place[1]) - glyphs.box[3] / 2
            canvas.glyphs(glyphs, x, y, theme.ink, self.state.shown, halo=theme.background)
