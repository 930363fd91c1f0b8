"""Train many restarts at once and keep the best as a trace.

Independent restarts share one batched tensor program: the losses are summed, so that each restart's
gradient is its own, and clipped restart by restart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from topo_core.continuous.steps import discretisation, euler_steps, expanded
from topo_core.datasets import Dataset
from topo_core.errors import TopoError
from topo_core.experiments import Experiment, Recipe
from topo_core.field_export import arranged, flows_of
from topo_core.field_layers import FieldLayer, confine
from topo_core.gentle import PROVEN_SLOPE
from topo_core.measures import measures
from topo_core.networks import Network
from topo_core.penalties import PENALTIES
from topo_core.provenance import provenance
from topo_core.separation import Separation, separation
from topo_core.swaps import swap_in_all
from topo_core.topology.homology import described, homology_of_layers
from topo_core.trace import Trace

#: Called at every snapshot with (steps done, steps in all, smallest loss of any restart).
Progress = Callable[[int, int, float], None]

FloatArray = NDArray[np.float64]


def snapshot_steps(steps: int, count: int) -> NDArray[np.int64]:
    """About ``count`` steps from 0 to ``steps``, spaced geometrically: dense where training is fast."""
    count = max(count, 2)  # the first and the last at least
    if steps <= count:
        return np.arange(steps + 1)
    geometric = np.round(np.geomspace(1, steps + 1, count) - 1)
    return np.unique(np.maximum(geometric, np.arange(count))).astype(np.int64)


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear warm-up, then cosine decay to 0 (Loshchilov and Hutter, 2017, without restarts)."""
    warm = min(1.0, (step + 1) / max(recipe.warmup, 1))
    return recipe.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * step / recipe.steps))


@contextmanager
def _fast_arithmetic() -> Iterator[None]:
    """One thread, and no denormal numbers.

    On tensors this small a second thread gains nothing, and costs a factor when the machine is busy.
    Saturated units make gradients so small that arithmetic on denormal numbers was ten times slower.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(before)
        torch.set_flush_denormal(False)


@dataclass(frozen=True)
class _Run:
    """What optimisation leaves: every restart's parameters and loss at each snapshot."""

    network: Network
    steps: NDArray[np.int64]
    parameters: list[list[FloatArray]]  # [snapshot][parameter] -> (restarts, ...)
    losses: FloatArray  # (snapshots, restarts)


def _cross_entropy(logits: Tensor, one_hot: Tensor) -> Tensor:
    """Mean cross-entropy of each restart, ``(restarts, C, n)`` to ``(restarts,)``."""
    return (torch.logsumexp(logits, 1) - (logits * one_hot).sum(1)).mean(1)


def _distance_from_identity(network: Network) -> Tensor:
    """Squared norms of ``W - I`` and of flows' vectors, plus a tenth of that of the readout's ``W``."""
    *hidden, readout = network.weights
    total: Tensor = 0.1 * readout.square().sum()
    for weight in hidden:
        identity = torch.eye(*weight.shape[1:], dtype=torch.float64)
        total = total + (weight - identity).square().sum()
    for layer in network.hidden():
        if isinstance(layer, FieldLayer):
            total = total + layer.vectors.square().sum()
    return total


def _columns(points: FloatArray) -> Tensor:
    return torch.tensor(points.T.copy())


def _objective(network: Network, x: Tensor, one_hot: Tensor, recipe: Recipe) -> Tensor:
    """What is minimised, summed over the restarts."""
    return _objective_of(network, network.columns(x), one_hot, recipe)


def _objective_of(network: Network, columns: list[Tensor], one_hot: Tensor, recipe: Recipe) -> Tensor:
    total = _cross_entropy(columns[-1], one_hot).sum() + recipe.decay * _distance_from_identity(network)
    if recipe.penalty_strength:
        total = total + recipe.penalty_strength * PENALTIES[recipe.penalty](network, columns).sum()
    return total


def _chosen(batch: int, n: int, seed: int, step: int) -> Tensor | slice:
    """The points of n that a step looks at."""
    if not 0 < batch < n:
        return slice(None)
    return torch.tensor(np.random.default_rng([seed, step]).choice(n, batch, replace=False))


class _Flows:
    """The flow layers of a network, and where they are looked at."""

    def __init__(self, network: Network, seed: int) -> None:
        flows = [(k, layer) for k, layer in enumerate(network.hidden()) if isinstance(layer, FieldLayer)]
        self.at, self.layers = [k for k, _ in flows], [layer for _, layer in flows]
        self.generator = torch.Generator().manual_seed(seed % 2**63)

    def confine(self, columns: list[Tensor]) -> None:
        """Keep slopes below what they may be, given the representations of a step."""
        inputs = [columns[k].detach() for k in self.at]
        confine(self.layers, inputs, self.generator)


def _optimise(experiment: Experiment, progress: Progress | None) -> _Run:
    recipe, dataset = experiment.recipe, experiment.dataset
    x = _columns(dataset.points)
    network = Network(
        experiment.network,
        dataset.n_classes,
        restarts=recipe.restarts,
        seed=experiment.seed,
        init=recipe.init,
        gain=recipe.gain,
        fields=recipe.fields,
        points=x,
        time=experiment.continuous,
    )
    one_hot = torch.tensor(np.eye(dataset.n_classes)[:, dataset.labels])
    parameters = list(network.parameters())
    learned = [p for p in parameters if p.requires_grad]
    optimiser = torch.optim.Adam(learned, lr=recipe.learning_rate, betas=recipe.betas, foreach=True)
    flows = _Flows(network, experiment.seed)
    schedule = snapshot_steps(recipe.steps, recipe.snapshots)
    keep = set(schedule.tolist())
    kept: list[list[FloatArray]] = []
    losses: list[FloatArray] = []
    for step in range(recipe.steps + 1):
        if step in keep:
            kept.append([p.detach().numpy().copy() for p in parameters])
            with torch.no_grad():
                losses.append(_cross_entropy(network.logit_columns(x), one_hot).numpy())
            if progress is not None:
                progress(step, recipe.steps, float(np.fmin.reduce(losses[-1])))
        if step == recipe.steps:
            break
        batch = _columns(dataset.draw(experiment.seed, step)[0]) if recipe.fresh else x
        chosen = _chosen(recipe.batch, batch.shape[1], experiment.seed, step)
        columns = network.columns(batch[:, chosen])
        gradients = torch.autograd.grad(_objective_of(network, columns, one_hot[:, chosen], recipe), learned)
        square = torch.stack([g.flatten(1).square().sum(1) for g in gradients]).sum(0)
        scale = (recipe.clip / square.sqrt()).clamp(max=1.0)[:, None, None]
        for parameter, gradient in zip(learned, gradients, strict=True):
            parameter.grad = gradient * scale
        optimiser.param_groups[0]["lr"] = learning_rate(recipe, step)
        optimiser.step()
        flows.confine(columns)
    return _Run(network, schedule, kept, np.array(losses))


def _judge(run: _Run, dataset: Dataset) -> list[Separation]:
    points, labels = dataset.dense()
    with torch.no_grad():
        logits = run.network(torch.tensor(points)).numpy()
    readouts = run.network.weights[-1].detach().numpy()
    return [separation(z, labels, w) for z, w in zip(logits, readouts, strict=True)]


def train(experiment: Experiment, progress: Progress | None = None) -> Trace:
    """Train an experiment and return the trace of its best restart; or take its link apart.

    The best restart has the fewest dense points on the wrong side, then the largest margin. A failure
    to separate is a result, found in ``trace.outcome``, not an error.

    Raises
    ------
    TopoError
        When every restart diverged to non-finite weights.
    """
    if experiment.unlinking is not None:
        from topo_core.unlinking.untangle import untangle

        return untangle(experiment, progress)
    if experiment.fitting is not None:
        from topo_core.knn.film import filmed

        return filmed(experiment, progress)
    with _fast_arithmetic():
        run = _optimise(experiment, progress)
        judged = _judge(run, experiment.dataset)
    finite = np.flatnonzero(np.isfinite(run.losses).all(axis=0))
    if not len(finite):
        raise TopoError(
            f"{experiment.name}: all {len(judged)} restarts diverged; lower the learning rate "
            f"(now {experiment.recipe.learning_rate})"
        )
    best = min(finite.tolist(), key=lambda r: (judged[r].wrong, -judged[r].margin, r))
    return _export(experiment, run, judged, best)


def _export(experiment: Experiment, run: _Run, judged: list[Separation], best: int) -> Trace:
    dataset = experiment.dataset
    n = len(run.network.weights)
    stacked = [np.stack([snap[i][best] for snap in run.parameters]) for i in range(len(run.parameters[0]))]
    weights, biases = stacked[:n], [b[..., 0] for b in stacked[n : 2 * n]]
    swaps = swap_in_all(weights, biases)
    flows, time, spec = flows_of(stacked[2 * n :]), experiment.continuous, experiment.network
    steps = [euler_steps(flow, time) for flow in flows] if time else []
    if time:
        flows, spec = [flow for own in steps for flow in own], expanded(spec, time.layers)
    hidden = arranged(spec, weights[:-1], biases[:-1], swaps, flows)
    trace = Trace(
        dataset=dataset,
        spec=spec,
        weights=hidden.weights,
        biases=hidden.biases,
        readout_weight=weights[-1],
        readout_bias=biases[-1],
        steps=run.steps,
        losses=run.losses[:, best],
        accuracies=np.zeros(len(run.steps)),
        swaps=hidden.swaps,
        flows=hidden.flows,
        outcome={},
        certificate={},
        provenance=provenance(experiment, torch=str(torch.__version__)),
    )
    points, labels = dataset.dense()
    measured = [separation(trace.logits(points, s), labels, weights[-1][s]) for s in range(trace.n_snapshots)]
    outcome = _outcome(dataset, judged, best)
    if hidden.shares:
        shortened = sum(share < 1 for share in hidden.shares)
        outcome |= _result(measured[-1])  # of what is exported
        outcome["fields"] = {
            **{"proven_slope": PROVEN_SLOPE, "shortened_layers": shortened},
            **{"smallest_share": min(hidden.shares), "swapped_before_flows": list(hidden.carried)},
        }
    if time:
        outcome["continuous"] = discretisation(run.network, best, points, steps, time)
    outcome |= measures(trace)
    if experiment.homology:
        outcome["homology"] = described(homology_of_layers(trace))
    return replace(trace, accuracies=np.array([m.accuracy for m in measured]), outcome=outcome)


def _outcome(dataset: Dataset, judged: list[Separation], best: int) -> dict[str, Any]:
    return {
        **_result(judged[best]),
        "majority_rate": dataset.majority_rate,
        "best_restart": best,
        "restarts": len(judged),
        "solved_restarts": sum(j.separated for j in judged),
        "restart_accuracies": [j.accuracy for j in judged],
    }


def _result(result: Separation) -> dict[str, Any]:
    return {
        "separated": result.separated,
        "accuracy": result.accuracy,
        "margin": result.margin if math.isfinite(result.margin) else None,
        "wrong": result.wrong,
        "dense_points": result.points,
    }
