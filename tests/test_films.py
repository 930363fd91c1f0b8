"""The films of the essay from beginning to end: train, render, and look at what came out."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from scenes.catalogue import SCENES
from tests.clips import Clip, decode, subtitles
from tests.processes import ROOT, environment, files_in, render
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

FAST = "-q", "l", "--fps", "5"


@pytest.fixture
def studio(essay_studio: Path) -> Path:
    """Where the films are made."""
    return essay_studio


def film(name: str, studio: Path) -> Clip:
    """Render a film as the README says, and decode it."""
    result = render("video", name, *FAST, cwd=studio, timeout=400)
    assert result.returncode == 0, result.stderr
    assert "Warning: " not in result.stderr  # every narration can be read in its time
    clip = decode(studio / "media" / "videos" / f"{name}.mp4")
    assert clip.frames.shape[1:] == (480, 848, 3)
    assert clip.fps == 5
    starts, ends = ([chapter[k] for chapter in clip.chapters] for k in (1, 2))
    assert starts == pytest.approx([0, *ends[:-1]])
    assert ends[-1] == pytest.approx(clip.seconds, abs=0.01)
    return clip


def traces_of(clip: Clip, studio: Path) -> list[Trace]:
    """The traces that a film says it shows."""
    kept = {trace.hash: trace for trace in map(Trace.load, (studio / "media" / "traces").iterdir())}
    return [kept[told["hash"]] for told in clip.provenance["traces"]]


def moving(clip: Clip, section: str) -> float:
    """Share of a section's frames in which something differs from the frame before."""
    start, end = next((a, b) for name, a, b in clip.chapters if name == section)
    frames = clip.frames[round(start * clip.fps) : round(end * clip.fps)].astype(int)
    return float((np.abs(np.diff(frames, axis=0)).max(axis=(1, 2, 3)) > 60).mean())


def test_spirals_separate(studio: Path) -> None:
    clip = film("spirals-separate", studio)
    assert 60 <= clip.seconds <= 90
    assert clip.title == "Four layers separate two spirals"
    layers = [f"Layer {k}" for k in (1, 2, 3, 4)]
    assert clip.sections == ["Raw data", *layers, "A line separates", "The line at the input", "Never torn"]
    assert all(moving(clip, layer) > 0.5 for layer in layers)
    (trace,) = traces_of(clip, studio)
    assert trace.outcome["separated"]
    assert trace.outcome["wrong"] == 0
    assert str(trace.spec) == "2-2-2-2-2"


def test_spirals_entangled(studio: Path) -> None:
    clip = film("spirals-entangled", studio)
    assert 40 <= clip.seconds <= 60
    first, second = traces_of(clip, studio)
    assert not first.outcome["separated"]
    assert first.outcome["wrong"] > 0
    assert second.outcome["separated"]
    assert str(first.spec) == str(second.spec)
    assert clip.sections == [
        *("Raw data", "The same network", "Still tangled", "A wider search"),
        *("Separated", "At the input", "A failure of search"),
    ]


def test_the_second_time_takes_seconds(studio: Path) -> None:
    film("spirals-separate", studio)
    before = files_in(studio)
    began = time.monotonic()
    result = render("video", "spirals-separate", *FAST, cwd=studio)
    assert "from the cache" in result.stdout
    assert time.monotonic() - began < 5
    assert files_in(studio) == before


def test_the_film(studio: Path) -> None:
    """One scene of the essay with its card; the scene itself is there already."""
    scene = film("spirals-separate", studio)
    number = 1 + list(SCENES).index("spirals-separate")
    result = render("film", *FAST, "--only", str(number), cwd=studio)
    assert result.returncode == 0, result.stderr
    assert "spirals-separate.mp4  (" in result.stdout
    assert ", from the cache)" in result.stdout
    clip = decode(studio / "media" / "videos" / f"film-{number}.mp4")
    assert clip.sections == [f"{number}. Four layers separate two spirals"]
    assert np.array_equal(clip.frames[-len(scene.frames) :], scene.frames)
    assert clip.seconds - scene.seconds == pytest.approx(2.5, abs=0.3)
    (told,) = clip.provenance["scenes"]
    assert told == {
        "number": number,
        "scene": "spirals-separate",
        "traces": scene.provenance["traces"],
    }
    track, own = (
        subtitles(studio / "media" / "videos" / f"{n}.mp4") for n in (f"film-{number}", "spirals-separate")
    )
    assert track is not None
    assert own is not None
    assert [text for _, _, text in track.cues] == [text for _, _, text in own.cues]


def test_with_manim_itself(studio: Path) -> None:
    """``manim scenes/essay/spirals.py SpiralsSeparate``, the first play only."""
    assert render("train", "spirals", cwd=studio).returncode == 0
    file = str(ROOT / "scenes" / "essay" / "spirals.py")
    options = ["-ql", "-n", "0,0", "--media_dir", str(studio / "manim")]
    result = subprocess.run(
        [sys.executable, "-m", "manim", "render", *options, file, "SpiralsSeparate"],
        cwd=ROOT,
        env=environment(TOPO_MEDIA=str(studio / "media")),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    (path,) = (studio / "manim").rglob("SpiralsSeparate.mp4")
    clip = decode(path)
    assert clip.seconds == pytest.approx(4, abs=0.1)
    assert np.abs(clip.frames[-1].astype(int) - clip.frames[0]).max() > 100
