"""Figures and videos as values: a notebook shows them, and they know where their files are.

What the commands ``figure``, ``video``, ``storyboard`` and ``film`` do, as functions. Nothing is trained:
where a trace is missing, the error names the command (in Python: ``topo_core.store.obtain_trace``).
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from manim import Scene

from scenes.figures.make import Made, make_figure
from scenes.figures.options import FigureOptions
from scenes.figures.page import Figure
from scenes.output import cache
from scenes.output.clips import work_folder
from scenes.output.film import make_film
from scenes.output.parts import chosen_parts
from scenes.output.settings import Settings
from scenes.output.storyboard import storyboard as make_storyboard
from scenes.output.takes import record
from scenes.output.video import render_video, theme_suffix
from topo_core.errors import SpecError, UnknownNameError, shown
from topo_core.store import media_folder
from topo_core.trace import Trace

#: A larger video is shown from its file instead of being copied into the notebook, in bytes.
_LARGEST = 48_000_000
_KINDS = {".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".gif": "image/gif"}
#: What ``trace`` may be: a file, or a trace.
GivenTrace = str | Path | Trace | None
T = TypeVar("T", FigureOptions, Settings)


@dataclass(frozen=True)
class ShownFigure:
    """A figure, drawn; a notebook shows it as vectors."""

    target: str | Figure | type[Figure] | type[Scene]
    options: FigureOptions
    svg: str = field(repr=False)
    made: Made
    trace: GivenTrace = field(default=None, repr=False)

    def save(self, path: str | Path) -> Path:
        """Write it; the ending of the name chooses the format: ``.pdf``, ``.svg``, ``.eps`` or ``.png``."""
        with _as_file(self.trace) as trace:
            return make_figure(self.target, self.options, [Path(path)], trace=trace).paths[0]

    def _repr_svg_(self) -> str:
        """The picture, its parts named so that they are not confused with another's on the same page."""
        own = hashlib.sha256(self.svg.encode()).hexdigest()[:12]
        return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>f{own}-", self.svg)


@dataclass(frozen=True)
class ShownVideo:
    """A video; a notebook plays it."""

    path: Path
    seconds: float

    def _repr_html_(self) -> str:
        kind = _KINDS[self.path.suffix.lower()]
        source = _source(self.path, kind)
        if kind.startswith("image"):
            return f'<img src="{source}" style="max-width: 100%">'
        return f'<video src="{source}" controls loop style="max-width: 100%"></video>'


@dataclass(frozen=True)
class ShownPicture:
    """A picture made of pixels."""

    path: Path

    def _repr_png_(self) -> bytes:
        return self.path.read_bytes()


def figure(
    target: str | Figure | type[Figure] | type[Scene], *, trace: GivenTrace = None, **options: Any
) -> ShownFigure:
    """Draw a figure.

    Parameters
    ----------
    target
        A figure or scene by name, ``"FILE.py:ClassName"``, a ``Figure`` of your own, or a scene class.
    trace
        A file, or a trace, to show instead of its own.
    **options
        Of :class:`scenes.figures.options.FigureOptions`: ``at="layer:2/0.5"``, ``width="icml-column"``...

    Raises
    ------
    TopoError
        As the command does, in one line.
    """
    chosen = _chosen(FigureOptions, options)
    with tempfile.TemporaryDirectory() as folder, _as_file(trace) as path:
        file = Path(folder) / "figure.svg"
        made = make_figure(target, chosen, [file], trace=path)
        return ShownFigure(target, chosen, file.read_text(encoding="utf-8"), made, trace)


def video(
    target: str | type[Scene],
    output: str | Path | None = None,
    *,
    trace: GivenTrace = None,
    **settings: Any,
) -> ShownVideo:
    """Render a scene to a video file, or answer from what was rendered before.

    Parameters
    ----------
    target
        A scene by name, ``"FILE.py:ClassName"``, or a scene class, which is rendered each time.
    output
        Where to write it, its ending is the format; by default in the media folder.
    trace
        A file, or a trace, to show instead of the scene's own.
    **settings
        Of :class:`scenes.output.settings.Settings`: ``quality="m"``, ``theme="light"``, ``format="webm"``...

    Raises
    ------
    TopoError
        As the command does, in one line.
    """
    path = None if output is None else Path(output)
    if path is not None and "format" not in settings:
        settings["format"] = path.suffix.lower().removeprefix(".")
    chosen = _chosen(Settings, settings)
    if path is not None and path.suffix.lower() != f".{chosen.format}":
        raise SpecError(f"{path}: a video in this format ends in .{chosen.format}")
    if not (isinstance(target, str) or (isinstance(target, type) and issubclass(target, Scene))):
        raise SpecError(f"{shown(target)}: give the name of a scene, or a class of scenes")
    with _as_file(trace) as given:
        if isinstance(target, str):
            done = render_video(target, chosen, path, trace=given)
            return ShownVideo(done.path, done.seconds)
        name = target.__name__
        path = path or media_folder() / "videos" / f"{name}{theme_suffix(chosen)}.{chosen.format}"
        cache.make_folder(path)
        with tempfile.TemporaryDirectory(prefix="render-", dir=work_folder()) as folder:
            clip, facts = record(target, name, chosen, Path(folder), trace=given)
            cache.place(clip, path)
        return ShownVideo(path, float(facts["seconds"]))


def storyboard(target: str, *, trace: GivenTrace = None, theme: str = "dark") -> ShownPicture:
    """Draw the contact sheet of a scene, by name or ``"FILE.py:ClassName"``."""
    if not isinstance(target, str):
        raise SpecError(f"{shown(target)}: give the name of a scene, or FILE.py:ClassName")
    with _as_file(trace) as given:
        return ShownPicture(make_storyboard(target, Settings(quality="l", theme=theme), trace=given).path)


def film(only: str | None = None, *, jobs: int | None = None, **settings: Any) -> ShownVideo:
    """Render all scenes, or those with the numbers ``"1,3-5"``, and join them."""
    if only is not None and not isinstance(only, str):
        raise SpecError(f"{shown(only)}: give the numbers of scenes as a text, such as '1,3-5'")
    done = make_film(chosen_parts(only), _chosen(Settings, settings), jobs=jobs)
    return ShownVideo(done.path, done.seconds)


def _chosen(kind: type[T], options: dict[str, Any]) -> T:
    """Options as what they are options of; one that it does not have is answered with those it has."""
    known = [option.name for option in fields(kind)]
    for name in options:
        if name not in known:
            raise UnknownNameError("option", name, known)
    return kind(**options)


@contextmanager
def _as_file(trace: GivenTrace) -> Iterator[Path | None]:
    """The file of a trace, written for the time of a ``with`` block if it has none."""
    if not isinstance(trace, str | Path | Trace | None):
        raise SpecError(f"{shown(trace)}: give a trace, or the name of its file")
    if not isinstance(trace, Trace):
        yield None if trace is None else Path(trace)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.npz"
        trace.save(path)
        yield path


def _source(path: Path, kind: str) -> str:
    """The address of a file for HTML: its content, or where it is."""
    if path.stat().st_size > _LARGEST:
        return html.escape(os.path.relpath(path))
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
