"""The essay's links in space: two linked tori, and two curves that only look linked."""

from __future__ import annotations

import string
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from topo_core.datasets.base import Component, Curve, FloatArray, IntArray, labelled, register
from topo_core.datasets.planar import PlanarDataset
from topo_core.datasets.surfaces import Surface
from topo_core.datasets.tubes import Core, Ring, Tube, Winding
from topo_core.errors import DataError, shown


@dataclass(frozen=True, kw_only=True)
class Link(PlanarDataset):
    """Closed curves in space, A, B and so on, or the tubes around them; each is a class."""

    @property
    @abstractmethod
    def cores(self) -> tuple[Core, ...]:
        """The curves."""

    @property
    @abstractmethod
    def radius(self) -> float:
        """Of the tubes; 0 for the bare curves."""

    @property
    def components(self) -> tuple[Component, ...]:
        """The core curves and, if they are tubes, the surfaces."""
        return tuple(
            Component(
                *(label, name, (Curve(core, closed=True),)),
                filled=False,
                surface=Surface(Tube(core, self.radius), closed=(True, True)) if self.radius else None,
            )
            for label, (name, core) in enumerate(zip(self.class_names, self.cores, strict=True))
        )

    @property
    def class_names(self) -> tuple[str, ...]:
        """A, B, C and so on; numbers after Z."""
        letters = string.ascii_uppercase
        return tuple(letters[k] if k < len(letters) else str(k + 1) for k in range(len(self.cores)))

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Draw points on the tubes, uniformly by area; or space them equally in s along the curves."""
        return self.draw() if self.radius else self.dense(self.n_per_class)

    def draw(self, *key: int) -> tuple[FloatArray, IntArray]:
        """Draw as many points on the tubes by the seed and the key; see ``Dataset.draw``."""
        if not self.radius:
            return super().draw(*key)
        shares = np.random.default_rng([self.seed, *key]).random((len(self.cores), self.n_per_class, 2))
        surfaces = ((c.label, c.surface) for c in self.components)
        drawn = zip(surfaces, shares, strict=True)
        return labelled(*((label, surface.at(s)) for (label, surface), s in drawn if surface))


@register
@dataclass(frozen=True)
class LinkedTori(Link):
    """Two linked tori (essay, "Links And Homotopy", picture "link").

    The cores are two circles of the same radius R, A in the plane z = 0 about (-R/2, 0, 0) and B in the
    plane y = 0 about (R/2, 0, 0): each goes through the other's centre, all points of one are at distance R
    from the other, and their linking number is 1 (the Hopf link).

    Attributes
    ----------
    core_radius
        R, above 0 and at most 100.
    tube_radius
        Radius of the tubes, above 0 and less than R/2, where they would touch.
    n_per_class
        Training points on each torus, 2 or more.
    seed
        Seed of the training points, which are uniform by area.

    Raises
    ------
    DataError
        For a field out of range.
    """

    name: ClassVar[str] = "linked-tori"

    core_radius: float = 1.0
    tube_radius: float = 0.3
    n_per_class: int = field(default=500, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        set_number(self, "core_radius", "above 0 and at most 100", lambda r: 0 < r <= 100)
        set_number(
            self,
            "tube_radius",
            f"above 0 and less than half of core_radius, {self.core_radius / 2:g}",
            lambda r: 0 < r < self.core_radius / 2,
        )

    @property
    def cores(self) -> tuple[Core, Core]:
        """The two circles."""
        r = self.core_radius
        return (
            Ring((-r / 2, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), r),
            Ring((r / 2, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), r),
        )

    @property
    def radius(self) -> float:
        """Of the tubes."""
        return self.tube_radius


@register
@dataclass(frozen=True)
class Unlink(Link):
    """A circle and a curve that winds around it and back: they look linked (picture "unlink-2spiral").

    A, red, is the circle ``2 (cos a, sin a, 0)``; B, blue, stays at distance 1 from it, see
    ``tubes.Winding``. The angle at which B goes around A can be shrunk to a constant, so the two curves
    can be pulled apart, and their linking number is 0. The essay gives no formula: this one is read off
    its picture, which has 1.5 turns.

    Attributes
    ----------
    turns
        How many times B goes around A, forwards and then backwards, from 0 to 3.
    tube_radius
        Of tubes around the curves, from 0 (the curves themselves) to ``0.3 / max(turns, 1)``: B bends so
        sharply where its turns begin that a thicker tube would cut into itself.
    n_per_class
        Training points on each component, 2 or more: equally spaced in the parameter along a curve, random
        and uniform by area on a tube.
    seed
        Seed of the training points on tubes.

    Raises
    ------
    DataError
        For a field out of range.
    """

    name: ClassVar[str] = "unlink"

    turns: float = 1.5
    tube_radius: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        set_number(self, "turns", "from 0 to 3", lambda n: 0 <= n <= 3)
        widest = round(0.3 / max(self.turns, 1), 3)
        set_number(self, "tube_radius", f"from 0 to {widest:g}", lambda r: 0 <= r <= widest)

    @property
    def cores(self) -> tuple[Core, Core]:
        """The circle and the curve around it."""
        return Ring((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 2.0), Winding(self.turns)

    @property
    def radius(self) -> float:
        """Of the tubes; 0 for the bare curves."""
        return self.tube_radius


def set_number(dataset: Link, name: str, allowed: str, valid: Callable[[float], bool]) -> None:
    """Replace a field by the same number as a float, or raise a DataError."""
    value = getattr(dataset, name)
    numeric = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not numeric or not valid(value):
        raise DataError(f"dataset {dataset.name}: {name} = {shown(value)}: give a number {allowed}")
    object.__setattr__(dataset, name, float(value))
