"""Closed polygons in space that are a link: they touch neither themselves nor each other, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import DataError
from topo_core.topology.edges import Edges, Indices
from topo_core.topology.predicates import cross, dot, exact, orientation_3d, segments_meet

FloatArray = NDArray[np.float64]

#: More corners than this, of all components together, are refused.
MAX_CORNERS = 50_000
#: More components than this have no names and no colours.
MAX_COMPONENTS = 100
#: Edges that turn back by less than this, in the cosine, are looked at exactly.
_NEARLY_BACK = -1 + 1e-9


def checked_link(polygons: Iterable[ArrayLike], where: str = "link") -> tuple[FloatArray, ...]:
    """Make sure that polygons are a link.

    Parameters
    ----------
    polygons
        Corners ``(n, 3)`` of each component, in data units; an edge joins the last to the first. A last
        corner that repeats the first one is left out.
    where
        What the message begins with: a file, a name.

    Returns
    -------
    One array ``(n, 3)`` a component, float64.

    Raises
    ------
    DataError
        When there is no component, or too much of anything; for fewer than 3 corners, other shapes and
        numbers that are not finite; when a corner repeats the one before it, a component touches itself or
        two components meet, decided in exact arithmetic.
    """
    parts = [_component(part, f"{where}: component {k + 1}") for k, part in enumerate(polygons)]
    if not 1 <= len(parts) <= MAX_COMPONENTS:
        raise DataError(f"{where}: {len(parts)} components; give 1 to {MAX_COMPONENTS}")
    if sum(map(len, parts)) > MAX_CORNERS:
        raise DataError(f"{where}: {sum(map(len, parts)):,} corners; give at most {MAX_CORNERS:,}")
    _refuse_touching(parts, where)
    return tuple(parts)


def _component(part: ArrayLike, where: str) -> FloatArray:
    try:
        corners = np.array(part, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{where}: is not a list of corners [x, y, z]; give three numbers each") from error
    if corners.ndim != 2 or corners.shape[1] != 3:
        raise DataError(f"{where}: corners of shape {corners.shape}; give (n, 3)")
    if len(corners) > 1 and (corners[0] == corners[-1]).all():
        corners = corners[:-1]
    if len(corners) < 3:
        raise DataError(f"{where}: {len(corners)} different corners; a closed polygon has at least 3")
    bad = np.flatnonzero(~np.isfinite(corners).all(axis=1))
    if len(bad):
        raise DataError(f"{where}: corner {bad[0] + 1} is not finite; correct or remove it")
    same = np.flatnonzero((corners == np.roll(corners, 1, axis=0)).all(axis=1))
    if len(same):
        raise DataError(f"{where}: corner {same[0] + 1} repeats the one before it; remove it")
    return corners


def joined_edges(parts: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray, Indices]:
    """Where the edges of all components start and end, each ``(N, d)``, and which edge follows each."""
    sizes = [len(part) for part in parts]
    following = np.concatenate(
        [np.roll(np.arange(end - n, end), -1) for n, end in zip(sizes, np.cumsum(sizes), strict=True)]
    )
    start = np.concatenate(parts)
    return start, start[following], following


def _refuse_touching(parts: list[FloatArray], where: str) -> None:
    start, end, following = joined_edges(parts)
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    first = np.concatenate([[0], np.cumsum([len(part) for part in parts])])

    def named(edge: int) -> str:
        return f"edge {edge - first[owner[edge]] + 1} of component {owner[edge] + 1}"

    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        along = (end - start) / np.abs(end - start).max(axis=1, keepdims=True)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        sharp = ~(np.einsum("ij,ij->i", along, along[following]) > _NEARLY_BACK)
    for k in np.flatnonzero(sharp).tolist():
        if _turns_back(start[k], end[k], end[following[k]]):
            raise DataError(f"{where}: {named(following[k])} turns back along the one before it; remove it")
    edges = Edges(start, end)
    for i, j in edges.overlapping(edges, range(3)):
        apart = (i < j) & (following[i] != j) & (following[j] != i)
        i, j = i[apart], j[apart]
        flat = orientation_3d(start[i], end[i], start[j], end[j]) == 0
        for k, m in zip(i[flat].tolist(), j[flat].tolist(), strict=True):
            if segments_meet(start[k], end[k], start[m], end[m]):
                what = "a component touches itself" if owner[k] == owner[m] else "two components meet"
                raise DataError(f"{where}: {what} ({named(k)} and {named(m)}); move one of them")


def _turns_back(a: FloatArray, b: FloatArray, c: FloatArray) -> bool:
    """Whether the edge from b to c lies on the way back from b to a, exactly."""
    p, q, r = (exact(point) for point in (a, b, c))
    u, v = ([y - x for x, y in zip(s, t, strict=True)] for s, t in ((p, q), (q, r)))
    return not any(cross(u, v)) and dot(u, v) < 0
