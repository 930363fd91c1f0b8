"""Text is taken literally, and numbers and matrices are written as a mathematician would."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from manim import Typst, VMobject

from scenes.kit.text import (
    PREAMBLE,
    LayerFormula,
    activation_formula,
    layer_formula,
    math,
    matrix,
    number,
    scientific,
    text,
)
from tests.scenes.example_films import interval_trace, written_trace
from tests.topo_core.example_traces import example_trace
from topo_core.activations import ACTIVATIONS


def glyphs(mobject: VMobject) -> np.ndarray:
    """All points, so that equal arrays look the same."""
    parts = [part.points for part in mobject.family_members_with_points()]
    return np.concatenate(parts) if parts else np.zeros((0, 3))


def literally(content: str) -> Typst:
    """The same words as a string, in which Typst finds no markup."""
    quoted = content.replace("\\", "\\\\").replace('"', '\\"')
    return Typst(f'#text(weight: "regular", "{quoted}")', font_size=34, typst_preamble=PREAMBLE)


class TestText:
    @pytest.mark.parametrize(
        "content",
        [
            "plain words",
            "a # b $ c * d _ e ` f",
            "<label> @reference [bracket] ~ tie",
            "#import and #let x = 1",
            "$x^2$ *bold* _slanted_ `code`",
            "= not a heading",
            "- not a list",
            "+ not a list either",
            "/ term: not a term",
            "1. not an enumeration",
            "back\\slash and \\u{1F600}",
            "-- a dash --- and ---",
            "three dots ...",
            "it's \"quoted\" and 'quoted'",
            "https://example.org/path",
            "// no comment /* nor this */",
            "5 < 6 > 4, 100 %, 50 & more",
            "{braces} (round) ; : ! ?",
            "-1.5",
        ],
    )
    def test_special_characters_are_taken_literally(self, content: str) -> None:
        ours, wanted = glyphs(text(content)), glyphs(literally(content))
        assert ours.shape == wanted.shape
        np.testing.assert_allclose(ours, wanted, atol=0.02)

    def test_line_breaks_are_kept(self) -> None:
        one, two = text("north"), text("north\nsouth")
        assert two.height > 1.8 * one.height
        assert len(two.family_members_with_points()) == len("northsouth")

    def test_an_umlaut_and_a_minus(self) -> None:
        assert len(text("\u00fcber").family_members_with_points()) >= 4

    def test_bold_is_bolder(self) -> None:
        assert text("separate", weight="bold").width > text("separate").width

    def test_size_and_colour(self) -> None:
        assert text("x", 68).height == pytest.approx(2 * text("x", 34).height, rel=0.02)
        assert text("x", color="#ff0000")[0].get_fill_color().to_hex().lower() == "#ff0000"

    def test_the_font_is_everywhere_the_same(self) -> None:
        import typst

        wanted = {"Libertinus Serif", "New Computer Modern Math"}
        families = typst.Fonts(include_system_fonts=False).families()
        assert wanted <= set(families)


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "digits", "written"),
        [
            (1.0, 2, "1.00"),
            (-2.345, 1, "-2.3"),
            (-0.001, 2, "0.00"),
            (-0.0, 2, "0.00"),
            (0.005, 1, "0.0"),
            (-0.006, 2, "-0.01"),
            (12345.678, 2, "12345.68"),
            (3.7, 0, "4"),
            (-0.4, 0, "0"),
        ],
    )
    def test_examples(self, value: float, digits: int, written: str) -> None:
        assert number(value, digits) == written

    @given(st.floats(-1e6, 1e6), st.integers(0, 6))
    @example(-0.0049, 2)
    def test_it_is_the_value_rounded_without_a_negative_zero(self, value: float, digits: int) -> None:
        written = number(value, digits)
        assert float(written) == pytest.approx(value, abs=0.500001 * 10.0**-digits)
        assert not (written.startswith("-") and float(written) == 0)
        assert len(written.partition(".")[2]) == digits


class TestMatrix:
    def test_a_matrix(self) -> None:
        assert matrix(np.array([[1, 2.345], [-3, 0]])) == 'mat(delim: "[", 1.00, 2.35; -3.00, 0.00)' or (
            matrix(np.array([[1, 2.345], [-3, 0]])) == 'mat(delim: "[", 1.00, 2.34; -3.00, 0.00)'
        )

    def test_rows_and_columns_are_not_exchanged(self) -> None:
        assert matrix(np.array([[1.0, 2.0, 3.0]]), 0) == 'mat(delim: "[", 1, 2, 3)'
        assert matrix(np.array([[1.0], [2.0]]), 0) == 'mat(delim: "[", 1; 2)'

    def test_a_vector_is_a_column(self) -> None:
        assert matrix(np.array([1.0, -2.0]), 1) == 'mat(delim: "[", 1.0; -2.0)'

    def test_it_can_be_set(self) -> None:
        square, column = (math(matrix(m)) for m in (np.array([[1.5, -2], [0, 3]]), np.array([1.5, 2])))
        assert square.width > column.width
        assert square.height == pytest.approx(column.height, rel=0.05)


class TestFormulas:
    @pytest.mark.parametrize("name", sorted(ACTIVATIONS))
    def test_every_activation_can_be_set(self, name: str) -> None:
        assert math(f"x |-> {activation_formula(name, 'W x + b')}").width > 0

    def test_linear_is_not_written(self) -> None:
        assert activation_formula("linear", "W x + b") == "W x + b"
        assert activation_formula("tanh", "x") == "tanh(x)"

    def test_a_layer(self) -> None:
        layer = written_trace().layers[0]
        assert isinstance(layer_formula(layer), LayerFormula)
        np.testing.assert_array_equal(glyphs(layer_formula(layer)), glyphs(math("x |-> tanh(W x + b)", 40)))

    def test_a_layer_with_its_numbers(self) -> None:
        wanted = 'x |-> tanh(mat(delim: "[", 1.69, 1.28; -1.69, 1.28) x + mat(delim: "[", 0.74; 0.74))'
        formula = layer_formula(written_trace().layers[0], values=True)
        np.testing.assert_array_equal(glyphs(formula), glyphs(math(wanted, 40)))

    def test_layers_of_other_shapes(self) -> None:
        for trace in (interval_trace(), example_trace("2-2-3:relu-2", 1), example_trace("1-1:sigmoid", 1)):
            for layer in trace.layers:
                assert layer_formula(layer, values=True).width > layer_formula(layer).width


class TestCopies:
    def test_a_copy_looks_the_same_and_moves_on_its_own(self) -> None:
        mobject = text("one\ntwo").set_color("#ff0000").set_opacity(0.5)
        twin = mobject.copy()
        np.testing.assert_array_equal(glyphs(twin), glyphs(mobject))
        twin.shift((1.0, 0.0, 0.0)).set_opacity(0.1).set_color("#00ff00")
        np.testing.assert_allclose(glyphs(twin), glyphs(mobject) + np.array([1.0, 0.0, 0.0]))
        assert mobject[0].get_fill_opacity() == 0.5
        assert mobject[0].get_fill_color().to_hex() == "#FF0000"
        assert twin.submobjects[0] is not mobject.submobjects[0]

    def test_a_selection_in_a_copy_is_of_the_copy(self) -> None:
        mobject = math("{{a^2 : left}} = c^2", color="#ffffff")
        twin = mobject.copy()
        twin.select("left").set_color("#ff0000")
        assert mobject.select("left")[0].get_fill_color().to_hex() == "#FFFFFF"
        assert twin.submobjects[0].get_fill_color().to_hex() == "#FF0000"

    def test_updaters_of_a_copy_are_its_own(self) -> None:
        mobject = text("moves").add_updater(lambda m: m)
        twin = mobject.copy()
        twin.clear_updaters()
        assert len(mobject.updaters) == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0"), (4.24e-12, "4.2 times 10^(-12)"), (-1.0, "-1.0 times 10^(0)"), (9.96e5, "1.0 times 10^(6)")],
)
def test_scientific_numbers(value: float, shown: str) -> None:
    assert scientific(value) == shown
