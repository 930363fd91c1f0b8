"""What a job is for Dask: one task, or several one after the other where a video is split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from batch import remote
from batch.job import Job, Outcome
from batch.split import is_split, parts_of


@dataclass(eq=False)
class Shared:
    """A video whose parts are under way: its script, and their futures."""

    script: Outcome
    parts: list[Step] = field(default_factory=list)


@dataclass(eq=False)
class Step:
    """One task of a job.

    Attributes
    ----------
    job
        Whose task it is.
    function, arguments
        What is called on a worker, with the job, the sources of its target, these, its traces, and what other
        steps have made.
    shared
        Of a part of a video.
    depends
        Those other steps.
    future
        Of Dask, once it has been given to it.
    places
        The workers that may do it; None for whichever is free.
    ended
        Whether Dask has done it.
    """

    job: Job
    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    shared: Shared | None = None
    depends: tuple[Step, ...] = ()
    future: Any = None
    places: frozenset[str] | None = None
    ended: bool = False


def first_step(job: Job) -> Step:
    """What a job begins with."""
    return Step(job, remote.rehearse if is_split(job) else remote.do)


def after(step: Step, workers: int, patience: float) -> Outcome | list[Step]:
    """The outcome of a job when a step has ended, or what follows.

    Parameters
    ----------
    step
        What has ended.
    workers
        How many there are, to share a video.
    patience
        How long to wait for what the step made, in seconds.

    Raises
    ------
    TimeoutError
        When it cannot be fetched.
    Exception
        What Dask says of a step that it could not do.
    """
    if step.shared is not None:
        return _after_part(step, step.shared)
    outcome: Outcome = step.future.result(timeout=patience)
    if step.function is not remote.rehearse or outcome.error:
        return outcome
    shared = Shared(outcome)
    for sections in parts_of(outcome.metrics["script"].frames, workers):
        shared.parts.append(Step(step.job, remote.shoot, (sections,), shared))
    return list(shared.parts)


def _after_part(step: Step, shared: Shared) -> list[Step]:
    """Join the parts when the last one has ended: what they made stays with the workers."""
    if step.future.status == "error":
        raise step.future.exception()
    step.ended = True
    if not all(part.ended for part in shared.parts):
        return []
    return [Step(step.job, remote.edit, (shared.script,), depends=tuple(shared.parts))]
