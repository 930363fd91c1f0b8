"""Balls that grow around points: pieces merge, a loop is born, and is filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Rect
from scenes.kit.theme import Theme
from topo_core.datasets import Dataset
from topo_core.topology.homology import homology

FloatArray = NDArray[np.float64]

#: Training points of the class that are shown.
_SOME = 120
_LABEL = 1


@dataclass
class BallsState:
    """The radius of the balls, in data units."""

    radius: float = 0.0


class GrowingBalls(Drawable):
    """Some points of class B in the plane, with balls of a radius that grows.

    Attributes
    ----------
    bar
        The radii at which the longest loop is born and dies.
    """

    def __init__(self, dataset: Dataset, rect: Rect, theme: Theme, **options: Any) -> None:
        super().__init__(**options)
        self.data = dataset.points[dataset.labels == _LABEL][:_SOME]
        self.theme, self.rect = theme, rect
        self.homology = homology(self.data)
        born, dies = self.homology.bars[1][0]
        self.bar = float(born), float(dies)
        self.state = BallsState()
        reach = float(np.abs(self.data).max()) * 1.7
        side = min(rect.x1 - rect.x0, rect.y1 - rect.y0)
        self.unit = side / (2 * reach)
        self.placed = self.data * self.unit + np.array(rect.centre)
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def pieces(self) -> int:
        """How many pieces there are at the present radius."""
        return self._alive(0)

    def loops(self) -> int:
        """How many loops there are at the present radius."""
        return self._alive(1)

    def _alive(self, dimension: int) -> int:
        born, dies = self.homology.bars[dimension].T
        radius = self.state.radius
        return int(((born <= radius) & (radius < dies)).sum())

    def draw(self, canvas: Canvas) -> None:
        """Draw the balls, as one shape, and the points."""
        theme, radius = self.theme, self.state.radius * self.unit
        colour = theme.class_colour(_LABEL)
        context = canvas.context
        context.save()
        canvas.clip(self.rect.x0, self.rect.y0, self.rect.x1, self.rect.y1)
        if radius > 0:
            canvas.dots(self.placed, colour, 200 * radius, 0.35)
        context.restore()
        canvas.dots(self.placed, colour, 11)
