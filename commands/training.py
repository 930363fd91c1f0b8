"""Commands that make traces and tables: of experiments, of points, and of a user's own network."""

from __future__ import annotations

import time
from pathlib import Path

import click

from commands.shared import FILE, check_suffix, json_option, print_json


@click.command()
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


@click.command()
@click.argument("study")
@click.option("--seeds", type=click.IntRange(1, 1000), help="How many seeds: 0, 1, ...")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder with MNIST's files, or 'mnist' to fetch them; by default scikit-learn's digits.",
)
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
