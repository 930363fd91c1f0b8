"""Clouds of points in space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.colours import Colour
from scenes.kit.gl.projection import Raster, Seen
from scenes.kit.gl.shapes import Shape

FloatArray = NDArray[np.float64]

#: A vertex: where it is in space, colour, diameter in pixels at the camera's centre.
POINT = np.dtype([("position", "<f4", 3), ("colour", "u1", 4), ("diameter", "<f4")])


class Points(Shape):
    """Round points, 100,000 if need be.

    Parameters
    ----------
    points
        ``(n, 3)``.
    colour
        ``"#rrggbb"``, or one row for each point.
    diameter
        In Manim's stroke units; points that are farther away are smaller.
    opacity
        From 0 to 1.
    """

    def __init__(
        self, points: FloatArray, colour: Colour, diameter: float = 5.0, opacity: float = 1.0
    ) -> None:
        super().__init__(points, colour, opacity)
        self.diameter = diameter

    @property
    def look(self) -> tuple[float, ...]:
        """What changes whenever they are to be drawn otherwise."""
        return *super().look, self.diameter


def sorted_points(clouds: Sequence[tuple[Points, Seen]], raster: Raster) -> NDArray[np.void]:
    """The vertices of all clouds, the farthest first."""
    made = np.empty(sum(len(cloud.points) for cloud, _ in clouds), dtype=POINT)
    if not len(made):
        return made
    start = 0
    for cloud, _ in clouds:
        part = made[start : start + len(cloud.points)]
        start += len(part)
        part["position"], part["colour"] = cloud.points, cloud.colours
        part["diameter"] = 0.01 * cloud.diameter * raster.scale
        if cloud.opacity < 1:
            part["colour"][:, 3] = np.rint(cloud.opacity * cloud.colours[:, 3])
    depth = np.concatenate([seen.depth for _, seen in clouds])
    low, span = float(depth.min()), max(float(np.ptp(depth)), 1e-300)
    steps = ((depth - low) * (65535 / span)).astype(np.uint16)  # sixteen bits are sorted in linear time
    return made[np.argsort(steps, kind="stable")]
