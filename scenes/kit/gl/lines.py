"""Lines in space: curves, axes, lattices that deform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import contourpy
import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.colours import Colour
from scenes.kit.gl.shapes import Shape
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


class Lines(Shape):
    """Polylines, all in one go.

    Parameters
    ----------
    lines
        Each ``(n, 3)``; they may differ in length, and there may be none.
    colour
        ``"#rrggbb"``, or one row for each vertex of all lines in order.
    width
        In Manim's stroke units; lines that are farther away are thinner.
    opacity
        From 0 to 1.
    on_top
        Whether a line that lies in a surface is drawn on both its sides: how far it is lifted towards the
        eye, in data units.

    Raises
    ------
    TopoError
        For a line of fewer than two points.
    """

    def __init__(
        self,
        lines: Sequence[FloatArray] | FloatArray,
        colour: Colour,
        width: float = 3.0,
        opacity: float = 1.0,
        *,
        on_top: float = 0.01,
    ) -> None:
        self._colour = colour
        self._place(lines)
        super().__init__(_joined(lines), colour, opacity)
        self.width, self.on_top = width, on_top

    def _place(self, lines: Sequence[FloatArray] | FloatArray) -> None:
        lengths = [len(line) for line in lines]
        if lengths and min(lengths) < 2:
            raise TopoError("each line needs at least two points")
        self.starts = np.cumsum([0, *lengths])
        last = np.zeros(int(self.starts[-1]), dtype=bool)
        last[self.starts[1:] - 1] = True
        #: The vertices after which a segment follows.
        self.segments = np.flatnonzero(~last)

    @property
    def look(self) -> tuple[float, ...]:
        """What changes whenever they are to be drawn otherwise."""
        return *super().look, self.width, self.on_top

    def move_lines(self, lines: Sequence[FloatArray] | FloatArray) -> Self:
        """Put other lines in their place: more or fewer, or none, if they have one colour."""
        points = _joined(lines)
        if len(points) == len(self.points):
            self._place(lines)
            return self.move(points)
        if not isinstance(self._colour, str):
            raise TopoError(
                f"lines coloured at {len(self.points)} vertices were moved to {len(points)}: make new ones"
            )
        self._place(lines)
        self.points = points
        self.moves += 1
        return self.paint(self._colour)

    def paint(self, colour: Colour) -> Self:
        """Give the vertices other colours."""
        self._colour = colour
        return super().paint(colour)


def _joined(lines: Sequence[FloatArray] | FloatArray) -> FloatArray:
    """The vertices of all lines, ``(n, 3)``."""
    return np.concatenate([np.zeros((0, 3)), *(np.asarray(line, dtype=np.float64) for line in lines)])


def lattice(bounds: FloatArray, counts: tuple[int, int, int], detail: int = 24) -> FloatArray:
    """A lattice in a box: straight lines ``(k, detail + 1, 3)`` along the three axes.

    Parameters
    ----------
    bounds
        ``(3, 2)``: lower and upper bound of each coordinate.
    counts
        Planes of lines across each axis.
    detail
        Pieces that each line has, so that it can bend.
    """
    box = np.asarray(bounds, dtype=np.float64)
    ticks = [np.linspace(low, high, n) for (low, high), n in zip(box, counts, strict=True)]
    share = np.linspace(0, 1, detail + 1)
    found = []
    for axis in range(3):
        others = [k for k in range(3) if k != axis]
        first, second = np.meshgrid(*(ticks[k] for k in others), indexing="ij")
        lines = np.empty((first.size, detail + 1, 3))
        lines[..., axis] = box[axis, 0] + share * (box[axis, 1] - box[axis, 0])
        lines[..., others[0]] = first.reshape(-1, 1)
        lines[..., others[1]] = second.reshape(-1, 1)
        found.append(lines)
    return np.concatenate(found)


def grid_lines(points: FloatArray, every: int = 1) -> list[FloatArray]:
    """Lines along the rows and columns of a surface's vertices ``(m, n, 3)``: every so many, and the last."""
    m, n, _ = points.shape
    rows = sorted({*range(0, m, every), m - 1})
    columns = sorted({*range(0, n, every), n - 1})
    return [*points[rows], *np.moveaxis(points, 1, 0)[columns]]


def level_lines(points: FloatArray, values: FloatArray, level: float = 0.0) -> list[FloatArray]:
    """Where a function on a surface has a value, for example where a hyperplane cuts the surface.

    Parameters
    ----------
    points
        Vertices of the surface ``(m, n, 3)``.
    values
        Of the function at the vertices, ``(m, n)``; between them it is taken to be bilinear.
    level
        The value.

    Returns
    -------
    list of FloatArray
        Lines ``(k, 3)``; closed ones end where they begin.
    """
    m, n, _ = points.shape
    found: list[FloatArray] = []
    for line in contourpy.contour_generator(z=np.asarray(values).reshape(m, n)).lines(level):
        column, row = np.asarray(line).T
        i, j = np.minimum(row.astype(int), m - 2), np.minimum(column.astype(int), n - 2)
        s, t = (row - i)[:, None], (column - j)[:, None]
        near = (1 - t) * points[i, j] + t * points[i, j + 1]
        found.append((1 - s) * near + s * ((1 - t) * points[i + 1, j] + t * points[i + 1, j + 1]))
    return found
