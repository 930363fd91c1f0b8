"""How a page is divided: its measure is the height of a label, and it is as high as what is put on it."""

from __future__ import annotations

from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.errors import SpecError

#: Height of a line of text, in Manim units per unit of Manim's font size.
EM = 0.0105
#: Free at the edges of a page, so that no line is cut in half, in heights of a label.
_MARGIN = 0.12
#: Left of a plane for the numbers of its ticks, below it, and right of it, in heights of a label.
BESIDE, BELOW, BEYOND = 2.7, 1.5, 0.55


class Layout:
    """A page's width, and its height so far.

    Parameters
    ----------
    width
        In Manim units.
    theme
        Its small size is the size of labels.
    """

    def __init__(self, width: float, theme: Theme) -> None:
        self.width, self.theme = width, theme
        self.height = 0.0

    @property
    def em(self) -> float:
        """The height of a line of labels, in Manim units."""
        return EM * self.theme.small_size

    @property
    def margin(self) -> float:
        """Free at the edges of the page, in Manim units."""
        return _MARGIN * self.em

    def reach(self, y: float) -> None:
        """Make the page reach down to ``y`` (negative)."""
        self.height = max(self.height, -y + self.margin)

    @property
    def room(self) -> str:
        """How wide it is, in words."""
        return f"a page {self.width / self.em:.0f} heights of a label wide"

    def cells(
        self,
        count: int,
        columns: int | None = None,
        *,
        aspect: float = 1.0,
        gap: float = 0.6,
        above: float = 0.0,
        below: float = 0.0,
        ticks: bool = False,
        top: float | None = None,
    ) -> list[Rect]:
        """Equal rectangles in rows, as wide as the page.

        Parameters
        ----------
        count, columns
            How many, and how many in a row (by default all).
        aspect
            Width by height.
        gap
            Between columns, in heights of a label.
        above, below
            Free above and below each, in heights of a label.
        ticks
            Whether numbers stand left of and below each.
        top
            Where the first row begins (negative), by default at the upper edge.
        """
        columns = min(columns or count, count)
        em = self.em
        left, right, foot = (BESIDE * em, BEYOND * em, BELOW * em) if ticks else (0.0, 0.0, 0.0)
        free = self.width - 2 * self.margin - (columns - 1) * gap * em
        width = free / columns - left - right
        if width < em:
            raise SpecError(
                f"{columns} pictures in a row have no room on {self.room}: use a wider figure, fewer columns "
                "or smaller text"
            )
        height = width / aspect
        found = []
        y = -self.margin if top is None else top
        for first in range(0, count, columns):
            y -= above * em
            for k in range(min(columns, count - first)):
                x = self.margin + left + k * (width + left + right + gap * em)
                found.append(Rect(x, y - height, x + width, y))
            y -= height + foot + below * em
        self.reach(y)
        return found

    def columns(self, count: int, least: float, gap: float = 0.6) -> int:
        """How many of ``count`` pictures go in a row, each at least ``least`` labels high wide.

        Rows are filled as evenly as that allows.
        """
        most = max(1, int((self.width / self.em + gap) // (least + gap)))
        rows = -(-count // min(most, count))
        return -(-count // rows)
