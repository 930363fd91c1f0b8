"""Manifests for tests, and batches whose jobs are done by a fake that is quick."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from batch.job import Job, Outcome
from batch.manifest import load_manifest
from batch.plan import Plan, make_plan
from batch.problems import ManifestError


def write(folder: Path, text: str, name: str = "sweep.toml") -> Path:
    """A manifest in a folder."""
    path = folder / name
    path.write_text(textwrap.dedent(text), "utf-8")
    return path


def planned(folder: Path, text: str) -> Plan:
    """What a manifest asks for."""
    return make_plan(load_manifest(write(folder, text)))


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a manifest, without the folder."""
    with pytest.raises(ManifestError) as error:
        planned(folder, text)
    return [str(problem).replace(f"{folder}/", "") for problem in error.value.problems]


class FakeRun:
    """Stands for ``batch.run.run``: every job makes files that say what it was asked, or does what is set.

    Attributes
    ----------
    did
        Names of the jobs that it was given, of all runs.
    instead
        What happens to a job, by its name: an outcome, or something to call.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.did: list[str] = []
        self.traces: dict[str, Path] = {}
        self.instead: dict[str, Callable[[], Any]] = {}
        monkeypatch.setattr("batch.run.run", self)
        monkeypatch.setattr("batch.batch._one_after_another", lambda jobs: False)

    def __call__(
        self,
        jobs: Sequence[Job],
        *,
        scheduler: str | None,
        workers: int | None,
        done: Callable[[Job, Outcome], None],
        report: Callable[[str], None],
        traces: Mapping[str, Path],
    ) -> None:
        self.traces = dict(traces)
        for job in jobs:
            self.did.append(job.name)
            outcome = outcome_of(job)
            if job.name in self.instead:
                outcome = self.instead[job.name]() or outcome
            done(job, outcome)


def outcome_of(job: Job, **metrics: Any) -> Outcome:
    """What the fake makes of a job."""
    content = f"{job.kind} {job.target} {dict(job.options)}"
    if job.experiment is not None:
        content += f" {job.experiment.key}"
    files = {name: f"{name}: {content}".encode() for name in job.outputs}
    return Outcome(job.name, files, metrics or {"accuracy": 0.5}, 0.25, worker="fake")


def failed(job: str, why: str) -> Callable[[], Outcome]:
    """For ``FakeRun.instead``: a job that fails."""
    return lambda: Outcome(job, {}, {}, 0.1, why)


def raising(error: BaseException) -> Callable[[], Any]:
    """For ``FakeRun.instead``: the whole run ends with an error."""

    def end() -> Any:
        raise error

    return end
