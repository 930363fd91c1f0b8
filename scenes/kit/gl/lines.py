"""Lines in space: curves, axes, lattices that deform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

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
        Each ``(n, 3)``; they may differ in length.
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
        For no lines, or a line of fewer than two points.
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
        lengths = [len(line) for line in lines]
        if not lengths or min(lengths) < 2:
            raise TopoError("lines need at least one line, and each at least two points")
        super().__init__(np.concatenate([np.asarray(line) for line in lines]), colour, opacity)
        self.starts = np.cumsum([0, *lengths])
        self.width, self.on_top = width, on_top
        last = np.zeros(len(self.points), dtype=bool)
        last[self.starts[1:] - 1] = True
        #: The vertices after which a segment follows.
        self.segments = np.flatnonzero(~last)

    @property
    def look(self) -> tuple[float, ...]:
        """What changes whenever they are to be drawn otherwise."""
        return *super().look, self.width, self.on_top

    def move_lines(self, lines: Sequence[FloatArray] | FloatArray) -> Self:
        """Put the lines elsewhere, each with as many points as before."""
        return self.move(np.concatenate([np.asarray(line) for line in lines]))


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
