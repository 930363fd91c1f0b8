"""What can be in space: vertices that may move at every frame, with colours and an opacity."""

from __future__ import annotations

from itertools import count
from typing import Self

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.colours import Bytes, Colour, vertex_colours
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


#: Tells shapes apart, also from those that are gone.
_numbers = count()


class Shape:
    """Vertices ``(n, 3)`` and how they are painted. Change them with the methods, not in place.

    Parameters
    ----------
    points
        Where the vertices are, in data units.
    colour
        ``"#rrggbb"``, or ``(n, 3)`` or ``(n, 4)`` values from 0 to 1, one row a vertex.
    opacity
        From 0 to 1.

    Raises
    ------
    TopoError
        For points that are not ``(n, 3)``, are not finite, or become more or fewer.
    """

    def __init__(self, points: FloatArray, colour: Colour, opacity: float = 1.0) -> None:
        self._number = next(_numbers)
        self.points = _checked(points, type(self).__name__)
        self.colours: Bytes = vertex_colours(colour, len(self.points))
        self._solid_colours = bool((self.colours[:, 3] == 255).all())
        self.opacity = opacity
        #: How often the points and the colours have changed.
        self.moves, self.paints = 0, 0

    def move(self, points: FloatArray) -> Self:
        """Put the vertices elsewhere: ``(n, 3)``, or any shape that flattens to it."""
        points = _checked(points, type(self).__name__)
        if points.shape != self.points.shape:
            raise TopoError(
                f"{type(self).__name__} has {len(self.points)} vertices and was moved to {len(points)}: "
                "make a new one for another number of vertices"
            )
        self.points = points
        self.moves += 1
        return self

    def paint(self, colour: Colour) -> Self:
        """Give the vertices other colours."""
        self.colours = vertex_colours(colour, len(self.points))
        self._solid_colours = bool((self.colours[:, 3] == 255).all())
        self.paints += 1
        return self

    @property
    def opaque(self) -> bool:
        """Whether nothing shines through."""
        return self.opacity >= 1 and self._solid_colours

    @property
    def look(self) -> tuple[float, ...]:
        """What changes whenever it is to be drawn otherwise."""
        return self._number, self.moves, self.paints, self.opacity


def _checked(points: FloatArray, name: str) -> FloatArray:
    given = np.shape(points)
    result = np.ascontiguousarray(points, dtype=np.float64)
    if not given or given[-1] != 3:
        raise TopoError(f"{name} needs points of shape (n, 3), not {given}")
    result = result.reshape(-1, 3)
    if not np.isfinite(result).all():
        raise TopoError(
            f"{name} was given points that are not finite: look for a division by zero or an overflow"
        )
    return result
