"""How pages are divided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.figures.layout import BELOW, BESIDE, BEYOND, Layout
from scenes.kit.theme import LIGHT
from topo_core.errors import SpecError


def layout(ems: float = 50) -> Layout:
    """A page so many heights of a label wide."""
    return Layout(ems * 0.0105 * LIGHT.small_size, LIGHT)


@given(
    count=st.integers(1, 12),
    columns=st.none() | st.integers(1, 12),
    gap=st.floats(0, 2),
    above=st.floats(0, 2),
    below=st.floats(0, 2),
    ticks=st.booleans(),
    aspect=st.floats(0.5, 2),
)
def test_cells_are_equal_and_apart_and_on_the_page(
    count: int, columns: int | None, gap: float, above: float, below: float, ticks: bool, aspect: float
) -> None:
    page = layout(100)
    cells = page.cells(count, columns, gap=gap, above=above, below=below, ticks=ticks, aspect=aspect)
    assert len(cells) == count
    em = page.em
    beside, beyond, foot = (BESIDE * em, BEYOND * em, BELOW * em) if ticks else (0.0, 0.0, 0.0)
    for cell in cells:
        assert (cell.x1 - cell.x0) / (cell.y1 - cell.y0) == pytest.approx(aspect)
        assert cell.x1 - cell.x0 == pytest.approx(cells[0].x1 - cells[0].x0)
        assert cell.x0 - beside >= page.margin - 1e-9
        assert cell.x1 + beyond <= page.width - page.margin + 1e-9
        assert cell.y1 + above * em <= -page.margin + 1e-9
        assert cell.y0 - foot - below * em >= -page.height + page.margin - 1e-9
    for k, first in enumerate(cells):
        for second in cells[k + 1 :]:
            across = second.x0 - beside - first.x1 - beyond
            down = first.y0 - foot - second.y1
            assert across >= gap * em - 1e-9 or down >= (above + below) * em - 1e-9


def test_columns_fill_rows_evenly() -> None:
    assert layout().columns(9, least=7.0) == 5
    assert layout().columns(6, least=7.0) == 6
    assert layout(20).columns(5, least=9.0) == 2
    assert layout(5).columns(3, least=9.0) == 1


def test_too_many_in_a_row() -> None:
    with pytest.raises(
        SpecError, match="30 pictures in a row have no room on a page 50 heights of a label wide"
    ):
        layout().cells(30, ticks=True)
