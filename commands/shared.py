"""What the commands share: the group that words errors, options, and small checks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from topo_core.errors import SpecError, TopoError, UnknownNameError

#: A file's name, whether or not there is such a file.
FILE = click.Path(path_type=Path, dir_okay=False)


class Commands(click.Group):
    """The command group: every error a user can cause is one line; only bugs give a traceback."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Suggest the nearest command for an unknown one."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.UsageError(str(UnknownNameError("command", args[0], self.list_commands(ctx))))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Turn our errors into messages: exit code 2 for usage, 1 for failure."""
        try:
            return super().invoke(ctx)
        except (UnknownNameError, SpecError) as error:
            raise click.UsageError(str(error)) from error
        except TopoError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{name}{error.strerror or error}") from error


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
quality_option = click.option(
    "-q",
    "--quality",
    type=click.Choice(["l", "m", "h", "k"]),
    default="h",
    show_default=True,
    help="l 480p15, m 720p30, h 1080p60, k 2160p60.",
)
fps_option = click.option("--fps", type=click.IntRange(1, 120), help="Frames per second.")
theme_option = click.option(
    "--theme", type=click.Choice(["dark", "light"]), default="dark", show_default=True
)
trace_option = click.option("--trace", type=FILE, help="Show this trace instead of the scene's own.")
output_option = click.option("-o", "--output", type=FILE, help="Where to write (only for one scene).")


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(json.dumps(value, indent=2, sort_keys=True))


def warn(remarks: tuple[str, ...]) -> None:
    """Print remarks beside the answer."""
    for remark in remarks:
        click.echo(f"Warning: {remark}", err=True)


def one_output(scenes: tuple[str, ...], output: Path | None) -> None:
    """Refuse one name for several files."""
    if output is not None and len(scenes) > 1:
        raise click.UsageError(
            f"-o names one file, but {len(scenes)} scenes were given: render one at a time"
        )


def check_suffix(output: Path | None, suffix: str) -> None:
    """Refuse a name that says something else than the file will be."""
    if output is not None and output.suffix and output.suffix.lower() != suffix:
        raise click.UsageError(
            f"-o {output}: the file will be of type {suffix[1:]}; end its name in {suffix}"
        )
