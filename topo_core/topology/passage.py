"""Whether two components keep apart on their way through a network, and whether they stay linked.

Essay, "Links And Homotopy": a motion of space never lets two curves through each other, so their linking
number in space is the same at every instant, and only the fourth dimension takes a link apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.topology.distance import polygon_distance
from topo_core.topology.follow import Followed, followed
from topo_core.topology.gap import gap
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


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
        At each instant the linking number of the closed curves, or None outside of space, and where they
        are too near to each other to be told apart.
    """

    positions: FloatArray
    distances: FloatArray
    linking: tuple[int | None, ...]


def passage(trace: Trace, per_layer: int = 12, snapshot: int = -1) -> Passage:
    """Follow the two components of a dataset through the layers.

    Tubes are followed by points all over them (``Dataset.dense``), bare curves by polygons (``follow``).

    Parameters
    ----------
    trace
        Of two components, each with one closed curve.
    per_layer
        Instants in each layer, equally spaced.
    snapshot
        Counted from the end if negative.

    Raises
    ------
    TopoError
        When the dataset is another one.
    """
    surfaces = all(c.surface is not None for c in trace.dataset.components)
    points, labels = trace.dataset.dense()
    distances: list[float] = []
    linking: list[int | None] = []
    for layer in range(trace.n_layers + 1):
        for i in range(per_layer if layer < trace.n_layers else 1):
            t = i / per_layer
            curves = followed(trace, layer, t, snapshot)
            if surfaces:
                distances.append(gap(trace.evaluate(points, layer, t, snapshot), labels))
            else:
                distances.append(polygon_distance(curves.first, curves.second))
            linking.append(_linking(curves, before=trace.spec.widths[layer] if i == 0 else None))
    positions = np.arange(trace.n_layers * per_layer + 1) / per_layer
    return Passage(positions, np.array(distances), tuple(linking))


def _linking(curves: Followed, before: int | None) -> int | None:
    """Linking number in space; ``before`` a wider layer begins, the other coordinates are 0."""
    first, second = curves.first[:, :before], curves.second[:, :before]
    return linking_number(first, second) if curves.resolved and first.shape[1] == 3 else None
