"""All combinations of what a job of a manifest chooses: grids, lists of rows, experiments and targets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from batch.lines import Path
from batch.manifest import Entry
from batch.schema import OF_KIND, TRAINING


@dataclass(frozen=True)
class Choice:
    """A value, and where in the manifest it was chosen."""

    value: Any
    path: Path


@dataclass(frozen=True)
class Combination:
    """What one job is made of.

    Attributes
    ----------
    experiment, target
        Names, if the manifest gives them.
    parameters
        The job's own and, where it has none, those of the manifest's defaults; ``defaults`` names these.
    varying
        The parameters that differ between the jobs of this entry.
    """

    experiment: Choice | None
    target: Choice | None
    parameters: Mapping[str, Choice]
    varying: tuple[str, ...]
    defaults: frozenset[str] = field(default_factory=frozenset)


def count(entry: Entry) -> int:
    """How many combinations there are, without making them."""
    rows = max((len(column) for column in entry.rows.values()), default=1)
    axes = [len(values) for name, values in entry.grid.items() if not _at_once(entry, name)]
    targets = len(entry.scenes or entry.figures) or 1
    return math.prod(axes) * rows * targets * (len(entry.experiments) or 1)


def combinations(entry: Entry, defaults: Mapping[str, Any]) -> Iterator[Combination]:
    """Every combination of an entry: targets outermost, then experiments, the grid, and the rows of lists.

    Several formats of a figure in a grid are no combinations: it is drawn once and written in all of them.
    """
    where = "scene" if entry.scenes else "figure"
    targets = _named(entry, where, entry.scenes or entry.figures)
    experiments = _named(entry, "experiment", entry.experiments)
    fixed = {name: Choice(value, ("defaults", name)) for name, value in defaults.items()}
    fixed = {name: choice for name, choice in fixed.items() if name in (*TRAINING, *OF_KIND[entry.kind])}
    own = {name: Choice(value, (*entry.path, name)) for name, value in entry.fixed.items()}
    for name, values in entry.grid.items():
        if _at_once(entry, name):
            own[name] = Choice(values, (*entry.path, "grid", name))
    axes = [
        [(name, Choice(value, (*entry.path, "grid", name, k))) for k, value in enumerate(values)]
        for name, values in entry.grid.items()
        if not _at_once(entry, name)
    ]
    varying = tuple(
        name
        for name, values in (*entry.grid.items(), *entry.rows.items())
        if len(set(values)) > 1 and not _at_once(entry, name)
    )
    for target, experiment, chosen, row in itertools.product(
        targets, experiments, list(itertools.product(*axes)), _rows(entry)
    ):
        ours = {**own, **dict(chosen), **row}
        inherited = {name: choice for name, choice in fixed.items() if not _settled(name, ours)}
        yield Combination(experiment, target, {**inherited, **ours}, varying, frozenset(inherited))


def _settled(name: str, ours: Mapping[str, Choice]) -> bool:
    """Whether a job decides something itself, perhaps in another way, and a default is not asked."""
    by_layers = ("width", "depth", "activation")
    others = {"network": by_layers, **dict.fromkeys(by_layers, ("network",))}
    return name in ours or any(other in ours for other in others.get(name, ()))


def _at_once(entry: Entry, name: str) -> bool:
    return name == "format" and entry.kind == "figure" and name in entry.grid


def _named(entry: Entry, key: str, names: tuple[str, ...]) -> list[Choice | None]:
    return [Choice(name, (*entry.path, key, k)) for k, name in enumerate(names)] or [None]


def _rows(entry: Entry) -> list[dict[str, Choice]]:
    columns = [
        [(name, Choice(value, (*entry.path, "list", name, k))) for k, value in enumerate(values)]
        for name, values in entry.rows.items()
    ]
    return [dict(row) for row in zip(*columns, strict=True)] or [{}]
