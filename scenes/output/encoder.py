"""Frames to video files: one encoder for a whole scene, on threads of its own.

Manim encodes every play call to a file and joins the files; streams that go on through them compress better,
and overlap with drawing from the first frame to the last.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from scenes.box import EVERYWHERE, Box
from scenes.output.changes import Changes, Patchwork

Frame = NDArray[np.uint8]  # (height, width, 4), RGBA, premultiplied


def _instructions() -> str:
    """x264's parameter for the instructions that it may use: AVX2 where the processor has AVX-512.

    Its macroblock tree reads memory that was never written if it uses AVX-512, and the bytes of a video would
    depend on what the process did before. All that it may use from SSSE3 to AVX2 gives the same bytes.
    """
    from numpy._core._multiarray_umath import __cpu_features__  # type: ignore[import-not-found]

    return ":asm=AVX2" if __cpu_features__.get("AVX512F") else ""


#: The H.264 settings of every mp4 and opaque mov. For flat colours and thin lines "veryfast" gives files
#: no larger than "medium" at the same quality, in half the time.
#: Sliced threads, PyAV's default, would make the bytes depend on the number of cores and on stale memory.
H264 = {
    "preset": "veryfast",
    "crf": "17",
    "x264-params": f"sliced-threads=0:threads=4:lookahead-threads=1{_instructions()}",
}

#: Frames that may wait for the encoder.
_WAITING = 12
#: How much nicer than drawing, in Unix's sense, the codec's own threads are: by default, and where drawing
#: takes as long as encoding and must not wait.
BEHIND, FAR_BEHIND = 5, 10


@dataclass(frozen=True)
class Codec:
    """An encoder, its pixel format and options."""

    name: str
    pixels: str
    options: dict[str, str]


def codec_for(format_: str, transparent: bool) -> Codec:
    """The codec of a format (for gif the lossless intermediate)."""
    if format_ == "gif":
        return Codec("libx264rgb", "rgb24", {"preset": "ultrafast", "crf": "0"})
    if format_ == "webm":
        speed = {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"}
        if transparent:
            speed["auto-alt-ref"] = "0"
        return Codec("libvpx-vp9", "yuva420p" if transparent else "yuv420p", speed)
    if transparent:
        # Deterministic only for widths divisible by 16, which all qualities have.
        return Codec("prores_ks", "yuva444p10le", {"profile": "4444", "vendor": "apl0"})
    return Codec("libx264", "yuv420p", dict(H264))


class StreamEncoder:
    """Encodes frames, one after the other, into ``path``.

    Parameters
    ----------
    path
        The file to write.
    size, fps
        Pixels (width, height) and frames per second.
    codec, container
        What to encode with, and libav's name of the container.
    behind
        How much nicer than drawing the codec's own threads are.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        fps: int,
        codec: Codec,
        container: str,
        *,
        behind: int = BEHIND,
    ) -> None:
        self.codec = codec
        self._behind = behind
        self.frames = 0
        self._tick = Fraction(1, fps)
        self._output = av.open(str(path), "w", format=container)
        stream = cast(VideoStream, self._output.add_stream(codec.name, rate=fps, options=codec.options))
        stream.width, stream.height = size
        stream.pix_fmt = codec.pixels
        context = stream.codec_context
        context.time_base = self._tick
        if codec.pixels != "rgb24":  # say which matrix turned RGB into YUV, or players guess
            context.colorspace = context.color_primaries = context.color_trc = 1  # BT.709
            context.color_range = 1
        self._stream = stream
        self._reformatter = VideoReformatter()
        #: Whether a picture may be put together of pieces: its codec keeps none of its memory.
        self.patched = codec.pixels == "yuv420p"

    def start(self) -> None:
        """Start the codec; its own threads have a lower priority, where threads have one.

        Frames wait for the codec, but it has nothing to do when none are drawn: what draws goes first, or
        the many threads of the codec slow down what they depend on.
        """
        with ThreadPoolExecutor(1, "starter") as starter:  # whose priority the threads that it starts inherit
            starter.submit(self._open).result()

    def _open(self) -> None:
        if sys.platform == "linux":  # elsewhere this is the priority of the whole process
            os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + self._behind)
        self._stream.codec_context.open(strict=False)

    def encode(self, picture: av.VideoFrame, repeat: int = 1) -> None:
        """Add a picture, shown ``repeat`` times."""
        for _ in range(repeat):
            picture.pts, picture.time_base = self.frames, self._tick
            self.frames += 1
            self._output.mux(self._stream.encode(picture))

    def flush(self) -> None:
        """Encode what the codec still holds."""
        self._output.mux(self._stream.encode(None))

    def close(self) -> None:
        """Close the file."""
        self._output.close()

    def picture(self, frame: Frame) -> av.VideoFrame:
        """The frame in the codec's pixel format (BT.709, limited range); it may change afterwards."""
        if self.codec.pixels.startswith("yuva"):
            frame = straight_alpha(frame)
        given = av.VideoFrame.from_numpy_buffer(frame, format="rgba")  # no copy
        # One reformatter for all frames, for each new one sets its tables up again; one thread, for
        # the other core is busy.
        if self.codec.pixels == "rgb24":
            return self._reformatter.reformat(given, format="rgb24", threads=1)
        picture = self._reformatter.reformat(
            given,
            format=self.codec.pixels,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        picture.color_primaries = picture.color_trc = 1  # ProRes writes the frame's, not the stream's
        return picture


@dataclass(frozen=True, eq=False)
class _Waiting:
    """A frame for the encoder: what is converted of it (None if nothing has changed), and where that goes."""

    converted: Future[av.VideoFrame] | None
    box: Box
    repeat: int


class Encoder:
    """A :class:`StreamEncoder` fed by threads: one converts pixels and one encodes, while drawing goes on.

    What has not changed since the frame before is neither copied nor converted. After :meth:`cut` it goes on
    with another stream, of the same kind.
    """

    def __init__(self, stream: StreamEncoder) -> None:
        self._stream = self._open = stream
        self._changes, self._patchwork = Changes(), Patchwork()
        self._room = threading.Semaphore(_WAITING)
        self._converter = ThreadPoolExecutor(1, "converter")
        self._converting: Future[av.VideoFrame] | None = None
        self._queue: SimpleQueue[_Waiting | StreamEncoder | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="encoder", daemon=True)
        self._thread.start()

    def write(self, frame: Frame, repeat: int = 1, within: Box = EVERYWHERE, *, kept: bool = False) -> None:
        """Add a frame, shown ``repeat`` times.

        It is copied, and the array may change afterwards, unless it is ``kept`` as it is until the next call
        is over. It must not differ from the one before outside of the box ``within``.
        """
        if self._error is not None:
            raise self._error
        if self._converting is not None:  # from the memory that is written to now
            wait((self._converting,))
        box, part = self._changes.note(frame, within, whole=not self._stream.patched, kept=kept)
        self._converting = self._converter.submit(self._stream.picture, part) if part.size else None
        self._room.acquire()
        self._queue.put(_Waiting(self._converting, box, repeat))

    def cut(self, stream: StreamEncoder) -> None:
        """Close the file as soon as it is encoded, and go on with another, which depends on nothing before.

        Returns at once.
        """
        self._stream, self._changes = stream, Changes()
        self._queue.put(stream)

    def close(self) -> None:
        """Encode what is left and close the file."""
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def abort(self) -> None:
        """Stop as soon as possible; the file is incomplete."""
        self._error = self._error or InterruptedError("encoding was stopped")
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        """Encode until told to stop; after an error, only empty the queue."""
        self._guarded(self._open.start)
        while (item := self._queue.get()) is not None:
            if not isinstance(item, _Waiting):
                self._end_stream()
                self._open = item
                self._guarded(self._open.start)
                continue
            if item.converted is not None:
                wait((item.converted,))
            if self._error is None:
                self._guarded(partial(self._encode, item))
            self._room.release()
        self._converter.shutdown()
        self._end_stream()

    def _end_stream(self) -> None:
        if self._error is None:
            self._guarded(self._open.flush)
        self._guarded(self._open.close)

    def _encode(self, item: _Waiting) -> None:
        piece = None if item.converted is None else item.converted.result()
        self._open.encode(self._patchwork.laid(piece, item.box), item.repeat)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:
            self._error = self._error or error


def straight_alpha(frame: Frame) -> Frame:
    """Premultiplied to straight alpha: without it, editors show dark fringes."""
    alpha = frame[..., 3:].astype(np.uint16)
    colour = frame[..., :3].astype(np.uint16) * 255 // np.maximum(alpha, 1)
    return np.concatenate([np.minimum(colour, 255), alpha], axis=-1).astype(np.uint8)
