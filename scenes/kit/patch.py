"""Parts of the input plane that are filled, carried along, and measured on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.motion import moved
from scenes.kit.plane import Plane
from topo_core.topology.area import signed_area

FloatArray = NDArray[np.float64]


def outline(corners: FloatArray, samples: int) -> FloatArray:
    """A polygon ``(n, 2)`` as a closed ring ``(n * samples, 2)``, its sides evenly sampled."""
    s = np.arange(samples)[:, None] / samples
    sides = np.roll(corners, -1, axis=0) - corners
    return np.concatenate([a + s * side for a, side in zip(corners, sides, strict=True)])


def square(corner: Sequence[float], side: float) -> FloatArray:
    """Corners ``(4, 2)`` of a square, counterclockwise from its lower left one."""
    return np.asarray(corner, dtype=np.float64) + side * np.array(
        [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    )


def cells(domain: FloatArray, spacing: float) -> list[FloatArray]:
    """The whole cells of a grid in a domain ``(2, 2)``, lower and upper bound of each coordinate.

    Grid lines are at the multiples of ``spacing``; each cell as its corners ``(4, 2)``.
    """
    low = np.ceil(domain[:, 0] / spacing - 1e-9).astype(int)
    high = np.floor(domain[:, 1] / spacing + 1e-9).astype(int)
    across, up = (range(a, b) for a, b in zip(low.tolist(), high.tolist(), strict=True))
    return [square((i * spacing, j * spacing), spacing) for j in up for i in across]


class Patch(Drawable):
    """Polygons of a plane's input space, filled, and moved as the plane moves.

    Parameters
    ----------
    plane
        The plane that they lie in; its state says where it is.
    polygons
        Corners ``(n, 2)`` of each, counterclockwise, without overlaps.
    colour
        Of the fill and, opaque, of the outline.
    samples
        Points on each side. The area is measured on them, and so is off by about the square of a side's
        bend between two of them.
    fill, width
        How opaque the fill is, and the outline's width in Manim's stroke units.
    edged
        Whether the outline is opaque; otherwise it is as the fill, so that polygons side by side look like
        one.
    """

    def __init__(
        self,
        plane: Plane,
        polygons: Sequence[FloatArray],
        colour: str,
        *,
        samples: int = 128,
        fill: float = 0.5,
        width: float = 4.0,
        edged: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.plane, self.colour = plane, colour
        self.fill, self.edge, self.edged = fill, width, edged
        self.rings = [outline(polygon, samples) for polygon in polygons]
        self._starts = np.cumsum([len(ring) for ring in self.rings])[:-1]
        self.points = plane.points.copy()

    def at(self, position: float) -> list[FloatArray]:
        """Its outlines at a position, in data units."""
        points = np.concatenate(self.rings)
        return np.split(moved(self.plane.space.motion, points, position), self._starts)

    def areas(self, position: float) -> FloatArray:
        """Signed area of each polygon at a position, ``(k,)``."""
        return np.array([float(signed_area(ring)) for ring in self.at(position)])

    def factor(self, position: float | None = None) -> float:
        """Its area at a position, by default the plane's own, relative to that at the start."""
        position = self.plane.state.position if position is None else position
        return float(self.areas(position).sum() / self.areas(0.0).sum())

    def draw(self, canvas: Canvas) -> None:
        """Draw the polygons where the plane has carried them."""
        rect, view, context = self.plane.rect, self.plane.view, canvas.context
        placed = [view(ring) for ring in self.at(self.plane.state.position)]
        closed = [np.concatenate([ring, ring[:1]]) for ring in placed]
        context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        if self.edged:
            canvas.fill(placed, self.colour, self.fill)
            canvas.stroke(closed, self.colour, self.edge, round_caps=True)
        else:
            context.push_group()
            canvas.fill(placed, self.colour)
            canvas.stroke(closed, self.colour, self.edge, round_caps=True)
            context.pop_group_to_source()
            context.paint_with_alpha(self.fill)
        context.restore()
