"""Claims about layers and their motion: homeomorphisms, and where the animation is an ambient isotopy."""

from __future__ import annotations

from typing import Any

from topo_core.verification.facts import Facts
from topo_core.verification.kinds import (
    Finding,
    Json,
    Kind,
    natural,
    one_of,
    proven,
    real,
    reals,
    refuted,
    text,
    times,
    undecided,
    written,
)
from topo_core.verification.layers import LayerFact, folds_at
from topo_core.verification.network import FlowStep

_CAUSES = {
    "narrows": "it has fewer outputs than inputs",
    "singular": "its weight matrix is singular",
    "mirrors": "its determinant is negative",
    "relu": "ReLU sends different points to one",
    "gelu": "GELU falls before it rises and sends different points to one",
}

#: When a step stops being an isotopy, unless at its end: (1 - t) x + t GELU(x) falls near -sqrt 2 before.
_WHEN = {"mirrors": "", "gelu": " before t = 1"}


def _layer(facts: Facts, claim: Json) -> LayerFact | None:
    k = claim["layer"]
    return facts.layer(k) if k <= facts.n_layers else None


def _says_homeomorphism(claim: Json) -> str:
    k, name, number = claim["layer"], claim["activation"], claim["number"]
    match claim["by"]:
        case "lipschitz":
            return (
                f"Layer {k} is a homeomorphism: its field's Lipschitz constant is at most {written(number)}."
            )
        case "rank":
            return f"Layer {k} widens without folding: the rank of W is {number:g}, and {name} increases."
    side = "positive" if number > 0 else "negative"
    return f"Layer {k} is a homeomorphism onto its image: its determinant is {side}, and {name} increases."


def _homeomorphism(facts: Facts, claim: Json) -> Finding:
    fact = _layer(facts, claim)
    if fact is None:
        return refuted(f"there are only {times(facts.n_layers, 'layer')}")
    if fact.activation != claim["activation"]:
        return refuted(f"its activation is {fact.activation}")
    if fact.homeomorphism != "proven":
        return Finding(fact.homeomorphism, fact.why)
    known = {"determinant": fact.sign, "rank": fact.inputs, "lipschitz": fact.lipschitz}[claim["by"]]
    if known is None or (claim["by"] == "rank") != (fact.inputs < fact.outputs):
        return refuted(f"this is not how it is proven, but: {fact.why}")
    holds = known <= claim["number"] < 1 if claim["by"] == "lipschitz" else known == claim["number"]
    if not holds:
        wrong = undecided if claim["by"] == "lipschitz" else refuted
        return wrong(f"what is proven is {fact.why}")
    return proven(fact.why)


def _not_homeomorphism(facts: Facts, claim: Json) -> Finding:
    fact = _layer(facts, claim)
    if fact is None:
        return refuted(f"there are only {times(facts.n_layers, 'layer')}")
    if fact.homeomorphism == "proven":
        return refuted(f"it is one: {fact.why}")
    if fact.cause and fact.cause == claim["because"] and not claim["near"]:
        return proven(fact.why)
    if fact.cause and not claim["near"]:
        return refuted(f"the cause is another: {fact.why}")
    layer = facts.stored.network.layers[claim["layer"] - 1]
    few = facts.affords(len(claim["near"]))
    if claim["because"] == "relu" and claim["near"] and few and folds_at(layer, claim["near"]):
        return proven("near the point that is given fewer independent units are on than there are inputs")
    return undecided(fact.why)


def _says_isotopy(claim: Json) -> str:
    swapped = sum(swap is not None for swap in claim["swaps"])
    once = f", once two units have changed places in {times(swapped, 'layer')}" if swapped else ""
    return f"The animation of {times(claim['layers'], 'layer')} is an ambient isotopy at every instant{once}."


def _isotopy(facts: Facts, claim: Json) -> Finding:
    swaps = facts.stored.swaps
    if claim["layers"] != facts.n_layers:
        return refuted(f"there are {times(facts.n_layers, 'layer')}")
    if claim["swaps"] != [None if swap is None else list(swap) for swap in swaps]:
        return refuted("other units are noted to have changed places")
    verdict, obstacle = facts.isotopy
    if obstacle is not None:
        cause = _CAUSES.get(obstacle.cause, facts.layer(obstacle.layer).why)
        return Finding(verdict, f"layer {obstacle.layer}, {obstacle.step} step: {cause}")
    layers = facts.stored.network.layers
    for k, swap in enumerate(swaps, 1):
        if swap is None:
            continue
        if isinstance(layers[k - 1], FlowStep) or (k < len(layers) and isinstance(layers[k], FlowStep)):
            return refuted(f"to swap units of layer {k} changes the function, for a flow mixes them")
    rule = "det p(t) = prod(1 - t + t s) > 0; (1 - t) x + t sigma(x) increases"
    flows = sum(isinstance(layer, FlowStep) for layer in layers)
    parts = [rule] * (flows < len(layers)) + [f"{times(flows, 'flow')} with Lipschitz constant below 1"] * (
        flows > 0
    )
    if any(swap is not None for swap in swaps):
        parts.append("swapped units are read by the columns that were swapped with them")
    return proven("; ".join(parts))


def _says_not_isotopy(claim: Json) -> str:
    cause = _CAUSES[claim["because"]]
    when = _WHEN.get(claim["because"], " at t = 1")
    where = f"in layer {claim['layer']}, {claim['step']} step{when}"
    return f"The animation stops being an isotopy {where}: {cause}."


def _not_isotopy(facts: Facts, claim: Json) -> Finding:
    verdict, obstacle = facts.isotopy
    if verdict == "proven":
        return refuted("it is one: every step is proven to be a homeomorphism at every instant")
    if verdict == "undecided" or obstacle is None:
        return undecided("a layer before is not decided")
    if (obstacle.layer, obstacle.step, obstacle.cause) != (claim["layer"], claim["step"], claim["because"]):
        return refuted(
            f"it stops first in layer {obstacle.layer}, {obstacle.step} step: {_CAUSES[obstacle.cause]}"
        )
    fact = facts.layer(obstacle.layer)
    before = f"; the {times(obstacle.layer - 1, 'layer')} before are isotopies" if obstacle.layer > 1 else ""
    why = (
        fact.why
        if obstacle.cause != "mirrors"
        else "det W < 0 exactly, and a motion of space never mirrors it"
    )
    return proven(why + before)


def _swaps(value: Any) -> bool:
    return isinstance(value, list) and all(v is None or (isinstance(v, list) and len(v) == 2) for v in value)


KINDS = {
    "homeomorphism": Kind(
        {
            "layer": natural,
            "activation": text,
            "by": one_of("determinant", "rank", "lipschitz"),
            "number": real,
        },
        _says_homeomorphism,
        _homeomorphism,
    ),
    "not-homeomorphism": Kind(
        {"layer": natural, "because": one_of("narrows", "singular", "relu", "gelu"), "near": reals},
        lambda claim: f"Layer {claim['layer']} is no homeomorphism: {_CAUSES[claim['because']]}.",
        _not_homeomorphism,
    ),
    "isotopy": Kind({"layers": natural, "swaps": _swaps}, _says_isotopy, _isotopy),
    "not-isotopy": Kind(
        {
            "layer": natural,
            "step": one_of("linear", "activation"),
            "because": one_of("narrows", "singular", "mirrors", "relu", "gelu"),
        },
        _says_not_isotopy,
        _not_isotopy,
    ),
}
