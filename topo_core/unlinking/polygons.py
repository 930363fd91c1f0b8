"""Closed polygons in space, all their vertices in one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.base import Path
from topo_core.topology.distance import segment_parameters

FloatArray = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Polygons:
    """How the vertices of closed polygons follow one another; edge k goes from vertex k to ``following[k]``.

    Attributes
    ----------
    sizes
        Vertices of each polygon, at least 5.
    """

    sizes: tuple[int, ...]

    @property
    def n_vertices(self) -> int:
        """Of all polygons together."""
        return sum(self.sizes)

    @cached_property
    def following(self) -> Indices:
        """For each vertex the next one of its polygon, ``(N,)``."""
        ends = np.cumsum(self.sizes)
        result = np.arange(1, self.n_vertices + 1)
        result[ends - 1] = ends - self.sizes
        return result

    @cached_property
    def apart(self) -> NDArray[np.bool_]:
        """Which pairs of edges are different and share no vertex, ``(N, N)``."""
        result = ~np.eye(self.n_vertices, dtype=bool)
        edges = np.arange(self.n_vertices)
        result[edges, self.following] = result[self.following, edges] = False
        return result

    @cached_property
    def pairs(self) -> tuple[Indices, Indices]:
        """The pairs i < j of edges that are apart."""
        i, j = np.nonzero(np.triu(self.apart))
        return i, j

    def edges(self, x: FloatArray) -> FloatArray:
        """The edges' vectors ``(N, 3)`` for vertices ``(N, 3)``."""
        result: FloatArray = x[self.following] - x
        return result

    def split(self, x: FloatArray) -> list[FloatArray]:
        """The vertices of each polygon."""
        return np.split(x, np.cumsum(self.sizes)[:-1])

    def near_pairs(self, x: FloatArray, reach: FloatArray | float) -> tuple[Indices, Indices]:
        """The pairs of edges apart whose bounding balls are within ``reach``, a number or ``(N,)`` for each.

        If it is given for each edge, a pair's reach is the sum of both.
        """
        i, j = self.pairs
        vectors = self.edges(x)
        middle, half = x + vectors / 2, np.linalg.norm(vectors, axis=1) / 2
        limit = reach if isinstance(reach, float) else reach[i] + reach[j]
        near = np.linalg.norm(middle[i] - middle[j], axis=1) - half[i] - half[j] <= limit
        return i[near], j[near]

    def distances(self, x: FloatArray, i: Indices, j: Indices) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Where edges i and j come nearest: both parameters in [0, 1] and the distance."""
        vectors = self.edges(x)
        return segment_parameters(x[i], vectors[i], x[j], vectors[j])

    def smallest_distance(self, x: FloatArray) -> float:
        """Between edges that are apart, of one polygon or of two."""
        i, j = self.near_pairs(x, float(np.linalg.norm(self.edges(x), axis=1).max()))
        return float(self.distances(x, i, j)[2].min())


def equally_long(path: Path, n: int) -> FloatArray:
    """The vertices ``(n, 3)`` of a polygon along a closed curve, equally spaced in length."""
    s = np.linspace(0, 1, 50 * n + 1)
    points = path(s)
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return path(np.interp(np.arange(n) * length[-1] / n, length, s))


def joined(parts: Sequence[FloatArray]) -> tuple[Polygons, FloatArray]:
    """The polygons with these vertices, and all vertices ``(N, 3)``."""
    return Polygons(tuple(len(part) for part in parts)), np.concatenate(parts)
