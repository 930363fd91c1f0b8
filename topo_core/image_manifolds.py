"""A digit that is turned and moved continuously: a curve, or a surface, in the space of images.

Essay, "The Manifold Hypothesis", footnote 3: moving an object in a picture continuously moves the picture,
a point with one coordinate a pixel, continuously.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from topo_core.datasets.base import FloatArray
from topo_core.datasets.digits import digit_images
from topo_core.errors import DataError

#: Empty pixels around a digit: beyond them, what the splines still have of it is below 1e-8 of a grey value.
_MARGIN = 8


@dataclass(frozen=True)
class MovingDigit:
    """One handwritten digit on a larger canvas, turned about its centre of mass and moved.

    Cubic B-splines interpolate the 8 by 8 pixels, and the grey values ``g``, clipped to [0, 1], go through
    the contrast curve ``g^2 (3 - 2 g)``. The result is a continuously differentiable function of angle and
    place, with values from 0 to 1. With ``angle`` alone :meth:`images` traces a closed curve, with ``right``
    alone another curve, with two of the three a surface::

        digit.images(angle[:, None], right[None, :])  # a cylinder of turns and moves
        digit.images(0.0, right[:, None], up[None, :])  # a patch of moves in two directions

    Parameters
    ----------
    index
        Which of the digits in :func:`topo_core.datasets.digits.digit_images`.
    side
        Pixels along the side of the canvas.
    scale
        Pixels of the canvas along the side of one of the digit's; 2.25 makes the digit 18 pixels tall and
        leaves room to move.

    Raises
    ------
    DataError
        For an index that no digit has, and for a canvas without pixels.
    """

    index: int
    side: int = 28
    scale: float = 2.25

    def __post_init__(self) -> None:
        count = len(digit_images().labels)
        if not 0 <= self.index < count:
            raise DataError(f"digit {self.index}: there are {count}; give an index from 0 to {count - 1}")
        if self.side < 1 or not 0 < self.scale < np.inf:
            raise DataError(
                f"a canvas of {self.side} pixels at scale {self.scale}: both must be positive, "
                "for example side=28, scale=2.25"
            )

    @property
    def dimensions(self) -> int:
        """Of the space of images: the number of pixels."""
        return self.side**2

    @property
    def label(self) -> int:
        """Which digit it is."""
        return int(digit_images().labels[self.index])

    @cached_property
    def _spline(self) -> tuple[FloatArray, FloatArray]:
        """The coefficients of the B-splines, and the row and column of the centre of mass in them."""
        from scipy.ndimage import spline_filter

        grey = np.pad(digit_images().images[self.index], _MARGIN)
        places = np.indices(grey.shape)
        centre = (places * grey).sum(axis=(1, 2)) / grey.sum()
        return spline_filter(grey, order=3, mode="mirror"), centre

    def images(self, angle: ArrayLike, right: ArrayLike = 0.0, up: ArrayLike = 0.0) -> FloatArray:
        """The images at angles and places, which are broadcast against each other.

        Parameters
        ----------
        angle
            Counterclockwise, in radians.
        right, up
            Where the centre of mass is, in pixels from the middle of the canvas.

        Returns
        -------
        FloatArray
            ``(..., side**2)``, rows from the top.
        """
        from scipy.ndimage import map_coordinates

        turned, x0, y0 = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (angle, right, up)))
        coefficients, centre = self._spline
        line = np.arange(self.side) - (self.side - 1) / 2
        x = line[None, :] - x0[..., None, None]
        y = -line[:, None] - y0[..., None, None]
        cos, sin = np.cos(turned)[..., None, None], np.sin(turned)[..., None, None]
        column = centre[1] + (cos * x + sin * y) / self.scale
        row = centre[0] - (cos * y - sin * x) / self.scale
        grey = map_coordinates(coefficients, [row, column], order=3, prefilter=False, mode="constant")
        grey = np.clip(grey, 0, 1)
        result: FloatArray = (grey**2 * (3 - 2 * grey)).reshape(*turned.shape, self.dimensions)
        return result

    def turned(self, s: FloatArray) -> FloatArray:
        """The closed curve of a whole turn, ``s`` from 0 to 1: ``(n, side**2)``."""
        return self.images(2 * np.pi * s)

    def slid(self, s: ArrayLike, distance: ArrayLike) -> FloatArray:
        """The surface of turns and slides: a digit moved along its own upright axis, the canvas turned.

        At ``distance`` 0 (in pixels) it is the curve :meth:`turned`; ``s`` is as there.
        """
        angle = 2 * np.pi * np.asarray(s, dtype=float)
        distance = np.asarray(distance, dtype=float)
        return self.images(angle, -distance * np.sin(angle), distance * np.cos(angle))
