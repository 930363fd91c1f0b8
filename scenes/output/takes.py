"""A video in takes: one encoded stream for every section, joined without encoding again.

A take depends on nothing but its section, so that it is the same whoever makes it, in whatever order; and
every chapter of the video begins with a picture that players can jump to. What happens before a section does
decide how it looks: whoever shoots some sections plays all before them, in the same steps of time, and only
does not draw them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from manim import Scene
from manim.utils.exceptions import EndSceneEarlyException

from scenes.kit.gl.context import draws_space
from scenes.output.encoder import BEHIND, FAR_BEHIND, Encoder, StreamEncoder, codec_for
from scenes.output.gif import write_gif
from scenes.output.join import finish
from scenes.output.play import play_scene
from scenes.output.renderers import FilmRenderer, Sink
from scenes.output.settings import Settings
from scenes.output.subtitles import cues_of
from scenes.sections import SectionMark
from topo_core import __version__
from topo_core.errors import TopoError

#: Called with (frames so far, seconds of film so far).
Progress = Callable[[int, float], None]

#: Files by the number of a section; 0 is what comes before the first.
Takes = Mapping[int, Path]


@dataclass(frozen=True)
class Script:
    """What is known of a scene when it has been played.

    Attributes
    ----------
    name, title
        Of its files, and for people.
    frames
        How many frames each section has, by number; sections without frames are left out.
    marks
        Its sections as chapters.
    provenance
        What the video says about where it comes from.
    """

    name: str
    title: str
    frames: dict[int, int]
    marks: tuple[SectionMark, ...]
    provenance: dict[str, Any]


class TakeRenderer(FilmRenderer):
    """Hands on the frames of some sections, by default all; the others are played and not drawn."""

    def __init__(self, sink: Sink, wanted: range | None = None) -> None:
        super().__init__(sink)
        self.wanted = wanted
        #: How many frames each section has so far.
        self.counts: Counter[int] = Counter()

    @property
    def take(self) -> int:
        """The number of the section."""
        return len(self.file_writer.names)

    @property
    def _shooting(self) -> bool:
        return self.wanted is None or self.take in self.wanted

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw one play call, or only play it; end the scene after the last section that is wanted."""
        if self.wanted and self.take >= self.wanted.stop:
            raise EndSceneEarlyException
        super().play(scene, *args, **kwargs)

    def update_frame(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw a frame that is wanted."""
        if self._shooting:
            super().update_frame(scene, *args, **kwargs)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Any) -> Any:
        """Draw what rests, if it is wanted."""
        if self._shooting:
            return super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None
        return None

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        """Hand a frame on, or only count it."""
        self.counts[self.take] += num_frames
        if self._shooting:
            super().add_frame(frame, num_frames)
        else:
            self.advance(num_frames)


def shoot(
    scene_class: type[Any],
    name: str,
    settings: Settings,
    folder: Path,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
    wanted: range | None = None,
) -> tuple[Script, dict[int, Path]]:
    """Film a scene, or some of its sections, in a folder for temporary files.

    Parameters
    ----------
    scene_class, name
        The scene, and its name.
    settings, folder
        How it is rendered, and where the streams go.
    trace
        A trace to show instead of the scene's own.
    progress
        Told after every frame how far it is.
    wanted
        Numbers of sections; the scene is played as far as the last of them. By default all; none, to play it
        without drawing.

    Returns
    -------
    What is known of the scene as far as it was played, and an encoded stream for each section with frames. A
    GIF, whose colours are those of all its frames, is one take.
    """
    codec = codec_for(settings.format, settings.transparent)
    container = {"gif": "matroska"}.get(settings.format, settings.format)
    takes: dict[int, Path] = {}
    encoder: Encoder | None = None

    def stream(number: int) -> StreamEncoder:
        takes[number] = folder / f"take-{number}"
        behind = FAR_BEHIND if draws_space() else BEHIND
        return StreamEncoder(takes[number], settings.size, settings.rate, codec, container, behind=behind)

    def sink(frame: Any, repeat: int) -> None:
        nonlocal encoder
        number = 0 if settings.format == "gif" else renderer.take
        if encoder is None:
            encoder = Encoder(stream(number))
        elif number not in takes:
            encoder.cut(stream(number))
        encoder.write(frame, repeat, renderer.changed, kept=renderer.kept)
        if progress is not None:
            progress(renderer.counts.total(), renderer.counts.total() / settings.rate)

    renderer: TakeRenderer

    def make_renderer() -> TakeRenderer:
        nonlocal renderer
        renderer = TakeRenderer(sink, wanted)
        return renderer

    try:
        scene = play_scene(scene_class, make_renderer, settings, trace, folder / "manim")
    except BaseException:
        if encoder is not None:
            encoder.abort()
        raise
    if encoder is not None:
        encoder.close()
    return _script(scene, name, settings, renderer.counts), takes


def _script(scene: Any, name: str, settings: Settings, counts: Mapping[int, int]) -> Script:
    return Script(
        name,
        scene.video_title() if hasattr(scene, "video_title") else name,
        {number: count for number, count in counts.items() if count},
        tuple(getattr(scene, "marks", ())),
        _provenance(name, settings, getattr(scene, "traces", ())),
    )


def edit(script: Script, takes: Takes, clip: Path, settings: Settings) -> dict[str, Any]:
    """Join the takes of a scene to a finished clip; returns what the clip holds.

    Raises
    ------
    TopoError
        When they do not have the frames that the script says, or cannot follow each other.
    """
    frames = sum(script.frames.values())
    seconds = frames / settings.rate
    sources = [takes[number] for number in sorted(takes)]
    if settings.format == "gif":
        write_gif(sources[0], clip, settings.rate, {"title": script.title, **script.provenance})
    else:
        # What is transparent is laid over another film, which has its own subtitles.
        inside = settings.format in ("mp4", "mov") and not settings.transparent
        joined = finish(
            sources,
            clip,
            settings.format,
            title=script.title,
            provenance=script.provenance,
            marks=script.marks,
            cues=cues_of(script.marks, seconds) if inside else [],
        )
        if joined != frames:
            raise TopoError(f"{script.name}: {joined} frames were joined, but the scene has {frames}")
    return {
        "name": script.name,
        "title": script.title,
        "seconds": seconds,
        "frames": frames,
        "marks": [asdict(mark) for mark in script.marks],
        "traces": script.provenance["traces"],
    }


def record(
    scene_class: type[Any],
    name: str,
    settings: Settings,
    folder: Path,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Path, dict[str, Any]]:
    """Film a scene in a folder for temporary files; returns the finished clip and what it holds."""
    script, takes = shoot(scene_class, name, settings, folder, trace=trace, progress=progress)
    clip = folder / f"clip.{settings.format}"
    return clip, edit(script, takes, clip, settings)


def _provenance(name: str, settings: Settings, traces: Any) -> dict[str, Any]:
    return {
        "program": "neural-topology",
        "version": __version__,
        "scene": name,
        "theme": settings.theme,
        "traces": [
            {
                "experiment": t.provenance.get("experiment"),
                "seed": t.provenance.get("seed"),
                "hash": t.hash,
            }
            for t in traces
        ],
    }
