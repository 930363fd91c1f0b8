"""A way out of the disc: in the plane it meets the annulus, in space it passes over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.sheet import Sheet
from scenes.kit import Points, Tube

FloatArray = NDArray[np.float64]

_STEPS = 97
#: Of the tube that shows the way, for the outer radius of the annulus.
_RADIUS = 0.016


class WayAround:
    """A way from the middle of the disc outwards, over the plane as a half wave.

    Attributes
    ----------
    length, height, angle
        How far out it goes, how high above the plane it is half-way, and in which direction.
    """

    def __init__(self, sheet: Sheet, angle: float) -> None:
        self.sheet, self.first = sheet, angle
        colour, radius = sheet.space.theme.accent, _RADIUS * sheet.radii[2]
        self.length, self.height, self.angle = 0.02, 0.0, angle
        self.tube = sheet.space.add(Tube(self.points, radius, colour, sides=12))
        self.tip = sheet.space.add(Points(self.points[-1:], colour, 9.0))

    @property
    def points(self) -> FloatArray:
        """Points ``(n, 3)`` of the way, the tip last."""
        s = np.linspace(0, 1, _STEPS)
        along = np.array([np.cos(self.angle), np.sin(self.angle), 0.0])
        result: FloatArray = self.length * s[:, None] * along
        result[:, 2] = self.height * np.sin(np.pi * s)
        return result

    def at(self, length: float, *, height: float = 0.0, turn: float = 0.0) -> None:
        """Put it elsewhere, turned by an angle from its first direction."""
        self.length, self.height, self.angle = max(length, 0.02), height, self.first + turn
        self.tube.follow(self.points)
        self.tip.move(self.points[-1:])

    def fade(self, share: float) -> None:
        """Make it vanish."""
        self.tube.opacity = self.tip.opacity = 1 - share

    def _distances(self) -> FloatArray:
        """From each of its points to the annulus, ``(n,)``."""
        points, (_, inner, outer) = self.points, self.sheet.radii
        radius = np.hypot(points[:, 0], points[:, 1])
        beside = np.maximum(np.maximum(inner - radius, radius - outer), 0)
        result: FloatArray = np.hypot(beside, points[:, 2])
        return result

    def tip_distance(self) -> float:
        """From its tip to the annulus, in data units."""
        return float(self._distances()[-1])

    def distance(self) -> float:
        """From the way to the annulus, in data units."""
        return float(self._distances().min())
