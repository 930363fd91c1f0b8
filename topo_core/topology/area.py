"""The area that a closed curve encloses: how a map changes area, measured.

Essay, "Continuous Visualization of Layers": a linear map multiplies every area by its determinant; an
activation multiplies each small area by a factor of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def signed_area(rings: FloatArray) -> FloatArray:
    """Signed areas ``(...)`` that closed polygons ``(..., n, 2)`` enclose, in squared data units.

    Positive where a polygon runs counterclockwise; its last corner is joined to its first. This is the
    shoelace formula (Meister, 1769), about the first corner, so that small areas far from the origin keep
    their digits.
    """
    x, y = np.moveaxis(rings - rings[..., :1, :], -1, 0)
    crossed = x[..., :-1] * y[..., 1:] - x[..., 1:] * y[..., :-1]
    return np.asarray(crossed.sum(axis=-1) / 2, dtype=np.float64)
