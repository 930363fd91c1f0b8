"""From a manifest to jobs: names looked up, parameters applied, and each training once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from batch.job import Job
from batch.lines import Path
from batch.manifest import Entry, Manifest
from batch.names import Taken, fields_of
from batch.problems import ManifestError, Problem
from batch.resolve import Keyed, Resolved, Resolver
from batch.schema import OF_KIND, TRAINING
from batch.sweep import combinations, count
from batch.targets import Targets
from topo_core.errors import SpecError
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
    for entry in sorted(manifest.entries, key=lambda entry: entry.kind != "train"):
        planner.add(entry)
    if planner.problems:
        raise ManifestError(planner.problems)
    return planner.plan()


class _Planner:
    """Collects jobs, and all that is wrong on the way."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.problems: list[Problem] = []
        self._resolver = Resolver(Targets(manifest.file.parent), self._say)
        self._taken = Taken()
        self._trainings: dict[str, Job] = {}  # by the experiment's key
        self._copies: list[Job] = []
        self._same: dict[str, str] = {}
        self._renders: list[Job] = []

    def plan(self) -> Plan:
        return Plan(self.manifest, (*self._trainings.values(), *self._copies, *self._renders), self._same)

    def add(self, entry: Entry) -> None:
        named = self._template_is_right(entry)
        for combination in combinations(entry, self.manifest.defaults):
            resolved = self._resolver.resolved(entry, combination)
            if resolved is not None and named:
                self._add(entry, combination.varying, resolved)

    def _say(self, path: Path, what: object) -> None:
        self.problems.append(self.manifest.problem(path, str(what)))

    def _template_is_right(self, entry: Entry) -> bool:
        known = ("experiment", "scene", "figure", *TRAINING, *OF_KIND[entry.kind])
        try:
            fields_of(entry.name or "", known)
        except SpecError as error:
            self._say((*entry.path, "name"), error)
            return False
        return True

    def _add(self, entry: Entry, varying: tuple[str, ...], resolved: Resolved) -> None:
        try:
            name = resolved.name(entry, varying)
        except SpecError as error:
            self._say((*entry.path, "name"), error)
            return
        job = Job(
            name,
            entry.kind,
            resolved.own.experiment if resolved.own else None,
            resolved.target.path,
            resolved.options,
            resolved.formats,
            self._needs(resolved) if entry.kind != "train" else (),
            {**resolved.labels, **resolved.parameters},
        )
        owner = self._taken.clash(job.name, job.outputs)
        if owner is not None:
            self._say(
                (*entry.path, "name"),
                f"{job.name} would be in the way of {owner}; tell them apart by name = ..., with parameters "
                "in braces such as {seed}",
            )
            return
        self._taken.add(f"one of job[{int(entry.path[-1]) + 1}]", job.name, job.outputs)
        if entry.kind != "train":
            self._renders.append(job)
        elif resolved.own is not None:
            first = self._trainings.setdefault(resolved.own.key, job)
            if first is not job:
                self._copies.append(job)
                self._same[job.name] = first.name

    def _needs(self, resolved: Resolved) -> tuple[str, ...]:
        """The trainings of what a render shows, its own first."""
        others = [self._resolver.keyed(experiment) for experiment in resolved.target.experiments[1:]]
        shown = [resolved.own, *others] if resolved.own else others
        return tuple(dict.fromkeys(self._training(one) for one in shown))

    def _training(self, wanted: Keyed) -> str:
        """The name of the job that trains an experiment, made now unless there is one."""
        if wanted.key not in self._trainings:
            job = Job(f"traces/{trace_path(wanted.experiment).stem}", "train", wanted.experiment)
            self._taken.add("a training that other jobs need", job.name, job.outputs)
            self._trainings[wanted.key] = job
        return self._trainings[wanted.key].name


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"
