"""What is said to have changed covers all that has, and what is not restored needs no restoring."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from manim import RIGHT, UP, Camera, Circle, FadeIn, FadeOut, LineJointType, VMobject

from scenes.box import EVERYWHERE, Box
from scenes.kit import Camera3D, Torus, TraceScene
from scenes.kit.canvas import Canvas
from scenes.kit.touched import TouchedCamera
from scenes.output.play import play_scene
from scenes.output.renderers import FilmRenderer
from scenes.output.settings import Settings

pytestmark = pytest.mark.usefixtures("studio")


class Turning(TraceScene):
    """Space with labels that turns, among things that rest, move, come and go."""

    def construct(self) -> None:
        """Play for half a second."""
        rests = [Circle(0.2).shift(k * RIGHT) for k in range(4)]
        self.add(*rests)
        space = self.space3d(camera=Camera3D(zoom=1.5))
        space.add(Torus(1.0, 0.3, "#ff8000", detail=(24, 12)))
        space.label("a point", (1.3, 0, 0.4))
        space.label("$x^2$", (-1.3, 0, 0.4))
        self.add(space)
        sharp = VMobject(stroke_width=30, joint_type=LineJointType.MITER)
        sharp.set_points_as_corners([[-4, -2, 0], [-3.8, 0, 0], [-3.6, -2, 0]])
        self.play(space.turn_by(theta=0.4, run_time=0.3), FadeIn(sharp))
        self.play(rests[0].animate.shift(2 * UP), FadeOut(space), run_time=0.2)
        self.play(sharp.animate.shift(9 * RIGHT), FadeOut(rests[1]), run_time=0.2)


def played() -> list[tuple[Any, Box]]:
    """All frames of the scene, and where each is said to differ from the one before."""
    frames: list[tuple[Any, Box]] = []
    renderers: list[FilmRenderer] = []

    def sink(frame: Any, repeat: int) -> None:
        frames.append((frame.copy(), renderers[0].changed))

    def make() -> FilmRenderer:
        renderers.append(FilmRenderer(sink))
        return renderers[0]

    play_scene(Turning, make, Settings("l", 20), None)
    return frames


def test_only_what_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = played()
    for (before, _), (frame, box) in pairwise(frames):
        rest = frame.copy()
        box.of(rest)[:] = box.of(before)
        assert np.array_equal(rest, before)
    sizes = [(box.bottom - box.top) * (box.right - box.left) for _, box in frames]
    assert sum(size < 0.4 * sizes[0] for size in sizes) >= 8  # it says more than that anything may change
    monkeypatch.setattr(TouchedCamera, "set_pixel_array", Camera.set_pixel_array)
    for (frame, _), (anew, _) in zip(frames, played(), strict=True):
        assert np.array_equal(frame, anew)


def test_a_frame_stays_until_the_next_one_has_been_handed_on() -> None:
    last: list[tuple[Any, Any]] = []
    changed = 0

    def sink(frame: Any, repeat: int) -> None:
        nonlocal changed
        for given, copy in last[-1:]:
            assert np.array_equal(given, copy)
            changed += not np.array_equal(frame, copy)
        last.append((frame, frame.copy()))

    play_scene(Turning, lambda: FilmRenderer(sink), Settings("l", 20), None)
    assert changed >= 8


def test_a_context_used_directly_may_be_drawn_on_anywhere() -> None:
    camera = TouchedCamera()
    canvas = Canvas(camera.get_cairo_context(camera.pixel_array))
    canvas.set_colour("#ffffff")
    assert canvas.touched.empty
    canvas.context.paint()
    assert canvas.touched == EVERYWHERE


def test_what_lies_beyond_the_frame_touches_nothing() -> None:
    camera = TouchedCamera(pixel_width=320, pixel_height=180)
    far = np.array([[20.0, 0.0], [21.0, 1.0]])
    assert camera.box_around(far, 2).empty
    assert camera.box_around(-far, 2).empty
    assert not camera.box_around(0 * far, 2).empty
