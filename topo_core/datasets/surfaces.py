"""Parametrised surfaces: their extent, and points spread over them evenly by area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: A surface's parametrisation, u and v in [0, 1], each ``(n,)``, to points ``(n, d)``.
Patch = Callable[[FloatArray, FloatArray], FloatArray]

#: Cells of the grids on which areas are added up and extremes looked for.
_CELLS = (1024, 64)

#: Steps of the evenest known sequence in the unit square: powers of the plastic number's inverse.
_STEPS = np.array([0.7548776662466927, 0.5698402909980532])


@dataclass(frozen=True)
class Surface:
    """A parametrised surface in data units.

    Attributes
    ----------
    patch
        Continuous map of u and v in [0, 1], each ``(n,)``, to points ``(n, d)``, float64.
    closed
        For u and for v, whether 0 and 1 are the same points.
    """

    patch: Patch
    closed: tuple[bool, bool]

    def at(self, shares: FloatArray) -> FloatArray:
        """The points ``(n, d)`` at ``(n, 2)`` shares of the area, each in [0, 1].

        Uniform shares give points that are uniform by area: the first is the share up to u, the
        second, at this u, the share up to v. Areas are those of the cells of a fine grid.
        """
        first, rows = _areas(self)
        n_u, n_v = _CELLS
        u = np.interp(shares[:, 0], first, np.linspace(0, 1, n_u + 1))
        row = np.minimum((u * n_u).astype(np.intp), n_u - 1)
        v = np.interp(row + shares[:, 1], rows, np.tile(np.linspace(0, 1, n_v + 1), n_u))
        return self.patch(u, v)

    def spread(self, n: int) -> FloatArray:
        """``n`` points ``(n, d)`` spread evenly by area, the same every time."""
        return self.at((0.5 + np.arange(n)[:, None] * _STEPS) % 1)

    def extent(self) -> FloatArray:
        """Smallest and largest coordinates, ``(d, 2)``: the grid's, improved by ever finer ones."""
        coarse = [np.linspace(0, 1, cells + 1) for cells in _CELLS]
        start = self._over(*coarse)
        result = np.empty((start.shape[-1], 2))
        for axis in range(len(result)):
            for side, sign in enumerate((-1.0, 1.0)):
                u, v = coarse
                height = sign * start[..., axis]
                extreme = height.max()
                for _ in range(6):
                    i, j = np.unravel_index(int(height.argmax()), height.shape)
                    u, v = _around(u, int(i)), _around(v, int(j))
                    height = sign * self._over(u, v)[..., axis]
                    extreme = max(extreme, height.max())
                result[axis, side] = sign * extreme
        return result

    def _over(self, u: FloatArray, v: FloatArray) -> FloatArray:
        """Points ``(len(u), len(v), d)`` of a grid."""
        points = self.patch(np.repeat(u, len(v)), np.tile(v, len(u)))
        return points.reshape(len(u), len(v), -1)


def _around(values: FloatArray, k: int) -> FloatArray:
    return np.linspace(values[max(k - 1, 0)], values[min(k + 1, len(values) - 1)], 21)


@lru_cache(maxsize=16)
def _areas(surface: Surface) -> tuple[FloatArray, FloatArray]:
    """Shares of the area up to each u, ``(n_u + 1,)``, and in row after row up to each v, plus the row."""
    n_u, n_v = _CELLS
    corners = surface._over(np.linspace(0, 1, n_u + 1), np.linspace(0, 1, n_v + 1))
    along = np.diff(corners, axis=0)
    across = np.diff(corners, axis=1)
    along = (along[:, 1:] + along[:, :-1]) / 2
    across = (across[1:] + across[:-1]) / 2
    gram = np.square(along).sum(-1) * np.square(across).sum(-1) - np.square((along * across).sum(-1))
    cells = np.sqrt(np.maximum(gram, 0))
    rows = np.zeros((n_u, n_v + 1))
    np.cumsum(cells, axis=1, out=rows[:, 1:])
    first = np.concatenate([[0], np.cumsum(rows[:, -1])])
    rows /= rows[:, -1:]
    rows[:, -1] = 1
    return first / first[-1], (rows + np.arange(n_u)[:, None]).ravel()
