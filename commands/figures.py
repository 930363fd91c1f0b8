"""The command that draws figures for publications."""

from __future__ import annotations

from pathlib import Path

import click

from commands.shared import FILE, trace_option


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["pdf", "svg", "eps", "png"]),
    help="Again for several. By default what -o says, or pdf.",
)
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Of a ready figure; again for several."
)
@click.option("--at", metavar="INSTANT", help="Of a scene: 12.5s, section:3, layer:2/0.5, end (the default).")
@click.option(
    "--width",
    metavar="WIDTH",
    help="On paper: 8.5cm, 3.25in, 240pt, or a venue: neurips (default), icml-column ...",
)
@click.option("--font-size", type=float, metavar="PT", help="Of labels, as it will appear on paper.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.option("--transparent/--opaque", default=True, help="Without a background (the default), or with one.")
@click.option("--greyscale", is_flag=True, help="Colours that can be told apart in print without colour.")
@click.option("--dpi", type=int, default=300, show_default=True, help="Of PNG files and embedded images.")
@trace_option
@click.option("-o", "--output", type=FILE, help="Where to write: a file's name (only for one figure).")
def figure(
    names: tuple[str, ...],
    formats: tuple[str, ...],
    settings: tuple[str, ...],
    at: str | None,
    width: str | None,
    font_size: float | None,
    theme: str,
    transparent: bool,
    greyscale: bool,
    dpi: int,
    trace: Path | None,
    output: Path | None,
) -> None:
    """Draw NAME as true vector graphics: a figure or scene from `list`, or FILE.py:ClassName.

    Networks that it shows are trained first. The same command writes the same bytes.
    """
    from commands.pictures import train_for
    from scenes.figures.fields import assignments
    from scenes.figures.options import FORMATS, FigureOptions
    from scenes.output.needs import experiments_of

    if output is not None and len(names) > 1:
        raise click.UsageError(f"-o names one file, but {len(names)} figures were given: draw one at a time")
    chosen = list(dict.fromkeys(formats))
    if output is not None and output.suffix:
        ending = output.suffix.lower().lstrip(".")
        if ending not in FORMATS:
            raise click.UsageError(f"-o {output}: a figure ends in {', '.join('.' + f for f in FORMATS)}")
        if chosen and ending not in chosen:
            raise click.UsageError(
                f"-o {output}: the formats are {', '.join(chosen)}; end its name in one of them"
            )
        chosen = chosen or [ending]
        output = output.with_suffix("")
    chosen = chosen or ["pdf"]
    options = FigureOptions(width, font_size, theme, transparent, greyscale, dpi, at)
    fields = assignments(settings)
    for name in names:
        experiments_of(name, fields)  # all names are right before anything is made
    for name in names:
        train_for(name, trace, fields)
        from scenes.figures.make import default_stem, make_figure  # Manim, not before the name is known

        stem = output or default_stem(name, options, fields)
        paths = [stem.with_name(f"{stem.name}.{ending}") for ending in chosen]
        done = make_figure(name, options, paths, trace=trace, fields=fields)
        inches = " x ".join(f"{side / 72:.2f}" for side in done.size)
        when = "" if done.seconds is None else f", at {done.seconds:.2f} s"
        for path in done.paths:
            click.echo(f"{path}  ({inches} in, labels of {done.text:.1f} pt{when})")
