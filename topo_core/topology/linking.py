"""Linking number of two closed polygons in space: an exact integer.

Seen along an axis, one polygon crosses over the other at some places. The linking number is the sum of the
signs of the crossings at which the first polygon is above (Rolfsen, "Knots and Links", 1976, chapter 5D): no
motion that keeps the polygons apart changes it (essay, "Links And Homotopy"). It is positive for a
right-handed screw.

Every sign is exact. Where the picture is degenerate (a corner above an edge, edges above each other), the
second polygon is thought of as moved sideways by ``(e, e^2)`` with an infinitesimal e > 0, which changes
no linking number and leaves only plain crossings (Edelsbrunner and Muecke, "Simulation of simplicity", 1990).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import TopoError
from topo_core.topology.edges import Edges
from topo_core.topology.predicates import Signs, orientation_2d, orientation_3d, segments_meet

FloatArray = NDArray[np.float64]
Indices = NDArray[np.intp]


def linking_number(first: ArrayLike, second: ArrayLike) -> int:
    """How many times one closed polygon goes through the other.

    Parameters
    ----------
    first, second
        ``(n, 3)`` and ``(m, 3)`` vertices; an edge joins the last to the first. A polygon may cross
        itself.

    Raises
    ------
    TopoError
        When the polygons meet, where the number is not defined, or for another shape or a number that is
        not finite.
    """
    a, b = _edges(first), _edges(second)
    overlaps = a.overlapping_blocks(b)
    planes = [overlaps[axis - 2] & overlaps[axis - 1] for axis in range(3)]
    axis = int(np.argmin([np.count_nonzero(plane) for plane in planes]))  # along which least is above another
    total = 0
    for i, j in a.overlapping(b, (axis - 2, axis - 1), planes[axis]):
        near = (a.low[i, axis] <= b.high[j, axis]) & (a.high[i, axis] >= b.low[j, axis])
        _refuse_meeting(a, b, i[near], j[near])
        total += _crossings(a, b, i, j, axis)
    return total


def linking_numbers(first: Iterable[ArrayLike], second: Iterable[ArrayLike]) -> list[int]:
    """The linking number at every instant of a motion of two polygons.

    Parameters
    ----------
    first, second
        At each instant ``(n, 3)`` and ``(m, 3)`` vertices.

    Raises
    ------
    TopoError
        As ``linking_number`` does, and when there are not as many of one as of the other.
    """
    ours, theirs = list(first), list(second)
    if len(ours) != len(theirs):
        raise TopoError(f"linking numbers: {len(ours)} first and {len(theirs)} second polygons; give as many")
    return [linking_number(a, b) for a, b in zip(ours, theirs, strict=True)]


def _edges(polygon: ArrayLike) -> Edges:
    """The edges of a polygon that is one."""
    vertices = np.array(polygon, dtype=np.float64)
    if vertices.ndim != 2 or vertices.shape[1] != 3 or not len(vertices):
        raise TopoError(f"linking number of a polygon of shape {vertices.shape}: give (n, 3)")
    if not np.isfinite(vertices).all():
        raise TopoError("linking number: a vertex is not finite; remove it")
    return Edges.of(vertices)


def _refuse_meeting(a: Edges, b: Edges, i: Indices, j: Indices) -> None:
    """Raise an error if edge i of one meets edge j of the other."""
    coplanar = orientation_3d(a.start[i], a.end[i], b.start[j], b.end[j]) == 0
    for k, m in zip(i[coplanar].tolist(), j[coplanar].tolist(), strict=True):
        if segments_meet(a.start[k], a.end[k], b.start[m], b.end[m]):
            raise TopoError(
                f"the polygons meet (edge {k} of the first and edge {m} of the second), so their linking "
                "number is not defined; move one of them"
            )


def _crossings(a: Edges, b: Edges, i: Indices, j: Indices, axis: int) -> int:
    """Sum of the signs of the crossings of edges i over edges j, seen along an axis."""
    plane = [axis - 2, axis - 1]
    p, q, r, s = (points[:, plane] for points in (a.start[i], a.end[i], b.start[j], b.end[j]))
    tie = _sideways(q - p)
    before, after = _resolved(orientation_2d(p, q, r), tie), _resolved(orientation_2d(p, q, s), tie)
    cut = np.flatnonzero(before * after < 0)
    p, q, r, s = p[cut], q[cut], r[cut], s[cut]
    tie = -_sideways(s - r)
    across = _resolved(orientation_2d(r, s, p), tie) * _resolved(orientation_2d(r, s, q), tie)
    cut = cut[across < 0]
    i, j, sign = i[cut], j[cut], after[cut].astype(np.int64)
    above = orientation_3d(a.start[i], a.end[i], b.start[j], b.end[j]) * sign < 0
    return int(sign[above].sum())


def _resolved(signs: Signs, tie: Signs) -> Signs:
    """Signs ``(n,)`` with those of the tie instead of zeros."""
    return np.where(signs == 0, tie, signs)


def _sideways(direction: FloatArray) -> Signs:
    """On which side of an edge ``(n, 2)`` a point on it gets, moved by ``(e, e^2)``; 0 for no edge."""
    x, y = np.sign(direction.T).astype(np.int8)
    side: Signs = np.where(y != 0, -y, x)
    return side
