"""How far apart classes are in a representation, for its size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Distances that are in memory at once.
_CHUNK = 1_000_000
#: From so many points on, comparing all pairs takes longer than finding the hull.
_MANY = 500


def gap(h: FloatArray, labels: NDArray[np.int64]) -> float:
    """Smallest distance between two points ``(n, d)`` with different labels ``(n,)``.

    Infinite when all labels are the same.
    """
    from scipy.spatial import cKDTree  # slow to import

    smallest = np.inf
    for label in np.unique(labels)[1:]:
        own, lower = h[labels == label], h[labels < label]
        distance, _ = cKDTree(lower).query(own)
        smallest = min(smallest, float(distance.min()))
    return float(smallest)


def diameter(h: FloatArray) -> float:
    """Largest distance between two of the points ``(n, d)``, n at least 1."""
    offset = h - (h.min(axis=0) + h.max(axis=0)) / 2
    radius = np.linalg.norm(offset, axis=1)
    reached = np.linalg.norm(offset - offset[radius.argmax()], axis=1).max()
    # Both ends of a pair that is further apart than `reached` are at least this far from the centre.
    outer = _corners(offset[radius >= (reached - radius.max()) * (1 - 1e-12)])
    largest = reached
    step = max(1, _CHUNK // len(outer))
    for start in range(0, len(outer), step):
        difference = outer[start : start + step, None] - outer[None]
        largest = max(largest, np.sqrt(np.square(difference).sum(axis=2).max()))
    return float(largest)


def _corners(points: FloatArray) -> FloatArray:
    """The corners of the convex hull where that is quickly found, or else all points."""
    from scipy.spatial import ConvexHull, QhullError

    if len(points) < _MANY or points.shape[1] not in (2, 3):
        return points
    try:
        corners: FloatArray = points[ConvexHull(points).vertices]
    except QhullError:  # too flat to have an inside
        return points
    return corners


def relative_gap(h: FloatArray, labels: NDArray[np.int64]) -> float | None:
    """The gap over the diameter; None where all points are one, or all labels."""
    size = diameter(h)
    smallest = gap(h, labels)
    return smallest / size if size > 0 and np.isfinite(smallest) else None
