"""A surface as a grid of vertices, its normals recomputed whenever the vertices move."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.colours import Colour
from scenes.kit.gl.shapes import Shape
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]
Integers = NDArray[np.int32]


class Surface(Shape):
    """Vertices ``(m, n, 3)`` in a grid, joined by two triangles a cell.

    Parameters
    ----------
    points, colour, opacity
        As for every shape; points and colours may keep the shape of the grid.
    closed
        Whether the last row is joined to the first, and the last column to the first.
    solid
        Whether it bounds a body, seen from outside only: half the work. By default what is closed in both
        directions does. ``normals`` must then point outwards.

    Raises
    ------
    TopoError
        For points that are not a grid of at least 2 by 2.
    """

    def __init__(
        self,
        points: FloatArray,
        colour: Colour,
        opacity: float = 1.0,
        *,
        closed: tuple[bool, bool] = (False, False),
        solid: bool | None = None,
    ) -> None:
        shape = np.shape(points)
        if len(shape) != 3 or min(shape[:2]) < 2:
            raise TopoError(f"a surface needs points of shape (m, n, 3), m and n at least 2, not {shape}")
        super().__init__(points, colour, opacity)
        self.grid = (int(shape[0]), int(shape[1]))
        self.closed = closed
        self.solid = all(closed) if solid is None else solid
        grid = self.points.reshape(*self.grid, 3)
        self._poles = [
            (axis, end)
            for axis in (0, 1)
            for end in (0, -1)
            if not closed[axis] and np.ptp(grid.take(end, axis=axis), axis=0).max() < 1e-9
        ]

    def move(self, points: FloatArray) -> Self:
        """Put the vertices elsewhere; the normals follow."""
        super().move(points)
        self.__dict__.pop("normals", None)
        return self

    @property
    def flat(self) -> bool:
        """Whether it is a single flat cell, of which no line of sight meets more than one point."""
        if self.grid != (2, 2):
            return False
        a, *sides = self.points
        volume = abs(float(np.linalg.det(np.array(sides) - a)))
        return volume <= 1e-9 * float(np.abs(np.array(sides) - a).max()) ** 3

    @property
    def triangles(self) -> Integers:
        """Indices ``(k, 3)`` of the vertices of every triangle."""
        return grid_triangles(self.grid, self.closed)

    @property
    def strip(self) -> NDArray[np.uint16] | NDArray[np.uint32]:
        """The triangles as one strip of vertices."""
        return grid_strip(self.grid, self.closed)

    @cached_property
    def normals(self) -> FloatArray:
        """Unit normals ``(n, 3)``: of each vertex, the mean of those of the cells around it, by area."""
        m, n = self.grid
        padded = pad(self.points.reshape(m, n, 3), self.closed)
        across = padded[1:, 1:] - padded[:-1, :-1]
        along = padded[:-1, 1:] - padded[1:, :-1]
        cells = np.empty((3, *across.shape[:2]))
        for k in range(3):
            i, j = (k + 1) % 3, (k + 2) % 3
            cells[k] = across[..., i] * along[..., j] - across[..., j] * along[..., i]
        for axis, around in zip((1, 2), self.closed, strict=True):
            if around:
                cells += np.roll(cells, 1, axis=axis)
            else:  # a vertex at the edge has cells on one side only
                size = list(cells.shape)
                size[axis] += 1
                total = np.zeros(size)
                total[(slice(None),) * axis + (slice(1, None),)] += cells
                total[(slice(None),) * axis + (slice(None, -1),)] += cells
                cells = total
        for axis, end in self._poles:
            rows = np.moveaxis(cells, axis + 1, 0)
            rows[end] = rows[end].sum(axis=-1, keepdims=True)
        length = np.sqrt(np.einsum("kij,kij->ij", cells, cells))
        unit: FloatArray = np.moveaxis(cells / np.maximum(length, 1e-300), 0, -1)
        return unit.reshape(-1, 3)


def pad(grid: FloatArray, closed: tuple[bool, bool]) -> FloatArray:
    """The grid with its first row (column) once more at the end, where it is closed."""
    if not any(closed):
        return grid
    m, n = grid.shape[:2]
    padded = np.empty((m + closed[0], n + closed[1], *grid.shape[2:]), dtype=grid.dtype)
    padded[:m, :n] = grid
    if closed[0]:
        padded[m, :n] = grid[0]
    if closed[1]:
        padded[:, n] = padded[:, 0]
    return padded


def _numbers(grid: tuple[int, int], closed: tuple[bool, bool]) -> Integers:
    """The numbers of a grid's vertices, padded as above."""
    count = np.arange(grid[0] * grid[1], dtype=np.float64).reshape(grid)
    return pad(count, closed).astype(np.int32)


@lru_cache(maxsize=64)
def grid_triangles(grid: tuple[int, int], closed: tuple[bool, bool]) -> Integers:
    """The triangles of a grid: (a, b, d) and (d, b, c) of each cell.

    a is at (i, j), b at (i + 1, j), c at (i + 1, j + 1), d at (i, j + 1).
    """
    number = _numbers(grid, closed)
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    return np.stack([a, b, d, d, b, c], axis=-1).reshape(-1, 3)


@lru_cache(maxsize=64)
def grid_strip(grid: tuple[int, int], closed: tuple[bool, bool]) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """The same triangles as one strip, which is drawn in less time; between rows it goes on unseen."""
    number = _numbers(grid, closed)
    rows = np.stack([number[:-1], number[1:]], axis=-1).reshape(len(number) - 1, -1)
    whole = np.concatenate([rows, rows[:, -1:], np.roll(rows[:, :1], -1, axis=0)], axis=1).reshape(-1)
    return whole.astype(np.uint16) if number.max() < 1 << 16 else whole.astype(np.uint32)
