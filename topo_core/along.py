"""What is measured at every instant of a network's motion, or at every snapshot of its training.

Scenes show these numbers in step with the picture. They are measured in double precision at points and
polygons, so they are evidence; what is proven of a trace is in its certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError, UnknownNameError
from topo_core.topology.gap import relative_gap
from topo_core.topology.homology import homology_of_layers
from topo_core.topology.passage import passage
from topo_core.topology.stretch import jacobians, stretch_history
from topo_core.topology.stretch_path import largest_singular_values, path_jacobian
from topo_core.topology.winding import winding_number
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]
Kind = Literal["count", "share", "positive", "number"]

#: Points at which derivatives and gaps are measured; of wide networks fewer, so that all derivatives have at
#: most so many numbers.
_POINTS, _NUMBERS = 2000, 10_000_000
#: Corners of a polygon around a point: at first, and at most.
_CORNERS, _MOST_CORNERS = 1024, 1 << 16
#: Points of a class of which Betti numbers are estimated.
_HOMOLOGY_POINTS = 2000


@dataclass(frozen=True)
class Along:
    """A quantity at instants of a motion.

    Attributes
    ----------
    name
        What it is, in a few words.
    kind
        ``"count"`` for whole numbers, ``"share"`` for accuracies, ``"positive"`` for what is best seen on a
        logarithmic scale, ``"number"`` for all else.
    positions
        ``(m,)`` increasing: layers (1.5 is half-way through the second one) or indices of snapshots.
    values
        ``(m,)`` or, with one value for each class, ``(m, C)``; NaN where it is not defined or could not be
        decided.
    reference
        A value to hold it against, and what that is.
    """

    name: str
    kind: Kind
    positions: FloatArray
    values: FloatArray
    reference: tuple[float, str] | None = None


def along_layers(trace: Trace, quantity: str, per_layer: int = 12, snapshot: int = -1) -> Along:
    """Measure a quantity at equally spaced instants of the motion through the layers.

    Parameters
    ----------
    trace
        What moves.
    quantity
        - ``"winding"``: of the closed curve of one class that surrounds the other, in the plane;
        - ``"linking"``, ``"distance"``: of two closed curves or tubes (``topology.passage``);
        - ``"det"``, ``"stretch"``: smallest determinant and largest singular value, at data points, of the
          Jacobian of the whole motion so far;
        - ``"gap"``: between the classes, over the diameter;
        - ``"betti"``, ``"hole"``: loops of each class after whole layers (``topology.homology``), an
          estimate, and the size of the largest over the diameter;
        - ``"accuracy"``: at the end.
    per_layer
        Instants in each layer.
    snapshot
        Of the weights, counted from the end if negative.

    Raises
    ------
    UnknownNameError
        For another name.
    TopoError
        When the dataset or the network has no such quantity.
    """
    if quantity not in _ALONG_LAYERS:
        raise UnknownNameError("quantity along the layers", quantity, _ALONG_LAYERS)
    return _ALONG_LAYERS[quantity](trace, per_layer, snapshot)


def along_training(trace: Trace, quantity: str) -> Along:
    """Measure a quantity of the last representation at every snapshot.

    ``quantity`` is ``"accuracy"``, ``"loss"``, ``"stretch"``, ``"gap"`` or ``"winding"``, as for
    ``along_layers``.

    Raises
    ------
    UnknownNameError
        For another name.
    TopoError
        When the dataset or the network has no such quantity.
    """
    if quantity not in _ALONG_TRAINING:
        raise UnknownNameError("quantity along a training", quantity, _ALONG_TRAINING)
    return _ALONG_TRAINING[quantity](trace)


# -- through the layers --------------------------------------------------------------------------------


def _positions(trace: Trace, per_layer: int) -> FloatArray:
    return np.arange(trace.n_layers * per_layer + 1) / per_layer


def _places(trace: Trace, per_layer: int) -> list[tuple[int, float]]:
    return [divmod(k, per_layer)[:2] for k in range(trace.n_layers * per_layer + 1)]


def _data(trace: Trace) -> tuple[FloatArray, NDArray[np.int64]]:
    """Some of the dense points, evenly of all of them."""
    points, labels = trace.dataset.dense()
    chosen = np.linspace(0, len(points) - 1, min(_POINTS, len(points))).round().astype(int)
    return points[chosen], labels[chosen]


def _winding(trace: Trace, per_layer: int, snapshot: int) -> Along:
    positions = _positions(trace, per_layer)
    values = [
        _winding_at(trace, partial(trace.evaluate, layer=k, t=i / per_layer, snapshot=snapshot))
        for k, i in _places(trace, per_layer)
    ]
    return Along("winding number", "count", positions, np.array(values))


def _surrounding(trace: Trace) -> tuple[Callable[[FloatArray], FloatArray], FloatArray]:
    """A closed curve of one class, and a point of the other that it goes around."""
    components = trace.dataset.components
    filled = [c for c in components if c.filled and len(c.curves) == 1]
    around = [c for c in components if c.filled and len(c.curves) > 1]
    if trace.spec.widths[0] != 2 or len(filled) != 1 or len(around) != 1:
        raise TopoError(f"winding number on {trace.dataset.name}: no region surrounds one of the other class")
    middle = filled[0].curves[0].path(np.linspace(0, 1, 64, endpoint=False)).mean(axis=0)
    return around[0].curves[1].path, middle[None]


def _winding_at(trace: Trace, move: Callable[[FloatArray], FloatArray]) -> float:
    """How often the image of the curve goes around that of the point; NaN outside of the plane."""
    path, middle = _surrounding(trace)
    centre = move(middle)[0]
    if len(centre) != 2:
        return np.nan
    corners = _CORNERS
    while corners <= _MOST_CORNERS:
        loop = move(path(np.arange(corners) / corners))
        edges = np.linalg.norm(np.roll(loop, -1, axis=0) - loop, axis=1)
        if (edges < np.linalg.norm(loop - centre, axis=1)).all():
            way = path(np.array([0.0, 1e-3])) - middle
            sign = np.sign(way[0, 0] * way[1, 1] - way[0, 1] * way[1, 0])  # boundaries of holes run clockwise
            return float(sign * winding_number(loop, centre))
        corners *= 4
    return np.nan


def _linking(trace: Trace, per_layer: int, snapshot: int) -> Along:
    way = passage(trace, per_layer, snapshot)
    values = [np.nan if number is None else float(number) for number in way.linking]
    return Along("linking number", "count", way.positions, np.array(values))


def _distance(trace: Trace, per_layer: int, snapshot: int) -> Along:
    way = passage(trace, per_layer, snapshot)
    return Along("smallest distance", "number", way.positions, way.distances)


def _det(trace: Trace, per_layer: int, snapshot: int) -> Along:
    values = [
        float(np.linalg.det(jacobian).min()) if jacobian.shape[1] == jacobian.shape[2] else np.nan
        for jacobian in _jacobians(trace, per_layer, snapshot)
    ]
    return Along("smallest det", "positive", _positions(trace, per_layer), np.array(values))


def _stretch(trace: Trace, per_layer: int, snapshot: int) -> Along:
    values = [
        float(largest_singular_values(jacobian).max()) for jacobian in _jacobians(trace, per_layer, snapshot)
    ]
    return Along("largest stretch", "positive", _positions(trace, per_layer), np.array(values))


def _jacobians(trace: Trace, per_layer: int, snapshot: int) -> Iterator[FloatArray]:
    """Of the whole motion so far, ``(k, d, d_0)``, at data points, at every instant."""
    points, _ = _data(trace)
    most = max(1, _NUMBERS // max(trace.spec.widths) ** 2)
    points = points[:: -(-len(points) // most)]
    so_far = jacobians(trace, points, snapshot)
    layers, hidden = trace.layers_at(snapshot), trace.representations(points, snapshot)
    for layer, h, before in zip(layers, hidden, so_far, strict=False):
        for i in range(per_layer):
            yield path_jacobian(layer.path, h, i / per_layer) @ before
    yield so_far[-1]


def _gap(trace: Trace, per_layer: int, snapshot: int) -> Along:
    points, labels = _data(trace)
    values = []
    for k, i in _places(trace, per_layer):
        found = relative_gap(trace.evaluate(points, k, i / per_layer, snapshot), labels)
        values.append(np.nan if found is None else found)
    return Along("gap / diameter", "positive", _positions(trace, per_layer), np.array(values))


def _betti(trace: Trace, per_layer: int, snapshot: int) -> Along:
    layers = homology_of_layers(trace, _HOMOLOGY_POINTS, snapshot)
    values = [[float(one.betti()[1]) for one in classes] for classes in layers]
    return Along("loops (estimate)", "count", np.arange(len(values), dtype=np.float64), np.array(values))


def _hole(trace: Trace, per_layer: int, snapshot: int) -> Along:
    layers = homology_of_layers(trace, _HOMOLOGY_POINTS, snapshot)
    values = [[one.hole_size() for one in classes] for classes in layers]
    return Along("hole / diameter", "number", np.arange(len(values), dtype=np.float64), np.array(values))


def _accuracy(trace: Trace, per_layer: int, snapshot: int) -> Along:
    positions = np.array([float(trace.n_layers)])
    values = trace.accuracies[[snapshot]]
    return Along("accuracy", "share", positions, values, (trace.dataset.majority_rate, "majority"))


# -- while it is trained -------------------------------------------------------------------------------


def _snapshots(trace: Trace) -> FloatArray:
    return np.arange(trace.n_snapshots, dtype=np.float64)


def _accuracy_history(trace: Trace) -> Along:
    majority = (trace.dataset.majority_rate, "majority")
    return Along("accuracy", "share", _snapshots(trace), trace.accuracies, majority)


def _loss_history(trace: Trace) -> Along:
    return Along("loss", "number", _snapshots(trace), trace.losses)


def _stretch_history(trace: Trace) -> Along:
    found = stretch_history(trace, points=_data(trace)[0])
    values = np.array([one.largest for one in found])
    return Along("largest stretch", "positive", _snapshots(trace), values)


def _gap_history(trace: Trace) -> Along:
    points, labels = _data(trace)
    found = [relative_gap(trace.representations(points, s)[-1], labels) for s in range(trace.n_snapshots)]
    values = np.array([np.nan if one is None else one for one in found])
    return Along("gap / diameter", "positive", _snapshots(trace), values)


def _winding_history(trace: Trace) -> Along:
    values = [
        _winding_at(trace, partial(trace.evaluate, layer=trace.n_layers, snapshot=s))
        for s in range(trace.n_snapshots)
    ]
    return Along("winding number", "count", _snapshots(trace), np.array(values))


_ALONG_LAYERS: dict[str, Callable[[Trace, int, int], Along]] = {
    "winding": _winding,
    "linking": _linking,
    "distance": _distance,
    "det": _det,
    "stretch": _stretch,
    "gap": _gap,
    "betti": _betti,
    "hole": _hole,
    "accuracy": _accuracy,
}
_ALONG_TRAINING: dict[str, Callable[[Trace], Along]] = {
    "accuracy": _accuracy_history,
    "loss": _loss_history,
    "stretch": _stretch_history,
    "gap": _gap_history,
    "winding": _winding_history,
}
