"""Claims about the data and what the readout makes of them: where they lie, which are right, separation."""

from __future__ import annotations

from typing import Any

import numpy as np

from topo_core.verification.facts import Facts
from topo_core.verification.hulls import hulls_meet
from topo_core.verification.kinds import (
    Finding,
    Json,
    Kind,
    count,
    natural,
    proven,
    real,
    reals,
    refuted,
    text,
    times,
    undecided,
    written,
)

#: Points of a witness: in d dimensions d + 2 suffice, and a proof takes a second for so many.
_MOST_WITNESSES = 66
#: Why a claim is not looked at.
TOO_MANY = "there are too many claims about places of the data"


def place(value: Any) -> bool:
    """Whether it names a place in the data: a piece, and its parameters there."""
    if not isinstance(value, dict) or value.keys() != {"piece", "parameters"}:
        return False
    return text(value["piece"]) and reals(value["parameters"])


def places(value: Any) -> bool:
    """Whether it is a list of places."""
    return isinstance(value, list) and len(value) <= _MOST_WITNESSES and all(map(place, value))


def where(representation: int) -> str:
    """A representation in words: 0 is the input."""
    return "at the input" if representation == 0 else f"after layer {representation}"


# -- Where the data are --------------------------------------------------------------------------


def _data(facts: Facts, claim: Json) -> Finding:
    counts = np.bincount(facts.stored.labels, minlength=len(facts.stored.network.readout_bias)).tolist()
    if claim["points"] != len(facts.stored.points) or claim["labels"] != counts:
        return refuted(f"there are {len(facts.stored.points)} points: {_listed(counts)}")
    strays = facts.strays
    if strays:
        return undecided(
            f"{times(len(strays), 'point')}, the first with index {strays[0]}, not proven to be there"
        )
    return proven("each is within 1e-9 of a piece of the data with its label")


def _listed(counts: list[int]) -> str:
    return ", ".join(f"{count} of class {label}" for label, count in enumerate(counts))


def _accuracy(facts: Facts, claim: Json) -> Finding:
    right, wrong, open_ = facts.answers
    total = right + wrong + open_
    if claim["points"] != total or not right <= claim["right"] <= right + open_:
        return refuted(f"of {times(total, 'point')} {right} are right and {wrong} wrong")
    if open_:
        return undecided(f"{times(open_, 'point')} too close to the boundary to tell")
    return proven("bounds on the logits of each decide it")


# -- Separation ----------------------------------------------------------------------------------


def _separated(facts: Facts, claim: Json) -> Finding:
    proof = facts.margin
    if proof.verdict == "proven":
        if proof.distance is None:
            return undecided("every point is on its side, but at what distance is not known")
        if proof.distance >= claim["margin"]:
            return proven(f"bounds over {proof.boxes} boxes that cover it")
        return undecided(f"what is proven is a distance of at least {proof.distance:.6g}")
    return Finding(proof.verdict, proof.reason)


def _misclassified(facts: Facts, claim: Json) -> Finding:
    if not facts.affords(1):
        return undecided(TOO_MANY)
    found = facts.at([claim["place"]], facts.n_layers)
    if found is None:
        return refuted("the data have no such place")
    labels, image = found
    classes = len(facts.stored.network.readout_bias)
    if claim["label"] != labels[0]:
        return refuted(f"its label is {labels[0]}")
    if claim["answer"] == claim["label"] or not 0 <= claim["answer"] < classes:
        return refuted("this is no other class")
    lead = facts.lead(image, claim["label"], claim["answer"])
    if lead.hi[0] <= 0:
        return proven(f"its own logit less the other's is at most {float(lead.hi[0]):.3g}")
    return (
        refuted("its own logit is larger")
        if lead.lo[0] > 0
        else undecided("the logits are too close to tell")
    )


def _not_separable(facts: Facts, claim: Json) -> Finding:
    if claim["representation"] > facts.n_layers:
        return refuted(f"there are only {times(facts.n_layers, 'layer')}")
    if not facts.affords(len(claim["witness"])):
        return undecided(TOO_MANY)
    found = facts.at(claim["witness"], claim["representation"])
    if found is None:
        return refuted("the data have no such place")
    labels, image = found
    if sorted(set(labels)) != claim["classes"] or len(claim["classes"]) != 2:
        return refuted("the points are of other classes")
    first = np.array([label == claim["classes"][0] for label in labels])
    if hulls_meet(image.lo, image.hi, first):
        return proven("the one affine dependency of these points has weights above 0 on both sides")
    return undecided("the hulls of these points are not proven to meet")


def _says_not_separable(claim: Json) -> str:
    classes, place_ = " and ".join(map(str, claim["classes"])), where(claim["representation"])
    hulls = f"the convex hulls of {times(len(claim['witness']), 'point')} meet"
    return f"No hyperplane separates classes {classes} {place_}: {hulls}."


# -- The kinds -----------------------------------------------------------------------------------


def _positive(value: Any) -> bool:
    return real(value) and value > 0


def _counts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 4096 and all(map(count, value))


KINDS = {
    "data": Kind(
        {"points": natural, "labels": _counts},
        lambda claim: (
            f"All {times(claim['points'], 'training point')} lie on the data described, with their labels: "
            f"{_listed(claim['labels'])}."
        ),
        _data,
    ),
    "accuracy": Kind(
        {"right": count, "points": natural},
        lambda claim: (
            f"The readout is right on {claim['right']} of {times(claim['points'], 'training point')}."
        ),
        _accuracy,
    ),
    "separated": Kind(
        {"margin": _positive},
        lambda claim: (
            f"The readout separates all of the data, by a distance of at least {written(claim['margin'])}."
        ),
        _separated,
    ),
    "misclassified": Kind(
        {"place": place, "label": count, "answer": count},
        lambda claim: (
            f"The readout does not separate the data: a point of {claim['place']['piece']}, class "
            f"{claim['label']}, does not get a larger logit for it than for class {claim['answer']}."
        ),
        _misclassified,
    ),
    "not-separable": Kind(
        {"representation": count, "classes": _counts, "witness": places},
        _says_not_separable,
        _not_separable,
    ),
}
