"""Space in a scene: under text, in its rectangle, moved by animations that do not add up frame by frame."""

import hashlib
import io
import itertools
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import cairo
import numpy as np
import pytest
from manim import PI, FadeIn, FadeOut, Square

from scenes.kit import (
    DARK,
    LIGHT,
    Camera3D,
    Number,
    Plane,
    Points,
    Rect,
    Space3D,
    Sphere,
    Torus,
    TraceScene,
    Tube,
)
from scenes.kit.canvas import Canvas
from tests.scenes.pictures import colour, film, looks, picture, pixel, played, stills, texts
from topo_core.errors import TopoError

BOX = Rect(-4.0, -3.0, 0.0, 3.0)


def tori(space: Space3D) -> tuple[Torus, Torus]:
    first = space.add(Torus(1.0, 0.3, space.theme.class_colour(0)))
    second = space.add(Torus(1.0, 0.3, space.theme.class_colour(1), centre=(1, 0, 0), axis=(0, 1, 0)))
    return first, second


class TestThePicture:
    def test_it_is_drawn_in_its_rectangle_only(self) -> None:
        space = Space3D(DARK, BOX, camera=Camera3D(zoom=5))
        space.add(Sphere(1.0, "#ff0000"))
        image = picture(space)
        shown = image.max(axis=-1) > 20
        _, columns = np.nonzero(shown)
        _, left = pixel((BOX.x0, 0), image.shape)
        _, right = pixel((BOX.x1, 0), image.shape)
        assert left - 1 <= columns.min() < left + 2
        assert right - 2 < columns.max() <= right + 1
        assert shown[90, 130]

    def test_its_middle_is_the_camera_s_centre(self) -> None:
        space = Space3D(DARK, BOX, camera=Camera3D(centre=(5, -2, 1)))
        space.add(Points(np.array([[5.0, -2, 1]]), "#ff0000", 60.0))
        assert looks(picture(space), "#ff0000", 12)[pixel(BOX.centre, (180, 320))]

    def test_text_and_mobjects_are_over_it(self) -> None:
        space = Space3D(DARK, BOX)
        space.add(Sphere(1.5, "#ff0000"))
        square = Square(0.5, fill_opacity=1, color="#00ff00", stroke_width=0).move_to([*BOX.centre, 0])
        assert looks(picture(space, square), "#00ff00")[pixel(BOX.centre, (180, 320))]
        assert not looks(picture(square, space), "#00ff00")[pixel(BOX.centre, (180, 320))]

    def test_red_is_red_on_every_canvas(self) -> None:
        space = Space3D(DARK, Rect(-2, -2, 2, 2))
        space.add(Plane((2, 0, 0), (0, 2, 0), "#ff8000", 1.0, centre=(0, 0, 0)))
        space.camera = Camera3D(phi=0.0)
        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 40, 40)
        context = cairo.Context(surface)
        context.set_matrix(cairo.Matrix(10, 0, 0, -10, 20, 20))
        space.draw(Canvas(context, swap_red_blue=False))
        blue, green, red, opacity = np.frombuffer(surface.get_data(), np.uint8).reshape(40, 40, 4)[20, 20]
        assert opacity == 255
        assert red > green > blue

    def test_half_faded_it_is_half_as_strong(self) -> None:
        space = Space3D(DARK, BOX)
        space.add(Sphere(1.5, "#ff0000"))
        strong, faint = picture(space), picture(space.set_opacity(0.5))
        np.testing.assert_allclose(faint, strong / 2, atol=1.5)

    def test_nothing_in_it_draws_nothing(self) -> None:
        assert not picture(Space3D(DARK)).any()

    @pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
    def test_classes_keep_their_colours(self, theme: Any) -> None:
        space = Space3D(theme, camera=Camera3D(centre=(0.5, 0, 0), zoom=2))
        tori(space)
        image = picture(space, background=theme.background).reshape(-1, 3)
        for label in (0, 1):
            apart = np.abs(image - colour(theme.class_colour(label))).max(axis=1)
            assert (apart < 40).sum() > 500

    def test_far_things_fade_into_the_paper(self) -> None:
        space = Space3D(DARK, camera=Camera3D(phi=0.0, focal_distance=np.inf))
        space.add(Points(np.array([[-2.0, 0, 3], [2.0, 0, -3]]), "#ffffff", 50.0))
        image = picture(space, background=DARK.background)
        (near, far) = (image[pixel(space.place(p[None])[0], image.shape)] for p in space.shapes[0].points)
        assert near.min() > 240
        assert 100 < far.max() < 220


class TestVectors:
    def widths(self, space: Space3D) -> list[int]:
        file = io.BytesIO()
        surface = cairo.PDFSurface(file, 144, 144)
        context = cairo.Context(surface)
        context.set_matrix(cairo.Matrix(36, 0, 0, -36, 72, 72))
        space.draw(Canvas(context, swap_red_blue=False))
        surface.finish()
        return [int(n) for n in re.findall(rb"/Width (\d+)", file.getvalue())]

    def space(self) -> Space3D:
        space = Space3D(DARK, Rect(-2, -2, 2, 2), camera=Camera3D(phi=0.0, focal_distance=np.inf))
        space.add(Plane((3, 0, 0), (0, 3, 0), "#ff8000", 1.0))
        return space

    def test_it_is_an_image_of_the_chosen_resolution(self) -> None:
        space = self.space()
        assert max(self.widths(space)) == pytest.approx(600, abs=2)  # two inches at 300 dots
        space.dpi = 150.0
        assert max(self.widths(space)) == pytest.approx(300, abs=2)
        space.resolution = 50.0
        assert max(self.widths(space)) == pytest.approx(200, abs=2)

    def test_labels_stay_vectors(self) -> None:
        space = self.space()
        file = io.BytesIO()
        surface = cairo.SVGSurface(file, 144, 144)
        context = cairo.Context(surface)
        context.set_matrix(cairo.Matrix(36, 0, 0, -36, 72, 72))
        space.label("A", (0, 0, 1), size=30)
        space.draw(Canvas(context, swap_red_blue=False))
        surface.finish()
        assert b"<path" in file.getvalue()

    def test_oversampling_smooths_where_surfaces_meet(self) -> None:
        def edges(times: int) -> int:
            space = Space3D(DARK, camera=Camera3D(phi=0.6, theta=0.3, zoom=2))
            space.add(Plane((1, 0, 0.4), (0, 1, 0), "#ff0000", 1.0))
            space.add(Plane((1, 0, -0.4), (0, 1, 0.2), "#0000ff", 1.0))
            space.oversampling = times
            image = picture(space)[60:120, 130:190]
            return int(((image[..., 0] > 40) & (image[..., 2] > 40)).sum())

        assert edges(2) > edges(1) + 10


class Turning(TraceScene):
    """Turns."""

    def construct(self) -> None:
        space = self.space3d(camera=Camera3D(theta=0.0, centre=(0.5, 0, 0)))
        tori(space)
        self.play(space.turn(theta=1.0, zoom=2.0, run_time=1))
        self.cameras = [space.camera]
        self.play(space.turn_by(theta=-0.5, run_time=1))
        self.cameras.append(space.camera)


class Spinning(TraceScene):
    """Spins."""

    def construct(self) -> None:
        space = self.space3d(camera=Camera3D(theta=0.0))
        tori(space)
        self.add(space)
        space.spin(0.5)
        self.wait(2)
        self.after = space.viewpoint.theta
        space.stop()
        self.wait(1)
        self.later = space.viewpoint.theta


class TestMotion:
    def test_the_camera_ends_where_it_was_sent(self) -> None:
        for rate in (3, 20):
            first, second = played(Turning, fps=rate).cameras
            assert (first.theta, first.zoom) == (1.0, 2.0)
            assert second.theta == pytest.approx(0.5)

    def test_frames_do_not_depend_on_those_before(self) -> None:
        slow, fast = film(Turning, fps=5), film(Turning, fps=10)
        assert len(fast) == 2 * len(slow)
        for k in range(5):
            assert np.array_equal(slow[k], fast[2 * k])

    def test_spinning_is_a_function_of_time(self) -> None:
        for rate in (5, 10):
            scene = played(Spinning, fps=rate)
            assert scene.after == pytest.approx(1.0)
            assert scene.later == pytest.approx(1.0)

    def test_spinning_moves_the_picture(self) -> None:
        frames = film(Spinning, fps=5)
        assert len(frames) == 15
        assert not np.array_equal(frames[0], frames[5])
        assert np.array_equal(frames[11], frames[14])

    def test_spinning_needs_a_clock(self) -> None:
        with pytest.raises(TopoError, match=r"scene\.space3d"):
            Space3D(DARK).spin(1.0)

    def test_a_misspelt_attribute_fails_at_once(self) -> None:
        with pytest.raises(TopoError, match="camera 'thetta'"):
            Space3D(DARK).turn(thetta=1.0)

    def run(self, animation: Any, *shares: float) -> None:
        animation.begin()
        for share in shares:
            animation.interpolate(share)
        animation.finish()

    def test_a_change_is_called_with_the_share_of_the_way(self) -> None:
        seen: list[float] = []
        self.run(Space3D(DARK).run(seen.append, ease=lambda t: t * t), 0.5)
        assert seen == [0.0, 0.25, 1.0]

    @pytest.mark.parametrize("steps", [(), (0.5,), (0.1, 0.9, 0.3)])
    def test_morphing_ends_exactly_there(self, steps: tuple[float, ...]) -> None:
        space = Space3D(DARK)
        ball = space.add(Sphere(1.0, "#ffffff"))
        end = 2 * ball.points + 1
        self.run(space.morph(ball, end), *steps)
        assert np.array_equal(ball.points, end)

    def test_fading_shapes_and_labels(self) -> None:
        space = Space3D(DARK)
        ball, label = space.add(Sphere(1.0, "#ffffff")), space.label("here", (0, 0, 1))
        self.run(space.dissolve(ball, label, to=0.25), 0.5)
        assert (ball.opacity, label.opacity) == (0.25, 0.25)
        self.run(space.dissolve(ball))
        assert not picture(space)[80:100, 150:170].any()

    def test_following_keeps_it_in_the_picture(self) -> None:
        space = Space3D(DARK, BOX)
        ball = space.add(Sphere(0.5, "#ff0000"))
        space.add(Sphere(0.5, "#0000ff", centre=(9, 0, 0)))
        self.run(space.follow(ball))
        for shift in ((0, 0, 0), (4, -2, 3), (0, 7, 0)):
            ball.move(Sphere(0.5 + abs(shift[0]), "#ff0000", centre=shift).points)
            np.testing.assert_allclose(space.place(np.array([shift], dtype=float))[0], BOX.centre, atol=1e-6)
            reach = np.abs(space.place(ball.points) - BOX.centre).max()
            assert 0.8 * 2.0 < reach < 2.0
        before = space.camera
        self.run(space.follow())
        assert space.viewpoint == before

    def test_fading_in_and_out_as_a_whole(self) -> None:
        class Fades(TraceScene):
            def construct(self) -> None:
                space = self.space3d()
                space.add(Sphere(2.0, "#ff0000"))
                self.play(FadeIn(space), run_time=1)
                self.play(FadeOut(space), run_time=1)

        frames = [frame[90, 160, 0] for frame in film(Fades, fps=4)]
        assert frames[0] < 40
        assert frames[4] > 150
        assert frames[-1] < 150


class TestLabels:
    def shown(self, space: Space3D) -> dict[str, tuple[float, float]]:
        return {t.content: ((t.box[0] + t.box[2]) / 2, t.opacity) for t in texts(space)}

    def test_they_stay_at_their_points(self) -> None:
        space = Space3D(DARK, BOX, camera=Camera3D(phi=1.2, theta=0.3))
        spot = np.array([1.0, -0.5, 0.4])
        space.label("spot", lambda: spot, offset=(0, 0.3))
        for theta in (0.3, 1.5, 4.0):
            space.camera = space.camera.moved(theta=theta)
            x, y = space.place(spot[None])[0]
            (drawn,) = texts(space)
            assert (drawn.box[0] + drawn.box[2]) / 2 == pytest.approx(x, abs=0.02)
            assert abs((drawn.box[1] + drawn.box[3]) / 2 - y - 0.3) < 0.1

    def test_they_hide_behind_what_is_solid(self) -> None:
        space = Space3D(DARK, camera=Camera3D(phi=PI / 2, theta=0.0))
        space.add(Sphere(1.0, "#ff0000"))
        space.label("front", (1.0, 0, 0))
        space.label("back", (-1.0, 0, 0))
        space.label("always", (-1.0, 0, 0), hides=False)
        assert set(self.shown(space)) == {"front", "always"}
        space.camera = space.camera.moved(theta=PI)
        assert set(self.shown(space)) == {"back", "always"}

    def test_a_clearance_shows_a_point_inside_a_tube(self) -> None:
        space = Space3D(DARK, camera=Camera3D(phi=PI / 2, theta=0.0))
        space.add(Sphere(0.5, "#ff0000"))
        space.add(Sphere(0.5, "#ff0000", centre=(3, 2, 0)))
        for name, point in (("in", (0, 0, 0)), ("behind", (0, 2, 0))):
            space.label(name, point, clearance=0.5)
        space.label("hidden", (0, 0, 0))
        assert set(self.shown(space)) == {"in"}

    def test_they_do_not_hide_behind_what_shines_through(self) -> None:
        space = Space3D(DARK, camera=Camera3D(phi=PI / 2, theta=0.0))
        space.add(Sphere(1.0, "#ff0000", 0.4))
        space.label("back", (-1.0, 0, 0))
        assert self.shown(space)["back"][1] == pytest.approx(1)

    def test_they_can_change(self) -> None:
        space = Space3D(DARK)
        count = [3]
        space.label(lambda: ["linking number", Number(str(count[0]))], (0, 0, 0))
        assert {"linking number", "3"} == set(self.shown(space))
        count[0] = 4
        assert {"linking number", "4"} == set(self.shown(space))

    def test_axes_have_names_and_numbers(self) -> None:
        space = Space3D(DARK)
        space.axes(np.array([[-2, 2], [-2, 2], [-1, 1.5]]), names=("$x_1$", "$x_2$", "$x_3$"), step=1.0)
        names = set(self.shown(space))
        assert {"x_1", "x_2", "x_3"} <= names
        assert {"-2", "-1", "1"} <= names
        assert "2" not in names  # there stands the name
        assert "0" not in names


FRAME = """
import hashlib
import numpy as np
from scenes.kit import DARK, Space3D
from tests.scenes.kit.test_space3d import everything
from tests.scenes.pictures import picture, scratch
with scratch():
    print(hashlib.sha256(picture(everything()).tobytes()).hexdigest())
"""


def everything() -> Space3D:
    space = Space3D(DARK, camera=Camera3D(centre=(0.5, 0, 0), zoom=1.5))
    tori(space)
    space.add(Plane((1.5, 0, 0.2), (0, 1.5, 0), DARK.accent, 0.4))
    t = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    space.add(Tube(np.stack([2 * np.cos(t), np.sin(t), np.sin(2 * t)], 1), 0.1, "#44cc88", 0.5, closed=True))
    space.add(Points(np.random.default_rng(0).normal(size=(500, 3)), "#ffffff", 4.0))
    space.axes(np.array([[-2, 2], [-2, 2], [-1, 1]]))
    return space


def test_the_same_frame_is_the_same_bytes() -> None:
    first = picture(everything())
    other = Space3D(DARK, BOX)
    other.add(Sphere(1.0, "#ff0000", 0.5))
    picture(other)
    assert np.array_equal(picture(everything()), first)


@pytest.mark.slow
def test_so_it_is_in_another_process() -> None:
    run = subprocess.run([sys.executable, "-c", FRAME], capture_output=True, text=True, check=True)
    here = hashlib.sha256(picture(everything()).tobytes()).hexdigest()
    assert run.stdout.split()[-1] == here


class FewLines(TraceScene):
    """A user's scene."""

    def construct(self) -> None:
        space = self.space3d()
        torus = space.add(Torus(2.0, 0.7, self.theme.class_colour(0)))
        flat = torus.points * np.array([1, 1, 0.2])
        self.play(space.turn(theta=PI / 2), space.morph(torus, flat), run_time=1)


def test_the_example_in_the_manual_plays(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "three-dimensions.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(code, str(page), "exec"), names)
    pictures = [still.frame for still in stills(names["Unlinked"])]
    assert len(pictures) == 4
    assert all(not np.array_equal(a, b) for a, b in itertools.pairwise(pictures[:3]))


def test_a_scene_takes_a_few_lines() -> None:
    (last,) = stills(FewLines)
    assert last.frame[..., :3].max() > 150
