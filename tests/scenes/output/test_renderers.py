"""Frames, durations and sections of scenes, plain Manim's among them."""

from typing import Any

import numpy as np
import pytest
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Cube,
    FadeIn,
    MovingCameraScene,
    Scene,
    Square,
    ThreeDScene,
    linear,
)

from scenes.kit import TraceScene
from scenes.output.play import play_scene
from scenes.output.renderers import FilmRenderer, StoryboardRenderer
from scenes.output.settings import Settings

pytestmark = pytest.mark.usefixtures("studio")


class Recording:
    """What a scene hands to the encoder."""

    def __init__(self, scene: type[Scene], fps: int = 5, **settings: Any) -> None:
        self.frames: list[Any] = []

        def sink(frame: Any, repeat: int) -> None:
            self.frames += [frame.copy()] * repeat

        self.scene = play_scene(scene, lambda: FilmRenderer(sink), Settings("l", fps, **settings), None)

    def left_edges(self) -> list[int]:
        """The first column with something bright in it, frame by frame."""
        return [int(np.argmax((frame[..., :3] > 128).any(axis=(0, 2)))) for frame in self.frames]


def square(**options: Any) -> Square:
    return Square(2, fill_opacity=1, stroke_width=0, color="#ffffff", **options)


class Sections(TraceScene):
    """Three plays in two sections."""

    def construct(self) -> None:
        box = square()
        with self.section("Appears", narration="A square appears."):
            self.play(FadeIn(box), run_time=0.4)
            self.wait(1)
        with self.section("Moves"):
            self.play(box.animate(rate_func=linear).shift(4 * RIGHT), run_time=0.8)
        self.times = [float(self.renderer.time)]


class Plain(Scene):
    """A scene that knows nothing of traces."""

    def construct(self) -> None:
        box = square()
        self.add(box)
        self.play(box.animate(rate_func=linear).shift(4 * RIGHT), run_time=0.8)
        self.next_section("rest")
        self.wait(0.4)


class BesideSomething(Scene):
    """A square that moves, beside one that rests and was there before."""

    def construct(self) -> None:
        self.add(square().shift(2.5 * UP))
        box = square().shift(1.5 * DOWN + 5 * LEFT)
        self.add(box)
        self.play(box.animate(rate_func=linear).shift(10 * RIGHT), run_time=0.8)


class Still(Scene):
    def construct(self) -> None:
        self.add(square())


class Updater(Scene):
    """A square that moves by one unit a second while the scene waits."""

    def construct(self) -> None:
        box = square().add_updater(lambda m, dt: m.shift(dt * RIGHT))
        self.add(box)
        self.wait(1)


class Condition(Scene):
    """Waits until the square is there, at most ten seconds."""

    def construct(self) -> None:
        box = square().add_updater(lambda m, dt: m.shift(dt * RIGHT))
        self.add(box)
        self.wait_until(lambda: box.get_x() > 0.7, max_time=10)


class TestFilm:
    @pytest.mark.parametrize("fps", [5, 10, 15, 60])
    def test_as_many_frames_as_the_time_asks_for(self, fps: int) -> None:
        film = Recording(Sections, fps)
        assert len(film.frames) == round(2.2 * fps)
        assert film.scene.times == [pytest.approx(2.2)]

    def test_sections_start_at_whole_frames(self) -> None:
        marks = Recording(Sections).scene.marks
        assert [(m.name, m.narration) for m in marks] == [("Appears", "A square appears."), ("Moves", "")]
        assert [m.start for m in marks] == pytest.approx([0, 1.4])

    @pytest.mark.parametrize("fps", [5, 15, 60])
    def test_sections_stay_with_the_pictures(self, fps: int) -> None:
        """Many plays that fill no whole number of frames: no drift between clock and pictures."""

        class Odd(TraceScene):
            def construct(self) -> None:
                for i in range(20):
                    with self.section(str(i)):
                        self.play(FadeIn(Square()), run_time=0.37)
                        self.wait(0.21)

        film = Recording(Odd, fps)
        starts = np.array([m.start for m in film.scene.marks]) * fps
        assert np.allclose(starts, np.round(starts))
        assert len(film.frames) == round(float(film.scene.renderer.time) * fps)
        assert film.scene.renderer.time == pytest.approx(20 * 0.58, abs=40 / fps)

    def test_frame_k_shows_the_time_k_over_fps(self) -> None:
        film = Recording(Plain, 10)
        edges = film.left_edges()
        unit = 480 / 8  # pixels in a Manim unit
        expected = [848 / 2 + unit * (4 * min(k / 8, 1) - 1) for k in range(12)]
        assert edges == pytest.approx(expected, abs=1.5)

    def test_frames_are_the_pixels_of_the_camera(self) -> None:
        film = Recording(Plain)
        assert film.frames[0].shape == (480, 848, 4)
        assert film.frames[0].dtype == np.uint8
        assert not np.array_equal(film.frames[0], film.frames[2])

    def test_what_moves_leaves_no_trail(self) -> None:
        lit = [(frame[..., :3] > 128).all(axis=-1).sum() for frame in Recording(BesideSomething).frames]
        assert len(lit) == 4
        assert max(lit) < 1.02 * min(lit)

    def test_a_scene_without_plays_is_one_frame(self) -> None:
        film = Recording(Still)
        assert len(film.frames) == 1
        assert film.frames[0][240, 424].tolist() == [255, 255, 255, 255]

    def test_updaters_run_while_waiting(self) -> None:
        edges = Recording(Updater, 10).left_edges()
        assert edges == pytest.approx([848 / 2 + 60 * (k / 10 - 1) for k in range(10)], abs=1.5)

    def test_wait_until(self) -> None:
        film = Recording(Condition, 10)
        assert len(film.frames) == 8
        assert film.scene.renderer.time == pytest.approx(0.8)

    def test_transparent_frames_are_premultiplied(self) -> None:
        frame = Recording(Still, format="mov", transparent=True).frames[0]
        assert frame[0, 0].tolist() == [0, 0, 0, 0]
        assert frame[240, 424].tolist() == [255, 255, 255, 255]

    @pytest.mark.parametrize(("theme", "background"), [("dark", (14, 17, 22)), ("light", (255, 255, 255))])
    def test_theme(self, theme: str, background: tuple[int, int, int]) -> None:
        frame = Recording(Sections, theme=theme).frames[0]
        assert tuple(frame[0, 0, :3]) == background


class Moving(MovingCameraScene):
    def construct(self) -> None:
        self.add(square())
        self.play(self.camera.frame.animate.scale(0.5), run_time=0.4)
        self.wait(0.2)


class Solid(ThreeDScene):
    def construct(self) -> None:
        self.set_camera_orientation(phi=1, theta=1)
        self.add(Cube())
        self.wait(0.2)


class OwnInit(Scene):
    """As in Manim's own documentation: the options are passed on by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)

    def construct(self) -> None:
        self.add(square().shift(UP))
        self.wait(0.2)


class TestPlainManim:
    @pytest.mark.parametrize("scene", [Plain, Moving, Solid, OwnInit])
    def test_films(self, scene: type[Scene]) -> None:
        film = Recording(scene)
        assert all(frame[..., :3].max() > 200 for frame in film.frames)

    def test_a_moving_camera_moves(self) -> None:
        first, *_, last = Recording(Moving).left_edges()
        assert (first, last) == pytest.approx((848 / 2 - 60, 848 / 2 - 120), abs=2)


class TestStoryboard:
    @staticmethod
    def stills(scene: type[Scene], fps: int = 15) -> list[Any]:
        played = play_scene(scene, StoryboardRenderer, Settings("l", fps), None)
        return list(played.renderer.stills)

    def test_one_still_a_play(self) -> None:
        stills = self.stills(Sections)
        assert [still.section for still in stills] == ["Appears", "Appears", "Moves"]
        assert [still.last_of_section for still in stills[:2]] == [False, True]
        assert [still.time for still in stills] == pytest.approx([0.4, 1.4, 2.2])

    @pytest.mark.parametrize("run_time", [0.4, 0.35, 0.7, 0.25])
    def test_same_times_and_pictures_as_the_film(self, run_time: float) -> None:
        """A still is the frame that the film shows at its time."""

        class Pauses(Scene):
            def construct(self) -> None:
                for i in range(3):
                    self.play(FadeIn(square().shift(2 * i * UP)), run_time=run_time)
                    self.wait(0.4)

        film, stills = Recording(Pauses, 15), self.stills(Pauses, 15)
        assert len(stills) == 6
        for still in stills[:-1]:
            assert np.array_equal(still.frame, film.frames[round(still.time * 15)])
        assert stills[-1].time == pytest.approx(len(film.frames) / 15)
        assert np.array_equal(stills[-1].frame, film.frames[-1])

    def test_a_scene_without_plays(self) -> None:
        (still,) = self.stills(Still)
        assert (still.time, still.section) == (0, "")
        assert np.array_equal(still.frame, Recording(Still).frames[0])

    def test_draws_nothing_between(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn = []
        update = StoryboardRenderer.update_frame

        def counted(self: StoryboardRenderer, *args: Any, **options: Any) -> None:
            drawn.append(1)
            update(self, *args, **options)

        monkeypatch.setattr(StoryboardRenderer, "update_frame", counted)
        assert len(self.stills(Sections)) == len(drawn) == 3
