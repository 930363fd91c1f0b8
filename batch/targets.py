"""What the names in a manifest mean: experiments, scenes and figures."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from topo_core.errors import SpecError, UnknownNameError
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
    has_instants
        Whether it is a scene, of which a figure shows an instant.
    """

    path: str
    label: str
    experiments: tuple[Experiment, ...]
    shows_any: bool
    has_instants: bool = True

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
        from scenes.catalogue import ANY_TRACE, SCENES, scene_named
        from scenes.figures.catalogue import FIGURES
        from scenes.output.needs import experiments_of

        if ":" in name or name.endswith(".py"):
            return self._user_file(name, kind)
        if kind == "figure" and name in FIGURES:
            experiments = experiments_of(name)
            return Target(name, name, experiments, shows_any=bool(experiments), has_instants=False)
        try:
            entry = scene_named(name)
        except UnknownNameError:
            if kind == "figure":
                known = (*FIGURES, *SCENES, *ANY_TRACE)
                raise UnknownNameError("figure or scene", name, known) from None
            if name in FIGURES:
                raise SpecError(f"{name} is a figure, not a scene: write figure = ...") from None
            raise
        experiments = experiments_of(entry.name)
        return Target(entry.name, entry.name, experiments, entry.name in ANY_TRACE or bool(experiments))

    def _user_file(self, name: str, kind: str) -> Target:
        from scenes.figures.find import find
        from scenes.figures.page import Figure
        from scenes.kit.scene import TraceScene

        path, colon, class_name = name.rpartition(":") if ":" in name else (name, "", "")
        target = f"{(self._folder / path).absolute()}{colon}{class_name}"
        path_before = list(sys.path)
        try:
            found = find(target)
        finally:  # so that no file beside the scene hides a package in the processes that are begun from here
            sys.path[:] = path_before
        if isinstance(found, Figure):
            if kind != "figure":
                raise SpecError(f"{name} is a figure, not a scene: write figure = ...")
            experiments = found.experiments()
            label = class_name or type(found).__name__
            return Target(target, label, experiments, shows_any=bool(experiments), has_instants=False)
        if not issubclass(found, TraceScene):
            return Target(target, found.__name__, (), shows_any=False)
        experiments = found.experiments()
        return Target(target, found.__name__, experiments, found.any_trace or bool(experiments))
