"""What a job is for Dask: one task, or several one after the other where a video is split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from batch import remote
from batch.job import Job, Outcome


@dataclass(eq=False)
class Step:
    """One task of a job.

    Attributes
    ----------
    job
        Whose task it is.
    function, arguments
        What is called on a worker, with the job, the sources of its target, its traces, and these.
    future
        Of Dask, once it has been given to it.
    places
        The workers that may do it; None for whichever is free.
    """

    job: Job
    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    future: Any = None
    places: frozenset[str] | None = None


def first_step(job: Job) -> Step:
    """What a job begins with."""
    return Step(job, remote.do)


def after(step: Step, workers: int, patience: float) -> Outcome | list[Step]:
    """The outcome of a job when a step has ended, or what follows.

    Raises
    ------
    TimeoutError
        When what the step made cannot be fetched for so many seconds.
    """
    outcome: Outcome = step.future.result(timeout=patience)
    return outcome
