"""Two tori on their way through layers of three units, in the colours of how much they are stretched.

Essay, "The Easy Way Out" and its picture "tangle": what cannot be separated is pulled apart all the same, and
becomes as thin as it has to where it is tangled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Surface, Theme, tint
from topo_core.topology.follow import follow_curves, followed, resolved
from topo_core.topology.linking import linking_number
from topo_core.topology.stretch import jacobians
from topo_core.topology.stretch_path import largest_singular_values, path_jacobian
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Instants in each layer at which extremes are looked for.
INSTANTS = 24
#: Pieces of a line around a torus's hole whose images are measured to choose its vertices.
_FINE = 3000


@dataclass(frozen=True)
class Moment:
    """Where everything is at one position, and how much the map so far stretches space there.

    Attributes
    ----------
    points, stretch
        Vertices ``(n, 3)`` of both tori together, and the largest singular value ``(n,)`` at each.
    cores
        The polygons ``(k, 3)`` and ``(l, 3)`` of the core curves.
    """

    points: FloatArray
    stretch: FloatArray
    cores: tuple[FloatArray, FloatArray]


class StretchedTori:
    """Both tori as surfaces.

    Parameters
    ----------
    trace
        Of two tubes around closed curves in space, three units in every layer.
    theme
        Class colours: the more a torus is stretched, the farther its colour is from the paper's.
    detail
        Vertices along each core and around each tube; they crowd where the network stretches the torus.

    Raises
    ------
    TopoError
        When the data are not two closed curves.
    """

    def __init__(self, trace: Trace, theme: Theme, detail: tuple[int, int] = (400, 40)) -> None:
        self.trace, self.theme, self.detail = trace, theme, detail
        self.position = 0.0
        self._corners = follow_curves(trace)
        self._parts = np.cumsum([0, detail[0] * detail[1], detail[0] * detail[1], *map(len, self._corners)])
        meshes = [self._mesh(k) for k in (0, 1)]
        self._axes = [axis for _, axis in meshes]
        self._input = np.concatenate([*(points for points, _ in meshes), *self._corners])
        self._starts: dict[int, tuple[FloatArray, FloatArray]] = {}
        self._moment: tuple[float, Moment] | None = None
        self._linking: tuple[float, int | None] | None = None
        grids = [self._input[self._part(k)].reshape(*detail, 3) for k in (0, 1)]
        self.tori = tuple(
            Surface(grid, theme.class_colour(k), closed=(True, True), solid=False)
            for k, grid in enumerate(grids)
        )

    def _part(self, k: int) -> slice:
        return slice(int(self._parts[k]), int(self._parts[k + 1]))

    def _mesh(self, k: int) -> tuple[FloatArray, FloatArray]:
        """Points ``(m * n, 3)`` of a torus, and the points of its core to which they belong.

        Along each line around the hole their images are evenly spaced.
        """
        component = self.trace.dataset.components[k]
        surface = component.surface
        assert surface is not None
        (m, n), fine = self.detail, _FINE
        u, v = np.linspace(0, 1, fine + 1), np.arange(n) / n
        x = surface.patch(np.tile(u, n), np.repeat(v, fine + 1))
        way = np.full((n, fine), (self.trace.n_layers + 1) / fine)
        for layer in range(self.trace.n_layers + 1):
            h = self.trace.evaluate(x, layer).reshape(n, fine + 1, -1)
            steps = np.linalg.norm(np.diff(h, axis=1), axis=2)
            way += steps / steps.sum(axis=1).max()
        reached = np.concatenate([np.zeros((n, 1)), np.cumsum(way, axis=1)], axis=1)
        shares = np.arange(m) / m
        along = np.stack([np.interp(shares * line[-1], line, u) for line in reached], axis=1)
        return surface.patch(along.ravel(), np.tile(v, m)), component.curves[0].path(along.ravel())

    # -- what is so at a position ----------------------------------------------------------------

    def _start(self, layer: int) -> tuple[FloatArray, FloatArray]:
        """All points after so many whole layers, and the Jacobians of the map so far."""
        if layer not in self._starts:
            if layer == 0:
                identity = np.broadcast_to(np.eye(3), (len(self._input), 3, 3))
                self._starts[0] = self._input, identity
            else:
                points, jacobian = self._start(layer - 1)
                before = self.trace.layers[layer - 1]
                self._starts[layer] = before(points), before.jacobian(points) @ jacobian
        return self._starts[layer]

    def moment(self, position: float | None = None) -> Moment:
        """What is so at a position: 1.5 is half-way through the second layer. By default, the present one."""
        position = self.position if position is None else position
        if self._moment is None or self._moment[0] != position:
            layer = min(int(position), self.trace.n_layers)
            points, jacobian = self._start(layer)
            if position > layer:
                path = self.trace.layers[layer].path
                jacobian = path_jacobian(path, points, position - layer) @ jacobian
                points = path(points, position - layer)
            stretch = largest_singular_values(jacobian)
            cores = points[self._part(2)], points[self._part(3)]
            self._moment = position, Moment(points, stretch, cores)
        return self._moment[1]

    def place(self, position: float) -> None:
        """Put everything where it is at a position, in the colours of its stretch there."""
        self.position = position
        moment = self.moment()
        for k, torus in enumerate(self.tori):
            part = self._part(k)
            torus.move(moment.points[part])
            torus.paint(self.colours(k, moment.stretch[part]))

    def shrink(self, share: float, origin: FloatArray) -> None:
        """Show thinner tori inside, down to their cores, after the last layer and relative to ``origin``."""
        for k, (torus, axis) in enumerate(zip(self.tori, self._axes, strict=True)):
            x = (1 - share) * self._input[self._part(k)] + share * axis
            torus.move(self.trace.representations(x)[-1] - origin)
            torus.paint(self.colours(k, largest_singular_values(jacobians(self.trace, x)[-1])))

    def linking(self) -> int | None:
        """The linking number of the core curves where they are now; None where they cannot be told apart."""
        if self._linking is None or self._linking[0] != self.position:
            self._linking = self.position, self._linked()
        return self._linking[1]

    def _linked(self) -> int | None:
        first, second = self.moment().cores
        if not resolved(first, second):
            layer = int(self.position)
            finer = followed(self.trace, layer, self.position - layer)
            if not finer.resolved:
                return None
            first, second = finer.first, finer.second
        return linking_number(first, second)

    def largest(self, position: float | None = None) -> float:
        """The largest stretch at any vertex of the tori."""
        return float(self.moment(position).stretch[: self._parts[2]].max())

    @cached_property
    def positions(self) -> FloatArray:
        """The instants of a whole way through the layers."""
        return np.arange(self.trace.n_layers * INSTANTS + 1) / INSTANTS

    @cached_property
    def history(self) -> FloatArray:
        """The largest stretch at each of these."""
        return np.array([self.largest(p) for p in self.positions.tolist()])

    # -- colours ---------------------------------------------------------------------------------

    @cached_property
    def scale(self) -> tuple[float, float]:
        """The stretches at which the scale of colours begins and ends: 1 and the largest of all."""
        return 1.0, float(self.history.max())

    def shades(self, label: int, shares: FloatArray) -> FloatArray:
        """Colours ``(n, 3)`` of a class at shares ``(n,)`` of the scale, which is logarithmic."""
        low, high = np.log(self.scale)
        return self.colours(label, np.exp((1 - shares) * low + shares * high))

    def colours(self, label: int, stretch: FloatArray) -> FloatArray:
        """Colours ``(n, 3)`` of a class for stretches ``(n,)``, by their logarithms."""
        low, high = np.log(self.scale)
        calm = low - (high - low) / 2  # unstretched is a third of the way from dark to light, or from light
        ends = (calm, high) if self.theme.name == "dark" else (high, calm)
        return tint(np.log(np.maximum(stretch, 1.0)), *ends, self.theme.class_colour(label))
