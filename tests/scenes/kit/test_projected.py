"""Wide networks on a plane: nothing jumps, shadows agree with answers, and planes stay as they were."""

import numpy as np
import pytest

from scenes.kit import Stage
from scenes.kit.motion import LayerMotion, moved
from scenes.kit.projected import ProjectedMotion
from scenes.kit.projected_training import ProjectedTraining
from scenes.kit.theme import DARK
from scenes.kit.training import TrainingStage
from tests.scenes.pictures import picture, texts
from tests.topo_core.example_traces import example_trace
from topo_core.datasets import UserPoints
from topo_core.errors import TopoError, UnknownNameError
from topo_core.isotopy import LayerPath
from topo_core.projection import Projection, Turn, padded, views
from topo_core.trace import Trace

RNG = np.random.default_rng(0)
NETWORKS = ["2-8:relu-5-3", "9-3-2-6", "3-3-3", "12-2:elu", "2-2:gelu-7"]


def trace_of(network: str, classes: int = 2, n: int = 24, snapshots: int = 3) -> Trace:
    points = RNG.standard_normal((n, int(network.split("-")[0])))
    return example_trace(network, snapshots, dataset=UserPoints(points, np.arange(n) % classes))


@pytest.mark.parametrize("network", NETWORKS)
class TestMotion:
    def test_nothing_jumps_from_one_layer_to_the_next(self, network: str) -> None:
        trace = trace_of(network)
        motion, x, step = ProjectedMotion(trace), trace.dataset.points, 1e-7
        for whole in range(1, int(motion.length)):
            at = moved(motion, x, float(whole))
            for near in (whole - step, whole + step):
                assert np.abs(moved(motion, x, near) - at).max() < 1e-4

    def test_whole_positions_are_representations_seen_along_orthonormal_axes(self, network: str) -> None:
        trace = trace_of(network)
        motion = ProjectedMotion(trace)
        for k, h in enumerate(trace.representations(trace.dataset.points)):
            axes = motion.projections[k].axes[:, : h.shape[1]]
            np.testing.assert_allclose(moved(motion, trace.dataset.points, float(k)), h @ axes.T, atol=1e-12)

    @pytest.mark.parametrize("classes", [2, 3])
    def test_at_the_end_a_shadow_is_on_the_side_that_its_point_is_on(
        self, network: str, classes: int
    ) -> None:
        trace = trace_of(network, classes)
        motion = ProjectedMotion(trace)
        x = trace.dataset.points
        weight, bias = motion.readout(motion.length)
        seen = moved(motion, x, motion.length) @ weight.T + bias
        logits = trace.logits(x)
        np.testing.assert_allclose(
            seen - seen[:, :1], logits - logits[:, :1], atol=1e-9 * np.abs(logits).max() + 1e-9
        )

    def test_so_it_is_all_through_a_training(self, network: str) -> None:
        trace = trace_of(network)
        motion, x = ProjectedTraining(trace), trace.dataset.points
        for position in (0.0, 0.4, 1.0, 1.7, 2.0):
            weight, bias = motion.readout(position)
            seen = moved(motion, x, position) @ weight.T + bias
            logits = motion.logits(x, position)
            np.testing.assert_allclose(seen[:, 1] - seen[:, 0], logits[:, 1] - logits[:, 0], atol=1e-8)

    def test_captions_say_what_is_left_out(self, network: str) -> None:
        trace = trace_of(network)
        motion = ProjectedMotion(trace)
        for k, width in enumerate(trace.spec.widths):
            words = motion.caption(float(k))
            assert words.startswith(f"2 of {width} dimensions, ") == (width > 2)
            assert bool(words) == (width > 2)
        if trace.spec.widths[-1] > 2:
            assert motion.caption(motion.length).endswith("hyperplane edge-on")


def test_a_layer_that_narrows_much_moves_as_in_its_whole_space() -> None:
    trace = trace_of("12-2:tanh")
    motion, layer = ProjectedMotion(trace), trace.layers[0]
    first, second = views(trace)
    turn = Turn(first.axes, padded(second.axes, 12))
    path = LayerPath(layer.weight, layer.bias, layer.activation)
    for t in (0.1, 0.3, 0.5, 0.9):
        expected = path(trace.dataset.points, t) @ turn(t).T
        np.testing.assert_allclose(moved(motion, trace.dataset.points, t), expected, atol=1e-9)
    assert motion._layer(0).basis is not None


def test_a_plane_is_seen_as_ever() -> None:
    """Of two units nothing is projected: the motion is that of a stage without a projection."""
    trace = example_trace("2-2-2:relu-2", 1)
    motion, plain = ProjectedMotion(trace), LayerMotion(trace)
    assert motion.length == plain.length
    for position in (0.0, 0.2, 1.0, 1.9, 3.0):
        x = trace.dataset.points
        np.testing.assert_allclose(moved(motion, x, position), moved(plain, x, position), atol=1e-12)
        assert motion.caption(position) == ""


def test_three_dimensions_for_space() -> None:
    trace = trace_of("2-6-5")
    motion = ProjectedMotion(trace, dimensions=3)
    for position in np.linspace(0, motion.length, 9):
        assert moved(motion, trace.dataset.points, float(position)).shape == (24, 3)


class TestStages:
    def test_wide_networks_need_a_projection(self) -> None:
        with pytest.raises(TopoError, match='projection="facing"'):
            Stage(trace_of("2-3-2"), DARK)
        with pytest.raises(UnknownNameError, match="principal"):
            Stage(trace_of("2-3-2"), DARK, projection="principle")

    def test_the_caption_is_on_screen(self) -> None:
        stage = Stage(trace_of("2-8-5"), DARK, projection="facing", panel=False)
        assert any(t.content.startswith("2 of 8 dimensions") for t in texts(stage.at(1.0)))
        assert not any("dimensions" in t.content for t in texts(stage.at(0.0)))

    def test_given_projections(self) -> None:
        trace = trace_of("2-3")
        axes = np.eye(3)[[2, 0]]
        stage = Stage(
            trace, DARK, projection=[Projection(np.eye(2)), Projection(axes, "z and x")], panel=False
        )
        h = trace.representations(trace.dataset.points)[-1]
        seen = moved(stage.plane.space.motion, trace.dataset.points, 1.0)
        np.testing.assert_array_equal(seen, h[:, [2, 0]])
        with pytest.raises(TopoError, match="give axes of shape"):
            Stage(trace, DARK, projection=[Projection(np.eye(2)), Projection(np.eye(2))])

    def test_the_plane_through_a_wide_input_holds_its_decision(self) -> None:
        trace = trace_of("9-3-2")
        space = Stage(trace, DARK, projection="facing", panel=False).plane.space
        assert space.is_slice
        motion = space.projected
        assert motion is not None
        flat = RNG.standard_normal((5, 2))
        lifted = motion.lift(flat)
        np.testing.assert_allclose(motion.projections[0](lifted), flat, atol=1e-12)
        assert np.linalg.matrix_rank(lifted - motion.middle) == 2
        np.testing.assert_array_equal(motion.logits(flat, 0.0), trace.logits(lifted))

    def test_wrong_points_are_marked(self) -> None:
        trace = trace_of("2-2")
        stage = Stage(trace, DARK, panel=False, grid=False, boundary=False).at(0.0)
        before = picture(stage)
        stage.state.wrong = 1.0
        assert (trace.predict(trace.dataset.points) != trace.dataset.labels).any()
        assert np.abs(picture(stage) - before).max() > 30

    def test_a_training_stage(self) -> None:
        stage = TrainingStage(trace_of("2-8-5"), DARK, projection="facing").at(1.5)
        assert any("hyperplane edge-on" in t.content for t in texts(stage))
        with pytest.raises(UnknownNameError, match="facing"):
            TrainingStage(trace_of("2-8-5"), DARK, projection="principal")
