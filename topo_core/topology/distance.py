"""Smallest distance between two polygons, in space of any dimension."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]

#: Pairs of edges that are compared at once.
_CHUNK = 300_000


@dataclass(frozen=True)
class Nearest:
    """Where two polygons come nearest.

    Attributes
    ----------
    distance
        In the units of the vertices.
    first, second
        The nearest points, ``(d,)`` each.
    """

    distance: float
    first: FloatArray
    second: FloatArray


def segment_parameters(
    p: FloatArray, u: FloatArray, q: FloatArray, v: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Where segments ``p + s u`` and ``q + t v``, s and t in [0, 1], come nearest, in closed form.

    The nearest pair is an end of one segment and the point nearest to it on the other, or the pair where
    the lines come nearest; of these five, the best is taken.

    Parameters
    ----------
    p, u, q, v
        ``(n, d)``; a segment may be a single point.

    Returns
    -------
    s, t and the distance, ``(n,)`` each. The distance is one that the pair (s, t) really has, up to the
    rounding of its evaluation.
    """
    w = q - p
    uu, vv, uv = _dot(u, u), _dot(v, v), _dot(u, v)
    uw, vw = _dot(u, w), _dot(v, w)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = (uw * vv - vw * uv) / (uu * vv - uv * uv)
        at_start, at_end = uw / uu, (uw + uv) / uu  # nearest to both ends of the other segment
        from_start, from_end = -vw / vv, (uv - vw) / vv
        inner = _share(inner)
        candidates = [
            (inner, _share((uv * inner - vw) / vv)),
            (_share(at_start), np.zeros(len(p))),
            (_share(at_end), np.ones(len(p))),
            (np.zeros(len(p)), _share(from_start)),
            (np.ones(len(p)), _share(from_end)),
        ]
    square = np.array([np.square(w + t[:, None] * v - s[:, None] * u).sum(axis=-1) for s, t in candidates])
    best = square.argmin(axis=0)
    s, t = (np.choose(best, [pair[k] for pair in candidates]) for k in (0, 1))
    return s, t, np.sqrt(square.min(axis=0))


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    result: FloatArray = np.einsum("ij,ij->i", a, b)
    return result


def _share(value: FloatArray) -> FloatArray:
    """Clipped to [0, 1]; 0 for what is not a number, as of a segment without length."""
    return np.clip(np.nan_to_num(value, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)


def nearest_points(first: ArrayLike, second: ArrayLike) -> Nearest:
    """Where two closed polygons come nearest.

    Parameters
    ----------
    first, second
        ``(n, d)`` and ``(m, d)`` vertices; an edge joins the last to the first.

    Raises
    ------
    TopoError
        For other shapes, and numbers that are not finite.
    """
    p, q = _vertices(first), _vertices(second)
    if p.shape[1] != q.shape[1]:
        raise TopoError(f"distance between polygons in {p.shape[1]} and in {q.shape[1]} dimensions: give one")
    u, v = np.roll(p, -1, axis=0) - p, np.roll(q, -1, axis=0) - q
    reach_u, reach_v = np.linalg.norm(u, axis=1) / 2, np.linalg.norm(v, axis=1) / 2
    middle_u, middle_v = p + u / 2, q + v / 2
    best = Nearest(np.inf, p[0], q[0])
    rows = max(1, _CHUNK // len(q))
    for start in range(0, len(p), rows):
        part = slice(start, start + rows)
        middles = _distances(middle_u[part], middle_v)
        # The middles' distance is one of the polygons' too; no pair of edges is nearer than it less
        # their halves. The margin covers rounding.
        bound = min(best.distance, float(middles.min()))
        lowest = middles - reach_u[part, None] - reach_v
        i, j = np.nonzero(lowest <= bound + 1e-12 * (1 + bound))
        if not len(i):
            continue
        i += start
        s, t, distance = segment_parameters(p[i], u[i], q[j], v[j])
        k = int(distance.argmin())
        if distance[k] < best.distance:
            best = Nearest(float(distance[k]), p[i[k]] + s[k] * u[i[k]], q[j[k]] + t[k] * v[j[k]])
    return best


def polygon_distance(first: ArrayLike, second: ArrayLike) -> float:
    """Smallest distance between two closed polygons ``(n, d)`` and ``(m, d)``; see ``nearest_points``."""
    return nearest_points(first, second).distance


def _vertices(polygon: ArrayLike) -> FloatArray:
    vertices = np.array(polygon, dtype=np.float64)
    if vertices.ndim != 2 or 0 in vertices.shape or not np.isfinite(vertices).all():
        raise TopoError(f"distance from a polygon of shape {vertices.shape}: give (n, d), finite")
    return vertices


def _distances(a: FloatArray, b: FloatArray) -> FloatArray:
    """All distances ``(n, m)`` between points ``(n, d)`` and ``(m, d)``."""
    square = np.zeros((len(a), len(b)))
    for x, y in zip(a.T, b.T, strict=True):
        square += np.square(x[:, None] - y)
    return np.sqrt(square, out=square)
