"""What is known of a trace: for people in a sentence, for programs as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from topo_core.errors import shown
from topo_core.trace import Trace

#: Metrics of an outcome, in the order of the table, and what they are called there.
_METRICS = (
    ("largest_stretch", "largest stretch"),
    ("mean_stretch", "mean stretch"),
    ("largest_logit_gradient", "largest logit gradient"),
    ("mean_logit_gradient", "mean logit gradient"),
    ("readout_norm", "norm of the readout"),
    ("gaps", "gap over diameter, by layer"),
    ("winding", "winding number, by layer"),
    ("linking", "linking number, by layer"),
    ("smallest_distance", "smallest distance on the way"),
)


#: A list of more numbers is shown by its ends and its extremes.
_MOST_SHOWN = 12


@dataclass(frozen=True)
class Isotopy:
    """Whether a layer's motion is an isotopy, and how that is known.

    Attributes
    ----------
    isotopic, reason
        As of ``LayerPath``.
    evidence
        ``"weights"``: decided now; ``"certificate"``: it was proven when the trace was made, says the trace.
    """

    isotopic: bool
    reason: str
    evidence: str

    def __str__(self) -> str:
        """Return it in words."""
        state = "isotopic to the identity" if self.isotopic else f"not an isotopy: {self.reason}"
        return f"{state} (by its certificate)" if self.evidence == "certificate" else state


def isotopies(trace: Trace) -> list[Isotopy]:
    """For each layer whether its motion is an isotopy.

    The proof of a flow takes about 0.2 s: where the trace's certificate says that it was found, it is not
    looked for again.
    """
    known = _certified_layers(trace)
    return [
        Isotopy(True, "", "certificate")
        if layer.flow is not None and k in known
        else Isotopy(layer.path.isotopic, layer.path.reason, "weights")
        for k, layer in enumerate(trace.layers, 1)
    ]


def _certified_layers(trace: Trace) -> set[int]:
    """The layers, counted from 1, that the certificate calls homeomorphisms."""
    noted, claims = trace.certificate.get("layers"), trace.certificate.get("claims")
    found = set()
    if isinstance(noted, list) and len(noted) == trace.n_layers:
        found |= {k for k, stated in enumerate(noted, 1) if stated is True}
    for claim in claims if isinstance(claims, list) else ():
        match claim:
            case {"claim": "homeomorphism", "layer": int(layer)}:
                found.add(layer)
    return found


def proven_margin(trace: Trace) -> float | None:
    """How far all of the data are from the hyperplane that separates them, at least, by the certificate.

    None where the certificate does not say so.
    """
    claims = trace.certificate.get("claims")
    for claim in claims if isinstance(claims, list) else ():
        match claim:
            case {"claim": "separated", "margin": float(margin)}:
                return margin
    return None


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
                **asdict(isotopy),
                "swap": layer.swap,
            }
            for layer, isotopy in zip(trace.layers, isotopies(trace), strict=True)
        ],
        "claims": trace.certificate.get("claims", []),
        "versions": trace.provenance.get("versions"),
    }


def verdict(trace: Trace) -> str:
    """What came of the training, in one sentence; a trace from elsewhere may not say it."""
    try:
        return _verdict(trace.outcome)
    except (KeyError, TypeError, ValueError):
        return "What came of the training is not noted in a way that this version understands."


def _verdict(outcome: dict[str, Any]) -> str:
    if "judged_points" in outcome:  # trained in mini-batches, for softmax or for neighbours
        k = outcome["k"]
        how = str(outcome["readout"]) if k is None else f"the {k} nearest, weighted {outcome['readout']}"
        return (
            f"By {how}: {outcome['wrong']} of {outcome['judged_points']} points that it was not trained on "
            f"wrong, accuracy {outcome['accuracy']:.4f}, majority class {outcome['majority_rate']:.4f}."
        )
    tried, kind = "", "points"  # a network from elsewhere is judged on its points
    if "restarts" in outcome:
        tried = f" ({outcome['solved_restarts']} of {outcome['restarts']} restarts separate)"
        kind = "dense points"
    if outcome["separated"]:
        return (
            f"Separated: all {outcome['dense_points']} {kind} right, margin {outcome['margin']:.4g}{tried}."
        )
    worst = outcome["margin"]
    beyond = "no line at all" if worst is None else f"worst point {-worst:.4g} beyond the line"
    return (
        f"Not separated: {outcome['wrong']} of {outcome['dense_points']} {kind} wrong, accuracy "
        f"{outcome['accuracy']:.4f}, majority class {outcome['majority_rate']:.4f}, {beyond}{tried}."
    )


def metrics(trace: Trace) -> list[tuple[str, str]]:
    """What was measured beside the accuracy, as pairs of name and value, for a table.

    Numbers have four digits. Stretch is the largest singular value of the network's Jacobian at a
    point (``topology.stretch``); what could not be decided is a dash. A trace from elsewhere may
    have noted other things, which are left out.
    """
    rows = []
    for key, name in _METRICS:
        value = _number_or_list(trace.outcome.get(key))
        if value:
            rows.append((name, value))
    noted = trace.outcome.get("thresholds")
    for threshold in noted if isinstance(noted, list) else ():
        fires = _fires(threshold)
        if fires:
            rows.append(fires)
    pairs = trace.outcome.get("linking_pairs")
    for pair, numbers in pairs.items() if isinstance(pairs, dict) else ():
        value = _number_or_list(numbers)
        if value:
            rows.append((f"linking number of {shown(str(pair))[1:-1]}, by layer", value))
    return rows


def _number_or_list(value: object) -> str:
    """A number or a list of numbers and nulls as text; empty for anything else."""
    if isinstance(value, list):
        parts = ["-" if item is None else _number(item) for item in value]
        if len(parts) <= _MOST_SHOWN or not all(parts):
            return ", ".join(parts) if all(parts) else ""
        if len(set(parts)) == 1:
            return f"{parts[0]} everywhere"
        numbers = [item for item in value if item is not None]
        return f"{parts[0]} ... {parts[-1]}, all from {_number(min(numbers))} to {_number(max(numbers))}"
    return _number(value)


def _number(value: object) -> str:
    """A finite number as text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        return ""
    return f"{value:.4g}"


def _fires(threshold: object) -> tuple[str, str] | None:
    match threshold:
        case {"unit": int(unit), "at": None}:
            return f"unit {unit + 1} fires", "everywhere alike"
        case {"unit": int(unit), "at": int(at) | float(at), "side": "right" | "left" as side}:
            return f"unit {unit + 1} fires", f"for x {'>' if side == 'right' else '<'} {_number(at)}"
    return None


def description(trace: Trace) -> str:
    """What is in a trace, in a few lines."""
    known = (name for name in ("experiment", "seed") if name in trace.provenance)
    origin = [shown(str(trace.provenance[name]))[1:-1] for name in known]
    points = f"{len(trace.dataset.points)} points, {trace.n_classes} classes"
    lines = [
        f"{', seed '.join(origin)}, network {trace.spec}",
        f"  hash      {trace.hash}",
        f"  data      {trace.dataset.name}, {points}",
        f"  snapshots {trace.n_snapshots}, steps {trace.steps[0]} to {trace.steps[-1]}",
    ]
    lines += _layer_lines(trace)
    if trace.outcome:
        lines.append(f"  {verdict(trace)}")
    lines.append(f"  claims    {_claimed(trace)}")
    table = metrics(trace)
    width = max((len(name) for name, _ in table), default=0)
    lines += [f"  {name:{width}}  {value}" for name, value in table]
    return "\n".join(lines)


def _claimed(trace: Trace) -> str:
    """The kinds of claims that a trace makes, and how often."""
    claims = trace.certificate.get("claims")
    names = (
        [claim.get("claim") for claim in claims if isinstance(claim, dict)]
        if isinstance(claims, list)
        else []
    )
    if not names:
        return "none"
    kinds = Counter(shown(str(name))[1:-1] for name in names)
    listed = ", ".join(f"{count} {name}" if count > 1 else name for name, count in kinds.items())
    return f"{listed}; prove them again with: render.py verify"


def _layer_lines(trace: Trace) -> list[str]:
    """A line for each layer; flows that follow one another and of which the same is known share one."""
    rows = []
    for layer, isotopy in zip(trace.layers, isotopies(trace), strict=True):
        swap = f", units {layer.swap[0]} and {layer.swap[1]} swapped" if layer.swap else ""
        rows.append((f"{layer.activation}: {isotopy}{swap}", layer.index if layer.flow is None else None))
    lines, number = [], 1
    for (words, _), same in groupby(rows):
        last = number + len(list(same)) - 1
        name = f"layer {number}  " if last == number else f"layers {number} to {last}"
        lines.append(f"  {name} {words}")
        number = last + 1
    return lines
