"""A video that several workers make: the same bytes, and so the same frames at the same times."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from batch import split
from batch.job import Job, Outcome
from batch.perform import perform
from batch.split import is_split, parts_of
from tests.batch.batch_scenes import film, shown, training, write_scenes


@pytest.fixture
def file(studio: Path) -> Path:
    return write_scenes(studio / "mine")


def made_in_parts(job: Job, folder: Path, workers: int, traces: dict[str, bytes] | None = None) -> Outcome:
    """What workers make of a job, the last part first."""
    script = split.rehearse(job, traces or {}, {}, folder)
    assert script.error == ""
    assert script.files == {}
    parts = [
        split.shoot(job, traces or {}, {}, folder, sections)
        for sections in reversed(parts_of(script.metrics["script"].frames, workers))
    ]
    assert len(parts) > 1
    return split.edit(job, script, parts, folder)


def decoded(content: bytes, folder: Path) -> list[tuple[Fraction, NDArray[np.uint8]]]:
    path = folder / "decoded"
    path.write_bytes(content)
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        assert stream.time_base is not None
        return [(f.pts * stream.time_base, f.to_ndarray(format="rgb24")) for f in video.decode(stream)]


@pytest.mark.parametrize("format_", ["mp4", "webm"])
def test_parts_make_the_same_bytes_as_one_process(file: Path, tmp_path: Path, format_: str) -> None:
    job = film(file, "Sections", format=format_, split=True)
    whole, parts = perform(job, {}), made_in_parts(job, tmp_path, 2)
    assert whole.error == parts.error == ""
    assert parts.files == whole.files
    assert {**parts.metrics, "parts": None} == {**whole.metrics, "parts": None}
    frames = decoded(whole.files[f"sections.{format_}"], tmp_path)
    rate = 15
    assert len(frames) == whole.metrics["frames"]
    assert [round(float(time) * rate, 1) for time, _ in frames] == list(range(len(frames)))
    again = decoded(parts.files[f"sections.{format_}"], tmp_path)
    assert all(np.array_equal(a[1], b[1]) for a, b in zip(frames, again, strict=True))
    assert np.ptp([picture.mean() for _, picture in frames]) > 0  # something moves


def test_sections_begin_with_pictures_to_jump_to(file: Path, tmp_path: Path) -> None:
    need = training()
    trace = next(iter(perform(need, {}).files.values()))
    job = shown(file, need)
    made = perform(job, {need.name: trace})
    (tmp_path / "film.mp4").write_bytes(made.files["shown.mp4"])
    with av.open(str(tmp_path / "film.mp4")) as video:
        starts = {round(chapter["start"] * float(chapter["time_base"]), 3) for chapter in video.chapters()}
        stream = video.streams.video[0]
        keys = {
            round(float(packet.pts * packet.time_base), 3)
            for packet in video.demux(stream)
            if packet.is_keyframe and packet.pts is not None
        }
    assert len(starts) == 2
    assert starts <= keys
    assert made_in_parts(job, tmp_path, 2, {need.name: trace}).files == made.files


def test_a_part_that_fails_says_why(file: Path, tmp_path: Path) -> None:
    outcome = split.rehearse(film(file, "Messy", split=True), {}, {}, tmp_path)
    assert "a mistake in a scene" in outcome.error


def test_a_gif_is_not_split(file: Path) -> None:
    assert is_split(film(file, "Sections", split=True))
    assert not is_split(film(file, "Sections"))
    assert not is_split(film(file, "Sections", split=True, format="gif"))


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 1000), min_size=1), st.integers(1, 9))
def test_parts_hold_every_section_once(frames: dict[int, int], workers: int) -> None:
    parts = parts_of(frames, workers)
    held = [number for part in parts for number in part if number in frames]
    assert held == sorted(frames)
    assert all(any(number in frames for number in part) for part in parts)
    assert len(parts) <= 2 * workers
    longest = max(sum(frames.get(number, 0) for number in part) for part in parts)
    assert longest <= sum(frames.values()) / min(len(frames), 2 * workers) + max(frames.values())
