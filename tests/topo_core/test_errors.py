"""Messages are one line, suggest the nearest name, and survive a trip between processes."""

import pickle

import pytest

from topo_core import errors
from topo_core.errors import TopoError, UnknownNameError, shown

KINDS = ["DataError", "SpecError", "TraceError", "DependencyError"]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_a_topo_error_with_its_message(name: str) -> None:
    error = getattr(errors, name)("file.csv: is empty; give rows")
    assert isinstance(error, TopoError)
    assert str(error) == "file.csv: is empty; give rows"


class TestUnknownNameError:
    def test_suggests_the_nearest_name(self) -> None:
        error = UnknownNameError("experiment", "spirls", ["curves", "spirals", "interval"])
        assert str(error) == ("no experiment is called 'spirls'; did you mean spirals?")

    def test_suggests_several_near_names(self) -> None:
        error = UnknownNameError("dataset", "spiral", ["spirals-a", "spirals-b"])
        assert "did you mean spirals-" in str(error)
        assert " or " in str(error)

    def test_ignores_case(self) -> None:
        assert "did you mean Spirals?" in str(UnknownNameError("scene", "SPIRALS", ["Spirals"]))

    def test_lists_all_names_when_none_is_near(self) -> None:
        error = UnknownNameError("theme", "qqq", (n for n in ("dark", "light")))
        assert str(error) == "no theme is called 'qqq'; choose one of dark, light"

    def test_says_when_there_are_none(self) -> None:
        assert str(UnknownNameError("scene", "a", [])) == "no scene is called 'a'; there are none"

    def test_a_long_foreign_name_stays_one_short_line(self) -> None:
        message = str(UnknownNameError("dataset", "x\n" * 10_000, ["spirals"]))
        assert "\n" not in message
        assert len(message) < 200

    def test_can_be_pickled(self) -> None:
        error = UnknownNameError("dataset", "spirls", ["spirals"])
        copy = pickle.loads(pickle.dumps(error))
        assert isinstance(copy, UnknownNameError)
        assert (str(copy), copy.known) == (str(error), ("spirals",))


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "'a'"), (1.5, "1.5"), ("a\nb", r"'a\nb'"), (None, "None"), ("y" * 60, repr("y" * 60))],
)
def test_shown_quotes_and_escapes(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize("value", ["z" * 61, "\n" * 1000, list(range(1000))])
def test_shown_cuts_what_is_long(value: object) -> None:
    assert shown(value).endswith("...")
    assert len(shown(value)) == 63
