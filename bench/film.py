"""The whole film at 1080p60 against its encoder alone, its 480p15 preview, and the film again from the cache.

``TOPO_BENCH_ONLY=1,3-5`` measures these scenes only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.video import encoder_alone
from scenes.output.cards import title_card
from scenes.output.locate import locate
from scenes.output.needs import experiments_of
from scenes.output.parts import Part, chosen_parts
from scenes.output.settings import Settings
from topo_core.store import media_folder, obtain_trace

GOAL = 1.3
PREVIEW_GOAL = 240.0
RENDER = Path(__file__).parents[1] / "render.py"


def encoder_for(parts: Sequence[Part], settings: Settings, folder: Path) -> tuple[float, int]:
    """Seconds that the encoder alone needs for every frame of a film, cards included, and their number."""
    seconds, frames = 0.0, 0
    for part in parts:
        for scene in (title_card(part.card), locate(part.target).scene):
            spent, count = encoder_alone(scene, settings, folder)
            seconds, frames = seconds + spent, frames + count
    return seconds, frames


def film(only: str | None, quality: str, media: Path) -> float:
    """Seconds that the command takes, with ``media`` as its folder."""
    command = [sys.executable, str(RENDER), "film", "-q", quality, *(["--only", only] if only else [])]
    began = time.perf_counter()
    subprocess.run(
        command,
        env={**os.environ, "TOPO_MEDIA": str(media)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def run() -> None:
    """Print wall times and ratios; traces that are missing are trained before the clock starts."""
    only = os.environ.get("TOPO_BENCH_ONLY")
    parts = chosen_parts(only)
    for part in parts:
        for experiment in experiments_of(part.target):
            obtain_trace(experiment)
    traces = (media_folder() / "traces").resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        floor, frames = encoder_for(parts, Settings("h"), folder)
        media = folder / "media"
        media.mkdir()
        (media / "traces").symlink_to(traces)
        whole, again = film(only, "h", media), film(only, "h", media)
        preview = film(only, "l", media)
    print(f"{len(parts)} scenes, {frames} frames: encoder alone {floor:.1f} s, whole film {whole:.1f} s")
    print(f"ratio to the encoder alone: {whole / floor:.2f} (goal: at most {GOAL})")
    print(f"the film again, nothing changed: {again:.1f} s")
    print(f"480p15 preview: {preview:.1f} s (goal: under {PREVIEW_GOAL:.0f} s)")
