"""What is known of a trace: for people in a sentence, for programs as JSON."""

from __future__ import annotations

from typing import Any

from topo_core.errors import shown
from topo_core.trace import Trace


def summary(trace: Trace) -> dict[str, Any]:
    """What is known of a trace, for programs."""
    return {
        "experiment": trace.provenance.get("experiment"),
        "seed": trace.provenance.get("seed"),
        "network": str(trace.spec),
        "dataset": trace.dataset.describe(),
        "hash": trace.hash,
        "snapshots": trace.n_snapshots,
        "outcome": trace.outcome,
        "layers": [
            {
                "name": layer.name,
                "activation": layer.activation,
                "isotopic": layer.path.isotopic,
                "reason": layer.path.reason,
                "swap": layer.swap,
            }
            for layer in trace.layers
        ],
        "versions": trace.provenance.get("versions"),
    }


def verdict(trace: Trace) -> str:
    """What came of the training, in one sentence; a trace from elsewhere may not say it."""
    try:
        return _verdict(trace.outcome)
    except (KeyError, TypeError, ValueError):
        return "What came of the training is not noted in a way that this version understands."


def _verdict(outcome: dict[str, Any]) -> str:
    tried = f"{outcome['solved_restarts']} of {outcome['restarts']} restarts separate"
    if outcome["separated"]:
        return (
            f"Separated: all {outcome['dense_points']} dense points right, "
            f"margin {outcome['margin']:.4g} ({tried})."
        )
    worst = outcome["margin"]
    beyond = "no line at all" if worst is None else f"worst point {-worst:.4g} beyond the line"
    return (
        f"Not separated: {outcome['wrong']} of {outcome['dense_points']} dense points wrong, accuracy "
        f"{outcome['accuracy']:.4f}, majority class {outcome['majority_rate']:.4f}, {beyond} ({tried})."
    )


def description(trace: Trace) -> str:
    """What is in a trace, in a few lines."""
    experiment, seed = (shown(str(trace.provenance.get(name)))[1:-1] for name in ("experiment", "seed"))
    points = f"{len(trace.dataset.points)} points, {trace.n_classes} classes"
    lines = [
        f"{experiment}, seed {seed}, network {trace.spec}",
        f"  hash      {trace.hash}",
        f"  data      {trace.dataset.name}, {points}",
        f"  snapshots {trace.n_snapshots}, steps {trace.steps[0]} to {trace.steps[-1]}",
    ]
    for layer in trace.layers:
        swap = f", units {layer.swap[0]} and {layer.swap[1]} swapped" if layer.swap else ""
        path = layer.path
        state = "isotopic to the identity" if path.isotopic else f"not an isotopy: {path.reason}"
        lines.append(f"  {layer.name}   {layer.activation}: {state}{swap}")
    if trace.outcome:
        lines.append(f"  {verdict(trace)}")
    return "\n".join(lines)
