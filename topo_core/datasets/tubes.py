"""Closed curves in space with a frame, and the tubes around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from topo_core.datasets.base import FloatArray


class Core(Protocol):
    """A closed curve in space that a tube can be drawn around."""

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at s in [0, 1], ``(n,)``."""

    def frame(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Unit vectors N and ``N x T``, each ``(n, 3)``, perpendicular to the tangent T."""


@dataclass(frozen=True)
class Ring:
    """A circle in space.

    Attributes
    ----------
    centre
        ``(x, y, z)``.
    first, second
        Perpendicular unit vectors: the circle starts at the first and turns towards the second.
    radius
        In data units.
    """

    centre: tuple[float, float, float]
    first: tuple[float, float, float]
    second: tuple[float, float, float]
    radius: float

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at s in [0, 1], ``(n,)``."""
        return np.array(self.centre) + self.radius * self.frame(s)[0]

    def frame(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The outward normal and the circle's axis."""
        angle = 2 * np.pi * s[:, None]
        normal = np.cos(angle) * np.array(self.first) + np.sin(angle) * np.array(self.second)
        axis = np.cross(self.first, self.second)
        return normal, np.broadcast_to(axis, normal.shape)


@dataclass(frozen=True)
class Winding:
    """A curve that winds around the circle ``2 (cos a, sin a, 0)`` and back again, at distance 1.

    It is ``((2 + cos f) cos a, (2 + cos f) sin a, sin f)`` with ``a = 2 pi s`` and
    ``f = pi/2 + 2 pi turns h(s)``; h rises from 0 to 1 on [0.1, 0.4] and falls on [0.6, 0.9], each time
    as ``3 x^2 - 2 x^3`` does on [0, 1].
    """

    turns: float

    def _angle(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """``f`` and its derivative by ``a``, each ``(n, 1)``."""
        rise, fall = (np.clip((s[:, None] - start) / 0.3, 0, 1) for start in (0.1, 0.6))
        h = rise**2 * (3 - 2 * rise) - fall**2 * (3 - 2 * fall)
        slope = 6 * (rise * (1 - rise) - fall * (1 - fall)) / 0.3
        return np.pi / 2 + 2 * np.pi * self.turns * h, self.turns * slope

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at s in [0, 1], ``(n,)``."""
        outward, _, normal = self._directions(s)
        return 2 * outward + normal

    def frame(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The unit vector N from the nearest point of the circle, and ``N x T``."""
        outward, forward, normal = self._directions(s)
        f, slope = self._angle(s)
        around = np.concatenate([np.zeros((len(s), 2)), np.cos(f)], axis=1) - np.sin(f) * outward
        tangent = (2 + np.cos(f)) * forward + slope * around
        return normal, np.cross(normal, tangent / np.linalg.norm(tangent, axis=1, keepdims=True))

    def _directions(self, s: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """From the axis, along the circle, and from the circle to the curve: unit vectors ``(n, 3)``."""
        a, zero = 2 * np.pi * s, np.zeros(len(s))
        outward = np.stack([np.cos(a), np.sin(a), zero], axis=1)
        forward = np.stack([-np.sin(a), np.cos(a), zero], axis=1)
        f = self._angle(s)[0]
        up = np.concatenate([np.zeros((len(s), 2)), np.sin(f)], axis=1)
        return outward, forward, np.cos(f) * outward + up


@dataclass(frozen=True)
class Tube:
    """The surface at a distance around a curve; the cross product of its derivatives points outwards.

    Attributes
    ----------
    core
        The curve in the middle; u runs along it.
    radius
        Of the tube; v runs around it.
    """

    core: Core
    radius: float

    def __call__(self, u: FloatArray, v: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at u and v in [0, 1], each ``(n,)``."""
        normal, across = self.core.frame(u)
        angle = 2 * np.pi * v[:, None]
        return self.core(u) + self.radius * (np.cos(angle) * normal + np.sin(angle) * across)
