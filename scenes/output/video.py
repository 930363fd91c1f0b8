"""Render a scene to a video file, or answer from what was rendered before."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import scenes.catalogue
from scenes.output import cache
from scenes.output.clips import Clip, make_clip, recall_clip
from scenes.output.needs import experiments_of
from scenes.output.settings import Settings
from scenes.output.subtitles import FILES, too_fast, write_beside
from scenes.output.takes import Progress, record
from topo_core.store import media_folder


@dataclass(frozen=True)
class Rendered:
    """A finished file and what is known of it."""

    path: Path
    cached: bool
    seconds: float
    frames: int
    sections: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def render_video(
    target: str,
    settings: Settings,
    output: Path | None = None,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
    fresh: bool = False,
) -> Rendered:
    """Render the scene ``target`` (a name or ``FILE.py:Class``) and return where its video is.

    The file appears under its name when it is complete, not before; its subtitles are beside it.
    ``fresh`` renders in any case.
    """
    if output is not None:
        cache.make_folder(output)
    clip = obtain_clip(target, settings, trace=trace, progress=progress, fresh=fresh)
    return deliver(clip, settings, output)


def obtain_clip(
    target: str,
    settings: Settings,
    *,
    trace: Path | None = None,
    progress: Progress | None = None,
    fresh: bool = False,
) -> Clip:
    """The clip of a scene from the cache, rendered now if need be or if ``fresh``."""
    known = None if fresh else known_clip(target, settings, trace=trace)
    if known is not None:
        return known
    from scenes.output.locate import locate

    key, ignored = _request(target, settings, trace)

    def make(folder: Path) -> tuple[Path, dict[str, Any]]:
        located = locate(target)
        return record(located.scene, located.name, settings, folder, trace=trace, progress=progress)

    return make_clip(key, make, ignored)


def known_clip(target: str, settings: Settings, *, trace: Path | None = None) -> Clip | None:
    """The clip of a scene, if it has been rendered and nothing that it shows has changed."""
    return recall_clip(_request(target, settings, trace)[0], settings)


def _request(target: str, settings: Settings, trace: Path | None) -> tuple[str, frozenset[str]]:
    """The key of a request, and files that it says enough about.

    Of the catalogue a clip depends on its own entry only, and not on what other scenes there are.
    """
    entry = scenes.catalogue.SCENES.get(target) or scenes.catalogue.ANY_TRACE.get(target)
    request = {
        "target": target if entry is None else [entry.name, entry.module, entry.class_name],
        "experiments": [experiment.key for experiment in experiments_of(target)],
        "settings": asdict(settings),
        "trace": str(trace) if trace else None,
    }
    ignored = frozenset() if entry is None else frozenset([scenes.catalogue.__file__])
    return cache.request_key(request), ignored


def deliver(clip: Clip, settings: Settings, output: Path | None = None) -> Rendered:
    """Put a clip where the user looks for it, with its subtitles beside it."""
    folder = media_folder() / "videos"
    path = output or folder / f"{clip.facts['name']}{theme_suffix(settings)}.{settings.format}"
    cache.place(clip.path, path)
    if settings.format != "gif":  # no player shows subtitles with it; those there are of a film beside it
        if clip.cues:
            write_beside(path, clip.cues)
        elif output is None:  # of a narration that the scene no longer has
            for suffix in FILES:
                path.with_suffix(suffix).unlink(missing_ok=True)
    return Rendered(
        path,
        clip.cached,
        clip.seconds,
        clip.frames,
        tuple(mark.name for mark in clip.marks),
        tuple(f"{clip.facts['name']}, {problem}" for problem in too_fast(clip.marks, clip.seconds)),
    )


def theme_suffix(settings: Settings) -> str:
    """What a file's name says of its theme."""
    return "-light" if settings.theme == "light" else ""
