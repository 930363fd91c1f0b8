"""Small multiples: the same experiment with other seeds, widths or depths."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from scenes.figures.page import Figure, Page
from scenes.figures.ready.common import accuracy, check_count, numbered, percent, shadow
from scenes.kit.formulas import Number, Piece
from topo_core.errors import SpecError
from topo_core.experiments import Experiment, experiment_named
from topo_core.spec import NetworkSpec

#: More pictures than these are hard to read.
_MOST = 64


@dataclass(frozen=True)
class Multiples(Figure):
    """Small multiples: one picture for each of several trainings, with the share that is right.

    Attributes
    ----------
    experiment
        Which is varied.
    view
        ``"last"``, the last representation with its line, or ``"input"``, the decision at the input.
    columns
        Pictures in a row; by default as many as fit at a legible size.
    """

    any_trace: ClassVar[bool] = False

    experiment: str = "annulus"
    view: Literal["last", "input"] = "last"
    columns: int | None = None

    def __post_init__(self) -> None:
        check_count("columns", self.columns, _MOST)

    def variants(self) -> list[tuple[list[Piece], Experiment]]:
        """What is shown, each with a title."""
        raise NotImplementedError

    def experiments(self) -> tuple[Experiment, ...]:
        """Every one that is shown."""
        return tuple(experiment for _, experiment in self.variants())

    def draw(self, page: Page) -> None:
        """Draw a picture for each."""
        variants = self.variants()
        traces = [page.trace(experiment) for _, experiment in variants]
        last = self.view == "last"
        shadows: list[list[Piece]] = [shadow(t, t.n_layers) if last else [] for t in traces]
        columns = self.columns or page.columns(len(variants), least=7.5)
        cells = page.panels([title for title, _ in variants], columns, notes=1 + any(shadows))
        for trace, cell, words in zip(traces, cells, shadows, strict=True):
            page.plane(trace, cell, None if last else 0.0, line=True)
            page.note(cell, [Number(percent(accuracy(trace)))])
            page.note(cell, words, row=1)


@dataclass(frozen=True)
class Seeds(Multiples):
    """The same training from several seeds.

    Attributes
    ----------
    seeds
        Each is a training of its own.
    """

    seeds: tuple[int, ...] = (0, 1, 2, 3)

    def __post_init__(self) -> None:
        super().__post_init__()
        _check(self.seeds, "seeds")

    def variants(self) -> list[tuple[list[Piece], Experiment]]:
        """One for each seed."""
        base = experiment_named(self.experiment)
        return [(numbered("seed", seed), base.with_options(seed=seed)) for seed in self.seeds]


@dataclass(frozen=True)
class Networks(Multiples):
    """The same data and training with networks of several widths or depths.

    Attributes
    ----------
    networks
        In short, such as ``2-3:relu-2``.
    """

    view: Literal["last", "input"] = "input"
    networks: tuple[str, ...] = ("2-1", "2-2", "2-3", "2-4")

    def __post_init__(self) -> None:
        super().__post_init__()
        _check(self.networks, "networks")

    def variants(self) -> list[tuple[list[Piece], Experiment]]:
        """One for each network."""
        base = experiment_named(self.experiment)
        specs = [NetworkSpec.parse(network) for network in self.networks]
        return [([str(spec).replace("-", "–")], replace(base, network=spec)) for spec in specs]


def _check(values: tuple[Any, ...], name: str) -> None:
    """Refuse none, too many, and one given twice."""
    if not 1 <= len(values) <= _MOST or len(set(values)) < len(values):
        raise SpecError(f"{name}: give 1 to {_MOST} of them, each once")


WIDTHS = Networks()
DEPTHS = Networks("spirals-entangled", networks=("2-2", "2-2-2", "2-2-2-2", "2-2-2-2-2"))
