"""Where a network presses space together most: the thinnest place.

Essay, "The Easy Way Out": what cannot be separated is stretched thin where it is tangled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.topology.stretch import jacobians
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Points whose Jacobians are in memory at once.
_CHUNK = 20_000


@dataclass(frozen=True)
class Thinnest:
    """The data point at which the whole map has its smallest singular value.

    Attributes
    ----------
    point, image
        ``(d_0,)`` at the input, ``(d,)`` in the last representation.
    thickness
        That singular value: what a short way across becomes, over what it was. It is 0 where space is
        flattened.
    across
        ``(d_0,)``, the unit vector at the input that is pressed together so much.
    """

    point: FloatArray
    image: FloatArray
    thickness: float
    across: FloatArray


def thinnest(trace: Trace, points: FloatArray | None = None, snapshot: int = -1) -> Thinnest:
    """Find the thinnest of some points ``(k, d_0)``, by default the dataset's dense ones.

    8,000 points of a 2-2-2-2-2 network take about 10 ms. Nothing is known between the points.
    """
    x = trace.dataset.dense()[0] if points is None else points
    best, least, across = 0, np.inf, np.zeros(x.shape[1])
    for start in range(0, len(x), _CHUNK):
        _, values, ways = np.linalg.svd(jacobians(trace, x[start : start + _CHUNK], snapshot)[-1])
        inputs = x.shape[1]
        smallest = values[:, -1] if values.shape[1] == inputs else np.zeros(len(values))  # it narrows
        at = int(smallest.argmin())
        if smallest[at] < least:
            best, least, across = start + at, float(smallest[at]), ways[at, -1]
    point = x[best]
    return Thinnest(point, trace.representations(point[None], snapshot)[-1][0], least, across)
