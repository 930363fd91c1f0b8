"""Traces of classifiers while they are trained: they answer as the trained classifier does."""

from dataclasses import replace

import numpy as np
import pytest

from topo_core.datasets import Digits, Islands, from_description
from topo_core.datasets.digits import digit_images
from topo_core.errors import DataError, SpecError
from topo_core.experiment import Experiment
from topo_core.knn.film import filmed
from topo_core.knn.fit import FitRecipe, fit
from topo_core.knn.recipe import Fitting
from topo_core.knn.spec import ClassifierSpec
from topo_core.knn.vote import NeighbourVote
from topo_core.knn.weightings import Gaussian, weighting
from topo_core.spec import NetworkSpec
from topo_core.summary import verdict
from topo_core.training import train

FITTING = Fitting("softmax", epochs=2, snapshots=5)
SMALL = Experiment(
    *("small", "Digits", Digits(), NetworkSpec.parse("64-12:relu-2:linear")),
    fitting=FITTING,
)


class TestFilmed:
    @pytest.mark.parametrize("readout", ["softmax", "gaussian"])
    def test_it_is_the_network_that_fit_trains(self, readout: str) -> None:
        experiment = replace(SMALL, fitting=replace(FITTING, readout=readout))
        data = experiment.dataset
        trace = train(experiment)
        spec = ClassifierSpec.parse(f"{experiment.network} > {readout}")
        recipe = FitRecipe(2, 100, FITTING.learning_rate)
        made = fit(spec, data.points, data.labels, recipe, seed=experiment.seed)
        points, labels = data.dense()
        found = trace.evaluate(points, trace.n_layers)
        scale = np.abs(found).max()
        assert np.allclose(found, made.features(points), rtol=0, atol=2e-5 * scale)
        memory = None if readout == "softmax" else made.remember(data.points, data.labels, 10)
        wrong = np.count_nonzero(made.predict(points, memory) != labels)
        assert abs(wrong - trace.outcome["wrong"]) <= 1  # of points that rounding to float32 may decide
        assert trace.accuracies[-1] == 1 - trace.outcome["wrong"] / 600
        assert trace.accuracies[0] < trace.accuracies[-1]
        assert np.isclose(trace.losses[-1], made.losses[-1])
        assert (trace.steps[0], trace.steps[-1], trace.n_snapshots) == (0, 2 * (1197 // 100), 5)

    def test_accuracy_is_that_of_the_votes_at_each_snapshot(self) -> None:
        experiment = replace(SMALL, fitting=Fitting("gaussian", epochs=1, k=7, snapshots=3))
        trace, data = filmed(experiment), experiment.dataset
        points, labels = data.dense()
        around = trace.evaluate(data.points, 2, snapshot=1)
        vote = NeighbourVote(around, data.labels, Gaussian(), 7)
        right = vote.predict(trace.evaluate(points, 2, snapshot=1)) == labels
        assert trace.accuracies[1] == right.mean()
        wrong = trace.outcome["wrong"]
        assert f"By the 7 nearest, weighted gaussian: {wrong} of 600 points" in verdict(trace)

    def test_its_linear_readout_is_the_nearest_mean(self) -> None:
        experiment = replace(SMALL, fitting=Fitting("gaussian", epochs=1, snapshots=2))
        trace, data = filmed(experiment), experiment.dataset
        h = trace.evaluate(data.points, 2)
        means = np.stack([h[data.labels == c].mean(axis=0) for c in range(10)])
        nearest = np.linalg.norm(h[:, None] - means, axis=2).argmin(axis=1)
        assert (trace.predict(data.points) == nearest).mean() > 0.999

    def test_progress_and_refusals(self) -> None:
        seen: list[tuple[int, int]] = []
        trace = filmed(SMALL, lambda done, steps, loss: seen.append((done, steps)))
        assert [done for done, _ in seen] == trace.steps.tolist()
        with pytest.raises(SpecError, match="no fitting"):
            filmed(replace(SMALL, fitting=None))
        for wrong in ({"epochs": 0}, {"k": 0}, {"learning_rate": 0.0}, {"readout": "1/x"}):
            with pytest.raises(SpecError):
                Fitting(**{"readout": "softmax", **wrong})  # type: ignore[arg-type]

    def test_another_fitting_is_another_key(self) -> None:
        assert SMALL.key != replace(SMALL, fitting=replace(FITTING, k=9)).key
        assert SMALL.source_hash != replace(SMALL, fitting=None).source_hash


class TestTheirData:
    def test_digits_are_split_once_and_for_all(self) -> None:
        data = Digits()
        points, labels = data.dense()
        assert np.array_equal(np.concatenate([data.points, points]), digit_images().images.reshape(-1, 64))
        assert np.array_equal(np.concatenate([data.labels, labels]), digit_images().labels)
        assert from_description(data.describe()) == data != Digits(test=5)
        with pytest.raises(DataError, match="test"):
            Digits(test=0)

    def test_islands_alternate_and_stay_apart(self) -> None:
        data = Islands(side=3, n_per_island=9, radius=0.4)
        for points, labels in ((data.points, data.labels), data.dense(100)):
            distance = np.linalg.norm(points[:, None] - data.centres, axis=2)
            assert distance.min(axis=1).max() <= 0.4
            assert np.array_equal(data.island_labels[distance.argmin(axis=1)], labels)
        assert data.island_labels.reshape(3, 3).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
        assert from_description(data.describe()) == data
        vote = NeighbourVote(data.points, data.labels, weighting("1/d"), 3)
        assert (vote.predict(data.dense(100)[0]) == data.dense(100)[1]).mean() > 0.95
        with pytest.raises(DataError, match="radius"):
            Islands(radius=0.5)
