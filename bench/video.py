"""The spiral video at 1080p60 against two things: its encoder alone, and plain Manim."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.plain_manim import SECONDS
from scenes.output.encoder import StreamEncoder, codec_for
from scenes.output.locate import locate
from scenes.output.play import play_scene
from scenes.output.renderers import FilmRenderer
from scenes.output.settings import Settings
from scenes.output.video import render_video
from topo_core.experiments import experiment_named
from topo_core.store import obtain_trace

GOAL = 1.25
_CHUNK = 480  # frames held in memory before they are encoded against the clock


def encoder_alone(scene: type[Any], settings: Settings, folder: Path) -> tuple[float, int]:
    """Seconds that the encoder needs for the very frames of a scene, and how many there are.

    Frames are drawn with the clock stopped and encoded with it running.
    """
    codec = codec_for(settings.format, settings.transparent)
    stream = StreamEncoder(folder / "floor", settings.size, settings.rate, codec, "mp4")
    waiting: list[tuple[Any, int]] = []
    spent = 0.0

    def drain() -> None:
        nonlocal spent
        began = time.perf_counter()
        for frame, repeat in waiting:
            stream.encode(stream.picture(frame), repeat)
        spent += time.perf_counter() - began
        waiting.clear()

    def sink(frame: Any, repeat: int) -> None:
        waiting.append((frame.copy(), repeat))
        if len(waiting) >= _CHUNK:
            drain()

    play_scene(scene, lambda: FilmRenderer(sink), settings, None)
    drain()
    began = time.perf_counter()
    stream.flush()
    spent += time.perf_counter() - began
    stream.close()
    return spent, stream.frames


def plain_manim(file: str, scene: str, seconds: float, folder: Path) -> float:
    """Seconds a frame that plain Manim needs for a scene beside this file, start-up measured apart."""
    command = [
        *(sys.executable, "-m", "manim", "render", "-qh", "--disable_caching"),
        *("--progress_bar", "none", "-v", "ERROR", "--media_dir", str(folder)),
        *(str(Path(__file__).with_name(file)), scene),
    ]
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import manim"], check=True)
    start = time.perf_counter() - began
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began - start) / (seconds * 60)


def run() -> None:
    """Print wall times and ratios."""
    settings = Settings("h")
    scene = "spirals-separate"
    obtain_trace(experiment_named("spirals"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        floor, frames = encoder_alone(locate(scene).scene, settings, folder)
        began = time.perf_counter()
        render_video(scene, settings, folder / "out.mp4", fresh=True)
        ours = time.perf_counter() - began
        peer = plain_manim("plain_manim.py", "PlainSpirals", SECONDS, folder)
    print(f"{frames} frames: encoder alone {floor:.1f} s, whole video {ours:.1f} s")
    print(f"ratio to the encoder alone: {ours / floor:.2f} (goal: at most {GOAL})")
    print(f"plain Manim {1e3 * peer:.0f} ms a frame, ours {1e3 * ours / frames:.0f} ms")
    print(f"faster than plain Manim by: {peer * frames / ours:.1f}")
