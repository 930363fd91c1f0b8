"""A whole batch: what is missing is done, every result is kept as soon as it is there, all is reported."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from batch.job import Job, Outcome
from batch.keys import Keys
from batch.names import REPORTS
from batch.plan import Plan
from batch.progress import BatchProgress
from batch.store import FullDiskError, OutputFolder, Record
from batch.thumbnails import thumbnails_of
from batch.trained import keep_trace, trained_before
from topo_core.errors import TopoError


@dataclass
class Batch:
    """A batch under way, and in the end what came of it.

    Attributes
    ----------
    plan, root
        What is made, and where.
    records
        Of the jobs that are done, by their names; ``kept`` names those that were done before.
    errors, tracebacks
        Of the jobs that failed, the reason in one line, and for bugs where they are.
    seconds
        How long this run took.
    """

    plan: Plan
    root: Path
    records: dict[str, Record] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    tracebacks: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def state(self, job: Job) -> str:
        """``"done"``, ``"failed"``, or ``"missing"``, in an interrupted batch."""
        return "done" if job.name in self.records else "failed" if job.name in self.errors else "missing"

    def summary(self) -> str:
        """What came of it, in words."""
        made = len(self.records) - len(self.kept)
        cached = sum(record.cached for name, record in self.records.items() if name not in self.kept)
        words = [f"{len(self.plan.jobs)} jobs: {made} done"]
        words += [f"{cached} of these were trained before"] if cached else []
        words += [f"{len(self.kept)} were done already"] if self.kept else []
        words += [f"{len(self.errors)} failed"] if self.errors else []
        return ", ".join(words)

    @property
    def complete(self) -> bool:
        """Whether every job is done."""
        return all(job.name in self.records for job in self.plan.jobs)


def run_batch(
    plan: Plan,
    root: Path,
    *,
    resume: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: BatchProgress | None = None,
) -> Batch:
    """Do what is missing of a batch, and write its reports, also after an interruption.

    Parameters
    ----------
    plan
        What to make.
    root
        The output folder.
    resume
        Go on with the batch that is in it; jobs that are done as they are asked for now stay.
    workers, scheduler
        Processes to start here, or the address of a Dask scheduler.
    progress
        Is told how far it is.

    Raises
    ------
    TopoError, OSError
        When the folder cannot be used, the disk is full, or there are no workers. What fails in a job is in
        ``errors`` of the result instead.
    KeyboardInterrupt
        For Ctrl-C and for SIGTERM, when the reports are written.
    """
    began = time.perf_counter()
    progress = progress or BatchProgress()
    batch = Batch(plan, root)
    with OutputFolder(root, resume=resume) as folder, _stopped_by_sigterm():
        folder.refuse_others(name for job in plan.jobs for name in job.outputs)
        worker = _Doer(batch, folder, progress)
        try:
            worker.look()
            worker.work(workers, scheduler)
        except BaseException:
            batch.seconds = time.perf_counter() - began
            with suppress(OSError, TopoError):  # the disk may be full; what is wrong is told already
                _report(batch, folder)
            raise
        batch.seconds = time.perf_counter() - began
        _report(batch, folder)
    return batch


class _Doer:
    """Finds what is done, has the rest done, and keeps what comes."""

    def __init__(self, batch: Batch, folder: OutputFolder, progress: BatchProgress) -> None:
        self._batch, self._folder, self._progress = batch, folder, progress
        self._plan = batch.plan
        self._keys = Keys(batch.plan.jobs)
        self._copies: dict[str, list[Job]] = {}
        for job in batch.plan.jobs:
            if first := batch.plan.same.get(job.name):
                self._copies.setdefault(first, []).append(job)

    def look(self) -> None:
        """Note every job that is done, here or in the cache of traces."""
        records = self._batch.records
        for job in self._plan.jobs:
            record = self._folder.record(job, self._keys.of(job))
            if record is not None:
                records[job.name] = record
        self._batch.kept = set(records)
        self._progress.begin(len(self._plan.jobs), len(records))
        for job in self._plan.of_kind("train"):
            first = self._plan.same.get(job.name)
            if job.name in records:
                continue
            if first in records:
                content = self._folder.path(job_output(first)).read_bytes()
                outcome = Outcome(job.name, {job.outputs[0]: content}, records[first].metrics, 0.0)
                self._take(job, outcome, cached=True)
            elif found := trained_before(job):
                self._take(job, found, cached=True)

    def work(self, workers: int | None, scheduler: str | None) -> None:
        """Do everything else."""
        left = []
        for job in self._plan.jobs:
            first = self._plan.same.get(job.name)
            needs = (*job.needs, first) if first else job.needs
            lost = next((need for need in needs if need in self._batch.errors), None)
            if self._batch.state(job) != "missing":
                continue
            if lost is not None:
                why = f"its training failed: {self._batch.errors[lost]}"
                self._take(job, Outcome(job.name, {}, {}, 0.0, why))
            elif first is None:
                left.append(job)
        if not left:
            return
        traces = {name: self._folder.path(job_output(name)) for name in self._trained()}
        if scheduler is None and _one_after_another(left):
            _in_this_process(left, traces, self._done)
            return
        from batch.run import run

        run(
            left,
            scheduler=scheduler,
            workers=workers,
            done=self._done,
            report=self._progress.note,
            traces=traces,
        )

    def _trained(self) -> list[str]:
        return [job.name for job in self._plan.of_kind("train") if job.name in self._batch.records]

    def _done(self, job: Job, outcome: Outcome) -> None:
        for one in (job, *self._copies.get(job.name, ())):
            files = dict(outcome.files)
            if one is not job and files:
                files = {one.outputs[0]: files[job.outputs[0]]}
            self._take(one, replace(outcome, job=one.name, files=files))
        if job.kind == "train" and job.experiment is not None and not outcome.error:
            try:
                keep_trace(job.experiment, outcome.files[job.outputs[0]])
            except (OSError, TopoError) as problem:  # it is in the output folder; only others train it again
                self._progress.note(f"{job.name}: its trace is not kept for other commands: {problem}")

    def _take(self, job: Job, outcome: Outcome, *, cached: bool = False) -> None:
        error = " ".join(outcome.error.split())
        if not error:
            try:
                key = self._keys.of(job)
                self._batch.records[job.name] = self._folder.keep(job, key, outcome, cached=cached)
            except FullDiskError:
                raise
            except TopoError as problem:
                error = str(problem)
            except OSError as problem:
                error = f"{problem.filename or job.name}: {problem.strerror or problem}"
        if error:
            self._batch.errors[job.name] = error
            if "traceback" in outcome.metrics:
                self._batch.tracebacks[job.name] = str(outcome.metrics["traceback"])
        self._progress.done(job.name, error)


def job_output(name: str) -> str:
    """The trace that a training makes."""
    return f"{name}.npz"


def _one_after_another(jobs: Sequence[Job]) -> bool:
    """Whether no two of these jobs could be done at the same time, so that more processes are of no use."""
    if len(jobs) == 2:
        return jobs[0].name in jobs[1].needs and not jobs[1].options.get("split")
    return len(jobs) == 1 and not jobs[0].options.get("split")


def _in_this_process(
    jobs: Sequence[Job], known: Mapping[str, Path], done: Callable[[Job, Outcome], None]
) -> None:
    from batch.perform import perform

    trained: dict[str, Outcome] = {}
    for job in jobs:
        failed = [trained[need] for need in job.needs if need in trained and trained[need].error]
        if failed:
            outcome = Outcome(job.name, {}, {}, 0.0, f"its training failed: {failed[0].error}")
        else:
            traces = {
                need: trained[need].files[job_output(need)] if need in trained else known[need].read_bytes()
                for need in job.needs
            }
            outcome = perform(job, traces)
        trained[job.name] = outcome
        done(job, outcome)


def _report(batch: Batch, folder: OutputFolder) -> None:
    from batch.contact_sheet import contact_sheet
    from batch.reports import metrics_csv, report_json

    folder.write({REPORTS[0]: report_json(batch).encode(), REPORTS[1]: metrics_csv(batch).encode()})
    pictures = thumbnails_of(batch.plan.of_kind("figure"), batch.records, folder)
    folder.write({REPORTS[2]: contact_sheet(batch, pictures).encode()})


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM, as of a cluster's time limit, stops a batch as Ctrl-C does: with its reports."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
