"""The command that makes a trace of a user's own network."""

from __future__ import annotations

from pathlib import Path

import click

from command_line import FILE, check_suffix, json_option, print_json


@click.command()
@click.argument("models", nargs=-1, required=True, type=FILE, metavar="MODEL...")
@click.option("--data", required=True, type=FILE, help="Points and labels: CSV or NPZ, as for `train`.")
@click.option("--network", metavar="SPEC", help="Its layers, the readout last: 2-16:relu-16:relu-3.")
@json_option
@click.option("-o", "--output", type=FILE, help="Where to write the trace; by default media/traces.")
def trace(
    models: tuple[Path, ...], data: Path, network: str | None, as_json: bool, output: Path | None
) -> None:
    """Make a trace of your own network: MODEL is a state dict, torch.save(model.state_dict(), MODEL).

    Several are the checkpoints of one training, in their order. No code in these files is run. Output k of
    the network stands for the k-th label, sorted. Every scene for any trace then shows it:

    \b
      python render.py trace weights.pt --network 2-16:relu-16:relu-3 --data points.csv -o mine.npz
      python render.py video layers-in-motion --trace mine.npz
    """  # noqa: D301 (click reads the escape)
    check_suffix(output, ".npz")
    from topo_core.from_torch import trace_of_files
    from topo_core.store import media_folder
    from topo_core.summary import summary, verdict

    made = trace_of_files(models, data, network)
    path = output or media_folder() / "traces" / f"{models[-1].stem}-{made.hash[:12]}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    if as_json:
        print_json({**summary(made), "path": str(path)})
        return
    click.echo(f"{made.spec}, {made.n_snapshots} snapshot(s). {verdict(made)}")
    click.echo(f"Trace: {path}")
