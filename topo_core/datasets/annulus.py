"""The essay's disc in an annulus, two regions of the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from topo_core.datasets.base import Component, Curve, FloatArray, IntArray, labelled, register
from topo_core.datasets.planar import A, B, PlanarDataset
from topo_core.errors import DataError, shown

#: Radius of the disc A; inner and outer radius of the annulus B.
_DISC, _INNER, _OUTER = 1 / 3, 2 / 3, 1.0

#: How many times the disc's area the annulus has.
_AREA_RATIO = 5


@dataclass(frozen=True)
class Circle:
    """A circle about the origin, counterclockwise for ``direction`` 1 and clockwise for -1."""

    radius: float
    direction: int

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 2)`` at the parameters ``(n,)``, of which 0 and 1 are the same point."""
        angle = 2 * np.pi * s
        circle = np.stack([np.cos(angle), self.direction * np.sin(angle)], axis=-1)
        return self.radius * circle


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
        Circle(outer, 1)(np.arange(on_outer) / on_outer),
    ]
    if on_inner:
        parts.append(Circle(inner, -1)(np.arange(on_inner) / on_inner))
    return np.concatenate(parts)


@register
@dataclass(frozen=True)
class DiscInAnnulus(PlanarDataset):
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
        disc = (Curve(Circle(_DISC, 1), closed=True),)
        annulus = (Curve(Circle(_OUTER, 1), closed=True), Curve(Circle(_INNER, -1), closed=True))
        return (Component(A, "A", disc, filled=True), Component(B, "B", annulus, filled=True))

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Draw ``2 n_per_class`` points, uniformly by area within each class."""
        return self.draw()

    def draw(self, *key: int) -> tuple[FloatArray, IntArray]:
        """Draw as many points by the seed and the key; see ``Dataset.draw``."""
        total = 2 * self.n_per_class
        n_a = self.n_per_class if self.balanced else max(1, round(total / (1 + _AREA_RATIO)))
        u, v = np.random.default_rng([self.seed, *key]).random((2, total))
        disc = _ring(0, _DISC, u[:n_a], v[:n_a])
        return labelled((A, disc), (B, _ring(_INNER, _OUTER, u[n_a:], v[n_a:])))

    def dense(self, n_per_component: int = 4000) -> tuple[FloatArray, IntArray]:
        """Fill both regions evenly, boundary circles included; see ``Dataset.dense``."""
        n = self._dense_count(n_per_component)
        n_b = n if self.balanced else _AREA_RATIO * n
        return labelled((A, _filling(0, _DISC, n)), (B, _filling(_INNER, _OUTER, n_b)))
