"""Polygons that follow two closed curves through a network, with corners where they are needed.

A network stretches a curve as much as it likes, and the polygon through the images of a few of its points
may pass through another curve that the curve itself avoids. Corners are added until they lie much nearer to
the polygon of every second one than the two polygons lie to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.base import Path
from topo_core.errors import TopoError
from topo_core.topology.distance import segment_parameters
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: A layer, how far in it, and the snapshot.
Place = tuple[int, float, int]

#: Parameters of the corners to begin with; how many there are at most.
_BEGINNING = [np.arange(600) / 600] * 2
_MOST_CORNERS = 20_000
#: Halvings of an edge, in the curve's parameter.
_ROUNDS = 40
#: How far a corner may be from the polygon without it, for the distance between the polygons.
_DEVIATION = 0.25
#: Of how many corners that are nearest to a corner the edges are looked at.
_NEIGHBOURS = 4


@dataclass(frozen=True)
class Followed:
    """Two polygons that stand for two closed curves at one instant.

    Attributes
    ----------
    first, second
        Corners ``(n, d)`` and ``(m, d)``, n and m even.
    resolved
        Whether they have corners enough; not where the curves meet or nearly do.
    """

    first: FloatArray
    second: FloatArray
    resolved: bool


def followed(
    trace: Trace, layer: int = 0, t: float = 0.0, snapshot: int = -1, pair: tuple[int, int] = (0, 1)
) -> Followed:
    """The images of two of a dataset's closed curves at one place of a trace (see ``Trace.evaluate``).

    Raises
    ------
    TopoError
        When the dataset is another one, and when the trace has no such place.
    """
    paths = closed_curves(trace, pair)
    parameters, enough = _refined(trace, paths, _BEGINNING, (layer, t, snapshot))
    first, second = _places(trace, paths, parameters, (layer, t, snapshot))
    return Followed(first, second, enough)


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
    ``(n, d_0)`` and ``(m, d_0)``, points of the input space: give them to ``Trace.evaluate``. At instants
    where the curves meet or nearly do they are not fine enough, which ``resolved`` tells.

    Raises
    ------
    TopoError
        When the dataset is another one.
    """
    paths = closed_curves(trace)
    parameters = _BEGINNING
    for layer in range(trace.n_layers + 1):
        for i in range(per_layer if layer < trace.n_layers else 1):
            finer, enough = _refined(trace, paths, parameters, (layer, i / per_layer, snapshot))
            parameters = finer if enough else parameters
    first, second = (path(s) for path, s in zip(paths, parameters, strict=True))
    return first, second


def closed_curves(trace: Trace, pair: tuple[int, int] = (0, 1)) -> list[Path]:
    """The parametrisations of two of a dataset's closed curves, one for each of a pair of components.

    Raises
    ------
    TopoError
        When the dataset is another one.
    """
    components = trace.dataset.components
    closed = [len(c.curves) == 1 and c.curves[0].closed for c in components]
    if len(components) < 2 or not all(closed) or not all(0 <= k < len(components) for k in pair):
        raise TopoError(
            f"following the components of {trace.dataset.name}: give a dataset of two closed curves"
        )
    return [components[k].curves[0].path for k in pair]


def _places(trace: Trace, paths: list[Path], parameters: list[FloatArray], place: Place) -> list[FloatArray]:
    return [trace.evaluate(path(s), *place) for path, s in zip(paths, parameters, strict=True)]


def _refined(
    trace: Trace, paths: list[Path], parameters: list[FloatArray], place: Place
) -> tuple[list[FloatArray], bool]:
    """Parameters of more corners, and whether they are enough at one place."""
    for _ in range(_ROUNDS):
        first, second = _places(trace, paths, parameters, place)
        rough = _rough(first, second), _rough(second, first)
        if not any(edges.any() for edges in rough):
            return parameters, True
        finer = [_halved(s, edges) for s, edges in zip(parameters, rough, strict=True)]
        if max(map(len, finer)) > _MOST_CORNERS:
            break
        parameters = finer
    return parameters, False


def resolved(first: FloatArray, second: FloatArray) -> bool:
    """Whether two polygons ``(n, d)`` and ``(m, d)``, n and m even, are fine enough not to be confused.

    The corners 1, 3, 5... are compared with the polygon of the others. This is an estimate, made where the
    corners are: nothing is known of the curves in between.
    """
    return not (_rough(first, second).any() or _rough(second, first).any())


def _rough(own: FloatArray, other: FloatArray) -> NDArray[np.bool_]:
    """From which even corners the way to the next even one is too coarse: ``(len(own) / 2,)``."""
    even, odd = own[::2], own[1::2]
    deviation = np.linalg.norm(odd - (even + np.roll(even, -1, axis=0)) / 2, axis=1)
    distance = _edge_distances(own, other).reshape(-1, 2).min(axis=1)
    rough: NDArray[np.bool_] = ~(deviation <= _DEVIATION * distance) | (distance == 0)
    return rough


def _edge_distances(own: FloatArray, other: FloatArray) -> FloatArray:
    """Distance ``(n,)`` from every edge of one polygon to the other's edges at the nearest corners."""
    from scipy.spatial import cKDTree  # slow to import

    _, near = cKDTree(other).query(own, k=_NEIGHBOURS)
    near = np.concatenate([near, np.roll(near, -1, axis=0)], axis=1)  # of both ends of an edge
    near = np.concatenate([near - 1, near], axis=1)  # the edges to and from a corner
    n, k = near.shape
    along, across = np.roll(own, -1, axis=0) - own, np.roll(other, -1, axis=0) - other
    i, j = np.repeat(np.arange(n), k), near.ravel()
    distance = segment_parameters(own[i], along[i], other[j], across[j])[2]
    nearest: FloatArray = distance.reshape(n, k).min(axis=1)
    return nearest


def _halved(parameters: FloatArray, rough: NDArray[np.bool_]) -> FloatArray:
    """Parameters in [0, 1) with two more between some even ones and the next even ones."""
    ends = np.append(parameters[1:], 1.0)
    split = np.repeat(rough, 2)
    middles = (parameters[split] + ends[split]) / 2
    if (middles <= parameters[split]).any():  # as fine as numbers are
        return parameters
    return np.sort(np.concatenate([parameters, middles]))
