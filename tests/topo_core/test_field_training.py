"""Trained vector fields: what they separate, that no layer folds, and that every layer can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from topo_core.certificates import certify, verify
from topo_core.datasets import DiscInAnnulus, Spirals
from topo_core.errors import TopoError
from topo_core.experiments import EXPERIMENTS, Experiment, Recipe
from topo_core.field_export import arranged
from topo_core.flow import Flow, Flows
from topo_core.gentle import PROVEN_SLOPE, gentle
from topo_core.recipe import VectorFields
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace
from topo_core.training import train
from topo_core.verification.fields import FlowStep
from topo_core.verification.flows import prove_slow


def experiment(network: str = "2-2:flow*6", turns: float = 0.5, seed: int = 0, **recipe: Any) -> Experiment:
    """A training of a second or less."""
    options = {"restarts": 2, "steps": 60, "snapshots": 5, "decay": 0.0, "batch": 64, "warmup": 10, **recipe}
    data = Spirals(turns=turns, n_per_class=100)
    return Experiment("short", "Short", data, NetworkSpec.parse(network), Recipe(**options), seed)


@pytest.fixture(scope="module")
def trained() -> Trace:
    """Spirals of half a turn, six layers."""
    return train(experiment())


def flows_of(trace: Trace) -> list[Flow]:
    """Flows of the last snapshot."""
    return [layer.flow for layer in trace.layers if layer.flow is not None]


class TestTrained:
    def test_it_separates_and_knows_it(self, trained: Trace) -> None:
        points, labels = trained.dataset.dense()
        assert trained.outcome["separated"]
        assert_array_equal(trained.predict(points), labels)
        assert trained.losses[-1] < 0.1 * trained.losses[0]

    def test_the_independent_proof_finds_every_layer_gentle(self, trained: Trace) -> None:
        for flow in flows_of(trained):
            assert prove_slow(FlowStep(flow.anchors, flow.vectors, flow.scale)).verdict == "proven"
        claims = [claim["claim"] for claim in certify(trained)["claims"]]
        assert claims.count("homeomorphism") == 6
        assert {"isotopy", "separated"} <= set(claims)

    def test_slopes_were_kept_in_every_snapshot(self, trained: Trace) -> None:
        side = np.linspace(-1.5, 1.5, 41)
        grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        for s in range(trained.n_snapshots):
            for layer in trained.layers_at(s):
                assert layer.flow is not None
                slope = np.linalg.norm(layer.flow.jacobian(grid), ord=2, axis=(1, 2)).max()
                assert slope < 1

    def test_every_layer_can_be_undone_to_1e_10(self, trained: Trace) -> None:
        x = np.random.default_rng(0).uniform(-2, 2, (500, 2))
        y = trained.representations(x)[-1]
        for flow in reversed(flows_of(trained)):
            y = flow.inverse(y)
        assert np.abs(y - x).max() < 1e-10

    def test_the_same_seed_gives_the_same_trace_and_another_does_not(self, trained: Trace) -> None:
        short = experiment(steps=8)
        assert train(short).hash == train(short).hash != train(replace(short, seed=1)).hash

    def test_batches_do_not_depend_on_the_restarts(self) -> None:
        few, many = train(experiment(steps=8)), train(experiment(steps=8, restarts=4))
        first, all_ = few.outcome["restart_accuracies"], many.outcome["restart_accuracies"]
        assert_allclose(all_[:2], first, atol=1e-3)

    def test_points_that_stay(self) -> None:
        fields = VectorFields(anchors="points", terms=5)
        trace = train(experiment(steps=10, fields=fields))
        points = trace.dataset.points
        for flows in trace.flows:
            assert flows is not None
            assert (flows.anchors == flows.anchors[0]).all()
            assert (flows.anchors[0][:, None] == points).all(-1).any(-1).all()

    def test_mixed_with_tanh_layers_in_three_dimensions(self) -> None:
        mixed = replace(experiment("2-3-3:flow*2-3", steps=20), dataset=DiscInAnnulus(n_per_class=50))
        trace = train(mixed)
        assert str(trace.spec) == "2-3-3:flow*2-3"
        assert [flows is not None for flows in trace.flows] == [False, True, True, False]
        assert all(layer.path.isotopic for layer in trace.layers if layer.flow is not None)
        assert len(trace.outcome["restart_accuracies"]) == 2

    def test_decay_pulls_fields_to_rest(self) -> None:
        free, pulled = (train(experiment(steps=40, decay=d)) for d in (0.0, 10.0))
        sizes = [sum(np.square(f.vectors).sum() for f in flows_of(t)) for t in (free, pulled)]
        assert sizes[1] < 0.1 * sizes[0]


class TestGentle:
    STEEP = Flow(np.zeros((1, 2)), np.array([[4.0, 0.0]]), 0.5)

    def test_a_steep_flow_is_shortened_and_no_more_than_it_takes(self) -> None:
        flow, share = gentle(self.STEEP)
        assert share < 1
        assert_allclose(flow.vectors, share * self.STEEP.vectors)
        line = np.stack([np.linspace(-3, 3, 2001), np.zeros(2001)], axis=1)
        slope = np.linalg.norm(flow.jacobian(line), ord=2, axis=(1, 2)).max()
        assert 0.8 * PROVEN_SLOPE < slope <= PROVEN_SLOPE

    def test_a_gentle_one_is_itself(self) -> None:
        flow = Flow(np.zeros((1, 2)), np.array([[0.2, 0.0]]), 0.5)
        assert gentle(flow) == (flow, 1.0)

    def test_where_nothing_can_be_proven(self) -> None:
        with pytest.raises(TopoError, match="7 dimensions and 1 terms is not proven to fold nothing"):
            gentle(Flow(np.zeros((1, 7)), np.full((1, 7), 0.1), 1.0))

    def test_the_outcome_says_what_was_shortened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("topo_core.field_layers.confine_parts", lambda h, parts, *_: h.new_ones(len(h)))
        steep = train(experiment("2-2:flow*2", steps=60, learning_rate=0.3))
        fields = steep.outcome["fields"]
        assert fields["shortened_layers"] > 0
        assert fields["smallest_share"] < 1
        points, labels = steep.dataset.dense()
        assert steep.outcome["wrong"] == np.count_nonzero(steep.predict(points) != labels)
        assert all(layer.path.isotopic for layer in steep.layers)


class TestArranged:
    def test_swapped_units_carry_the_flows_with_them(self) -> None:
        rng = np.random.default_rng(0)
        spec = NetworkSpec.parse("2-2-2:flow*2-2")
        flows = [Flows.of(Flow(rng.standard_normal((3, 2)), 0.1 * rng.standard_normal((3, 2)), 1.0))] * 2
        first, last, bias = rng.standard_normal((1, 2, 2)), rng.standard_normal((1, 2, 2)), np.zeros((1, 2))
        plain = arranged(spec, [first, last], [bias, bias], [None, None], flows)
        turned = arranged(spec, [first[:, ::-1], last[:, :, ::-1]], [bias, bias], [(0, 1), None], flows)
        assert (plain.carried, turned.carried) == ((), (1,))
        assert turned.swaps == (None,) * 4

        def run(layers: Any, x: np.ndarray) -> np.ndarray:
            x = np.tanh(x @ layers.weights[0][0].T)
            for own in layers.flows[1:3]:
                x = own.at(0)(x)
            return np.tanh(x @ layers.weights[3][0].T)

        x = rng.standard_normal((20, 2))
        assert_allclose(run(turned, x), run(plain, x), atol=1e-14)

    def test_a_swap_that_no_flow_follows_stays_noted(self) -> None:
        weight, bias = np.eye(2)[None], np.zeros((1, 2))
        done = arranged(NetworkSpec.parse("2-2"), [weight], [bias], [(0, 1)], [])
        assert (done.swaps, done.carried, done.shares) == (((0, 1),), (), ())


class TestNamed:
    def test_their_networks_are_flows_of_two_units(self) -> None:
        for name, turns in (("field-spirals", 1.0), ("field-spirals-1.5", 1.5), ("field-spirals-2", 2.0)):
            named = EXPERIMENTS[name]
            assert isinstance(named.dataset, Spirals)
            assert named.dataset.turns == turns
            assert set(named.network.activations) == {"flow"}
            assert set(named.network.widths) == {2}

    @pytest.mark.slow
    def test_one_turn_is_separated_and_proven(self) -> None:
        named = EXPERIMENTS["field-spirals"]
        trace = train(replace(named, recipe=replace(named.recipe, restarts=1, snapshots=2)))
        assert trace.outcome["wrong"] == 0
        trace = replace(trace, certificate=certify(trace))
        assert verify(trace).proven
        assert {"isotopy", "separated"} <= {claim["claim"] for claim in trace.certificate["claims"]}
