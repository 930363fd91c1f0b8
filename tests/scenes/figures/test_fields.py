"""Figures with other values in their fields."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest

from scenes.figures.fields import assignments, varied
from scenes.figures.page import Figure, Page
from scenes.figures.ready.strips import Filmstrip
from topo_core.errors import SpecError


@dataclass(frozen=True)
class Everything(Figure):
    """A field of every kind."""

    name: str = "spirals"
    count: int | None = None
    share: float = 0.5
    line: bool = True
    kind: Literal["a", "b"] = "a"
    seeds: tuple[int, ...] = (1, 2)
    pair: tuple[str, float] = ("x", 1.0)

    def draw(self, page: Page) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Nothing(Figure):
    """No fields."""


class TestAssignments:
    def test_in_order(self) -> None:
        assert assignments(["a=1", "b-c = x=y "]) == {"a": "1", "b_c": "x=y"}

    @pytest.mark.parametrize("written", ["a", "=1", ""])
    def test_what_is_none(self, written: str) -> None:
        with pytest.raises(SpecError, match="write FIELD=VALUE"):
            assignments([written])

    def test_twice(self) -> None:
        with pytest.raises(SpecError, match="once"):
            assignments(["a=1", "a=2"])


class TestVaried:
    @pytest.mark.parametrize(
        ("name", "value", "read"),
        [
            *(("name", "annulus", "annulus"), ("name", "3", "3"), ("name", "none", "none")),
            *(("count", "6", 6), ("count", "none", None), ("count", None, None), ("count", 6, 6)),
            *(("share", "0.25", 0.25), ("share", 1, 1.0), ("line", "no", False), ("line", True, True)),
            *(("kind", "b", "b"), ("seeds", "3, 4,5", (3, 4, 5)), ("seeds", [3], (3,)), ("seeds", "7", (7,))),
            ("pair", "y,2", ("y", 2.0)),
        ],
    )
    def test_values(self, name: str, value: Any, read: Any) -> None:
        found = getattr(varied(Everything(), {name: value}), name)
        assert found == read
        assert type(found) is type(read)

    @pytest.mark.parametrize(
        ("name", "value", "wanted"),
        [
            ("count", "6.5", "a whole number or none"),
            ("count", True, "a whole number or none"),
            ("count", 6.5, "a whole number or none"),
            ("share", "much", "a number"),
            ("share", "nan", "a number"),
            ("share", 10**400, "a number"),
            ("line", "perhaps", "yes or no"),
            ("line", 1, "yes or no"),
            ("kind", "c", "a or b"),
            ("seeds", "1,x", "whole numbers with commas between them"),
            ("pair", "y", "with commas"),
            ("name", 3, "a text"),
        ],
    )
    def test_what_does_not_fit(self, name: str, value: Any, wanted: str) -> None:
        with pytest.raises(SpecError, match=wanted):
            varied(Everything(), {name: value})

    def test_an_unknown_field_is_answered_with_those_there_are(self) -> None:
        with pytest.raises(SpecError, match="Filmstrip has the fields experiment, columns, instants, line"):
            varied(Filmstrip(), {"colums": "3"})
        with pytest.raises(SpecError, match="Nothing has no fields"):
            varied(Nothing(), {"colums": "3"})

    def test_the_figure_itself_stays_as_it_is(self) -> None:
        figure = Filmstrip()
        assert varied(figure, {"instants": "5"}) == Filmstrip(instants=5)
        assert figure == Filmstrip()

    def test_what_the_figure_refuses(self) -> None:
        with pytest.raises(SpecError, match="columns = 0"):
            varied(Filmstrip(), {"columns": "0"})
