"""A fixed small trace whose numbers were written down, not trained, and scenes that show it."""

from typing import Any

import numpy as np

from scenes.kit import TraceScene
from topo_core.datasets import Dataset, DiscInAnnulus, Interval, TwoCurves, UserPoints
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace

#: Weight and bias of the layers of the two-curves trace, and of its readout. It separates the curves.
LAYERS = (
    ([[1.69, 1.28], [-1.69, 1.28]], [0.74, 0.74]),
    ([[1.1, -0.7], [0.6, 1.2]], [0.2, -0.4]),
)
READOUT = ([[0.0, 0.0], [3.5, 7.5]], [0.0, -2.5])


def written_trace(
    network: str = "2-2-2",
    layers: Any = LAYERS,
    readout: Any = READOUT,
    dataset: Dataset | None = None,
) -> Trace:
    """A trace of one snapshot with the given numbers."""
    spec = NetworkSpec.parse(network)
    return Trace(
        dataset=TwoCurves(n_per_class=16) if dataset is None else dataset,
        spec=spec,
        weights=tuple(np.array([w], dtype=float) for w, _ in layers),
        biases=tuple(np.array([b], dtype=float) for _, b in layers),
        readout_weight=np.array([readout[0]], dtype=float),
        readout_bias=np.array([readout[1]], dtype=float),
        steps=np.array([0]),
        losses=np.zeros(1),
        accuracies=np.ones(1),
        swaps=(None,) * spec.n_layers,
        outcome={"separated": True},
        certificate={},
        provenance={"experiment": "written"},
    )


def failing_trace() -> Trace:
    """The same network with its line moved: an end of curve A is on the wrong side."""
    return written_trace(readout=(READOUT[0], [0.0, 0.5]))


def linear_trace(dataset: Dataset | None = None) -> Trace:
    """No hidden layer; class B is where ``x + 2 y > 0.2``."""
    return written_trace("2", (), ([[0.0, 0.0], [1.0, 2.0]], [0.0, -0.2]), dataset)


def interval_trace() -> Trace:
    """Two units that bend the line so that a line cuts A out."""
    layers = (([[2.2], [-2.2]], [1.1, 1.1]),)
    return written_trace("1-2", layers, ([[2.0, 2.0], [-2.0, -2.0]], [-1.6, 1.6]), Interval(n_per_class=8))


def annulus_trace() -> Trace:
    """A region dataset and one gentle layer."""
    layers = (([[1.2, -0.4], [0.5, 1.1]], [0.1, -0.1]),)
    data = DiscInAnnulus(n_per_class=40)
    return written_trace("2-2", layers, ([[1.0, 0.3], [-1.0, -0.3]], [0.3, 0.0]), data)


def three_class_points() -> UserPoints:
    """Three clusters of points around the corners of a triangle."""
    corners = np.array([[-0.8, -0.6], [0.8, -0.6], [0.0, 0.8]])
    around = 0.15 * np.random.default_rng(4).standard_normal((24, 2))
    labels = np.arange(24) % 3
    return UserPoints(points=corners[labels] + around, labels=labels, source="triangle")


def three_class_trace() -> Trace:
    """Points of three classes, one gentle layer; the logits point at the corners."""
    layers = (([[1.1, 0.2], [-0.1, 0.9]], [0.1, 0.0]),)
    readout = ([[-2.0, -1.5], [2.0, -1.5], [0.0, 2.0]], [0.1, 0.0, 0.2])
    return written_trace("2-2", layers, readout, three_class_points())


class KeyStates(TraceScene):
    """The states of which pictures are kept, without text beside them."""

    def construct(self) -> None:
        stage = self.stage(panel=False)
        with self.section("raw"):
            self.play(stage.create())
        with self.section("halfway"):
            self.play(stage.push_forward(1.4))
        with self.section("line"):
            self.play(stage.push_forward())
            self.play(stage.show_hyperplane())
        with self.section("pulled-back"):
            self.play(stage.pull_back())


class Marked(TraceScene):
    """A line that leaves a piece of a curve on the wrong side, marked."""

    def construct(self) -> None:
        stage = self.stage(panel=False).at(2.0)
        with self.section("marked"):
            self.play(stage.show_hyperplane())
            self.play(stage.mark_wrong())
