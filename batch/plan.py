"""From a manifest to jobs: names looked up, parameters applied, and each training once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batch.applied import applied, facts
from batch.job import Job
from batch.lines import Path
from batch.manifest import OF_KIND, TRAINING, Entry, Manifest
from batch.names import Taken, checked_name, fields_of, filled, slug
from batch.options import options_for
from batch.problems import ManifestError, NotApplicable, Problem
from batch.sweep import Combination, combinations, count
from batch.targets import Target, Targets
from topo_core.errors import SpecError, TopoError
from topo_core.experiments import Experiment
from topo_core.store import is_ready, trace_path

#: The most jobs of a batch.
MOST_JOBS = 10_000


@dataclass(frozen=True)
class Plan:
    """All jobs of a batch, in the order of the manifest, trainings first.

    Attributes
    ----------
    manifest
        Where they come from.
    jobs
        Every training is run once, by the first job that asks for it, or else by one below ``traces``.
    same
        Trainings that ask for what another one does already, and the name of that: its trace is copied.
    """

    manifest: Manifest
    jobs: tuple[Job, ...]
    same: Mapping[str, str]

    def of_kind(self, kind: str) -> list[Job]:
        """The jobs of one kind."""
        return [job for job in self.jobs if job.kind == kind]

    def summary(self) -> str:
        """How much there is to do, in words."""
        trainings = [job for job in self.of_kind("train") if job.name not in self.same]
        trained = sum(job.experiment is not None and is_ready(job.experiment) for job in trainings)
        figures = self.of_kind("figure")
        n_files = sum(len(job.formats) for job in figures)
        return ", ".join(
            (
                _counted(len(trainings), "training") + (f" ({trained} trained before)" if trained else ""),
                _counted(len(self.of_kind("video")), "video"),
                _counted(len(figures), "figure") + (f" in {n_files} files" if n_files > len(figures) else ""),
            )
        )


def make_plan(manifest: Manifest) -> Plan:
    """All jobs of a manifest.

    Raises
    ------
    ManifestError
        With every name that does not exist, every parameter that does not apply, and every two jobs that
        would get the same name or the same file.
    """
    total = 0
    for entry in manifest.entries:
        total += count(entry)
        if total > MOST_JOBS:
            what = f"with this there are {total} jobs, more than {MOST_JOBS}; make several manifests of it"
            raise ManifestError([manifest.problem(entry.path, what)])
    planner = _Planner(manifest)
    for entry in manifest.entries:
        if entry.kind == "train":
            planner.add(entry)
    for entry in manifest.entries:
        if entry.kind != "train":
            planner.add(entry)
    if planner.problems:
        raise ManifestError(planner.problems)
    return planner.plan()


class _Planner:
    """Collects jobs, and all that is wrong on the way."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.problems: list[Problem] = []
        self._targets = Targets(manifest.file.parent)
        self._taken = Taken()
        self._trainings: dict[str, Job] = {}  # by the experiment's key
        self._renders: list[Job] = []
        self._copies: list[Job] = []
        self._same: dict[str, str] = {}
        self._applied: dict[Any, tuple[Experiment, str]] = {}

    def plan(self) -> Plan:
        jobs = (*self._trainings.values(), *self._copies, *self._renders)
        return Plan(self.manifest, jobs, self._same)

    def add(self, entry: Entry) -> None:
        template = self._template(entry)
        for combination in combinations(entry, self.manifest.defaults):
            target = self._target(entry, combination)
            if target is not None:
                self._add(entry, template, combination, target)

    def _say(self, path: Path, what: object) -> None:
        self.problems.append(self.manifest.problem(path, str(what)))

    def _template(self, entry: Entry) -> str | None:
        if entry.name is not None:
            known = ("experiment", "scene", "figure", *TRAINING, *OF_KIND[entry.kind])
            try:
                fields_of(entry.name, known)
            except SpecError as error:
                self._say((*entry.path, "name"), error)
                return ""
        return entry.name

    def _target(self, entry: Entry, combination: Combination) -> Target | None:
        """What a combination shows, or an empty target of a training; None if something is wrong."""
        if combination.target is None:
            return Target("", "", (), shows_any=True)
        try:
            target = self._targets.found(combination.target.value, entry.kind)
        except TopoError as error:
            self._say(combination.target.path, error)
            return None
        if combination.experiment is None and target.needs_one:
            self._say(
                combination.target.path, f"{target.label} shows any network; give the job an experiment"
            )
            return None
        if combination.experiment is not None and not target.shows_any:
            self._say(
                combination.experiment.path,
                f"{target.label} shows no trained network; leave the experiment out",
            )
            return None
        return target

    def _add(self, entry: Entry, template: str | None, combination: Combination, target: Target) -> None:
        problems = len(self.problems)
        found = self._experiment(combination, target)
        options, formats = self._options(entry, combination)
        if len(self.problems) > problems or template == "":
            return
        labels: dict[str, Any] = {}
        if combination.experiment is not None or not target.label:
            labels["experiment"] = found[0].name if found else None
        if target.label:
            labels["scene" if entry.kind == "video" else "figure"] = target.label
        given = {name: choice.value for name, choice in combination.parameters.items()}
        try:
            name = self._name(entry, template, combination, labels, found, options, formats)
        except SpecError as error:
            self._say((*entry.path, "name"), error)
            return
        parameters = {**labels, **given}
        experiment = found[0] if found else None
        job = Job(name, entry.kind, experiment, target.path, options, formats, (), parameters)
        owner = self._taken.clash(job.name, job.outputs)
        if owner is not None:
            self._say(
                (*entry.path, "name"),
                f"{job.name} would be in the way of {owner}; tell them apart by a name with parameters in "
                "braces, such as {seed}",
            )
            return
        self._taken.add(f"one of job[{_number(entry)}]", job.name, job.outputs)
        self._keep(job, found, target)

    def _keep(self, job: Job, found: tuple[Experiment, str] | None, target: Target) -> None:
        if job.kind == "train":
            assert found is not None
            first = self._trainings.setdefault(found[1], job)
            if first is not job:
                self._copies.append(job)
                self._same[job.name] = first.name
            return
        needs = [self._training(*found)] if found else []
        needs += [self._training(other, self._key(other)) for other in target.experiments[1:]]
        unique = tuple(dict.fromkeys(needs))
        self._renders.append(
            Job(
                *(job.name, job.kind, job.experiment, job.target, job.options, job.formats),
                unique,
                job.parameters,
            )
        )

    def _training(self, experiment: Experiment, key: str) -> str:
        """The name of the job that trains an experiment, made now unless there is one."""
        if key not in self._trainings:
            job = Job(f"traces/{trace_path(experiment).stem}", "train", experiment)
            self._taken.add("a training that other jobs need", job.name, job.outputs)
            self._trainings[key] = job
        return self._trainings[key].name

    def _key(self, experiment: Experiment) -> str:
        found = self._applied.setdefault(("", experiment.name), (experiment, ""))
        if not found[1]:
            found = self._applied["", experiment.name] = (experiment, experiment.key)
        return found[1]

    def _experiment(self, combination: Combination, target: Target) -> tuple[Experiment, str] | None:
        """The experiment of a combination with its parameters, and its key."""
        chosen = {name: c for name, c in combination.parameters.items() if name in TRAINING}
        if combination.experiment is None and not target.experiments:
            for name, choice in chosen.items():
                if name not in combination.defaults:
                    self._say(choice.path, f"{target.label} shows no trained network; leave {name} out")
            return None
        values = {name: choice.value for name, choice in chosen.items()}
        who = combination.experiment.value if combination.experiment else target.experiments[0].name
        memo = (who, tuple(sorted(values.items())), combination.defaults)
        if memo in self._applied:
            return self._applied[memo]
        try:
            if combination.experiment is None:
                base = target.experiments[0]
            else:
                base = self._targets.experiment(combination.experiment.value, values.get("network"))
        except TopoError as error:
            assert combination.experiment is not None
            self._say(combination.experiment.path, error)
            return None
        experiment = self._with_parameters(base, values, chosen, combination)
        if experiment is None:
            return None
        self._applied[memo] = (experiment, experiment.key)
        return self._applied[memo]

    def _with_parameters(
        self, base: Experiment, values: dict[str, Any], chosen: Mapping[str, Any], combination: Combination
    ) -> Experiment | None:
        """The base with parameters; of the manifest's defaults only those that it can have."""
        try:
            return applied(base, values)
        except NotApplicable as error:
            left = {name: v for name, v in values.items() if name not in combination.defaults}
            if len(left) < len(values):
                can = {name: v for name, v in values.items() if name not in dict(error.wrong)}
                return self._with_parameters(
                    base, can if len(can) < len(values) else left, chosen, combination
                )
            for name, what in error.wrong:
                self._say(chosen[name].path, what)
        return None

    def _options(self, entry: Entry, combination: Combination) -> tuple[dict[str, Any], tuple[str, ...]]:
        given = {name: c for name, c in combination.parameters.items() if name in OF_KIND[entry.kind]}
        values = {name: choice.value for name, choice in given.items()}
        try:
            return options_for(entry.kind, values)
        except NotApplicable as error:
            for name, what in error.wrong:
                self._say(given[name].path if name in given else entry.path, what)
            return {}, ()

    def _name(
        self,
        entry: Entry,
        template: str | None,
        combination: Combination,
        labels: dict[str, Any],
        found: tuple[Experiment, str] | None,
        options: Mapping[str, Any],
        formats: tuple[str, ...],
    ) -> str:
        given = {name: choice.value for name, choice in combination.parameters.items()}
        values: dict[str, Any] = {**options, **(facts(found[0]) if found else {}), **given, **labels}
        if found:
            values["experiment"] = found[0].name
        if entry.kind == "figure":
            values["format"] = formats
        elif entry.kind == "video":
            values["format"] = options["format"]
        if template is not None:
            return checked_name(filled(template, values))
        main = slug(labels.get("scene") or labels.get("figure") or labels["experiment"])
        parts = [slug(labels["experiment"])] if len(entry.experiments) > 1 and len(labels) > 1 else []
        parts += [f"{name.replace('_', '-')}-{slug(values[name])}" for name in combination.varying]
        return checked_name(f"{main}/{'-'.join(parts)}" if parts else main)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


def _number(entry: Entry) -> int:
    return int(entry.path[-1]) + 1
