"""Rows of pictures: instants of the motion through the layers, and the representation at each layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.figures.page import Figure, Page
from topo_core.experiments import Experiment, experiment_named

#: More pictures than these are hard to read.
_MOST = 13


@dataclass(frozen=True)
class Filmstrip(Figure):
    """Instants of the plane on its way through the layers, with the time below each.

    Attributes
    ----------
    experiment
        Whose trace.
    instants
        How many, evenly from the input to the last representation; by default two for each layer, at
        most thirteen.
    columns
        Pictures in a row; by default as many as fit at a legible size.
    """

    experiment: str = "spirals"
    instants: int | None = None
    columns: int | None = None

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)

    def draw(self, page: Page) -> None:
        """Draw the pictures in rows."""
        trace = page.trace()
        count = self.instants or min(2 * trace.n_layers + 1, _MOST)
        columns = self.columns or page.columns(count, least=7.0)
        times = np.linspace(0, trace.n_layers, count)
        for time, cell in zip(times, page.cells(count, columns, below=1.9), strict=True):
            page.plane(trace, cell, float(time))
            page.formula((f"$t = {time:.2f}$",), cell.centre[0], cell.y0 - 1.1 * page.em)


@dataclass(frozen=True)
class Layers(Figure):
    """The representation at each layer, with the line that divides the last one, and what it is at the input.

    Attributes
    ----------
    experiment
        Whose trace.
    columns
        Pictures in a row; by default as many as fit at a legible size.
    """

    experiment: str = "spirals"
    columns: int | None = None

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)

    def draw(self, page: Page) -> None:
        """Draw the pictures in rows: the input with its regions, then every layer."""
        trace = page.trace()
        count = trace.n_layers + 1
        columns = self.columns or page.columns(count, least=9.0)
        for k, cell in enumerate(page.cells(count, columns, above=1.6, below=0.6)):
            stage = page.plane(trace, cell, float(k))
            stage.state.regions = stage.state.decision = 1.0
            name = "$x$" if k == 0 else f"$h_{k}$"
            page.formula((name,), cell.centre[0], cell.y1 + 0.75 * page.em)
