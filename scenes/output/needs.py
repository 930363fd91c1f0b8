"""Which experiments a scene needs, found without Manim for the scenes of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenes.catalogue import scene_named
from scenes.figures.catalogue import FIGURES
from topo_core.experiments import Experiment, experiment_named


def experiments_of(target: str, fields: Mapping[str, Any] | None = None) -> tuple[Experiment, ...]:
    """The experiments of a scene or figure, its own first; plain Manim scenes need none.

    ``fields`` are other values for fields of a figure (``scenes.figures.fields``).

    Raises
    ------
    SpecError, TopoError, UnknownNameError
        When there is no such scene or field.
    """
    if target in FIGURES and not fields:
        names = FIGURES[target].experiments
        if names is not None:
            return tuple(experiment_named(name) for name in names)
    elif not fields and ":" not in target and not target.endswith(".py"):
        return tuple(experiment_named(name) for name in scene_named(target).experiments)
    from scenes.figures.find import find
    from scenes.figures.page import Figure
    from scenes.kit.scene import TraceScene

    found = find(target, fields)
    if isinstance(found, Figure):
        return found.experiments()
    return found.experiments() if issubclass(found, TraceScene) else ()
