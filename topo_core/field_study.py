"""How entangled spirals may be, and how many layers of vector fields they take.

Essay, "Continuous Visualization of Layers" (spirals) and "Neural Network Layers for Manipulating Manifolds".
Spirals of any number of turns can be brought apart by a motion of the plane; this is about whether training
finds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from topo_core.continuous.recipe import ContinuousTime
from topo_core.datasets import Spirals
from topo_core.experiment import Experiment
from topo_core.experiments import experiment_named
from topo_core.kept import kept_training
from topo_core.results import Measure, Results, Row
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace

_MEASURES = (
    Measure("separated", "%", digits=0, better="high"),
    Measure("proven", "%", digits=0, better="high"),
    Measure("restarts that separate", "%", digits=0, better="high"),
    Measure("points on the wrong side", digits=0, better="low"),
    Measure("margin", digits=2, better="high"),
    Measure("shortened layers", digits=1, better="low"),
)

#: Turns, and layers of vector fields that are tried.
_TRIED = (
    *((1.0, layers) for layers in (8, 16)),
    *((1.5, layers) for layers in (16, 24, 40)),
    *((2.0, layers) for layers in (40, 56, 72)),
    *((turns, 96) for turns in (2.5, 3.0)),
)


def study(seeds: Sequence[int], report: Callable[[str], None]) -> Results:
    """Train layers of two units on spirals of ever more turns: tanh, vector fields, continuous time."""
    rows = []
    for settings, experiment in _compared():
        runs = []
        for seed in seeds:
            report(
                f"{settings['layers']} layers of {settings['kind']}, {settings['turns']} turns, seed {seed}"
            )
            seeded = experiment.with_options(seed=seed)
            runs.append(kept_training("fields", seeded, _measured))
        rows.append(Row(settings, tuple(runs)))
    fields, tanh = experiment_named("field-spirals"), experiment_named("spirals-entangled")
    notes = (
        f"Fields: the best of {fields.recipe.restarts} restarts, {fields.recipe.steps} steps each, "
        f"{fields.recipe.fields.terms} Gaussians a layer; tanh: the best of {tanh.recipe.restarts} restarts, "
        f"{tanh.recipe.steps} steps. All layers have two units.",
        "Separated: all of 8,000 points of the curves are on their side. Proven: by topo_core.verification, "
        "for the whole curves, and that no layer folds the plane.",
        "Shortened: layers whose vectors had to be shortened at the end, because their slope was not proven "
        "to be below 1.",
        "Layers of continuous time are the steps of its trace; one vector field that changes in time is "
        "trained.",
    )
    title = "Spirals: turns against layers, and whether training separates them"
    return Results("fields", title, _MEASURES, tuple(rows), notes)


def spirals_of(experiment: Experiment, turns: float) -> Experiment:
    """An experiment on spirals with another number of turns."""
    old = experiment.dataset
    per_class = old.n_per_class if isinstance(old, Spirals) else 500
    return replace(experiment, dataset=Spirals(turns=turns, n_per_class=per_class))


def _compared() -> Iterator[tuple[dict[str, float | int | str], Experiment]]:
    tanh = experiment_named("spirals-entangled")
    for turns in (1.0, 1.5):
        yield {"turns": turns, "kind": "tanh", "layers": tanh.network.n_layers}, spirals_of(tanh, turns)
    fields = experiment_named("field-spirals")
    for turns, layers in _TRIED:
        network = NetworkSpec.parse(f"2-2:flow*{layers}")
        yield (
            {"turns": turns, "kind": "fields", "layers": layers},
            replace(spirals_of(fields, turns), network=network),
        )
    ode = experiment_named("field-spirals-ode")
    layers = (ode.continuous or ContinuousTime()).layers
    for turns in (1.0, 1.5):
        yield {"turns": turns, "kind": "continuous time", "layers": layers}, spirals_of(ode, turns)


def _measured(trace: Trace) -> dict[str, float]:
    from topo_core.certificates import certify

    outcome = trace.outcome
    claims = {claim["claim"] for claim in certify(trace)["claims"]}
    measured = {
        "separated": 100.0 * outcome["separated"],
        "proven": 100.0 * ({"separated", "isotopy"} <= claims),
        "restarts that separate": 100.0 * outcome["solved_restarts"] / outcome["restarts"],
        "points on the wrong side": float(outcome["wrong"]),
    }
    if outcome["margin"] is not None:
        measured["margin"] = float(outcome["margin"])
    if "fields" in outcome:
        measured["shortened layers"] = float(outcome["fields"]["shortened_layers"])
    return measured
