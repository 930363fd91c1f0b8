"""The camera: right colours, and kept images that nobody can tell from a fresh drawing."""

import copy
from collections.abc import Callable

import numpy as np
import pytest
from manim import (
    DOWN,
    RIGHT,
    CapStyleType,
    Circle,
    Dot,
    LineJointType,
    Mobject,
    Polygon,
    Square,
    VGroup,
    VMobject,
)

from scenes.kit.camera import Canvas, Drawable, SharedGroup, StageCamera
from scenes.kit.text import math, text
from tests.scenes.pictures import Picture, colour, looks, picture, pixel, rgb_of, shoot, small_camera

RED, GREEN, BLUE = "#ff0000", "#00c000", "#0000ff"


class Patch(Drawable):
    """A square drawn from arrays."""

    def __init__(self, shade: str = RED, centre: tuple[float, float] = (0.0, 0.0), half: float = 1.0) -> None:
        super().__init__()
        self.shade, self.half = shade, half
        self.centre_at(centre)

    def centre_at(self, centre: tuple[float, float]) -> None:
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * self.half + np.array(centre)
        self.points = np.pad(corners, ((0, 0), (0, 1)))

    def draw(self, canvas: Canvas) -> None:
        canvas.fill([self.points[:, :2]], self.shade)


class Strokes(Drawable):
    """A line, a dot and a clipped square in different colours."""

    def __init__(self) -> None:
        super().__init__()
        self.points = np.array([[-6.0, -3.0, 0.0], [6.0, 3.0, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        canvas.stroke([np.array([[-5.0, 2.0], [5.0, 2.0]])], RED, 40)
        canvas.dots(np.array([[0.0, 0.0]]), GREEN, 60)
        canvas.context.save()
        canvas.clip(-5.0, -3.0, -4.0, -1.0)
        canvas.fill([np.array([[-6.0, -4.0], [6.0, -4.0], [6.0, -0.5], [-6.0, -0.5]])], BLUE)
        canvas.context.restore()


class Ring(Drawable):
    """A square with a square hole."""

    def __init__(self) -> None:
        super().__init__()
        self.points = np.array([[-2.0, -2.0, 0.0], [2.0, 2.0, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
        canvas.fill([2 * square, square], RED)


def at(image: Picture, x: float, y: float) -> np.ndarray:
    return image[pixel((x, y), image.shape)]


class TestColours:
    def test_red_is_red(self) -> None:
        image = picture(Patch(RED))
        np.testing.assert_array_equal(at(image, 0, 0), [255, 0, 0])
        np.testing.assert_array_equal(at(image, 3, 0), [0, 0, 0])

    def test_blue_is_blue(self) -> None:
        np.testing.assert_array_equal(at(picture(Patch(BLUE)), 0, 0), [0, 0, 255])

    def test_drawables_and_mobjects_agree(self) -> None:
        drawn = at(picture(Patch("#3366cc")), 0, 0)
        filled = at(picture(Square(2, color="#3366cc", fill_opacity=1, stroke_width=0)), 0, 0)
        assert np.abs(drawn - filled).max() <= 1
        assert np.abs(drawn - colour("#3366cc")).max() <= 1

    def test_strokes_dots_and_clips(self) -> None:
        image = picture(Strokes(), width=640, height=360)
        assert looks(image, RED)[pixel((3, 2), image.shape)]
        assert looks(image, RED)[pixel((3, 2.15), image.shape)]
        assert not looks(image, RED)[pixel((3, 2.3), image.shape)]
        assert looks(image, GREEN)[pixel((0.2, 0), image.shape)]
        assert not looks(image, GREEN)[pixel((0.4, 0), image.shape)]
        blue = np.argwhere(looks(image, BLUE))
        top_left, bottom_right = pixel((-5, -1), image.shape), pixel((-4, -3), image.shape)
        assert np.abs(blue.min(axis=0) - top_left).max() <= 1
        assert np.abs(blue.max(axis=0) - bottom_right).max() <= 1

    def test_inner_rings_are_holes(self) -> None:
        image = picture(Ring(), background="#102030")
        np.testing.assert_array_equal(at(image, 1.5, 0), [255, 0, 0])
        np.testing.assert_array_equal(at(image, 0, 0), colour("#102030"))

    def test_for_a_vector_surface_nothing_is_swapped(self) -> None:
        import cairo

        surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, 1, 1)
        Canvas(context := cairo.Context(surface), swap_red_blue=False).set_colour("#ff8000")
        context.paint()
        np.testing.assert_array_equal(np.frombuffer(surface.get_data(), np.uint8), [0, 128, 255, 255])


class TestOpacity:
    def test_a_drawable_fades_as_a_whole(self) -> None:
        image = picture(Patch(RED).set_opacity(0.25), background="#0000ff")
        assert np.abs(at(image, 0, 0) - [64, 0, 191]).max() <= 2

    def test_at_zero_nothing_is_drawn(self) -> None:
        assert (picture(Patch(RED).set_opacity(0)) == 0).all()

    def test_fade_is_relative(self) -> None:
        patch = Patch().set_opacity(0.5)
        assert patch.fade(0.5).opacity == pytest.approx(0.25)

    def test_interpolate_takes_what_is_between(self) -> None:
        patch, first, second = Patch(), Patch().set_opacity(0.2), Patch().set_opacity(1.0)
        assert patch.interpolate(first, second, 0.25).opacity == pytest.approx(0.4)

    def test_a_copy_has_its_own_opacity_and_shares_what_is_heavy(self) -> None:
        patch = Patch()
        patch.heavy = np.zeros(3)
        twin = patch.copy().set_opacity(0.1)
        assert patch.opacity == 1.0
        assert twin.heavy is patch.heavy

    def test_a_copy_has_its_own_place(self) -> None:
        patch = Patch()
        before = patch.points.copy()
        patch.copy().shift(3 * RIGHT)
        np.testing.assert_array_equal(patch.points, before)

    def test_a_shared_group_copies_its_parts_only(self) -> None:
        group = SharedGroup(Patch(), Square())
        group.heavy = np.zeros(3)
        twin = copy.deepcopy(group)
        assert twin.heavy is group.heavy
        assert all(a is not b for a, b in zip(twin.submobjects, group.submobjects, strict=True))


def spike(width: float) -> Polygon:
    """A corner so sharp that its mitre reaches four line widths beyond it."""
    return Polygon((-5, 0.5, 0), (-1, 0, 0), (-5, -0.5, 0), stroke_width=width, color=RED)


#: Things of every kind that may rest while a drawable moves under them.
RESTING: dict[str, Callable[[], VMobject]] = {
    "text": lambda: text("Two spirals & 3 <lines>", 40, color="#f0f3f6").move_to((-2.0, 3.0, 0.0)),
    "formula": lambda: math("x |-> tanh(W x + b)", 44, color="#ffe08a"),
    "faint matrix": lambda: math('mat(delim: "[", 1, -2.5; 0, 3)', 44).set_opacity(0.5).shift(4 * RIGHT),
    "circles": lambda: VGroup(*(Circle(0.3 + 0.1 * k, stroke_width=3 * k) for k in range(5))).shift(2 * DOWN),
    "dots": lambda: VGroup(*(Dot(color=BLUE).shift(0.1 * k * RIGHT) for k in range(4))),
    "thin spike": lambda: spike(6).shift(2 * DOWN),
    "thick spike": lambda: spike(24),
    "outlined text": lambda: text("outlined", 44).set_stroke(RED, width=22, background=True),
    "sheen": lambda: Square(3, stroke_width=8, sheen_factor=0.5, sheen_direction=RIGHT, fill_opacity=0.6),
    "text half outside": lambda: text("half outside", 60).move_to((7.0, 3.7, 0.0)),
}


def resting() -> list[VMobject]:
    return [make() for make in RESTING.values()]


class TestKeptImages:
    def test_they_look_like_a_fresh_drawing(self) -> None:
        under, mobjects = Patch("#225588", half=1.2), resting()
        camera = small_camera("#0e1116", 640, 360)
        for step in range(4):
            under.centre_at((step - 2.0, 0.3 * step))
            kept = shoot(camera, under, *mobjects)
            fresh = shoot(small_camera("#0e1116", 640, 360), under, *mobjects)
            difference = np.abs(kept - fresh).max()
            assert difference <= 1, f"frame {step}"
        assert camera._sprites

    @pytest.mark.parametrize("kind", RESTING)
    def test_each_kind_alone(self, kind: str) -> None:
        group = [RESTING[kind]().shift(0.01 * k * RIGHT) for k in range(3)]
        camera = small_camera("#0e1116", 640, 360)
        frames = [shoot(camera, *group) for _ in range(3)]
        assert camera._sprites
        difference = np.abs(frames[2] - frames[0]).max()
        assert difference <= 3  # three layers, each rounded once

    def test_a_plain_manim_camera_draws_the_same(self) -> None:
        from manim import Camera

        mobjects = resting()
        plain = Camera(pixel_width=640, pixel_height=360, background_color="#0e1116")
        plain.capture_mobjects(mobjects)
        fresh = shoot(small_camera("#0e1116", 640, 360), *mobjects)
        np.testing.assert_array_equal(fresh, rgb_of(plain.pixel_array))

    def test_order_is_kept_around_a_moving_thing(self) -> None:
        below, above = (text("MMMMM", 90, color=c) for c in (RED, BLUE))
        patch = Patch(GREEN, half=0.5)
        camera = small_camera()
        for _ in range(3):
            image = shoot(camera, below, patch, above)
        assert looks(image, BLUE, 40).any()
        row, column = pixel((0, 0), image.shape)
        middle = image[row - 10 : row + 10, column - 10 : column + 10].reshape(-1, 3)
        assert not looks(middle, RED, 40).any()

    def test_what_moves_is_drawn_where_it_is(self) -> None:
        words = text("moving", 60)
        camera = small_camera()
        for step in range(4):
            words.shift(0.2 * RIGHT)
            fresh = shoot(small_camera(), words)
            np.testing.assert_array_equal(shoot(camera, words), fresh, err_msg=f"frame {step}")

    def test_a_glyph_that_changes_among_others_that_rest(self) -> None:
        words = text("abcdefgh", 80)
        camera = small_camera(width=640, height=360)
        for step in range(4):
            words[3].set_color([RED, GREEN, BLUE, RED][step])
            fresh = shoot(small_camera(width=640, height=360), words)
            assert np.abs(shoot(camera, words) - fresh).max() <= 1, f"frame {step}"

    def test_what_is_removed_leaves_nothing(self) -> None:
        words = text("gone", 60)
        camera = small_camera()
        for _ in range(3):
            shoot(camera, words)
        assert (shoot(camera) == 0).all()


CHANGES: dict[str, Callable[[VMobject], object]] = {
    "points": lambda m: m.shift(0.3 * RIGHT),
    "scale": lambda m: m.scale(1.2),
    "fill colour": lambda m: m.set_fill(GREEN),
    "fill opacity": lambda m: m.set_fill(opacity=0.3),
    "stroke colour": lambda m: m.set_stroke(GREEN),
    "stroke opacity": lambda m: m.set_stroke(opacity=0.2),
    "stroke width": lambda m: m.set_stroke(width=9),
    "background stroke": lambda m: m.set_stroke(RED, width=18, background=True),
    "colour": lambda m: m.set_color(BLUE),
    "opacity": lambda m: m.set_opacity(0.4),
    "joints": lambda m: [setattr(p, "joint_type", LineJointType.ROUND) for p in m.get_family()],
    "caps": lambda m: [setattr(p, "cap_style", CapStyleType.ROUND) for p in m.get_family()],
    "gradient": lambda m: m.set_color([RED, BLUE]),
    "sheen": lambda m: m.set_sheen(0.8, RIGHT),
    "sheen direction": lambda m: m.set_sheen_direction(DOWN),
}


class TestChanges:
    @pytest.mark.parametrize("name", CHANGES)
    def test_every_change_is_seen_at_once(self, name: str) -> None:
        shapes = VGroup(
            *(
                Polygon((x, 0, 0), (x + 1, 0, 0), (x + 0.5, 2, 0), color="#cccccc", fill_opacity=0.7)
                for x in (-3, -1, 1)
            )
        ).set_stroke(width=5)
        for shape in shapes:
            shape.set_sheen(-0.3, RIGHT)
        bent = VMobject(color="#cccccc", stroke_width=14)
        shapes.add(bent.set_points_as_corners([(-3, -2, 0), (0, -2.5, 0), (3, -2, 0)]))
        camera = small_camera(width=640, height=360)
        for _ in range(3):
            before = shoot(camera, shapes)
        CHANGES[name](shapes)
        after = shoot(camera, shapes)
        fresh = shoot(small_camera(width=640, height=360), shapes)
        np.testing.assert_array_equal(after, fresh)
        assert np.abs(after - before).max() > 5

    def test_a_change_of_the_order_is_seen(self) -> None:
        colours = (RED, GREEN, BLUE)
        squares = [Square(1, color=c, fill_opacity=1).shift(0.3 * k * RIGHT) for k, c in enumerate(colours)]
        camera = small_camera()
        for _ in range(3):
            shoot(camera, *squares)
        squares.reverse()
        np.testing.assert_allclose(shoot(camera, *squares), shoot(small_camera(), *squares), atol=1)


class TestMemory:
    def test_images_of_what_is_gone_are_dropped(self) -> None:
        camera = small_camera()
        for k in range(12):
            words = text(f"number {k}", 40)
            for _ in range(3):
                shoot(camera, words)
            assert len(camera._sprites) <= 1
            assert len(camera._looks) == len(words.family_members_with_points())
        shoot(camera)
        assert not camera._sprites
        assert not camera._looks

    def test_an_image_is_no_larger_than_what_it_shows(self) -> None:
        camera = small_camera(width=640, height=360)
        words = text("small", 30)
        for _ in range(3):
            shoot(camera, words)
        (sprite,) = camera._sprites.values()
        width = words.width * 640 / camera.frame_width
        assert sprite.surface.get_width() < width + 12

    def test_an_image_is_cut_at_the_frame(self) -> None:
        camera = small_camera()
        words = text("far too large", 2000)
        for _ in range(3):
            shoot(camera, words)
        for sprite in camera._sprites.values():
            assert sprite.surface.get_width() <= 320
            assert sprite.surface.get_height() <= 180

    def test_what_is_wholly_outside_costs_nothing(self) -> None:
        camera = small_camera()
        for where in ((30, 0, 0), (-30, 0, 0), (0, 30, 0), (0, -30, 0)):
            words = text("far away", 40).move_to(where)
            for _ in range(3):
                assert (shoot(camera, words) == 0).all()
            for sprite in camera._sprites.values():
                assert sprite.surface.get_width() * sprite.surface.get_height() <= 320

    def test_a_resting_run_is_drawn_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls: list[Mobject] = []
        original = StageCamera.display_vectorized

        def counted(self: StageCamera, mobject: VMobject, context: object) -> object:
            calls.append(mobject)
            return original(self, mobject, context)

        monkeypatch.setattr(StageCamera, "display_vectorized", counted)
        words, camera = text("resting words", 40), small_camera()
        for _ in range(20):
            shoot(camera, words)
        assert len(calls) == 2 * len(words.family_members_with_points())
