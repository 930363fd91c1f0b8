"""Figures that are laid out for paper: what they derive from, and the page that they draw on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Mobject

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Piece, draw_formula, formula_size
from scenes.kit.glyphs import text_glyphs
from scenes.kit.stage import Stage
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.errors import TopoError
from topo_core.experiments import Experiment, experiment_named
from topo_core.store import find_trace
from topo_core.trace import Trace

#: Left of a plane for the numbers of its ticks, and below it, in heights of a label.
_BESIDE, _BELOW = 2.2, 1.6


@dataclass(frozen=True)
class Figure:
    """A figure that is laid out for paper; a new one is a small dataclass with :meth:`draw`.

    Its fields are what can be varied. Everything is placed in Manim units from the upper left corner of the
    page, ``y`` up; labels are ``page.em`` high whatever the width of the page.
    """

    @property
    def title(self) -> str:
        """What a document says that it shows: the first line of its docstring."""
        return next(iter((self.__doc__ or "").strip().splitlines()), type(self).__name__).rstrip(".")

    def experiments(self) -> tuple[Experiment, ...]:
        """Every experiment whose trace it shows, the main one first."""
        return ()

    def draw(self, page: Page) -> None:
        """Put everything on the page."""
        raise NotImplementedError


class Page:
    """What a figure draws on: as wide as the paper, and as high as what is put on it.

    Parameters
    ----------
    width
        In Manim units.
    theme
        Its small size is the size of labels.
    given
        A trace to show instead of that of the figure's main experiment.
    """

    def __init__(self, figure: Figure, width: float, theme: Theme, given: Trace | None = None) -> None:
        self.figure, self.width, self.theme = figure, width, theme
        self.mobjects: list[Mobject] = []
        self.height = 0.0
        self._given = given

    @property
    def em(self) -> float:
        """The height of a line of labels, in Manim units."""
        return 0.0105 * self.theme.small_size

    def trace(self, experiment: str | Experiment | None = None) -> Trace:
        """The trace of an experiment, by default of the figure's main one.

        Raises
        ------
        TopoError
            With the command that trains it, when there is none yet.
        """
        own = self.figure.experiments()
        wanted = experiment_named(experiment) if isinstance(experiment, str) else experiment or own[0]
        if self._given is not None and own and wanted.key == own[0].key:
            return self._given
        path = find_trace(wanted)
        if path is None:
            raise TopoError(f"no trace of the experiment {wanted.name!r} yet; train it first")
        return Trace.load(path)

    def add(self, *mobjects: Mobject) -> None:
        """Put mobjects on the page, above those that are there; it grows to hold them."""
        self.mobjects += mobjects

    def reach(self, y: float) -> None:
        """Make the page reach down to ``y`` (negative)."""
        self.height = max(self.height, -y)

    def cells(
        self,
        count: int,
        columns: int | None = None,
        *,
        aspect: float = 1.0,
        gap: float = 0.6,
        above: float = 0.0,
        below: float = 0.0,
        top: float = 0.0,
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
        top
            Where the first row begins (0 or negative).
        """
        columns = min(columns or count, count)
        em = self.em
        width = (self.width - (columns - 1) * gap * em) / columns
        height = width / aspect
        found = []
        y = top
        for first in range(0, count, columns):
            y -= above * em
            for k in range(min(columns, count - first)):
                x = k * (width + gap * em)
                found.append(Rect(x, y - height, x + width, y))
            y -= height + below * em
        self.reach(y)
        return found

    def columns(self, count: int, least: float, gap: float = 0.6) -> int:
        """How many of ``count`` pictures go in a row, each at least ``least`` labels high wide.

        Rows are filled as evenly as that allows.
        """
        most = max(1, int((self.width / self.em + gap) // (least + gap)))
        rows = -(-count // min(most, count))
        return -(-count // rows)

    def write(
        self,
        content: str,
        x: float,
        y: float,
        *,
        align: float = 0.5,
        colour: str | None = None,
        weight: str = "regular",
        size: float = 1.0,
    ) -> None:
        """Write a line on the baseline ``y``: from ``x`` (``align`` 0), around it (0.5) or to it (1)."""
        self.add(
            Writing(content, x, y, align, colour or self.theme.ink, weight, size * self.theme.small_size)
        )

    def formula(
        self, pieces: Sequence[Piece], x: float, y: float, *, colour: str | None = None, size: float = 1.0
    ) -> None:
        """Write a row of pieces (``scenes.kit.formulas``) whose middle is at (x, y)."""
        font = size * self.theme.small_size
        start = x - formula_size(pieces, font)[0] / 2
        ink = colour or self.theme.ink
        self.paint(lambda canvas: draw_formula(canvas, pieces, start, y, font, ink))

    def paint(self, draw: Callable[[Canvas], None]) -> None:
        """Draw on the canvas, above what is there."""
        self.add(Painting(draw))

    def plane(
        self, trace: Trace, rect: Rect, position: float, *, ticks: bool = False, **options: Any
    ) -> Stage:
        """A stage without its panel, complete, at a position along the network; options as for ``Stage``."""
        if ticks:
            em = self.em
            rect = Rect(rect.x0 + _BESIDE * em, rect.y0 + _BELOW * em, rect.x1, rect.y1)
        stage = Stage(trace, self.theme, rect=rect, panel=False, **options).at(position)
        if not ticks:
            stage.state.ticks = 0.0
        self.add(stage)
        return stage


class Painting(Drawable):
    """What a function draws."""

    def __init__(self, draw: Callable[[Canvas], None]) -> None:
        super().__init__()
        self._paint = draw
        self.points = np.zeros((1, 3))  # Manim shows what has points

    def draw(self, canvas: Canvas) -> None:
        """Call the function."""
        self._paint(canvas)


class Writing(Painting):
    """A line of text."""

    def __init__(
        self, content: str, x: float, y: float, align: float, colour: str, weight: str, size: float
    ) -> None:
        glyphs = text_glyphs(content, size, weight)
        start = x - align * glyphs.width
        super().__init__(lambda canvas: canvas.glyphs(glyphs, start, y, colour))
