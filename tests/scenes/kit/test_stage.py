"""The animations of a stage: where they end, what they show on the way, and what they refuse."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from manim import FadeIn, FadeOut, Square, Succession, linear, there_and_back

from scenes.kit import Stage, TraceScene
from scenes.kit.motion import flat
from scenes.kit.panel import LayerPanel
from scenes.kit.stage import PANEL, PLANE, StageAnimation
from scenes.kit.text import number
from scenes.kit.theme import DARK, LIGHT
from tests.scenes.example_films import (
    annulus_trace,
    failing_trace,
    interval_trace,
    linear_trace,
    three_class_trace,
    written_trace,
)
from tests.scenes.pictures import Picture, film, looks, picture, pixel, played, rgb_of, stills, texts
from tests.topo_core.example_traces import example_trace
from topo_core.errors import TopoError
from topo_core.trace import Trace


def scene(play: Callable[[TraceScene, Stage], None], **options: Any) -> type[TraceScene]:
    """A scene of what ``play`` does with a stage."""

    class Played(TraceScene):
        def construct(self) -> None:
            self.stage_used = self.stage(**options)
            play(self, self.stage_used)

    return Played


def end(animation: StageAnimation) -> None:
    """Carry an animation out without a scene."""
    animation.begin()
    animation.finish()


def seen(stage: Stage, theme: Any = DARK) -> Picture:
    return picture(stage, background=theme.background)


def alike(first: Picture, second: Picture) -> bool:
    """Whether pictures differ by no more than how finely their curves were sampled."""
    difference = np.abs(first - second)
    return bool(difference.mean() < 0.25 and difference.max() < 80)


class TestDeform:
    def test_it_ends_exactly_where_the_trace_does(self) -> None:
        trace = written_trace()
        stage = Stage(trace, DARK, panel=False).at(0.0)
        x = trace.dataset.points
        for layer in trace.layers:
            end(stage.deform(layer))
            assert stage.state.position == layer.index + 1
            (placed,) = stage.plane.space.carried("probe", (x,), stage.state.position)
            exact = stage.plane.view(flat(trace.evaluate(x, layer.index + 1)))
            np.testing.assert_array_equal(placed, exact)

    def test_it_begins_at_its_layer_wherever_the_stage_was(self) -> None:
        trace = written_trace()
        stage = Stage(trace, DARK, panel=False).at(0.3)
        animation = stage.deform(trace.layers[1])
        animation.begin()
        assert stage.state.position == 1.0

    @pytest.mark.parametrize("network", ["2-2", "2-2:linear", "1-2:relu", "2-1"])
    def test_it_never_goes_back_and_rests_between_steps(self, network: str) -> None:
        trace = example_trace(network, 1)
        stage = Stage(trace, DARK, panel=False).at(0.0)
        animation = stage.deform(trace.layers[0])
        animation.begin()
        positions = []
        for alpha in np.linspace(0, 1, 1001):
            animation.interpolate(float(alpha))
            positions.append(stage.state.position)
        speed = np.diff(positions)
        assert (speed >= 0).all()
        assert (positions[0], positions[-1]) == (0.0, 1.0)
        steps = len(trace.layers[0].path.steps)
        for k in range(1, steps):
            nearest = int(np.argmin(np.abs(np.array(positions) - k / steps)))
            assert speed[nearest - 1 : nearest + 1].max() < 0.4 * speed.max()

    def test_a_translation_by_nothing_takes_next_to_no_time(self) -> None:
        still, moving = (
            written_trace("2-2", (([[1.2, 0.3], [0.1, 1.1]], bias),), ([[0, 0], [1, 0]], [0, 0]))
            for bias in ([0.0, 0.0], [0.5, 0.0])
        )
        shares = []
        for trace in (still, moving):
            stage = Stage(trace, DARK, panel=False).at(0.0)
            animation = stage.deform(trace.layers[0])
            animation.begin()
            alphas = np.linspace(0, 1, 2001)
            inside = 0
            for alpha in alphas:
                animation.interpolate(float(alpha))
                inside += 1 / 3 + 1e-9 < stage.state.position < 2 / 3 - 1e-9
            shares.append(inside / len(alphas))
        assert shares[0] < 0.08
        assert shares[1] > 0.15


class TestTime:
    """States are functions of absolute time: the frame rate only chooses which are seen."""

    def test_frames_at_the_same_time_are_the_same_at_any_rate(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.play(stage.create(run_time=1))
            scene.play(stage.deform(scene.trace.layers[0], run_time=1))
            scene.play(stage.push_forward(run_time=1), run_time=1)
            scene.play(stage.show_hyperplane(run_time=1))
            scene.play(stage.pull_back(run_time=1))

        kind = scene(play, panel=False)
        slow = film(kind, written_trace(), fps=3, width=160, height=90)
        fast = film(kind, written_trace(), fps=12, width=160, height=90)
        assert (len(slow), len(fast)) == (15, 60)
        for k, frame in enumerate(slow):
            difference = np.abs(frame - fast[4 * k])
            assert difference.max() <= 1, f"at {k / 3:.2f} s"

    def test_a_still_and_the_film_end_alike(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.play(stage.create(run_time=0.5))
            scene.play(stage.push_forward(1.3, run_time=0.5))
            scene.wait(0.5)

        kind = scene(play, panel=False)
        last = film(kind, written_trace(), fps=6)[-1]
        still = rgb_of(stills(kind, written_trace())[-1].frame)
        np.testing.assert_array_equal(last, still)

    def test_run_time_of_play_counts(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.play(stage.create(), run_time=2)
            scene.play(stage.deform(scene.trace.layers[0]), run_time=3)

        times = [still.time for still in stills(scene(play, panel=False), written_trace())]
        assert times == pytest.approx([2.0, 5.0])

    def test_the_rate_function_of_play_counts(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            stage.at(0.0)
            scene.play(stage.push_forward(2.0), rate_func=there_and_back, run_time=1)

        assert played(scene(play, panel=False), written_trace()).stage_used.state.position == 0.0


class TestStates:
    def test_create_ends_with_what_was_asked_for(self) -> None:
        stage = Stage(written_trace(), DARK, grid=False, points=True, panel=False)
        assert stage.state.curves == 0
        end(stage.create())
        state = stage.state
        assert (state.grid, state.boundary, state.curves, state.points, state.axes) == (0, 1, 1, 1, 1)

    def test_at_is_create_without_the_animation(self) -> None:
        first, second = (Stage(written_trace(), DARK, panel=False) for _ in range(2))
        end(first.create())
        np.testing.assert_array_equal(seen(first), seen(second.at(0.0)))

    @pytest.mark.parametrize(
        ("trace", "points"),
        [(written_trace(), 0), (three_class_trace(), 1), (annulus_trace(), 1), (interval_trace(), 0)],
    )
    def test_points_are_shown_where_there_are_no_curves(self, trace: Trace, points: float) -> None:
        assert Stage(trace, DARK, panel=False).at(0.0).state.points == points

    def test_the_line_then_the_regions(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False).at(2.0)
        animation = stage.show_hyperplane()
        animation.begin()
        animation.interpolate(0.3)
        assert stage.state.line > 0.3
        assert stage.state.regions == 0
        animation.finish()
        assert (stage.state.line, stage.state.regions) == (1, 1)

    def test_pull_back_replaces_the_line_by_the_boundary_before_it_moves(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False).at(2.0)
        end(stage.show_hyperplane())
        animation = stage.pull_back()
        animation.begin()
        for alpha in np.linspace(0, 1, 201):
            animation.interpolate(float(alpha))
            state = stage.state
            assert max(state.line, state.decision) == 1.0
            if state.position < 1.9:
                assert state.line == 0
        assert (stage.state.position, stage.state.decision) == (0, 1)

    def test_push_forward_goes_to_the_end_or_to_a_position(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False).at(0.0)
        end(stage.push_forward(0.5))
        assert stage.state.position == 0.5
        end(stage.push_forward())
        assert stage.state.position == 2.0

    def test_hide(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False).at(0.0)
        end(stage.hide("grid", "boundary"))
        assert (stage.state.grid, stage.state.boundary, stage.state.curves) == (0, 0, 1)

    def test_marks(self) -> None:
        stage = Stage(failing_trace(), DARK, panel=False).at(2.0)
        without = looks(seen(stage), DARK.accent, 40).sum()
        end(stage.mark_wrong())
        assert looks(seen(stage), DARK.accent, 40).sum() > without + 10

    def test_show_decision_anywhere(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False).at(0.5)
        end(stage.show_decision())
        assert looks(seen(stage), DARK.accent, 40).sum() > 50

    def test_a_movement_ends_exactly_wherever_it_began(self) -> None:
        stage = Stage(example_trace("2-2-2-2", 1), DARK, panel=False)
        for begin in np.random.default_rng(0).uniform(0, 3, 8):
            for target in range(4):
                stage.state.position = float(begin)
                end(stage.push_forward(target))
                assert stage.state.position == target


class TestErrors:
    def test_the_line_is_only_straight_at_the_end(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False).at(1.0)
        with pytest.raises(TopoError, match=r"only after all 2 layers.*at 1: deform.*show_decision"):
            stage.show_hyperplane()

    def test_hide_names_the_parts(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False)
        with pytest.raises(TopoError, match=r"hide\('gird'\): a stage has the parts .*grid") as error:
            stage.hide("grid", "gird")
        assert "\n" not in str(error.value)
        assert "position" not in str(error.value)

    def test_three_units(self) -> None:
        with pytest.raises(TopoError, match="more than two units"):
            Stage(example_trace("2-3-2", 1), DARK)

    def test_beyond_the_network(self) -> None:
        stage = Stage(written_trace(), DARK, panel=False)
        with pytest.raises(TopoError):
            end(stage.push_forward(3.0))
        with pytest.raises(TopoError):
            seen(stage.at(2.5))


class TestFades:
    def test_fade_in_ends_with_the_stage_itself(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.play(FadeIn(stage.at(0.0)), run_time=0.5)
            scene.wait(0.5)

        frames = film(scene(play), written_trace(), fps=6)
        whole = seen(Stage(written_trace(), DARK).at(0.0))
        assert alike(frames[-1], whole)
        brightness = [np.abs(frame - frames[0]).mean() for frame in frames[:4]]
        assert brightness == sorted(brightness)
        assert looks(frames[0], DARK.background, 1).all()

    def test_fade_out_leaves_nothing(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.add(stage.at(1.5))
            scene.play(FadeOut(stage), run_time=0.5)
            scene.wait(0.5)

        made = played(scene(play), written_trace())
        assert looks(rgb_of(made.renderer.stills[-1].frame), DARK.background, 0).all()
        assert made.stage_used not in made.mobjects

    def test_half_way_it_is_half_there(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.add(stage.at(0.0))
            scene.play(FadeOut(stage, rate_func=linear), run_time=1)

        frames = film(scene(play), written_trace(), fps=4)
        full, half = (np.abs(frames[k] - rgb_of(np.zeros((1, 1, 3)))).max() for k in (0, 2))
        assert 0.35 * full < half < 0.75 * full

    def test_a_stage_that_faded_out_can_come_back(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            scene.add(stage.at(1.5))
            scene.play(FadeOut(stage), run_time=0.5)
            scene.play(FadeIn(stage), run_time=0.5)
            scene.play(stage.push_forward(), run_time=0.5)

        last = rgb_of(stills(scene(play), written_trace())[-1].frame)
        assert alike(last, seen(Stage(written_trace(), DARK).at(2.0)))

    def test_a_fade_does_not_touch_the_other_things(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            box = Square(1, fill_opacity=1, color="#00ff00").move_to((5.0, -2.0, 0.0))
            scene.add(stage.at(0.0), box)
            scene.play(FadeOut(stage), run_time=0.5)

        frame = rgb_of(stills(scene(play), written_trace())[-1].frame)
        assert looks(frame, "#00ff00", 2)[pixel((5.0, -2.0), frame.shape)]

    def test_stage_animations_can_follow_each_other_in_one_play(self) -> None:
        def play(scene: TraceScene, stage: Stage) -> None:
            stage.at(0.0)
            scene.play(Succession(*(stage.deform(layer, run_time=0.5) for layer in scene.trace.layers)))

        made = played(scene(play, panel=False), written_trace())
        assert made.stage_used.state.position == 2.0
        assert made.stage_used in made.mobjects
        assert alike(
            rgb_of(made.renderer.stills[-1].frame), seen(Stage(written_trace(), DARK, panel=False).at(2.0))
        )


class TestPanel:
    @pytest.mark.parametrize("live", [False, True])
    def test_its_formulas_fit(self, live: bool) -> None:
        for trace in (example_trace("2-2-2-2-2", 1), interval_trace(), example_trace("2-1-2:linear", 1)):
            panel = LayerPanel(trace, PANEL, DARK, live=live)
            for layer in trace.layers:
                for u in (0.1, 0.5, 1.0):
                    panel.follow(layer.index + u, 1.0)
                    boxes = np.array([drawn.box for drawn in texts(panel)])
                    assert len(boxes) > 3
                    assert boxes[:, :2].min(axis=0).tolist() >= [PANEL.x0 - 0.05, PANEL.y0 - 0.05]
                    assert (boxes[:, 2:].max(axis=0) <= [PANEL.x1 + 1e-6, PANEL.y1 + 1e-6]).all()

    @pytest.mark.parametrize("position", [0.2, 1.5, 2.0])
    def test_one_layer_is_shown_at_a_time(self, position: float) -> None:
        panel = LayerPanel(written_trace(), PANEL, DARK)
        panel.follow(position, 1.0)
        headings = [t.content for t in texts(panel) if t.content.startswith("Layer")]
        assert headings == [f"Layer {1 if position <= 1.0 else 2} of 2"]

    def test_at_the_input_there_is_room_for_a_legend(self) -> None:
        panel = LayerPanel(written_trace(), PANEL, DARK)
        assert {t.content for t in texts(panel)} == {"x", "h_1", "h_2", "y"}

    def test_the_step_under_way_is_lit(self) -> None:
        panel = LayerPanel(written_trace(), PANEL, DARK)
        for step, position in enumerate((0.2, 0.5, 0.85)):
            panel.follow(position, 1.0)
            colours = {t.content: t.colour for t in texts(panel)}
            lit = [colours[name] == DARK.accent for name in ("linear", "translation", "tanh")]
            assert lit == [k == step for k in range(3)]

    def test_a_live_panel_shows_what_has_been_applied(self) -> None:
        trace = written_trace()
        panel = LayerPanel(trace, PANEL, DARK, live=True)
        path = trace.layers[1].path
        for u in (0.15, 0.5, 0.9):
            panel.follow(1 + u, 1.0)
            numbers = [t.content for t in texts(panel) if t.content.lstrip("-")[0].isdigit()]
            matrix = path.linear.matrix(min(3 * u, 1.0))
            vector = path.bias * np.clip(3 * u - 1, 0, 1)
            wanted = [number(v) for v in np.concatenate([matrix.T.ravel(), vector])]
            assert numbers == wanted

    def test_it_shows_the_same_however_it_got_there(self) -> None:
        wandering, direct = (LayerPanel(written_trace(), PANEL, DARK) for _ in range(2))
        for position in (0.0, 1.7, 0.4, 2.0, 1.2):
            wandering.follow(position, 1.0)
        direct.follow(1.2, 1.0)
        np.testing.assert_array_equal(picture(wandering), picture(direct))

    def test_it_does_not_reach_into_the_plane(self) -> None:
        assert PANEL.x0 > PLANE.x1
        stage = Stage(written_trace(), DARK).at(1.5)
        image = picture(stage.panel, background=DARK.background)
        _, columns = np.nonzero(~looks(image, DARK.background, 2))
        assert columns.min() > pixel((PLANE.x1, 0), image.shape)[1]

    def test_the_diagram_is_lit_up_to_the_position(self) -> None:
        panel = LayerPanel(written_trace(), PANEL, DARK)
        counts = []
        for position in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0):
            panel.follow(position, 0.0)
            counts.append(looks(picture(panel.diagram, width=640, height=360), DARK.accent, 40).sum())
        assert counts == sorted(set(counts))

    def test_without_hidden_layers(self) -> None:
        stage = Stage(linear_trace(), DARK).at(0.0)
        end(stage.show_hyperplane())
        assert looks(seen(stage), DARK.accent, 40).any()

    def test_in_the_light_theme(self) -> None:
        image = picture(Stage(written_trace(), LIGHT).at(0.5), background=LIGHT.background)
        for code in (LIGHT.panel, LIGHT.class_colour(0), LIGHT.class_colour(1)):
            assert looks(image, code, 20).any()
