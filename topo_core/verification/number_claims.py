"""Claims about winding and linking numbers, and that no hyperplane can separate what they keep together.

A homeomorphism of the plane or of space onto its image leaves winding and linking numbers as they are, or
changes their sign if it mirrors. A set on one side of a line or a plane can be shrunk to a point there:
around a point on the other side it winds 0 times, and with a curve on the other side it is linked 0 times.
So classes that are linked, or of which one surrounds a point of the other, are not separated by any
hyperplane after layers that are homeomorphisms of the same dimension; nor are, on the line, points of one
class on both sides of one of the other.

Of tubes it is the curves in their middle that are linked: an image of a tube's surface that lies on one side
of a plane has all that it encloses there too, for a bounded region lies in the convex hull of its boundary.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from topo_core.verification.data_claims import TOO_MANY, places
from topo_core.verification.facts import Facts
from topo_core.verification.hulls import hulls_meet
from topo_core.verification.kinds import (
    Finding,
    Json,
    Kind,
    proven,
    reals,
    refuted,
    text,
    undecided,
    whole,
    written,
)
from topo_core.verification.pieces import Region
from topo_core.verification.windings import IntegerProof


def _end(value: Any) -> bool:
    return value is None or whole(value)


def _compared(
    facts: Facts, claim: Json, dimension: int, at_input: IntegerProof, at_end: IntegerProof
) -> Finding:
    """Whether the numbers at the input and at the end are those of a claim."""
    if at_input.value is None:
        return undecided(f"at the input: {at_input.reason}")
    if at_input.value != claim["input"]:
        return refuted(f"at the input it is {at_input.value}")
    if claim["end"] is None:
        return proven(f"at the input: {at_input.reason}")
    if facts.stored.widths[-1] != dimension:
        return refuted(f"at the end there are {facts.stored.widths[-1]} dimensions, where it has no meaning")
    if at_end.value is None:
        return undecided(f"at the end: {at_end.reason}")
    if at_end.value != claim["end"]:
        return refuted(f"at the end it is {at_end.value}")
    return proven(f"at the input: {at_input.reason}; at the end: {at_end.reason}")


def _winding(facts: Facts, claim: Json) -> Finding:
    if claim["curve"] not in facts.cores or len(claim["about"]) != 2 or facts.stored.widths[0] != 2:
        return refuted("the data have no such curve in a plane")
    at = [facts.winding(claim["curve"], claim["about"], layers) for layers in _ends(facts, 2)]
    return _compared(facts, claim, 2, at[0], at[-1])


def _linking(facts: Facts, claim: Json) -> Finding:
    first, second = claim["first"], claim["second"]
    if not {first, second} <= facts.cores.keys() or first == second or facts.stored.widths[0] != 3:
        return refuted("the data have no two such curves in space")
    at = [facts.linking(first, second, layers) for layers in _ends(facts, 3)]
    return _compared(facts, claim, 3, at[0], at[-1])


def _ends(facts: Facts, dimension: int) -> list[int]:
    """The representations where a number has a meaning: the input and, if it has the dimension, the end."""
    return [0, facts.n_layers] if facts.stored.widths[-1] == dimension else [0]


def _says_number(verb: str, claim: Json) -> str:
    end = f", and {claim['end']} at the end" if claim["end"] is not None else ""
    return f"{verb} is {claim['input']} at the input{end}."


# -- What cannot be ------------------------------------------------------------------------------


def _linked(facts: Facts, claim: Json) -> Finding:
    names, curves = claim["curves"], facts.cores
    if len(names) != 2 or not set(names) <= curves.keys() or curves[names[0]].label == curves[names[1]].label:
        return refuted("the data have no two such curves of two classes")
    if facts.stored.widths[0] != 3:
        return refuted("the data are not in space")
    return _not_zero("linking number", facts.linking(names[0], names[1], 0))


def _surrounded(facts: Facts, claim: Json) -> Finding:
    names, about = claim["curves"], claim["about"]
    if len(names) != 1 or names[0] not in facts.cores or len(about) != 2 or facts.stored.widths[0] != 2:
        return refuted("the data have no such curve in a plane")
    square = sum(Fraction(x) ** 2 for x in about)
    inside = [
        piece.label != facts.cores[names[0]].label
        for piece in facts.pieces.values()
        if isinstance(piece, Region) and Fraction(piece.inner) ** 2 <= square <= Fraction(piece.outer) ** 2
    ]
    if not any(inside):
        return refuted("the point is in no region of another class than the curve")
    return _not_zero("winding number", facts.winding(names[0], about, 0))


def _between(facts: Facts, claim: Json) -> Finding:
    if not facts.affords(len(claim["witness"])):
        return undecided(TOO_MANY)
    found = facts.at(claim["witness"], 0)
    if facts.stored.widths[0] != 1 or found is None:
        return refuted("the data have no such places on a line")
    labels, image = found
    first = np.array([label == labels[0] for label in labels])
    if len(set(labels)) == 2 and hulls_meet(image.lo, image.hi, first):
        return proven("a point of one class is between two of the other")
    return undecided("that one class is between two parts of the other is not proven")


def _not_zero(name: str, proof: IntegerProof) -> Finding:
    if proof.value is None:
        return undecided(proof.reason)
    return proven(f"the {name} at the input is {proof.value}") if proof.value else refuted(f"the {name} is 0")


_PREMISES = {"linked": _linked, "surrounded": _surrounded, "between": _between}


#: What each needs; the other fields are empty.
_NEEDS = {"linked": {"curves"}, "surrounded": {"curves", "about"}, "between": {"witness"}}


def _impossible(facts: Facts, claim: Json) -> Finding:
    if any(claim[name] for name in {"curves", "about", "witness"} - _NEEDS[claim["because"]]):
        return refuted("it names what is no part of its reason")
    found = _PREMISES[claim["because"]](facts, claim)
    verdict, why = facts.homeomorphisms
    premises = f"premise 1: {found.why} ({found.verdict}); premise 2: {why} ({verdict})"
    if found.verdict == verdict == "proven":
        return proven(premises)
    # false premises do not refute what follows from them
    return refuted(premises) if "refuted" in (found.verdict, verdict) else undecided(premises)


_BARS = {
    "linked": "the classes are linked, and layers that are homeomorphisms of space keep them so",
    "surrounded": "one class surrounds the other, and layers that are homeomorphisms of the plane keep it so",
    "between": "one class is between parts of the other, and homeomorphisms of the line keep it so",
}


def _says_winding(claim: Json) -> str:
    about = ", ".join(map(written, claim["about"]))
    return _says_number(f"The winding number of the {claim['curve']} about ({about})", claim)


KINDS = {
    "winding": Kind(
        {"curve": text, "about": reals, "input": whole, "end": _end},
        _says_winding,
        _winding,
    ),
    "linking": Kind(
        {"first": text, "second": text, "input": whole, "end": _end},
        lambda claim: _says_number(f"The linking number of {claim['first']} and {claim['second']}", claim),
        _linking,
    ),
    "impossible": Kind(
        {
            "because": lambda value: isinstance(value, str) and value in _PREMISES,
            "curves": lambda value: isinstance(value, list) and len(value) <= 2 and all(map(text, value)),
            "about": reals,
            "witness": places,
        },
        lambda claim: f"No readout can separate the classes: {_BARS[claim['because']]}.",
        _impossible,
    ),
}
