"""What the look of a section's end is judged by, each fault brought about on purpose."""

from typing import Any

import numpy as np
import pytest
from manim import DOWN, RIGHT, UP, FadeIn, Rectangle, VGroup

from scenes.kit import Live, Number, TraceScene, math, text
from scenes.kit.canvas import DrawnText
from scenes.kit.theme import DARK
from scenes.output.look import LEAST_CONTRAST, LookRenderer, Page, contrast, faults, picture_of
from scenes.output.play import play_scene
from scenes.output.settings import Settings

pytestmark = pytest.mark.usefixtures("studio")


def pages(build: Any) -> list[Page]:
    """The pages of a scene that ``build`` plays."""

    class Built(TraceScene):
        def construct(self) -> None:
            build(self)

    return play_scene(Built, LookRenderer, Settings("l", fps=5), None).renderer.pages


def complaints(build: Any) -> list[str]:
    return [fault.what for page in pages(build) for fault in faults(page)]


def live(x: float, y: float, content: str = "12.34", size: float = 40, colour: str = DARK.ink) -> Live:
    return Live(lambda: [Number(content)], x, y, size, colour)


class TestPages:
    def test_one_for_the_end_of_every_section(self) -> None:
        def build(scene: TraceScene) -> None:
            with scene.section("first"):
                scene.add(text("one", 40))
                scene.wait(0.4)
            with scene.section("second"):
                scene.play(FadeIn(text("two", 40).shift(2 * UP)), run_time=0.4)

        found = pages(build)
        assert [(page.section, page.time) for page in found] == [("first", 0.4), ("second", 0.8)]
        assert [len(page.texts) for page in found] == [1, 2]

    def test_the_background_has_no_text_and_the_frame_has(self) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(
                Rectangle(color=DARK.accent), text("word", 60), math("x^2", 60).shift(3 * UP), live(2, 2)
            )
            scene.wait(0.2)

        (page,) = pages(build)
        ink = np.abs(page.frame[..., :3].astype(int) - 240).max(axis=-1) < 40
        assert ink.any()
        assert not (np.abs(page.background[..., :3].astype(int) - 240).max(axis=-1) < 40).any()
        assert (page.background[..., 0] > 200).any()  # the rectangle stays

    def test_what_is_faded_out_is_not_text(self) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(text("gone", 40).set_opacity(0), live(0, 0).set_opacity(0.1))
            scene.wait(0.2)

        (page,) = pages(build)
        assert page.texts == ()


class TestFaults:
    def test_a_readable_page_has_none(self) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(VGroup(text("above", 40), text("below", 40)).arrange(DOWN), live(3, 3))
            scene.wait(0.2)

        assert complaints(build) == []

    @pytest.mark.parametrize("kind", ["manim's", "ours"])
    def test_text_that_leaves_the_frame(self, kind: str) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(text("far", 40).move_to(7.1 * RIGHT) if kind == "manim's" else live(6.8, 0))
            scene.wait(0.2)

        (what,) = complaints(build)
        assert "leaves the frame" in what

    @pytest.mark.parametrize("kind", ["manim's", "ours", "both"])
    def test_text_that_overlaps_text(self, kind: str) -> None:
        def build(scene: TraceScene) -> None:
            first = live(0, 0) if kind == "ours" else text("under", 40).shift(0.2 * RIGHT)
            second = text("over", 40) if kind == "manim's" else live(0.3, 0.05)
            scene.add(first, second)
            scene.wait(0.2)

        (what,) = complaints(build)
        assert "overlaps" in what

    @pytest.mark.parametrize("kind", ["manim's", "ours"])
    def test_text_too_faint(self, kind: str) -> None:
        colour = "#3a404a"

        def build(scene: TraceScene) -> None:
            scene.add(text("dim", 40, color=colour) if kind == "manim's" else live(0, 0, colour=colour))
            scene.wait(0.2)

        (what,) = complaints(build)
        assert "contrast" in what

    def test_text_on_something_of_its_own_colour(self) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(Rectangle(color=DARK.ink, fill_opacity=1), text("white on white", 30))
            scene.wait(0.2)

        (what,) = complaints(build)
        assert "contrast of only 1.0" in what

    def test_half_transparent_text_is_judged_as_it_is_seen(self) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(text("half", 40).set_opacity(0.3), live(3, 0).set_opacity(0.3))
            scene.wait(0.2)

        assert len(complaints(build)) == 2

    def test_the_picture_shows_where(self) -> None:
        def build(scene: TraceScene) -> None:
            scene.add(text("dim", 40, color="#3a404a"))
            scene.wait(0.2)

        (page,) = pages(build)
        marked = np.asarray(picture_of(page, faults(page))).astype(int)
        red = (marked[..., 0] > 200) & (marked[..., 1] < 40)
        rows, columns = np.nonzero(red)
        assert rows.min() < 240 < rows.max()
        assert columns.min() < 424 < columns.max()


def test_contrast_is_that_of_the_guidelines() -> None:
    background = np.zeros((480, 848, 4), np.uint8)
    background[...] = (255, 255, 255, 255)

    def of(colour: str, opacity: float = 1.0) -> float:
        return contrast(DrawnText("x", (0.0, 0.0, 1.0, 1.0), colour, opacity), background)

    assert of("#000000") == pytest.approx(21.0)
    assert of("#767676") == pytest.approx(4.54, abs=0.005)
    assert of("#767676") >= LEAST_CONTRAST
    assert of("#777777") == pytest.approx(4.48, abs=0.005)
    assert of("#000000", 0.0) == pytest.approx(1.0)
