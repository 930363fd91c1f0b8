"""Which experiments a scene needs, found without Manim for the scenes of the catalogue."""

from __future__ import annotations

from scenes.catalogue import scene_named
from topo_core.experiments import Experiment, experiment_named


def experiments_of(target: str) -> tuple[Experiment, ...]:
    """The experiments of a scene, its own first; plain Manim scenes need none.

    Raises
    ------
    TopoError, UnknownNameError
        When there is no such scene.
    """
    if ":" not in target and not target.endswith(".py"):
        return tuple(experiment_named(name) for name in scene_named(target).experiments)
    from scenes.kit.scene import TraceScene
    from scenes.output.locate import locate

    scene = locate(target).scene
    return scene.experiments() if issubclass(scene, TraceScene) else ()
