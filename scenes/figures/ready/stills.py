"""Single pictures: a representation with its numbers, and a dataset on a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from scenes.essay.parts.line_graph import LineGraph
from scenes.figures.page import Figure, Page
from scenes.figures.ready.common import representation, shadow
from scenes.kit.view import Rect
from topo_core.errors import SpecError
from topo_core.experiments import Experiment, experiment_named


@dataclass(frozen=True)
class Representation(Figure):
    """A representation, with the decision as it is seen there.

    Attributes
    ----------
    experiment
        Whose trace.
    layer
        After so many layers, 0 for the input; by default after the last.
    decision
        Whether it shows the line that divides, bent where it is not the last representation.
    ticks
        Whether it has numbers along its edges.
    """

    paper: ClassVar[str] = "2.6in"

    experiment: str = "spirals"
    layer: int | None = None
    decision: bool = True
    ticks: bool = True

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)

    def draw(self, page: Page) -> None:
        """Draw the plane, with the representation and the classes named above it."""
        trace = page.trace()
        last = trace.n_layers
        layer = last if self.layer is None else self.layer
        if not 0 <= layer <= last:
            raise SpecError(f"layer = {layer}: the network {trace.spec} has the layers 0 to {last}")
        (cell,) = page.cells(1, above=1.6, ticks=self.ticks)
        position = None if layer == last else float(layer)
        page.plane(trace, cell, position, line=self.decision, ticks=self.ticks)
        middle = cell.y1 + 0.8 * page.em
        about = shadow(trace, layer)
        title = [*representation(layer), *([": ", *about] if about else [])]
        page.formula(title, cell.x0, middle, align=0.0)
        page.key(trace.dataset, cell.x1, middle)


@dataclass(frozen=True)
class OnLine(Figure):
    """Classes on a line, in their colours.

    Attributes
    ----------
    experiment
        Whose data; nothing is trained.
    """

    experiment: str = "interval"

    paper: ClassVar[str] = "2.6in"
    any_trace: ClassVar[bool] = False

    def draw(self, page: Page) -> None:
        """Draw the line, letters above it and numbers below."""
        dataset = experiment_named(self.experiment).dataset
        if dataset.dimension != 1:
            raise SpecError(f"experiment = {self.experiment}: its points do not lie on a line; use interval")
        em = page.em
        height = 3.7 * em
        inner = Rect(page.margin, -height, page.width - page.margin, 0.0)
        graph = LineGraph(Rect(inner.x0 - 0.75, inner.y0 - 0.62, inner.x1, inner.y1), page.theme, dataset)
        graph.state.strip = graph.state.lift = 1.0
        page.add(graph)
        page.reach(-height)


DATA = Representation("curves", 0, decision=False)
NO_LAYER = Representation("curves-linear", 0)
AT_INPUT = Representation("curves", 0)
HIDDEN = Representation("curves")
DEEPER = Representation("curves-deep")
ANNULUS = Representation("annulus", 0, decision=False)
