"""Polygons that follow two closed curves through a network, with corners where they are needed.

A network stretches a curve as much as it likes, and the polygon through the images of a few of its points
may pass through another curve that the curve itself avoids. Corners are added until every edge is shorter
than the distance of its ends to the other polygon.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Corners of a polygon to begin with, and at most.
_CORNERS, _MOST_CORNERS = 600, 20_000
#: Halvings of an edge, in the curve's parameter.
_ROUNDS = 40


def follow_curves(trace: Trace, per_layer: int = 12, snapshot: int = -1) -> tuple[FloatArray, FloatArray]:
    """Corners on a dataset's two closed curves, fine enough all the way through the layers.

    Parameters
    ----------
    trace
        Of two components, each with one closed curve.
    per_layer
        Instants in each layer, equally spaced, at which the polygons are refined.
    snapshot
        Counted from the end if negative.

    Returns
    -------
    ``(n, d_0)`` and ``(m, d_0)``, points of the input space: give them to ``Trace.evaluate``. Where the
    curves meet or nearly do, refinement ends early, which ``resolved`` tells.

    Raises
    ------
    TopoError
        When the dataset is another one.
    """
    components = trace.dataset.components
    if len(components) != 2 or any(len(c.curves) != 1 or not c.curves[0].closed for c in components):
        raise TopoError(
            f"following the components of {trace.dataset.name}: give a dataset of two closed curves"
        )
    paths = [c.curves[0].path for c in components]
    parameters = [np.arange(_CORNERS) / _CORNERS] * 2
    for layer in range(trace.n_layers + 1):
        for i in range(per_layer if layer < trace.n_layers else 1):
            for _ in range(_ROUNDS):
                places = [
                    trace.evaluate(path(s), layer, i / per_layer, snapshot)
                    for path, s in zip(paths, parameters, strict=True)
                ]
                long = _long_edges(*places)
                if not any(edges.any() for edges in long) or max(map(len, parameters)) > _MOST_CORNERS:
                    break
                parameters = [_halved(s, edges) for s, edges in zip(parameters, long, strict=True)]
    first, second = (path(s) for path, s in zip(paths, parameters, strict=True))
    return first, second


def resolved(first: FloatArray, second: FloatArray) -> bool:
    """Whether every edge of two polygons is shorter than its ends' distance to the other's corners."""
    return not any(edges.any() for edges in _long_edges(first, second))


def _long_edges(first: FloatArray, second: FloatArray) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each polygon, which edges are at least as long as their distance to the other one."""
    from scipy.spatial import cKDTree  # slow to import

    def long(own: FloatArray, other: FloatArray) -> NDArray[np.bool_]:
        away, _ = cKDTree(other).query(own)
        length = np.linalg.norm(np.roll(own, -1, axis=0) - own, axis=1)
        edges: NDArray[np.bool_] = length >= np.minimum(away, np.roll(away, -1))
        return edges

    return long(first, second), long(second, first)


def _halved(parameters: FloatArray, edges: NDArray[np.bool_]) -> FloatArray:
    """Parameters in [0, 1) with those in the middle of some edges in between."""
    ends = np.append(parameters[1:], 1.0)
    middles = (parameters[edges] + ends[edges]) / 2
    return np.sort(np.concatenate([parameters, middles[middles > parameters[edges]]]))
