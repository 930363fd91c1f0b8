"""Which experiments a scene needs, found without Manim for the scenes of the catalogue."""

from __future__ import annotations

from scenes.catalogue import scene_named
from scenes.figures.catalogue import FIGURES
from topo_core.experiments import Experiment, experiment_named


def experiments_of(target: str) -> tuple[Experiment, ...]:
    """The experiments of a scene or figure, its own first; plain Manim scenes need none.

    Raises
    ------
    TopoError, UnknownNameError
        When there is no such scene.
    """
    if target in FIGURES:
        return tuple(experiment_named(name) for name in FIGURES[target].experiments)
    if ":" not in target and not target.endswith(".py"):
        return tuple(experiment_named(name) for name in scene_named(target).experiments)
    from scenes.figures.find import find
    from scenes.figures.page import Figure
    from scenes.kit.scene import TraceScene

    found = find(target)
    if isinstance(found, Figure):
        return found.experiments()
    return found.experiments() if issubclass(found, TraceScene) else ()
