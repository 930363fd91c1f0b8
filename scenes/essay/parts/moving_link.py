"""Two closed curves in space on their way through a network of three units a layer, and space around them.

Essay, "Links And Homotopy": the continuous visualisation of a network that separates two curves is an ambient
isotopy. Everything here is carried along by the network itself; only the thickness of the curves is drawn.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Lines, Surface, Theme, Tube, grid_lines, lattice
from topo_core.inverse import recovered
from topo_core.topology.distance import polygon_distance
from topo_core.topology.follow import follow_curves
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Radius with which a curve is drawn, in data units.
TUBE = 0.065
#: Lines of the lattice across each axis, and how far it reaches beyond the curves, in data units.
_PLANES, _BEYOND, _DETAIL = (4, 5, 3), 0.8, 40


class MovingLink:
    """The curves as tubes, a lattice of lines, and what is measured of them, at any place of the network.

    Parameters
    ----------
    trace
        Of two closed curves in space, three units in every layer.
    theme
        Class colours; the lattice has that of a grid.
    """

    def __init__(self, trace: Trace, theme: Theme) -> None:
        self.trace, self.position = trace, 0.0
        corners = follow_curves(trace, per_layer=1)
        both = np.concatenate(corners)
        bounds = np.stack([both.min(axis=0) - _BEYOND, both.max(axis=0) + _BEYOND], axis=1)
        lines = lattice(bounds, _PLANES, _DETAIL)
        self._parts = np.cumsum([len(corners[0]), len(corners[1]), lines.shape[0] * lines.shape[1]])
        self._starts = [np.concatenate([*corners, lines.reshape(-1, 3)])]
        self.tubes = tuple(
            Tube(curve, TUBE, theme.class_colour(k), closed=True, sides=16) for k, curve in enumerate(corners)
        )
        self.lattice = Lines(lines, theme.grid, 2.2, 0.0)
        self._distance: tuple[float, float] | None = None

    def at(self, position: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The two polygons ``(n, 3)`` and ``(m, 3)``, and the vertices of the lattice, at a position."""
        layer = min(int(position), self.trace.n_layers)
        while len(self._starts) <= layer:
            self._starts.append(self.trace.layers[len(self._starts) - 1](self._starts[-1]))
        points = self._starts[layer]
        if position > layer:
            points = self.trace.layers[layer].path(points, position - layer)
        first, second, lines = np.split(points, self._parts[:2])
        return first, second, lines

    def show(self, position: float) -> None:
        """Put everything where it is at a position: 1.5 is half-way through the second layer."""
        self.position = position
        *curves, lines = self.at(position)
        for tube, curve in zip(self.tubes, curves, strict=True):
            tube.follow(curve)
        self.lattice.move(lines)

    # -- what is so now --------------------------------------------------------------------------

    @property
    def curves(self) -> tuple[FloatArray, FloatArray]:
        """The two polygons as they are shown."""
        return self.tubes[0].curve, self.tubes[1].curve

    @property
    def layers_done(self) -> int:
        """How many whole layers lie behind."""
        return int(self.position + 1e-9)

    def distance(self, position: float) -> float:
        """The smallest distance between the curves at a position, in data units."""
        if self._distance is None or self._distance[0] != position:
            self._distance = position, polygon_distance(*self.at(position)[:2])
        return self._distance[1]

    @property
    def linking(self) -> int:
        """The linking number of the curves now."""
        return linking_number(*self.curves)


class Membrane:
    """The plane that separates the curves after the last layer, and what it becomes on the way back.

    Parameters
    ----------
    trace
        Of two classes, its layers invertible.
    colour
        Of the surface and of the lines on it.
    middle, reach
        The piece of the plane: a square about the point nearest to ``middle`` ``(3,)``, with sides of twice
        ``reach``.
    cells
        Of the square along each side.
    """

    def __init__(self, trace: Trace, colour: str, middle: FloatArray, reach: float, cells: int = 72) -> None:
        self.trace, self.cells = trace, cells
        weight, bias = trace.readout_weight[-1], trace.readout_bias[-1]
        normal, offset = weight[0] - weight[1], bias[0] - bias[1]
        length = float(np.linalg.norm(normal))
        #: Unit normal to the side of class A, and the plane's distance from the origin along it.
        self.normal, self.offset = normal / length, -float(offset) / length
        across = np.linalg.svd(self.normal[None])[2][1:]
        foot = middle - (middle @ self.normal - self.offset) * self.normal
        s = reach * np.linspace(-1, 1, cells + 1)
        grid = foot + s[:, None, None] * across[0] + s[None, :, None] * across[1]
        self._end = grid.reshape(-1, 3)
        self.surface = Surface(grid, colour, 0.0)
        self.lines = Lines(grid_lines(grid, max(1, cells // 8)), colour, 2.0, 0.0)

    @cached_property
    def _pulled_back(self) -> list[FloatArray]:
        """The vertices after each number of whole layers, found backwards from the plane."""
        return recovered(self.trace, self._end)

    def show(self, position: float) -> None:
        """Put the surface where the network carries it to the plane from, at a position."""
        layer = int(position)
        points = self._end if layer == self.trace.n_layers else self._pulled_back[layer]
        if position > layer:
            points = self.trace.layers[layer].path(points, position - layer)
        grid = points.reshape(self.cells + 1, self.cells + 1, 3)
        self.surface.move(grid)
        self.lines.move_lines(grid_lines(grid, max(1, self.cells // 8)))

    @property
    def shapes(self) -> tuple[Surface, Lines]:
        """All that is drawn."""
        return self.surface, self.lines

    def way(self, curve: FloatArray) -> FloatArray:
        """The shortest way ``(2, 3)`` from corners ``(n, 3)`` of a curve at the end to the plane."""
        away = curve @ self.normal - self.offset
        k = int(np.abs(away).argmin())
        return np.stack([curve[k], curve[k] - away[k] * self.normal])
