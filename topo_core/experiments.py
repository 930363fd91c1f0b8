"""Experiments by name, and experiments for a file of points."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from topo_core.catalogue import CATALOGUE
from topo_core.datasets import load_points
from topo_core.errors import UnknownNameError
from topo_core.experiment import Experiment, source_hash
from topo_core.recipe import Recipe
from topo_core.spec import NetworkSpec

__all__ = [
    "EXPERIMENTS",
    "POINT_FILES",
    "Experiment",
    "Recipe",
    "experiment_for",
    "experiment_named",
    "source_hash",
]

#: Endings of the files that hold a user's own points.
POINT_FILES = (".csv", ".tsv", ".txt", ".npz")

#: Every named experiment, in the essay's order.
EXPERIMENTS: dict[str, Experiment] = {experiment.name: experiment for experiment in CATALOGUE}


def experiment_named(name: str) -> Experiment:
    """Return the experiment called ``name``.

    Raises
    ------
    UnknownNameError
        With the nearest names, when there is none.
    """
    if name not in EXPERIMENTS:
        raise UnknownNameError("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name]


def experiment_for(target: str, network: str | None = None) -> Experiment:
    """A named experiment, or one for a file of points; ``network`` replaces the architecture.

    Raises
    ------
    DataError, SpecError, UnknownNameError
        When the file, the architecture or the name is not right.
    """
    if Path(target).suffix.lower() not in POINT_FILES:
        known = experiment_named(target)
        return known if network is None else replace(known, network=NetworkSpec.parse(network))
    points = load_points(Path(target))
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(target).stem).strip("-") or "points"
    spec = NetworkSpec.parse(network or "-".join([str(points.dimension)] * 5))
    return Experiment(name, Path(target).stem, points, spec)
