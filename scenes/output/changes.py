"""What changes from frame to frame: most of a picture rests, and need not be copied and converted again."""

from __future__ import annotations

import av
import numpy as np
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from scenes.box import EVERYWHERE, NOWHERE, Box

Bytes = NDArray[np.uint8]

#: Rows are compared in bands of so many pixels.
_BAND = 32
#: A converted pixel depends on pixels at most so far away; even.
_REACH = 2


class Changes:
    """Tells where each frame differs from the one before."""

    def __init__(self) -> None:
        self._last: Bytes = np.empty((0, 0, 4), dtype=np.uint8)
        self._copy = self._last

    def note(
        self, frame: Bytes, within: Box = EVERYWHERE, *, whole: bool = False, kept: bool = False
    ) -> tuple[Box, Bytes]:
        """Where a frame ``(h, w, 4)`` must be converted anew, and what is there.

        Outside of the box ``within``, if it is known, it is as it was before.

        That is all of the first one, or of each if ``whole``, and nothing, ``(0, 0, 4)``, if nothing has
        changed. It is of a copy, unless the frame is ``kept`` as it is until the next call is over.
        """
        everything = Box.all_of(frame)
        before = self._last
        whole = whole or frame.shape != before.shape
        changed = everything if whole else within.within(everything)
        if changed == everything and not whole and frame is not before:
            changed = _difference(_pairs(frame), _pairs(before))
        self._last = frame if kept else self._copied(frame, changed)
        if whole:
            return everything, self._last
        if changed.empty:
            return NOWHERE, self._last[:0, :0]
        # So far the colours of changed pixels go, and those of what they meet there are needed as well.
        margin = 2 * _REACH
        box = Box(
            changed.top // 2 * 2 - margin,
            -(-changed.bottom // 2) * 2 + margin,
            changed.left // 2 * 2 - margin,
            -(-changed.right // 2) * 2 + margin,
        ).within(everything)
        return box, box.of(self._last)

    def _copied(self, frame: Bytes, changed: Box) -> Bytes:
        """The frame in memory of its own: what has changed is copied, if the frame before is there."""
        if frame.shape != self._copy.shape:
            self._copy = np.empty_like(frame)
        part = changed if self._last is self._copy else Box.all_of(frame)
        np.copyto(part.of(self._copy), part.of(frame))
        return self._copy


def _pairs(frame: Bytes) -> NDArray[np.uint64]:
    """Two pixels in a number, ``(h, w / 2)``: what is converted in pairs has even sides."""
    return frame.reshape(len(frame), -1).view(np.uint64)


def _difference(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> Box:
    """Where two pictures differ: whole bands of rows, and pairs of columns."""
    bands = [slice(k, k + _BAND) for k in range(0, len(a), _BAND)]
    first = next((k for k, rows in enumerate(bands) if not np.array_equal(a[rows], b[rows])), None)
    if first is None:
        return NOWHERE
    last = next(rows for rows in reversed(bands) if not np.array_equal(a[rows], b[rows]))
    top, bottom = bands[first].start, min(last.stop, len(a))
    columns = np.flatnonzero((a[top:bottom] != b[top:bottom]).any(axis=0))
    return Box(top, bottom, 2 * int(columns[0]), 2 * int(columns[-1]) + 2)


class Patchwork:
    """A picture, kept up to date by pieces of it: YUV with a colour for every two by two pixels.

    It is as if each frame had been converted as a whole: of a piece, the pixels at its edges are left out,
    for they depend on pixels beyond.
    """

    def __init__(self) -> None:
        self._picture: av.VideoFrame | None = None
        self._box = NOWHERE

    def laid(self, piece: av.VideoFrame | None, box: Box) -> av.VideoFrame:
        """The picture, after a piece (None if nothing) has changed; the next piece changes this very one."""
        if self._picture is None or box == self._box:  # the first piece, or all of it again
            assert piece is not None
            self._picture, self._box = piece, box
        elif piece is not None:
            everything = self._box
            inner = Box(
                box.top + (_REACH if box.top > everything.top else 0),
                box.bottom - (_REACH if box.bottom < everything.bottom else 0),
                box.left + (_REACH if box.left > everything.left else 0),
                box.right - (_REACH if box.right < everything.right else 0),
            )
            within = Box(
                inner.top - box.top, inner.bottom - box.top, inner.left - box.left, inner.right - box.left
            )
            for k, (whole, part) in enumerate(zip(self._picture.planes, piece.planes, strict=True)):
                scale = 2 if k else 1
                np.copyto(inner.of(_values(whole), scale), within.of(_values(part), scale))
        return self._picture


def _values(plane: VideoPlane) -> Bytes:
    """The numbers of a plane, ``(h, w)`` and what pads its rows."""
    return np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(plane.height, plane.line_size)
