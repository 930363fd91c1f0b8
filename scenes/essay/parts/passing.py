"""Two manifolds, one of which moves past the other: points on a line or in the plane, curves in space or 4-D.

Essay, "Links And Homotopy": all n-dimensional manifolds can be untangled in 2n + 2 dimensions. A moves and
sweeps a trail of n + 1 dimensions; B has n. Together they have 2n + 1, and in a space of more dimensions than
that they miss each other unless by chance. Every motion here is a formula in the time s from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.topology.distance import polygon_distance

FloatArray = NDArray[np.float64]

#: Half of the way that a point goes; how far it keeps away in the plane.
REACH, ASIDE = 1.6, 1.1
#: Corners of the polygons that stand for the curves.
CORNERS = 240
#: Where to the curve A goes: x, y, z.
AWAY = (-2.3, 0.0, 1.3)
#: How far the strand of A that passes B is lifted along the fourth coordinate.
LIFT = 0.9


@dataclass(frozen=True)
class Passing:
    """Two closed manifolds of which one moves.

    Attributes
    ----------
    n, dimensions
        Of both manifolds, and of the space in which they are.
    moving
        A at a time s in [0, 1]: ``(k, dimensions)``, a point or the corners of a polygon.
    resting
        B, likewise.
    meets
        The time at which they meet, or None.
    """

    n: int
    dimensions: int
    moving: Callable[[float], FloatArray]
    resting: FloatArray
    meets: float | None = None

    def distance(self, s: float) -> float:
        """The smallest distance between A and B at a time, in all dimensions of the space."""
        return polygon_distance(self.moving(s), self.resting)

    def times(self, count: int = 120) -> FloatArray:
        """Evenly spaced times from 0 to 1, and the one at which they meet."""
        even = np.linspace(0, 1, count + 1)
        return even if self.meets is None else np.unique(np.append(even, self.meets))

    def distances(self, count: int = 120) -> FloatArray:
        """The smallest distance at each of these times."""
        return np.array([self.distance(s) for s in self.times(count).tolist()])


def on_the_line() -> Passing:
    """A point that moves along a line through another: n = 0, in one dimension."""
    return Passing(0, 1, lambda s: np.array([[REACH * (2 * s - 1)]]), np.zeros((1, 1)), meets=0.5)


def in_the_plane() -> Passing:
    """The same way around the other point, along half an ellipse: n = 0, in two dimensions."""

    def moving(s: float) -> FloatArray:
        return np.array([[-REACH * np.cos(np.pi * s), -ASIDE * np.sin(np.pi * s)]])

    return Passing(0, 2, moving, np.zeros((1, 2)))


def circle_a(angle: FloatArray) -> FloatArray:
    """Circle A of the Hopf link, of radius 1 about (-1/2, 0, 0) in the plane z = 0: ``(k, 3)``."""
    return np.stack([np.cos(angle) - 0.5, np.sin(angle), 0 * angle], axis=1)


def circle_b(angle: FloatArray) -> FloatArray:
    """Circle B, of radius 1 about (1/2, 0, 0) in the plane y = 0: ``(k, 3)``."""
    return np.stack([0.5 - np.cos(angle), 0 * angle, np.sin(angle)], axis=1)


def angles(first: float = 0.0) -> FloatArray:
    """Of the corners of a circle, beginning with ``first``: ``(CORNERS,)``."""
    return first + 2 * np.pi * np.arange(CORNERS) / CORNERS


def meeting(away: tuple[float, float, float]) -> tuple[float, FloatArray]:
    """When and where circle A meets B on its way to A + ``away``, moving evenly.

    At a time s, A lies at the height ``z = s away[2]``, where B passes through the plane of A at a place that
    is inside of A to begin with. In the end it is outside, so there is a time at which it is on A. It is
    found by bisection.

    Returns
    -------
    The time in [0, 1], and the point ``(3,)``.
    """
    x, y, z = away

    def place(s: float) -> FloatArray:
        at: FloatArray = circle_b(np.array([np.arcsin(z * s)]))[0]
        return at

    def beyond(s: float) -> float:
        at = place(s)
        return float(np.hypot(at[0] + 0.5 - x * s, at[1] - y * s)) - 1.0

    low, high = 0.0, min(1.0, 1.0 / abs(z) if z else 1.0)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) < 0 else (low, middle)
    return high, place(high)


def in_space(away: tuple[float, float, float] = AWAY) -> Passing:
    """Circle A moves out of B along a straight line: n = 1, in three dimensions.

    The polygons have corners where the circles meet, so that they meet there, too.
    """
    when, where = meeting(away)
    shift = np.array(away)
    a = where - when * shift + (0.5, 0.0, 0.0)
    ring = circle_a(angles(float(np.arctan2(a[1], a[0]))))
    resting = circle_b(angles(float(np.arcsin(where[2]))))
    return Passing(1, 3, lambda s: ring + s * shift, resting, meets=when)


def strand(angle: FloatArray) -> FloatArray:
    """How much each point of A takes part in the lift, from 0 to 1: most at the angle 0."""
    share: FloatArray = ((1 + np.cos(angle)) / 2) ** 3
    return share


def phases(s: float) -> tuple[float, float]:
    """Lift and way, each from 0 to 1, at a time: up, across, and down again."""
    lift = _smooth(s / 0.25) * _smooth((1 - s) / 0.25)
    return lift, _smooth((s - 0.25) / 0.5)


def _smooth(share: float) -> float:
    t = min(max(share, 0.0), 1.0)
    return t * t * (3 - 2 * t)


def in_four_dimensions() -> Passing:
    """The same circle and the same way, but a strand of A is lifted along w: n = 1, in four dimensions."""
    ring, shift = circle_a(angles()), np.array(AWAY)
    share = strand(angles())

    def moving(s: float) -> FloatArray:
        lift, way = phases(s)
        return np.column_stack([ring + way * shift, LIFT * lift * share])

    return Passing(1, 4, moving, np.pad(circle_b(angles(meeting_angle())), ((0, 0), (0, 1))))


def meeting_angle() -> float:
    """The angle on B where the circles meet in space."""
    return float(np.arcsin(meeting(AWAY)[1][2]))
