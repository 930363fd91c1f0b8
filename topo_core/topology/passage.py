"""Whether two components keep apart on their way through a network, and whether they stay linked.

Essay, "Links And Homotopy": a motion of space never lets two curves through each other, so their linking
number in space is the same at every instant, and only the fourth dimension takes a link apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.topology.distance import polygon_distance
from topo_core.topology.gap import gap
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Corners of the polygons that stand for closed curves.
_CORNERS = 600


@dataclass(frozen=True)
class Passage:
    """A pair of components on its way through a network, at some instants.

    Attributes
    ----------
    positions
        ``(m,)``: 0 at the input, 1.5 half-way through the second layer, the number of layers at the end.
    distances
        ``(m,)`` smallest distances between the components, in the units and in all dimensions of each
        representation.
    linking
        At each instant the linking number of the closed curves, or None outside of space and where they
        meet.
    """

    positions: FloatArray
    distances: FloatArray
    linking: tuple[int | None, ...]


def passage(trace: Trace, per_layer: int = 12, snapshot: int = -1, corners: int = _CORNERS) -> Passage:
    """Follow the two components of a dataset through the layers.

    Tubes are followed by points all over them (``Dataset.dense``), bare curves by polygons.

    Parameters
    ----------
    trace
        Of two components, each with one closed curve.
    per_layer
        Instants in each layer, equally spaced.
    snapshot
        Counted from the end if negative.
    corners
        Of the polygons along the curves.

    Raises
    ------
    TopoError
        When the dataset is another one.
    """
    components = trace.dataset.components
    if len(components) != 2 or any(len(c.curves) != 1 or not c.curves[0].closed for c in components):
        raise TopoError(
            f"a passage of the components of {trace.dataset.name}: give a dataset of two closed curves"
        )
    s = np.arange(corners) / corners
    curves = np.concatenate([c.curves[0].path(s) for c in components])
    surfaces = all(c.surface is not None for c in components)
    points, labels = trace.dataset.dense() if surfaces else (curves[:0], np.zeros(0, dtype=np.int64))
    followed = np.concatenate([curves, points])
    positions = np.arange(trace.n_layers * per_layer + 1) / per_layer
    distances: list[float] = []
    linking: list[int | None] = []
    for k in range(trace.n_layers + 1):
        for i in range(per_layer if k < trace.n_layers else 1):
            moved = trace.evaluate(followed, k, i / per_layer, snapshot)
            if i == 0:
                moved = moved[:, : trace.spec.widths[k]]  # before a wider layer begins
            first, second = moved[:corners], moved[corners : 2 * corners]
            distances.append(
                gap(moved[2 * corners :], labels) if surfaces else polygon_distance(first, second)
            )
            linking.append(_linking(first, second))
    return Passage(positions, np.array(distances), tuple(linking))


def _linking(first: FloatArray, second: FloatArray) -> int | None:
    if first.shape[1] != 3:
        return None
    try:
        return linking_number(first, second)
    except TopoError:  # they meet
        return None
