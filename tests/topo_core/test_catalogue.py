"""What the essay's experiments on topology are, and that training them shows what is claimed."""

from functools import cache

import numpy as np
import pytest

from topo_core.datasets import DiscInAnnulus
from topo_core.experiments import EXPERIMENTS
from topo_core.topology.stretch import stretch_history
from topo_core.topology.surrounding import circle_windings
from topo_core.trace import Trace
from topo_core.training import train


class TestWhatTheyAre:
    def test_depths_differ_in_nothing_else(self) -> None:
        deep = [EXPERIMENTS[f"annulus-depth-{depth}"] for depth in range(1, 7)]
        assert [str(e.network) for e in deep] == ["-".join(["2"] * (depth + 1)) for depth in range(1, 7)]
        assert len({e.recipe for e in deep}) == len({e.dataset for e in deep}) == 1
        assert deep[0].recipe.decay == 0  # it would hide the stretching
        assert deep[0].recipe.fresh
        assert deep[0].dataset == DiscInAnnulus(balanced=True)

    def test_penalties_differ_in_nothing_else(self) -> None:
        free = EXPERIMENTS["annulus-depth-4"]
        for strength in ("1e-4", "1e-3", "1e-2", "1e-1"):
            held = EXPERIMENTS[f"annulus-contractive-{strength}"]
            assert (held.dataset, held.network) == (free.dataset, free.network)
            assert (held.recipe.penalty, held.recipe.penalty_strength) == ("logit", float(strength))
        assert EXPERIMENTS["annulus-loophole"].recipe.penalty == "representation"

    def test_each_depth_has_a_title_of_its_own(self) -> None:
        titles = [e.title for e in EXPERIMENTS.values()]
        assert len(set(titles)) == len(titles)
        assert "one layer of two units" in EXPERIMENTS["annulus-depth-1"].title
        assert "six layers of two units" in EXPERIMENTS["annulus-depth-6"].title


@cache
def trained(name: str) -> Trace:
    return train(EXPERIMENTS[name])


@pytest.mark.slow
class TestDiscInAnnulus:
    def test_two_units_fail_and_the_film_has_its_snapshots(self) -> None:
        trace = trained("annulus")
        assert not trace.outcome["solved_restarts"]
        assert 0.85 < trace.outcome["accuracy"] < 0.89
        assert trace.n_snapshots == 120
        assert trace.steps[:20].tolist() == list(range(20))
        assert trace.accuracies[0] < 0.8 < trace.accuracies[-1]

    def test_by_area_it_is_hardly_better_than_one_answer(self) -> None:
        outcome = trained("annulus-area").outcome
        assert outcome["majority_rate"] == pytest.approx(5 / 6, abs=1e-3)
        assert abs(outcome["accuracy"] - outcome["majority_rate"]) < 0.015

    def test_depth_is_the_easy_way_out(self) -> None:
        shallow, deep = trained("annulus-depth-1").outcome, trained("annulus-depth-4").outcome
        assert shallow["accuracy"] < 0.89
        assert 0.98 < deep["accuracy"] < 1
        assert deep["largest_stretch"] > 4 * shallow["largest_stretch"]
        assert deep["largest_logit_gradient"] > 4 * shallow["largest_logit_gradient"]
        assert deep["mean_stretch"] < 2 * shallow["mean_stretch"]  # it is local

    def test_a_is_surrounded_in_every_layer_at_every_time(self) -> None:
        trace = trained("annulus-depth-4")
        assert trace.outcome["winding"] == [1, 1, 1, 1, 1]
        for snapshot in range(0, trace.n_snapshots, 10):
            numbers = [winding.number for winding in circle_windings(trace, snapshot=snapshot)]
            signs = np.cumprod([1, *(np.sign(np.linalg.det(w[snapshot])) for w in trace.weights)])
            assert numbers == signs.tolist()

    def test_a_penalty_on_the_logits_trades_accuracy_for_gentleness(self) -> None:
        free, held = trained("annulus-depth-4").outcome, trained("annulus-contractive-1e-2").outcome
        assert 0.92 < held["accuracy"] < 0.97 < free["accuracy"]
        assert held["largest_logit_gradient"] < free["largest_logit_gradient"] / 10

    def test_a_penalty_on_the_representation_has_a_loophole(self) -> None:
        free, evaded = trained("annulus-depth-4").outcome, trained("annulus-loophole").outcome
        assert evaded["accuracy"] > 0.975
        assert evaded["rms_stretch"] < free["rms_stretch"] / 5  # the representation is gentle,
        assert evaded["readout_norm"] > 3 * free["readout_norm"]  # the readout is not,
        assert evaded["mean_logit_gradient"] > free["mean_logit_gradient"] / 2  # and little is gained

    def test_stretching_along_the_training(self) -> None:
        trace = trained("annulus-depth-4")
        history = stretch_history(trace, range(0, trace.n_snapshots, 40))
        assert history[0].largest < 30 < trace.outcome["largest_stretch"]
        assert stretch_history(trace, [-1])[0].largest == trace.outcome["largest_stretch"]


@pytest.mark.slow
class TestInterval:
    def test_two_units_fire_where_the_essay_says(self) -> None:
        outcome = trained("interval").outcome
        assert outcome["separated"]
        found = sorted(threshold["at"] for threshold in outcome["thresholds"])
        assert found == pytest.approx([-1 / 2, 1 / 2], abs=0.1)
        assert all(threshold["side"] == "right" for threshold in outcome["thresholds"])

    @pytest.mark.parametrize("name", ["interval-1", "interval-deep"])
    def test_one_unit_cannot_at_any_depth(self, name: str) -> None:
        outcome = trained(name).outcome
        assert outcome["solved_restarts"] == 0
        assert outcome["accuracy"] == pytest.approx(0.75, abs=0.01)
