"""Scenes rendered side by side, each by a process of its own, which ends when this one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from scenes.cores import cores
from scenes.output.clips import Clip
from scenes.output.parts import Card
from scenes.output.progress import FilmProgress
from scenes.output.settings import Settings
from topo_core.errors import TopoError

#: What a process runs: it imports from the same places as this one, and nothing of the working directory.
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from scenes.output.worker import main; main()"
#: Seconds that a process has for removing its temporary files when it is told to stop.
_PATIENCE = 5.0


@dataclass(frozen=True)
class Job:
    """What one process renders: a title card, the scene that it announces, or both."""

    name: str
    card: Card | None
    target: str | None
    settings: Settings


@dataclass(frozen=True)
class Done:
    """The clips that a job asked for."""

    card: Clip | None
    scene: Clip | None


def default_jobs() -> int:
    """How many scenes to render at the same time: as many as there are cores and memory for.

    One process encodes on other threads than it draws on, but two on two cores are faster still: they
    leave no core idle, and need no more processor time. Each takes 0.6 GB at 1080p and 1.6 GB at 2160p.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(cores(), int(memory / 2e9)))


def render_all(jobs: Sequence[Job], processes: int, progress: FilmProgress) -> list[Done]:
    """Do all jobs, ``processes`` at a time; returns what each made.

    When one fails, or Ctrl-C is pressed, the others are stopped; what was finished before is in the cache.

    Raises
    ------
    TopoError
        When a scene cannot be rendered, or its process was killed.
    RuntimeError
        When a process failed for a reason that is not the user's; its traceback is on standard error.
    """
    workers = _Workers(progress)
    with ThreadPoolExecutor(processes) as pool:
        try:
            futures = [pool.submit(workers.run, job) for job in jobs]
            for future in as_completed(futures):
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            workers.stop()
            raise
    return [future.result() for future in futures]


class _Workers:
    """The processes that are under way."""

    def __init__(self, progress: FilmProgress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._stopped = False
        self._live: set[subprocess.Popen[str]] = set()

    def stop(self) -> None:
        """Tell every process to stop, and wait until it has."""
        with self._lock:
            self._stopped = True
            live = list(self._live)
        for process in live:
            _close(process.stdin)
        for process in live:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def run(self, job: Job) -> Done:
        """Do one job in a new process."""
        process = self._start()
        try:
            return self._follow(process, job)
        finally:
            _close(process.stdin)
            process.wait()
            with self._lock:
                self._live.discard(process)

    def _start(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise InterruptedError("rendering was stopped")
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,  # Ctrl-C in the terminal is for this process, which stops the others
            )
            self._live.add(process)
            return process

    def _follow(self, process: subprocess.Popen[str], job: Job) -> Done:
        """Give a process its job, show how far it is, and read its answer."""
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        notes = threading.Thread(target=self._forward, args=(process.stderr,))
        notes.start()
        with suppress(BrokenPipeError):  # its exit code says why
            process.stdin.write(json.dumps(asdict(job)) + "\n")
            process.stdin.flush()
        answer: dict[str, Any] | None = None
        with self._progress.scene(job.name) as report:
            for line in process.stdout:
                message = json.loads(line) if line.endswith("\n") else {"seconds": 0.0}  # it was killed
                if "seconds" in message:
                    report(message["seconds"])
                else:
                    answer = message
            code = process.wait()
            notes.join()
            if answer is None:
                raise _failure(job.name, code)
            if "error" in answer:
                raise TopoError(f"{job.name}: {answer['error']}")
            return Done(_clip(answer.get("card")), _clip(answer.get("scene")))

    def _forward(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._progress.note(line.rstrip("\n"))


def _failure(name: str, code: int) -> Exception:
    if code < 0:
        return TopoError(
            f"{name}: the process that rendered it was ended by signal {-code}; if memory was short, "
            f"use --jobs 1"
        )
    return RuntimeError(f"{name}: the process that rendered it failed with exit code {code}")


def _clip(answer: dict[str, Any] | None) -> Clip | None:
    return None if answer is None else Clip(Path(answer["path"]), answer["cached"], answer["facts"])


def _close(pipe: IO[str] | None) -> None:
    with suppress(OSError):
        if pipe is not None:
            pipe.close()
