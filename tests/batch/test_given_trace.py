"""Which trace a job hands to its scene: its own, unless the scene would show that first anyway."""

from pathlib import Path

import pytest

from batch.job import Job
from batch.perform import given_trace
from topo_core.experiments import Experiment, experiment_named

CURVES = experiment_named("curves")


@pytest.mark.parametrize(
    ("experiment", "given"),
    [
        (CURVES, False),
        (experiment_named("curves-deep"), True),  # the scene shows it, too, but not first
        (CURVES.with_options(seed=1), True),
        (None, False),
    ],
)
def test_the_trace_of_the_jobs_own_experiment(experiment: Experiment | None, given: bool) -> None:
    job = Job("film", "video", experiment, "simple-example", needs=("own", "other"))
    placed = {"own": Path("own.npz"), "other": Path("other.npz")}
    assert given_trace(job, "simple-example", placed) == (Path("own.npz") if given else None)
