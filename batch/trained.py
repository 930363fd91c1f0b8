"""The cache of traces that all commands share: no network is trained twice."""

from __future__ import annotations

from batch.job import Job, Outcome
from batch.perform import measured
from batch.store import full_disk
from scenes.output.whole import whole
from topo_core.errors import TopoError
from topo_core.experiments import Experiment
from topo_core.store import is_ready, trace_path
from topo_core.trace import Trace


def trained_before(job: Job) -> Outcome | None:
    """The outcome of a training that was run before, by a batch or by another command."""
    if job.experiment is None or not is_ready(job.experiment):
        return None
    path = trace_path(job.experiment)
    try:
        content = path.read_bytes()
        metrics = measured(Trace.load(path))
    except (TopoError, OSError):  # damaged or gone: it is trained again
        return None
    return Outcome(job.name, {job.outputs[0]: content}, metrics, 0.0)


def keep_trace(experiment: Experiment, content: bytes) -> None:
    """Keep a trace for other commands and for other batches."""
    path = trace_path(experiment)
    with full_disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as temporary:
            temporary.write_bytes(content)
