"""Train the essay's networks and render what their layers do to space.

This file and ``commands`` hold options, messages and exit codes; the work is done in ``topo_core`` and
``scenes``.
"""

from __future__ import annotations

from dataclasses import asdict

import click

from commands.batches import batch
from commands.figures import figure
from commands.pictures import film, storyboard, video
from commands.shared import Commands, json_option, print_json
from commands.traces import inspect, verify
from commands.training import results, trace, train
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


for command in (train, video, film, figure, storyboard, inspect, verify, trace, results, batch):
    main.add_command(command)


if __name__ == "__main__":
    main()
