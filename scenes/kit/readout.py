"""How a linear readout divides the plane of the last representation: lines, and the cells between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def dividing_lines(
    weight: FloatArray, bias: FloatArray, centre: FloatArray, reach: float, share: float = 1.0
) -> Iterator[FloatArray]:
    """Where the readout ``(C, 2)``, ``(C,)`` changes its mind, as segments ``(2, 2)``.

    Of the line on which two classes tie, only the part is meant where no third class leads. Lines go
    to ``reach`` from ``centre`` at least; of each only the middle ``share`` is given.
    """
    for i, j in combinations(range(len(weight)), 2):
        normal, offset = weight[j] - weight[i], bias[j] - bias[i]
        length = np.linalg.norm(normal)
        if length == 0:
            continue
        unit = normal / length
        foot = centre - (unit @ centre + offset / length) * unit
        far = reach + float(np.linalg.norm(foot - centre))
        along = np.array([-unit[1], unit[0]])
        low, high = -far, far
        for k in set(range(len(weight))) - {i, j}:
            ahead = weight[i] - weight[k]
            lead, slope = ahead @ foot + bias[i] - bias[k], ahead @ along
            if slope > 0:
                low = max(low, -lead / slope)
            elif slope < 0:
                high = min(high, -lead / slope)
            elif lead < 0:
                high = low
        if low < high:
            middle, half = (low + high) / 2, (high - low) / 2 * share
            yield foot + np.array([[middle - half], [middle + half]]) * along


def readout_cells(weight: FloatArray, bias: FloatArray, window: FloatArray) -> list[FloatArray]:
    """For each class the convex polygon ``(n, 2)`` of a window ``(2, 2)`` in which it leads.

    Polygons are cut half-plane by half-plane (Sutherland and Hodgman, 1974); an empty one has no rows.
    """
    (x0, x1), (y0, y1) = window
    cells = []
    for i in range(len(weight)):
        cell = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        for k in range(len(weight)):
            if k != i and len(cell):
                cell = _cut(cell, cell @ (weight[i] - weight[k]) + bias[i] - bias[k])
        cells.append(cell)
    return cells


def _cut(polygon: FloatArray, lead: FloatArray) -> FloatArray:
    """The part of a convex polygon ``(n, 2)`` where ``lead`` ``(n,)``, linear in between, is not negative."""
    kept = []
    for a, b, u, v in zip(polygon, np.roll(polygon, -1, axis=0), lead, np.roll(lead, -1), strict=True):
        if u >= 0:
            kept.append(a)
        if (u < 0) != (v < 0):
            kept.append(a + u / (u - v) * (b - a))
    return np.array(kept).reshape(-1, 2)
