"""Real renders, and when they are answered from the cache.

The scene reads a trace, a data file and a helper module.
"""

import dataclasses
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenes import catalogue
from scenes.output.settings import Settings
from scenes.output.video import Rendered, render_video
from tests.clips import decode, subtitles
from tests.conftest import forget_modules_in
from tests.processes import files_in
from tests.tiny_scene import times_played, tiny_experiment
from topo_core import experiments
from topo_core.store import obtain_trace, trace_path
from topo_core.trace import Trace
from topo_core.training import train

FAST = Settings("l", fps=5)


def render(target: str, settings: Settings = FAST, **options: Any) -> Rendered:
    """Render as a fresh process would: the user's modules are imported anew."""
    forget_modules_in(Path.cwd())
    return render_video(target, settings, **options)


def test_the_second_time_is_answered_from_the_cache(tiny_scene: str, studio: Path) -> None:
    first = render(tiny_scene)
    film = first.path.read_bytes()
    first.path.unlink()
    again = render(tiny_scene)
    assert (first.cached, again.cached) == (False, True)
    assert times_played(studio) == 1
    assert (again.seconds, again.frames, again.sections) == (
        pytest.approx(1.2),
        6,
        ("Raw data", "Layer 1", "Square"),
    )
    assert again.path.read_bytes() == film


def test_a_fresh_render_on_demand(tiny_scene: str, studio: Path) -> None:
    first = render(tiny_scene).path.read_bytes()
    again = render(tiny_scene, fresh=True)
    assert not again.cached
    assert times_played(studio) == 2
    assert again.path.read_bytes() == first


def test_what_a_killed_render_left_goes_after_a_day(tiny_scene: str, studio: Path) -> None:
    cache = studio / "media" / ".cache"
    for name in ("render-old", "render-now"):
        (cache / name).mkdir(parents=True)
        (cache / name / "raw").write_text("half a film")
    os.utime(cache / "render-old", (0, 0))
    render(tiny_scene)
    assert {path.name for path in cache.glob("render-*")} == {"render-now"}


def test_the_same_bytes_without_the_cache(tiny_scene: str) -> None:
    first = render(tiny_scene, output=Path("first.mp4"))
    shutil.rmtree("media/.cache")
    again = render(tiny_scene, output=Path("again.mp4"))
    assert not again.cached
    assert again.path.read_bytes() == first.path.read_bytes()


def test_the_file_says_where_it_is_from(tiny_scene: str) -> None:
    clip = decode(render(tiny_scene).path)
    assert clip.title == "Two curves, hardly trained"
    hashed = obtain_trace(tiny_experiment())[1].hash
    assert clip.provenance["traces"] == [{"experiment": "tiny", "seed": 0, "hash": hashed}]
    assert (clip.provenance["scene"], clip.provenance["theme"]) == ("Tiny", "dark")
    assert clip.sections == ["Raw data", "Layer 1", "Square"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tiny.py", "Square(side,", "Square(side + 1,"),
        ("look.py", "#ff0000", "#00ff00"),
        ("data.json", '{"side": 1}', '{"side": 2}'),
    ],
)
def test_a_changed_file(file: str, old: str, new: str, tiny_scene: str, studio: Path) -> None:
    before = decode(render(tiny_scene).path).frames
    path = studio / file
    path.write_text(path.read_text().replace(old, new))
    changed = render(tiny_scene)
    assert not changed.cached
    assert np.abs(decode(changed.path).frames[-1].astype(int) - before[-1]).max() > 100
    assert render(tiny_scene).cached
    path.write_text(path.read_text().replace(new, old))
    assert np.array_equal(decode(render(tiny_scene).path).frames, before)


def test_changed_weights(tiny_scene: str) -> None:
    """The same command, with other weights in the file that it names."""
    mine = Path("mine.npz")
    train(tiny_experiment()).save(mine)
    before = render(tiny_scene, trace=mine)
    assert render(tiny_scene, trace=mine).cached
    frames = decode(before.path).frames
    train(tiny_experiment(seed=1)).save(mine)
    changed = render(tiny_scene, trace=mine)
    assert not changed.cached
    assert not np.array_equal(decode(changed.path).frames, frames)
    assert decode(changed.path).provenance["traces"][0]["hash"] == Trace.load(mine).hash


def test_trained_again_to_other_weights(tiny_scene: str) -> None:
    """The scene's own trace is replaced, its name unchanged."""
    render(tiny_scene)
    path, _ = obtain_trace(tiny_experiment())
    train(tiny_experiment(seed=1)).save(path)
    assert not render(tiny_scene).cached


def test_training_code_that_changed(tiny_scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The experiment gets another key, and so another trace, while all files of the clip are the same."""
    render(tiny_scene)
    monkeypatch.setattr(experiments, "source_hash", lambda: "of the changed modules")
    trace = train(tiny_experiment(seed=1))
    trace.save(trace_path(tiny_experiment()))
    assert decode(render(tiny_scene).path).provenance["traces"][0]["hash"] == trace.hash


@pytest.mark.parametrize(
    "settings",
    [
        Settings("l", fps=5, theme="light"),
        Settings("l", fps=6),
        Settings("l", fps=5, format="mov"),
        Settings("l", fps=5, format="mov", transparent=True),
    ],
)
def test_other_settings(settings: Settings, tiny_scene: str) -> None:
    before = render(tiny_scene)
    other = render(tiny_scene, settings)
    assert not other.cached
    assert render(tiny_scene).cached
    assert before.path.exists()
    assert (other.path == before.path) == (settings.theme == "dark" and settings.format == "mp4")


@pytest.mark.parametrize("suffix", ["json", "mp4"])
def test_a_damaged_entry_is_made_anew(suffix: str, tiny_scene: str, studio: Path) -> None:
    film = render(tiny_scene).path.read_bytes()
    (entry,) = (studio / "media" / ".cache" / "clips").glob(f"*.{suffix}")
    entry.write_bytes(entry.read_bytes()[:100])
    again = render(tiny_scene)
    assert not again.cached
    assert again.path.read_bytes() == film
    assert render(tiny_scene).cached


def test_a_file_edited_during_the_render(tiny_scene: str, studio: Path) -> None:
    """A lecturer edits the scene's data while it renders: the next video must show the edit."""
    scene = studio / "tiny.py"
    edit = '        Path(__file__).with_name("data.json").write_text(\'{"side": 3}\')\n'
    scene.write_text(scene.read_text() + edit)
    render(tiny_scene)
    assert not render(tiny_scene).cached


def test_nothing_is_left_but_the_cache(tiny_scene: str, studio: Path) -> None:
    render(tiny_scene)
    left = {path.split("/Tex/")[0] for path in files_in(studio / "media")}
    clips = {path for path in left if path.startswith(".cache/clips/")}
    assert {Path(path).suffix for path in clips} == {".json", ".mp4"}
    traces = {path for path in left if path.startswith("traces/tiny-")}
    assert left - clips - traces - {".cache/manim"} == {"videos/Tiny.mp4"}
    assert str(studio) not in decode(studio / "media/videos/Tiny.mp4").comment


def test_a_scene_of_the_catalogue_does_not_depend_on_the_others(
    tiny_scene: str, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scene more, or another title, and not the whole film is rendered again."""
    copy = studio / "catalogue.py"
    shutil.copyfile(catalogue.__file__, copy)
    monkeypatch.setattr(catalogue, "__file__", str(copy))
    monkeypatch.syspath_prepend(studio)

    def enter(**changes: Any) -> None:
        entry = catalogue.Entry("tiny", "tiny", "Tiny", "Tiny: a scene", ())
        entry = dataclasses.replace(entry, **changes)
        monkeypatch.setattr(catalogue, "_ALL", (entry,))
        monkeypatch.setattr(catalogue, "SCENES", {"tiny": entry})

    enter()
    assert not render("tiny").cached
    copy.write_text("# another scene")
    enter(title="Another title")
    assert render("tiny").cached
    enter(class_name="Other")
    (studio / "tiny.py").write_text((studio / "tiny.py").read_text() + "\nOther = Tiny\n")
    assert not render("tiny").cached


@pytest.mark.parametrize(
    ("settings", "inside", "beside"),
    [
        (FAST, True, True),
        (Settings("l", fps=5, format="mov"), True, True),
        (Settings("l", fps=5, format="mov", transparent=True), False, True),
        (Settings("l", fps=5, format="webm"), False, True),
        (Settings("l", fps=5, format="gif"), False, False),
    ],
)
def test_subtitles(settings: Settings, inside: bool, beside: bool, tiny_scene: str, studio: Path) -> None:
    """In mp4 and opaque mov as a track; in files beside the video wherever there is a player for them."""
    scene = studio / "tiny.py"
    scene.write_text(scene.read_text().replace('"Raw data"', '"Raw data", narration="Two."'))
    done = render(tiny_scene, settings)
    assert len(done.remarks) == 1  # not to be read in 0.4 s
    files = {path.suffix for path in done.path.parent.iterdir()}
    assert files == {done.path.suffix, *([".srt", ".vtt"] if beside else [])}
    track = subtitles(done.path)
    assert (track is not None) == inside
    if track is not None:
        assert [cue[2] for cue in track.cues] == ["Two."]
    if beside:
        for suffix in (".srt", ".vtt"):
            done.path.with_suffix(suffix).unlink()
        assert render(tiny_scene, settings).cached
        assert done.path.with_suffix(".vtt").read_text().startswith("WEBVTT")


def test_a_gif_leaves_the_subtitles_of_the_film(tiny_scene: str, studio: Path) -> None:
    scene = studio / "tiny.py"
    scene.write_text(scene.read_text().replace('"Raw data"', '"Raw data", narration="Two."'))
    beside = render(tiny_scene).path.with_suffix(".srt")
    render(tiny_scene, Settings("l", fps=5, format="gif"))
    assert "Two." in beside.read_text()


def test_the_users_own_files_beside_a_video_stay(tiny_scene: str, studio: Path) -> None:
    (studio / "mine.srt").write_text("mine")
    render(tiny_scene, output=Path("mine.mp4"))
    assert (studio / "mine.srt").read_text() == "mine"
