"""From curves to a network of flow layers: the trace, what it claims, and what is refused."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from topo_core.datasets import LinkedTori, Spirals, Unlink
from topo_core.errors import SpecError
from topo_core.experiment import Experiment
from topo_core.experiments import EXPERIMENTS
from topo_core.lipschitz import changes_slowly
from topo_core.separation import separation
from topo_core.spec import NetworkSpec
from topo_core.summary import description, verdict
from topo_core.topology.distance import polygon_distance
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace
from topo_core.training import train
from topo_core.unlinking.recipe import Unlinking
from topo_core.unlinking.untangle import untangle


@cache
def untangled() -> Trace:
    return train(EXPERIMENTS["unlink"])


def briefly(experiment: Experiment, **changes: int) -> Experiment:
    return replace(experiment, unlinking=replace(Unlinking(vertices=30, steps=3), **changes))


@pytest.mark.slow
class TestTheUnlink:
    def test_it_is_separated(self) -> None:
        trace = untangled()
        assert trace.outcome["separated"]
        assert trace.outcome["margin"] > 1.5
        assert trace.outcome["smallest_distance"] > 0.6
        assert verdict(trace).startswith("Separated: all 8000 dense points right")
        points, labels = trace.dataset.dense(30_000)
        judged = separation(trace.logits(points), labels, trace.readout_weight[-1])
        assert judged.separated
        assert judged.margin == pytest.approx(trace.outcome["margin"], rel=1e-3)

    def test_so_are_thin_tubes_around_the_curves(self) -> None:
        points, labels = Unlink(tube_radius=0.02).dense()
        assert (untangled().predict(points) == labels).all()

    def test_its_layers_are_flows_of_three_units(self) -> None:
        trace = untangled()
        assert set(trace.spec.widths) == {3}
        assert set(trace.spec.activations) == {"flow"}
        assert 20 < trace.n_layers < 150

    def test_every_layer_is_proven_to_be_a_homeomorphism(self) -> None:
        trace = untangled()
        assert all(changes_slowly(layer.flow, 0.8) for layer in trace.layers[::12] if layer.flow)

    def test_the_curves_keep_apart_all_the_way(self) -> None:
        trace = untangled()
        s = np.arange(1500) / 1500
        first, second = (component.curves[0].path(s) for component in trace.dataset.components)
        for layer in trace.layers:
            for t in (0.0, 0.5):
                moved = [layer.path(x, t) for x in (first, second)]
                assert polygon_distance(*moved) > 0.6
                assert linking_number(*moved) == 0
            first, second = layer(first), layer(second)

    def test_the_way_back_is_exact(self) -> None:
        assert untangled().outcome["inverse_error"] < 1e-13

    def test_what_was_measured(self) -> None:
        outcome = untangled().outcome
        assert set(outcome["path_linking"]) == {0}
        assert len(outcome["path_distances"]) == len(outcome["path_positions"])
        assert outcome["smallest_distance"] == min(outcome["path_distances"])
        assert outcome["largest_stretch"] < 50
        assert "flow: isotopic to the identity" in description(untangled())


class TestBriefly:
    def test_the_same_seed_gives_the_same_trace(self) -> None:
        experiment = briefly(EXPERIMENTS["unlink"])
        assert untangle(experiment) == untangle(experiment)
        assert untangle(experiment) != untangle(experiment.with_options(seed=1))

    def test_not_to_get_apart_is_a_result(self) -> None:
        seen = []
        trace = untangle(briefly(EXPERIMENTS["unlink"]), lambda *progress: seen.append(progress))
        assert not trace.outcome["separated"]
        assert trace.outcome["solved_restarts"] == 0
        assert 0.4 < trace.outcome["accuracy"] < 1
        assert [done for done, _, _ in seen] == [0, 1, 2, 3]
        assert trace.steps.tolist() == [3]
        assert trace.provenance["config"]["unlinking"]["steps"] == 3

    def test_linked_rings_are_not_taken_apart(self) -> None:
        rings = Experiment("rings", "Two linked rings", LinkedTori(), NetworkSpec.parse("3-3:flow"))
        trace = untangle(briefly(rings, steps=8, every=2))
        assert not trace.outcome["separated"]
        assert set(trace.outcome["linking"]) == {1}

    @pytest.mark.parametrize(
        ("change", "complaint"),
        [
            ({"unlinking": None}, "give it an unlinking"),
            ({"network": NetworkSpec.parse("3-3")}, "by flow layers; leave the network at 3-3:flow"),
            (
                {"dataset": Spirals(), "network": NetworkSpec.parse("2-2:flow")},
                "spirals is not two closed curves in space",
            ),
        ],
    )
    def test_what_is_refused(self, change: dict[str, object], complaint: str) -> None:
        with pytest.raises(SpecError, match=complaint):
            untangle(replace(EXPERIMENTS["unlink"], **change))  # type: ignore[arg-type]
