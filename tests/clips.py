"""Read videos back, for tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Disposition
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Clip:
    """A decoded video: RGB frames, when each is shown, and what the file says about itself."""

    frames: Picture  # (n, height, width, 3)
    times: tuple[float, ...]
    fps: float
    colour: tuple[int, int, int, int]  # matrix, primaries, transfer, range
    title: str | None
    comment: str
    chapters: tuple[tuple[str, float, float], ...]  # name, start, end
    tags: dict[str, str]  # of the stream

    @property
    def seconds(self) -> float:
        return len(self.frames) / self.fps

    @property
    def provenance(self) -> dict[str, Any]:
        """What the film is made from: JSON in the comment."""
        return json.loads(self.comment)

    @property
    def sections(self) -> list[str]:
        return [name for name, _, _ in self.chapters]


def decode(path: Path, *, every: int = 1) -> Clip:
    """Decode a video, or every n-th frame of it (``seconds`` is then meaningless)."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        shown = [(i, frame) for i, frame in enumerate(file.decode(stream)) if i % every == 0]
        context = stream.codec_context
        told = {key.lower(): value for key, value in file.metadata.items()}
        return Clip(
            frames=np.stack([frame.to_ndarray(format="rgb24") for _, frame in shown]),
            times=tuple(float(frame.pts * frame.time_base) for _, frame in shown),
            fps=float(stream.average_rate or 0),
            colour=tuple(
                int(value)
                for value in (
                    context.colorspace,
                    context.color_primaries,
                    context.color_trc,
                    context.color_range,
                )
            ),
            title=told.get("title"),
            comment=told.get("comment", ""),
            chapters=tuple(
                (
                    chapter["metadata"]["title"],
                    float(chapter["start"] * chapter["time_base"]),
                    float(chapter["end"] * chapter["time_base"]),
                )
                for chapter in file.chapters()
            ),
            tags={key.lower(): value for key, value in stream.metadata.items()},
        )


@dataclass(frozen=True)
class Subtitles:
    """The subtitle track of a file: (start, end, text) of every cue, in seconds, and what players see."""

    cues: tuple[tuple[float, float, str], ...]
    language: str | None
    default: bool


def subtitles(path: Path) -> Subtitles | None:
    """The only subtitle track of a file, if it has one; its samples as they are, and not decoded."""
    with av.open(str(path)) as file:
        if not file.streams.subtitles:
            return None
        (stream,) = file.streams.subtitles
        packets = [packet for packet in file.demux(stream) if packet.dts is not None]
        assert stream.codec_context.name == "mov_text"
        ends = [0, *(packet.pts + packet.duration for packet in packets)]
        assert [packet.pts for packet in packets] == ends[:-1]  # no gaps, as the format wants it
        return Subtitles(
            tuple(
                (
                    float(packet.pts * packet.time_base),
                    float((packet.pts + packet.duration) * packet.time_base),
                    sample_text(bytes(packet)),
                )
                for packet in packets
                if packet.size > 2
            ),
            stream.language,
            bool(stream.disposition & Disposition.default),
        )


def sample_text(sample: bytes) -> str:
    """The text of a sample of timed text, which has no styles after it."""
    size = int.from_bytes(sample[:2], "big")
    assert len(sample) == 2 + size
    return sample[2:].decode()


def decode_alpha(path: Path) -> Picture:
    """Frames with alpha, ``(n, height, width, 4)``; libav's own VP9 decoder would drop it."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        if stream.codec_context.name != "vp9":
            return np.stack([frame.to_ndarray(format="rgba") for frame in file.decode(stream)])
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        packets = [packet for packet in file.demux(stream) if packet.dts is not None]
        frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
        return np.stack([frame.to_ndarray(format="rgba") for frame in frames])


def gif_comment(path: Path) -> dict[str, Any]:
    """The JSON in a GIF's last comment block."""
    data = path.read_bytes()
    start = data.rindex(b"\x21\xfe") + 2
    text = b""
    while size := data[start]:
        text += data[start + 1 : start + 1 + size]
        start += 1 + size
    assert data[start + 1 :] == b"\x3b"  # the trailer, and nothing behind it
    return json.loads(text)
