"""A layer in steps, vector fields and the grids that they deform, and the units of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from scenes.essay.parts.field_parts import BUBBLES, CIRCLES, WIND, Circles, field_stage, field_trace
from scenes.essay.parts.layer_stage import LayerStage, layer_trace
from scenes.figures.page import Figure, Page
from scenes.figures.ready.common import check_count
from scenes.kit.field_arrows import FieldArrows
from scenes.kit.formulas import Number, Piece
from scenes.kit.panel import Diagram
from scenes.kit.text import activation_formula
from scenes.kit.view import Rect
from topo_core.experiments import Experiment, experiment_named

#: Between the columns of a network's units at most, in heights of a label.
_APART = 9.0


@dataclass(frozen=True)
class OneLayer(Figure):
    """One layer in its steps: the plane, the matrix, the vector, the activation.

    Attributes
    ----------
    activation
        Which, such as ``relu``.
    columns
        Pictures in a row; by default as many as fit at a legible size.
    """

    any_trace: ClassVar[bool] = False

    activation: str = "tanh"
    columns: int | None = None

    def __post_init__(self) -> None:
        check_count("columns", self.columns, 4)

    def draw(self, page: Page) -> None:
        """Draw the grid after each step; only the activation changes the scale."""
        trace = layer_trace(self.activation)
        activated = activation_formula(self.activation, "W x + b")
        titles: list[list[Piece]] = [["$x$"], ["$W x$"], ["$W x + b$"], [f"${activated}$"]]
        steps = len(trace.layers[0].path.steps)
        titles = titles[: steps + 1]
        columns = self.columns or page.columns(len(titles), least=10.0)
        for k, cell in enumerate(page.panels(titles, columns, ticks=True)):
            stage = LayerStage(trace, page.theme, cell).at(k / steps)
            stage.plane.ticks.fades = False
            page.add(stage)


@dataclass(frozen=True)
class Field(Figure):
    """A field of two Gaussians, the essay's, and the grid that it deforms.

    Attributes
    ----------
    field
        ``"wind"``, of its pictures grid_vec and grid_bubble_wvec, or ``"bubbles"``, of grid_bubble.
    grid, arrows, circles
        What is drawn: the deformed grid, the field's arrows, circles outside of which nothing moves.
    t
        How far along the arrows the grid has gone, from 0 to 1.
    length
        How many times too long the arrows are drawn; if not once, that is written above.
    """

    paper: ClassVar[str] = "2.6in"
    any_trace: ClassVar[bool] = False

    field: Literal["wind", "bubbles"] = "wind"
    grid: bool = True
    arrows: bool = True
    circles: bool = False
    t: float = 1.0
    length: float = 1.0

    def draw(self, page: Page) -> None:
        """Draw the plane, its numbers, and what is asked for."""
        enlarged = self.arrows and self.length != 1
        (cell,) = page.cells(1, above=1.6 if enlarged else 0.3, ticks=True)
        stage = field_stage(field_trace(WIND if self.field == "wind" else BUBBLES), page.theme, cell)
        stage.at(min(max(self.t, 0.0), 1.0)).plane.ticks.fades = False
        if not self.grid:
            stage.state.grid = stage.state.boundary = 0.0
        page.add(stage)
        if self.circles:
            page.add(Circles(stage, CIRCLES))
        if self.arrows:
            arrows = FieldArrows(stage, apart=cell.half[0] / 9)
            arrows.state.grown = self.length
            page.add(arrows)
        if enlarged:
            said: list[Piece] = ["arrows", Number(f"{self.length:g}"), "times as long"]
            page.formula(said, cell.x0, cell.y1 + 0.8 * page.em, align=0.0)


@dataclass(frozen=True)
class Network(Figure):
    """A network: units and connections, from the input to the classes.

    Attributes
    ----------
    experiment
        Whose network.
    """

    paper: ClassVar[str] = "2in"

    experiment: str = "curves"

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)

    def draw(self, page: Page) -> None:
        """Draw a column for each representation, with its name below."""
        trace = page.trace()
        em = page.em
        units = min(max(*trace.spec.widths, trace.n_classes), 6)
        height = max(0.5 * (units - 1), 0.5)
        half = min(page.width / 2 - 1.2 * em, _APART / 2 * (trace.n_layers + 1) * em)
        middle = page.width / 2
        rect = Rect(middle - half, -height - 0.8 * em, middle + half, -0.8 * em)
        diagram = Diagram(trace, rect, page.theme)
        diagram.position = trace.n_layers + 1.0
        page.add(diagram)
        page.reach(rect.y0 - 0.75)


ARROWS = Field(grid=False, length=2.0)
WIND_GRID = Field()
BUBBLES_GRID = Field("bubbles", arrows=False, circles=True)
