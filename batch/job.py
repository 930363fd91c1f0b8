"""What a batch is made of: jobs, and what comes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from topo_core.experiments import Experiment

#: What a job may do.
Kind = Literal["train", "video", "figure"]


@dataclass(frozen=True)
class Job:
    """One training, one video, or one figure in one or several formats; picklable.

    Attributes
    ----------
    name
        Unique in its batch: a relative POSIX path without suffix, of safe characters only
        (``batch.names``), such as ``"spirals/width-3-seed-0"``.
    kind
        ``"train"``, ``"video"`` or ``"figure"``.
    experiment
        What is trained or shown, parameters applied; none for a scene that needs no trace.
    target
        The scene or figure: a name in the catalogue, or ``FILE.py:Class``.
    options
        Of a video: fields of ``scenes.output.settings.Settings``. Of a figure: fields of
        ``scenes.figures.options.FigureOptions``.
    formats
        Of a figure: one or several of pdf, svg, eps and png.
    needs
        Names of the jobs that train what this one shows, its own experiment's first.
    parameters
        What the manifest and its sweeps chose, for reports.
    """

    name: str
    kind: Kind
    experiment: Experiment | None
    target: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The files it makes, relative to the output folder; a narrated video also gets subtitles."""
        if self.kind == "train":
            return (f"{self.name}.npz",)
        if self.kind == "video":
            return (f"{self.name}.{self.options.get('format', 'mp4')}",)
        return tuple(f"{self.name}.{format_}" for format_ in self.formats)


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    job
        Its name.
    files
        Contents by name relative to the output folder: what travels through Dask.
    metrics
        Of a training: what was measured, flat enough for a table. Of a video or figure: seconds of film,
        frames, size.
    seconds
        Wall time in the worker.
    error
        One line, empty when all went well; otherwise there are no files.
    worker
        Where it ran.
    """

    job: str
    files: Mapping[str, bytes]
    metrics: Mapping[str, Any]
    seconds: float
    error: str = ""
    worker: str = ""
