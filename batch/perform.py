"""One job in this process: whatever goes wrong in it becomes its outcome.

A job sees nothing of what ran before it: it has a media folder of its own, which is removed afterwards, and
what scenes may leave behind in Manim is put back.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch.job import Job, Outcome
from topo_core.errors import DependencyError, SpecError, TopoError
from topo_core.trace import Trace

if TYPE_CHECKING:
    from scenes.output.settings import Settings
    from scenes.output.video import Rendered

Made = tuple[dict[str, bytes], dict[str, Any]]

#: A process has one ``$TOPO_MEDIA`` and one Manim.
_one_at_a_time = threading.Lock()
#: Of a video: whether workers share it (``batch.split``); its bytes are the same.
SPLIT = "split"


def perform(
    job: Job,
    traces: Mapping[str, bytes],
    *,
    sources: Mapping[str, bytes] | None = None,
    folder: Path | None = None,
) -> Outcome:
    """Do a job and return its files' contents, or the reason why there are none.

    Parameters
    ----------
    job
        What to do.
    traces
        The contents of trace files by the names of the jobs in ``job.needs``.
    sources
        Of a target ``FILE.py:Class`` that is not on this machine: its file and the modules beside it, by path
        relative to its folder (``batch.user_files``).
    folder
        Where to make the temporary folder; by default where the system has them.
    """
    return attempt(job, lambda own: _done(job, traces, sources, own), folder)


def attempt(job: Job, action: Callable[[Path], Made], folder: Path | None = None) -> Outcome:
    """The outcome of a job, or of a part of it, that is done in a media folder of its own."""
    began = time.perf_counter()
    files: dict[str, bytes] = {}
    error = ""
    with _one_at_a_time:
        try:
            with _own_folder(folder) as own, _clean_slate():
                files, metrics = action(own)
        except Exception as problem:
            error, metrics = what_went_wrong(problem)
        except SystemExit as problem:  # of a user's scene
            error, metrics = f"it ended Python with exit code {problem.code}", {}
    return Outcome(job.name, files, metrics, time.perf_counter() - began, error)


def what_went_wrong(problem: Exception) -> tuple[str, dict[str, Any]]:
    """An error as one line, and what a report may say of it beside: a bug's traceback, or what is lacking."""
    if isinstance(problem, TopoError):
        return str(problem), {"lacks": "OpenGL"} if _no_opengl(problem) else {}
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename or 'its files'}: {problem.strerror}", {}
    line = " ".join(f"bug: {type(problem).__name__}: {problem}".split())
    return line, {"traceback": "".join(traceback.format_exception(problem))}


def _no_opengl(problem: Exception) -> bool:
    if not isinstance(problem, DependencyError) or "scenes.kit.gl.context" not in sys.modules:
        return False
    from scenes.kit.gl.context import gl_context

    try:
        gl_context()
    except DependencyError:
        return True
    return False


@contextmanager
def _own_folder(parent: Path | None) -> Iterator[Path]:
    """A media folder for one job, in which its traces, caches and files are."""
    before = os.environ.get("TOPO_MEDIA")
    with tempfile.TemporaryDirectory(prefix="job-", dir=parent, ignore_cleanup_errors=True) as folder:
        os.environ["TOPO_MEDIA"] = folder
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ["TOPO_MEDIA"]
            else:
                os.environ["TOPO_MEDIA"] = before


@contextmanager
def _clean_slate() -> Iterator[None]:
    """Manim's own defaults after each job; random numbers begin anew with every scene."""
    try:
        yield
    finally:
        if "manim" in sys.modules:
            _reset_mobjects()


def _reset_mobjects() -> None:
    """Undo what scenes set with ``Mobject.set_default``."""
    from manim import Mobject

    kinds: list[Any] = [Mobject]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        original = kind.__dict__.get("_original__init__")
        if original is not None and kind.__dict__.get("__init__", original) is not original:
            kind.__init__ = original


def _done(job: Job, traces: Mapping[str, bytes], sources: Mapping[str, bytes] | None, own: Path) -> Made:
    if job.kind == "train":
        return _trained(job)
    paths = placed_traces(job, traces)
    target = placed_target(job.target, sources, own)
    output = new_output(job, own)
    metrics = (_filmed if job.kind == "video" else _drawn)(
        job, target, output, given_trace(job, target, paths)
    )
    return files_beside(output, own), metrics


def new_output(job: Job, own: Path) -> Path:
    """Where a job writes its first file; nothing else is in that folder."""
    output = own / "made" / job.outputs[0]
    output.parent.mkdir(parents=True)
    return output


def files_beside(output: Path, own: Path) -> dict[str, bytes]:
    """The contents of all that was made, by name relative to the output folder."""
    found = sorted(path for path in output.parent.iterdir() if path.is_file())
    return {path.relative_to(own / "made").as_posix(): path.read_bytes() for path in found}


def _trained(job: Job) -> Made:
    from topo_core.store import obtain_trace

    if job.experiment is None:
        raise SpecError(f"{job.name}: a training needs an experiment")
    path, trace = obtain_trace(job.experiment)
    return {job.outputs[0]: path.read_bytes()}, measured(trace)


def measured(trace: Trace) -> dict[str, Any]:
    """What a training is reported by: the trace's hash, and what was measured."""
    return {"hash": trace.hash, **_flat(trace.outcome)}


def _filmed(job: Job, target: str, output: Path, trace: Path | None) -> dict[str, Any]:
    from scenes.output.video import render_video

    return film_metrics(render_video(target, settings_of(job), output, trace=trace))


def film_metrics(made: Rendered) -> dict[str, Any]:
    """What a video is reported by."""
    return {"film_seconds": made.seconds, "frames": made.frames, "sections": len(made.sections)}


def settings_of(job: Job) -> Settings:
    """The settings of a video.

    Raises
    ------
    SpecError
        When they do not fit each other.
    """
    from scenes.output.settings import Settings

    return Settings(**{name: value for name, value in job.options.items() if name != SPLIT})


def _drawn(job: Job, target: str, output: Path, trace: Path | None) -> dict[str, Any]:
    from scenes.figures.make import make_figure
    from scenes.figures.options import FigureOptions

    outputs = [output.with_name(Path(name).name) for name in job.outputs]
    made = make_figure(target, FigureOptions(**job.options), outputs, trace=trace)
    width, height = made.size
    return {"width_pt": width, "height_pt": height, "text_pt": made.text}


def placed_traces(job: Job, traces: Mapping[str, bytes]) -> dict[str, Path]:
    """Put traces where scenes look for those of their experiments; returns where, by the names of jobs."""
    from topo_core import trace_io
    from topo_core.experiment import key_of
    from topo_core.store import media_folder

    folder = media_folder() / "traces"
    folder.mkdir(parents=True, exist_ok=True)
    placed = {}
    for number, need in enumerate(job.needs):
        path = folder / f"need-{number}.npz"
        path.write_bytes(traces[need])
        origin = trace_io.read(path)[0].get("provenance", {})
        if isinstance(origin, dict) and {"experiment", "config", "source_hash"} <= origin.keys():
            name = Path(f"{origin['experiment']}-{key_of(origin['config'], origin['source_hash'])}.npz").name
            path = path.rename(folder / name)
        placed[need] = path
    return placed


def placed_target(target: str, sources: Mapping[str, bytes] | None, own: Path) -> str:
    """The target as this machine knows it: a user's files, if they were sent, are written first."""
    if not sources:
        return target
    folder = own / "scene"
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    file, colon, class_name = target.rpartition(":") if not target.endswith(".py") else (target, "", "")
    return f"{folder / Path(file).name}{colon}{class_name}"


def given_trace(job: Job, target: str, placed: Mapping[str, Path]) -> Path | None:
    """The trace of a job's own experiment, if the scene would show another one first."""
    if job.experiment is None or not job.needs:
        return None
    from scenes.output.needs import experiments_of

    first = experiments_of(target)[:1]
    if first and job.experiment.key == first[0].key:
        return None
    return placed[job.needs[0]]


def _flat(outcome: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values under names such as ``a.b``; lists are written out."""
    flat: dict[str, Any] = {}
    for name, value in outcome.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}."))
        elif isinstance(value, list):
            flat[f"{prefix}{name}"] = " ".join(str(item) for item in value)
        else:
            flat[f"{prefix}{name}"] = value
    return flat
