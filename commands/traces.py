"""Commands that say what is in a trace, and what is true of it."""

from __future__ import annotations

import time

import click

from commands.shared import json_option, print_json


@click.command()
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


@click.command()
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
