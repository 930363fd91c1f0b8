"""From two curves that look linked to a network of flow layers that takes them apart.

Essay, "Links And Homotopy": a link that a network with layers of three units can classify is an unlink, and
the network's motion is the ambient isotopy that shows it. Here the motion comes first, from a descent on the
curves' energy, and flow layers (essay, "Neural Network Layers for Manipulating Manifolds") that move all of
space are fitted to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import scipy
import threadpoolctl
from numpy.typing import NDArray

from topo_core.errors import SpecError
from topo_core.experiment import Experiment
from topo_core.flow import Flow, Flows
from topo_core.inverse import recovered
from topo_core.measures import measures
from topo_core.provenance import provenance
from topo_core.separation import separation
from topo_core.spec import FLOW, NetworkSpec
from topo_core.trace import Trace
from topo_core.unlinking.descent import descent
from topo_core.unlinking.energy import Energy
from topo_core.unlinking.fit import fitted_flows
from topo_core.unlinking.plane import widest_plane
from topo_core.unlinking.polygons import equally_long, joined
from topo_core.unlinking.recipe import Unlinking

#: Called after every step of the descent with (steps done, steps at most, energy).
Progress = Callable[[int, int, float], None]

FloatArray = NDArray[np.float64]


def untangle(experiment: Experiment, progress: Progress | None = None) -> Trace:
    """Take an experiment's two curves apart and return the trace of the network that does it.

    Not to get them apart is a result, found in ``trace.outcome``, not an error.

    Raises
    ------
    SpecError
        When the experiment has no ``unlinking``, its data are not two closed curves in space, or its network
        is not of flow layers.
    """
    recipe = _checked(experiment)
    with threadpoolctl.threadpool_limits(
        1
    ):  # small matrices: more threads take longer, and round differently
        motion = _motion(experiment, recipe, progress)
        flows = list(fitted_flows(motion[:: recipe.every] + motion[-1:], recipe.fit, experiment.seed))
        return _export(experiment, flows, len(motion) - 1)


def _checked(experiment: Experiment) -> Unlinking:
    dataset, recipe = experiment.dataset, experiment.unlinking
    if recipe is None:
        raise SpecError(f"{experiment.name}: it is trained and not taken apart; give it an unlinking")
    closed = [len(c.curves) == 1 and c.curves[0].closed for c in dataset.components]
    if dataset.dimension != 3 or closed != [True, True]:
        raise SpecError(f"{experiment.name}: {dataset.name} is not two closed curves in space; choose a link")
    if set(experiment.network.activations) != {FLOW}:
        raise SpecError(
            f"{experiment.name}: a link is taken apart by flow layers; leave the network at 3-3:flow"
        )
    return recipe


def _motion(experiment: Experiment, recipe: Unlinking, progress: Progress | None) -> list[FloatArray]:
    """The vertices of both polygons at every step, until a plane is between them."""
    curves = [component.curves[0].path for component in experiment.dataset.components]
    polygons, start = joined([equally_long(curve, recipe.vertices) for curve in curves])
    start = start + recipe.noise * np.random.default_rng(experiment.seed).standard_normal(start.shape)
    reach = recipe.reach * float(np.linalg.norm(polygons.edges(start), axis=1).mean())
    energy = Energy(polygons, reach)
    motion: list[FloatArray] = []
    for step, x in enumerate(descent(energy, start)):
        motion.append(x)
        if progress is not None:
            progress(step, recipe.steps, energy(x))
        first, second = polygons.split(x)
        if step == recipe.steps or widest_plane(first, second).margin >= recipe.margin:
            break
    return motion


def _export(experiment: Experiment, flows: list[Flow], steps: int) -> Trace:
    dataset = experiment.dataset
    points, labels = dataset.dense()
    moved = points
    for flow in flows:
        moved = flow(moved)
    plane = widest_plane(moved[labels == 0], moved[labels == 1])
    weight = np.stack([plane.normal, -plane.normal])
    bias = np.array([-plane.offset, plane.offset])
    trace = Trace(
        dataset=dataset,
        spec=NetworkSpec((3,) * (len(flows) + 1), (FLOW,) * len(flows)),
        weights=(np.eye(3)[None],) * len(flows),
        biases=(np.zeros((1, 3)),) * len(flows),
        readout_weight=weight[None],
        readout_bias=bias[None],
        steps=np.array([steps]),
        losses=np.zeros(1),
        accuracies=np.zeros(1),
        swaps=(None,) * len(flows),
        outcome={},
        certificate={},
        provenance=provenance(experiment, scipy=scipy.__version__, threadpoolctl=threadpoolctl.__version__),
        flows=tuple(Flows.of(flow) for flow in flows),
    )
    outcome = _outcome(trace, points, labels)
    return replace(
        trace,
        losses=np.array([_cross_entropy(trace.logits(points), labels)]),
        accuracies=np.array([outcome["accuracy"]]),
        outcome={**outcome, **measures(trace)},
    )


def _cross_entropy(logits: FloatArray, labels: NDArray[np.int64]) -> float:
    own = logits[np.arange(len(labels)), labels]
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - own))


def _outcome(trace: Trace, points: FloatArray, labels: NDArray[np.int64]) -> dict[str, Any]:
    judged = separation(trace.logits(points), labels, trace.readout_weight[-1])
    back = recovered(trace, trace.representations(points)[-1])[0]
    return {
        "separated": judged.separated,
        "accuracy": judged.accuracy,
        "majority_rate": trace.dataset.majority_rate,
        "margin": judged.margin,
        "wrong": judged.wrong,
        "dense_points": judged.points,
        "best_restart": 0,
        "restarts": 1,
        "solved_restarts": int(judged.separated),
        "restart_accuracies": [judged.accuracy],
        "inverse_error": float(np.abs(back - points).max()),
    }
