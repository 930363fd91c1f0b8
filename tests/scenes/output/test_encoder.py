"""Videos are decoded again: pictures, times, colours, transparency, chapters and what the file says."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scenes.output.encoder import BEHIND, FAR_BEHIND, Encoder, StreamEncoder, codec_for, straight_alpha
from scenes.output.gif import write_gif
from scenes.output.join import finish
from scenes.sections import SectionMark
from tests.clips import decode, decode_alpha, gif_comment

SIZE = 64, 48
FPS = 10
#: The theme's orange, blue, background and white, which no codec may shift visibly.
COLOURS = np.array([[255, 127, 69], [90, 184, 245], [14, 17, 22], [255, 255, 255]])
REPEATS = 2, 3, 1
TITLE = "Über «Räume» — x ↦ tanh(Wx + b)"
PROVENANCE = {"traces": [{"hash": "ab" * 200, "seed": 3}], "version": "0.1", "scene": "größe"}
MARKS = SectionMark("Raw data", 0.0), SectionMark("Schicht 1 — ä", 0.2), SectionMark("The line", 0.4)

VIDEOS = [("mp4", False), ("mov", False), ("webm", False), ("mov", True), ("webm", True)]
videos = pytest.mark.parametrize(("container", "transparent"), VIDEOS)


def quarters(turn: int) -> Any:
    """A frame of four colours, which change places from one ``turn`` to the next."""
    frame = np.full((SIZE[1], SIZE[0], 4), 255, np.uint8)
    for i, colour in enumerate(np.roll(COLOURS, turn, axis=0)):
        y, x = divmod(i, 2)
        frame[24 * y : 24 * y + 24, 32 * x : 32 * x + 32, :3] = colour
    return frame


def middles(picture: Any) -> Any:
    """The colours in the middle of the four quarters."""
    return picture[[12, 12, 36, 36], [16, 48, 16, 48]].astype(int)


def encode(path: Path, container: str, transparent: bool, frames: list[Any]) -> Path:
    """Encode frames as a scene would be; returns the finished file."""
    raw = path.with_suffix(".raw")
    codec = codec_for(container, transparent)
    encoder = Encoder(StreamEncoder(raw, SIZE, FPS, codec, {"gif": "matroska"}.get(container, container)))
    for frame, repeat in zip(frames, REPEATS, strict=True):
        encoder.write(frame, repeat)
    encoder.close()
    if container == "gif":
        write_gif(raw, path, FPS, {"title": TITLE, **PROVENANCE})
    else:
        finish([raw], path, container, title=TITLE, provenance=PROVENANCE, marks=MARKS)
    return path


def example(folder: Path, container: str, transparent: bool = False) -> Path:
    """Three frames, shown two, three and one time."""
    return encode(folder / f"clip.{container}", container, transparent, [quarters(i) for i in range(3)])


class TestVideo:
    @videos
    def test_every_frame_is_there_at_its_time(
        self, container: str, transparent: bool, tmp_path: Path
    ) -> None:
        clip = decode(example(tmp_path, container, transparent))
        assert clip.frames.shape == (6, 48, 64, 3)
        assert clip.fps == FPS
        assert clip.times == pytest.approx([i / FPS for i in range(6)], abs=1e-3)

    @videos
    def test_colours(self, container: str, transparent: bool, tmp_path: Path) -> None:
        clip = decode(example(tmp_path, container, transparent))
        for frame, turn in zip(clip.frames, [0, 0, 1, 1, 1, 2], strict=True):
            assert np.abs(middles(frame) - np.roll(COLOURS, turn, axis=0)).max() <= 4

    @videos
    def test_says_which_matrix_made_yuv(self, container: str, transparent: bool, tmp_path: Path) -> None:
        assert decode(example(tmp_path, container, transparent)).colour == (1, 1, 1, 1)  # BT.709, limited

    @videos
    def test_title_provenance_and_chapters(self, container: str, transparent: bool, tmp_path: Path) -> None:
        clip = decode(example(tmp_path, container, transparent))
        assert clip.title == TITLE
        assert clip.provenance == PROVENANCE
        assert clip.sections == [mark.name for mark in MARKS]
        assert [start for _, start, _ in clip.chapters] == pytest.approx([0.0, 0.2, 0.4])
        assert [end for _, _, end in clip.chapters] == pytest.approx([0.2, 0.4, 0.6], abs=2e-3)

    @pytest.mark.parametrize(("container", "transparent"), [*VIDEOS, ("gif", False)])
    def test_same_bytes_twice(self, container: str, transparent: bool, tmp_path: Path) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        digests = set()
        for folder in (first, second):
            folder.mkdir()
            digests.add(hashlib.sha256(example(folder, container, transparent).read_bytes()).digest())
        assert len(digests) == 1

    @pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux to take cores away")
    @pytest.mark.parametrize(("container", "transparent"), VIDEOS)
    def test_same_bytes_on_one_core(self, container: str, transparent: bool, tmp_path: Path) -> None:
        rng = np.random.default_rng(0)
        frames = [rng.integers(0, 256, (*SIZE[::-1], 4)) | (0, 0, 0, 255) for _ in REPEATS]
        cores = os.sched_getaffinity(0)
        films = []
        for some in (cores, {min(cores)}):
            path = tmp_path / f"{len(some)}.{container}"
            os.sched_setaffinity(0, some)
            try:
                films.append(encode(path, container, transparent, [f.astype(np.uint8) for f in frames]))
            finally:
                os.sched_setaffinity(0, cores)
        assert films[0].read_bytes() == films[-1].read_bytes()

    def test_no_sections_no_chapters(self, tmp_path: Path) -> None:
        example(tmp_path, "mp4")
        finish([tmp_path / "clip.raw"], tmp_path / "plain.mp4", "mp4", title="", provenance={})
        assert decode(tmp_path / "plain.mp4").chapters == ()

    @pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
    def test_a_section_without_a_play_ends_later_than_it_starts(self, container: str, tmp_path: Path) -> None:
        example(tmp_path, container)
        marks = [SectionMark("One", 0.0), SectionMark("Last", 0.6)]
        target = tmp_path / f"marked.{container}"
        finish([tmp_path / "clip.raw"], target, container, title="", provenance={}, marks=marks)
        clip = decode(target)
        assert clip.sections == ["One", "Last"]
        assert all(end > start for _, start, end in clip.chapters)
        assert len(clip.frames) == 6


class TestTransparency:
    @pytest.mark.parametrize("container", ["mov", "webm"])
    def test_alpha_is_straight(self, container: str, tmp_path: Path) -> None:
        frame = quarters(0)
        frame[:24, :32] = (128, 64, 35, 128)  # orange, half transparent, premultiplied as Cairo has it
        frame[24:, :32] = 0  # nothing
        path = encode(tmp_path / f"clip.{container}", container, True, [frame] * 3)
        shown = middles(decode_alpha(path)[0])
        assert np.abs(shown[0] - [*COLOURS[0], 128]).max() <= 4
        assert np.abs(shown[1] - [*COLOURS[1], 255]).max() <= 4
        assert shown[2][3] == 0
        assert np.abs(shown[3] - 255).max() <= 4

    def test_webm_says_that_it_has_alpha(self, tmp_path: Path) -> None:
        """Browsers look at this flag of the track, and show black without it."""
        assert decode(example(tmp_path, "webm", transparent=True)).tags.get("alpha_mode") == "1"
        assert "alpha_mode" not in decode(example(tmp_path, "webm")).tags

    def test_straight_alpha(self) -> None:
        rng = np.random.default_rng(0)
        straight = rng.integers(0, 256, (200, 200, 4)).astype(np.uint8)
        alpha = straight[..., 3:].astype(float)
        premultiplied = np.concatenate([np.round(straight[..., :3] * alpha / 255), alpha], axis=-1)
        result = straight_alpha(premultiplied.astype(np.uint8))
        assert result.dtype == np.uint8
        assert np.array_equal(result[..., 3], straight[..., 3])
        error = np.abs(result[..., :3].astype(float) - straight[..., :3])
        assert (error <= 1 + 127.5 / np.maximum(alpha, 1))[alpha[..., 0] > 0].all()
        opaque = np.full((2, 2, 4), 255, np.uint8)
        assert np.array_equal(straight_alpha(opaque), opaque)


class TestGif:
    def test_pictures_times_and_provenance(self, tmp_path: Path) -> None:
        path = example(tmp_path, "gif")
        clip = decode(path)
        assert clip.frames.shape == (6, 48, 64, 3)
        assert clip.times == pytest.approx([i / FPS for i in range(6)])
        for frame, turn in zip(clip.frames, [0, 0, 1, 1, 1, 2], strict=True):
            assert np.abs(middles(frame) - np.roll(COLOURS, turn, axis=0)).max() <= 2
        assert gif_comment(path) == {"title": TITLE, **PROVENANCE}

    def test_other_readers_accept_it(self, tmp_path: Path) -> None:
        with Image.open(example(tmp_path, "gif")) as image:
            assert image.size == SIZE
            duration = 0
            for i in range(image.n_frames):
                image.seek(i)
                duration += image.info["duration"]
            assert duration == 600


class FakeStream:
    """Stands for a stream: notes what is done to it, and waits or fails when told to."""

    def __init__(self, fail: str = "", gate: threading.Event | None = None) -> None:
        self.done: list[Any] = []
        self.fail, self.gate = fail, gate

    patched = False

    def start(self) -> None:
        self._note("start")

    def picture(self, frame: Any) -> int:
        return int(frame.flat[0])

    def encode(self, number: int, repeat: int) -> None:
        if self.gate is not None:
            assert self.gate.wait(10)
        self._note("encode", number, repeat)

    def flush(self) -> None:
        self._note("flush")

    def close(self) -> None:
        self._note("close")

    def _note(self, *what: Any) -> None:
        self.done.append(what)
        if what[0] == self.fail:
            raise OSError(28, "No space left on device")


def frame_number(i: int) -> Any:
    """A frame that says which one it is."""
    return np.full((2, 2, 4), i, np.uint8)


def encoder_of(stream: FakeStream) -> Encoder:
    return Encoder(stream)


def encoder_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "encoder"]


class TestThread:
    @pytest.fixture(autouse=True)
    def _no_thread_is_left(self) -> Iterator[None]:
        assert encoder_threads() == []
        yield
        assert encoder_threads() == []

    def test_keeps_the_order_and_closes_once(self) -> None:
        stream = FakeStream()
        encoder = encoder_of(stream)
        for i in range(20):
            encoder.write(frame_number(i), i)
        encoder.close()
        assert stream.done == [("start",), *(("encode", i, i) for i in range(20)), ("flush",), ("close",)]

    @pytest.mark.parametrize("stage", ["encode", "flush", "close"])
    def test_an_error_surfaces_and_the_file_is_closed(self, stage: str) -> None:
        stream = FakeStream(stage)
        encoder = encoder_of(stream)
        encoder.write(frame_number(0))
        with pytest.raises(OSError, match="No space left"):
            encoder.close()
        assert stream.done.count(("close",)) == 1

    @pytest.mark.parametrize("stage", ["start", "encode"])
    def test_an_error_stops_the_scene_at_a_later_frame(self, stage: str) -> None:
        encoder = encoder_of(FakeStream(stage))

        def play() -> None:
            for _ in range(10_000):
                encoder.write(frame_number(0))
                time.sleep(0.001)

        with pytest.raises(OSError, match="No space left"):
            play()
        encoder.abort()

    def test_a_frame_may_change_after_it_was_written(self) -> None:
        gate = threading.Event()
        stream = FakeStream(gate=gate)
        encoder = encoder_of(stream)
        frame = frame_number(1)
        encoder.write(frame)
        frame[:] = 2
        encoder.write(frame)
        gate.set()
        encoder.close()
        assert [what[1] for what in stream.done if what[0] == "encode"] == [1, 2]

    @pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
    @pytest.mark.parametrize("behind", [BEHIND, FAR_BEHIND])
    def test_drawing_goes_before_the_codec(self, behind: int, tmp_path: Path) -> None:
        before = {thread.name for thread in Path("/proc/self/task").iterdir()}
        codec = codec_for("mp4", False)
        encoder = Encoder(StreamEncoder(tmp_path / "raw", SIZE, FPS, codec, "mp4", behind=behind))
        encoder.write(np.zeros((48, 64, 4), np.uint8))
        nice: list[int] = []
        while len(nice) < 3:  # one converts, one encodes, and the codec's own
            there = {thread.name for thread in Path("/proc/self/task").iterdir()} - before
            nice = sorted(os.getpriority(os.PRIO_PROCESS, int(number)) for number in there)
        own = os.getpriority(os.PRIO_PROCESS, 0)
        encoder.close()
        assert nice[0] == own
        assert nice[-1] == min(own + behind, 19)

    def test_a_broken_frame_is_an_error_not_a_hang(self, tmp_path: Path) -> None:
        stream = StreamEncoder(tmp_path / "raw", SIZE, FPS, codec_for("mp4", False), "mp4")
        encoder = Encoder(stream)
        encoder.write(np.zeros((48, 64, 7), np.uint8))
        with pytest.raises(ValueError, match="array"):
            encoder.close()

    def test_waits_rather_than_fill_the_memory(self) -> None:
        gate = threading.Event()
        encoder = encoder_of(FakeStream(gate=gate))
        written = []

        def draw() -> None:
            for i in range(30):
                encoder.write(frame_number(i))
                written.append(i)

        scene = threading.Thread(target=draw)
        scene.start()
        scene.join(0.2)
        assert scene.is_alive()
        assert len(written) < 20
        gate.set()
        scene.join(10)
        encoder.close()
        assert len(written) == 30

    def test_abort_leaves_what_waits(self) -> None:
        gate = threading.Event()
        stream = FakeStream(gate=gate)
        encoder = encoder_of(stream)
        for i in range(5):
            encoder.write(frame_number(i))
        threading.Timer(0.1, gate.set).start()
        encoder.abort()
        assert len([what for what in stream.done if what[0] == "encode"]) <= 1
        assert ("flush",) not in stream.done
        assert stream.done[-1] == ("close",)

    def test_abort_after_an_error(self) -> None:
        encoder = encoder_of(FakeStream("encode"))
        encoder.write(frame_number(0))
        encoder.abort()


def test_provenance_is_json_with_sorted_keys(tmp_path: Path) -> None:
    """So that programs can read it, and the same provenance is always the same bytes."""
    path = example(tmp_path, "mp4")
    assert json.dumps(PROVENANCE, sort_keys=True).encode() in path.read_bytes()


#: Encodes something that moves, and prints the digest of what came of it.
CHURN = """
import hashlib, sys
from pathlib import Path
import numpy as np
from scenes.output.encoder import Encoder, StreamEncoder, codec_for

y, x = np.mgrid[:480, :848]
encoder = Encoder(StreamEncoder(Path(sys.argv[1]), (848, 480), 30, codec_for("mp4", False), "mp4"))
for k in range(14):
    frame = np.full((480, 848, 4), 255, np.uint8)
    frame[..., 0] = 0
    frame[100 + 3 * k : 300 + 3 * k, 50 + 5 * k : 400 + 5 * k, 0] = 200
    frame[..., 1] = ((x + 2 * y + 9 * k) // 13 % 2 * 90) * (abs(x - 400 - 6 * k) < 120)
    frame[..., 2] = ((x * x + y * y) // 5000 + k) % 200 * (y > 350)
    encoder.write(frame)
encoder.close()
print(hashlib.sha256(Path(sys.argv[1]).read_bytes()).hexdigest())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc fills memory on request")
def test_bytes_do_not_depend_on_what_was_in_memory(tmp_path: Path) -> None:
    """As when the process has encoded something else before: a section, or another video."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", CHURN, str(tmp_path / "video")],
            env={**os.environ, "MALLOC_PERTURB_": fill, "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for fill in ("0", "170")
    }
    assert len(digests) == 1
