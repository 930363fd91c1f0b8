"""Winding and linking numbers of polygons, exactly.

Signs of determinants are taken from floating point where its error bound allows, and from rational arithmetic
elsewhere. A picture in which three vertices are in line is refused: whoever asks moves the vertices a little.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from topo_core.verification.intervals import FloatArray, Interval

Signs = NDArray[np.int64]

#: Pairs of edges that are compared at once.
_CHUNK = 2_000_000


def winding_of_polygon(vertices: FloatArray, point: FloatArray) -> int | None:
    """How often a closed polygon ``(n, 2)`` goes around a point ``(2,)``, counterclockwise.

    Edges that cross the ray to the right are counted: upwards 1, downwards -1. None if the point is in line
    with an edge that passes its height.
    """
    a, b = vertices, np.roll(vertices, -1, axis=0)
    up, down = (a[:, 1] <= point[1]) & (b[:, 1] > point[1]), (a[:, 1] > point[1]) & (b[:, 1] <= point[1])
    rows = np.flatnonzero(up | down)
    side = sides(a[rows], b[rows], np.broadcast_to(point, (len(rows), 2)))
    if (side == 0).any():
        return None
    return int(np.count_nonzero(up[rows] & (side > 0)) - np.count_nonzero(down[rows] & (side < 0)))


def linking_of_polygons(first: FloatArray, second: FloatArray) -> int | None:
    """How often two closed polygons ``(n, 3)`` and ``(m, 3)`` go through each other.

    Seen from above, the signs of the crossings at which the first is above are added: right-handed ones
    count 1. None if an edge seems to go through a vertex, or edges meet.
    """
    p, r = first, second
    q, s = np.roll(p, -1, axis=0), np.roll(r, -1, axis=0)
    total = 0
    rows = max(1, _CHUNK // len(r))
    for k in range(0, len(p), rows):
        i, j = np.nonzero(_overlap(p[k : k + rows, :2], q[k : k + rows, :2], r[:, :2], s[:, :2]))
        i += k
        flat = [x[:, :2] for x in (p[i], q[i], r[j], s[j])]
        before, after = sides(flat[0], flat[1], flat[2]), sides(flat[0], flat[1], flat[3])
        left, right = sides(flat[2], flat[3], flat[0]), sides(flat[2], flat[3], flat[1])
        apart = (before * after > 0) | (left * right > 0)
        if ((before * after * left * right == 0) & ~apart).any():
            return None
        for c in np.flatnonzero(~apart).tolist():
            above = _above(p[i[c]], q[i[c]], r[j[c]], s[j[c]]) * int(after[c])
            if above == 0:
                return None
            total += int(after[c]) if above > 0 else 0
    return total


def _overlap(p: FloatArray, q: FloatArray, r: FloatArray, s: FloatArray) -> NDArray[np.bool_]:
    """Which boxes around edges from p to q and from r to s overlap, ``(n, m)``."""
    result = np.ones((len(p), len(r)), dtype=bool)
    for axis in range(p.shape[1]):
        low, high = np.minimum(p, q)[:, axis], np.maximum(p, q)[:, axis]
        result &= low[:, None] <= np.maximum(r, s)[:, axis]
        result &= high[:, None] >= np.minimum(r, s)[:, axis]
    return result


def sides(a: FloatArray, b: FloatArray, c: FloatArray) -> Signs:
    """1 where c is on the left of the line from a to b, -1 on the right, 0 on it; ``(n, 2)`` each."""
    ax, ay, bx, by, cx, cy = (Interval.of(x) for points in (a, b, c) for x in points.T)
    determinant = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    signs = (determinant.lo > 0).astype(np.int64) - (determinant.hi < 0)
    for k in np.flatnonzero(signs == 0).tolist():
        (px, py), (qx, qy), (rx, ry) = ([Fraction(x) for x in points[k].tolist()] for points in (a, b, c))
        value = (px - rx) * (qy - ry) - (py - ry) * (qx - rx)
        signs[k] = (value > 0) - (value < 0)
    return signs


def _above(p: FloatArray, q: FloatArray, r: FloatArray, s: FloatArray) -> int:
    """Sign of ``(p - r) . ((q - p) x (s - r))``, exactly.

    Where s is on the left of p-q, that is the sign of the first edge's height above the second.
    """
    a, b, c, d = ([Fraction(x) for x in point.tolist()] for point in (p, q, r, s))
    u, v, w = ([y - x for x, y in zip(*pair, strict=True)] for pair in ((a, b), (c, d), (c, a)))
    normal = [u[k - 2] * v[k - 1] - u[k - 1] * v[k - 2] for k in range(3)]
    value = sum((x * y for x, y in zip(w, normal, strict=True)), Fraction(0))
    return (value > 0) - (value < 0)
