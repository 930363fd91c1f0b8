"""The tangent-point energy of polygons, which is infinite where they meet.

Buck and Orloff, "A simple energy function for knots", 1995; here, as in Yu, Schumacher and Crane, "Repulsive
curves", 2021, with the kernel ``k(y - x, T) = |(y - x) - T T.(y - x)|^3 / |y - x|^6`` at a point x with
the tangent T, summed over pairs of edges that share no vertex, for the four pairs of their ends, times both
lengths. A barrier is added between edges nearer to each other than ``reach``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.unlinking.polygons import Polygons

FloatArray = NDArray[np.float64]

_TINY = 1e-20


@dataclass(frozen=True)
class Energy:
    """The energy of polygons of fixed sizes.

    Attributes
    ----------
    polygons
        Which vertices follow which.
    reach
        Distance of edges below which ``(reach / distance - 1)^2`` is added; 0 for no barrier.
    """

    polygons: Polygons
    reach: float = 0.0

    def __call__(self, x: FloatArray) -> float:
        """The energy for vertices ``(N, 3)``."""
        return self.with_gradient(x)[0]

    def with_gradient(self, x: FloatArray) -> tuple[float, FloatArray]:
        """The energy for vertices ``(N, 3)``, and its gradient ``(N, 3)``."""
        value, gradient = self._repulsion(x)
        if self.reach:
            more, push = self._barrier(x)
            return value + more, gradient + push
        return value, gradient

    def _repulsion(self, x: FloatArray) -> tuple[float, FloatArray]:
        following = self.polygons.following
        edges = self.polygons.edges(x)
        length = np.linalg.norm(edges, axis=1)
        tangent = edges / length[:, None]
        weight = np.where(self.polygons.apart, np.outer(length, length) / 4, 0.0)
        value, gradient = 0.0, np.zeros_like(x)
        by_tangent, by_pair = np.zeros_like(x), np.zeros_like(weight)
        for start in (np.arange(len(x)), following):
            for end in (np.arange(len(x)), following):
                d = x[start][:, None] - x[end]
                along = np.einsum("ijk,ik->ij", d, tangent)
                square = np.where(self.polygons.apart, np.einsum("ijk,ijk->ij", d, d), 1.0)
                across = np.maximum(square - along**2, _TINY)
                kernel = across**1.5 / square**3
                by_pair += np.where(self.polygons.apart, kernel, 0.0)
                # derivatives of the kernel by the squares of |across| and of |d|
                by_across = 1.5 * weight * np.sqrt(across) / square**3
                by_square = -3 * weight * kernel / square
                direct = 2 * (by_across + by_square)
                turning = -2 * by_across * along
                push = direct.sum(axis=1)[:, None] * x[start] - direct @ x[end]
                push += turning.sum(axis=1)[:, None] * tangent
                gradient += _added(push, start)
                pull = direct.T @ x[start] - direct.sum(axis=0)[:, None] * x[end] + turning.T @ tangent
                gradient -= _added(pull, end)
                by_tangent += turning.sum(axis=1)[:, None] * x[start] - turning @ x[end]
        value = float((weight * by_pair).sum())
        by_length = (by_pair * length).sum(axis=1) / 4 + (by_pair * length[:, None]).sum(axis=0) / 4
        radial = (by_tangent * tangent).sum(axis=1)
        by_edge = by_length[:, None] * tangent + (by_tangent - radial[:, None] * tangent) / length[:, None]
        gradient -= by_edge
        gradient += _added(by_edge, following)
        return value, gradient

    def _barrier(self, x: FloatArray) -> tuple[float, FloatArray]:
        following = self.polygons.following
        i, j = self.polygons.near_pairs(x, self.reach)
        # two edges with only one between them are naturally about its length apart
        spread = (following[following[i]] != j) & (following[following[j]] != i)
        i, j = i[spread], j[spread]
        s, t, distance = self.polygons.distances(x, i, j)
        near = distance < self.reach
        i, j, s, t, distance = i[near], j[near], s[near, None], t[near, None], distance[near]
        gradient = np.zeros_like(x)
        excess = self.reach / distance - 1
        apart = x[i] + s * (x[following[i]] - x[i]) - x[j] - t * (x[following[j]] - x[j])
        push = (-2 * excess * self.reach / distance**3)[:, None] * apart
        for vertices, share in ((i, 1 - s), (following[i], s), (j, t - 1), (following[j], -t)):
            np.add.at(gradient, vertices, share * push)
        return float(np.square(excess).sum()), gradient


def _added(values: FloatArray, places: NDArray[np.intp]) -> FloatArray:
    """Rows put where they belong; every place occurs once."""
    result = np.empty_like(values)
    result[places] = values
    return result
