"""The essay's low-dimensional examples along curves: two curves, spirals, an interval."""

from __future__ import annotations

from dataclasses import dataclass
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
class _Segment:
    """The segment from ``low`` to ``high`` on the line."""

    low: float
    high: float

    def __call__(self, s: FloatArray) -> FloatArray:
        return ((1 - s) * self.low + s * self.high)[:, None]


@dataclass(frozen=True, kw_only=True)
class PlanarDataset(Dataset):
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
class TwoCurves(PlanarDataset):
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
class Spirals(PlanarDataset):
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


@register
@dataclass(frozen=True)
class Interval(PlanarDataset):
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
