"""The base scene: traces, sections, default colours, and a formula that gives way to the next."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import DOWN, UP, Arrow, FadeIn, Line, Square, VMobject, Write, config, tempconfig

from scenes.kit import DARK, LIGHT, TraceScene, layer_formula, math, text
from scenes.kit.camera import StageCamera
from scenes.kit.text import LayerFormula
from tests.scenes.example_films import KeyStates, written_trace
from tests.scenes.pictures import film, looks, pixel, played, rgb_of, stills
from topo_core.datasets import TwoCurves
from topo_core.errors import TopoError, TraceError, UnknownNameError
from topo_core.experiments import EXPERIMENTS, Experiment
from topo_core.spec import NetworkSpec
from topo_core.store import trace_path

OWN = Experiment("mine", "Mine", TwoCurves(n_per_class=16), NetworkSpec.parse("2-2-2"))


class Empty(TraceScene):
    """Shows nothing."""

    experiment = "spirals"

    def construct(self) -> None:
        self.wait(0.1)


class Loads(Empty):
    """Needs its trace."""

    def construct(self) -> None:
        self.seen_trace = self.trace
        self.wait(0.1)


class Sections(TraceScene):
    """Three sections.

    And more about them.
    """

    def construct(self) -> None:
        box = Square()
        with self.section("First", narration="Nothing yet."):
            self.wait(1)
        with self.section("Second"):
            self.play(FadeIn(box), run_time=0.5)
            self.wait(1)
        with self.section("Third", narration="A square."):
            self.play(box.animate.shift(UP), run_time=0.5)


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty media folder."""
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path))
    return tmp_path


def put(experiment: Experiment, trace: Any) -> None:
    """Keep a trace as that of an experiment."""
    path = trace_path(experiment)
    path.parent.mkdir(parents=True, exist_ok=True)
    trace.save(path)


class TestTraces:
    def test_without_a_trace_it_names_the_command(self, media: Path) -> None:
        with pytest.raises(TopoError) as error:
            _ = Loads().trace
        message = str(error.value)
        assert message.startswith("Loads: no trace of the experiment 'spirals' yet")
        assert message.endswith("run: python render.py train spirals")
        assert "\n" not in message

    def test_without_an_experiment_it_says_what_to_set(self) -> None:
        class Nameless(TraceScene):
            pass

        with pytest.raises(TopoError, match=r"Nameless names no experiment: set experiment = "):
            _ = Nameless().trace

    def test_an_unknown_experiment_suggests_the_nearest(self, media: Path) -> None:
        class Misspelt(TraceScene):
            experiment = "spiral"

        with pytest.raises(UnknownNameError, match="spirals"):
            _ = Misspelt().trace

    def test_it_finds_the_trace_of_its_experiment_and_loads_it_once(self, media: Path) -> None:
        class Mine(TraceScene):
            experiment = OWN

        put(OWN, written_trace())
        scene = Mine()
        assert scene.trace == written_trace()
        assert scene.trace is scene.trace
        assert scene.traces == (scene.trace,)

    def test_the_same_experiment_with_another_seed_has_another_trace(self, media: Path) -> None:
        other = OWN.with_options(seed=1)
        first, second = written_trace(), written_trace(readout=([[0, 0], [1, 1]], [0, 0]))
        put(OWN, first)
        put(other, second)
        scene = Empty()
        assert scene.load(OWN) == first
        assert scene.load(other) == second
        assert scene.traces == (first, second)

    def test_a_given_trace_takes_the_place_of_the_experiment(self) -> None:
        made = played(Loads, written_trace())
        assert made.seen_trace == written_trace()
        assert made.traces == (written_trace(),)

    def test_a_given_trace_that_is_missing_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(TraceError, match=r"nothing\.npz"):
            Empty(trace=tmp_path / "nothing.npz")

    def test_a_damaged_trace_is_an_error_that_names_it(self, media: Path) -> None:
        path = trace_path(EXPERIMENTS["spirals"])
        path.parent.mkdir(parents=True)
        path.write_bytes(b"not a trace")
        with pytest.raises(TraceError, match=path.name):
            _ = Loads().trace

    def test_it_lists_what_it_needs(self) -> None:
        class Two(TraceScene):
            experiment = "spirals"
            also = ("annulus", OWN)

        assert Two.experiments() == (EXPERIMENTS["spirals"], EXPERIMENTS["annulus"], OWN)
        assert Empty.experiments() == (EXPERIMENTS["spirals"],)
        assert TraceScene.experiments() == ()


class TestSections:
    @pytest.mark.parametrize("how", ["film", "storyboard"])
    def test_they_begin_at_the_right_times(self, how: str) -> None:
        made: list[TraceScene] = []

        class Noted(Sections):
            def construct(self) -> None:
                made.append(self)
                super().construct()

        film(Noted, fps=10) if how == "film" else stills(Noted, fps=10)
        marks = made[0].marks
        assert [mark.name for mark in marks] == ["First", "Second", "Third"]
        assert [mark.start for mark in marks] == pytest.approx([0.0, 1.0, 2.5])
        assert [mark.narration for mark in marks] == ["Nothing yet.", "", "A square."]

    def test_the_film_is_as_long_as_its_parts(self) -> None:
        assert len(film(Sections, fps=10)) == 30

    def test_stills_know_their_section(self) -> None:
        shots = stills(Sections)
        assert [(s.section, s.last_of_section) for s in shots[:-1]] == [
            ("First", True),
            ("Second", False),
            ("Second", True),
        ]
        assert shots[-1].section == "Third"


class TestTitle:
    def test_it_is_the_first_line_of_the_docstring(self) -> None:
        assert Sections.video_title() == "Three sections"

    def test_or_what_the_class_says(self) -> None:
        class Titled(Sections):
            title = "My film"

        assert Titled.video_title() == "My film"

    def test_or_its_name(self) -> None:
        class Untitled(TraceScene):
            pass

        assert Untitled.video_title() == "Untitled"

    def test_a_heading_fits_into_the_frame(self) -> None:
        for words in ("Short", "A heading that is far too long for one line of this picture " * 2):
            heading = Empty().heading(words)
            assert heading.width <= config.frame_width - 1 + 1e-6
            assert heading.get_top()[1] < config.frame_height / 2
            assert heading.get_bottom()[1] > 2.85  # the top of the plane


class Defaults(TraceScene):
    """Things whose colour nobody chose."""

    def construct(self) -> None:
        self.things = [
            Line((-5, 0, 0), (-4, 0, 0), stroke_width=40),
            Arrow((-3, 0, 0), (-1, 0, 0), stroke_width=40),
            text("MMM", 90).move_to((2.0, 0.0, 0.0)),
            math("+", 200).move_to((5.0, 0.0, 0.0)),
        ]
        self.add(*self.things)
        self.wait(0.1)


class TestTheme:
    @pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
    def test_background_and_default_colour(self, theme: Any) -> None:
        made = played(Defaults, theme=theme.name)
        frame = rgb_of(made.renderer.stills[-1].frame)
        assert looks(frame, theme.background, 0)[0, 0]
        for thing in made.things:
            low, high = thing.get_corner((-1.0, -1.0, 0.0)), thing.get_corner((1.0, 1.0, 0.0))
            (bottom, left), (top, right) = pixel(low, frame.shape), pixel(high, frame.shape)
            patch = frame[top : bottom + 1, left : right + 1]
            assert looks(patch, theme.ink, 25).any(), type(thing).__name__

    def test_the_default_colour_is_restored(self) -> None:
        before = Square().get_color(), VMobject().get_color()
        played(Defaults, theme="light")
        assert (Square().get_color(), VMobject().get_color()) == before

    def test_it_is_restored_after_a_failure_too(self) -> None:
        class Fails(TraceScene):
            def construct(self) -> None:
                raise ValueError("no")

        before = VMobject().get_color()
        with pytest.raises((ValueError, TopoError)):
            played(Fails, theme="light")
        assert VMobject().get_color() == before

    def test_manims_configuration_is_restored(self) -> None:
        before = config.background_color, config.disable_caching, config.pixel_width
        played(Defaults, theme="light")
        assert (config.background_color, config.disable_caching, config.pixel_width) == before

    def test_by_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TOPO_THEME", "light")
        with tempconfig({}):
            assert Empty().theme is LIGHT

    def test_unknown(self) -> None:
        with pytest.raises(UnknownNameError, match="theme"):
            Empty(theme="sepia")


class Formulas(TraceScene):
    """One formula after the other."""

    def construct(self) -> None:
        self.counts = []
        note = text("stays").to_edge(DOWN)
        self.add(note)
        for layer in self.trace.layers:
            formula = layer_formula(layer).to_edge(UP)
            self.play(Write(formula), run_time=0.2)
            self.counts.append([m for m in self.mobjects if isinstance(m, LayerFormula)] == [formula])
            self.play(formula.animate.shift(0.1 * UP), run_time=0.2)
            self.counts.append(formula in self.mobjects)
        self.kept = note in self.mobjects


class TestFormula:
    def test_a_new_layer_formula_takes_the_place_of_the_one_before(self) -> None:
        made = played(Formulas, written_trace())
        assert made.counts == [True] * 4
        assert made.kept


class Resting(KeyStates):
    """The key states, and a rest at the end."""

    def construct(self) -> None:
        super().construct()
        self.wait(1)


class TestPlainManim:
    def test_the_scene_runs_without_our_renderers(self, tmp_path: Path) -> None:
        """As ``manim FILE SCENE`` plays it."""
        path = tmp_path / "written.npz"
        written_trace().save(path)
        size = {"pixel_width": 320, "pixel_height": 180, "frame_rate": 2}
        with tempconfig({"dry_run": True, "verbosity": "ERROR", **size}):
            scene = Resting(trace=path)
            scene.render()
            assert isinstance(scene.renderer.camera, StageCamera)
            frame = rgb_of(scene.renderer.get_frame())
        ours = rgb_of(stills(Resting, written_trace())[-1].frame)
        assert np.abs(frame - ours).mean() < 0.5
