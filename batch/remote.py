"""What runs on Dask's workers: every function here is a task, and everything it takes and gives is picklable.

Jobs of one process run one after the other on one thread, whatever threads the worker has: a process has one
Manim, one media folder, and an OpenGL context that belongs to a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from batch.dask_import import distributed
from batch.job import Job, Outcome
from batch.perform import perform
from batch.worker_check import Facts, facts

T = TypeVar("T")


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "jobs")


def on_one_thread(function: Callable[[], T]) -> T:
    """Call a function on the thread of this process that does jobs."""
    return _thread().submit(function).result()


def here() -> tuple[str, Path]:
    """The address of this worker, and its folder."""
    worker = distributed().get_worker()
    return str(worker.address), Path(worker.local_directory)


def trace_bytes(needs: Mapping[str, Outcome | bytes]) -> dict[str, bytes]:
    """The contents of trace files: of those that were sent, and of the outcomes of trainings."""
    return {
        name: need if isinstance(need, bytes) else next(iter(need.files.values()))
        for name, need in needs.items()
    }


def check(opengl: bool) -> Facts:
    """What this worker is made of."""
    return on_one_thread(lambda: facts(opengl))


def do(job: Job, sources: Mapping[str, bytes], needs: Mapping[str, Outcome | bytes]) -> Outcome:
    """Do a job on this worker."""
    worker, folder = here()
    outcome = on_one_thread(lambda: perform(job, trace_bytes(needs), sources=sources, folder=folder))
    return replace(outcome, worker=worker)
