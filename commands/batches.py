"""The command that makes everything that a manifest asks for."""

from __future__ import annotations

import time
from pathlib import Path

import click

from commands.shared import FILE


@click.command()
@click.argument("manifest", type=FILE, metavar="MANIFEST.toml")
@click.option("--check", is_flag=True, help="Only say whether MANIFEST is right, and what it would make.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted batch: only what is missing is done.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where everything goes; by default media/batches, in a folder called like MANIFEST.",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Jobs done at the same time on this machine.")
@click.option("--scheduler", metavar="ADDRESS", help="Work on a Dask cluster, for example tcp://host:8786.")
def batch(
    manifest: Path, check: bool, resume: bool, output: Path | None, jobs: int | None, scheduler: str | None
) -> None:
    """Make everything that MANIFEST.toml asks for: trainings, videos and figures (docs/batches.md).

    Each network is trained once, however many jobs show it. A job that fails does not stop the others; the
    exit code then is 1. The output folder gets report.json, metrics.csv and index.html, a contact sheet.

    \b
      [[job]]
      experiment = "spirals"
      scene = "layers-in-motion"
      grid = { width = [2, 3], seed = [0, 1, 2] }
    """  # noqa: D301 (click reads the escape)
    from batch.manifest import load_manifest
    from batch.plan import make_plan
    from batch.problems import ManifestError

    if scheduler is not None:
        from batch.run import scheduler_address

        if jobs is not None:
            raise click.UsageError("--jobs is for this machine: leave it out with --scheduler")
        scheduler_address(scheduler)
    try:
        plan = make_plan(load_manifest(manifest))
    except ManifestError as error:
        for problem in error.problems:
            click.echo(f"Error: {problem}", err=True)
        raise SystemExit(2) from error
    if check:
        click.echo(f"{manifest}: {plan.summary()}")
        return
    from batch.batch import run_batch
    from batch.progress import batch_progress
    from topo_core.store import media_folder

    began = time.perf_counter()
    root = output or media_folder() / "batches" / manifest.stem
    try:
        with batch_progress() as progress:
            done = run_batch(plan, root, resume=resume, workers=jobs, scheduler=scheduler, progress=progress)
    except KeyboardInterrupt:
        click.echo(f"Stopped; {root / 'index.html'} shows what is done. Go on with --resume.", err=True)
        raise
    for name, reason in done.errors.items():
        click.echo(f"failed: {name}: {reason}", err=True)
    click.echo(f"{root / 'index.html'}  ({done.summary()}, {time.perf_counter() - began:.1f} s)")
    if not done.complete:
        raise SystemExit(1)
