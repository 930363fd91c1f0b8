"""Whether the convex hulls of two groups of points meet, though the points are known in intervals only.

If they meet, no hyperplane separates the groups (Kirchberger, 1903: at most d + 2 points suffice to show it).
They meet if there are weights above 0 with which both groups have the same weighted sum and the same total::

    sum_A w_i (h_i, 1) = sum_B w_i (h_i, 1),    sum w_i = 1

For d + 2 points these are as many equations as weights. Approximate weights w and an approximate inverse C of
the matrix come from floating point; that every matrix M within the intervals is regular, and how far its
solution can be from w, follows in exact arithmetic from ``q = |I - C M| < 1`` in the norm of the largest row
sum: ``|x - w| <= |C (e - M w)| / (1 - q)`` (Rump, "Verification methods", 2010, section 10).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def hulls_meet(low: FloatArray, high: FloatArray, first: NDArray[np.bool_]) -> bool:
    """Whether the hulls are proven to meet, wherever the points lie in their boxes.

    Parameters
    ----------
    low, high
        ``(k, d)`` each: point i is between ``low[i]`` and ``high[i]``. Boxes need k = d + 2; points, which
        have ``low = high``, may be fewer.
    first
        ``(k,)``: which points are of the first group; the others are of the second.
    """
    k, d = low.shape
    if first.all() or not first.any() or k > d + 2 or not (np.isfinite(low) & np.isfinite(high)).all():
        return False
    if np.array_equal(low, high):
        return _points_meet(low, first)
    return k == d + 2 and _boxes_meet(low, high, first)


def _points_meet(points: FloatArray, first: NDArray[np.bool_]) -> bool:
    """Whether the one dependency of so few points, solved for in rationals, has weights above 0."""
    k, d = points.shape
    columns = [[Fraction(c) for c in (*point, 1.0)] for point in points.tolist()]
    rows = [[columns[i][j] * (1 if first[i] else -1) for i in range(k)] for j in range(d + 1)]
    pivots: list[int] = []
    for column in range(k):
        rank = len(pivots)
        pivot = next((r for r in range(rank, d + 1) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        head = rows[rank][column]
        rows[rank] = [value / head for value in rows[rank]]
        for r in range(d + 1):
            if r != rank and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        pivots.append(column)
    free = [column for column in range(k) if column not in pivots]
    return len(free) == 1 and all(rows[r][free[0]] < 0 for r in range(len(pivots)))


def _boxes_meet(low: FloatArray, high: FloatArray, first: NDArray[np.bool_]) -> bool:
    k = len(low)
    sides = np.where(first, 1, -1)
    centre, reach = np.zeros((k, k)), np.zeros((k, k))
    with np.errstate(over="ignore"):
        middle = (low + high) / 2
    if not np.isfinite(middle).all():
        return False
    centre[:-2], centre[-2], centre[-1] = (sides[:, None] * middle).T, sides, 1.0
    # rounded or not, the middle is a double: what matters is that the reach is large enough, which is exact
    far = _exact(high) - _exact(middle), _exact(middle) - _exact(low)
    exact_reach = _exact(reach)
    exact_reach[:-2] = np.maximum(*far).T
    end = np.zeros(k)
    end[-1] = 1.0
    with np.errstate(all="ignore"):
        try:
            inverse = np.linalg.inv(centre)
        except np.linalg.LinAlgError:
            return False
    weights = inverse @ end
    if not (np.isfinite(inverse).all() and (weights > 0).all()):
        return False
    c, m, w = _exact(inverse), _exact(centre), _exact(weights)
    spread = abs(c).dot(exact_reach)
    q = max((abs(_exact(np.eye(k)) - c.dot(m)) + spread).sum(axis=1))
    if q >= 1:
        return False
    error = max(abs(c.dot(_exact(end) - m.dot(w))) + spread.dot(w)) / (1 - q)
    return all(weight > error for weight in w)


def _exact(array: NDArray[np.floating[Any]]) -> Any:
    """The same numbers as fractions: an array of objects."""
    fractions = np.array([None, *map(Fraction, array.ravel().tolist())], dtype=object)
    return fractions[1:].reshape(array.shape)
