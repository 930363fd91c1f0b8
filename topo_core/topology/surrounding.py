"""Whether the image of a circle still goes around the image of a point, layer after layer.

Essay, "Topology and Classification": if every layer is a homeomorphism, A is still surrounded by B.
The circle is infinitely many points, so a polygon through some images is not enough: the circle is
divided into arcs, the image of every arc is enclosed in a box (interval arithmetic, with a margin
for rounding), and arcs are halved until no box meets the point's. Then each arc may be replaced by
its chord without crossing the point, and the polygon's winding number is the curve's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError
from topo_core.topology.winding import winding_number
from topo_core.trace import Trace
from topo_core.trace_layer import TraceLayer

FloatArray = NDArray[np.float64]

#: Relative error of all rounding in one layer, with room to spare.
_ROUNDING = 1e-14
#: The circle starts as 2 ** _COARSE arcs; an arc is never shorter than 2 ** -_FINE of it.
_COARSE, _FINE = 8, 40
_MOST_ARCS = 1 << 16


@dataclass(frozen=True)
class Winding:
    """A winding number, or why there is none.

    Attributes
    ----------
    number
        How many times the curve goes around the point counterclockwise, or None.
    reason
        Why it could not be decided, a sentence; empty if it was.
    """

    number: int | None
    reason: str = ""


def circle_windings(
    trace: Trace,
    radius: float = 0.5,
    centre: tuple[float, float] = (0.0, 0.0),
    point: tuple[float, float] | None = None,
    snapshot: int = -1,
) -> list[Winding]:
    """Winding number of a circle's image about a point's image, in every representation.

    Parameters
    ----------
    trace, snapshot
        A network with two inputs, and which of its snapshots, counted from the end if negative.
    radius, centre
        The circle, counterclockwise, in data units.
    point
        A point of the plane off the circle, by default its centre.

    Returns
    -------
    ``n_layers + 1`` winding numbers, the input's first. One is undecided where the representation is
    not a plane, or where curve and point come too close to tell.
    """
    about = np.array([centre if point is None else point])
    layers = trace.layers_at(snapshot)
    arcs = _Arcs(radius, np.array(centre), np.arange(1 << _COARSE), np.full(1 << _COARSE, _COARSE))
    result = []
    for reached in range(len(layers) + 1):
        width = trace.spec.widths[reached]
        if width != 2:
            result.append(Winding(None, f"Representation {reached} has {width} dimensions: not a plane."))
            continue
        winding, arcs = _decide(arcs, about, layers[:reached])
        result.append(winding)
    return result


@dataclass(frozen=True)
class _Arcs:
    """Arcs of a circle in order: arc ``index`` of the ``2 ** depth`` equal ones, each ``(n,)``."""

    radius: float
    centre: FloatArray
    index: NDArray[np.int64]
    depth: NDArray[np.int64]

    def ends(self) -> FloatArray:
        """Where each arc begins, ``(n, 2)``."""
        return self._at(self.index * 0.5**self.depth)

    def boxes(self) -> tuple[FloatArray, FloatArray]:
        """Middles and half-widths ``(n, 2)`` of boxes that hold the arcs."""
        half = np.pi * self.radius * 0.5**self.depth * (1 + _ROUNDING)
        margin = _ROUNDING * (self.radius + np.abs(self.centre))
        return self._at((self.index + 0.5) * 0.5**self.depth), half[:, None] + margin

    def halved(self, chosen: NDArray[np.bool_]) -> _Arcs:
        """The same circle with the chosen arcs in halves."""
        counts = np.where(chosen, 2, 1)
        second = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        twice = np.repeat(chosen, counts)
        index = np.repeat(self.index, counts)
        depth = np.repeat(self.depth, counts) + twice
        return _Arcs(self.radius, self.centre, np.where(twice, 2 * index + second, index), depth)

    def _at(self, s: FloatArray) -> FloatArray:
        angle = 2 * np.pi * s
        return self.centre + self.radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _decide(arcs: _Arcs, about: FloatArray, layers: tuple[TraceLayer, ...]) -> tuple[Winding, _Arcs]:
    point_low, point_high = _enclosed(about, np.zeros_like(about), layers)
    while True:
        low, high = _enclosed(*arcs.boxes(), layers)
        vertices = arcs.ends()
        for layer in layers:
            vertices = layer(vertices)
        following = np.roll(vertices, -1, axis=0)
        low, high = (f(f(box, vertices), following) for f, box in ((np.minimum, low), (np.maximum, high)))
        meets = np.all((low <= point_high) & (point_low <= high), axis=1)
        if not meets.any():
            point = about
            for layer in layers:
                point = layer(point)
            return Winding(winding_number(vertices, point[0])), arcs
        if arcs.depth[meets].max() >= _FINE or len(arcs.index) + np.count_nonzero(meets) > _MOST_ARCS:
            return Winding(None, "The curve comes too close to the point to tell."), arcs
        arcs = arcs.halved(meets)


def _enclosed(
    middle: FloatArray, half: FloatArray, layers: tuple[TraceLayer, ...]
) -> tuple[FloatArray, FloatArray]:
    """Corners of boxes ``(n, d)`` that hold the images of boxes.

    All activations are monotone; a flow moves two points apart by at most as much as they are apart.
    """
    low, high = middle - half, middle + half
    for layer in layers:
        if layer.flow is not None:
            low, high = _carried(middle, half, layer)
            middle, half = (low + high) / 2, (high - low) / 2 * (1 + _ROUNDING)
            continue
        size = np.abs(layer.weight)
        affine = middle @ layer.weight.T + layer.bias
        error = half @ size.T + _ROUNDING * (np.abs(middle) @ size.T + np.abs(layer.bias))
        sigma = ACTIVATIONS[layer.activation].apply
        low, high = sigma(affine - error), sigma(affine + error)
        low, high = low - _ROUNDING * np.abs(low), high + _ROUNDING * np.abs(high)
        middle, half = (low + high) / 2, (high - low) / 2 * (1 + _ROUNDING)
    return low, high


def _carried(middle: FloatArray, half: FloatArray, layer: TraceLayer) -> tuple[FloatArray, FloatArray]:
    """Corners of boxes that hold the images of boxes under a flow."""
    if layer.flow is None or not layer.path.isotopic:
        raise TopoError(f"winding numbers through {layer.name}: {layer.path.reason}")
    reach = 2 * np.linalg.norm(half, axis=1, keepdims=True)
    image = layer.flow(middle)
    size = reach + np.abs(image) + np.abs(middle) + np.abs(layer.flow.vectors).max()
    reach = reach + len(layer.flow.anchors) * _ROUNDING * size
    return image - reach, image + reach
