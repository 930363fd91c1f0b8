"""What runs on Dask's workers: every function here is a task, and everything it takes and gives is picklable.

Jobs of one process run one after the other on one thread, whatever threads the worker has: a process has one
Manim, one media folder, and an OpenGL context that belongs to a thread.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from batch import split
from batch.dask_import import distributed
from batch.job import Job, Outcome
from batch.perform import perform
from batch.worker_check import Facts, facts

T = TypeVar("T")
Sources = Mapping[str, bytes]
Needs = Mapping[str, Outcome | bytes]


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "jobs")


def on_one_thread(function: Callable[[], T]) -> T:
    """Call a function on the thread of this process that does jobs, and tidy up after it."""
    result = _thread().submit(function).result()
    _tidy()
    return result


#: How many modules there were when the last were put aside.
_modules = 0
_MANY = 50


def _tidy() -> None:
    """Free what a job has left: Manim's objects refer to each other, and Python is in no hurry to see it.

    What modules hold is put aside when they have been imported, so that this takes a few milliseconds.
    """
    global _modules
    gc.collect()
    if len(sys.modules) > _modules + _MANY:
        _modules = len(sys.modules)
        gc.freeze()


def here() -> tuple[str, Path]:
    """The address of this worker, and its folder."""
    worker = distributed().get_worker()
    return str(worker.address), Path(worker.local_directory)


def trace_bytes(needs: Needs) -> dict[str, bytes]:
    """The contents of trace files: of those that were sent, and of the outcomes of trainings."""
    return {
        name: need if isinstance(need, bytes) else next(iter(need.files.values()))
        for name, need in needs.items()
    }


def check(opengl: bool) -> Facts:
    """What this worker is made of."""
    return on_one_thread(lambda: facts(opengl))


def do(job: Job, sources: Sources, needs: Needs) -> Outcome:
    """Do a job on this worker."""
    worker, folder = here()
    outcome = on_one_thread(lambda: perform(job, trace_bytes(needs), sources=sources, folder=folder))
    return replace(outcome, worker=worker)


def rehearse(job: Job, sources: Sources, needs: Needs) -> Outcome:
    """Play a video without drawing it, to know its sections."""
    worker, folder = here()
    outcome = on_one_thread(lambda: split.rehearse(job, trace_bytes(needs), sources, folder))
    return replace(outcome, worker=worker)


def shoot(job: Job, sources: Sources, sections: range, needs: Needs) -> Outcome:
    """Draw and encode some sections of a video."""
    worker, folder = here()
    outcome = on_one_thread(lambda: split.shoot(job, trace_bytes(needs), sources, folder, sections))
    return replace(outcome, worker=worker)


def edit(job: Job, sources: Sources, script: Outcome, needs: Needs, parts: Sequence[Outcome]) -> Outcome:
    """Join the parts of a video."""
    if failed := [part for part in parts if part.error]:
        return failed[0]
    worker, folder = here()
    outcome = on_one_thread(lambda: split.edit(job, script, parts, folder))
    return replace(outcome, worker=worker)
