"""Progress of long work, on standard error, so that standard output stays clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


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
def rendering_progress(scene: str) -> Iterator[Callable[[int, float], None]]:
    """A line on standard error that says how much of the film there is."""
    with Console(stderr=True).status(f"rendering {scene}") as status:
        shown = [0.0]

        def report(frames: int, seconds: float) -> None:
            if seconds - shown[0] >= 0.5:
                shown[0] = seconds
                status.update(f"rendering {scene}: {seconds:.1f} s of film, {frames} frames")

        yield report
