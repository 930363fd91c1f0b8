"""Network specs: what they parse to, how they print, and how they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topo_core.activations import ACTIVATIONS
from topo_core.errors import SpecError
from topo_core.spec import MAX_WIDTH, NetworkSpec

widths = st.integers(1, MAX_WIDTH)
names = st.sampled_from(sorted(ACTIVATIONS))


@st.composite
def specs(draw: st.DrawFn) -> NetworkSpec:
    hidden = draw(st.lists(st.tuples(widths, names), max_size=8))
    return NetworkSpec((draw(widths), *(width for width, _ in hidden)), tuple(name for _, name in hidden))


class TestParse:
    def test_plain_widths_are_tanh_layers(self) -> None:
        spec = NetworkSpec.parse("2-2-2-2-2")
        assert spec.widths == (2, 2, 2, 2, 2)
        assert spec.activations == ("tanh",) * 4
        assert spec.n_layers == 4

    def test_a_layer_may_name_its_activation(self) -> None:
        assert NetworkSpec.parse("2-3:relu-2").activations == ("relu", "tanh")
        assert NetworkSpec.parse("2-3:relu-2", activation="sigmoid").activations == (
            "relu",
            "sigmoid",
        )

    def test_no_hidden_layer_is_a_network_too(self) -> None:
        spec = NetworkSpec.parse("2")
        assert spec.widths == (2,)
        assert spec.activations == ()
        assert spec.n_layers == 0

    def test_spaces_do_not_matter(self) -> None:
        assert NetworkSpec.parse(" 2 - 3 : relu ") == NetworkSpec.parse("2-3:relu")

    def test_the_widest_layer_is_allowed(self) -> None:
        assert NetworkSpec.parse(f"2-{MAX_WIDTH}").widths[1] == MAX_WIDTH

    @given(specs())
    def test_printing_and_parsing_are_inverse(self, spec: NetworkSpec) -> None:
        assert NetworkSpec.parse(str(spec)) == spec
        assert NetworkSpec.parse(str(spec), activation="relu").widths == spec.widths

    def test_it_prints_as_it_is_written(self) -> None:
        for text in ("2", "2-2-2", "2-3:relu-2", "1-4096:softplus"):
            assert str(NetworkSpec.parse(text)) == text

    @given(st.text(max_size=40) | st.text(alphabet="0123456789-:tanh ", max_size=40))
    def test_any_other_text_is_a_spec_error_of_one_line(self, text: str) -> None:
        try:
            spec = NetworkSpec.parse(text)
        except SpecError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            assert NetworkSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("-", "missing or negative"),
        ("2-", "missing or negative"),
        ("2--3", "missing or negative"),
        ("-2-3", "missing or negative"),
        ("2-x", "'x' is not a whole number"),
        ("2-2.5", "'2.5' is not a whole number"),
        ("2,2,2", "'2,2,2' is not a whole number"),
        ("2-+3", r"'\+3' is not a whole number"),
        ("2-1_0", "'1_0' is not a whole number"),
        ("2-٣", "is not a whole number"),
        ("2-0", "0 is not between 1 and 4096"),
        ("2-4097", "4097 is not between 1 and 4096"),
        ("2-" + "9" * 5000, "is not between 1 and 4096"),
        ("2" + "-2" * 1001, "more than 1000 hidden layers"),
        ("2:relu-2", "the input has no activation"),
        ("2-2:", "no activation is called ''"),
        ("2-2:tahn", "did you mean tanh"),
        ("2-2:RELU", "did you mean relu"),
        ("2-2:zzz", "choose one of tanh, sigmoid"),
    ],
)
def test_bad_specs_say_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(SpecError, match=complaint) as caught:
        NetworkSpec.parse(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_messages_name_the_spec_and_show_how_to_write_one() -> None:
    with pytest.raises(SpecError, match=r"network '2-x-2'.* such as '2-2-2' or '2-3:relu-2'"):
        NetworkSpec.parse("2-x-2")


def test_the_default_activation_is_checked_even_if_unused() -> None:
    with pytest.raises(SpecError, match="did you mean sigmoid"):
        NetworkSpec.parse("2", activation="sigmiod")


@pytest.mark.parametrize(
    ("given_widths", "activations", "complaint"),
    [
        ((), (), "without an input"),
        ((2, 0), ("tanh",), "not between"),
        ((2, -1), ("tanh",), "not between"),
        ((2, 2.0), ("tanh",), "not a whole number"),
        ((True, 2), ("tanh",), "not a whole number"),
        ((2, 2), (), "0 activations for 1 hidden"),
        ((2, 2), ("tanh", "tanh"), "2 activations for 1 hidden"),
        ((2, 2), ("tahn",), "did you mean tanh"),
    ],
)
def test_direct_construction_is_checked_alike(
    given_widths: tuple[int, ...], activations: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(SpecError, match=complaint):
        NetworkSpec(given_widths, activations)


def test_specs_are_values() -> None:
    assert NetworkSpec.parse("2-2") == NetworkSpec((2, 2), ("tanh",))
    assert len({NetworkSpec.parse("2-2"), NetworkSpec.parse("2-2:tanh")}) == 1
    assert NetworkSpec([2, 2], ["tanh"]) == NetworkSpec((2, 2), ("tanh",))  # type: ignore[arg-type]
