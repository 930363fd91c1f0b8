"""A lossless video as a GIF, with one palette for the whole film."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, cast

import av
import av.filter


def write_gif(source: Path, target: Path, fps: int, provenance: dict[str, Any]) -> None:
    """A lossless video as a GIF with one palette made for it, provenance in a comment block."""
    palette = _palette(source)
    with av.open(str(source)) as given, av.open(str(target), "w", format="gif") as made:
        stream = given.streams.video[0]
        out = made.add_stream("gif", rate=fps)
        out.width, out.height, out.pix_fmt = stream.width, stream.height, "pal8"
        graph = av.filter.Graph()
        video = graph.add_buffer(template=stream)
        colours = graph.add_buffer(
            width=16, height=16, format=av.VideoFormat("bgra"), time_base=Fraction(1, fps), name="palette"
        )
        use = graph.add("paletteuse", "dither=none:diff_mode=rectangle")
        sink = graph.add("buffersink")
        video.link_to(use, 0, 0)
        colours.link_to(use, 0, 1)
        use.link_to(sink)
        graph.configure()
        colours.push(palette)
        colours.push(None)
        count = 0
        for frame in chain(given.decode(stream), [None]):
            video.push(frame)
            while True:
                try:
                    picture = cast(av.VideoFrame, sink.pull())
                except (BlockingIOError, EOFError, av.error.BlockingIOError, av.error.EOFError):
                    break
                picture.pts, picture.time_base = count, Fraction(1, fps)
                count += 1
                made.mux(out.encode(picture))
        made.mux(out.encode(None))
    _gif_comment(target, json.dumps(provenance, sort_keys=True))


def _palette(source: Path) -> av.VideoFrame:
    """256 colours for the whole film."""
    with av.open(str(source)) as given:
        stream = given.streams.video[0]
        graph = av.filter.Graph()
        video = graph.add_buffer(template=stream)
        make = graph.add("palettegen", "stats_mode=full:reserve_transparent=0")
        sink = graph.add("buffersink")
        video.link_to(make)
        make.link_to(sink)
        graph.configure()
        for frame in given.decode(stream):
            video.push(frame)
        video.push(None)
        return cast(av.VideoFrame, sink.pull())


def _gif_comment(path: Path, comment: str) -> None:
    """Insert a comment extension before the GIF's trailer."""
    data = path.read_bytes()
    encoded = comment.encode()
    blocks = b"".join(
        bytes([len(part)]) + part for part in (encoded[i : i + 255] for i in range(0, len(encoded), 255))
    )
    path.write_bytes(data[:-1] + b"\x21\xfe" + blocks + b"\x00" + data[-1:])
