"""Curves sampled so finely, and no finer, that they look smooth however a layer stretches them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)

#: A family of curves: (curve index (n,), parameter (n,) in [0, 1]) -> points (n, d).
Family = Callable[[IntArray, FloatArray], FloatArray]
#: Where points (n, d) are in the frame at several instants: (instants, n, 2).
Motion = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Samples:
    """Sampled curves, one after the other.

    Attributes
    ----------
    points
        ``(n, d)`` in input space.
    starts
        ``(curves + 1,)``: curve ``i`` is ``points[starts[i]:starts[i + 1]]``.
    """

    points: FloatArray
    starts: IntArray

    def split(self, values: NDArray[Number]) -> list[NDArray[Number]]:
        """Cut values ``(n, ...)`` given for all points into one array a curve."""
        return np.split(values, self.starts[1:-1])


def straight_lines(starts: FloatArray, ends: FloatArray) -> Family:
    """The family of segments from ``starts`` to ``ends``, both ``(curves, d)``."""

    def family(index: IntArray, s: FloatArray) -> FloatArray:
        a, b = starts[index], ends[index]
        return a + s[:, None] * (b - a)

    return family


def circles(radii: FloatArray) -> Family:
    """The family of circles ``(curves,)`` about the origin."""

    def family(index: IntArray, s: FloatArray) -> FloatArray:
        angle = 2 * np.pi * s
        circle: FloatArray = radii[index, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return circle

    return family


def curves(paths: Sequence[Callable[[FloatArray], FloatArray]]) -> Family:
    """The family of the given parametrised curves."""

    def family(index: IntArray, s: FloatArray) -> FloatArray:
        first = paths[0](s[:1])
        result = np.empty((len(s), first.shape[1]))
        for i, path in enumerate(paths):
            chosen = index == i
            if chosen.any():
                result[chosen] = path(s[chosen])
        return result

    return family


def sample(
    family: Family,
    count: int,
    motion: Motion,
    *,
    tolerance: float = 0.004,
    initial: int = 17,
    depth: int = 12,
) -> Samples:
    """Sample ``count`` curves until no chord leaves the curve by more than ``tolerance``.

    Parameters
    ----------
    family, count
        The curves.
    motion
        Where points are at the instants that matter (for a film: along the whole movement).
    tolerance
        Largest distance, in Manim units, from the quarters of a piece to its chord, at any instant. The
        default is half a pixel at 1080p.
    initial
        Points each curve starts with.
    depth
        How often a piece may be halved.
    """
    index = np.repeat(np.arange(count), initial)
    s = np.tile(np.linspace(0, 1, initial), count)
    points = family(index, s)
    placed = motion(points)
    suspect = np.ones(len(s), dtype=bool)  # the piece from this sample to the next is unchecked
    for _ in range(depth):
        left = np.flatnonzero(suspect[:-1] & (index[:-1] == index[1:]))
        if not len(left):
            break
        middle = (s[left] + s[left + 1]) / 2
        new_points = family(index[left], middle)
        new_placed = motion(new_points)
        bad = _sag(placed[:, left], placed[:, left + 1], new_placed) > tolerance
        for share in (0.25, 0.75):  # a steep bend may leave the middle of its piece on the chord
            at = left[~bad]
            probe = motion(family(index[at], s[at] + share * (s[at + 1] - s[at])))
            bad[~bad] = _sag(placed[:, at], placed[:, at + 1], probe) > tolerance
        suspect[left] = bad
        where = left[bad] + 1
        index = np.insert(index, where, index[left[bad]])
        s = np.insert(s, where, middle[bad])
        points = np.insert(points, where, new_points[bad], axis=0)
        placed = np.insert(placed, where, new_placed[:, bad], axis=1)
        suspect = np.insert(suspect, where, True)
    starts = np.searchsorted(index, np.arange(count + 1))
    return Samples(points, starts)


def _sag(a: FloatArray, b: FloatArray, middle: FloatArray) -> FloatArray:
    """Largest distance over all instants from ``middle`` to the segment a-b; all ``(instants, n, 2)``."""
    chord = b - a
    length = np.maximum((chord**2).sum(-1), 1e-30)
    along = np.clip(((middle - a) * chord).sum(-1) / length, 0, 1)
    result: FloatArray = np.linalg.norm(middle - a - along[..., None] * chord, axis=-1).max(axis=0)
    return result
