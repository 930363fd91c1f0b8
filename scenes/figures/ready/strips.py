"""Rows of pictures: instants of the motion, the representation at each layer, snapshots of a training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenes.figures.page import Figure, Page
from scenes.figures.ready.common import check_count, numbered, percent, representation, shadow
from scenes.kit.formulas import Number
from topo_core.experiments import Experiment, experiment_named

#: Instants of a filmstrip unless another number is asked for, at most, and the most there may be.
_INSTANTS, _MOST = 13, 100


@dataclass(frozen=True)
class _OfOne(Figure):
    """Pictures of one trace in rows.

    Attributes
    ----------
    experiment
        Whose trace.
    columns
        Pictures in a row; by default as many as fit at a legible size.
    """

    experiment: str = "spirals"
    columns: int | None = None

    def __post_init__(self) -> None:
        check_count("columns", self.columns, _MOST)

    def experiments(self) -> tuple[Experiment, ...]:
        """The one experiment."""
        return (experiment_named(self.experiment),)


@dataclass(frozen=True)
class Filmstrip(_OfOne):
    """Instants of the plane on its way through the layers, with the time below each.

    Attributes
    ----------
    instants
        How many, evenly from the input to the last representation; by default two for each layer, at
        most thirteen.
    line
        Whether the last picture shows the classification line.
    """

    instants: int | None = None
    line: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("instants", self.instants, _MOST)

    def draw(self, page: Page) -> None:
        """Draw the pictures in rows."""
        trace = page.trace()
        count = self.instants or min(2 * trace.n_layers + 1, _INSTANTS)
        times = np.linspace(0, trace.n_layers, count)
        shadows = [shadow(trace, int(time), int(np.ceil(time))) for time in times]
        columns = self.columns or page.columns(count, least=9.0 if any(shadows) else 7.0)
        cells = page.cells(count, columns, below=3.3 if any(shadows) else 1.9)
        for time, cell, words in zip(times, cells, shadows, strict=True):
            last = bool(time == trace.n_layers)
            page.plane(trace, cell, None if last else float(time), line=self.line and last)
            page.note(cell, [f"$t = {time:.2f}$"])
            page.note(cell, words, row=1)


@dataclass(frozen=True)
class Layers(_OfOne):
    """The representation at each layer, with the line that divides the last one, and what it is before.

    Attributes
    ----------
    letters
        Whether the pictures are named a, b, c.
    """

    letters: bool = False

    def draw(self, page: Page) -> None:
        """Draw the pictures in rows: the input with its regions, then every layer."""
        trace = page.trace()
        count = trace.n_layers + 1
        columns = self.columns or page.columns(count, least=9.0)
        shadows = [shadow(trace, k) for k in range(count)]
        titles = [representation(k) for k in range(count)]
        cells = page.panels(titles, columns, letters=self.letters, notes=int(any(shadows)))
        for k, cell in enumerate(cells):
            page.plane(trace, cell, None if k == trace.n_layers else float(k), line=True)
            page.note(cell, shadows[k])


@dataclass(frozen=True)
class TrainingStrip(_OfOne):
    """The last representation while the network learns, with its line, its loss and its accuracy.

    Attributes
    ----------
    snapshots
        How many pictures, from before the first step to after the last.
    """

    experiment: str = "annulus"
    snapshots: int = 6

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("snapshots", self.snapshots, _MOST)

    def draw(self, page: Page) -> None:
        """Draw the pictures in rows: the step above each, what was measured below."""
        trace = page.trace()
        count = min(self.snapshots, trace.n_snapshots)
        chosen = np.unique(np.linspace(trace.n_snapshots - 1, 0, count).round().astype(int))
        columns = self.columns or page.columns(len(chosen), least=7.5)
        titles = [numbered("step", int(trace.steps[k])) for k in chosen]
        for k, cell in zip(chosen, page.panels(titles, columns, notes=2), strict=True):
            page.plane(trace, cell, float(k), snapshots=True)
            page.note(cell, ["loss", Number(f"{trace.losses[k]:.3f}")])
            page.note(cell, [Number(percent(float(trace.accuracies[k])))], row=1)


SPIRALS = Filmstrip("spirals")
ENTANGLED = Filmstrip("spirals-entangled")
INTERVAL = TrainingStrip("interval")
