"""Parametrised pieces of data: curves, regions of the plane, surfaces in space and single points.

Their formulas are written down here anew; a dataset's own are not used. Parameters are in [0, 1] unless said
otherwise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from topo_core.verification.duals import Dual
from topo_core.verification.intervals import FloatArray, Interval, above
from topo_core.verification.network import Jet

Vector = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Piece(ABC):
    """A part of the data with one label: a map from boxes of parameters to space.

    Attributes
    ----------
    label, name
        The class, and what to call the piece in a message.
    """

    label: int
    name: str

    #: Cells along each parameter with which a search begins, and whether 0 and 1 are the same place.
    cells: ClassVar[tuple[int, ...]] = (32,)
    closed: ClassVar[tuple[bool, ...]] = (False,)

    @abstractmethod
    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at some parameters."""

    @abstractmethod
    def guess(self, points: FloatArray) -> FloatArray:
        """Parameters ``(n, p)`` of points of the piece near points ``(n, d)``; nothing is proven of them."""

    def start(self) -> tuple[FloatArray, FloatArray]:
        """Boxes of parameters, low and high ``(k, p)``, that cover the piece and share sides only."""
        edges = [np.linspace(0, 1, n + 1) for n in self.cells]
        return grid([edge[:-1] for edge in edges]), grid([edge[1:] for edge in edges])

    def holds(self, parameters: FloatArray) -> bool:
        """Whether these are parameters ``(n, p)`` of places on the piece."""
        low, high = self.start()
        if parameters.shape[1:] != low.shape[1:]:
            return False
        return bool(((low.min(axis=0) <= parameters) & (parameters <= high.max(axis=0))).all())

    def enclose(self, box: Interval) -> tuple[Interval, Interval]:
        """Points ``(k, d)`` and derivatives ``(k, d, p)`` over boxes of parameters ``(k, p)``."""
        with np.errstate(all="ignore"):
            parts = self.coordinates(*Dual.parameters(box))
        value = Interval.stack([part.value for part in parts])
        tangent = Interval.stack([Interval.stack(list(_full(part, len(box.lo)))) for part in parts], axis=1)
        return value, tangent

    def jet(self, low: FloatArray, high: FloatArray) -> Jet:
        """All that is known over boxes of parameters, ``(k, p)`` each."""
        centre = middle(low, high)
        radius = np.where(low == high, 0.0, above(np.maximum(high - centre, centre - low)))
        value, tangent = self.enclose(Interval(low, high))
        with np.errstate(all="ignore"):
            return Jet(self.enclose(Interval.of(centre))[0], value, tangent, radius).tightened()


def grid(axes: list[FloatArray]) -> FloatArray:
    """All points ``(k, p)`` with coordinates from p lists."""
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)


def middle(low: FloatArray, high: FloatArray) -> FloatArray:
    """The doubles at which a jet over boxes of parameters has its centre."""
    result: FloatArray = np.clip(0.5 * (low + high), low, high)
    return result


def _full(part: Dual, k: int) -> list[Interval]:
    return [Interval(np.broadcast_to(s.lo, k), np.broadcast_to(s.hi, k)) for s in part.slopes]


# -- on the line and in the plane ----------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Wave(Piece):
    """``(x, height - cos(pi x) / 2)`` for ``x = 2 s - 1``."""

    height: float

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at s."""
        (s,) = parameters
        return s * 2.0 - 1.0, self.height - (s - 0.5).waves()[0] * 0.5

    def guess(self, points: FloatArray) -> FloatArray:
        """By the first coordinate."""
        return clipped((points[:, :1] + 1) / 2)


@dataclass(frozen=True, eq=False)
class Spiral(Piece):
    """``sign r (cos 2 pi turns s, sin 2 pi turns s)`` with ``r = 0.2 + s``."""

    turns: float
    sign: int

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at s."""
        (s,) = parameters
        cosine, sine = (s * self.turns).waves()
        radius = (s + 0.2) * float(self.sign)
        return radius * cosine, radius * sine

    def guess(self, points: FloatArray) -> FloatArray:
        """By the distance from the origin."""
        return clipped(np.hypot(*points.T)[:, None] - 0.2)


@dataclass(frozen=True, eq=False)
class Segment(Piece):
    """The numbers from ``low`` to ``high``."""

    low: float
    high: float

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The number at s."""
        (s,) = parameters
        return ((1.0 - s) * self.low + s * self.high,)

    def guess(self, points: FloatArray) -> FloatArray:
        """By proportion."""
        return clipped((points - self.low) / (self.high - self.low))


@dataclass(frozen=True, eq=False)
class Circle(Piece):
    """A circle in the plane about the origin, counterclockwise."""

    radius: float
    closed: ClassVar[tuple[bool, ...]] = (True,)

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at s."""
        cosine, sine = parameters[0].waves()
        return cosine * self.radius, sine * self.radius

    def guess(self, points: FloatArray) -> FloatArray:
        """By the angle."""
        return turned(points[:, 0], points[:, 1])[:, None]


@dataclass(frozen=True, eq=False)
class Region(Piece):
    """All points of the plane whose distance from the origin is from ``inner`` to ``outer``."""

    inner: float
    outer: float
    cells: ClassVar[tuple[int, ...]] = (4, 16)
    closed: ClassVar[tuple[bool, ...]] = (False, True)

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at a share of the way outwards, and at a turn."""
        outwards, turn = parameters
        cosine, sine = turn.waves()
        radius = (1.0 - outwards) * self.inner + outwards * self.outer
        return radius * cosine, radius * sine

    def guess(self, points: FloatArray) -> FloatArray:
        """By distance and angle."""
        share = (np.hypot(*points.T) - self.inner) / (self.outer - self.inner)
        return np.stack([clipped(share), turned(*points.T)], axis=1)


@dataclass(frozen=True, eq=False)
class Disc(Piece):
    """All points of the plane not farther than ``radius`` from a centre."""

    centre: tuple[float, float]
    radius: float
    cells: ClassVar[tuple[int, ...]] = (2, 8)
    closed: ClassVar[tuple[bool, ...]] = (False, True)

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at a share of the way outwards, and at a turn."""
        outwards, turn = parameters
        cosine, sine = turn.waves()
        radius = outwards * self.radius
        return radius * cosine + self.centre[0], radius * sine + self.centre[1]

    def guess(self, points: FloatArray) -> FloatArray:
        """By distance and angle."""
        x, y = (points - np.array(self.centre)).T
        return np.stack([clipped(np.hypot(x, y) / self.radius), turned(x, y)], axis=1)


def clipped(shares: FloatArray) -> FloatArray:
    """Cut to [0, 1]."""
    result: FloatArray = np.clip(shares, 0, 1)
    return result


def turned(x: FloatArray, y: FloatArray) -> FloatArray:
    """Angles in turns, from 0 to 1."""
    result: FloatArray = np.arctan2(y, x) / (2 * np.pi) % 1
    return result


# -- single points and polygons ------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Points(Piece):
    """Single points ``(n, d)``; the parameter is the number of one of them, from 0."""

    points: FloatArray

    def start(self) -> tuple[FloatArray, FloatArray]:
        """Every point by itself."""
        numbers = np.arange(len(self.points), dtype=np.float64)[:, None]
        return numbers, numbers

    def holds(self, parameters: FloatArray) -> bool:
        """Whether all are a point's number."""
        return parameters.shape[1:] == (1,) and bool(np.isin(parameters, self.start()[0]).all())

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point of that number."""
        (number,) = parameters
        nothing = Interval.of(np.zeros(len(number.value.lo)))
        chosen = self.points[number.value.lo.astype(np.intp)]
        return tuple(Dual(Interval.of(column), (nothing,)) for column in chosen.T)

    def guess(self, points: FloatArray) -> FloatArray:
        """The nearest."""
        gaps = (np.square(self.points - point).sum(axis=1).argmin() for point in points)
        return np.fromiter(gaps, np.float64, len(points))[:, None]


@dataclass(frozen=True, eq=False)
class Polygon(Piece):
    """A closed polygon through ``vertices`` ``(n, d)``: the parameter is k at vertex k, and n at the end."""

    vertices: FloatArray
    closed: ClassVar[tuple[bool, ...]] = (True,)

    def start(self) -> tuple[FloatArray, FloatArray]:
        """Every edge by itself."""
        numbers = np.arange(len(self.vertices) + 1, dtype=np.float64)[:, None]
        return numbers[:-1], numbers[1:]

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at s; a box of parameters must be within one edge."""
        (s,) = parameters
        edge = np.minimum(np.floor(s.value.lo), len(self.vertices) - 1)
        here = self.vertices[edge.astype(np.intp)]
        there = self.vertices[(edge.astype(np.intp) + 1) % len(self.vertices)]
        share = s - edge
        return tuple((1.0 - share) * a + share * b for a, b in zip(here.T, there.T, strict=True))

    def guess(self, points: FloatArray) -> FloatArray:
        """The nearest place."""
        along = np.roll(self.vertices, -1, axis=0) - self.vertices
        length = np.maximum(np.square(along).sum(axis=1), np.finfo(np.float64).tiny)
        found = np.empty((len(points), 1))
        for k, point in enumerate(points):
            share = np.clip(((point - self.vertices) * along).sum(axis=1) / length, 0, 1)
            edge = np.square(self.vertices + share[:, None] * along - point).sum(axis=1).argmin()
            found[k] = edge + min(share[edge], np.nextafter(1, 0))
        return found
