"""Where traces are kept: one file a configuration, so that the same request is trained once."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from topo_core import trace_io
from topo_core.errors import TraceError, UnknownNameError, shown
from topo_core.experiments import EXPERIMENTS, LINKS, Experiment, experiment_for
from topo_core.trace import Trace


def media_folder() -> Path:
    """The folder of everything made: ``$TOPO_MEDIA``, by default ``media`` where the command runs."""
    return Path(os.environ.get("TOPO_MEDIA") or "media")


def trace_path(experiment: Experiment) -> Path:
    """The file that holds, or will hold, the trace of an experiment."""
    return media_folder() / "traces" / f"{experiment.name}-{experiment.key}.npz"


def find_trace(experiment: Experiment) -> Path | None:
    """The trace of an experiment, if it has been trained."""
    path = trace_path(experiment)
    return path if path.is_file() else None


def locate_trace(target: str) -> Path:
    """The file of a trace: that of this name, or the one of an experiment or a link that has been trained.

    Raises
    ------
    TraceError
        When an experiment has this name and is not trained.
    UnknownNameError
        When there is neither such a file nor an experiment of this name.
    """
    path = Path(target)
    link = target.startswith(LINKS) and path.suffix != ".npz"
    known = target in EXPERIMENTS or link
    if path.exists() or (not known and (path.suffix or path.name != target)):
        return path
    if not known:
        raise UnknownNameError("trace file or experiment", target, EXPERIMENTS)
    found = find_trace(experiment_for(target))
    if found is None:
        raise TraceError(
            f"experiment {shown(target)} is not trained yet; do so with: render.py train {target}"
        )
    return found


def obtain_trace(
    experiment: Experiment,
    progress: Callable[[int, int, float], None] | None = None,
    *,
    certify: bool = True,
) -> tuple[Path, Trace]:
    """The trace of an experiment, trained now if it has not been before or its file is damaged.

    With ``certify`` it has a certificate by this version, found now if need be; training is kept if that is
    interrupted.
    """
    path, trace = _trained(experiment, progress)
    if certify:
        from topo_core.certificates import certified, is_current  # SciPy, only where it is needed

        if not is_current(trace.certificate):
            trace = certified(trace)
            trace.save(path)
    return path, trace


def is_ready(experiment: Experiment) -> bool:
    """Whether ``obtain_trace`` has nothing to do: the trace is there, certified by this version."""
    from topo_core.certificates import is_current

    path = find_trace(experiment)
    if path is not None:
        with suppress(TraceError):
            certificate = trace_io.read(path)[0].get("certificate")
            return isinstance(certificate, dict) and is_current(certificate)
    return False


def _trained(
    experiment: Experiment, progress: Callable[[int, int, float], None] | None
) -> tuple[Path, Trace]:
    path = find_trace(experiment)
    if path is not None:
        with suppress(TraceError):
            return path, Trace.load(path)
    from topo_core.training import train  # torch, only where it is needed

    trace = train(experiment, progress)
    path = trace_path(experiment)
    path.parent.mkdir(parents=True, exist_ok=True)
    trace.save(path)
    return path, trace
