"""Whether polygons whose vertices move along straight lines stay embedded on the way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.unlinking.polygons import Indices, Polygons

FloatArray = NDArray[np.float64]

#: Bisections of the time until a pair of edges counts as colliding.
_DEPTH = 14
#: What rounding may add up to, for lengths of about 1.
_ROUNDING = 1e-9
#: Least angle between an edge and the reverse of the next one, in radians.
_FOLD = 1e-3


def collides(polygons: Polygons, before: FloatArray, after: FloatArray) -> bool:
    """Whether edges may meet while each vertex moves from ``before`` to ``after``, ``(N, 3)``, straight.

    Edges that are apart are safe if they are further from each other than both move together; if not, the
    two halves of the motion are looked at one by one. Edges that follow one another are safe if their
    directions stay clear of a fold. "Yes" may be wrong; "no" is right up to rounding, for which there is a
    margin.
    """
    return _folds(polygons, before, after) or _meet(polygons, before, after, None, _DEPTH)


def _folds(polygons: Polygons, before: FloatArray, after: FloatArray) -> bool:
    """Whether an edge may turn back on the next one: both sweep less than the angle that they leave."""
    start, end = polygons.edges(before), polygons.edges(after)
    bend = _angle(start, start[polygons.following])
    sweep = _angle(start, end)
    return bool((bend + sweep + sweep[polygons.following] >= np.pi - _FOLD).any())


def _angle(a: FloatArray, b: FloatArray) -> FloatArray:
    cosine = (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    result: FloatArray = np.arccos(np.clip(cosine, -1, 1))
    return result


def _meet(
    polygons: Polygons,
    before: FloatArray,
    after: FloatArray,
    pairs: tuple[Indices, Indices] | None,
    depth: int,
) -> bool:
    moved = np.linalg.norm(after - before, axis=1)
    moved = np.maximum(moved, moved[polygons.following]) + _ROUNDING
    i, j = polygons.near_pairs(before, moved) if pairs is None else pairs
    near = polygons.distances(before, i, j)[2] <= moved[i] + moved[j]
    i, j = i[near], j[near]
    if not len(i):
        return False
    if depth == 0:
        return True
    middle = (before + after) / 2
    first, second = (before, middle), (middle, after)
    return any(_meet(polygons, *half, (i, j), depth - 1) for half in (first, second))
