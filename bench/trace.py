"""How long 100,000 points take through a six-layer trace at one instant."""

from __future__ import annotations

import time

import numpy as np

from topo_core.datasets import Spirals
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace

GOAL = 50.0


def random_trace(layers: int, seed: int = 0) -> Trace:
    """A trace of random orthogonal layers of two tanh units."""
    rng = np.random.default_rng(seed)
    weights = [1.5 * np.linalg.qr(rng.normal(size=(2, 2)))[0] for _ in range(layers + 1)]
    weights = [w if np.linalg.det(w) > 0 else w[::-1] for w in weights]
    return Trace(
        dataset=Spirals(),
        spec=NetworkSpec.parse("-".join(["2"] * (layers + 1))),
        weights=tuple(w[None] for w in weights[:-1]),
        biases=tuple(rng.normal(size=(1, 2)) * 0.1 for _ in range(layers)),
        readout_weight=weights[-1][None],
        readout_bias=np.zeros((1, 2)),
        steps=np.zeros(1, dtype=np.int64),
        losses=np.zeros(1),
        accuracies=np.zeros(1),
        swaps=(None,) * layers,
        outcome={},
        certificate={},
        provenance={},
    )


def run() -> None:
    """Print the shortest of 15 runs, and as a floor that of six bare layers in NumPy."""
    trace = random_trace(6)
    points = np.random.default_rng(1).uniform(-1, 1, (100_000, 2))
    times, floors = [], []
    for _ in range(15):
        began = time.perf_counter()
        trace.evaluate(points, layer=5, t=0.5)
        times.append(time.perf_counter() - began)
        began = time.perf_counter()
        h = points
        for layer in trace.layers:
            h = np.tanh(h @ layer.weight.T + layer.bias)
        floors.append(time.perf_counter() - began)
    ours, floor = 1e3 * min(times), 1e3 * min(floors)
    print(f"evaluate: {ours:.1f} ms (goal: under {GOAL:.0f} ms); bare NumPy layers: {floor:.1f} ms")
    print(f"ratio to bare NumPy: {ours / floor:.2f}")
