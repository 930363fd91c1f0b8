"""Clouds of points in space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.colours import Colour
from scenes.kit.gl.shapes import Shape

FloatArray = NDArray[np.float64]


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
