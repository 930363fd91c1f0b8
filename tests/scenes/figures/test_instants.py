"""Instants as a user writes them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.figures.instants import Instant
from topo_core.errors import SpecError


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("12.5s", Instant("time", 12.5)),
        (" 0 ", Instant("time", 0.0)),
        (".5 s", Instant("time", 0.5)),
        ("section:3", Instant("section", 3)),
        ("Section:3/0.5", Instant("section", 3, 0.5)),
        ("layer:0", Instant("layer", 0)),
        ("layer:2/0.5", Instant("layer", 2, 0.5)),
        ("layer:2/1", Instant("layer", 2)),
        ("END", Instant("end")),
    ],
)
def test_forms(written: str, instant: Instant) -> None:
    assert Instant.parse(written) == instant


@pytest.mark.parametrize("instant", [Instant("end"), Instant("time", 2.25), Instant("section", 3, 0.25)])
def test_it_is_written_as_it_is_read(instant: Instant) -> None:
    assert Instant.parse(str(instant)) == instant


@pytest.mark.parametrize(
    "written", ["", "-1s", "1m", "1e3s", "nan", "section", "section:x", "layer:1.5", "end:1"]
)
def test_what_is_none(written: str) -> None:
    with pytest.raises(SpecError, match=r"write an instant as 12\.5s, section:3"):
        Instant.parse(written)


@pytest.mark.parametrize(
    ("written", "why"), [("layer:1/1.5", "a share from 0 to 1"), ("section:0", "from 1")]
)
def test_numbers_that_are_none(written: str, why: str) -> None:
    with pytest.raises(SpecError, match=why):
        Instant.parse(written)


@given(st.text(max_size=20))
def test_any_text_is_an_instant_or_an_error(written: str) -> None:
    with suppress(SpecError):
        assert 0 <= Instant.parse(written).share <= 1
