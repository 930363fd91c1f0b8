"""Encoded streams to a finished file, without encoding again: titles, chapters, subtitles, and joins."""

from __future__ import annotations

import json
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from scenes.output.subtitles import Cue
from scenes.sections import SectionMark
from topo_core.errors import TopoError

#: How players without a taste of their own show subtitles: white, at the foot of the frame. libav wants
#: it in the header of an ASS script.
_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,12,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def finish(
    sources: Sequence[Path],
    target: Path,
    container: str,
    *,
    title: str,
    provenance: dict[str, Any],
    marks: Sequence[SectionMark] = (),
    cues: Sequence[Cue] = (),
) -> int:
    """Write streams, one after the other, as one file with a title, chapters and a subtitle track.

    Packets are copied as they are; the times of each stream follow those of the one before. The provenance
    is JSON in the comment, which every player and ``ffprobe`` shows. Returns the number of frames.

    Parameters
    ----------
    sources
        The files to join, in order. Several must be encoded alike.
    target, container
        The file to write, and libav's name of its kind; subtitles need ``mp4`` or ``mov``.
    title, provenance, marks, cues
        What the file says about itself, its chapters and its subtitles.

    Raises
    ------
    TopoError
        When the streams cannot follow each other in one track, and which one cannot.
    """
    options = {"movflags": "+faststart"} if container in ("mp4", "mov") else {}
    with (
        av.open(str(sources[0])) as first,
        av.open(str(target), "w", format=container, options={**options, "fflags": "+bitexact"}) as made,
    ):
        stream = first.streams.video[0]
        copy = made.add_stream_from_template(stream)
        if "alpha_mode" in stream.metadata:  # WebM: without this flag browsers ignore the alpha channel
            copy.metadata["alpha_mode"] = stream.metadata["alpha_mode"]
        texts = _add_subtitles(made, stream) if cues else None
        made.metadata["title"] = title
        made.metadata["comment"] = json.dumps(provenance, sort_keys=True)
        if marks:
            made.set_chapters(_chapters(marks, sum(_seconds(source) for source in sources)))
        waiting = deque(_cue_packets(cues, texts) if texts is not None else ())
        frames = 0
        for packet in _packets(sources, _kind(stream)):
            while waiting and waiting[0][0] <= (packet.dts or 0):
                made.mux(waiting.popleft()[1])
            packet.stream = copy
            made.mux(packet)
            frames += 1
        for _, packet in waiting:
            made.mux(packet)
    return frames


def _seconds(source: Path) -> float:
    with av.open(str(source)) as file:
        return (file.duration or 0) / av.time_base


def _kind(stream: VideoStream) -> dict[str, Any]:
    """What streams in one track must have in common."""
    context = stream.codec_context
    return {
        "codec": context.name,
        "size": (context.width, context.height),
        "pixel format": context.pix_fmt,
        "frame rate": stream.average_rate,
        "time base": stream.time_base,
        "codec settings": context.extradata,
    }


def _packets(sources: Sequence[Path], kind: dict[str, Any]) -> Iterator[Packet[VideoStream]]:
    """The packets of all streams with continuous times: frames are as far apart as the frame rate says.

    They are decoded in the order in which they come, each as long before it is shown as any of them needs:
    the encoder gives less time to those of a stream that is shorter than that.
    """
    frame = 1 / (Fraction(kind["frame rate"]) * Fraction(kind["time base"]))  # in ticks
    ahead = max(k - shown for source in sources for k, shown in enumerate(_order(source, frame)))
    count = 0
    for source in sources:
        begin = count
        with av.open(str(source)) as given:
            stream = given.streams.video[0]
            differing = [name for name, value in _kind(stream).items() if value != kind[name]]
            if differing:
                raise TopoError(
                    f"{source}: its {differing[0]} differs from that of {sources[0]}, so that they cannot be "
                    f"joined; remove both and render them again"
                )
            for packet in given.demux(stream):
                if packet.pts is None:
                    continue
                packet.pts = round((begin + round(packet.pts / frame)) * frame)
                packet.dts = round((count - ahead) * frame)
                count += 1
                yield packet


def _order(source: Path, frame: Fraction) -> list[int]:
    """As which frame each packet is shown."""
    with av.open(str(source)) as given:
        packets = given.demux(given.streams.video[0])
        return [round(packet.pts / frame) for packet in packets if packet.pts is not None]


def _add_subtitles(made: OutputContainer, video: VideoStream) -> SubtitleStream:
    """A track of English text, shown if the player is not told otherwise."""
    texts = made.add_stream("mov_text", options={"height": str(video.codec_context.height)})
    assert isinstance(texts, SubtitleStream)
    texts.codec_context.subtitle_header = _STYLE
    texts.time_base = video.time_base  # libav compares times of both tracks as they are
    texts.metadata["language"] = "eng"
    texts.disposition = Disposition.default
    return texts


def _cue_packets(cues: Sequence[Cue], stream: SubtitleStream) -> Iterator[tuple[int, Packet[Any]]]:
    """When each cue starts, in ticks, and the cue as a sample of timed text: its length, then UTF-8."""
    assert stream.time_base is not None
    tick = 1000 * stream.time_base
    for cue in cues:
        text = cue.text.encode()
        start, end = round(cue.start / tick), round(cue.end / tick)
        packet: Packet[Any] = Packet(struct.pack(">H", len(text)) + text)
        packet.pts = packet.dts = start
        packet.duration = end - start
        packet.time_base = stream.time_base
        packet.stream = stream
        packet.is_keyframe = True
        yield start, packet


def _chapters(marks: Sequence[SectionMark], end: float) -> list[Any]:
    ends = [*(mark.start for mark in marks), end][1:]
    return [
        {
            "id": i,
            "start": round(mark.start * 1000),
            "end": max(round(stop * 1000), round(mark.start * 1000) + 1),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": mark.name},
        }
        for i, (mark, stop) in enumerate(zip(marks, ends, strict=True))
    ]
