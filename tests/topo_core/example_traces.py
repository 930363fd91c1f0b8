"""Small traces with random weights, for tests."""

from typing import Any

import numpy as np

from topo_core.datasets import Dataset, DiscInAnnulus, Interval, Spirals, UserPoints
from topo_core.flow import Flows
from topo_core.spec import FLOW, NetworkSpec
from topo_core.trace import Trace

#: Architectures of every shape: none, equal, widening, narrowing, of one unit.
NETWORKS = ["2", "2-2", "2-2-3:relu-2", "2-3-1-4:linear", "1-2", "1-1:sigmoid", "3-3-2:softplus"]
#: The same with layers that move space along a vector field.
FLOW_NETWORKS = ["3-3:flow*3", "2-2:flow-3:relu-3:flow"]


def trace_fields(
    network: str = "2-2-3:relu-2", snapshots: int = 3, seed: int = 0, dataset: Dataset | None = None
) -> dict[str, Any]:
    """The fields of a valid trace; the dataset follows from the input dimension unless given."""
    spec = NetworkSpec.parse(network)
    rng = np.random.default_rng(seed)
    if dataset is None:
        known = {1: Interval(n_per_class=8), 2: Spirals(n_per_class=8), 3: user_points()}
        dataset = known[spec.widths[0]]
    sizes = list(zip(spec.widths[1:], spec.widths, strict=False))
    fields = {
        "dataset": dataset,
        "spec": spec,
        "weights": tuple(rng.standard_normal((snapshots, m, n)) for m, n in sizes),
        "biases": tuple(rng.standard_normal((snapshots, m)) for m, _ in sizes),
        "readout_weight": rng.standard_normal((snapshots, dataset.n_classes, spec.widths[-1])),
        "readout_bias": rng.standard_normal((snapshots, dataset.n_classes)),
        "steps": np.arange(snapshots) * 10,
        "losses": rng.uniform(0, 1, snapshots),
        "accuracies": rng.uniform(0, 1, snapshots),
        "swaps": tuple(
            (0, 1) if m > 1 and name != FLOW else None
            for (m, _), name in zip(sizes, spec.activations, strict=True)
        ),
        "outcome": {"separated": False, "margin": -0.125, "restart_accuracies": [0.5, 0.75]},
        "certificate": {},
        "provenance": {"experiment": "example", "seed": seed, "title": "Beispiel für Prüfungen"},
    }
    if FLOW in spec.activations:
        fields["flows"] = tuple(
            example_flows(rng, snapshots, width) if name == FLOW else None
            for width, name in zip(spec.widths, spec.activations, strict=False)
        )
    return fields


def example_flows(rng: np.random.Generator, snapshots: int, width: int, anchors: int = 5) -> Flows:
    """Gentle flows: their fields change more slowly than points move."""
    return Flows(
        anchors=rng.standard_normal((snapshots, anchors, width)),
        vectors=0.1 * rng.standard_normal((snapshots, anchors, width)),
        scales=rng.uniform(0.8, 1.2, snapshots),
    )


def example_trace(
    network: str = "2-2-3:relu-2", snapshots: int = 3, seed: int = 0, dataset: Dataset | None = None
) -> Trace:
    """A valid trace."""
    return Trace(**trace_fields(network, snapshots, seed, dataset))


def user_points() -> UserPoints:
    """Twelve points in three dimensions and three classes."""
    points = np.random.default_rng(1).standard_normal((12, 3))
    return UserPoints(points=points, labels=np.arange(12) % 3, source="measured")


def random_disc() -> DiscInAnnulus:
    """A dataset that depends on its seed."""
    return DiscInAnnulus(n_per_class=10, seed=3)
