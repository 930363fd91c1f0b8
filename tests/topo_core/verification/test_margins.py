"""Proofs of separation against closed forms, dense samples, and sets that are nearly not separated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topo_core.verification import plain
from topo_core.errors import TopoError
from topo_core.verification.margins import MarginProof, prove_separated
from topo_core.verification.network import Affine, Network
from topo_core.verification.pieces import Piece, Points, Region, Segment, Spiral, Wave
from topo_core.verification.space import Ring, Tube

WAVES: list[Piece] = [Wave(0, "A", -0.4), Wave(1, "B", 0.4)]


def linear(weight: list[list[float]], bias: list[float]) -> Network:
    return Network((), np.array(weight), np.array(bias))


def line(x: float) -> Network:
    """Class 1 is to the right of x."""
    return linear([[0.0], [1.0]], [0.0, -x])


class TestClosedForms:
    def test_two_segments(self) -> None:
        proof = prove_separated(line(0.25), [Segment(0, "A", -1.0, 0.0), Segment(1, "B", 0.5, 1.0)])
        assert proof.verdict == "proven"
        assert proof.margin is not None
        assert 0.95 * 0.25 <= proof.margin <= 0.25
        assert proof.distance == pytest.approx(proof.margin, rel=1e-12)

    def test_the_distance_is_that_to_the_hyperplane(self) -> None:
        network = linear([[0.0, 0.0], [30.0, 40.0]], [0.0, 10.0])
        proof = prove_separated(network, [Points(1, "B", np.array([[0.1, 0.1], [0.2, 0.3]]))])
        assert proof.margin == pytest.approx(17, rel=1e-12)
        assert proof.distance == pytest.approx(17 / 50, rel=1e-12)
        assert proof.margin is not None
        assert proof.margin < 17

    def test_a_disc_below_a_line(self) -> None:
        network = linear([[0.0, 1.0], [0.0, 0.0]], [-0.5, 0.0])
        proof = prove_separated(network, [Region(1, "B", 0.0, 0.4)])
        assert proof.margin is not None
        assert 0.095 <= proof.margin <= 0.1

    def test_a_torus_above_a_plane(self) -> None:
        ring = Ring(0, "A", (0.0, 0.0, 2.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), 1.0)
        network = linear([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]], [-0.5, 0.0])
        proof = prove_separated(network, [Tube(0, "A", ring, 0.3)])
        assert proof.margin is not None
        assert 0.19 <= proof.margin <= 0.2  # the lowest point is at 2 - 1 - 0.3

    def test_several_classes(self) -> None:
        network = linear([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], [0.0, 0.0, 0.0])
        corners = [
            Points(k, f"{k}", np.array([p])) for k, p in enumerate(([2.0, 0.5], [-2.0, 0.0], [0.0, 3.0]))
        ]
        proof = prove_separated(network, corners)
        assert proof.margin == pytest.approx(1.5)
        assert proof.distance == pytest.approx(1.5 / 2**0.5)
        wrong = prove_separated(network, [*corners, Points(2, "off", np.array([[0.0, 3.0], [3.0, 1.0]]))])
        assert wrong.counterexample is not None
        assert (wrong.counterexample.piece, wrong.counterexample.other) == ("off", 0)
        assert wrong.counterexample.parameters == (1.0,)


class TestWhatIsNearlySo:
    @pytest.mark.parametrize(("gap", "verdict"), [(1e-9, "proven"), (-1e-9, "refuted")])
    def test_a_billionth_decides(self, gap: float, verdict: str) -> None:
        proof = prove_separated(line(0.25), [Segment(0, "A", 0.0, 0.25 - gap)])
        assert proof.verdict == verdict

    def test_a_single_bad_place_between_samples_is_found(self) -> None:
        """A bump of width 4e-5 that no sample of 8,000 points would see."""
        bump = Affine(np.array([[1e5], [1e5]]), 1e5 * np.array([-0.30004, -0.30008]), "tanh")
        network = Network((bump,), np.array([[0.0, 0.0], [1.0, -1.0]]), np.array([0.0, -1.0]))
        sampled = plain.logits(network, np.linspace(0, 1, 8001)[:, None])
        assert (sampled[:, 0] > sampled[:, 1]).all()
        proof = prove_separated(network, [Segment(0, "A", 0.0, 1.0)])
        assert proof.verdict == "refuted"
        assert proof.counterexample is not None
        assert abs(proof.counterexample.parameters[0] - 0.30006) < 4e-5

    def test_a_tie_is_no_separation(self) -> None:
        assert prove_separated(line(0.5), [Segment(0, "A", 0.0, 0.5)]).verdict != "proven"
        touching = prove_separated(line(0.5), [Points(0, "A", np.array([[0.5]]))])
        assert touching.verdict == "undecided"
        assert touching.reason.startswith("a point of A is too near to the border")

    def test_too_few_boxes_leave_it_undecided(self) -> None:
        network = plain.random_network(0, (2, 2, 2))
        whole = prove_separated(network, WAVES, budget=10)
        assert (whole.verdict, whole.margin, whole.counterexample) == ("undecided", None, None)
        assert whole.boxes == 0

    def test_the_budget_may_cost_tightness_but_not_the_proof(self) -> None:
        torus = [Tube(0, "A", Ring(0, "A", (0.0, 0.0, 2.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), 1.0), 0.3)]
        network = linear([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]], [-0.3, 0.0])
        loose, tight = prove_separated(network, torus, budget=512), prove_separated(network, torus)
        assert loose.verdict == tight.verdict == "proven"
        assert loose.margin is not None
        assert tight.margin is not None
        assert 0 < loose.margin < tight.margin
        assert loose.boxes <= 512 < tight.boxes


def sampled_margin(network: Network, sets: list[Piece]) -> float:
    least = np.inf
    for piece in sets:
        low, high = piece.start()
        rng = np.random.default_rng(0)
        p = low.shape[1]
        parameters = np.concatenate([low, high, rng.random((2000, p))])
        points = piece.jet(parameters, parameters).centre.middle
        z = plain.logits(network, points)
        least = min(least, float((z[:, piece.label] - np.delete(z, piece.label, axis=1).max(axis=1)).min()))
    return least


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(["tanh", "relu", "sigmoid", "softplus", "flow"]))
def test_verdicts_agree_with_samples(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    sets: list[Piece] = [Spiral(0, "A", 0.3, 1), Region(1, "B", 0.0, 0.1)]
    network = plain.random_network(seed, (2, 2, 2), kind)
    h = [plain.representation(network, s.jet(*s.start()).centre.middle) for s in sets]
    normal = h[1].mean(axis=0) - h[0].mean(axis=0)  # a readout that has a chance
    offset = -float(normal @ (h[0].mean(axis=0) + h[1].mean(axis=0))) / 2 + 0.1 * rng.standard_normal()
    network = Network(network.layers, np.array([0 * normal, normal]), np.array([0.0, offset]))
    sampled, proof = sampled_margin(network, sets), prove_separated(network, sets, budget=20_000)
    if proof.verdict == "proven":
        assert proof.margin is not None
        assert 0 < proof.margin <= sampled + 1e-12
        assert proof.margin > 0.8 * sampled
    if sampled <= -1e-9:
        assert proof.verdict == "refuted"
    if proof.counterexample is not None:
        check(network, sets, proof)


def check(network: Network, sets: list[Piece], proof: MarginProof) -> None:
    found = proof.counterexample
    assert found is not None
    point = (np.array(found.low) + np.array(found.high)) / 2
    z = plain.logits(network, point[None])[0]
    assert z[found.label] <= z[found.other]
    assert found.advantage[0] - 1e-9 <= z[found.label] - z[found.other] <= found.advantage[1] + 1e-9
    piece = next(s for s in sets if s.name == found.piece)
    again = piece.jet(*[np.array([found.parameters])] * 2).centre
    assert (again.lo[0].tolist(), again.hi[0].tolist()) == (list(found.low), list(found.high))


def test_it_is_decided_by_the_budget_alone() -> None:
    network = plain.random_network(5, (2, 2, 2))
    first, second = (prove_separated(network, WAVES, budget=3000) for _ in range(2))
    assert (first.verdict, first.margin, first.boxes) == (second.verdict, second.margin, second.boxes)


def test_a_class_that_the_readout_does_not_have_is_refused() -> None:
    with pytest.raises(TopoError, match="piece B: label 2 is none of the 2 classes"):
        prove_separated(line(0.0), [Segment(2, "B", 0.0, 1.0)])


def test_classes_of_the_same_weights_have_no_hyperplane() -> None:
    network = linear([[1.0], [1.0], [0.0]], [1.0, 0.0, 0.0])
    proof = prove_separated(network, [Points(0, "A", np.array([[2.0]]))])
    assert proof.margin == pytest.approx(1)
    assert proof.distance is None


def test_nothing_is_not_separated() -> None:
    with pytest.raises(TopoError, match="0 pieces and 2 classes: there is nothing to separate"):
        prove_separated(line(0.0), [])


def test_weights_that_overflow_prove_nothing() -> None:
    huge = Network((), np.array([[1e308], [-1e308]]), np.array([0.0, 0.0]))
    assert prove_separated(huge, [Segment(0, "A", 0.5, 3.0)], budget=2000).verdict != "proven"
