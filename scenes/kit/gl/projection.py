"""From space to pixels: the matrix for the rasteriser, and where vertices are in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.camera import Camera3D

FloatArray = NDArray[np.float64]

#: Nothing nearer to the eye than this share of the focal distance is drawn.
NEAREST = 0.02


@dataclass(frozen=True)
class Raster:
    """A rectangle of pixels.

    Attributes
    ----------
    width, height
        In pixels.
    scale
        Pixels per Manim unit.
    x, y
        The pixel coordinates of the middle of the picture, y downwards.
    """

    width: int
    height: int
    scale: float
    x: float
    y: float

    def part(self, column: int, row: int, width: int, height: int) -> Raster:
        """The part that begins at a pixel."""
        return Raster(width, height, self.scale, self.x - column, self.y - row)


@dataclass(frozen=True, eq=False)
class Seen:
    """Vertices as they are seen.

    Attributes
    ----------
    depth
        ``(n,)``: towards the eye, in data units, 0 in the plane through the camera's centre.
    w
        ``(n,)``: distance from the eye over the focal distance.
    x, y
        ``(n,)``: in pixels, to the right and downwards.
    """

    depth: FloatArray
    w: FloatArray
    x: FloatArray
    y: FloatArray


@dataclass(frozen=True)
class Projection:
    """A camera's picture on a raster."""

    camera: Camera3D
    raster: Raster

    @cached_property
    def _affine(self) -> tuple[FloatArray, FloatArray]:
        """Matrix ``(3, 3)`` and offset ``(3,)`` that give pixels times w, and depth."""
        camera, raster = self.camera, self.raster
        size = raster.scale * camera.zoom
        matrix = camera.rotation * np.array([[size], [-size], [1.0]])
        return matrix, -matrix @ np.asarray(camera.centre)

    def __call__(self, points: FloatArray) -> Seen:
        """See points ``(n, 3)``."""
        matrix, offset = self._affine
        seen = matrix @ points.T
        for row, start in zip(seen, offset.tolist(), strict=True):  # in place: fresh memory takes longer
            row += start
        x, y, depth = seen
        w = depth * -self.camera.nearness
        w += 1
        near = w if len(w) and w.min() >= NEAREST else np.maximum(w, NEAREST)
        for row, start in ((x, self.raster.x), (y, self.raster.y)):
            row /= near
            row += start
        return Seen(depth, w, x, y)

    def clip(self, nearest: float, farthest: float) -> FloatArray:
        """The matrix ``(4, 4)`` from data to clip space; rows of pixels run downwards.

        ``nearest`` and ``farthest`` are depths between which everything lies.
        """
        raster = self.raster
        matrix, offset = self._affine
        rows = np.zeros((4, 4))
        rows[:3, :3], rows[:3, 3] = matrix, offset
        depth = rows[2].copy()
        rows[3] = -self.camera.nearness * depth
        rows[3, 3] += 1
        rows[0] = 2 / raster.width * rows[0] + (2 * raster.x / raster.width - 1) * rows[3]
        rows[1] = 2 / raster.height * rows[1] + (2 * raster.y / raster.height - 1) * rows[3]
        slope, start = self._depths(nearest, farthest)
        rows[2] = slope * depth
        rows[2, 3] += start
        return rows

    def depth_values(self, seen: Seen, nearest: float, farthest: float, lift: FloatArray) -> FloatArray:
        """What the depth buffer holds for points lifted towards the eye: 0 in front, 1 at the back."""
        slope, start = self._depths(nearest, farthest)
        depth = seen.depth + lift
        w = np.maximum(1 - depth * self.camera.nearness, NEAREST)
        values: FloatArray = np.clip(0.5 + 0.5 * (slope * depth + start) / w, 0, 1)
        return values

    def _depths(self, nearest: float, farthest: float) -> tuple[float, float]:
        """Slope and start of the line that takes depths to clip space, where they are divided by w."""
        nearness = self.camera.nearness
        margin = 1e-3 * (nearest - farthest) + 0.02
        near, far = nearest + margin, farthest - margin
        if nearness:
            near = min(near, (1 - NEAREST) / nearness)
        far = min(far, near - margin)
        front, back = 1 - near * nearness, 1 - far * nearness
        slope = (front + back) / (far - near)
        return slope, -front - slope * near
