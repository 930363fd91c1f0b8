"""The essay's low-dimensional examples: curves, spirals, a disc in an annulus, an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from topo_core.datasets.base import (
    MAX_POINTS,
    Component,
    Curve,
    Dataset,
    FloatArray,
    IntArray,
    labelled,
    register,
    seed_number,
    whole_number,
)
from topo_core.errors import DataError, shown

A, B = 0, 1


@dataclass(frozen=True)
class _Wave:
    """``(x, height - cos(pi x) / 2)`` for x from -1 to 1."""

    height: float

    def __call__(self, s: FloatArray) -> FloatArray:
        x = 2 * s - 1
        return np.stack([x, self.height - 0.5 * np.cos(np.pi * x)], axis=-1)


@dataclass(frozen=True)
class _Spiral:
    """``sign * r (cos 2 pi turns s, sin 2 pi turns s)`` with ``r = 0.2 + s``."""

    turns: float
    sign: int

    def __call__(self, s: FloatArray) -> FloatArray:
        angle = 2 * np.pi * self.turns * s
        radius = self.sign * (0.2 + s)
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


@dataclass(frozen=True)
class _Circle:
    """A circle about the origin, counterclockwise for ``direction`` 1 and clockwise for -1."""

    radius: float
    direction: int

    def __call__(self, s: FloatArray) -> FloatArray:
        angle = 2 * np.pi * s
        circle = np.stack([np.cos(angle), self.direction * np.sin(angle)], axis=-1)
        return self.radius * circle


@dataclass(frozen=True)
class _Segment:
    """The segment from ``low`` to ``high`` on the line."""

    low: float
    high: float

    def __call__(self, s: FloatArray) -> FloatArray:
        return ((1 - s) * self.low + s * self.high)[:, None]


@dataclass(frozen=True, kw_only=True)
class _Planar(Dataset):
    """Fields that the essay's examples share, checked."""

    n_per_class: int = 128
    seed: int = 0

    def __post_init__(self) -> None:
        n = whole_number(self.name, "n_per_class", self.n_per_class, 2, MAX_POINTS // 2)
        object.__setattr__(self, "n_per_class", n)
        object.__setattr__(self, "seed", seed_number(self.name, self.seed))

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Take ``n_per_class`` points along each curve, equally spaced in s."""
        return self.dense(self.n_per_class)


@register
@dataclass(frozen=True)
class TwoCurves(_Planar):
    """Two cosine curves, one above the other (essay, first example, picture "simple2_data").

    A, red: ``y = -0.4 - 0.5 cos(pi x)``; B, blue: ``y = 0.4 - 0.5 cos(pi x)``, for x in [-1, 1].
    The essay gives no formula: this one is read off its picture.

    Attributes
    ----------
    n_per_class
        Training points on each curve, 2 or more, equally spaced in x.
    seed
        Unused, since nothing is random.

    Raises
    ------
    DataError
        For a field out of range.
    """

    name: ClassVar[str] = "two-curves"

    @property
    def components(self) -> tuple[Component, ...]:
        """The lower curve, A, and the upper one, B."""
        return (
            Component(A, "A", (Curve(_Wave(-0.4), closed=False),), filled=False),
            Component(B, "B", (Curve(_Wave(0.4), closed=False),), filled=False),
        )


@register
@dataclass(frozen=True)
class Spirals(_Planar):
    """Two entangled spirals (essay, "Continuous Visualization of Layers").

    For t in [0, 1] and ``r = 0.2 + t``, A is ``r (cos 2 pi turns t, sin 2 pi turns t)`` and B is
    -A. The essay gives no formula: this one is read off its animations, where the slightly
    entangled pair has 0.75 turns and the more entangled one 1.

    Attributes
    ----------
    turns
        Turns of each spiral about the origin, above 0 and at most 100.
    n_per_class
        Training points on each spiral, 2 or more, equally spaced in t.
    seed
        Unused, since nothing is random.

    Raises
    ------
    DataError
        For a field out of range.
    """

    name: ClassVar[str] = "spirals"

    turns: float = 0.75

    def __post_init__(self) -> None:
        super().__post_init__()
        numeric = isinstance(self.turns, int | float | np.integer | np.floating)
        if isinstance(self.turns, bool) or not numeric or not 0 < self.turns <= 100:
            raise DataError(
                f"dataset {self.name}: turns = {shown(self.turns)}: give a number above 0, at most 100"
            )
        object.__setattr__(self, "turns", float(self.turns))

    @property
    def components(self) -> tuple[Component, ...]:
        """The spiral A that begins at (0.2, 0), and its half-turn B."""
        return (
            Component(A, "A", (Curve(_Spiral(self.turns, 1), closed=False),), filled=False),
            Component(B, "B", (Curve(_Spiral(self.turns, -1), closed=False),), filled=False),
        )


#: Radius of the disc A; inner and outer radius of the annulus B.
_DISC, _INNER, _OUTER = 1 / 3, 2 / 3, 1.0

#: How many times the disc's area the annulus has.
_AREA_RATIO = 5


def _ring(inner: float, outer: float, u: FloatArray, v: FloatArray) -> FloatArray:
    """Area-preserving map of the unit square to an annulus, ``(n,)`` and ``(n,)`` to ``(n, 2)``."""
    radius = np.sqrt(inner**2 + u * (outer**2 - inner**2))
    return np.stack([radius * np.cos(2 * np.pi * v), radius * np.sin(2 * np.pi * v)], axis=-1)


def _filling(inner: float, outer: float, n: int) -> FloatArray:
    """Fill an annulus, or a disc when ``inner`` is 0, with ``n`` points ``(n, 2)``.

    Each boundary circle has points as close to one another as those inside are, and at least one.
    The inside is a sunflower spiral (Vogel, 1979): equal areas at the golden angle.
    """
    spacing = math.sqrt(math.pi * (outer**2 - inner**2) / n)
    counts = [max(1, round(2 * math.pi * radius / spacing)) for radius in (inner, outer)]
    on_inner = min(counts[0], n // 2) if inner > 0 else 0
    on_outer = min(counts[1], n - on_inner)
    k = np.arange(n - on_inner - on_outer)
    parts = [
        _ring(inner, outer, (k + 0.5) / max(len(k), 1), k * (3 - math.sqrt(5)) / 2 % 1),
        _Circle(outer, 1)(np.arange(on_outer) / on_outer),
    ]
    if on_inner:
        parts.append(_Circle(inner, -1)(np.arange(on_inner) / on_inner))
    return np.concatenate(parts)


@register
@dataclass(frozen=True)
class DiscInAnnulus(_Planar):
    """A disc inside an annulus (essay, "Topology and Classification").

    A is ``|x| < 1/3`` and B is ``2/3 < |x| < 1``. No network whose layers all have at most two
    units can classify it (essay, the claim in that section).

    Attributes
    ----------
    balanced
        Whether half of the points are in A; otherwise they are shared by area, 1 in A to 5 in B,
        and always answering B is right on 5/6 of them.
    n_per_class
        Half the number of training points, 2 or more.
    seed
        Seed of the training points, which are uniform by area.

    Raises
    ------
    DataError
        For a field out of range.
    """

    name: ClassVar[str] = "disc-in-annulus"

    balanced: bool = True
    n_per_class: int = field(default=500, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.balanced, bool | np.bool_):
            raise DataError(f"dataset {self.name}: balanced = {shown(self.balanced)}: give true or false")
        object.__setattr__(self, "balanced", bool(self.balanced))

    @property
    def components(self) -> tuple[Component, ...]:
        """The disc and the annulus, as regions."""
        disc = (Curve(_Circle(_DISC, 1), closed=True),)
        annulus = (Curve(_Circle(_OUTER, 1), closed=True), Curve(_Circle(_INNER, -1), closed=True))
        return (Component(A, "A", disc, filled=True), Component(B, "B", annulus, filled=True))

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Draw ``2 n_per_class`` points, uniformly by area within each class."""
        total = 2 * self.n_per_class
        n_a = self.n_per_class if self.balanced else max(1, round(total / (1 + _AREA_RATIO)))
        u, v = np.random.default_rng(self.seed).random((2, total))
        disc = _ring(0, _DISC, u[:n_a], v[:n_a])
        return labelled((A, disc), (B, _ring(_INNER, _OUTER, u[n_a:], v[n_a:])))

    def dense(self, n_per_component: int = 4000) -> tuple[FloatArray, IntArray]:
        """Fill both regions evenly, boundary circles included; see ``Dataset.dense``."""
        n = self._dense_count(n_per_component)
        n_b = n if self.balanced else _AREA_RATIO * n
        return labelled((A, _filling(0, _DISC, n)), (B, _filling(_INNER, _OUTER, n_b)))


@register
@dataclass(frozen=True)
class Interval(_Planar):
    """An interval between two others on the line (essay, "Topology and Classification").

    A is [-1/3, 1/3]; B is [-1, -2/3] and [2/3, 1]. Points have shape ``(n, 1)``.

    Attributes
    ----------
    n_per_class
        Training points of each class, 2 or more, equally spaced along each segment.
    seed
        Unused, since nothing is random.

    Raises
    ------
    DataError
        For a field out of range.
    """

    name: ClassVar[str] = "interval"

    @property
    def components(self) -> tuple[Component, ...]:
        """The three segments, A in the middle first."""
        segments = (
            (A, "A", -1 / 3, 1 / 3),
            (B, "B left", -1.0, -2 / 3),
            (B, "B right", 2 / 3, 1.0),
        )
        return tuple(
            Component(label, name, (Curve(_Segment(low, high), closed=False),), filled=False)
            for label, name, low, high in segments
        )

    def _spread(self, *counts: int) -> tuple[FloatArray, IntArray]:
        """Equally spaced points, so many on each component."""
        return labelled(
            *(
                (component.label, component.curves[0].path(np.linspace(0, 1, n)))
                for component, n in zip(self.components, counts, strict=True)
            )
        )

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Take ``n_per_class`` points on A and on B, whose two segments share them."""
        n = self.n_per_class
        return self._spread(n, n - n // 2, n // 2)

    def dense(self, n_per_component: int = 4000) -> tuple[FloatArray, IntArray]:
        """Space points equally on the segments, twice as many on A as it is twice as long."""
        n = self._dense_count(n_per_component)
        return self._spread(2 * n, n, n)
