"""A classifier while it is trained, for softmax or for its neighbours, as a trace.

Essay, "K-Nearest Neighbor Layers". What decides is in the experiment's ``fitting`` (``knn.recipe``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from topo_core.activations import ACTIVATIONS
from topo_core.errors import SpecError
from topo_core.experiment import Experiment
from topo_core.knn.fit import Classifier, FitRecipe, fit
from topo_core.knn.readouts import SoftmaxReadout
from topo_core.knn.spec import ClassifierSpec
from topo_core.knn.vote import NeighbourVote
from topo_core.provenance import provenance
from topo_core.swaps import swap_in_all
from topo_core.trace import Trace
from topo_core.trace_layer import affine
from topo_core.training import snapshot_steps

#: Called at every snapshot with (steps done, steps in all, loss of the last mini-batch).
Progress = Callable[[int, int, float], None]

FloatArray = NDArray[np.float64]
#: Weights ``(out, in)`` and biases ``(out,)``, layer after layer.
_Layers = list[tuple[FloatArray, FloatArray]]


def filmed(experiment: Experiment, progress: Progress | None = None) -> Trace:
    """Train an experiment that has a ``fitting`` and return the trace of it.

    The points are judged by ``dataset.dense()``: by the largest logit after softmax, else by the votes of the
    k nearest training points. A trace has a linear readout; without softmax it is that of the nearest mean
    of a class among the training points, which is not what the network was trained for.
    ``losses`` are those of the last mini-batch before a snapshot, at the first one of the batch after it.

    Raises
    ------
    SpecError
        When the experiment has no ``fitting``.
    TopoError
        When there are fewer points than a batch has, or the loss ceases to be finite.
    """
    fitting, dataset = experiment.fitting, experiment.dataset
    if fitting is None:
        raise SpecError(f"{experiment.name}: no fitting to be trained by; give one, or use training.train")
    recipe = FitRecipe(fitting.epochs, fitting.batch, fitting.learning_rate)
    steps = recipe.epochs * (len(dataset.points) // recipe.batch)
    schedule = snapshot_steps(steps, fitting.snapshots)
    keep, kept = set(schedule.tolist()), []

    def snapshot(step: int, classifier: Classifier) -> None:
        if step in keep:
            kept.append(_layers(classifier))
            if progress is not None:
                progress(step, steps, classifier.losses[-1] if classifier.losses else float("nan"))

    made = fit(
        ClassifierSpec(experiment.network, fitting.weighting),
        dataset.points,
        dataset.labels,
        recipe,
        seed=experiment.seed,
        snapshot=snapshot,
    )
    n = experiment.network.n_layers
    if fitting.weighting is None:
        weights, biases = _stacked(kept)
    else:
        weights, biases = _stacked([[*layers, _nearest_mean(layers, experiment)] for layers in kept])
    swaps = swap_in_all(weights, biases)
    trace = Trace(
        dataset=dataset,
        spec=experiment.network,
        weights=tuple(weights[:n]),
        biases=tuple(biases[:n]),
        readout_weight=weights[n],
        readout_bias=biases[n],
        steps=schedule,
        losses=np.array([made.losses[max(step - 1, 0)] for step in schedule.tolist()]),
        accuracies=np.zeros(len(schedule)),
        swaps=swaps,
        outcome={},
        certificate={},
        provenance=provenance(experiment, torch=str(torch.__version__)),
    )
    return _judged(trace, experiment)


def _layers(classifier: Classifier) -> _Layers:
    """The affine maps now, for points as they are given, and that of softmax behind them."""
    linear = [module for module in classifier.body if isinstance(module, nn.Linear)]
    if isinstance(classifier.readout, SoftmaxReadout):
        linear.append(classifier.readout.linear)
    layers = [
        (
            module.weight.detach().numpy().astype(np.float64),
            module.bias.detach().numpy().astype(np.float64),
        )
        for module in linear
    ]
    weight, bias = layers[0]
    scaled = weight / classifier.scale
    layers[0] = scaled, bias - scaled.sum(axis=1) * classifier.mean
    return layers


def _stacked(kept: list[_Layers]) -> tuple[list[FloatArray], list[FloatArray]]:
    """Weights and biases of each layer, all snapshots in one array."""
    by_layer = list(zip(*kept, strict=True))
    return (
        [np.stack([weight for weight, _ in layer]) for layer in by_layer],
        [np.stack([bias for _, bias in layer]) for layer in by_layer],
    )


def _nearest_mean(layers: _Layers, experiment: Experiment) -> tuple[FloatArray, FloatArray]:
    """The linear readout whose largest logit is that of the class with the nearest mean."""
    h, labels = experiment.dataset.points, experiment.dataset.labels
    for (weight, bias), name in zip(layers, experiment.network.activations, strict=True):
        h = ACTIVATIONS[name].apply(affine(h, weight, bias))
    means = np.stack([h[labels == c].mean(axis=0) for c in range(experiment.dataset.n_classes)])
    return means, -0.5 * np.square(means).sum(axis=1)


def _judged(trace: Trace, experiment: Experiment) -> Trace:
    found = [answers(trace, experiment, s) for s in range(trace.n_snapshots)]
    labels = trace.dataset.dense()[1]
    right = np.array([np.count_nonzero(given == labels) for given in found])
    fitting = experiment.fitting
    assert fitting is not None
    outcome: dict[str, Any] = {
        "readout": fitting.readout,
        "k": fitting.k if fitting.weighting else None,
        "accuracy": float(right[-1] / len(labels)),
        "majority_rate": trace.dataset.majority_rate,
        "wrong": int(len(labels) - right[-1]),
        "judged_points": len(labels),
    }
    return replace(trace, accuracies=right / len(labels), outcome=outcome)


def answers(trace: Trace, experiment: Experiment, snapshot: int) -> NDArray[np.int64]:
    """The classes ``(m,)`` that are given to ``dataset.dense()`` at a snapshot."""
    fitting, data = experiment.fitting, trace.dataset
    points = data.dense()[0]
    if fitting is None or fitting.weighting is None:
        return trace.predict(points, snapshot)
    around = trace.evaluate(data.points, trace.n_layers, snapshot=snapshot)
    vote = NeighbourVote(around, data.labels, fitting.weighting, fitting.k, data.n_classes)
    return vote.predict(trace.evaluate(points, trace.n_layers, snapshot=snapshot))
