"""Small certified traces, and slow checks of what they claim that share nothing with the verification."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np

from topo_core.certificates import certified
from topo_core.datasets import (
    DiscInAnnulus,
    Interval,
    LinkedTori,
    Spirals,
    TwoCurves,
    UserPoints,
    from_description,
)
from topo_core.flow import Flow
from topo_core.handmade import handmade
from topo_core.topology.linking import linking_number
from topo_core.topology.separability import Witness, separability
from topo_core.topology.winding import winding_number
from topo_core.trace import Trace
from topo_core.trace_parts import put_together

Json = dict[str, Any]


@cache
def traces() -> dict[str, Trace]:
    """Traces of every kind of claim, cheap to verify."""
    rng = np.random.default_rng(5)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    near = np.eye(3) + 0.2 * rng.standard_normal((3, 3))
    readout = ([[1.0, 0.3], [-1.0, 0.1]], [0.05, 0.0])
    in_space = ([[1.0, 0.2, 0.3], [-1.0, 0.1, 0.0]], [0.05, 0.0])
    cloud = UserPoints(points=rng.standard_normal((12, 2)), labels=np.arange(12) % 2, source="cloud")
    apart = UserPoints(
        points=np.concatenate([rng.random((6, 2)), rng.random((6, 2)) + np.array([3.0, 0.0])]),
        labels=np.arange(12) // 6,
    )
    flow = Flow(rng.standard_normal((2, 2)), 0.2 * rng.standard_normal((2, 2)), 1.0)
    annulus = DiscInAnnulus(n_per_class=20)
    made = {
        "curves": handmade(
            [([[2.05, -1.43], [1.71, 1.61]], [-1.14, 0.91])],
            dataset=TwoCurves(n_per_class=16),
            readout=([[4.53, -4.62], [-4.53, 4.62]], [4.42, -4.42]),
        ),
        "interval": handmade([([[1.5]], [0.2])], dataset=Interval(n_per_class=8)),
        "annulus": handmade(
            [(1.2 * turn, [0.1, 0.0]), (turn @ turn, [0.0, 0.2])], dataset=annulus, readout=readout
        ),
        "mirrored": handmade([([[1.0, 0.2], [0.3, -1.0]], [0.1, 0.0])], dataset=annulus, readout=readout),
        "widening": handmade(
            [([[1.0, 0.2], [0.3, 1.0], [0.5, -0.4]], [0.1, 0.0, 0.2])], dataset=annulus, readout=in_space
        ),
        "folding": handmade(
            [(turn, [0.3, 0.1]), (turn, [0.3, 0.1])], ["tanh", "relu"], dataset=Spirals(n_per_class=8)
        ),
        "singular": handmade([([[1.0, 2.0], [0.5, 1.0]], [0.3, 0.1])], dataset=Spirals(n_per_class=8)),
        "cloud": handmade([flow], dataset=cloud, readout=readout),
        "apart": handmade(
            [flow, (turn, [0.3, 0.1])], dataset=apart, readout=([[-1.0, -0.5], [1.0, 0.5]], [1.0, -1.0])
        ),
        "tori": handmade([(near, [0.1, 0.0, 0.0])], dataset=LinkedTori(n_per_class=10), readout=in_space),
    }
    return {name: certified(replace(trace, certificate={})) for name, trace in made.items()}


# -- Slow checks ---------------------------------------------------------------------------------


def holds(claim: Json, header: Json, arrays: dict[str, Any]) -> bool:
    """Whether a claim about a trace is true, as far as exact determinants and dense samples can tell."""
    points, labels = arrays["points"], arrays["labels"]
    own = from_description(header["dataset"], points, labels)
    trace = Trace(**put_together(header, {**arrays, "points": own.points, "labels": own.labels}))
    match claim["claim"]:
        case "homeomorphism" | "not-homeomorphism" | "isotopy" | "not-isotopy":
            return _motion(claim, trace)
        case "data":
            counts = np.bincount(labels, minlength=2).tolist()
            there = _away(header["dataset"], points, labels).max() < 1e-8
            return claim["points"] == len(points) and claim["labels"] == counts and bool(there)
        case "accuracy":
            right = trace.predict(points) == labels
            return int(right.sum()) == claim["right"] and claim["points"] == len(right)
        case "separated":
            points, labels = trace.dataset.dense(200)
            return _distance(trace, points, labels) >= claim["margin"] * (1 - 1e-9)
        case "misclassified":
            points, labels = trace.dataset.dense(200)
            return _distance(trace, points, labels) < 0.05
        case "not-separable":
            points, labels = trace.dataset.dense(200)
            image = trace.representations(points)[claim["representation"]]
            return isinstance(separability(image[labels == 0], image[labels == 1]), Witness)
        case "winding" | "linking":
            return _number(trace, 0) == claim["input"] and claim["end"] in (
                None,
                _number(trace, trace.n_layers),
            )
        case "impossible":
            same = len(set(trace.spec.widths)) == 1
            return (
                same
                and all(_cause(trace, k) == "" for k in range(1, trace.n_layers + 1))
                and (trace.spec.widths[0] == 1 or _number(trace, 0) != 0)
            )
    raise AssertionError(claim)


def _away(description: Json, points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Distances ``(n,)`` of points to where their labels say that they are, by formula (nearly, if small)."""
    x = points[:, 0]
    if description["name"] == "points":
        return np.zeros(len(x))
    if description["name"] == "interval":
        return np.where(labels == 0, np.abs(x) - 1 / 3, np.abs(np.abs(x) - 5 / 6) - 1 / 6)
    if description["name"] == "disc-in-annulus":
        r = np.hypot(*points.T)
        return np.where(labels == 0, r - 1 / 3, np.abs(r - 5 / 6) - 1 / 6)
    if description["name"] == "two-curves":
        height = np.where(labels == 0, -0.4, 0.4) - 0.5 * np.cos(np.pi * x)
        return np.maximum(np.abs(points[:, 1] - height) / 2, np.abs(x) - 1)
    if description["name"] == "spirals":
        r = np.hypot(*points.T)
        angle = 2 * np.pi * description["params"]["turns"] * (r - 0.2)
        there = np.where(labels == 0, r, -r) * np.array([np.cos(angle), np.sin(angle)])
        return np.maximum(np.linalg.norm(points - there.T, axis=1) / 6, np.abs(r - 0.7) - 0.5)
    assert description["name"] == "linked-tori"
    large, small = description["params"]["core_radius"], description["params"]["tube_radius"]
    across, up = np.where(labels == 0, points[:, 1:].T, points[:, :0:-1].T)
    ring = np.hypot(x + np.where(labels == 0, large, -large) / 2, across) - large
    return np.abs(np.hypot(ring, up) - small)


def _distance(trace: Trace, points: np.ndarray, labels: np.ndarray) -> float:
    """Smallest signed distance of the two classes' points to the readout's line or plane."""
    logits, normal = trace.logits(points), np.subtract(*trace.readout_weight[-1])
    ahead = (logits[:, 0] - logits[:, 1]) * np.where(labels == 0, 1, -1)
    return float(ahead.min() / np.linalg.norm(normal))


def leibniz(weight: np.ndarray) -> Fraction:
    """By Leibniz's formula."""
    rows, total = [[Fraction(x) for x in row] for row in weight.tolist()], Fraction(0)
    for order in permutations(range(len(rows))):
        sign = (-1) ** sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
        term = Fraction(sign)
        for row, column in zip(rows, order, strict=True):
            term *= row[column]
        total += term
    return total


def _cause(trace: Trace, k: int) -> str:
    """Why layer k is no homeomorphism; empty if it is one."""
    layer = trace.layers[k - 1]
    if layer.flow is not None:
        x = np.random.default_rng(0).uniform(-4, 4, (4000, layer.flow.dimension))
        x = np.concatenate([x, layer.flow.anchors])
        return "" if np.linalg.norm(layer.flow.jacobian(x), ord=2, axis=(1, 2)).max() < 1 else "unknown"
    m, n = layer.weight.shape
    if m < n:
        return "narrows"
    weight = layer.weight if m == n else layer.weight.T @ layer.weight
    if (m == n and leibniz(weight) == 0) or (m > n and np.linalg.matrix_rank(weight) < n):
        return "singular"
    return "relu" if layer.activation == "relu" else ""


def _motion(claim: Json, trace: Trace) -> bool:
    first = next(
        (
            (k, why)
            for k in range(1, trace.n_layers + 1)
            if (why := _cause(trace, k) or ("mirrors" if _sign(trace, k) < 0 else ""))
        ),
        None,
    )
    mirrored = first is not None and first[1] == "relu" and _sign(trace, first[0]) < 0
    if mirrored and first is not None:
        first = (first[0], "mirrors")
    match claim:
        case {"claim": "isotopy"}:
            return first is None and claim["layers"] == trace.n_layers
        case {"claim": "not-isotopy"}:
            step = "activation" if claim["because"] == "relu" else "linear"
            return first == (claim["layer"], claim["because"]) and step == claim["step"]
        case {"claim": "not-homeomorphism"}:
            return _cause(trace, claim["layer"]) == claim["because"]
    k = claim["layer"]
    if k > trace.n_layers or _cause(trace, k) or trace.layers[k - 1].activation != claim["activation"]:
        return False
    match claim["by"]:
        case "determinant":
            return _sign(trace, k) == claim["number"] and trace.layers[k - 1].flow is None
        case "rank":
            return trace.spec.widths[k - 1] == claim["number"] < trace.spec.widths[k]
    return trace.layers[k - 1].flow is not None and claim["number"] < 1


def _sign(trace: Trace, k: int) -> int:
    """Of a square layer's determinant; 1 for others."""
    layer = trace.layers[k - 1]
    if layer.weight.shape[0] != layer.weight.shape[1]:
        return 1
    determinant = leibniz(layer.weight)
    return (determinant > 0) - (determinant < 0)


def _number(trace: Trace, layers: int) -> int | None:
    """The linking number of the curves, or how often the annulus goes around the disc, from fine polygons."""
    angle = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    if trace.spec.widths[layers] == 2:
        circle = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (2 / 3)
        image, centre = (trace.representations(x)[layers] for x in (circle, np.zeros((1, 2))))
        return winding_number(image, centre[0])
    if trace.spec.widths[layers] != 3:
        return None
    curves = [c.curves[0].path(angle / (2 * np.pi)) for c in trace.dataset.components]
    return linking_number(*(trace.representations(curve)[layers] for curve in curves))
