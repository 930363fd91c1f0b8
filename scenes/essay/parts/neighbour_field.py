"""Points that may move, and the class that their neighbours give every place of the plane, at every frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import contourpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.theme import Theme, mix
from scenes.kit.view import Follow, Rect, View
from topo_core.knn.weightings import InverseDistance, Weighting

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Places along the side of the field at which neighbours are asked; colours between them are blended.
_FINE = 112


def neighbours(points: FloatArray, at: FloatArray, k: int) -> tuple[FloatArray, IntArray]:
    """Distances ``(m, k)`` and indices ``(m, k)`` of the k points that are nearest to each of ``at``."""
    distances, near = cKDTree(points).query(at, k)
    return distances.reshape(len(at), k), near.reshape(len(at), k)


def weight_shares(distances: FloatArray, weighting: Weighting) -> FloatArray:
    """Shares of all weights that neighbours at distances ``(m, k)`` have, ``(m, k)``; rows add up to 1."""
    logs = weighting.log_weights(np.square(distances), np.log1p)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares: FloatArray = weights / weights.sum(axis=1, keepdims=True)
    return shares


def shares_of_b(
    points: FloatArray, labels: IntArray, at: FloatArray, k: int, weighting: Weighting
) -> FloatArray:
    """The share ``(m,)`` of the k nearest points' votes that class B (label 1) has, at places ``(m, d)``."""
    distances, near = neighbours(points, at, k)
    votes: FloatArray = (weight_shares(distances, weighting) * labels[near]).sum(axis=1)
    return votes


@dataclass
class FieldState:
    """What is shown.

    Attributes
    ----------
    position
        How far the points have moved.
    k, p
        How many neighbours vote (rounded), each with the weight ``1/d^p``.
    x, y
        Where one vote is looked at, in the plane's units.
    points, field, asked
        How visible points, field and that vote are.
    """

    position: float = 0.0
    k: float = 5.0
    p: float = 1.0
    x: float = 0.0
    y: float = 0.0
    points: float = 0.0
    field: float = 0.0
    asked: float = 0.0


class NeighbourField(Drawable):
    """Labelled points of two classes and, behind them, what their neighbours say.

    Parameters
    ----------
    where
        The points ``(n, 2)`` at a position.
    labels
        ``(n,)``, 0 or 1.
    rect
        Where in the frame; the view follows the points.
    positions
        Increasing positions ``(m,)``, from the first to the last one, at which the view is measured.
    theme
        Colours.
    """

    def __init__(
        self,
        where: Callable[[float], FloatArray],
        labels: IntArray,
        rect: Rect,
        theme: Theme,
        positions: tuple[float, ...] = (0.0, 1.0),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.where = lru_cache(maxsize=4)(where)
        self.labels, self.rect, self.theme = labels, rect, theme
        placed = [self.where(position) for position in positions]
        bounds = np.array([np.stack([h.min(axis=0), h.max(axis=0)], axis=1) for h in placed])
        self._follow = Follow(rect, np.asarray(positions), bounds, margin=0.12, rests=False)
        self.state = FieldState()
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])
        self._field = lru_cache(maxsize=2)(self._shares)

    @property
    def k(self) -> int:
        """How many neighbours vote now."""
        return max(1, min(round(self.state.k), len(self.labels)))

    @property
    def weighting(self) -> Weighting:
        """What each counts now."""
        return InverseDistance(self.state.p)

    @property
    def view(self) -> View:
        """The view at the present position."""
        return self._follow(self.state.position)

    def vote(self) -> float:
        """The share of the votes that class B has, where one vote is looked at."""
        at = np.array([[self.state.x, self.state.y]])
        points = self.where(self.state.position)
        return float(shares_of_b(points, self.labels, at, self.k, self.weighting)[0])

    def _shares(self, position: float, k: int, p: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Coordinates of the places asked, and the share of B at each ``(y, x)``."""
        window = self.view.window
        xs, ys = (np.linspace(low, high, _FINE) for low, high in window)
        places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        found = shares_of_b(self.where(position), self.labels, places, k, InverseDistance(p))
        return xs, ys, found.reshape(_FINE, _FINE)

    def draw(self, canvas: Canvas) -> None:
        """Draw the field, its border, the points, and the vote that is looked at."""
        state, theme, rect = self.state, self.theme, self.rect
        corners = np.array([[rect.x0, rect.y0], [rect.x1, rect.y0], [rect.x1, rect.y1], [rect.x0, rect.y1]])
        canvas.fill([corners], theme.panel)
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        if state.field > 0:
            self._draw_field(canvas)
        places = self.view(self.where(state.position))
        if state.asked > 0:
            self._draw_lines(canvas, places)
        for label in (0, 1):
            canvas.dots(places[self.labels == label], theme.class_colour(label), 9, state.points)
        if state.asked > 0:
            at = self.view(np.array([[state.x, state.y]]))
            canvas.dots(at, theme.background, 30, state.asked)
            canvas.dots(at, theme.accent, 24, state.asked)
        canvas.context.restore()

    def _draw_field(self, canvas: Canvas) -> None:
        state, theme, rect = self.state, self.theme, self.rect
        xs, ys, share = self._field(state.position, self.k, state.p)
        ends = (mix(theme.panel, theme.class_colour(label), 0.42) for label in (0, 1))
        box = (rect.x0, rect.y0, rect.x1, rect.y1)
        canvas.image(share[::-1], box, *ends, opacity=state.field, smooth=True)
        lines = contourpy.contour_generator(xs, ys, share).lines(0.5)
        placed = [self.view(np.asarray(line)) for line in lines]
        canvas.stroke(placed, theme.accent, 3.5, opacity=state.field)

    def _draw_lines(self, canvas: Canvas, places: FloatArray) -> None:
        """To the neighbours that vote, as wide as their weights are."""
        state = self.state
        at = np.array([[state.x, state.y]])
        distances, near = neighbours(self.where(state.position), at, self.k)
        shares = weight_shares(distances, self.weighting)[0]
        begin = self.view(at)[0]
        for index, share in zip(near[0].tolist(), shares.tolist(), strict=True):
            colour = self.theme.class_colour(int(self.labels[index]))
            width = 1.5 + 14 * np.sqrt(share)
            canvas.stroke([np.stack([begin, places[index]])], colour, float(width), opacity=state.asked)
