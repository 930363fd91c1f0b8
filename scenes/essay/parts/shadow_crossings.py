"""Where two surfaces in four dimensions seem to meet, because the picture shows three of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.surfaces import Patch

FloatArray = NDArray[np.float64]

#: Cells of the grids from which crossings are looked for, and how near their points have to be, in cells.
_CELLS, _NEAR = (160, 64), 1.5
#: Newton steps, how far a step goes at most, the difference for derivatives, and what counts as met.
_STEPS, _LONGEST, _EPS, _MET = 30, 0.02, 1e-6, 1e-9


class ShadowCrossings(NamedTuple):
    """Pairs of points, one of each surface, at the same place of the picture.

    ``first`` and ``second`` are the points, ``(n, 4)`` each, whose first three coordinates agree.
    """

    first: FloatArray
    second: FloatArray

    @property
    def gaps(self) -> FloatArray:
        """How far apart the points of each pair are, in four dimensions."""
        gaps: FloatArray = np.linalg.norm(self.first - self.second, axis=1)
        return gaps


def shadow_crossings(first: Patch, second: Patch) -> ShadowCrossings:
    """Points on the curves in which the projections of two closed surfaces cut each other.

    Parameters
    ----------
    first, second
        Maps of u and v, of period 1, to points ``(n, 4)``; the fourth coordinate is the lost one.

    Returns
    -------
    Pairs found from neighbours on two grids by Newton's method: up to rounding, they are exactly at the same
    place. A curve that is smaller than a cell of the grids may be missed.
    """
    from scipy.spatial import cKDTree  # slow to import

    u, v = np.meshgrid(*(np.arange(n) / n for n in _CELLS), indexing="ij")
    grid = np.stack([u.ravel(), v.ravel()], axis=1)
    p, q = (patch(*grid.T)[:, :3] for patch in (first, second))
    distance, partner = cKDTree(q).query(p)
    close = distance < _NEAR * np.maximum(_size(p), _size(q)[partner])
    x = np.concatenate([grid[close], grid[partner[close]]], axis=1)
    for _ in range(_STEPS if len(x) else 0):
        value, jacobian = _difference(first, second, x)
        step = np.einsum("nij,nj->ni", np.linalg.pinv(jacobian), value)
        longest = np.abs(step).max(axis=1, keepdims=True)
        x = x - step * np.minimum(1, _LONGEST / np.maximum(longest, 1e-300))
    a, b = first(*x[:, :2].T), second(*x[:, 2:].T)
    met = np.linalg.norm(a[:, :3] - b[:, :3], axis=1) < _MET
    return ShadowCrossings(a[met], b[met])


def _size(points: FloatArray) -> FloatArray:
    """For every vertex of a grid, the longer edge that begins there."""
    grid = points.reshape(*_CELLS, 3)
    edges = [np.linalg.norm(np.roll(grid, -1, axis=axis) - grid, axis=2) for axis in (0, 1)]
    longer: FloatArray = np.maximum(*edges).ravel()
    return longer


def _difference(first: Patch, second: Patch, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Difference ``(n, 3)`` of what is seen of two points, of parameters ``(n, 4)``, and its derivative."""

    def value(x: FloatArray) -> FloatArray:
        return (first(*x[:, :2].T) - second(*x[:, 2:].T))[:, :3]

    columns = [(value(x + _EPS * unit) - value(x - _EPS * unit)) / (2 * _EPS) for unit in np.eye(4)]
    return value(x), np.stack(columns, axis=2)
