"""Closed curves in space, and the surfaces of the tubes around them, as pieces."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from topo_core.verification.duals import Dual
from topo_core.verification.intervals import FloatArray, Interval
from topo_core.verification.pieces import Piece, Vector, grid, turned

Duals = tuple[Dual, ...]
#: A point and two unit vectors.
Frame = tuple[Duals, Duals, Duals]

#: Places along a curve among which the nearest is looked for, and rounds of improvement after that.
_PLACES, _ROUNDS = 1024, 12


@dataclass(frozen=True, eq=False)
class Core(Piece):
    """A closed curve with two unit vectors, perpendicular to it and to each other, that turn with it."""

    cells: ClassVar[tuple[int, ...]] = (64,)
    closed: ClassVar[tuple[bool, ...]] = (True,)

    @abstractmethod
    def frame(self, s: Dual) -> Frame:
        """The point and the two vectors."""

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at s."""
        return self.frame(*parameters)[0]

    def nearest(self, points: FloatArray) -> FloatArray:
        """Parameters ``(n,)`` of the places nearest to points ``(n, 3)``; nothing is proven of them."""
        best = np.array([np.square(self._samples - point).sum(axis=1).argmin() for point in points]) / _PLACES
        return self.improved(best - 1 / _PLACES, best + 1 / _PLACES, points) % 1

    @cached_property
    def _samples(self) -> FloatArray:
        """Points ``(n, 3)`` at equally spaced parameters."""
        return self.enclose(Interval.of(np.arange(_PLACES)[:, None] / _PLACES))[0].middle

    def improved(self, old: FloatArray, new: FloatArray, points: FloatArray) -> FloatArray:
        """Places ``(n,)`` between others that are nearer to points, by regula falsi.

        M. Dowell and P. Jarratt, "A modified regula falsi method", 1971.
        """
        least, most = np.minimum(old, new), np.maximum(old, new)
        at_old, at_new = self._ahead(old, points), self._ahead(new, points)
        for _ in range(_ROUNDS):
            moving = at_new != at_old
            step = np.divide(at_new * (new - old), at_new - at_old, out=np.zeros(len(new)), where=moving)
            trial = np.clip(new - step, least, most)
            value = self._ahead(trial, points)
            crossed = value * at_new < 0
            old, at_old = np.where(crossed, new, old), np.where(crossed, at_new, at_old / 2)
            new, at_new = trial, value
        return new

    def _ahead(self, s: FloatArray, points: FloatArray) -> FloatArray:
        """Positive where the nearest place is further along the curve than s ``(n,)``."""
        value, tangent = self.enclose(Interval.of(s[:, None]))
        result: FloatArray = ((points - value.middle) * tangent.middle[:, :, 0]).sum(axis=1)
        return result


@dataclass(frozen=True, eq=False)
class Ring(Core):
    """A circle: ``centre + radius (cos a first + sin a second)``."""

    centre: Vector
    first: Vector
    second: Vector
    radius: float

    def frame(self, s: Dual) -> Frame:
        """The point, the direction away from the centre, and the circle's axis."""
        cosine, sine = s.waves()
        out = tuple(cosine * a + sine * b for a, b in zip(self.first, self.second, strict=True))
        point = tuple(c + part * self.radius for c, part in zip(self.centre, out, strict=True))
        return point, out, tuple(s * 0.0 + float(x) for x in np.cross(self.first, self.second))

    def guess(self, points: FloatArray) -> FloatArray:
        """By the angle."""
        away = points - np.array(self.centre)
        return turned(away @ np.array(self.first), away @ np.array(self.second))[:, None]

    def nearest(self, points: FloatArray) -> FloatArray:
        """By the angle."""
        return self.guess(points)[:, 0]


@dataclass(frozen=True, eq=False)
class Winding(Core):
    """``((2 + cos f) cos a, (2 + cos f) sin a, sin f)``, a curve that winds around a circle and back.

    ``a = 2 pi s`` and ``f = pi/2 + 2 pi turns h(s)``; h rises from 0 to 1 on [0.1, 0.4] and falls on
    [0.6, 0.9], each time as ``3 x^2 - 2 x^3`` on [0, 1].
    """

    turns: float

    def frame(self, s: Dual) -> Frame:
        """The point, the direction N from the circle to it, and ``N x T`` with the tangent T.

        With ``A = 2 + cos f``, ``g = df / da``, ``n^2 = A^2 + g^2`` and the direction E in which f grows,
        ``T = (A forward + g E) / n`` and ``N x T = (A E - g forward) / n``.
        """
        (rise, up), (fall, down) = (((s - start) / constant(s, 0.3)).smoothstep() for start in (0.1, 0.6))
        cos_a, sin_a = s.waves()
        cos_f, sin_f = ((rise - fall) * self.turns + 0.25).waves()
        A, g = cos_f + 2.0, (up - down) * self.turns / constant(s, 0.3)
        point = (A * cos_a, A * sin_a, sin_f)
        normal = (cos_f * cos_a, cos_f * sin_a, sin_f)
        n = (A * A + g * g).sqrt()
        across = (-(A * sin_f * cos_a) + g * sin_a, -(A * sin_f * sin_a) - g * cos_a, A * cos_f)
        return point, normal, tuple(part / n for part in across)

    def guess(self, points: FloatArray) -> FloatArray:
        """By the angle about the axis."""
        return turned(points[:, 0], points[:, 1])[:, None]


def constant(like: Dual, value: float) -> Dual:
    """A number, with derivatives of 0 by the same parameters."""
    nothing = Interval.of(0.0)
    return Dual(Interval.of(value), tuple(nothing for _ in like.slopes))


@dataclass(frozen=True, eq=False)
class Trigonometric(Core):
    """``sum of c cos(2 pi k s) + d sin(2 pi k s)``.

    Attributes
    ----------
    terms
        Triples of k, c and d.
    reference
        A direction that no tangent has.
    """

    terms: tuple[tuple[int, Vector, Vector], ...]
    reference: Vector = (0.0, 0.0, 1.0)

    def coordinates(self, *parameters: Dual) -> Duals:
        """The point at s."""
        return self._sums(*parameters)[0]

    def frame(self, s: Dual) -> Frame:
        """The point, and two vectors perpendicular to the tangent, one of them to the reference as well."""
        point, tangent = self._sums(s)
        return point, *across(tuple(map(constant, [s] * 3, self.reference)), tangent)

    def _sums(self, s: Dual) -> tuple[Duals, Duals]:
        """The point and the derivative over 2 pi."""
        point, tangent = [s * 0.0] * 3, [s * 0.0] * 3
        for k, c, d in self.terms:
            cosine, sine = (s * float(k)).waves()
            for axis in range(3):
                point[axis] = point[axis] + cosine * c[axis] + sine * d[axis]
                tangent[axis] = tangent[axis] + (cosine * d[axis] - sine * c[axis]) * float(k)
        return tuple(point), tuple(tangent)

    def guess(self, points: FloatArray) -> FloatArray:
        """The nearest place."""
        return self.nearest(points)[:, None]


def across(reference: Duals, tangent: Duals) -> tuple[Duals, Duals]:
    """Unit vectors N along ``reference x T`` and along ``N x T``, for a tangent T of any length."""
    normal = _unit(_cross(reference, tangent))
    return normal, _unit(_cross(normal, tangent))


def _cross(u: Duals, v: Duals) -> Duals:
    return tuple(u[k - 2] * v[k - 1] - u[k - 1] * v[k - 2] for k in range(3))


def _unit(vector: Duals) -> Duals:
    x, y, z = vector
    length = (x * x + y * y + z * z).sqrt()
    return x / length, y / length, z / length


@dataclass(frozen=True, eq=False)
class Tube(Piece):
    """The surface at a distance around a curve."""

    core: Core
    radius: float
    cells: ClassVar[tuple[int, ...]] = (8,)
    closed: ClassVar[tuple[bool, ...]] = (True, True)

    def start(self) -> tuple[FloatArray, FloatArray]:
        """The curve's boxes, each at eight parts of a turn."""
        around = np.arange(self.cells[0] + 1) / self.cells[0]
        low, high = self.core.start()
        return grid([low[:, 0], around[:-1]]), grid([high[:, 0], around[1:]])

    def coordinates(self, *parameters: Dual) -> tuple[Dual, ...]:
        """The point at a place along the curve and a turn around it."""
        along, around = parameters
        cosine, sine = around.waves()
        frame = zip(*self.core.frame(along), strict=True)
        return tuple(c + (cosine * n + sine * b) * self.radius for c, n, b in frame)

    def guess(self, points: FloatArray) -> FloatArray:
        """By the nearest place of the curve and the angle around it."""
        s = self.core.nearest(points)
        nothing, quarter = np.zeros(len(s)), np.full(len(s), 0.25)
        here = self.core.enclose(Interval.of(s[:, None]))[0].middle
        first, second = (
            self.enclose(Interval.of(np.stack([s, turn], axis=1)))[0].middle - here
            for turn in (nothing, quarter)
        )
        away = points - here
        return np.stack([s, turned((away * first).sum(axis=1), (away * second).sum(axis=1))], axis=1)
