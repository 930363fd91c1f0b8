"""Soft edges without supersampling: a ramp one pixel wide along every silhouette of a surface.

Triangles are rasterised without antialiasing. Along each edge at which a surface turns away from the eye
or ends, a quadrilateral one pixel wide is added outside, whose opacity falls from 1 to 0 [1]_. The picture is
as smooth as with exact coverage, half a pixel larger all around, and costs little more than one without.

.. [1] P. V. Sander, H. Hoppe, J. Snyder, S. J. Gortler, "Discontinuity edge overdraw", Symposium on
   Interactive 3D Graphics, 2001.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    found = [
        _diagonals(lower, upper),
        *_sides(lower, upper, 1, surface.closed[1]),
        *_sides(lower, upper, 0, surface.closed[0]),
    ]
    rows, columns, facing = (np.concatenate(parts, axis=1) for parts in zip(*found, strict=True))
    m, n = surface.grid
    start, end, third, other = rows % m * n + columns % n
    kept = np.abs(seen.x[start] - seen.x[end]) + np.abs(seen.y[start] - seen.y[end]) > _EMPTY
    kept &= np.minimum(seen.w[start], seen.w[end]) > NEAREST
    start, end, third, other, facing = start[kept], end[kept], third[kept], other[kept], facing[:, kept]
    nearer = seen.depth[third] >= seen.depth[other]
    front = np.full(len(start), True) if surface.solid else np.where(nearer, *facing)
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


#: Of edges: rows and columns in the grid, each ``(4, e)``, of both ends and of the third vertices of the
#: triangles at both sides; ``(2, e)``: which of these two show their front.
_Found = tuple[Integers, Integers, Booleans]


def _diagonals(lower: Booleans, upper: Booleans) -> _Found:
    """The edges from b to d of each cell between whose triangles the facing changes."""
    i, j = _where(lower != upper)
    facing = np.array([lower[i, j], upper[i, j]])
    return np.array([i + 1, i, i, i + 1]), np.array([j, j + 1, j, j + 1]), facing


def _sides(here: Booleans, there: Booleans, axis: int, closed: bool) -> list[_Found]:
    """The edges between cells that are neighbours along an axis; at the ends, if it is not closed, all.

    ``here`` are the triangles at the edge that begins their cell along the axis, ``there`` those at the one
    that ends it.
    """
    changes = np.empty(here.shape, dtype=np.bool_)
    begin, end, change = (v if axis == 0 else v.T for v in (here, there, changes))
    np.not_equal(begin[1:], end[:-1], out=change[1:])
    change[0] = begin[0] != end[-1] if closed else True
    found = [_along(_where(changes), axis, here, there)]
    if not closed:  # where it begins there is no cell before, and where it ends none behind
        (ends, across, facing), last = found[0], here.shape[axis]
        at, other = (ends, across) if axis == 0 else (across, ends)
        first = at[0] == 0
        at[3, first], other[3, first], facing[1, first] = at[2, first], other[2, first], facing[0, first]
        k = np.arange(here.shape[1 - axis])
        edge = np.array([0 * k + last, 0 * k + last, 0 * k + last - 1, 0 * k + last - 1])
        side = np.array([k, k + 1, k + 1, k + 1])
        shows = np.repeat(there.take([-1], axis=axis).reshape(1, -1), 2, axis=0)
        found.append((edge, side, shows) if axis == 0 else (side, edge, shows))
    return found


def _where(cells: Booleans) -> tuple[Integers, Integers]:
    """Rows and columns of what is true, in less time than ``np.nonzero``."""
    i, j = np.divmod(np.flatnonzero(cells), cells.shape[1])
    return i, j


def _along(cells: tuple[Integers, ...], axis: int, here: Booleans, there: Booleans) -> _Found:
    """The edges at which cells begin along an axis; before the first of them is the last."""
    i, j = cells
    facing = np.array([here[i, j], there[i - 1, j] if axis == 0 else there[i, j - 1]])
    if axis == 0:
        return np.array([i, i, i + 1, i - 1]), np.array([j, j + 1, j, j + 1]), facing
    return np.array([i, i + 1, i, i + 1]), np.array([j, j, j + 1, j - 1]), facing


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
