"""Figures that are laid out for paper: what they derive from, and the page that they draw on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from manim import Mobject

from scenes.figures.layout import BELOW, BESIDE, Layout
from scenes.figures.options import DEFAULT_WIDTH
from scenes.figures.writing import Painting, Writing
from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Piece, draw_formula, formula_size
from scenes.kit.gl.camera import Camera3D
from scenes.kit.glyphs import text_glyphs
from scenes.kit.space import Space
from scenes.kit.space3d import Space3D
from scenes.kit.stage import Stage
from scenes.kit.theme import Theme
from scenes.kit.training import TrainingStage
from scenes.kit.view import Rect
from topo_core.datasets import Dataset
from topo_core.errors import TopoError
from topo_core.experiments import Experiment, experiment_named
from topo_core.store import find_trace
from topo_core.trace import Trace

#: A title above a picture, and from the picture to the middle of the title.
_TITLE, _RISE = 1.6, 0.8
#: Lines below a picture: to the middle of the first, and from one to the next.
_FIRST, _NEXT = 0.95, 1.3
#: More classes than these are not named in a key.
_KEY = 4


@dataclass(frozen=True)
class Figure:
    """A figure that is laid out for paper; a new one is a small dataclass with :meth:`draw`.

    Its fields are what can be varied (``--set FIELD=VALUE``). Everything is placed in Manim units from the
    upper left corner of the page, ``y`` up; labels are ``page.em`` high whatever the width of the page.
    """

    #: How wide it is unless the user says so.
    paper: ClassVar[str] = DEFAULT_WIDTH
    #: Whether it can show any trace in the place of that of its first experiment.
    any_trace: ClassVar[bool] = True

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


class Page(Layout):
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
        super().__init__(width, theme)
        self.figure = figure
        self.mobjects: list[Mobject] = []
        self._given = given
        self._loaded: dict[str, Trace] = {}
        self._spaces: dict[tuple[str, bool], Space] = {}

    def trace(self, experiment: str | Experiment | None = None) -> Trace:
        """The trace of an experiment, by default of the figure's main one.

        Raises
        ------
        TopoError
            With the command that trains it, when there is none yet.
        """
        own = self.figure.experiments()
        wanted = experiment_named(experiment) if isinstance(experiment, str) else experiment or own[0]
        key = wanted.key
        if self._given is not None and own and key == own[0].key:
            return self._given
        if key not in self._loaded:
            path = find_trace(wanted)
            if path is None:
                raise TopoError(f"no trace of the experiment {wanted.name!r} yet; train it first")
            self._loaded[key] = Trace.load(path)
        return self._loaded[key]

    def add(self, *mobjects: Mobject) -> None:
        """Put mobjects on the page, above those that are there; :meth:`reach` makes room for them."""
        self.mobjects += mobjects

    # -- layout ----------------------------------------------------------------------------------

    def panels(
        self,
        titles: Sequence[Sequence[Piece]],
        columns: int | None = None,
        *,
        notes: int = 0,
        letters: bool = False,
        ticks: bool = False,
        **layout: Any,
    ) -> list[Rect]:
        """Cells with titles above them, and room for so many lines of notes below.

        ``letters`` puts a, b, c before the titles; further options are those of :meth:`cells`.
        """
        below = (_FIRST + (notes - 1) * _NEXT + 1.1 if notes else 0.4) * bool(notes or len(titles) > 1)
        cells = self.cells(len(titles), columns, above=_TITLE, below=below, ticks=ticks, **layout)
        for k, (cell, title) in enumerate(zip(cells, titles, strict=True)):
            middle = cell.y1 + _RISE * self.em
            if letters:
                x = cell.x0 - (BESIDE * self.em if ticks else 0.0)
                self.write(chr(ord("a") + k), x, middle - 0.3 * self.em, align=0.0, weight="bold")
            self.formula(title, float(cell.centre[0]), middle)
        return cells

    # -- what stands on it -----------------------------------------------------------------------

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
        self,
        pieces: Sequence[Piece],
        x: float,
        y: float,
        *,
        align: float = 0.5,
        colour: str | None = None,
        size: float = 1.0,
    ) -> None:
        """Write a row of pieces (``scenes.kit.formulas``) about the level line ``y``, aligned as a line."""
        font = size * self.theme.small_size
        start = x - align * formula_size(pieces, font)[0]
        ink = colour or self.theme.ink
        self.paint(lambda canvas: draw_formula(canvas, pieces, start, y, font, ink))

    def note(
        self, cell: Rect, pieces: Sequence[Piece], row: int = 0, *, ticks: bool = False, colour: str = ""
    ) -> None:
        """Write a row of pieces, if any, below a cell of :meth:`panels`."""
        if not pieces:
            return
        down = _FIRST + row * _NEXT + (BELOW if ticks else 0.0)
        self.formula(pieces, float(cell.centre[0]), cell.y0 - down * self.em, colour=colour or None)

    def key(self, dataset: Dataset, x: float, y: float) -> None:
        """Name the classes in their colours, up to ``x``, about the level line ``y``; not many classes."""
        names = dataset.class_names
        if len(names) > _KEY:
            return
        em, theme = self.em, self.theme
        for label, name in reversed(list(enumerate(names))):
            width, colour = text_glyphs(name, theme.small_size, "bold").width, theme.class_colour(label)
            self.write(name, x, y - 0.3 * em, align=1.0, weight="bold", colour=theme.ink)
            x -= width + 0.35 * em
            self.paint(_dash(x - 0.9 * em, x, y, colour, theme.curve_width))
            x -= 1.5 * em

    def paint(self, draw: Callable[[Canvas], None]) -> None:
        """Draw on the canvas, above what is there."""
        self.add(Painting(draw))

    # -- planes and spaces -----------------------------------------------------------------------

    def plane(
        self,
        trace: Trace,
        rect: Rect,
        position: float | None = None,
        *,
        line: bool = False,
        ticks: bool = False,
        snapshots: bool = False,
        **options: Any,
    ) -> Stage:
        """A stage without its panel, complete, at a position along the network, by default its end.

        Parameters
        ----------
        trace, rect, position
            What to show where; wide representations are seen as shadows.
        line
            Whether it shows how the network decides: by a line at the end, its sides tinted; elsewhere by
            what that is there.
        ticks
            Whether numbers stand along its edges (:meth:`cells` makes room for them).
        snapshots
            Whether the positions are snapshots of the training, with the line of each.
        options
            As for ``Stage``; by default, regions of the data are filled and circles show how they bend.
        """
        filled = any(component.filled for component in trace.dataset.components)
        look: dict[str, Any] = {"grid": not filled, "curves": not filled, "fills": filled, "rings": filled}
        look |= {"points": False} if filled else {}
        if max(trace.spec.widths) > 2:
            look["projection"] = "facing"
        make = TrainingStage if snapshots else Stage
        stage = make(trace, self.theme, rect=rect, panel=False, **(look | options))
        if not {"motion", "projection"} & options.keys():
            kind = trace.hash, snapshots
            first = self._spaces.setdefault(kind, stage.plane.space)
            if first is not stage.plane.space:
                stage.plane.space.share(first)
        stage.at(stage.plane.space.motion.length if position is None else position)
        stage.state.caption, stage.state.ticks = 0.0, float(ticks)
        stage.plane.ticks.fades = False
        if line:
            _decide(stage)
        self.add(stage)
        return stage

    def space(self, rect: Rect, camera: Camera3D, **options: Any) -> Space3D:
        """Space in a rectangle: an image at the figure's resolution, its labels vectors; as ``Space3D``."""
        space = Space3D(self.theme, rect, camera=camera, **options)
        self.add(space)
        return space


def _decide(stage: Stage) -> None:
    """Show how a network decides, where the stage is."""
    state, space = stage.state, stage.plane.space
    if state.position == space.motion.length or not space.motion.steady:
        state.line = state.halves = 1.0
    else:
        state.decision = 1.0
        # A sheet seen from the side lies over itself, and where it does, tints do not add up.
        state.regions = float(space.projected is None or state.position == 0)


def _dash(x0: float, x1: float, y: float, colour: str, width: float) -> Callable[[Canvas], None]:
    """Draws a piece of a curve, for a key."""
    line = np.array([[x0, y], [x1, y]])
    return lambda canvas: canvas.stroke([line], colour, width, round_caps=True)
