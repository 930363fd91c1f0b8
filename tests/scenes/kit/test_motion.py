"""Motions agree with the trace at whole positions, and are smooth and exact in between."""

import numpy as np
import pytest

from scenes.kit import TrainingStage
from scenes.kit.motion import LayerMotion, TrainingMotion, flat, moved
from scenes.kit.theme import DARK
from scenes.kit.view import Rect
from tests.scenes.example_films import annulus_trace, interval_trace, written_trace
from tests.scenes.pictures import looks, picture, texts
from tests.topo_core.example_traces import example_trace
from topo_core.datasets import DiscInAnnulus
from topo_core.errors import TopoError

X = np.random.default_rng(0).uniform(-1, 1, (40, 2))
RIGHT_COLUMN = Rect(2.35, -0.1, 6.75, 2.85)


class TestLayers:
    @pytest.mark.parametrize("network", ["2-2-2", "2-1-2", "1-2", "2-2:relu-2:sigmoid"])
    def test_whole_positions_are_representations(self, network: str) -> None:
        trace = example_trace(network, 2)
        x = X[:, : trace.spec.widths[0]]
        for layer, wanted in enumerate(trace.representations(x)):
            found = moved(LayerMotion(trace), x, float(layer))
            np.testing.assert_allclose(found[:, : wanted.shape[1]], wanted, atol=1e-12)

    def test_other_paths_end_where_they_say(self) -> None:
        trace = written_trace()
        weights = [layer.weight for layer in trace.layers]
        paths = [lambda x, t, w=w: (1 - t) * x + t * x @ w.T for w in weights]
        motion = LayerMotion(trace, paths)
        np.testing.assert_allclose(moved(motion, X, 0.25), 0.75 * X + 0.25 * X @ weights[0].T)
        np.testing.assert_allclose(moved(motion, X, 1.0), X @ weights[0].T)
        np.testing.assert_allclose(moved(motion, X, 2.0), X @ weights[0].T @ weights[1].T)

    def test_one_path_a_layer_is_needed(self) -> None:
        with pytest.raises(TopoError, match="1 paths"):
            LayerMotion(written_trace(), [lambda x, t: x])


class TestTraining:
    def test_at_a_snapshot_it_is_that_snapshot(self) -> None:
        trace = example_trace("2-2-2", 5)
        motion = TrainingMotion(trace)
        for s in range(5):
            np.testing.assert_allclose(
                moved(motion, X, float(s)), trace.representations(X, s)[-1], atol=1e-12
            )
            np.testing.assert_allclose(motion.logits(X, float(s)), trace.logits(X, s), atol=1e-12)
            weight, bias = motion.readout(float(s))
            np.testing.assert_array_equal(weight, trace.readout_weight[s])
            np.testing.assert_array_equal(bias, trace.readout_bias[s])

    def test_in_between_it_is_continuous_and_stays_between_the_weights(self) -> None:
        trace = example_trace("2-2", 6)
        motion = TrainingMotion(trace)
        positions = np.linspace(0, 5, 2001)
        places = np.stack([moved(motion, X, float(p)) for p in positions])
        assert np.abs(np.diff(places, axis=0)).max() < 0.02
        for s in range(5):
            low, high = np.sort(trace.readout_bias[s : s + 2], axis=0)
            for p in np.linspace(s, s + 1, 11):
                bias = motion.readout(float(p))[1]
                assert ((bias >= low - 1e-12) & (bias <= high + 1e-12)).all()

    def test_an_earlier_layer_can_be_shown(self) -> None:
        trace = example_trace("2-2-2", 3)
        found = moved(TrainingMotion(trace, 1), X, 2.0)
        np.testing.assert_allclose(found, trace.representations(X)[1], atol=1e-12)

    def test_a_single_snapshot_does_not_move(self) -> None:
        trace = written_trace()
        motion = TrainingMotion(trace)
        assert motion.length == 0
        np.testing.assert_allclose(moved(motion, X, 0.0), trace.representations(X)[-1], atol=1e-12)


class TestTrainingStage:
    def stage(self, network: str = "2-2", snapshots: int = 5, **options: object) -> TrainingStage:
        trace = example_trace(network, snapshots, dataset=DiscInAnnulus(n_per_class=8))
        return TrainingStage(trace, DARK, **options)

    def test_it_runs_from_the_first_snapshot_to_the_last(self) -> None:
        stage = self.stage().at(0.0)
        animation = stage.train(run_time=4)
        animation.begin()
        places = []
        for alpha in np.linspace(0, 1, 9):
            animation.interpolate(float(alpha))
            places.append(stage.state.position)
        np.testing.assert_allclose(places, np.linspace(0, 4, 9))
        assert stage.snapshot == 4
        assert stage.step == stage.trace.steps[-1]

    def test_what_is_plotted_was_measured(self) -> None:
        stage = self.stage().at(0.0)
        plots = stage.accuracy_plot(RIGHT_COLUMN), stage.loss_plot(RIGHT_COLUMN)
        for position in (0.0, 1.4, 1.999, 3.0, 4.0):
            stage.state.position = position
            at = int(position)
            accuracy, loss = ({t.content for t in texts(plot)} for plot in plots)
            assert f"{100 * stage.trace.accuracies[at]:.1f} %" in accuracy
            assert f"{stage.trace.losses[at]:.3f}" in loss
            assert "majority class" in accuracy

    def test_the_line_is_that_of_the_moment(self) -> None:
        stage = self.stage(rings=True).at(0.0)
        first = picture(stage)
        stage.state.position = 4.0
        assert np.abs(picture(stage) - first).max() > 60

    def test_rings_lie_in_their_regions(self) -> None:
        space = self.stage(rings=True).plane.space
        for radius, label in zip(space.radii, space.ring_labels, strict=True):
            wanted = 0 if radius < 1 / 3 else 1 if 2 / 3 < radius < 1 else None
            assert label == wanted, radius
        assert {0, 1, None} == set(space.ring_labels)

    def test_regions_are_filled_in_their_colours(self) -> None:
        stage = TrainingStage(annulus_trace(), DARK, fills=True, grid=False, boundary=False, points=False)
        stage.at(0.0).state.halves = 0.0
        image = picture(stage)
        for label in (0, 1):
            faint = 0.58 * np.array([22, 27, 34]) + 0.42 * np.array(
                [int(DARK.class_colour(label)[i : i + 2], 16) for i in (1, 3, 5)]
            )
            code = "#" + "".join(f"{round(v):02x}" for v in faint)
            assert looks(image, code, 6).sum() > 50

    def test_a_line_of_inputs_bends(self) -> None:
        trace = interval_trace()
        stage = TrainingStage(trace, DARK).at(0.0)
        (placed,) = stage.plane.space.carried("probe", (trace.dataset.points,), 0.0)
        exact = stage.plane.view(flat(trace.representations(trace.dataset.points)[-1]))
        np.testing.assert_allclose(placed, exact, atol=1e-9)
