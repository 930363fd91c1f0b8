"""How far a batch is: one bar on a terminal, and elsewhere only what is remarkable."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class BatchProgress:
    """How far a batch is; this one only passes remarks on."""

    def begin(self, jobs: int, known: int) -> None:
        """There are so many jobs; so many of them are done already."""

    def done(self, name: str, error: str) -> None:
        """A job is finished, or has failed for this reason."""

    def note(self, line: str) -> None:
        """Show a remark, for example about a worker."""
        print(line, file=sys.stderr, flush=True)


class _Display(BatchProgress):
    """One bar for all jobs, with the last one that is finished and how many failed."""

    def __init__(self, bar: Progress) -> None:
        self._bar, self._failed = bar, 0

    def begin(self, jobs: int, known: int) -> None:
        self._jobs, self._done = jobs, known
        self._task = self._bar.add_task("batch", total=jobs, completed=known, state="")
        self._show("")

    def done(self, name: str, error: str) -> None:
        self._done += 1
        if error:
            self._failed += 1
            self.note(f"failed: {name}: {error}")
        self._show(name)

    def note(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _show(self, name: str) -> None:
        failed = f", {self._failed} failed" if self._failed else ""
        state = f"{self._done} of {self._jobs} jobs{failed}  {escape(name)}"
        self._bar.update(self._task, completed=self._done, state=state)


@contextmanager
def batch_progress() -> Iterator[BatchProgress]:
    """One display on standard error for everything in a batch; none in a log file."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield BatchProgress()
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
