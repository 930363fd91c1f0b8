"""A thousand altered traces: none is accepted as proven unless all that it claims is still true."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.topo_core.verification.claimed import holds, traces
from topo_core.errors import TopoError
from topo_core.trace_parts import take_apart
from topo_core.verification.facts import Facts
from topo_core.verification.outcomes import contradiction
from topo_core.verification.report import checked, sentence
from topo_core.verification.stored import interpreted

Json = dict[str, Any]
Arrays = dict[str, Any]
Rng = np.random.Generator
#: Changes a header and arrays in place, or answers False where there is nothing of the kind to change.
Tamper = Callable[[Json, Arrays, Rng], bool | None]

COUNT = 1000


def parts(name: str) -> tuple[Json, Arrays]:
    header, arrays = take_apart(traces()[name])
    return json.loads(json.dumps(header)), {key: np.array(value) for key, value in arrays.items()}


def proven(header: Json, arrays: Arrays, first: int = 0) -> bool:
    """Whether all claims are proven; it stops at the first that is not."""
    try:
        stored = interpreted(header, arrays)
    except TopoError:
        return False
    facts = Facts(stored)
    claims = [*stored.claims[first:], *stored.claims[:first]]
    if not claims or any(checked(claim, facts).verdict != "proven" for claim in claims):
        return False
    return not contradiction(stored.outcome, claims, stored.dataset["name"] == "points")


# -- What is altered -----------------------------------------------------------------------------


def some(arrays: Arrays, rng: Rng, *prefixes: str) -> np.ndarray | None:
    names = sorted(name for name in arrays if name.startswith(prefixes))
    return arrays[names[rng.integers(len(names))]] if names else None


def a_weight(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    array = some(arrays, rng, "weight_", "bias_", "vectors_", "anchors_")
    if array is None:
        return False
    place = tuple(rng.integers(array.shape))
    array[place] = rng.choice([-array[place], array[place] + rng.normal(), 0.0, 1e3 * rng.normal()])


def a_sign(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    array = some(arrays, rng, "weight_")
    if array is None:
        return False
    array[:, rng.integers(array.shape[1])] *= -1


def the_readout(header: Json, arrays: Arrays, rng: Rng) -> None:
    array = arrays[str(rng.choice(["readout_weight", "readout_bias"]))]
    place = tuple(rng.integers(array.shape))
    array[place] = rng.choice([-array[place], array[place] + rng.normal(0, 2), 0.0])


def a_label(header: Json, arrays: Arrays, rng: Rng) -> None:
    k = rng.integers(len(arrays["labels"]))
    arrays["labels"][k] = 1 - arrays["labels"][k]


def all_labels(header: Json, arrays: Arrays, rng: Rng) -> None:
    arrays["labels"] = 1 - arrays["labels"]


def a_point(header: Json, arrays: Arrays, rng: Rng) -> None:
    array = arrays["points"]
    array[rng.integers(len(array))] += rng.normal(size=array.shape[1]) * rng.choice([1e-6, 1e-2, 1.0])


def a_point_more(header: Json, arrays: Arrays, rng: Rng) -> None:
    k = rng.integers(len(arrays["points"]))
    for name in ("points", "labels"):
        arrays[name] = np.concatenate([arrays[name], arrays[name][k : k + 1]])


def the_description(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    others = {
        "disc-in-annulus": ["spirals", "two-curves"],
        "two-curves": ["disc-in-annulus"],
        "spirals": ["two-curves"],
        "interval": ["two-curves"],
        "linked-tori": ["unlink"],
    }
    dataset = header["dataset"]
    numbers = [k for k in ("turns", "core_radius", "tube_radius") if k in dataset["params"]]
    if numbers and rng.random() < 0.7:
        dataset["params"][rng.choice(numbers)] *= float(rng.choice([0.9, 1.1, 1 + 1e-6]))
    elif dataset["name"] in others:
        dataset["name"] = str(rng.choice(others[dataset["name"]]))
        dataset["params"].setdefault("turns", 0.75)
    else:
        return False


def layers(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    if "weight_2" not in arrays or "weight_1" not in arrays:
        return False
    for name in ("weight", "bias"):
        arrays[f"{name}_1"], arrays[f"{name}_2"] = arrays[f"{name}_2"], arrays[f"{name}_1"]


def an_activation(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    spec = header["network"].split("-")
    places = [k for k, part in enumerate(spec) if k and "flow" not in part]
    if not places:
        return False
    k = int(rng.choice(places))
    width, _, old = spec[k].partition(":")
    new = str(rng.choice([n for n in ("tanh", "relu", "sigmoid", "linear") if n != (old or "tanh")]))
    header["network"] = "-".join([*spec[:k], f"{width}:{new}" if new != "tanh" else width, *spec[k + 1 :]])


def a_swap(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    if not header["swaps"] or arrays["readout_weight"].shape[2] < 2:
        return False
    header["swaps"][-1] = None if header["swaps"][-1] else [0, 1]


# -- Claims --------------------------------------------------------------------------------------


def a_claim(header: Json, rng: Rng) -> tuple[Json, int]:
    claims = header["certificate"]["claims"]
    k = int(rng.integers(len(claims)))
    header["edited"] = k
    return claims[k], k


def a_number(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    claim, _ = a_claim(header, rng)
    numbers = [name for name, value in claim.items() if type(value) in (int, float)]
    if not numbers:
        return False
    name = str(rng.choice(numbers))
    old = claim[name]
    factor = 1 + 10.0 ** rng.integers(-5, 2) * rng.random()
    claim[name] = old * factor if isinstance(old, float) else old + int(rng.choice([-2, -1, 1, 2]))
    honest_sentence(claim, rng)


def a_kind(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    claim, _ = a_claim(header, rng)
    kind = claim["claim"]
    new: Json = {
        "isotopy": {"claim": "not-isotopy", "layer": 1, "step": "linear", "because": "mirrors"},
        "not-isotopy": {"claim": "isotopy", "layers": len(header["swaps"]), "swaps": header["swaps"]},
        "homeomorphism": {
            **{"claim": "not-homeomorphism", "layer": claim.get("layer"), "near": []},
            "because": str(rng.choice(["singular", "relu", "narrows"])),
        },
        "not-homeomorphism": {
            **{"claim": "homeomorphism", "layer": claim.get("layer"), "activation": "tanh"},
            **{"by": "determinant", "number": int(rng.choice([-1, 1]))},
        },
        "misclassified": {"claim": "separated", "margin": 1e-6},
        "not-separable": {"claim": "separated", "margin": 1e-6},
        "separated": {
            **{"claim": "misclassified", "place": {"piece": "A", "parameters": [0.5]}},
            **{"label": 0, "answer": 1},
        },
        "winding": {"claim": "linking", "first": "A", "second": "B", "input": 1, "end": None},
        "linking": {"claim": "winding", "curve": "A", "about": [0.0, 0.0], "input": 1, "end": None},
    }.get(kind, {})
    if not new:
        return False
    claim.clear()
    claim.update(new)
    honest_sentence(claim, rng)


def a_witness(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    claim, _ = a_claim(header, rng)
    places = claim.get("witness") or ([claim["place"]] if "place" in claim else [])
    if not places:
        return False
    parameters = places[rng.integers(len(places))]["parameters"]
    k = rng.integers(len(parameters))
    parameters[k] = float(rng.choice([rng.random(), 1.5, -0.1, round(parameters[k])]))
    honest_sentence(claim, rng)


def a_layer(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    claim, _ = a_claim(header, rng)
    name = next((n for n in ("layer", "representation", "layers") if n in claim), None)
    if name is None:
        return False
    claim[name] += int(rng.choice([-1, 1]))
    honest_sentence(claim, rng)


def a_sentence(header: Json, arrays: Arrays, rng: Rng) -> None:
    claim, _ = a_claim(header, rng)
    claim["says"] = str(
        rng.choice(["Everything is proven.", claim["says"].replace("not", ""), claim["says"] + " "])
    )
    if sentence(claim) == claim["says"]:
        claim["says"] += "!"


def a_field(header: Json, arrays: Arrays, rng: Rng) -> None:
    claim, _ = a_claim(header, rng)
    name = str(rng.choice(sorted(claim)))
    if rng.random() < 0.5:
        del claim[name]
    else:
        claim[name] = [None, [], {}, "\x1b[2J", True, 10**400, 1e308][rng.integers(7)]


def the_outcome(header: Json, arrays: Arrays, rng: Rng) -> bool | None:
    if not any(claim["claim"] == "separated" for claim in header["certificate"]["claims"]):
        return False
    margin = next(c["margin"] for c in header["certificate"]["claims"] if c["claim"] == "separated")
    true = {"separated": True, "accuracy": 1.0, "wrong": 0, "margin": margin * 1.001, "dense_points": 100}
    false = {"separated": False, "accuracy": 0.5, "wrong": 3, "margin": margin * 0.9, "dense_points": 0}
    name = str(rng.choice(sorted(true)))
    header["outcome"] = {**true, name: false[name]}


def honest_sentence(claim: Json, rng: Rng) -> None:
    """Half of the time an altered claim says what its numbers now say."""
    if rng.random() < 0.5:
        claim["says"] = sentence(claim) or claim.get("says", "")


#: Those that make a lie of something whatever they change.
ALWAYS = (
    a_label,
    all_labels,
    a_point_more,
    layers,
    an_activation,
    a_sign,
    a_sentence,
    a_layer,
    a_kind,
    the_outcome,
)
OTHERS = (a_weight, the_readout, a_point, the_description, a_swap, a_number, a_witness, a_field)


def tampered() -> Iterator[tuple[str, Tamper, Json, Arrays]]:
    rng = np.random.default_rng(2014)
    whole = {name: parts(name) for name in traces()}
    names = [name for name in sorted(whole) for _ in range(1 if name == "tori" else 5)]
    kinds = [*ALWAYS * 3, *OTHERS]
    made = 0
    while made < COUNT:
        name, tamper = names[made % len(names)], kinds[int(rng.integers(len(kinds)))]
        header, arrays = copy.deepcopy(whole[name])
        if tamper(header, arrays, rng) is not False:
            made += 1
            yield name, tamper, header, arrays


def test_what_is_not_altered_is_proven_and_true() -> None:
    for name in traces():
        header, arrays = parts(name)
        assert proven(header, arrays)
        assert all(holds(claim, header, arrays) for claim in header["certificate"]["claims"])


@pytest.mark.slow
def test_nothing_false_is_accepted() -> None:
    accepted: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for name, tamper, header, arrays in tampered():
        tried[tamper.__name__] += 1
        if not proven(header, arrays, header.pop("edited", 0)):
            continue
        accepted[tamper.__name__] += 1
        lies = [c["says"] for c in header["certificate"]["claims"] if not holds(c, header, arrays)]
        assert not lies, f"{name}, {tamper.__name__}: {lies}"
    assert sum(tried.values()) == COUNT
    assert min(tried[tamper.__name__] for tamper in (*ALWAYS, *OTHERS)) >= 10
    assert sum(accepted.values()) < COUNT / 5, accepted
