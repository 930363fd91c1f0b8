"""Layers that move space along a vector field, wherever the kit may meet one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from scenes.kit import Stage, TrainingStage, layer_formula, math
from scenes.kit.motion import LayerMotion, TrainingMotion, moved
from scenes.kit.panel import Diagram
from scenes.kit.theme import DARK
from scenes.kit.view import Rect
from tests.scenes.pictures import texts
from tests.topo_core.example_traces import example_trace
from topo_core.datasets import DiscInAnnulus, Spirals
from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.handmade import handmade
from topo_core.trace import Trace

X = np.random.default_rng(1).uniform(-1, 1, (30, 2))
ANCHORS, VECTORS = np.array([[0.5, 0.0], [-0.4, 0.6]]), np.array([[0.2, 0.3], [-0.1, 0.4]])
WEIGHT, BIAS = np.array([[1.2, -0.3], [0.4, 0.9]]), np.array([0.1, -0.2])


def field(x: np.ndarray) -> np.ndarray:
    """F(x) of the essay's formula, point by point."""
    found = []
    for point in x:
        f = [np.exp(-((point - a) @ (point - a)) / (2 * 0.7**2)) for a in ANCHORS]
        found.append(sum(v * g for v, g in zip(VECTORS, f, strict=True)) / (1 + sum(f)))
    return np.array(found)


def flow_trace() -> Trace:
    """A flow, and a tanh layer behind it."""
    return handmade([Flow(ANCHORS, VECTORS, 0.7), (WEIGHT, BIAS)], dataset=Spirals(n_per_class=8))


def glyphs(mobject) -> np.ndarray:  # type: ignore[no-untyped-def]
    return np.concatenate([part.points for part in mobject.family_members_with_points()])


class TestStage:
    @pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
    def test_it_carries_the_plane_along_the_field(self, share: float) -> None:
        stage = Stage(flow_trace(), DARK)
        animation = stage.deform(stage.trace.layers[0])
        animation.begin()
        animation.interpolate(share)
        position = stage.state.position
        assert (position == 1.0) == (share == 1.0)
        space = stage.plane.space
        assert space._plan is not None
        for part in ("grid", "curves"):
            samples = space._plan.samples(part)
            assert samples is not None
            at_input = samples.points
            wanted = space.follow(position)(at_input + position * field(at_input))
            np.testing.assert_allclose(np.concatenate(space.placed(part, position)), wanted, atol=1e-9)

    def test_a_pause_at_the_end_and_then_the_next_layer(self) -> None:
        stage = Stage(flow_trace(), DARK).at(2.0)
        h = X + field(X)
        wanted = np.tanh(h @ WEIGHT.T + BIAS)
        np.testing.assert_allclose(moved(LayerMotion(stage.trace), X, 2.0), wanted, atol=1e-12)
        back = stage.pull_back()
        back.begin()
        back.finish()
        assert stage.state.position == 0.0

    def test_the_panel_says_what_the_layer_does(self) -> None:
        words = [t.content for t in texts(Stage(flow_trace(), DARK).at(0.3))]
        assert {"Layer 1 of 2", "flow", "x |-> x + F(x)"} <= set(words)

    def test_a_live_panel_says_how_much_of_it_is_done(self) -> None:
        words = [t.content for t in texts(Stage(flow_trace(), DARK, live=True).at(0.25))]
        assert {"x |-> x +", "0.25", "F(x)"} <= set(words)

    def test_three_units_are_refused(self) -> None:
        with pytest.raises(TopoError, match="more than two units"):
            Stage(example_trace("3-3:flow", 1), DARK)


class TestFormula:
    def test_a_flow(self) -> None:
        layer = flow_trace().layers[0]
        np.testing.assert_array_equal(glyphs(layer_formula(layer)), glyphs(math("x |-> x + F(x)", 40)))

    def test_a_flow_written_out(self) -> None:
        wanted = "x |-> x + (sum_(i=1)^2 f_i (x) v_i)/(1 + sum_(i=1)^2 f_i (x))"
        formula = layer_formula(flow_trace().layers[0], values=True)
        np.testing.assert_array_equal(glyphs(formula), glyphs(math(wanted, 40)))


class TestTraining:
    def test_at_a_snapshot_it_is_that_snapshot(self) -> None:
        trace = example_trace("2-2:flow-2-2:flow", 4)
        motion = TrainingMotion(trace)
        for s in range(4):
            wanted = trace.representations(X, s)[-1]
            np.testing.assert_allclose(moved(motion, X, float(s)), wanted, atol=1e-12)
            np.testing.assert_allclose(motion.logits(X, float(s)), trace.logits(X, s), atol=1e-12)

    def test_in_between_it_is_continuous(self) -> None:
        motion = TrainingMotion(example_trace("2-2:flow", 4))
        places = np.stack([moved(motion, X, float(p)) for p in np.linspace(0, 3, 1501)])
        assert np.linalg.norm(np.diff(places, axis=0), axis=2).max() < 0.01

    def test_a_stage_can_train_them(self) -> None:
        data = DiscInAnnulus(n_per_class=8)
        trace = replace(example_trace("2-2:flow", 4), dataset=data)
        stage = TrainingStage(trace, DARK)
        animation = stage.train()
        animation.begin()
        animation.interpolate(0.5)
        assert stage.state.position == pytest.approx(1.5)


class TestManyLayers:
    def diagram(self, count: int) -> Diagram:
        layers = [Flow(ANCHORS, VECTORS, 0.7)] * count
        return Diagram(handmade(layers, dataset=Spirals(n_per_class=8)), Rect(2.7, 1.7, 6.4, 2.5), DARK)

    @pytest.mark.parametrize("count", [4, 5, 11, 24, 60])
    def test_names_keep_apart_and_the_ends_are_named(self, count: int) -> None:
        named = texts(self.diagram(count))
        assert named[0].content == "x"
        assert named[-1].content == "y"
        boxes = sorted(text.box for text in named)
        assert all(left[2] < right[0] for left, right in pairwise(boxes))

    def test_few_layers_are_all_named(self) -> None:
        assert [text.content for text in texts(self.diagram(3))] == ["x", "h_1", "h_2", "h_3", "y"]

    def test_units_of_two_layers_do_not_touch(self) -> None:
        units = self.diagram(60).past
        assert units.diameter / 100 < units.columns[1][0, 0] - units.columns[0][0, 0]
