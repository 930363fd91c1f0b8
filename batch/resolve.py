"""What one combination of a manifest means: the target found, parameters applied, options checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from batch.applied import applied, facts
from batch.lines import Path
from batch.manifest import Entry
from batch.names import checked_name, filled, slug
from batch.options import manifest_names, options_for
from batch.problems import NotApplicable
from batch.schema import OF_KIND, TRAINING
from batch.sweep import Choice, Combination
from batch.targets import Target, Targets
from topo_core.errors import TopoError
from topo_core.experiments import Experiment

#: What a training alone has for a target, and what stands for one that there is not.
NO_TARGET, UNKNOWN = Target("", "", (), shows_any=True), Target("?", "?", (), shows_any=True)


@dataclass(frozen=True)
class Keyed:
    """An experiment and its key, which takes a moment to find; defaults that it cannot have are left out."""

    experiment: Experiment
    key: str
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Resolved:
    """All that a job needs but its name.

    Attributes
    ----------
    target
        What it shows; ``NO_TARGET`` of a training.
    own
        Its experiment, parameters applied; none for a scene without a network.
    options, formats
        As of ``batch.job.Job``.
    labels
        What the experiment, scene or figure is called, where the manifest names one.
    parameters
        What was chosen, with the defaults that apply.
    """

    target: Target
    own: Keyed | None
    options: Mapping[str, Any]
    formats: tuple[str, ...]
    labels: Mapping[str, str]
    parameters: Mapping[str, Any]

    def name(self, entry: Entry, varying: tuple[str, ...]) -> str:
        """The job's name: by the entry's template, or from what varies.

        Raises
        ------
        SpecError
            When the template does not fit, or makes no safe name.
        """
        own = self.own.experiment if self.own else None
        values = {**manifest_names(self.options), **self.parameters, **self.labels}
        if own:
            values = {**facts(own), "experiment": own.name, **values}
        values["format"] = self.formats or self.options.get("format")
        if entry.name is not None:
            return checked_name(filled(entry.name, values))
        experiment = self.labels.get("experiment", "")
        main = slug(self.target.label or experiment)
        parts = [slug(experiment)] if self.target.label and len(entry.experiments) > 1 else []
        parts += [f"{name.replace('_', '-')}-{slug(values[name])}" for name in varying]
        return checked_name(f"{main}/{'-'.join(parts)}" if parts else main)


class Resolver:
    """Resolves combinations; what is wrong with one is told to ``say``, with the place in the manifest."""

    def __init__(self, targets: Targets, say: Callable[[Path, str], None]) -> None:
        self._targets = targets
        self._tell = say
        self._wrong = False
        self._applied: dict[Any, Keyed | None] = {}

    def resolved(self, entry: Entry, combination: Combination) -> Resolved | None:
        """What a combination means; None if anything is wrong with it."""
        self._wrong = False
        target = self._target(entry, combination)
        own = self._own(combination, target)
        options, formats = self._options(entry, combination, target)
        if self._wrong:
            return None
        labels: dict[str, str] = {}
        if own and (combination.experiment is not None or not target.label):
            labels["experiment"] = own.experiment.name
        if target.label:
            labels["scene" if entry.kind == "video" else "figure"] = target.label
        left_out = own.left_out if own else frozenset(TRAINING)
        if not target.has_instants:
            left_out |= {"at"}
        parameters = {name: c.value for name, c in combination.parameters.items() if name not in left_out}
        return Resolved(target, own, options, formats, labels, parameters)

    def keyed(self, experiment: Experiment) -> Keyed:
        """An experiment as it is, with its key."""
        found = self._applied.get(experiment.name)
        if found is None or found.experiment is not experiment:
            found = self._applied[experiment.name] = Keyed(experiment, experiment.key)
        return found

    def _say(self, path: Path, what: object) -> None:
        self._wrong = True
        self._tell(path, str(what))

    def _target(self, entry: Entry, combination: Combination) -> Target:
        if combination.target is None:
            return NO_TARGET
        try:
            target = self._targets.found(combination.target.value, entry.kind)
        except TopoError as error:
            self._say(combination.target.path, error)
            return UNKNOWN
        if combination.experiment is None and target.needs_one:
            what = f"{target.label} shows any network; give the job an experiment"
            self._say(combination.target.path, what)
        if combination.experiment is not None and not target.shows_any:
            what = f"{target.label} shows no trained network; leave the experiment out"
            self._say(combination.experiment.path, what)
        return target

    def _own(self, combination: Combination, target: Target) -> Keyed | None:
        """The experiment of a combination with its parameters."""
        chosen = {name: c for name, c in combination.parameters.items() if name in TRAINING}
        if combination.experiment is None and not target.experiments:
            for name, choice in chosen.items():
                if name not in combination.defaults and not target.shows_any:
                    self._say(choice.path, f"{target.label} shows no trained network; leave {name} out")
            return None
        values = {name: choice.value for name, choice in chosen.items()}
        who = combination.experiment.value if combination.experiment else (target.path, "own")
        memo = (who, tuple(sorted(values.items())), combination.defaults)
        if memo not in self._applied:
            self._applied[memo] = self._made(combination, target, values, chosen)
        if self._applied[memo] is None:
            self._wrong = True
        return self._applied[memo]

    def _made(
        self,
        combination: Combination,
        target: Target,
        values: Mapping[str, Any],
        chosen: Mapping[str, Choice],
    ) -> Keyed | None:
        if combination.experiment is None:
            base = target.experiments[0]
        else:
            try:
                base = self._targets.experiment(combination.experiment.value, values.get("network"))
            except TopoError as error:
                self._say(combination.experiment.path, error)
                return None
        return self._with_parameters(base, values, chosen, combination.defaults)

    def _with_parameters(
        self,
        base: Experiment,
        values: Mapping[str, Any],
        chosen: Mapping[str, Choice],
        defaults: frozenset[str],
    ) -> Keyed | None:
        """The base with parameters; of the manifest's defaults only those that it can have."""
        try:
            experiment = applied(base, values)
            return Keyed(experiment, experiment.key, frozenset(chosen) - frozenset(values))
        except NotApplicable as error:
            wrong = dict(error.wrong)
            fewer = {name: v for name, v in values.items() if not (name in wrong and name in defaults)}
            if len(fewer) < len(values):
                return self._with_parameters(base, fewer, chosen, defaults)
            for name, what in wrong.items():
                self._say(chosen[name].path, what)
        return None

    def _options(
        self, entry: Entry, combination: Combination, target: Target
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        given = {name: c for name, c in combination.parameters.items() if name in OF_KIND[entry.kind]}
        at = given.get("at")
        if at is not None and not target.has_instants:
            if "at" not in combination.defaults:
                self._say(at.path, f"{target.label} is a figure, not a scene; leave the instant out")
            del given["at"]
        try:
            return options_for(entry.kind, {name: choice.value for name, choice in given.items()})
        except NotApplicable as error:
            for name, what in error.wrong:
                self._say(given[name].path if name in given else entry.path, what)
            return {}, ()
