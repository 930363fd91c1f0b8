"""Proven slopes of fields, against closed forms and samples."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topo_core.flow import Flow
from topo_core.verification import flows
from topo_core.verification.fields import FlowStep
from topo_core.verification.flows import prove_slow
from topo_core.verification.intervals import Interval


def random_step(seed: int, d: int, strength: float) -> FlowStep:
    rng = np.random.default_rng(seed)
    return FlowStep(1.5 * rng.standard_normal((4, d)), strength * rng.standard_normal((4, d)), 0.8)


def steepest(step: FlowStep) -> float:
    rng = np.random.default_rng(1)
    places = step.anchors[rng.integers(len(step.anchors), size=4000)]
    places = places + 1.5 * step.scale * rng.standard_normal(places.shape)
    jacobian = Flow(step.anchors, step.vectors, step.scale).jacobian(places)
    return float(np.linalg.norm(jacobian, ord=2, axis=(1, 2)).max())


def one_anchor_slope() -> float:
    """Of ``f / (1 + f)`` with ``f = exp(-x^2 / 2)`` the largest derivative."""
    x = np.linspace(0, 4, 400_001)
    f = np.exp(-(x**2) / 2)
    return float((x * f / (1 + f) ** 2).max())


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize(("share", "verdict"), [(0.8, "proven"), (1.02, "refuted")])
def test_one_anchor_is_decided_at_its_slope(d: int, share: float, verdict: str) -> None:
    vector = np.zeros((1, d))
    vector[0, -1] = 0.7 * share * 0.9 / one_anchor_slope()
    proof = prove_slow(FlowStep(np.full((1, d), 0.3), vector, 0.7), 0.9)
    assert proof.verdict == verdict
    if proof.bound is not None:
        assert 0.9 * share < proof.bound <= 0.9
    if proof.point is not None:
        assert abs(abs(proof.point[-1] - 0.3) / 0.7 - 1.0) < 0.8


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), d=st.integers(1, 2), strength=st.floats(0.05, 1.5))
def test_verdicts_agree_with_samples(seed: int, d: int, strength: float) -> None:
    step = random_step(seed, d, strength)
    proof, sampled = prove_slow(step, budget=100_000), steepest(step)
    if proof.verdict == "proven":
        assert proof.bound is not None
        assert sampled <= proof.bound + 1e-12
    if sampled > 0.991:
        assert proof.verdict == "refuted"
        assert proof.point is not None
        jacobian = Flow(step.anchors, step.vectors, step.scale).jacobian(np.array([proof.point]))
        assert np.linalg.norm(jacobian[0], ord=2) > 0.99 - 1e-9
    if sampled < 0.9:
        assert proof.verdict == "proven"


def test_far_from_the_anchors_nothing_happens() -> None:
    assert prove_slow(random_step(0, 3, 1e13)).reason.startswith("the vectors are too long")
    wide = FlowStep(np.array([[0.0, 0, 0], [1e4, 1e4, 1e4]]), np.full((2, 3), 0.1), 1.0)
    proof = prove_slow(wide)
    assert (proof.verdict, proof.boxes) == ("undecided", 0)
    assert proof.reason == "more than 1000000 boxes are needed to cover the anchors"


def test_boxes_that_run_out_leave_it_undecided() -> None:
    proof = prove_slow(random_step(3, 2, 0.4), budget=100)
    assert (proof.verdict, proof.bound, proof.point) == ("undecided", None, None)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_bounds_on_norms(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d = int(rng.integers(1, 5))
    middle = rng.standard_normal((6, d, d)) * 10.0 ** rng.integers(-9, 9)
    if seed % 3 == 0:
        middle[:, 0] = middle[:, -1]  # singular
    radius = rng.random((6, d, d)) * 10.0 ** rng.integers(-17, 1) * np.abs(middle)
    box = Interval.around(middle, radius)
    inside = middle + radius * rng.uniform(-1, 1, middle.shape)
    norm, bound = np.linalg.norm(inside, ord=2, axis=(1, 2)), flows._largest(box)
    assert (norm * (1 - 1e-14) <= bound).all()
    spare = np.linalg.norm(middle, ord=2, axis=(1, 2)) * d ** (1 / 16) + np.linalg.norm(radius, axis=(1, 2))
    assert (bound <= spare * (1 + 1e-9)).all()


def test_boxes_in_many_dimensions_take_little_memory() -> None:
    rng = np.random.default_rng(1)
    step = FlowStep(rng.standard_normal((4, 5)), 0.6 * rng.standard_normal((4, 5)), 1.5)
    tracemalloc.start()
    assert prove_slow(step, budget=100_000).verdict == "undecided"
    assert tracemalloc.get_traced_memory()[1] < 120e6
    tracemalloc.stop()
