"""What is measured of a trained network beside its accuracy: stretching, gaps, winding, thresholds."""

from __future__ import annotations

from dataclasses import asdict
from itertools import combinations
from typing import Any

from topo_core.datasets import DiscInAnnulus
from topo_core.datasets.links import Link
from topo_core.topology.firing import thresholds
from topo_core.topology.gap import relative_gap
from topo_core.topology.passage import passage
from topo_core.topology.stretch import stretch
from topo_core.topology.surrounding import circle_windings
from topo_core.trace import Trace


def measures(trace: Trace) -> dict[str, Any]:
    """Measure the last snapshot of a trace at its dataset's dense points, as plain JSON.

    Nothing is measured of points whose components are not known. Otherwise

    - ``largest_stretch, mean_stretch, rms_stretch, largest_logit_gradient, mean_logit_gradient,
      readout_norm``: see ``topology.stretch.Stretch``;
    - ``gaps``: for every representation, the input first, the smallest distance between two classes
      over the diameter; ``gap`` is the last of them;
    - for the disc in the annulus, ``winding``: for every representation, how many times the image of
      the circle of radius 1/2 goes around that of 0, or null; ``winding_reasons``: why it is null;
    - for points on a line, ``thresholds``: where each unit of the first hidden layer fires;
    - for a link of two components, ``path_positions``, ``path_distances`` and ``path_linking``: see
      ``topology.passage.Passage``; ``linking``: the linking number in every representation, or null
      outside of space; ``smallest_distance``: the least of the distances;
    - for a link of more, ``linking_pairs``: for each two of them, as "A B", what ``linking`` is for two;
      ``smallest_distance`` of any two.
    """
    dataset = trace.dataset
    if not dataset.components:
        return {}
    points, labels = dataset.dense()
    stretched = stretch(trace, points=points)
    gaps = [relative_gap(h, labels) for h in trace.representations(points)]
    result: dict[str, Any] = {
        "largest_stretch": stretched.largest,
        "mean_stretch": stretched.mean,
        "rms_stretch": stretched.rms,
        "largest_logit_gradient": stretched.largest_logit_gradient,
        "mean_logit_gradient": stretched.mean_logit_gradient,
        "readout_norm": stretched.readout_norm,
        "gaps": gaps,
        "gap": gaps[-1],
    }
    if isinstance(dataset, DiscInAnnulus):
        windings = circle_windings(trace)
        result["winding"] = [winding.number for winding in windings]
        result["winding_reasons"] = [winding.reason for winding in windings]
    if trace.spec.widths[0] == 1 and trace.n_layers and trace.layers[0].flow is None:
        result["thresholds"] = [asdict(threshold) for threshold in thresholds(trace)]
    if isinstance(dataset, Link):
        result.update(_linking(trace))
    return result


def _linking(trace: Trace) -> dict[str, Any]:
    """What is measured of a link's pairs of components on their way through the layers."""
    per_layer = max(2, min(12, 120 // max(trace.n_layers, 1)))
    names = trace.dataset.class_names
    ways = {(i, j): passage(trace, per_layer, pair=(i, j)) for i, j in combinations(range(len(names)), 2)}
    result: dict[str, Any] = {
        "linking_pairs": {
            f"{names[i]} {names[j]}": list(way.linking[::per_layer]) for (i, j), way in ways.items()
        },
        "smallest_distance": min(float(way.distances.min()) for way in ways.values()),
    }
    if len(ways) == 1:
        (way,) = ways.values()
        result |= {
            "path_positions": way.positions.tolist(),
            "path_distances": way.distances.tolist(),
            "path_linking": list(way.linking),
            "linking": list(way.linking[::per_layer]),
        }
        del result["linking_pairs"]
    return result
