"""Finished videos in the cache, with what was noted about them: made once, and joined to films."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenes.output import cache
from scenes.output.settings import Settings
from scenes.output.subtitles import Cue, cues_of
from scenes.sections import SectionMark
from topo_core.store import media_folder

_A_DAY = 86_400


@dataclass(frozen=True)
class Clip:
    """A video in the cache, and what was noted about it when it was rendered."""

    path: Path
    cached: bool
    facts: dict[str, Any]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return float(self.facts["seconds"])

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return int(self.facts["frames"])

    @property
    def marks(self) -> tuple[SectionMark, ...]:
        """Its sections, with what is said in them."""
        return tuple(SectionMark(**mark) for mark in self.facts["marks"])

    @property
    def cues(self) -> list[Cue]:
        """Its subtitles."""
        return cues_of(self.marks, self.seconds)


def recall_clip(key: str, settings: Settings) -> Clip | None:
    """The clip of a request, if nothing that it was made from has changed."""
    known = cache.recall(key, settings.format)
    return None if known is None else Clip(known[0], True, known[1])


def make_clip(
    key: str, make: Callable[[Path], tuple[Path, dict[str, Any]]], ignored: frozenset[str] = frozenset()
) -> Clip:
    """Make a clip in a temporary folder and keep it; ``ignored`` files may change without it changing."""
    with (
        cache.files_read() as opened,
        tempfile.TemporaryDirectory(prefix="render-", dir=work_folder()) as folder,
    ):
        clip, facts = make(Path(folder))
        return Clip(cache.remember(key, clip, opened, facts, ignored), False, facts)


def work_folder() -> Path:
    """The folder for temporary folders, rid of what renders that were killed left there long ago."""
    folder = media_folder() / ".cache"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("render-*"):  # by a render that was killed
        if time.time() - left.stat().st_mtime > _A_DAY:
            shutil.rmtree(left, ignore_errors=True)
    return folder
