"""What may be true of a trace: claims to be proven, found by any means.

Nothing here needs to be right. Only what ``topo_core.verification`` proves becomes part of a certificate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.topology.separability import Witness, separability
from topo_core.verification.facts import Facts
from topo_core.verification.pieces import Points
from topo_core.verification.sets import Piece

Json = dict[str, Any]
FloatArray = NDArray[np.float64]

#: Places of a piece that are looked at for a witness: first these, then so many others.
_SAMPLES = (300, 300, 3000, 3000)
#: How many times as many of a set of single points.
_POINTS = 5
#: In more dimensions no witness is looked for: linear programs would take minutes.
_WIDEST = 32
#: Directions from the origin, and distances, in which a ReLU layer is looked at.
_DIRECTIONS, _DISTANCES = 64, (0.0, 1.0, 10.0, 100.0)


def candidates(facts: Facts) -> Iterator[Json]:
    """Claims that may be true, the most basic first."""
    yield from _about_layers(facts)
    try:
        facts.pieces  # noqa: B018 (whether the data are known)
    except TopoError:
        return
    yield from _about_data(facts)
    yield from _about_numbers(facts)


# -- Layers --------------------------------------------------------------------------------------


def _about_layers(facts: Facts) -> Iterator[Json]:
    for k in range(1, facts.n_layers + 1):
        fact = facts.layer(k)
        if fact.homeomorphism == "proven":
            by, number = _how(facts, k)
            claim = {"claim": "homeomorphism", "layer": k, "activation": fact.activation}
            yield {**claim, "by": by, "number": number}
        elif fact.cause:
            yield {"claim": "not-homeomorphism", "layer": k, "because": fact.cause, "near": []}
        elif fact.activation == "relu":
            yield from _folds(facts, k)
    verdict, obstacle = facts.isotopy
    if verdict == "proven" and facts.n_layers:
        swaps = [None if swap is None else list(swap) for swap in facts.stored.swaps]
        yield {"claim": "isotopy", "layers": facts.n_layers, "swaps": swaps}
    elif verdict == "refuted" and obstacle is not None:
        where = {"layer": obstacle.layer, "step": obstacle.step, "because": obstacle.cause}
        yield {"claim": "not-isotopy", **where}


def _how(facts: Facts, k: int) -> tuple[str, float]:
    """By what a layer is proven to be a homeomorphism."""
    fact = facts.layer(k)
    if fact.lipschitz is not None:
        return "lipschitz", -_rounded_down(-fact.lipschitz, 4)
    if fact.inputs < fact.outputs:
        return "rank", fact.inputs
    return "determinant", fact.sign or 0


def _folds(facts: Facts, k: int) -> Iterator[Json]:
    """Points where the fewest units of a ReLU layer are on: it may send others near there to the same."""
    layer = facts.stored.network.layers[k - 1]
    n = facts.layer(k).inputs
    directions = np.random.default_rng(0).standard_normal((_DIRECTIONS, n))
    points = np.concatenate([distance * directions for distance in _DISTANCES])
    units = points @ layer.weight.T + layer.bias  # type: ignore[union-attr]
    on = np.count_nonzero(units >= 0, axis=1)
    best = points[int(on.argmin())].tolist()
    yield {"claim": "not-homeomorphism", "layer": k, "because": "relu", "near": best}


# -- Data ----------------------------------------------------------------------------------------


def _about_data(facts: Facts) -> Iterator[Json]:
    stored = facts.stored
    counts = np.bincount(stored.labels, minlength=len(stored.network.readout_bias)).tolist()
    yield {"claim": "data", "points": len(stored.points), "labels": counts}
    yield {"claim": "accuracy", "right": facts.answers[0], "points": len(stored.points)}
    proof = facts.margin
    if proof.verdict == "proven" and proof.distance is not None:
        yield {"claim": "separated", "margin": _rounded_down(proof.distance)}
    found = proof.counterexample
    if proof.verdict == "refuted" and found is not None:
        place = {"piece": found.piece, "parameters": list(found.parameters)}
        yield {"claim": "misclassified", "place": place, "label": found.label, "answer": found.other}
    yield from _inseparable(facts, 0)
    if facts.n_layers and proof.verdict != "proven":
        yield from _inseparable(facts, facts.n_layers)


def _rounded_down(value: float, digits: int = 6) -> float:
    """At most ``value``, in so many digits; of a number below 0 one that is farther from it."""
    if not value:
        return value
    unit = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits)
    result = float(f"{math.floor(value / unit) * unit:.{digits}g}")
    return result if result <= value else float(f"{(math.floor(value / unit) - 1) * unit:.{digits}g}")


def _inseparable(facts: Facts, representation: int) -> Iterator[Json]:
    """A witness, for each two classes, that no hyperplane separates them in a representation."""
    if facts.stored.widths[representation] > _WIDEST:
        return
    classes = range(len(facts.stored.network.readout_bias))
    for pair in combinations(classes, 2):
        own = [piece for piece in facts.pieces.values() if piece.label in pair]
        known = all(isinstance(p, Points) and len(p.points) <= _POINTS * _SAMPLES[0] for p in own)
        for seed, count in enumerate(_SAMPLES[:1] if known else _SAMPLES):  # no sample beyond all points
            witness = _witness(facts, representation, pair, count, seed)
            if witness is None:
                continue
            claim = {"claim": "not-separable", "representation": representation, "classes": list(pair)}
            if _holds(facts, {**claim, "witness": witness}):
                yield {**claim, "witness": witness}
                break


def _holds(facts: Facts, claim: Json) -> bool:
    from topo_core.verification.data_claims import KINDS

    return KINDS[str(claim["claim"])].prove(facts, claim).verdict == "proven"


def _witness(
    facts: Facts, representation: int, pair: tuple[int, int], count: int, seed: int
) -> list[Json] | None:
    """Places whose hulls seem to meet, or None if a hyperplane separates the sample."""
    sides: tuple[list[Json], list[Json]] = [], []
    images: tuple[list[FloatArray], list[FloatArray]] = [], []
    for number, piece in enumerate(facts.pieces.values()):
        if piece.label not in pair:
            continue
        side = pair.index(piece.label)
        parameters = _sample(piece, count, seed * 100 + number)
        jet = facts.stored.network.representation(piece.jet(parameters, parameters), representation)
        images[side].append(jet.value.middle)
        sides[side].extend({"piece": piece.name, "parameters": row} for row in parameters.tolist())
    if not sides[0] or not sides[1]:
        return None
    first, second = (np.concatenate(parts) for parts in images)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return None
    found = separability(first, second)
    if not isinstance(found, Witness):
        return None
    return [sides[0][i] for i in found.first] + [sides[1][i] for i in found.second]


def _sample(piece: Piece, count: int, seed: int) -> FloatArray:
    """Some parameters ``(n, p)``, at random so that no few points are in a special position."""
    rng = np.random.default_rng(seed)
    if isinstance(piece, Points):
        most = len(piece.points)
        few = _POINTS * count
        chosen = np.arange(most) if most <= few else rng.choice(most, few, replace=False)
        return np.sort(chosen).astype(np.float64)[:, None]
    return rng.random((count, piece.start()[0].shape[1]))


# -- Whole numbers -------------------------------------------------------------------------------


def _about_numbers(facts: Facts) -> Iterator[Json]:
    widths, curves = facts.stored.widths, list(facts.cores.values())
    empty: Json = {"claim": "impossible", "curves": [], "about": [], "witness": []}
    if widths[0] == 1:
        for claim in _inseparable(facts, 0):
            yield {**empty, "because": "between", "witness": claim["witness"]}
    if widths[0] == 2 and curves:
        about = [0.0, 0.0]
        for curve in curves[1:]:
            at = [facts.winding(curve.name, about, layers).value for layers in _ends(facts, 2)]
            if at[0] is not None:
                end = _at_end(facts, 2, at)
                yield {"claim": "winding", "curve": curve.name, "about": about, "input": at[0], "end": end}
                yield {**empty, "because": "surrounded", "curves": [curve.name], "about": about}
    for first, second in combinations(curves, 2) if widths[0] == 3 else ():
        at = [facts.linking(first.name, second.name, layers).value for layers in _ends(facts, 3)]
        if at[0] is not None:
            names = {"first": first.name, "second": second.name}
            yield {"claim": "linking", **names, "input": at[0], "end": _at_end(facts, 3, at)}
            yield {**empty, "because": "linked", "curves": [first.name, second.name]}


def _ends(facts: Facts, dimension: int) -> list[int]:
    return [0, facts.n_layers] if facts.stored.widths[-1] == dimension else [0]


def _at_end(facts: Facts, dimension: int, at: list[int | None]) -> int | None:
    """The number at the end, if it has a meaning there and is known."""
    return at[-1] if facts.stored.widths[-1] == dimension else None
