"""The layer that the scenes about one layer show: its numbers, its plane, its formulas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Rect, Stage, Theme
from scenes.kit.motion import moved
from scenes.kit.panel import Card
from scenes.kit.patch import outline, square
from scenes.kit.plane import Plane
from scenes.kit.stage import PLANE
from scenes.kit.view import Follow
from topo_core.datasets import UserPoints
from topo_core.handmade import handmade
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Chosen so that the plane turns, shears and grows, and all of it stays in the picture.
WEIGHT = np.array([[1.2, -0.9], [0.3, 1.2]])
BIAS = np.array([0.6, 0.5])
#: The plane that is shown is the square from -REACH to REACH; grid lines are SPACING apart.
REACH, SPACING = 2.0, 0.5


def layer_trace(activation: str) -> Trace:
    """The layer with the chosen weights; its plane is a square without data."""
    corners = square((-REACH, -REACH), 2 * REACH) / 1.08  # a stage shows 8 % more than the data
    return handmade([(WEIGHT, BIAS)], activation, dataset=UserPoints(corners, np.array([0, 1, 0, 1])))


class StillCamera(Follow):
    """A camera path through one layer that keeps still until the activation, then closes in with it.

    While it keeps still, what grows on the screen grows. The activation moves every point along a straight
    line at constant speed, and so does the camera its window: it never loses anything.

    Parameters
    ----------
    plane
        Of a network of one layer.
    until
        The position at which the activation begins.
    margin
        Share of the half-width left free around the content.
    """

    def __init__(self, plane: Plane, until: float, margin: float = 0.16) -> None:
        self.rect, self.positions = plane.rect, np.array([0.0, until, 1.0])
        (x0, x1), (y0, y1) = plane.space.domain
        edge = outline(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), 64)

        def content(*instants: float) -> FloatArray:
            return np.concatenate([moved(plane.space.motion, edge, float(p)) for p in instants])

        affine, final = content(*np.linspace(0, until, 41)), content(1.0)
        low, high = (
            np.stack([end(part, axis=0) for part in (affine, affine, final)]) for end in (np.min, np.max)
        )
        self.centres = (low + high) / 2
        self.sizes = ((high - low) / 2 / self.rect.half).max(axis=1) * (1 + margin)


class LayerStage(Stage):
    """The grid of a layer's plane in three steps; the camera keeps still until the activation."""

    def __init__(self, trace: Trace, theme: Theme, rect: Rect = PLANE) -> None:
        super().__init__(trace, theme, rect=rect, spacing=SPACING, curves=False, points=False, panel=False)
        self.plane.space.follow = StillCamera(self.plane, 1 - 1 / len(trace.layers[0].path.steps))
        self.card: Steps | None = None

    def add_card(self, space: Rect) -> None:
        """Let the three formulas stand beside the plane, with what has been applied of their numbers."""
        self.card = Steps(self.trace, space, self.theme, live=True)
        self.add(self.card)

    def refresh(self) -> None:
        """Bring the formulas in step with the plane."""
        if self.card:
            self.card.position, self.card.shown = self.state.position, self.state.formulas

    @property
    def determinant(self) -> float:
        """Of p(t), the matrix that has been applied so far."""
        path = self.trace.layers[0].path
        return path.linear.determinant(min(self.state.position * len(path.steps), 1.0))


class Steps(Card):
    """The formulas of a layer, also before it starts."""

    def lit(self, index: int) -> list[float]:
        """As for any card, but always there."""
        return [self.shown, *super().lit(index)[1:]]
