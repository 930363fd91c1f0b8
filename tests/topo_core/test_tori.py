"""The linked tori, trained: three units cannot take them apart, four can."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from topo_core.experiments import EXPERIMENTS
from topo_core.separation import separation
from topo_core.topology.follow import follow_curves, resolved
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace
from topo_core.training import train

pytestmark = pytest.mark.slow


@cache
def four() -> Trace:
    """One restart: the first of the experiment's, which succeeds."""
    return train(EXPERIMENTS["tori-4"].with_options(restarts=1))


@cache
def three() -> Trace:
    """Trained for a quarter of the time, which decides nothing: no training succeeds."""
    experiment = EXPERIMENTS["tori-3"].with_options(restarts=2)
    return train(replace(experiment, recipe=replace(experiment.recipe, steps=1000)))


class TestFourUnits:
    def test_all_data_are_separated(self) -> None:
        trace = four()
        assert trace.outcome["separated"]
        assert trace.outcome["dense_points"] == 8000
        assert trace.outcome["majority_rate"] == 0.5
        assert trace.outcome["margin"] > 0.05
        points, labels = trace.dataset.dense(50_000)
        assert separation(trace.logits(points), labels, trace.readout_weight[-1]).separated

    def test_they_never_meet_in_four_dimensions(self) -> None:
        outcome = four().outcome
        assert outcome["smallest_distance"] > 0.1
        assert len(outcome["path_distances"]) == 25
        assert outcome["linking"] == [1, None, None]

    def test_the_motion_is_an_ambient_isotopy_of_four_dimensions(self) -> None:
        trace = four()
        points, _ = trace.dataset.dense(200)
        h = points
        for k, layer in enumerate(trace.layers):
            path = layer.path
            assert path.dimension == 4
            assert path.isotopic
            start = np.zeros((len(h), 4))
            start[:, : h.shape[1]] = h
            np.testing.assert_array_equal(path(h, 0.0), start)
            np.testing.assert_array_equal(trace.evaluate(points, k), start)
            np.testing.assert_allclose(path(h, 1.0), layer(h), atol=1e-12)
            assert all(np.linalg.det(path.linear.matrix(t)) > 0 for t in np.linspace(0, 1, 101))
            h = layer(h)

    def test_it_is_even_the_same_with_other_data(self) -> None:
        """What is separated are the tori, not the points that were drawn."""
        data = replace(four().dataset, seed=99)  # type: ignore[call-arg]
        assert (four().predict(data.points) == data.labels).all()


class TestThreeUnits:
    def test_they_stay_linked_at_every_instant(self) -> None:
        trace = three()
        assert trace.outcome["linking"] == [1, 1, 1, 1]
        assert set(trace.outcome["path_linking"]) == {1}
        assert all(layer.path.isotopic for layer in trace.layers)

    def test_they_cannot_be_separated_however_high_the_accuracy(self) -> None:
        outcome = three().outcome
        assert outcome["solved_restarts"] == 0
        assert 0.85 < outcome["accuracy"] < 1
        assert outcome["gap"] < outcome["gaps"][0]

    def test_during_training_too(self) -> None:
        trace = three()
        for snapshot in range(0, trace.n_snapshots, 20):
            signs = [np.sign(np.linalg.det(weight[snapshot])) for weight in trace.weights]
            ends = [trace.evaluate(c, 3, snapshot=snapshot) for c in follow_curves(trace, 4, snapshot)]
            assert resolved(*ends)
            assert linking_number(*ends) == np.prod(signs)
