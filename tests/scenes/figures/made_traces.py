"""Traces of experiments with weights that nobody trained, where figures look for them."""

from pathlib import Path

from tests.topo_core.example_traces import example_trace
from topo_core.experiments import Experiment
from topo_core.store import trace_path


def pretend_trained(*experiments: Experiment) -> list[Path]:
    """Write a trace with random weights for each experiment that has none; returns their paths."""
    paths = []
    for experiment in experiments:
        path = trace_path(experiment)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            dataset = experiment.dataset
            example_trace(str(experiment.network), 8, seed=5, dataset=dataset).save(path)
        paths.append(path)
    return paths
