"""Where two parametrised surfaces come nearest, in space of any dimension."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.surfaces import Patch
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]

#: Pairs of points from which the search goes on, and how far apart they are at least, in cells.
_STARTS, _APART = 4, 3.0
#: The windows around them: points on a side, how often they shrink, to which share each time.
_SIDE, _ROUNDS, _SHRINK = 7, 9, 0.4


@dataclass(frozen=True)
class NearestOnSurfaces:
    """The nearest pair of points that was found.

    Attributes
    ----------
    distance
        Between them, in the units of the surfaces: never less than the smallest distance.
    first, second
        Their parameters ``(u, v)``, each ``(2,)``.
    """

    distance: float
    first: FloatArray
    second: FloatArray


def nearest_on_surfaces(first: Patch, second: Patch, cells: tuple[int, int] = (96, 32)) -> NearestOnSurfaces:
    """Where two surfaces, both closed in u and in v, come nearest.

    A grid of points gives pairs to start from; around each the search goes on in windows that shrink. What is
    found is a distance that the surfaces really have, and a local minimum to about 1e-3 of a cell; of minima
    that the grid does not resolve nothing is known. Costs two grids and some hundred small evaluations.

    Parameters
    ----------
    first, second
        Maps of u and v, each ``(n,)``, of period 1, to points ``(n, d)``.
    cells
        Of the grids, along u and along v.

    Raises
    ------
    TopoError
        For surfaces in spaces of different dimensions, or points that are not finite.
    """
    from scipy.spatial import cKDTree  # slow to import

    u, v = np.meshgrid(*(np.arange(n) / n for n in cells), indexing="ij")
    parameters = np.stack([u.ravel(), v.ravel()], axis=1)
    p, q = (patch(parameters[:, 0], parameters[:, 1]) for patch in (first, second))
    if p.shape[1] != q.shape[1] or not (np.isfinite(p).all() and np.isfinite(q).all()):
        raise TopoError(
            f"distance between surfaces of points {p.shape} and {q.shape}: "
            "give finite points of one dimension"
        )
    distance, partner = cKDTree(q).query(p)
    found = NearestOnSurfaces(np.inf, parameters[0], parameters[0])
    for i in _starts(distance, parameters, np.array(cells, dtype=np.float64)):
        own = _refined(first, second, parameters[i], parameters[int(partner[i])], 1 / np.array(cells))
        found = min(found, own, key=lambda pair: pair.distance)
    return found


def _starts(distance: FloatArray, parameters: FloatArray, cells: FloatArray) -> list[int]:
    """The nearest points of the first surface's grid that are not neighbours of a nearer one."""
    chosen: list[int] = []
    for i in np.argsort(distance)[: 40 * _STARTS].tolist():
        away = np.abs(parameters[chosen] - parameters[i])
        away = np.minimum(away, 1 - away) * cells
        if not (away.max(axis=1) < _APART).any():
            chosen.append(i)
            if len(chosen) == _STARTS:
                break
    return chosen


def _refined(
    first: Patch, second: Patch, a: FloatArray, b: FloatArray, half: FloatArray
) -> NearestOnSurfaces:
    """The nearest pair in windows of half-widths ``half`` around two pairs of parameters, which shrink."""
    s, t = np.meshgrid(*[np.linspace(-1, 1, _SIDE)] * 2, indexing="ij")
    window = np.stack([s.ravel(), t.ravel()], axis=1)
    best = np.inf
    for _ in range(_ROUNDS):
        around = a + half * window, b + half * window
        p, q = first(*around[0].T), second(*around[1].T)
        square = np.square(p[:, None] - q).sum(axis=2)
        i, j = np.unravel_index(int(square.argmin()), square.shape)
        a, b, best = around[0][i], around[1][j], float(np.sqrt(square[i, j]))
        half = half * _SHRINK
    return NearestOnSurfaces(best, a % 1, b % 1)
