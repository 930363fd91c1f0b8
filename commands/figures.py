"""The command that draws figures for publications."""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands.shared import trace_option


def _formats(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> list[str]:
    """Formats, each once: ``pdf,svg`` names two."""
    from scenes.figures.options import FORMATS

    wanted = list(dict.fromkeys(",".join(value).lower().replace(",", " ").split()))
    for one in wanted:
        if one not in FORMATS:
            raise click.BadParameter(f"{one!r} is no format for figures; choose {', '.join(FORMATS)}")
    return wanted


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    callback=_formats,
    metavar="pdf|svg|eps|png",
    help="Several as pdf,svg or by giving it again. By default what -o says, or pdf.",
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
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR/",
    help="Where to write: a file's name (only for one figure), or a folder that exists or ends in a slash.",
)
def figure(
    names: tuple[str, ...],
    formats: list[str],
    settings: tuple[str, ...],
    at: str | None,
    width: str | None,
    font_size: float | None,
    theme: str,
    transparent: bool,
    greyscale: bool,
    dpi: int,
    trace: Path | None,
    output: str | None,
) -> None:
    """Draw NAME as true vector graphics: a figure or scene from `list`, or FILE.py:ClassName.

    Networks that it shows are trained first. The same command writes the same bytes.
    """
    from commands.pictures import train_for
    from scenes.figures.catalogue import check_name
    from scenes.figures.fields import assignments
    from scenes.figures.options import FigureOptions
    from scenes.output.needs import experiments_of

    folder, stem, chosen = _places(output, formats, len(names))
    options = FigureOptions(width, font_size, theme, transparent, greyscale, dpi, at)
    fields = assignments(settings)
    for name in names:  # all are right before anything is made
        if ":" not in name and not name.endswith(".py"):
            check_name(name)
        experiments_of(name, fields)
    from scenes.figures.make import default_stem, make_figure  # Manim, not before the names are known

    places: dict[Path, str] = {}
    for name in names:
        place = stem or default_stem(name, options, fields)
        place = folder / place.name if folder else place
        if place in places:
            raise click.UsageError(
                f"{name} and {places[place]} would both be {place}: draw them one by one, with -o"
            )
        places[place] = name
    for place, name in places.items():
        train_for(name, trace, fields)
        paths = [place.with_name(f"{place.name}.{ending}") for ending in chosen]
        done = make_figure(name, options, paths, trace=trace, fields=fields)
        inches = " x ".join(f"{side / 72:.2f}" for side in done.size)
        when = "" if done.seconds is None else f", at {done.seconds:.2f} s"
        for path in done.paths:
            click.echo(f"{path}  ({inches} in, labels of {done.text:.1f} pt{when})")


def _places(output: str | None, formats: list[str], names: int) -> tuple[Path | None, Path | None, list[str]]:
    """A folder or a file's name without its ending, if one was given, and the formats."""
    from scenes.figures.options import FORMATS

    if output is None:
        return None, None, formats or ["pdf"]
    path = Path(output)
    if output.endswith(("/", os.sep)) or path.is_dir():
        return path, None, formats or ["pdf"]
    if names > 1:
        raise click.UsageError(f"-o names one file, but {names} figures were given: give a folder, {output}/")
    ending = path.suffix.lower().lstrip(".")
    if not ending:
        return None, path, formats or ["pdf"]
    if ending not in FORMATS:
        raise click.UsageError(f"-o {path}: a figure ends in {', '.join('.' + name for name in FORMATS)}")
    if formats and ending not in formats:
        raise click.UsageError(
            f"-o {path}: the formats are {', '.join(formats)}; end its name in one of them"
        )
    return None, path.with_suffix(""), formats or [ending]
