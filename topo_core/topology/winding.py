"""Winding number of a closed polygon about a point: an exact integer.

The number of times the polygon goes around the point counterclockwise (Hormann and Agathos, "The
point in polygon problem for arbitrary polygons", 2001). It is counted as signed crossings of the ray
from the point to the right. Whether an edge passes the point on its right or its left is the sign of
a 2x2 determinant, decided exactly (see ``topology.predicates``).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import TopoError
from topo_core.topology.predicates import orientation_2d

FloatArray = NDArray[np.float64]


def orientation(a: FloatArray, b: FloatArray, point: FloatArray) -> NDArray[np.int64]:
    """On which side of the lines from ``a`` to ``b`` a point lies, exactly.

    Parameters
    ----------
    a, b
        ``(n, 2)``, finite.
    point
        ``(2,)``, finite.

    Returns
    -------
    ``(n,)``: 1 where the point is on the left, -1 on the right, 0 on the line.
    """
    return orientation_2d(a, b, np.broadcast_to(point, a.shape)).astype(np.int64)


def winding_number(polygon: ArrayLike, point: ArrayLike) -> int:
    """How many times a closed polygon goes around a point, counterclockwise.

    Parameters
    ----------
    polygon
        ``(n, 2)`` vertices, n at least 1; an edge joins the last to the first.
    point
        ``(2,)``.

    Raises
    ------
    TopoError
        When the point lies on the polygon, where the number is not defined, or for another shape or
        a number that is not finite.
    """
    vertices, p = np.asarray(polygon, dtype=np.float64), np.asarray(point, dtype=np.float64)
    if vertices.ndim != 2 or vertices.shape[1] != 2 or not len(vertices) or p.shape != (2,):
        raise TopoError(
            f"winding number of a polygon of shape {vertices.shape} about a point of shape {p.shape}: "
            "give (n, 2) and (2,)"
        )
    if not (np.isfinite(vertices).all() and np.isfinite(p).all()):
        raise TopoError("winding number: a vertex or the point is not finite; remove it")
    a, b = vertices, np.roll(vertices, -1, axis=0)
    low, high = np.minimum(a, b), np.maximum(a, b)
    near = (low[:, 1] <= p[1]) & (p[1] <= high[:, 1]) & (high[:, 0] >= p[0])
    a, b, low = a[near], b[near], low[near]
    side = orientation(a, b, p)
    if ((side == 0) & (low[:, 0] <= p[0])).any():
        raise TopoError(
            f"the point ({p[0]:.6g}, {p[1]:.6g}) lies on the polygon: its winding number is not defined "
            "there; choose another point"
        )
    upward = (a[:, 1] <= p[1]) & (b[:, 1] > p[1]) & (side > 0)
    downward = (a[:, 1] > p[1]) & (b[:, 1] <= p[1]) & (side < 0)
    return int(np.count_nonzero(upward) - np.count_nonzero(downward))


def winding_numbers(polygons: Iterable[ArrayLike], points: Iterable[ArrayLike]) -> list[int]:
    """The winding number of each polygon about the point that goes with it: a loop along its way.

    Raises
    ------
    TopoError
        As ``winding_number`` does, and when there are not as many polygons as points.
    """
    loops, centres = list(polygons), list(points)
    if len(loops) != len(centres):
        raise TopoError(f"winding numbers: {len(loops)} polygons and {len(centres)} points; give as many")
    return [winding_number(loop, centre) for loop, centre in zip(loops, centres, strict=True)]
