"""What the names in a manifest mean: experiments, scenes and figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from topo_core.experiments import EXPERIMENTS, LINKS, POINT_FILES, Experiment, experiment_for
from topo_core.links.files import split_target


@dataclass(frozen=True)
class Target:
    """A scene or figure.

    Attributes
    ----------
    path
        As workers look it up: its name, or an absolute ``FILE.py:Class``.
    label
        What it is called in names and reports.
    experiments
        What it shows by itself, its own first.
    shows_any
        Whether it can be given another trace.
    """

    path: str
    label: str
    experiments: tuple[Experiment, ...]
    shows_any: bool

    @property
    def needs_one(self) -> bool:
        """Whether it shows nothing without being given a trace."""
        return self.shows_any and not self.experiments


class Targets:
    """Looks up names; files are those beside the manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[tuple[str, str], Target] = {}

    def experiment(self, name: str, network: str | None) -> Experiment:
        """The experiment, link or file of points called so.

        Raises
        ------
        TopoError
            When there is none, or its file is not right.
        """
        if name in EXPERIMENTS or name.startswith(LINKS):
            return experiment_for(name)
        file, which = split_target(name)
        if file.suffix.lower() not in (*POINT_FILES, ".json"):
            return experiment_for(name)
        path = f"{self._folder / file}{'' if which is None else f'#{which}'}"
        return experiment_for(path, network)

    def found(self, name: str, kind: str) -> Target:
        """The scene or figure called so.

        Raises
        ------
        TopoError
            When there is none.
        """
        if (name, kind) not in self._found:
            self._found[name, kind] = self._look_up(name, kind)
        return self._found[name, kind]

    def _look_up(self, name: str, kind: str) -> Target:
        from scenes.output.needs import experiments_of

        if ":" in name or name.endswith(".py"):
            return self._user_file(name)
        if kind == "video":
            from scenes.catalogue import ANY_TRACE, scene_named

            entry = scene_named(name)
            label, any_trace = entry.name, entry.name in ANY_TRACE
        else:
            label, any_trace = figure_label(name)
        experiments = experiments_of(label)
        return Target(label, label, experiments, any_trace or bool(experiments))

    def _user_file(self, name: str) -> Target:
        from scenes.kit.scene import TraceScene
        from scenes.output.locate import locate

        path, colon, class_name = name.rpartition(":") if ":" in name else (name, "", "")
        target = f"{(self._folder / path).absolute()}{colon}{class_name}"
        located = locate(target)
        scene = located.scene
        if not issubclass(scene, TraceScene):
            return Target(target, located.name, (), shows_any=False)
        experiments = scene.experiments()
        return Target(target, located.name, experiments, scene.any_trace or bool(experiments))


def figure_label(name: str) -> tuple[str, bool]:
    """The full name of a figure or of a scene whose instants are figures, and whether it takes any trace."""
    from scenes.catalogue import ANY_TRACE, scene_named

    entry = scene_named(name)
    return entry.name, entry.name in ANY_TRACE
