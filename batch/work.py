"""What is to be done, what is being done and where, until everything is finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from batch.cluster import Cluster, send
from batch.job import Job, Outcome
from batch.perform import what_went_wrong
from batch.steps import Step, after, first_step
from batch.user_files import sources_of
from batch.worker_check import may_need_opengl
from topo_core.errors import TopoError

#: Seconds between two looks at the workers, also while there are none, and for fetching an outcome before
#: looking again.
_LOOK, _LOOK_FOR_SOME, _FETCH = 1.0, 0.1, 300.0
#: How often a job is begun again because all the workers that might have done it are gone.
_TRIES = 5


class Work:
    """All jobs of a run; see ``batch.run.run``.

    A worker is given one job at a time, so that one that brings down its process is not mistaken for
    another, and workers that come later get their share.
    """

    def __init__(
        self,
        cluster: Cluster,
        jobs: Sequence[Job],
        traces: Mapping[str, Path],
        done: Callable[[Job, Outcome], None],
        *,
        patience: float,
    ) -> None:
        self._cluster, self._done, self._patience = cluster, done, patience
        self._traces = traces
        self._jobs = {job.name: job for job in jobs}
        trainings = [job for job in jobs if job.kind == "train"]
        self._waiting = {job.name: job for job in (*trainings, *jobs)}
        self._steps: list[Step] = []
        self._running: dict[str, Step] = {}
        #: Outcomes of trainings, or contents of their files, on the workers; where they may be made again.
        self._trained: dict[str, Any] = {}
        self._trained_at: dict[str, frozenset[str] | None] = {}
        self._failed: dict[str, str] = {}
        #: How many jobs need a training and are not finished.
        self._wanted = Counter(need for job in jobs for need in job.needs)
        self._told: set[str] = set()
        self._tries: dict[str, int] = {}
        self._needs_opengl: dict[str, bool] = {}
        self._finished: SimpleQueue[str] = SimpleQueue()
        self._last_look = self._last_worker = monotonic()

    def all(self) -> None:
        """Do everything."""
        while self._waiting or self._steps or self._running:
            self._fill()
            pause = _LOOK if self._cluster.size else _LOOK_FOR_SOME
            with suppress(Empty):
                self._ended(self._finished.get(timeout=pause))
            if monotonic() - self._last_look > pause:
                self._look()

    def cancel(self) -> None:
        """Ask for nothing any more."""
        futures = [step.future for step in self._running.values()]
        self._running.clear()
        self._trained.clear()
        with suppress(Exception):  # of a connection that was lost
            self._cluster.client.cancel(futures)

    # -- beginning -----------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Give every free worker something to do."""
        for name, job in list(self._waiting.items()):
            if failed := [need for need in job.needs if need in self._failed]:
                del self._waiting[name]
                self._fail(job, f"its training failed: {self._failed[failed[0]]}")
            elif len(self._running) + len(self._steps) >= self._cluster.size:
                break
            elif all(need in self._trained or need in self._traces for need in job.needs):
                del self._waiting[name]
                self._steps.append(first_step(job))
        for step in list(self._steps):
            if len(self._running) < self._cluster.size and self._submit(step):
                self._steps.remove(step)

    def _submit(self, step: Step) -> bool:
        """Give a step to Dask, unless every worker that can do it is busy; whether it is out of the way."""
        job = step.job
        opengl = job.kind != "train" and self._opengl(job)
        places = self._cluster.places(opengl)
        same = sum(other.places == places for other in self._running.values())
        if places is not None and same >= len(places):
            return False
        try:
            sources = {} if self._cluster.here else sources_of(job.target)
            needs = {need: self._sent(need, places) for need in job.needs}
            made = ([part.future for part in step.depends],) if step.depends else ()
            step.future = send(
                self._cluster,
                partial(step.function, job, sources, *step.arguments),
                needs,
                *made,
                places=places,
                priority=10 if job.kind == "train" else 0,
            )
        except Exception as problem:  # a file that is missing, an experiment that cannot be sent
            self._fail(job, what_went_wrong(problem)[0])
            return True
        step.places = places
        self._running[step.future.key] = step
        step.future.add_done_callback(lambda future: self._finished.put(future.key))
        return True

    def _opengl(self, job: Job) -> bool:
        if job.name not in self._needs_opengl:
            try:
                self._needs_opengl[job.name] = may_need_opengl(job.target)
            except (TopoError, OSError):  # who does the job says so
                self._needs_opengl[job.name] = False
        return self._needs_opengl[job.name]

    def _sent(self, need: str, places: frozenset[str] | None) -> Any:
        """A trace as the workers have it."""
        if need not in self._trained:
            content = self._traces[need].read_bytes()
            where = None if places is None else sorted(places)
            self._trained[need] = self._cluster.client.scatter(content, workers=where, hash=False)
            self._trained_at[need] = frozenset()  # nobody makes it again
        return self._trained[need]

    # -- ending --------------------------------------------------------------------------------------

    def _ended(self, key: str) -> None:
        step = self._running.pop(key, None)
        if step is None:  # it was begun again elsewhere
            return
        if step.future.status in ("cancelled", "lost"):
            self._again(step.job)
            return
        try:
            following = after(step, self._cluster.size, _FETCH)
        except TimeoutError:  # its worker died with the outcome, which is made again
            self._running[key] = step
            self._finished.put(key)
            return
        except CancelledError:
            self._again(step.job)
            return
        except Exception as problem:
            following = Outcome(step.job.name, {}, *_by_dask(problem))
        if isinstance(following, Outcome):
            self._came(step, following)
        else:
            self._steps += following

    def _came(self, step: Step, outcome: Outcome) -> None:
        job = step.job
        self._forget_steps(job)
        if outcome.metrics.get("lacks") == "OpenGL":
            elsewhere = self._cluster.lacks_opengl(outcome.worker, outcome.error)
            if elsewhere and self._tries.get(job.name, 0) < _TRIES:
                self._needs_opengl[job.name] = True
                self._again(job)
                return
        if job.kind == "train" and not outcome.error:
            self._trained[job.name], self._trained_at[job.name] = step.future, step.places
        self._finish(job, outcome)

    def _finish(self, job: Job, outcome: Outcome) -> None:
        if not outcome.error:
            self._cluster.done()
        elif job.kind == "train":
            self._failed[job.name] = outcome.error
        if job.name not in self._told:
            self._told.add(job.name)
            self._done(job, outcome)
            for need in job.needs:
                self._wanted[need] -= 1
        for need in [need for need in self._trained if not self._wanted[need]]:
            del self._trained[need]

    def _fail(self, job: Job, reason: str) -> None:
        self._finish(job, Outcome(job.name, {}, {}, 0.0, reason))

    def _again(self, job: Job) -> None:
        """Begin a job again from the start, and its trainings, if all of them that were kept are lost."""
        self._forget_steps(job)
        self._tries[job.name] = self._tries.get(job.name, 0) + 1
        if self._tries[job.name] > _TRIES:
            lost = f"it was begun {_TRIES} times, and each time the workers that could do it were lost"
            self._fail(job, lost)
            return
        self._waiting = {job.name: job, **self._waiting}
        for need in job.needs:
            if need in self._trained and self._is_lost(need):
                del self._trained[need]
                if need not in self._traces:
                    self._waiting = {need: self._jobs[need], **self._waiting}

    def _forget_steps(self, job: Job) -> None:
        self._steps = [step for step in self._steps if step.job is not job]
        others = {key: step for key, step in self._running.items() if step.job is job}
        for key, step in others.items():
            del self._running[key]
            step.future.cancel()

    # -- workers -------------------------------------------------------------------------------------

    def _look(self) -> None:
        """See which workers there are, and begin again what none of them can end."""
        self._cluster.look()
        self._last_look = monotonic()
        if self._cluster.size:
            self._last_worker = self._last_look
        waited = self._last_look - self._last_worker
        problem = self._cluster.problem
        if not problem and waited > self._patience:
            problem = f"there was no worker for {waited:.0f} s"
        if problem:
            for job in [job for job in self._jobs.values() if job.name not in self._told]:
                self._forget_steps(job)
                self._fail(job, problem)
            self._waiting.clear()
        elif self._cluster.size:
            for job in dict.fromkeys(step.job for step in self._running.values() if self._is_stuck(step)):
                self._again(job)

    def _is_stuck(self, step: Step) -> bool:
        """Whether a step waits for workers that are gone, itself or for what it needs."""
        if not self._some_left(step.places):
            return True
        if any(self._is_gone(part.future, part.places) for part in step.depends):
            return True
        return any(need in self._trained and self._is_lost(need) for need in step.job.needs)

    def _is_lost(self, need: str) -> bool:
        return self._is_gone(self._trained[need], self._trained_at[need])

    def _is_gone(self, future: Any, places: frozenset[str] | None) -> bool:
        """Whether what was made is lost, and nobody is left to make it again."""
        if future.status in ("cancelled", "lost", "error"):
            return True
        return future.status == "pending" and not self._some_left(places)

    def _some_left(self, places: frozenset[str] | None) -> bool:
        present = self._cluster.places(False)
        return places is None or present is None or bool(places & present)


def _by_dask(problem: Exception) -> tuple[dict[str, Any], float, str]:
    """What Dask says of a task that it could not do: metrics, seconds and a line."""
    if type(problem).__name__ == "KilledWorker":
        worker = getattr(getattr(problem, "last_worker", None), "address", "") or "a worker"
        deaths = getattr(problem, "allowed_failures", 0) + 1
        what = f"{deaths} workers were killed while they did it, the last one {worker}"
        return {}, 0.0, f"{what}: is memory short there?"
    line, metrics = what_went_wrong(problem)
    return metrics, 0.0, line
