"""Text as outlines: set where it should be, and numbers that keep their place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import Glyphs, math_glyphs, number_glyphs, text_glyphs
from scenes.kit.text import text
from tests.scenes.pictures import picture, scratch
from topo_core.errors import TopoError

pytestmark = pytest.mark.usefixtures("typst")


@pytest.fixture(scope="module", autouse=True)
def typst() -> object:
    with scratch() as folder:
        yield folder


class Written(Drawable):
    """One line of text at a place."""

    def __init__(self, glyphs: Glyphs, x: float, y: float, scale: float = 1.0) -> None:
        super().__init__()
        self.glyphs, self.x, self.y, self.zoom = glyphs, x, y, scale
        self.points = np.array([[-7.0, -4.0, 0.0], [7.0, 4.0, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        canvas.glyphs(self.glyphs, self.x, self.y, "#ffffff", scale=self.zoom)


def ink(image: np.ndarray) -> tuple[float, float, float, float]:
    """Bounds of what is drawn, in Manim units: left, lower, right, upper."""
    rows, columns = np.nonzero(image.max(axis=-1) > 100)
    height, width = image.shape[:2]
    x0, x1 = (
        (columns.min() / width - 0.5) * 8 * width / height,
        ((columns.max() + 1) / width - 0.5) * 8 * width / height,
    )
    return x0, 4 - (rows.max() + 1) * 8 / height, x1, 4 - rows.min() * 8 / height


class TestPlace:
    @pytest.mark.parametrize("scale", [1.0, 2.0])
    def test_the_box_is_where_the_ink_is(self, scale: float) -> None:
        for glyphs in (
            text_glyphs("gap Total", 60),
            math_glyphs("x |-> W_1 x", 60),
            number_glyphs("-0.25", 60),
        ):
            image = picture(Written(glyphs, -3.0, 0.5, scale), width=1280, height=720)
            box = np.array(glyphs.box) * scale + [-3.0, 0.5, -3.0, 0.5]
            low, right, high = ink(image)[1:]
            assert (low, high) == pytest.approx((box[1], box[3]), abs=0.03)
            assert box[2] - 0.15 < right < box[2] + 0.03  # a number ends with the room beside its last figure

    def test_letters_stand_on_the_baseline_and_some_reach_below(self) -> None:
        assert text_glyphs("Hum", 40).box[1] == pytest.approx(0, abs=0.01)
        assert text_glyphs("gyp", 40).box[1] < -0.05
        assert math_glyphs("x_1", 40).box[1] < -0.02

    def test_it_is_what_manim_would_draw(self) -> None:
        mobject, glyphs = text("Two spirals", 60), text_glyphs("Two spirals", 60)
        assert (glyphs.width, glyphs.height) == pytest.approx((mobject.width, mobject.height), abs=1e-6)

    @pytest.mark.parametrize("blank", ["", " "])
    def test_blanks_are_nothing_to_draw(self, blank: str) -> None:
        glyphs = text_glyphs(blank, 40)
        assert (glyphs.width, glyphs.height) == (0, 0)
        assert not picture(Written(glyphs, 0.0, 0.0)).any()

    def test_bold_is_wider(self) -> None:
        assert text_glyphs("loss", 40, "bold").width > text_glyphs("loss", 40).width


class TestNumbers:
    @given(st.lists(st.sampled_from("0123456789"), min_size=1, max_size=12))
    @settings(deadline=None, max_examples=60)
    def test_figures_all_have_the_same_width(self, digits: list[str]) -> None:
        zero = number_glyphs("0", 32).width
        assert number_glyphs("".join(digits), 32).width == pytest.approx(len(digits) * zero, abs=1e-9)

    def test_a_hyphen_is_a_minus_sign(self) -> None:
        assert number_glyphs("-1", 32).width == number_glyphs("−1", 32).width > number_glyphs("1", 32).width

    @pytest.mark.parametrize("content", ["87.2 %", "1e-13", "±1", "3/4", "(0, 1)", "<0.05", "1:5", "2×2=4"])
    def test_what_numbers_are_made_of(self, content: str) -> None:
        glyphs = number_glyphs(content, 32)
        assert len(glyphs.curves) == len(content.replace(" ", ""))
        lefts = [curve[:, 0].min() for curve in glyphs.curves]
        assert lefts == sorted(lefts)

    def test_the_order_of_figures_is_kept(self) -> None:
        one, eight = (number_glyphs(d, 32).curves[0] for d in "18")
        first, second = number_glyphs("18", 32).curves
        assert len(first) == len(one)
        assert len(second) == len(eight)

    def test_words_are_refused(self) -> None:
        with pytest.raises(TopoError, match="'a' is no figure"):
            number_glyphs("1 apple", 32)
