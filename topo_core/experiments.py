"""Experiments by name, and experiments for links and for files."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from topo_core.catalogue import CATALOGUE
from topo_core.datasets import Dataset, NamedLink, PolygonalLink, load_points
from topo_core.datasets.link_curves import LINK_TITLES
from topo_core.datasets.named_links import fitted
from topo_core.errors import SpecError, UnknownNameError
from topo_core.experiment import Experiment, source_hash
from topo_core.links.files import is_link_file, read_link, split_target
from topo_core.links.snappea import TABLE_NAME, link_named
from topo_core.recipe import Recipe
from topo_core.spec import NetworkSpec

__all__ = [
    "EXPERIMENTS",
    "LINKS",
    "POINT_FILES",
    "Experiment",
    "Recipe",
    "experiment_for",
    "experiment_named",
    "link_experiment",
    "source_hash",
]

#: Endings of the files that hold a user's own points.
POINT_FILES = (".csv", ".tsv", ".txt", ".npz")

#: What the names of links begin with where experiments are named.
LINKS = "links/"

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


def experiment_for(target: str, network: str | None = None, tube: float | None = None) -> Experiment:
    """A named experiment, or one for a link or a file; ``network`` replaces the architecture.

    Parameters
    ----------
    target
        A name of ``EXPERIMENTS``; ``links/NAME``, a link by name; a file of points; or ``FILE[#WHICH]``, a
        file of polygons (``links.files``).
    network
        The architecture in short; see ``NetworkSpec.parse``.
    tube
        Radius of tubes around the curves of a link, in data units; by default the curves themselves.

    Raises
    ------
    DataError, DependencyError, SpecError, UnknownNameError
        When the file, the architecture or the name is not right, or SnapPy's tables are not installed.
    """
    if target.startswith(LINKS) or is_link_file(split_target(target)[0]):
        return link_experiment(target, network, tube or 0.0)
    if tube is not None:
        raise SpecError(f"{target} is no link: leave out the tube")
    if Path(target).suffix.lower() not in POINT_FILES:
        if target not in EXPERIMENTS:
            raise UnknownNameError(
                "experiment", target, [*EXPERIMENTS, *(LINKS + name for name in LINK_TITLES)]
            )
        known = experiment_named(target)
        return known if network is None else replace(known, network=NetworkSpec.parse(network))
    points = load_points(Path(target))
    if network is None and points.dimension > 3:
        raise SpecError(
            f"{target}: points in {points.dimension} dimensions: choose a network for them, for example "
            f"--network {points.dimension}-16:relu-2"
        )
    spec = NetworkSpec.parse(network or "-".join([str(points.dimension)] * 5))
    return Experiment(_file_name(Path(target).stem, "points"), Path(target).stem, points, spec)


def link_experiment(target: str, network: str | None = None, tube: float = 0.0) -> Experiment:
    """An experiment for a link, ``links/NAME`` or ``FILE[#WHICH]``; see ``experiment_for``.

    Polygons are moved to the middle of space and scaled to a largest coordinate of 2. A fourth dimension
    takes every link apart, so the network has two layers of four units.
    """
    spec = NetworkSpec.parse(network or "3-4-4")
    recipe = Recipe(steps=4000)
    name = target.removeprefix(LINKS)
    if target.startswith(LINKS) and not TABLE_NAME.fullmatch(name):
        data: Dataset = NamedLink(link=name, tube_radius=tube)
        return Experiment(_file_name(f"link-{name}"), LINK_TITLES.get(name, name), data, spec, recipe)
    if target.startswith(LINKS):
        title, polygons = name, link_named(name)
    else:
        found = read_link(*split_target(target))
        title, polygons = found.title, found.polygons
    if len(polygons) < 2:
        raise SpecError(f"{target} is a knot: one component is one class; give a link of two or more")
    data = PolygonalLink.of(fitted(polygons), source=title, tube_radius=tube)
    return Experiment(_file_name(f"link-{title}"), title, data, spec, recipe)


def _file_name(text: str, otherwise: str = "link") -> str:
    """A text as part of the name of a file."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or otherwise
