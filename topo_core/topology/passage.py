"""Whether two components keep apart on their way through a network, and whether they stay linked.

Essay, "Links And Homotopy": a motion of space never lets two curves through each other, so their linking
number in space is the same at every instant, and only the fourth dimension takes a link apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.topology.distance import polygon_distance
from topo_core.topology.follow import closed_curves, followed, resolved
from topo_core.topology.gap import gap
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Parameters of the polygons' corners; there are more where these do not resolve the curves.
_BEGINNING = np.arange(600) / 600


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


def passage(trace: Trace, per_layer: int = 12, snapshot: int = -1, pair: tuple[int, int] = (0, 1)) -> Passage:
    """Follow two components of a dataset through the layers.

    Tubes are followed by points all over them (``Dataset.dense``), bare curves by polygons (``follow``).

    Parameters
    ----------
    trace
        Of two components or more, each with one closed curve and a label of its own.
    per_layer
        Instants in each layer, equally spaced.
    snapshot
        Counted from the end if negative.
    pair
        Which two.

    Raises
    ------
    TopoError
        When the dataset is another one.
    """
    curves = [path(_BEGINNING) for path in closed_curves(trace, pair)]
    chosen = [trace.dataset.components[k] for k in pair]
    surfaces = all(c.surface is not None for c in chosen)
    points, labels = trace.dataset.dense()
    ours = np.isin(labels, [c.label for c in chosen])
    points, labels = points[ours], labels[ours]
    moving = [*curves, points]
    distances: list[float] = []
    linking: list[int | None] = []
    layers = trace.layers_at(snapshot)
    for k in range(trace.n_layers + 1):
        for i in range(per_layer if k < trace.n_layers else 1):
            first, second, spread = (layers[k].path(x, i / per_layer) if i else x for x in moving)
            enough = resolved(first, second)
            if not enough:
                finer = followed(trace, k, i / per_layer, snapshot, pair)
                first, second, enough = finer.first, finer.second, finer.resolved
            distances.append(gap(spread, labels) if surfaces else polygon_distance(first, second))
            flat = spread.shape[1] == 3 and enough
            linking.append(linking_number(first[:, :3], second[:, :3]) if flat else None)
        moving = [layers[k](x) for x in moving] if k < trace.n_layers else moving
    positions = np.arange(trace.n_layers * per_layer + 1) / per_layer
    return Passage(positions, np.array(distances), tuple(linking))
