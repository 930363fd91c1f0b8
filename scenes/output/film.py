"""The film: every scene with a title card before it, joined to one video with chapters and subtitles.

Nothing here draws: cards and scenes that are not in the cache are rendered by processes of their own (see
:mod:`scenes.output.workers`), and all clips are joined as they are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenes.output import cache
from scenes.output.clips import Clip, recall_clip, work_folder
from scenes.output.join import finish
from scenes.output.parts import Part, name_of
from scenes.output.progress import FilmProgress
from scenes.output.settings import Settings
from scenes.output.subtitles import Cue, write_beside
from scenes.output.video import Rendered, deliver, known_clip, theme_suffix
from scenes.output.workers import Done, Job, default_jobs, render_all
from scenes.sections import SectionMark
from topo_core import __version__
from topo_core.errors import TopoError
from topo_core.store import media_folder

TITLE = "What neural networks do to space"


@dataclass(frozen=True)
class Film:
    """The finished film, and the videos of its scenes."""

    path: Path
    seconds: float
    frames: int
    scenes: tuple[Rendered, ...]


@dataclass(frozen=True)
class _Reel:
    """A part of the film, rendered."""

    part: Part
    card: Clip
    scene: Clip

    @property
    def frames(self) -> int:
        return self.card.frames + self.scene.frames


def make_film(
    parts: Sequence[Part],
    settings: Settings,
    output: Path | None = None,
    *,
    jobs: int | None = None,
    progress: FilmProgress | None = None,
) -> Film:
    """Join the parts to a film and return where it is; what they need must have been trained.

    Each scene also becomes a video of its own. Clips in the cache are used as they are, and each new one is
    kept there as soon as it is done, so that an interrupted film goes on where it was. The film appears under
    its name when it is complete, with its subtitles beside it.

    Parameters
    ----------
    parts, settings
        What to join, and how it is rendered (as ``mp4``).
    output
        Where to write, by default ``film.mp4`` beside the videos.
    jobs
        How many scenes to render at the same time; by default as many as the machine has cores for.
    progress
        What to tell how far each scene is.

    Raises
    ------
    TopoError
        When a scene cannot be rendered, or clips cannot be joined.
    """
    if settings.format != "mp4" or not parts:
        raise TopoError("a film is an mp4 of at least one scene")
    if output is not None:
        cache.make_folder(output)
    reels = _reels(parts, settings, jobs or default_jobs(), progress or FilmProgress())
    videos = tuple(deliver(reel.scene, settings) for reel in reels)
    path = output or media_folder() / "videos" / f"{name_of(parts)}{theme_suffix(settings)}.mp4"
    frames, cues = _join(reels, settings, path)
    write_beside(path, cues)
    return Film(path, frames / settings.rate, frames, videos)


def _reels(parts: Sequence[Part], settings: Settings, jobs: int, progress: FilmProgress) -> list[_Reel]:
    """Every part's clips, from the cache or rendered now."""
    cards = [recall_clip(part.card.key(settings), settings) for part in parts]
    scenes = [known_clip(part.target, settings) for part in parts]
    todo = {
        part: Job(
            part.chapter,
            part.card if card is None else None,
            part.target if scene is None else None,
            settings,
        )
        for part, card, scene in zip(parts, cards, scenes, strict=True)
        if card is None or scene is None
    }
    progress.begin(len(parts), len(parts) - len(todo))
    done = dict(zip(todo, render_all(list(todo.values()), jobs, progress), strict=True))
    reels = []
    for part, card, scene in zip(parts, cards, scenes, strict=True):
        new = done.get(part, Done(None, None))
        card, scene = card or new.card, scene or new.scene
        if card is None or scene is None:
            raise AssertionError(f"{part.chapter}: not rendered")
        reels.append(_Reel(part, card, scene))
    return reels


def _join(reels: Sequence[_Reel], settings: Settings, path: Path) -> tuple[int, list[Cue]]:
    """Write the film; returns its number of frames and its subtitles."""
    marks: list[SectionMark] = []
    cues: list[Cue] = []
    begin = 0
    for reel in reels:
        marks.append(SectionMark(reel.part.chapter, begin / settings.rate))
        opened = round(1000 * (begin + reel.card.frames) / settings.rate)
        cues += [cue.later(opened) for cue in reel.scene.cues]
        begin += reel.frames
    with tempfile.TemporaryDirectory(prefix="render-", dir=work_folder()) as folder:
        joined = Path(folder) / "film.mp4"
        frames = finish(
            [clip.path for reel in reels for clip in (reel.card, reel.scene)],
            joined,
            "mp4",
            title=TITLE,
            provenance=_provenance(reels, settings),
            marks=marks,
            cues=cues,
        )
        if frames != begin:
            raise TopoError(
                f"{path}: {frames} frames were joined, but its scenes have {begin}; remove media/.cache/clips"
            )
        cache.place(joined, path)
    return frames, cues


def _provenance(reels: Sequence[_Reel], settings: Settings) -> dict[str, Any]:
    return {
        "program": "neural-topology",
        "version": __version__,
        "theme": settings.theme,
        "scenes": [
            {
                "number": reel.part.card.number,
                "scene": reel.scene.facts["name"],
                "traces": reel.scene.facts["traces"],
            }
            for reel in reels
        ],
    }
