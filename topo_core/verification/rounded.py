"""A closed polygon with an arc of a circle at every corner, as a curve that tubes are drawn around."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from topo_core.verification.duals import Dual
from topo_core.verification.intervals import FloatArray, Interval
from topo_core.verification.space import Core, Duals, Frame, across, constant

#: Places on each part among which the nearest is looked for, and where a part ends for a guess.
_PLACES, _END = 5, 1 - 2.0**-40
#: Corners that bend less than so much have no plane of their own.
_FLAT = 1e-3


class _Parts(NamedTuple):
    """The polygon's numbers, enclosed: row k is of corner k, or of the edge that begins there.

    ``ahead`` ``(n, 3)`` are the edges' directions, ``length`` ``(n,)`` their lengths; the arc at a corner
    begins and ends at the distance ``cut`` from it, and half of its angle has the cosine ``weight``.
    """

    ahead: Interval
    length: Interval
    cut: Interval
    weight: Interval


@dataclass(frozen=True, eq=False)
class Rounded(Core):
    """A polygon with rounded corners.

    At each corner C, between edges in the directions b and a, an arc begins half-way along the shorter one.
    With the cut c and the cosine w of half of its angle, it is the conic (Farin, "Curves and Surfaces for
    CAGD", 2002, 12.3)::

        C + c (t^2 a - (1-t)^2 b) / ((1-t)^2 + 2 w t (1-t) + t^2),    t from 0 to 1.

    (Corners that bend by less than 1e-7 may be left as they are elsewhere: that is off by 3e-8 of an edge.)
    The parameter is from 2k to 2k + 1 on edge k, and from there to 2k + 2 on the arc at the next corner.

    Attributes
    ----------
    corners
        ``(n, 3)``, n from 3, no two following ones the same.
    """

    corners: FloatArray

    def start(self) -> tuple[FloatArray, FloatArray]:
        """Every straight part and every arc by itself."""
        numbers = np.arange(2 * len(self.corners) + 1, dtype=np.float64)[:, None]
        return numbers[:-1], numbers[1:]

    def coordinates(self, *parameters: Dual) -> Duals:
        """The point at s; a box must be within one part."""
        return self._walk(*parameters)[0]

    def frame(self, s: Dual) -> Frame:
        """The point, and two vectors perpendicular to the tangent; a box must be within one part."""
        point, tangent = self._walk(s)
        references = self._references[self._part(s)].T
        return point, *across(tuple(_fixed(s, Interval.of(x)) for x in references), tangent)

    def _part(self, s: Dual) -> NDArray[np.intp]:
        """On which part boxes are."""
        return np.clip(np.floor(s.value.lo), 0, 2 * len(self.corners) - 1).astype(np.intp)

    def _walk(self, s: Dual) -> tuple[Duals, Duals]:
        """The point and a tangent."""
        index = self._part(s)
        t = s - index.astype(np.float64)
        straight, arc = self._straight(t, index // 2), self._arc(t, (index // 2 + 1) % len(self.corners))
        bent = index % 2 == 1
        point, tangent = (
            tuple(_chosen(bent, x, y) for x, y in zip(ours, theirs, strict=True))
            for ours, theirs in zip(arc, straight, strict=True)
        )
        return point, tangent

    def _straight(self, t: Dual, k: NDArray[np.intp]) -> tuple[Duals, Duals]:
        """The point and the tangent on edge k."""
        parts, after = self._parts, (k + 1) % len(self.corners)
        along = t * (parts.length[k] - parts.cut[k] - parts.cut[after]) + parts.cut[k]
        ahead = [parts.ahead[k, axis] for axis in range(3)]
        point = tuple(along * ahead[axis] + self.corners[k, axis] for axis in range(3))
        return point, tuple(_fixed(t, direction) for direction in ahead)

    def _arc(self, t: Dual, k: NDArray[np.intp]) -> tuple[Duals, Duals]:
        """The point and the tangent on the arc at corner k."""
        parts, back = self._parts, 1.0 - t
        w, a, b = parts.weight[k], parts.ahead[k], parts.ahead[k - 1]
        first, mixed, second = back * back, t * back, t * t
        below = first + mixed * (w * 2.0) + second
        point = tuple(
            (second * a[:, x] - first * b[:, x]) / below * parts.cut[k] + self.corners[k, x] for x in range(3)
        )
        before, after = first * w + mixed, second * w + mixed
        return point, tuple(before * b[:, x] + after * a[:, x] for x in range(3))

    @cached_property
    def _parts(self) -> _Parts:
        edge = Interval.of(np.roll(self.corners, -1, axis=0)) - self.corners
        length = edge.square().sum().sqrt()
        ahead = edge / length[:, None]
        before = np.arange(len(self.corners)) - 1
        low, high = (np.minimum(end, end[before]) / 2 for end in (length.lo, length.hi))
        cosine = (ahead * ahead[before]).sum()
        return _Parts(ahead, length, Interval(low, high), ((cosine + 1) * 0.5).sqrt())

    @cached_property
    def _references(self) -> FloatArray:
        """For each part a direction ``(2n, 3)`` that no tangent on it has."""
        ahead = self._parts.ahead.middle
        least = np.eye(3)[np.abs(ahead).argmin(axis=1)]
        plane = np.cross(ahead, np.roll(ahead, -1, axis=0))
        result = np.empty((2 * len(ahead), 3))
        result[0::2] = least
        result[1::2] = np.where(np.abs(plane).max(axis=1, keepdims=True) > _FLAT, plane, least)
        return result

    @cached_property
    def _samples(self) -> FloatArray:
        places = (np.arange(2 * len(self.corners))[:, None] + np.linspace(0, _END, _PLACES)).ravel()
        return self.enclose(Interval.of(places[:, None]))[0].middle

    def guess(self, points: FloatArray) -> FloatArray:
        """The nearest place."""
        return self.nearest(points)[:, None]

    def nearest(self, points: FloatArray) -> FloatArray:
        """Parameters ``(n,)`` of the places nearest to points ``(n, 3)``; nothing is proven of them."""
        count = 2 * len(self.corners)
        found = (
            np.array([np.square(self._samples - point).sum(axis=1).argmin() for point in points]) // _PLACES
        )
        best, least = found.astype(np.float64), np.full(len(points), np.inf)
        for side in (-1, 0, 1):
            part = (found + side) % count
            trial = np.clip(self.improved(part, part + _END, points), part, part + _END)
            gap = np.square(self.enclose(Interval.of(trial[:, None]))[0].middle - points).sum(axis=1)
            best, least = np.where(gap < least, trial, best), np.fmin(gap, least)
        return best


def _fixed(like: Dual, value: Interval) -> Dual:
    return constant(like, 0.0) + value


def _chosen(rows: NDArray[np.bool_], first: Dual, second: Dual) -> Dual:
    """The first where ``rows`` is true, else the second."""
    return Dual(
        _where(rows, first.value, second.value),
        tuple(_where(rows, a, b) for a, b in zip(first.slopes, second.slopes, strict=True)),
    )


def _where(rows: NDArray[np.bool_], first: Interval, second: Interval) -> Interval:
    return Interval(np.where(rows, first.lo, second.lo), np.where(rows, first.hi, second.hi))
