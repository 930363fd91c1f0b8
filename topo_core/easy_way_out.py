"""What a contractive penalty costs and brings, on the disc that no plane layer can take out of its annulus.

Essay, "The Easy Way Out": a network that cannot separate two classes stretches what is between them. A
penalty on the gradient of the logits makes it gentler and less accurate. One on the representation alone
has a loophole: the representation shrinks, and the readout grows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from topo_core.experiments import experiment_named
from topo_core.kept import kept_training
from topo_core.results import Measure, Results, Row
from topo_core.trace import Trace

_MEASURES = (
    Measure("accuracy", "%", digits=2, better="high"),
    Measure("largest logit gradient", digits=1, better="low"),
    Measure("mean logit gradient", digits=2, better="low"),
    Measure("largest singular value", digits=1, better="low"),
    Measure("size of representation", digits=2),
    Measure("norm of readout", digits=1),
)

#: What is compared: what is penalised, and how strongly.
_PENALTIES = (
    ("", 0.0),
    ("logit", 1e-4),
    ("logit", 1e-3),
    ("logit", 1e-2),
    ("logit", 1e-1),
    ("representation", 3e-2),
    ("layers", 3e-3),
)


def study(seeds: Sequence[int], report: Callable[[str], None]) -> Results:
    """Train four layers of two units with each penalty, and measure accuracy and stretch."""
    plain = experiment_named("annulus-depth-4")
    rows = []
    for kind, strength in _PENALTIES:
        recipe = replace(plain.recipe, penalty=kind, penalty_strength=strength)
        runs = []
        for seed in seeds:
            experiment = replace(plain, recipe=recipe, seed=seed)
            report(f"penalty {strength:g} on {kind or 'nothing'}, seed {seed}")
            runs.append(kept_training("contractive", experiment, _measured))
        rows.append(Row({"penalty on": kind or "nothing", "strength": strength}, tuple(runs)))
    notes = (
        f"Disc in annulus, network {plain.network}, {plain.recipe.steps} steps with new points at each, the "
        f"best of {plain.recipe.restarts} restarts; measured at the dataset's dense points. The majority "
        f"rate is {100 * plain.dataset.majority_rate:.0f} %; 100 % is impossible, whatever is learned.",
        "Size of the representation: root of its mean squared distance from its mean. Norm of the readout: "
        "of the difference of its two rows.",
        "Strengths were set beforehand, not chosen by a result.",
    )
    title = "Contractive penalties: accuracy against stretch"
    return Results("contractive", title, _MEASURES, tuple(rows), notes, {"dataset": plain.dataset.describe()})


def _measured(trace: Trace) -> dict[str, float]:
    from topo_core.topology.stretch import stretch

    found = stretch(trace)
    points = trace.representations(trace.dataset.dense()[0])[-1]
    spread = points - points.mean(axis=0)
    measured = {
        "accuracy": 100 * float(trace.outcome["accuracy"]),
        "largest logit gradient": found.largest_logit_gradient,
        "mean logit gradient": found.mean_logit_gradient,
        "largest singular value": found.largest,
        "size of representation": float((spread**2).sum(axis=1).mean() ** 0.5),
        "norm of readout": found.readout_norm,
    }
    return measured
