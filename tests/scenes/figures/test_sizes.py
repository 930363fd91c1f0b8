"""Widths on paper: units, venues, and what is neither."""

import pytest

from scenes.figures.sizes import VENUES, width_in_points
from topo_core.errors import SpecError, UnknownNameError


@pytest.mark.parametrize(
    ("written", "points"),
    [
        *(("240pt", 240.0), ("3.25in", 234.0), (" 2.54 CM ", 72.0), ("254mm", 720.0), (".5in", 36.0)),
        # the venues' own instructions for authors
        *(("neurips", 5.5 * 72), ("icml-column", 3.25 * 72), ("icml-full", 6.75 * 72), ("jmlr", 6.0 * 72)),
        *(("nature-single", 89 / 25.4 * 72), ("nature-double", 183 / 25.4 * 72)),
    ],
)
def test_widths(written: str, points: float) -> None:
    assert width_in_points(written) == pytest.approx(points)


@pytest.mark.parametrize("venue", VENUES)
def test_every_venue_has_a_width_that_fits_on_paper(venue: str) -> None:
    assert 2.5 * 72 < width_in_points(venue) < 8 * 72


def test_a_column_is_narrower_than_the_page() -> None:
    for venue in ("icml", "cvpr", "aistats"):
        assert width_in_points(f"{venue}-column") < width_in_points(f"{venue}-full") / 2


@pytest.mark.parametrize("written", ["12", "12 parsecs", "-3in", "nan", "1e3pt", "3,25in", "", "in"])
def test_what_is_no_width(written: str) -> None:
    with pytest.raises((SpecError, UnknownNameError)) as caught:
        width_in_points(written)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("written", ["0.1in", "0pt", "30000pt"])
def test_what_is_no_width_for_a_figure(written: str) -> None:
    with pytest.raises(SpecError, match="choose from"):
        width_in_points(written)


def test_a_misspelt_venue() -> None:
    with pytest.raises(UnknownNameError, match="did you mean neurips"):
        width_in_points("neurisp")
