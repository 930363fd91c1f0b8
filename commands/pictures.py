"""Commands that render scenes: a video, the film, a contact sheet."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import click

from commands.shared import (
    FILE,
    check_suffix,
    fps_option,
    one_output,
    output_option,
    quality_option,
    theme_option,
    trace_option,
    warn,
)


@click.command()
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
        train_for(scene, trace)
        with rendering_progress(scene) as progress:
            done = render_video(scene, settings, output, trace=trace, progress=progress)
        how = "from the cache" if done.cached else f"{done.frames} frames"
        click.echo(f"{done.path}  ({done.seconds:.1f} s of film, {how}, {time.perf_counter() - began:.1f} s)")
        warn(done.remarks)
        if preview:
            show(done.path)
        else:
            click.echo(f"Open it with: {' '.join(opener(done.path))}", err=True)


@click.command()
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
        train_for(part.target, None)
    with film_progress() as progress:
        done = make_film(parts, settings, output, jobs=jobs, progress=progress)
    for scene in done.scenes:
        warn(scene.remarks)
        click.echo(f"{scene.path}  ({scene.seconds:.1f} s of film{', from the cache' * scene.cached})")
    took = time.perf_counter() - began
    click.echo(f"{done.path}  ({done.seconds:.1f} s of film, {len(parts)} scenes, {took:.1f} s)")


@click.command()
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
        train_for(scene, trace)
        from scenes.output import storyboard as sheet  # Manim, not before the names are known to be right

        board = sheet.storyboard(scene, Settings(quality="l", theme=theme), output, trace=trace)
        click.echo(f"{board.path}  ({len(board.stills)} pictures)")


def train_for(target: str, trace: Path | None, fields: Mapping[str, str] | None = None) -> None:
    """Make sure that every trace is there that a scene needs, or a figure with these fields."""
    from scenes.output.needs import experiments_of
    from scenes.output.progress import training_progress
    from topo_core.store import is_ready, obtain_trace

    needed = experiments_of(target, fields)
    for experiment in needed if trace is None else needed[1:]:
        if not is_ready(experiment):
            with training_progress(experiment.name, quiet=False) as progress:
                obtain_trace(experiment, progress)
