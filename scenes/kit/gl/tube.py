"""A tube around a curve that may move: rotation-minimising frames, all points at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.bodies import perpendicular
from scenes.kit.gl.colours import Colour
from scenes.kit.gl.surface import Surface

FloatArray = NDArray[np.float64]


def tangents(curve: FloatArray, closed: bool) -> FloatArray:
    """Unit tangents ``(n, 3)`` of a curve through points ``(n, 3)``."""
    ring = np.pad(curve, ((1, 1), (0, 0)), mode="wrap" if closed else "edge")
    along = ring[2:] - ring[:-2]
    unit: FloatArray = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-300)
    return unit


def _reflections(normals: FloatArray) -> FloatArray:
    """The reflections ``(n, 3, 3)`` in planes through the origin; the identity where a normal vanishes."""
    square = np.einsum("ni,ni->n", normals, normals)
    scale = np.where(square > 1e-30, 2 / np.maximum(square, 1e-30), 0)
    return np.eye(3) - scale[:, None, None] * normals[:, :, None] * normals[:, None, :]


def frames(curve: FloatArray, closed: bool) -> tuple[FloatArray, FloatArray]:
    """Two unit normals ``(n, 3)`` at every point, which turn about the curve as little as possible.

    Each frame comes from the one before by two reflections [1]_; products of all of them are found in
    log2(n) steps. Around a closed curve, the angle that is left over is spread evenly.

    .. [1] W. Wang, B. Juettler, D. Zheng, Y. Liu, "Computation of rotation minimizing frames",
       ACM Transactions on Graphics 27(1), 2008.
    """
    tangent = tangents(curve, closed)
    points = np.concatenate([curve, curve[:1]]) if closed else curve
    ahead = np.concatenate([tangent, tangent[:1]]) if closed else tangent
    first = _reflections(np.diff(points, axis=0))
    second = _reflections(ahead[1:] - np.einsum("nij,nj->ni", first, ahead[:-1]))
    turns = np.concatenate([np.eye(3)[None], second @ first])
    step = 1
    while step < len(turns):
        turns[step:] = turns[step:] @ turns[:-step]
        step *= 2
    start, _, _ = perpendicular(tangent[0])
    normal = turns @ start
    binormal = np.cross(ahead, normal)
    if closed:
        left = np.arctan2(normal[-1] @ binormal[0], normal[-1] @ normal[0])
        angle = -left * np.linspace(0, 1, len(normal))[:, None]
        normal, binormal = (
            np.cos(angle) * normal + np.sin(angle) * binormal,
            np.cos(angle) * binormal - np.sin(angle) * normal,
        )
        normal, binormal = normal[:-1], binormal[:-1]
    return normal, binormal


def tube(curve: FloatArray, radius: float | FloatArray, sides: int, closed: bool) -> FloatArray:
    """Vertices ``(n, sides, 3)`` around points ``(n, 3)``; the radius may be one for each point."""
    normal, binormal = frames(curve, closed)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)[None, :, None]
    around = np.cos(angle) * normal[:, None] - np.sin(angle) * binormal[:, None]  # normals point outwards
    wide = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(curve))
    return curve[:, None] + wide[:, None, None] * around


class Tube(Surface):
    """A tube around a curve, closed by flat caps at the ends of an open one.

    Parameters
    ----------
    curve
        Points ``(n, 3)`` along it; of a closed curve the first is not repeated at the end.
    radius
        Of the tube: a number, or one for every point.
    colour
        ``"#rrggbb"``, or values ``(n, 3)`` or ``(n, 4)``, one row for each point of the curve.
    opacity
        From 0 to 1.
    closed
        Whether the last point is joined to the first.
    sides
        Vertices around.
    """

    def __init__(
        self,
        curve: FloatArray,
        radius: float | FloatArray,
        colour: Colour,
        opacity: float = 1.0,
        *,
        closed: bool = False,
        sides: int = 24,
    ) -> None:
        self.curve = np.asarray(curve, dtype=np.float64)
        self.radius, self.sides, self.is_closed = radius, sides, closed
        super().__init__(self._vertices(), "#000000", opacity, closed=(closed, True), solid=True)
        self.paint(colour)

    def follow(self, curve: FloatArray) -> Tube:
        """Put the tube around the curve where it is now, ``(n, 3)``."""
        self.curve = np.asarray(curve, dtype=np.float64)
        self.move(self._vertices())
        return self

    def paint(self, colour: Colour) -> Tube:
        """Give it one colour, or one for every point of the curve."""
        if not isinstance(colour, str):
            colour = np.repeat(np.asarray(colour), self.sides, axis=0)
            if not self.is_closed:
                colour = np.concatenate([colour[: self.sides], colour, colour[-self.sides :]])
        super().paint(colour)
        return self

    def _vertices(self) -> FloatArray:
        points = tube(self.curve, self.radius, self.sides, self.is_closed)
        if self.is_closed:
            return points
        ends = [np.repeat(self.curve[[k]], self.sides, axis=0)[None] for k in (0, -1)]
        return np.concatenate([ends[0], points, ends[1]])
