"""Train the essay's networks and render what their layers do to space.

This file holds options, messages and exit codes; the work is done in ``topo_core`` and ``scenes``.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import click

from command_line import (
    FILE,
    Commands,
    check_suffix,
    fps_option,
    json_option,
    one_output,
    output_option,
    print_json,
    quality_option,
    theme_option,
    trace_option,
    warn,
)
from command_trace import trace as trace_command
from topo_core import __version__


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="neural-topology")
def main() -> None:
    """See what neural networks do to space.

    Train a low-dimensional network, then render how its layers move the plane:

    \b
      python render.py train spirals
      python render.py video spirals-separate

    Everything lands in media/ (or in $TOPO_MEDIA).
    """  # noqa: D301 (click reads the escape)


@main.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List experiments, links, studies and scenes."""
    from scenes.listing import as_data, as_lines

    if as_json:
        print_json(as_data())
    else:
        click.echo("\n".join(as_lines()))


@main.command()
@click.argument("experiment")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of all that is random.")
@click.option("--restarts", type=click.IntRange(1, 4096), help="Networks trained side by side.")
@click.option("--network", metavar="SPEC", help="Another architecture, for example 2-2-3:relu-2.")
@click.option("--tube", type=click.FloatRange(min=0), metavar="RADIUS", help="Tubes around a link's curves.")
@json_option
@click.option("-o", "--output", type=FILE, help="Also write the trace to this file.")
def train(
    experiment: str,
    seed: int | None,
    restarts: int | None,
    network: str | None,
    tube: float | None,
    as_json: bool,
    output: Path | None,
) -> None:
    """Train EXPERIMENT: a name from `list`, or a CSV/NPZ file of points x, y[, z], label.

    Or a link, each component a class: links/hopf, links/torus-2-8, a name from SnapPy's tables such as
    links/L6a4, or a file of polygons, JSON or CSV with component, x, y, z (FILE.json#2 is its second link).

    The trace, with every snapshot and what was measured, lands in media/traces; the same request is
    trained once.
    """
    from scenes.output.progress import training_progress
    from topo_core.experiments import experiment_for
    from topo_core.store import obtain_trace
    from topo_core.summary import summary, verdict

    check_suffix(output, ".npz")
    chosen = experiment_for(experiment, network, tube).with_options(seed=seed, restarts=restarts)
    began = time.perf_counter()
    with training_progress(chosen.name, as_json) as progress:
        path, trace = obtain_trace(chosen, progress)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        trace.save(output)
        path = output
    if as_json:
        print_json({**summary(trace), "path": str(path)})
        return
    click.echo(verdict(trace))
    click.echo(f"Trace: {path} ({time.perf_counter() - began:.1f} s)")


@main.command()
@click.argument("scenes", nargs=-1, required=True, metavar="SCENE...")
@quality_option
@fps_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["mp4", "webm", "gif", "mov"]),
    help="By default what -o says, or mp4.",
)
@click.option("--transparent", is_flag=True, help="No background (webm or mov).")
@click.option("--preview", is_flag=True, help="Open the video when it is done.")
@theme_option
@trace_option
@output_option
def video(
    scenes: tuple[str, ...],
    quality: str,
    fps: int | None,
    format_: str | None,
    transparent: bool,
    preview: bool,
    theme: str,
    trace: Path | None,
    output: Path | None,
) -> None:
    """Render SCENE: a name from `list`, or FILE.py:ClassName.

    Networks that the scene needs are trained first. A video that nothing has changed about since it was
    rendered is answered from the cache.
    """
    from scenes.output.preview import opener, show
    from scenes.output.progress import rendering_progress
    from scenes.output.settings import FORMATS, Settings
    from scenes.output.video import render_video

    one_output(scenes, output)
    if format_ is None:
        format_ = output.suffix.lstrip(".") if output is not None else "mp4"
        format_ = format_ if format_ in FORMATS else "mp4"
    check_suffix(output, f".{format_}")
    settings = Settings(quality, fps, theme, format_, transparent)
    for scene in scenes:
        began = time.perf_counter()
        _train_for(scene, trace)
        with rendering_progress(scene) as progress:
            done = render_video(scene, settings, output, trace=trace, progress=progress)
        how = "from the cache" if done.cached else f"{done.frames} frames"
        click.echo(f"{done.path}  ({done.seconds:.1f} s of film, {how}, {time.perf_counter() - began:.1f} s)")
        warn(done.remarks)
        if preview:
            show(done.path)
        else:
            click.echo(f"Open it with: {' '.join(opener(done.path))}", err=True)


@main.command()
@click.option("--only", metavar="NUMBERS", help="Scenes by their number in `list`, for example 1,3-5.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Scenes rendered at the same time.")
@quality_option
@fps_option
@theme_option
@click.option("-o", "--output", type=FILE, help="Where to write the film.")
def film(
    only: str | None, jobs: int | None, quality: str, fps: int | None, theme: str, output: Path | None
) -> None:
    """Render all scenes and join them, with title cards, chapters and subtitles.

    What was rendered before and has not changed is taken from the cache: an interrupted film goes on where
    it was. Each scene also becomes a video of its own.
    """
    from scenes.output.film import make_film
    from scenes.output.parts import chosen_parts
    from scenes.output.progress import film_progress
    from scenes.output.settings import Settings

    check_suffix(output, ".mp4")
    settings = Settings(quality, fps, theme)
    parts = chosen_parts(only)
    began = time.perf_counter()
    for part in parts:
        _train_for(part.target, None)
    with film_progress() as progress:
        done = make_film(parts, settings, output, jobs=jobs, progress=progress)
    for scene in done.scenes:
        warn(scene.remarks)
        click.echo(f"{scene.path}  ({scene.seconds:.1f} s of film{', from the cache' * scene.cached})")
    took = time.perf_counter() - began
    click.echo(f"{done.path}  ({done.seconds:.1f} s of film, {len(parts)} scenes, {took:.1f} s)")


@main.command()
@click.argument("scenes", nargs=-1, required=True, metavar="SCENE...")
@theme_option
@trace_option
@output_option
def storyboard(scenes: tuple[str, ...], theme: str, trace: Path | None, output: Path | None) -> None:
    """Draw a contact sheet of SCENE: the picture at the end of every play and section."""
    from scenes.output.settings import Settings

    one_output(scenes, output)
    check_suffix(output, ".png")
    for scene in scenes:
        _train_for(scene, trace)
        from scenes.output import storyboard as sheet  # Manim, not before the names are known to be right

        board = sheet.storyboard(scene, Settings(quality="l", theme=theme), output, trace=trace)
        click.echo(f"{board.path}  ({len(board.stills)} pictures)")


@main.command()
@click.argument("trace", type=click.Path(dir_okay=False))
@json_option
def inspect(trace: str, as_json: bool) -> None:
    """Say what is in a TRACE: a file, or the name of an experiment that is trained."""
    from topo_core.store import locate_trace
    from topo_core.summary import description, summary
    from topo_core.trace import Trace

    path = locate_trace(trace)
    loaded = Trace.load(path)
    if as_json:
        print_json(summary(loaded))
        return
    click.echo(f"{path}: {description(loaded)}")


@main.command()
@click.argument("trace", type=click.Path(dir_okay=False))
@json_option
def verify(trace: str, as_json: bool) -> None:
    """Prove again what a TRACE claims: a file, or the name of an experiment that is trained.

    The proofs need its weights and data alone. The exit code is 0 only if it makes claims and every one is
    proven.
    """
    from topo_core.certificates import verify as prove
    from topo_core.store import locate_trace
    from topo_core.verification.table import as_lines

    path = locate_trace(trace)
    began = time.perf_counter()
    report = prove(path)
    seconds = time.perf_counter() - began
    if as_json:
        print_json({**report.as_data(), "trace": str(path), "seconds": seconds})
    else:
        click.echo("\n".join(as_lines(str(path), report, seconds)))
    if not report.proven:
        raise SystemExit(1)


@main.command()
@click.argument("study")
@click.option("--seeds", type=click.IntRange(1, 1000), help="How many seeds: 0, 1, ...")
@click.option("--data", type=click.Path(path_type=Path), help="A folder with MNIST; by default digits.")
@json_option
def results(study: str, seeds: int | None, data: Path | None, as_json: bool) -> None:
    """Run STUDY, a name from `list`: a table over seeds, in media/results as CSV, JSON and Markdown."""
    from scenes.output.progress import study_progress
    from topo_core.studies import study_named

    with study_progress(study, as_json) as report:
        found = study_named(study).run(seeds, data, report)
    paths = found.write()
    if as_json:
        print_json({**found.as_data(), "paths": [str(path) for path in paths]})
    else:
        click.echo(f"{found.as_markdown()}\nTable: {', '.join(str(path) for path in paths)}")


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a commented scene NAME.py to start from."""
    from scenes.output.template import write_scene

    path, class_name = write_scene(name)
    click.echo(f"{path}: render it with: python render.py video {path}:{class_name} -q m")


@main.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say what is installed, which OpenGL renderer is in use, and how to get what is missing."""
    from scenes.output.doctor import as_lines, report

    checks = report()
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        click.echo("\n".join(as_lines(checks)))
    if any(check.status == "missing" for check in checks):
        raise SystemExit(1)


main.add_command(trace_command)


def _train_for(target: str, trace: Path | None) -> None:
    """Make sure that every trace a scene needs is there."""
    from scenes.output.needs import experiments_of
    from scenes.output.progress import training_progress
    from topo_core.store import is_ready, obtain_trace

    needed = experiments_of(target)
    for experiment in needed if trace is None else needed[1:]:
        if not is_ready(experiment):
            with training_progress(experiment.name, quiet=False) as progress:
                obtain_trace(experiment, progress)


if __name__ == "__main__":
    main()
