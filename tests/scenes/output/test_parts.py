"""Which scenes the film consists of, and how ``--only`` chooses."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scenes.catalogue import SCENES, Entry
from scenes.output import parts
from scenes.output.parts import Card, chosen_parts, film_parts, name_of, numbers_in
from scenes.output.settings import Settings
from topo_core.errors import SpecError


def entry(name: str, title: str, about: str = "") -> Entry:
    return Entry(name, f"module.{name}", "Scene", title, (), about)


@pytest.fixture
def six(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of six scenes."""
    entries = [entry(f"scene-{i}", f"Scene: about {i}") for i in range(1, 7)]
    monkeypatch.setattr(parts, "SCENES", {e.name: e for e in entries})


class TestParts:
    def test_the_catalogue_in_its_order(self) -> None:
        assert [part.target for part in film_parts()] == list(SCENES)
        assert [part.card.number for part in film_parts()] == list(range(1, len(SCENES) + 1))

    def test_every_scene_has_a_title_and_a_line_about_it(self) -> None:
        """Give the catalogue's entry a title with a colon, or ``about``."""
        for part in film_parts():
            assert part.card.title, part.target
            assert part.card.about, part.target
            assert ":" not in part.card.title, part.target

    @pytest.mark.parametrize(
        ("given", "card"),
        [
            (entry("a", "Simple: two curves"), Card(1, "Simple", "Two curves")),
            (entry("a", "Simple: two curves", "A line"), Card(1, "Simple", "A line")),
            (entry("a", "Simple", "A line"), Card(1, "Simple", "A line")),
            (entry("a", "Simple: the plane: how"), Card(1, "Simple", "The plane: how")),
            (entry("a", "Simple"), Card(1, "Simple", "")),
        ],
    )
    def test_a_card(self, given: Entry, card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts, "SCENES", {"a": given})
        (part,) = film_parts()
        assert part.card == card
        assert part.chapter == "1. Simple"

    def test_the_key_of_a_card_says_all_that_it_shows(self) -> None:
        cards = [Card(1, "A", "b"), Card(2, "A", "b"), Card(1, "B", "b"), Card(1, "A", "c")]
        settings = [Settings("l"), Settings("m"), Settings("l", theme="light"), Settings("l", fps=30)]
        assert len({card.key(each) for card in cards for each in settings}) == 16


class TestOnly:
    @pytest.mark.parametrize(
        ("only", "numbers"),
        [
            (None, [1, 2, 3, 4, 5, 6]),
            ("1", [1]),
            ("1,3-5", [1, 3, 4, 5]),
            ("6,1", [1, 6]),
            ("2-2", [2]),
            ("1-3,2-4", [1, 2, 3, 4]),
            (" 1 , 3 - 4 ", [1, 3, 4]),
            ("01", [1]),
        ],
    )
    @pytest.mark.usefixtures("six")
    def test_numbers_and_ranges(self, only: str | None, numbers: list[int]) -> None:
        chosen = chosen_parts(only)
        assert [part.card.number for part in chosen] == numbers
        assert [part.target for part in chosen] == [f"scene-{i}" for i in numbers]

    @pytest.mark.parametrize(
        ("only", "message"),
        [
            ("", "--only '': give numbers of scenes and ranges, for example 1,3-5"),
            ("1,", "--only '1,': give numbers"),
            ("a", "--only 'a': give numbers"),
            ("1.5", "give numbers"),
            ("-1", "give numbers"),
            ("1-", "give numbers"),
            ("1-2-3", "give numbers"),
            ("1 2", "give numbers"),
            ("٣", "give numbers"),
            ("9" * 5000, "give numbers"),
            ("0", "--only '0': there is no scene 0; choose from 1 to 6"),
            ("7", "there is no scene 7"),
            ("1-7", "there is no scene 7"),
            ("0-3", "there is no scene 0"),
            ("1-999999", "there is no scene 999999"),
            ("5-3", "--only '5-3': the range 5-3 runs backwards"),
        ],
    )
    @pytest.mark.usefixtures("six")
    def test_what_is_no_list_of_scenes(self, only: str, message: str) -> None:
        with pytest.raises(SpecError) as told:
            chosen_parts(only)
        assert message in str(told.value)
        assert "\n" not in str(told.value)
        assert len(str(told.value)) < 200

    @given(st.sets(st.integers(1, 30), min_size=1), st.integers(30, 40))
    def test_a_list_is_read_as_it_is_written(self, numbers: set[int], count: int) -> None:
        assert numbers_in(",".join(map(str, numbers)), count) == numbers

    @given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1))
    def test_ranges_are_read_as_they_are_written(self, spans: list[tuple[int, int]]) -> None:
        only = ",".join(f"{first}-{first + more}" for first, more in spans)
        wanted = {n for first, more in spans for n in range(first, first + more + 1)}
        assert numbers_in(only, 40) == wanted

    @given(st.text())
    @example("1,")
    def test_anything_else_is_one_message(self, only: str) -> None:
        numbers, message = frozenset[int](), ""
        try:
            numbers = numbers_in(only, 6)
        except SpecError as error:
            message = str(error)
        assert message.isprintable()
        assert bool(message) != bool(numbers)
        assert numbers <= set(range(1, 7))

    @given(st.sets(st.integers(1, 12), min_size=1))
    def test_the_name_says_what_is_in_it(self, numbers: set[int]) -> None:
        assume(len(numbers) < 12)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "SCENES", {str(i): entry(str(i), "Scene") for i in range(1, 13)})
            chosen = [part for part in film_parts() if part.card.number in numbers]
            assert numbers_in(name_of(chosen).removeprefix("film-"), 12) == numbers

    @pytest.mark.usefixtures("six")
    def test_names(self) -> None:
        assert name_of(chosen_parts(None)) == "film"
        assert name_of(chosen_parts("1-6")) == "film"
        assert name_of(chosen_parts("1,3,4,6")) == "film-1,3-4,6"
