"""Progress of long work, on standard error, so that standard output stays clean."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@contextmanager
def training_progress(name: str, quiet: bool) -> Iterator[Callable[[int, int, float], None] | None]:
    """A progress bar on standard error, so that standard output stays clean."""
    if quiet:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("step {task.completed}/{task.total}, loss {task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"training {name}", total=None, loss="")

        def report(done: int, total: int, loss: float) -> None:
            bar.update(task, completed=done, total=total, loss=f"{loss:.2g}")

        yield report


@contextmanager
def study_progress(name: str, quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """A line on standard error that says which run of a study is under way."""
    if quiet:
        yield None
        return
    with Console(stderr=True).status(f"running {name}") as status:
        yield lambda line: status.update(f"running {name}: {escape(line)}")


@contextmanager
def rendering_progress(scene: str) -> Iterator[Callable[[int, float], None]]:
    """A line on standard error that says how much of the film there is."""
    with Console(stderr=True).status(f"rendering {scene}") as status:
        shown = [0.0]

        def report(frames: int, seconds: float) -> None:
            if seconds - shown[0] >= 0.5:
                shown[0] = seconds
                status.update(f"rendering {scene}: {seconds:.1f} s of film, {frames} frames")

        yield report


class FilmProgress:
    """How far a film and the scenes under way are; this one tells nobody, but lets warnings through.

    Scenes are reported from several threads.
    """

    def begin(self, scenes: int, known: int) -> None:
        """There are so many scenes; so many of them need no rendering."""

    @contextmanager
    def scene(self, name: str) -> Iterator[Callable[[float], None]]:
        """A scene is rendered; takes how many seconds of it there are."""
        yield lambda seconds: None

    def note(self, line: str) -> None:
        """Show a line that a library printed."""
        print(line, file=sys.stderr, flush=True)


class _FilmLines(FilmProgress):
    """A line for each scene that is done: for log files."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def begin(self, scenes: int, known: int) -> None:
        self._scenes, self._done = scenes, known

    @contextmanager
    def scene(self, name: str) -> Iterator[Callable[[float], None]]:
        yield lambda seconds: None
        with self._lock:
            self._done += 1
            self.note(f"rendered {name} ({self._done} of {self._scenes} scenes)")


class _FilmDisplay(FilmProgress):
    """One bar for the film and a line for each scene under way: for terminals."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._lock = threading.Lock()

    def begin(self, scenes: int, known: int) -> None:
        self._scenes, self._done = scenes, known
        self._film = self._bar.add_task("film", total=scenes, completed=known, state="")
        self._advance(0)

    @contextmanager
    def scene(self, name: str) -> Iterator[Callable[[float], None]]:
        task = self._bar.add_task(escape(name), total=None, state="starts")
        try:
            yield lambda seconds: self._bar.update(task, state=f"{seconds:.1f} s of film")
            self._advance(1)
        finally:
            self._bar.remove_task(task)

    def note(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _advance(self, scenes: int) -> None:
        with self._lock:
            self._done += scenes
            state = f"{self._done} of {self._scenes} scenes"
            self._bar.update(self._film, completed=self._done, state=state)


@contextmanager
def film_progress() -> Iterator[FilmProgress]:
    """One display on standard error for everything that a film renders."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _FilmLines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield _FilmDisplay(bar)
