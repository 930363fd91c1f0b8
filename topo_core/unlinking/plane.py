"""The plane that is farthest from two sets of points on its two sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Points that may become decisive, and the relative gap at which no other one can be.
_ITERATIONS, _CLOSE = 500, 1e-10


@dataclass(frozen=True)
class Plane:
    """``normal . x = offset``, with ``normal`` of length 1.

    Attributes
    ----------
    normal, offset
        ``(d,)`` and a number.
    margin
        Least distance of a point to it, if the first points are on the normal's side and the second ones
        on the other; 0 if no plane separates them.
    """

    normal: FloatArray
    offset: float
    margin: float


def widest_plane(first: FloatArray, second: FloatArray) -> Plane:
    """The plane of largest margin between points ``(n, d)`` and ``(m, d)``.

    Its normal is the shortest vector between their convex hulls: the point nearest to 0 in the convex hull of
    all differences (Wolfe, "Finding the nearest point in a polytope", 1976), which are taken in one by one.
    """
    import scipy.optimize  # slow to import

    differences = [first[0] - second[0]]
    size = float(np.abs(first).max() + np.abs(second).max())
    shortest = differences[0]
    for _ in range(_ITERATIONS):
        next_ = first[(first @ shortest).argmin()] - second[(second @ shortest).argmax()]
        square = float(shortest @ shortest)
        if square <= (1e-9 * size) ** 2 or float(next_ @ shortest) >= (1 - _CLOSE) * square:
            break
        differences.append(next_)
        # Least squares with a further row of ones: weights that are positive, and proportional to those
        # whose sum is 1 (the optimum's scale is free).
        corners = np.array(differences)
        rows = np.concatenate([corners.T / size, np.ones((1, len(corners)))])
        weights, _ = scipy.optimize.nnls(rows, np.append(np.zeros(first.shape[1]), 1.0))
        shortest = weights @ corners / weights.sum()
    direction = first.mean(axis=0) - second.mean(axis=0)
    if float(shortest @ direction) > 0:
        direction = shortest
    normal = direction / max(float(np.linalg.norm(direction)), np.finfo(np.float64).tiny)
    low, high = float((first @ normal).min()), float((second @ normal).max())
    return Plane(normal, (low + high) / 2, max((low - high) / 2, 0.0))
