"""Jobs on Dask: trainings first, what needs them as soon as they are done; no worker takes any with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from batch.cluster import Cluster, Existing, Local, parallel, scheduler_address
from batch.job import Job, Outcome
from batch.perform import SPLIT
from batch.work import Work
from topo_core.errors import SpecError

__all__ = ["run", "scheduler_address"]


def run(
    jobs: Sequence[Job],
    *,
    scheduler: str | None,
    workers: int | None,
    done: Callable[[Job, Outcome], None],
    report: Callable[[str], None],
    traces: Mapping[str, Path] | None = None,
    patience: float = 300.0,
) -> None:
    """Do all jobs; what goes wrong in one is its outcome, and the others go on.

    Parameters
    ----------
    jobs
        What to do; a job's needs are among them or in ``traces``.
    scheduler
        The address of a Dask scheduler; without it, the work is done by processes of this machine.
    workers
        How many processes to start here; by default as many as there are cores and memory for.
    done
        Called in this thread with a job and its outcome, in the order in which they are finished.
    report
        Called with remarks about workers, each one line.
    traces
        Files of traces that are there already, by the names of the jobs that trained them.
    patience
        How long to wait for a worker while a scheduler has none, in seconds.

    Raises
    ------
    SpecError
        For an address that is none, or a need that nothing meets.
    TopoError
        When the scheduler cannot be reached, or does not answer any more.
    """
    known = dict(traces or {})
    address = None if scheduler is None else scheduler_address(scheduler)
    trainings = {job.name for job in jobs if job.kind == "train"} | known.keys()
    for job in jobs:
        for need in job.needs:
            if need not in trainings:
                raise SpecError(f"{job.name}: needs the training {need}, which is not among the jobs")
    if not jobs:
        return
    cluster: Cluster
    if address is None:
        divisible = any(job.options.get(SPLIT) for job in jobs)
        cluster = Local(parallel(workers, None if divisible else len(jobs)), report)
    else:
        cluster = Existing(address, report, opengl=any(job.kind != "train" for job in jobs))
    work = Work(cluster, jobs, known, done, patience=patience)
    try:
        work.all()
    finally:
        work.cancel()
        cluster.close()
