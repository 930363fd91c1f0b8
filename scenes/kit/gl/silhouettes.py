"""Soft edges without supersampling: a ramp one pixel wide along every silhouette of a surface.

Triangles are rasterised without antialiasing. Along each edge at which a surface turns away from the eye
or ends, a quadrilateral one pixel wide is added outside, whose opacity falls from 1 to 0 [1]_. The picture is
as smooth as with exact coverage, half a pixel larger all around, and costs little more than one without.

.. [1] P. V. Sander, H. Hoppe, J. Snyder, S. J. Gortler, "Discontinuity edge overdraw", Symposium on
   Interactive 3D Graphics, 2001.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.projection import NEAREST, Seen
from scenes.kit.gl.surface import Surface, pad

FloatArray = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

#: Squares of pixels: triangles that cover less have no side.
_EMPTY = 1e-9
#: Corners sharper than twice the arc cosine of this are not filled.
_MITRE = 0.5


@dataclass(frozen=True, eq=False)
class Edges:
    """Silhouette edges.

    Attributes
    ----------
    ends
        ``(e, 2)``: the vertices of each.
    outward
        ``(e, 2, 2)``: at both of them, the way out of the surface, one pixel long or as much longer as a
        corner needs.
    front
        ``(e,)``: whether the side of the surface that is seen there is the one its normals point to.
    """

    ends: Integers
    outward: FloatArray
    front: Booleans


def silhouettes(surface: Surface, seen: Seen) -> Edges:
    """The edges of a surface at which it turns away from the eye, and those at which it ends."""
    lower, upper = _facing(surface, seen)
    found = grid_edges(surface.grid, surface.closed).take(_turning(lower, upper, surface.closed), axis=0)
    start, end = found[:, 0], found[:, 1]
    kept = np.abs(seen.x[start] - seen.x[end]) + np.abs(seen.y[start] - seen.y[end]) > _EMPTY
    kept &= np.minimum(seen.w[start], seen.w[end]) > NEAREST
    if not kept.all():
        found = found[kept]
    start, end, third, other, here, there = np.ascontiguousarray(found.T, dtype=np.int64)
    front = np.full(len(start), True)
    if not surface.solid:
        facing = np.concatenate([lower, upper]).reshape(-1)
        front = np.where(seen.depth[third] >= seen.depth[other], facing[here], facing[there])
    return Edges(np.stack([start, end], axis=1), _outward(start, end, third, seen), front)


def _facing(surface: Surface, seen: Seen) -> tuple[Booleans, Booleans]:
    """Whether the two triangles (a, b, d) and (d, b, c) of every cell show their front.

    A triangle with two vertices in one place, as at a pole, counts like the other one of its cell.
    """
    x, y = (pad(v.reshape(surface.grid), surface.closed) for v in (seen.x, seen.y))
    m, n = x.shape
    # Rows one after the other are gone through faster; from one to the next there is a cell too many.
    x, y = x.reshape(-1), y.reshape(-1)
    a, b, c, d = (slice(k, k + (m - 1) * n - 1) for k in (0, n, n + 1, 1))
    bx, by = x[b], y[b]
    ex, ey = bx - x[d], by - y[d]
    first, rest = by - y[a], bx - x[a]  # y runs downwards: the front is negative
    first *= ex
    rest *= ey
    first -= rest
    second, rest = bx - x[c], by - y[c]
    second *= ey
    rest *= ex
    second -= rest
    lower, upper = (np.empty((m - 1) * n, dtype=np.bool_) for _ in range(2))
    lower[:-1], upper[:-1] = first < -_EMPTY, second < -_EMPTY
    lower[:-1] |= upper[:-1] & (first < _EMPTY)
    upper[:-1] |= lower[:-1] & (second < _EMPTY)
    return lower.reshape(m - 1, n)[:, :-1], upper.reshape(m - 1, n)[:, :-1]


def _turning(lower: Booleans, upper: Booleans, closed: tuple[bool, bool]) -> Integers:
    """Which of a grid's edges are silhouettes: between triangles that differ in facing, or at an end."""
    m, n = lower.shape
    cells = m * n
    count = 3 * cells + (0 if closed[1] else m) + (0 if closed[0] else n)
    changes = np.ones(count, dtype=np.bool_)
    sides = 2 * cells + (0 if closed[1] else m)
    diagonal, column, row = (changes[k : k + cells].reshape(m, n) for k in (0, cells, sides))
    np.not_equal(lower, upper, out=diagonal)
    np.not_equal(lower[:, 1:], upper[:, :-1], out=column[:, 1:])
    np.not_equal(lower[1:], upper[:-1], out=row[1:])
    if closed[1]:
        np.not_equal(lower[:, 0], upper[:, -1], out=column[:, 0])
    if closed[0]:
        np.not_equal(lower[0], upper[-1], out=row[0])
    return np.flatnonzero(changes)


@lru_cache(maxsize=16)
def grid_edges(grid: tuple[int, int], closed: tuple[bool, bool]) -> NDArray[np.int32]:
    """All edges of a grid, ``(e, 6)``.

    Of each: both ends, the third vertices of the triangles at both sides, and the numbers of these triangles,
    those that begin their cells before those that end them. At an end of the grid both are the same one.

    In this order: the diagonals of all cells, the edges at which cells begin along the columns, those at
    which the last ones end if they are not closed, and the same along the rows.
    """
    m, n = grid
    size = m - (not closed[0]), n - (not closed[1])
    i, j = (index.reshape(-1) for index in np.indices(size))

    def vertex(row: Integers, column: Integers) -> Integers:
        return row % m * n + column % n

    def triangle(row: Integers, column: Integers, part: int) -> Integers:
        return (part * size[0] + row % size[0]) * size[1] + column % size[1]

    here, there = triangle(i, j, 0), triangle(i, j, 1)
    found = [(vertex(i + 1, j), vertex(i, j + 1), vertex(i, j), vertex(i + 1, j + 1), here, there)]
    for axis in (1, 0):
        di, dj = 1 - axis, axis  # to the next cell along the axis
        start, end, third = vertex(i, j), vertex(i + dj, j + di), vertex(i + di, j + dj)
        other, there = vertex(i + dj - di, j + di - dj), triangle(i - di, j - dj, 1)
        first = (i, j)[axis] == (-1 if closed[axis] else 0)  # before which there is no cell
        found.append((start, end, third, np.where(first, third, other), here, np.where(first, here, there)))
        if not closed[axis]:
            last = (i, j)[axis] == size[axis] - 1
            a, b = i[last] + di, j[last] + dj
            third, here_last = vertex(a + dj - di, b + di - dj), triangle(a - di, b - dj, 1)
            found.append((vertex(a, b), vertex(a + dj, b + di), third, third, here_last, here_last))
    return np.concatenate([np.stack(one, axis=1) for one in found]).astype(np.int32)


def _outward(start: Integers, end: Integers, third: Integers, seen: Seen) -> FloatArray:
    """Away from the triangle at each edge, ``(e, 2, 2)``; edges that meet agree on the direction."""
    x, y = seen.x[start], seen.y[start]
    ex, ey = seen.x[end] - x, seen.y[end] - y
    inside = ey * (seen.x[third] - x) < ex * (seen.y[third] - y)
    length = np.where(inside, -1, 1) / np.sqrt(ex * ex + ey * ey)
    ax, ay = -ey * length, ex * length
    corners = np.concatenate([start, end])
    sums = (np.bincount(corners, np.concatenate([a, a]), len(seen.x)) for a in (ax, ay))
    tx, ty = (s[corners].reshape(2, -1) for s in sums)
    size = np.maximum(np.sqrt(tx * tx + ty * ty), 1e-300)
    cosine = (tx * ax + ty * ay) / size
    joined = cosine > _MITRE
    scale = 1 / (size * np.where(joined, cosine, 1))
    out = np.where(joined, tx * scale, ax), np.where(joined, ty * scale, ay)
    return np.stack(out, axis=-1).swapaxes(0, 1)
