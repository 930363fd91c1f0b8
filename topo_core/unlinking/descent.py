"""Gradient descent on the tangent-point energy, in a metric in which curves move as a whole.

Yu, Schumacher and Crane, "Repulsive curves", 2021: the gradient is taken in a fractional Sobolev metric,
edges keep their lengths, the barycentre stays where it is, and a step is accepted if the energy falls and
no two edges meet on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.unlinking.collision import collides
from topo_core.unlinking.energy import Energy
from topo_core.unlinking.polygons import Polygons

FloatArray = NDArray[np.float64]

#: Exponents of the energy, which make the metric's order: 1 + (6 - 1) / 3 - 1 = 5/3.
_ORDER = (6 - 1) / 3 - 1
#: Longest first move of a vertex, in mean edge lengths; how much a step may grow from one to the next.
_FIRST, _GROWTH = 3.0, 2.0
#: Halvings of a step, and share of the expected fall of the energy that is asked for.
_HALVINGS, _ARMIJO = 30, 1e-4
#: Newton iterations and remaining relative error of the edges' lengths.
_PROJECTIONS, _LENGTH_ERROR = 4, 1e-4
#: Share of the smallest distance at the start below which edges never come.
_FLOOR = 0.2


def descent(energy: Energy, start: FloatArray) -> Iterator[FloatArray]:
    """The vertices ``(N, 3)`` after each accepted step, the start first; it ends where none is accepted.

    Between two of them every vertex moves straight, and no edges meet (``collision.collides``).
    """
    polygons = energy.polygons
    lengths = np.linalg.norm(polygons.edges(start), axis=1)
    floor = _FLOOR * polygons.smallest_distance(start)
    x, size = start, np.inf
    yield x
    while True:
        value, gradient = energy.with_gradient(x)
        solver = _Solver(polygons, x)
        direction = -solver.constrained(gradient)
        slope = float((gradient * direction).sum())
        longest = float(np.linalg.norm(direction, axis=1).max())
        if not slope < 0:
            return
        size = min(_GROWTH * size, _FIRST * float(lengths.mean()) / longest)
        for _ in range(_HALVINGS):
            moved = solver.with_lengths(x + size * direction, lengths)
            if (
                energy(moved) <= value + _ARMIJO * size * slope
                and polygons.smallest_distance(moved) > floor
                and not collides(polygons, x, moved)
            ):
                break
            size /= 2
        else:
            return
        x = moved
        yield x


@dataclass
class _Solver:
    """The metric at one place, and the directions in it that keep lengths and barycentre."""

    polygons: Polygons
    x: FloatArray

    def __post_init__(self) -> None:
        import scipy.linalg  # slow to import

        n = len(self.x)
        metric = _metric(self.polygons, self.x)
        metric += 1e-8 * np.trace(metric) / n * np.eye(n)
        self._factor = scipy.linalg.cho_factor(metric)
        edges = self.polygons.edges(self.x)
        tangent = edges / np.linalg.norm(edges, axis=1)[:, None]
        index = np.arange(n)
        # derivatives of the n lengths and of the 3 coordinates of the barycentre, (n + 3, 3, n)
        constraints = np.zeros((n + 3, 3, n))
        constraints[index, :, index] -= tangent
        constraints[index, :, self.polygons.following] += tangent
        for axis in range(3):
            constraints[n + axis, axis] = 1 / n
        rows = constraints.reshape(-1, n)
        self._constraints = constraints
        self._raised = self._solve(rows.T).T.reshape(constraints.shape)
        gram = constraints.reshape(n + 3, -1) @ self._raised.reshape(n + 3, -1).T
        self._gram = gram + 1e-10 * np.trace(gram) / (n + 3) * np.eye(n + 3)

    def _solve(self, values: FloatArray) -> FloatArray:
        import scipy.linalg

        result: FloatArray = scipy.linalg.cho_solve(self._factor, values)
        return result

    def constrained(self, gradient: FloatArray) -> FloatArray:
        """The gradient ``(N, 3)`` in this metric, without what would change a length or the barycentre."""
        raised = self._solve(gradient)
        wrong = np.einsum("aci,ic->a", self._constraints, raised)
        multipliers = np.linalg.solve(self._gram, wrong)
        result: FloatArray = raised - np.einsum("aci,a->ic", self._raised, multipliers)
        return result

    def with_lengths(self, x: FloatArray, lengths: FloatArray) -> FloatArray:
        """Vertices near ``x`` whose edges have these lengths."""
        n = len(x)
        for _ in range(_PROJECTIONS):
            error = np.linalg.norm(self.polygons.edges(x), axis=1) - lengths
            if np.abs(error).max() < _LENGTH_ERROR * lengths.mean():
                break
            multipliers = np.linalg.solve(self._gram[:n, :n], error)
            x = x - np.einsum("aci,a->ic", self._raised[:n], multipliers)
        return x


def _metric(polygons: Polygons, x: FloatArray) -> FloatArray:
    """The matrix ``(N, N)`` of the inner product of one coordinate of two motions.

    The sum over pairs of edges of ``|D_i u T_i - D_j u T_j|^2 / r^(2 s + 1)``, with s the order less 1 and D
    the derivative along an edge, and of ``|M_i u - M_j u|^2 k(r, T) / r^(2 s + 1)``, with M the mean over
    an edge and k the kernel ``|r x T|^2 / |r|^4``.
    """
    following = polygons.following
    edges = polygons.edges(x)
    length = np.linalg.norm(edges, axis=1)
    tangent = edges / length[:, None]
    high, low = np.zeros((len(x), len(x))), np.zeros((len(x), len(x)))
    for start in (np.arange(len(x)), following):
        for end in (np.arange(len(x)), following):
            d = x[start][:, None] - x[end]
            square = np.where(polygons.apart, np.einsum("ijk,ijk->ij", d, d), 1.0)
            across = np.maximum(square - np.einsum("ijk,ik->ij", d, tangent) ** 2, 0.0)
            kernel = square ** (-(2 * _ORDER + 1) / 2)
            high += kernel
            low += kernel * across / square**2
    weight = np.where(polygons.apart, np.outer(length, length) / 4, 0.0)
    high, low = (part * weight for part in (high, low))
    high, low = high + high.T, low + low.T
    index = np.arange(len(x))
    slope, mean = np.zeros_like(high), np.zeros_like(high)
    slope[index, following], slope[index, index] = 1 / length, -1 / length
    mean[index, following] = mean[index, index] = 0.5
    stiff = np.diag(high.sum(axis=1)) - high * (tangent @ tangent.T)
    soft = np.diag(low.sum(axis=1)) - low
    result: FloatArray = slope.T @ stiff @ slope + mean.T @ soft @ mean
    return result


def checked(polygons: Polygons, x: FloatArray) -> None:
    """Refuse polygons that meet or fold.

    Raises
    ------
    TopoError
        When two edges touch, or one turns back on the one before.
    """
    if collides(polygons, x, x):
        raise TopoError("the polygons touch or fold, so there is no telling them apart; move them")
