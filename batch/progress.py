"""How far a batch is: one bar on a terminal, and a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

#: Seconds between two lines where there is no terminal.
_BETWEEN = 10.0


class BatchProgress:
    """How far a batch is; this one only passes remarks on."""

    def begin(self, jobs: int, known: int) -> None:
        """There are so many jobs; so many of them are done already."""

    def done(self, name: str, error: str) -> None:
        """A job is finished, or has failed for this reason."""

    def note(self, line: str) -> None:
        """Show a remark, for example about a worker."""
        print(line, file=sys.stderr, flush=True)


class _Counting(BatchProgress):
    """Counts jobs."""

    def begin(self, jobs: int, known: int) -> None:
        self._jobs, self._done, self._failed = jobs, known, 0
        self._show("")

    def done(self, name: str, error: str) -> None:
        self._done += 1
        self._failed += bool(error)
        self._show(name)

    def _state(self) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._done} of {self._jobs} jobs{failed}"

    def _show(self, name: str) -> None:
        """Show the state, and the job that is finished, if one is."""
        raise NotImplementedError


class _Lines(_Counting):
    """Lines for a log file: few of them, also in a batch of thousands of jobs."""

    def __init__(self) -> None:
        self._last = monotonic()

    def _show(self, name: str) -> None:
        if monotonic() - self._last >= _BETWEEN and self._done < self._jobs:
            self._last = monotonic()
            self.note(self._state())


class _Display(_Counting):
    """One bar for all jobs, with the last one that is finished and how many failed."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("batch", total=None, state="")

    def done(self, name: str, error: str) -> None:
        if error:
            self.note(f"failed: {name}: {error}")
        super().done(name, error)

    def note(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _show(self, name: str) -> None:
        state = f"{self._state()}  {escape(name)}"
        self._bar.update(self._task, total=self._jobs, completed=self._done, state=state)


@contextmanager
def batch_progress() -> Iterator[BatchProgress]:
    """One display on standard error for everything in a batch; lines in a log file."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[state]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield _Display(bar)
