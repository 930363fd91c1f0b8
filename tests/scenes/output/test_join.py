"""Clips are joined as they are: every picture, at its time, with chapters and subtitles that players show."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from scenes.output.encoder import Codec, StreamEncoder, codec_for
from scenes.output.join import finish
from scenes.output.subtitles import Cue
from scenes.sections import SectionMark
from tests.clips import decode, subtitles
from topo_core.errors import TopoError

SIZE = 64, 48
FPS = 15
LENGTHS = 38, 21, 60
MARKS = [SectionMark("1. Räume", 0.0), SectionMark("2. Two", 38 / FPS), SectionMark("3. x ↦ tanh", 59 / FPS)]
CUES = [
    Cue(200, 1900, "Zwei Kurven,\neine Ebene"),
    Cue(1900, 3100, "right after: <b>x</b> {\\i1}y"),
    Cue(4000, 7900, "later"),
]


def clip(
    path: Path, frames: int, seed: int, fps: int = FPS, size: Any = SIZE, codec: Codec | None = None
) -> Path:
    """A clip as a scene's: a square that moves over a background that is its own."""
    stream = StreamEncoder(path, size, fps, codec or codec_for("mp4", False), "mp4")
    background = np.random.default_rng(seed).integers(0, 256, 3)
    for i in range(frames):
        frame = np.full((size[1], size[0], 4), 255, np.uint8)
        frame[..., :3] = background
        frame[8:24, i % 40 : i % 40 + 16, :3] = 255 - background
        stream.encode(stream.picture(frame))
    stream.flush()
    stream.close()
    return path


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    return [clip(folder / f"{i}.mp4", n, i) for i, n in enumerate(LENGTHS)]


def joined(clips: list[Path], target: Path, **options: Any) -> Path:
    given = {"title": "Film", "provenance": {"scenes": [1]}, "marks": MARKS, "cues": CUES, **options}
    assert finish(clips, target, "mp4", **given) == sum(LENGTHS[: len(clips)])
    return target


class TestPictures:
    def test_they_are_those_of_the_clips_one_after_the_other(self, clips: list[Path], tmp_path: Path) -> None:
        film = decode(joined(clips, tmp_path / "film.mp4"))
        assert np.array_equal(film.frames, np.concatenate([decode(path).frames for path in clips]))
        assert film.times == pytest.approx([i / FPS for i in range(sum(LENGTHS))])
        assert film.fps == FPS
        assert film.colour == (1, 1, 1, 1)

    def test_packets_are_copied_and_their_times_rise(self, clips: list[Path], tmp_path: Path) -> None:
        def packets(path: Path) -> list[av.Packet]:
            with av.open(str(path)) as file:
                return [p for p in file.demux(file.streams.video[0]) if p.dts is not None]

        film = packets(joined(clips, tmp_path / "film.mp4"))
        assert [bytes(p) for p in film] == [bytes(p) for path in clips for p in packets(path)]
        steps = {after.dts - before.dts for before, after in pairwise(film)}
        assert len(steps) == 1

    def test_seeking_to_a_chapter(self, clips: list[Path], tmp_path: Path) -> None:
        path = joined(clips, tmp_path / "film.mp4")
        wanted = decode(path).frames
        with av.open(str(path)) as file:
            stream = file.streams.video[0]
            for start in (38, 59):
                file.seek(round(start / FPS / stream.time_base), stream=stream, backward=True)
                first = next(file.decode(stream))
                assert round(first.pts * stream.time_base * FPS) == start  # each clip starts with a key frame
                assert np.array_equal(first.to_ndarray(format="rgb24"), wanted[start])

    def test_how_long_it_is(self, clips: list[Path], tmp_path: Path) -> None:
        with av.open(str(joined(clips, tmp_path / "film.mp4"))) as file:
            assert file.duration == pytest.approx(1e6 * sum(LENGTHS) / FPS, abs=1000)
            assert file.streams.video[0].frames == sum(LENGTHS)

    def test_the_same_bytes_twice(self, clips: list[Path], tmp_path: Path) -> None:
        first, second = (joined(clips, tmp_path / f"{i}.mp4").read_bytes() for i in (1, 2))
        assert first == second

    def test_players_can_start_before_they_have_all_of_it(self, clips: list[Path], tmp_path: Path) -> None:
        content = joined(clips, tmp_path / "film.mp4").read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


class TestWhatCannotBeJoined:
    @pytest.mark.parametrize(
        ("options", "what"),
        [
            ({"size": (80, 48)}, "size"),
            ({"fps": 30}, "frame rate"),
            ({"codec": Codec("libx264", "yuv444p", {"crf": "17"})}, "pixel format"),
            ({"codec": Codec("libx264", "yuv420p", {"preset": "ultrafast"})}, "codec settings"),
        ],
    )
    def test_it_is_said_which_and_why(
        self, options: dict[str, Any], what: str, clips: list[Path], tmp_path: Path
    ) -> None:
        other = clip(tmp_path / "other.mp4", 10, 9, **options)
        with pytest.raises(TopoError, match=what) as told:
            finish([clips[0], other], tmp_path / "film.mp4", "mp4", title="", provenance={})
        assert str(other) in str(told.value)
        assert "\n" not in str(told.value)


class TestChapters:
    def test_they_are_read_back(self, clips: list[Path], tmp_path: Path) -> None:
        film = decode(joined(clips, tmp_path / "film.mp4"))
        assert film.sections == ["1. Räume", "2. Two", "3. x ↦ tanh"]
        assert [start for _, start, _ in film.chapters] == pytest.approx([0, 38 / FPS, 59 / FPS], abs=1e-3)
        assert [end for _, _, end in film.chapters] == pytest.approx(
            [38 / FPS, 59 / FPS, sum(LENGTHS) / FPS], abs=1e-3
        )

    def test_both_kinds_that_players_know(self, clips: list[Path], tmp_path: Path) -> None:
        """QuickTime shows a chapter track that the video refers to, others the list in ``chpl``."""
        content = joined(clips, tmp_path / "film.mp4").read_bytes()
        assert b"chpl" in content
        assert b"tref" in content
        assert b"chap" in content


class TestSubtitles:
    def test_text_and_times(self, clips: list[Path], tmp_path: Path) -> None:
        track = subtitles(joined(clips, tmp_path / "film.mp4"))
        assert track is not None
        assert [text for _, _, text in track.cues] == [cue.text for cue in CUES]
        times = [time for start, end, _ in track.cues for time in (start, end)]
        assert times == pytest.approx([t / 1000 for cue in CUES for t in (cue.start, cue.end)], abs=1e-3)

    def test_players_show_them_as_english(self, clips: list[Path], tmp_path: Path) -> None:
        track = subtitles(joined(clips, tmp_path / "film.mp4"))
        assert track is not None
        assert track.language == "eng"
        assert track.default

    def test_the_decoder_reads_them(self, clips: list[Path], tmp_path: Path) -> None:
        with av.open(str(joined(clips, tmp_path / "film.mp4"))) as file:
            shown = [subtitle.ass.decode() for subtitle in file.decode(subtitles=0)]
        assert [line.split(",", 8)[-1].split("\\N")[0] for line in shown][::2] == ["Zwei Kurven,", "later"]

    def test_without_any_there_is_no_track(self, clips: list[Path], tmp_path: Path) -> None:
        assert subtitles(joined(clips, tmp_path / "film.mp4", cues=[])) is None

    def test_in_mov(self, clips: list[Path], tmp_path: Path) -> None:
        finish(clips[:1], tmp_path / "film.mov", "mov", title="", provenance={}, cues=CUES[:1])
        track = subtitles(tmp_path / "film.mov")
        assert track is not None
        assert [text for _, _, text in track.cues] == [CUES[0].text]

    @pytest.mark.parametrize("fps", [5, 24, 25, 30, 60, 120])
    def test_other_rates(self, fps: int, tmp_path: Path) -> None:
        clips = [clip(tmp_path / f"{i}.mp4", n, i, fps) for i, n in enumerate((2 * fps, 3 * fps + 1))]
        cues = [Cue(0, 1234, "one"), Cue(1234, 4321, "two")]
        finish(clips, tmp_path / "film.mp4", "mp4", title="", provenance={}, cues=cues)
        track = subtitles(tmp_path / "film.mp4")
        assert track is not None
        assert [time for cue in track.cues for time in cue[:2]] == pytest.approx(
            [0, 1.234, 1.234, 4.321], abs=1e-3
        )
        assert decode(tmp_path / "film.mp4").times == pytest.approx([i / fps for i in range(5 * fps + 1)])
