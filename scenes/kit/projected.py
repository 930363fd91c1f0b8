"""Networks of any width in motion: their representations as shadows on a plane, or in space, that turns.

What is seen of a representation of many dimensions is a projection (``topo_core.projection``). While a layer
carries points from one to the next, the view turns from its projection to the next one's, in the space where
the layer's motion takes place: nothing jumps, whatever the widths. The caption says what is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenes.kit.motion import Motion
from topo_core.errors import TopoError, UnknownNameError
from topo_core.isotopy import LayerPath
from topo_core.projection import (
    Projection,
    Turn,
    facing_view,
    padded,
    some_points,
    views,
)
from topo_core.trace import Trace, TraceLayer

FloatArray = NDArray[np.float64]


def projected_motion(trace: Trace, projection: str | Sequence[Projection]) -> ProjectedMotion:
    """The motion through the layers as a stage's ``projection`` has it seen: ``"principal"`` or ``"facing"``.

    Raises
    ------
    UnknownNameError
        For another name.
    """
    if not isinstance(projection, str):
        return ProjectedMotion(trace, projection, tour=())
    if projection not in _NAMES:
        raise UnknownNameError("projection", projection, _NAMES)
    return ProjectedMotion(trace, tour=() if projection == "principal" else None)


_NAMES = ("principal", "facing")


class Projected(Motion):
    """What motions of wide networks have in common: a plane at the input, and how to look at it.

    Points of an input of more than ``dimensions`` may also be given in the plane of its projection, through
    the middle of the data: the places of grids and decision regions.
    """

    trace: Trace
    projections: tuple[Projection, ...]

    def caption(self, position: float) -> str:
        """What is seen at a position, for people; empty where nothing is left out."""
        raise NotImplementedError

    @cached_property
    def middle(self) -> FloatArray:
        """The mean of the data ``(d_0,)``."""
        mean: FloatArray = self.trace.dataset.points.mean(axis=0)
        return mean

    @property
    def slices(self) -> bool:
        """Whether grids and regions lie in a plane through an input of more dimensions."""
        return bool(self.projections[0].what)

    def lift(self, x: FloatArray) -> FloatArray:
        """Points ``(n, k)`` of that plane in the input space; those of the input as they are."""
        axes = self.projections[0].axes
        if not self.slices or x.shape[1] == axes.shape[1]:
            return x
        return self.middle + (x - self.projections[0](self.middle[None])) @ axes

    @cached_property
    def bounds(self) -> FloatArray:
        """Smallest and largest coordinates of the data as they are seen at the input, ``(k, 2)``."""
        seen = self.projections[0](self.trace.dataset.points)
        return np.stack([seen.min(axis=0), seen.max(axis=0)], axis=1)


def on_plane(
    weight: FloatArray, bias: FloatArray, axes: FloatArray, centre: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A readout ``(C, d)``, ``(C,)`` on the plane through ``centre`` along axes ``(k, d)``."""
    flat = weight @ axes[:, : weight.shape[1]].T
    return flat, bias + weight @ centre - flat @ (axes[:, : len(centre)] @ centre)


class ProjectedMotion(Projected):
    """Through the layers of the last snapshot, as the views of the representations show it.

    Position 1.5 is half-way through the second layer, as for ``LayerMotion``. Beyond the last layer the view
    turns on through the ``tour``: the motion is longer by one for each projection in it.

    Parameters
    ----------
    trace
        Of any widths.
    projections
        One for each representation, the input first; by default their principal components.
    tour
        Further views of the last representation; by default, if not all of it is seen anyway, the one in
        which hyperplanes are seen edge-on.
    dimensions
        2 for a plane, 3 for space.

    Raises
    ------
    TopoError
        When there is not one projection for each representation, or one does not fit it.
    """

    instants = 24
    steady = True

    def __init__(
        self,
        trace: Trace,
        projections: Sequence[Projection] | None = None,
        tour: Sequence[Projection] | None = None,
        dimensions: int = 2,
    ) -> None:
        self.trace, self.dimensions = trace, dimensions
        self.projections = tuple(projections) if projections is not None else views(trace, dimensions)
        self._check(self.projections, trace.spec.widths)
        if tour is None:
            last = self.projections[-1]
            tour = [facing_view(trace, last, dimensions)] if last.what else []
        self.tour = tuple(tour)
        self._check(self.tour, (trace.spec.widths[-1],) * len(self.tour))
        self.length = float(trace.n_layers + len(self.tour))
        self._layers: dict[int, _Carried] = {}

    def _check(self, given: Sequence[Projection], widths: Sequence[int]) -> None:
        if len(given) != len(widths):
            raise TopoError(f"{len(given)} projections: network {self.trace.spec} needs {len(widths)}")
        for projection, width in zip(given, widths, strict=True):
            needed = (self.dimensions, max(width, self.dimensions))
            if projection.axes.shape != needed:
                raise TopoError(
                    f"a projection with axes {projection.axes.shape} of a representation of {width} "
                    f"dimensions: give axes of shape {needed}"
                )

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """Representations after ``whole`` layers."""
        return self.trace.evaluate(self.lift(x), min(whole, self.trace.n_layers))

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """Where those points are seen, ``(n, dimensions)``."""
        layer, n_layers = int(position), self.trace.n_layers
        if layer >= n_layers:
            return Projection(self._last_axes(position))(started[:, : self.trace.spec.widths[-1]])
        h = started[:, : self.trace.spec.widths[layer]]
        if position == layer:
            return self.projections[layer](h)
        return self._layer(layer)(h, position - layer)

    def _layer(self, index: int) -> _Carried:
        if index not in self._layers:
            before, after = self.projections[index : index + 2]
            self._layers[index] = _Carried(self.trace.layers[index], before, after, self.dimensions)
        return self._layers[index]

    def _last_axes(self, position: float) -> FloatArray:
        """Axes in the last representation at a position beyond the layers."""
        stops = [self.projections[-1], *self.tour]
        stop = min(int(position) - self.trace.n_layers, len(stops) - 1)
        share = position - self.trace.n_layers - stop
        if share == 0:
            return stops[stop].axes
        if stop + 1 == len(stops):
            raise TopoError(f"position {position}: this motion goes from 0 to {self.length:g}")
        return self._turns[stop](share)

    @cached_property
    def _turns(self) -> list[Turn]:
        stops = [self.projections[-1], *self.tour]
        return [Turn(a.axes, b.axes) for a, b in pairwise(stops)]

    @cached_property
    def _last_middle(self) -> FloatArray:
        middle: FloatArray = self.trace.evaluate(some_points(self.trace), self.trace.n_layers).mean(axis=0)
        return middle

    def readout(self, position: float) -> tuple[FloatArray, FloatArray]:
        """The last snapshot's, on the plane seen of the last representation through the middle of the data.

        Where hyperplanes are seen edge-on, what it says of a shadow it says of the point.
        """
        axes = self._last_axes(max(position, float(self.trace.n_layers)))
        weight, bias = self.trace.readout_weight[-1], self.trace.readout_bias[-1]
        return on_plane(weight, bias, axes, self._last_middle)

    def logits(self, x: FloatArray, position: float) -> FloatArray:
        """The last snapshot's, everywhere."""
        return self.trace.logits(self.lift(x))

    def caption(self, position: float) -> str:
        """The view, or that it turns."""
        widths, whole = self.trace.spec.widths, int(position)
        stops = [*self.projections, *self.tour]
        if whole == position or whole + 1 == len(stops):
            return described(stops[whole], widths[min(whole, len(widths) - 1)])
        if not (stops[whole].what or stops[whole + 1].what):
            return ""
        ends = [widths[min(k, len(widths) - 1)] for k in (whole, whole + 1)]
        return f"a turning view of {max(ends)} dimensions"


def described(projection: Projection, width: int) -> str:
    """A view in words."""
    if not projection.what:
        return ""
    percent = f"{100 * projection.share:.0f}" if projection.share < 0.995 else f"{100 * projection.share:.1f}"
    return f"{len(projection.axes)} of {width} dimensions, {percent} % of the variance: {projection.what}"


class _Carried:
    """A layer's motion as it is seen, while the view turns from one projection to the next.

    Of a layer that narrows by more than half only a part of the space is looked at or reaches the output:
    that of the outputs' axes, the weight's rows and the view. Its motion stays in there, and so does this.
    """

    def __init__(self, layer: TraceLayer, before: Projection, after: Projection, dimensions: int) -> None:
        outputs, inputs = layer.weight.shape
        self.basis: FloatArray | None = None
        self.path: LayerPath = layer.path
        first = before.axes
        if layer.flow is None and inputs > 2 * outputs + dimensions:
            self.basis = _basis(np.concatenate([layer.weight, first]), outputs)
            self.path = LayerPath(layer.weight @ self.basis, layer.bias, layer.activation)
            first = first @ self.basis
        size = max(self.path.dimension, dimensions)
        self.turn = Turn(padded(first, size), padded(after.axes, size))

    def __call__(self, h: FloatArray, t: float) -> FloatArray:
        """Where points ``(n, inputs)`` of the layer are seen at t."""
        moved = self.path(h if self.basis is None else h @ self.basis, t)
        return Projection(self.turn(t))(moved)


def _basis(rows: FloatArray, outputs: int) -> FloatArray:
    """An orthonormal basis ``(n, r)``: the first ``outputs`` axes, then what rows ``(l, n)`` add to them."""
    beyond = np.linalg.qr(rows[:, outputs:].T)[0]
    basis = np.zeros((rows.shape[1], outputs + beyond.shape[1]))
    basis[:outputs, :outputs] = np.eye(outputs)
    basis[outputs:, outputs:] = beyond
    return basis
