"""Links by name, and links of any polygons, as curves or as tubes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from topo_core.datasets.base import register
from topo_core.datasets.link_curves import link_curves
from topo_core.datasets.links import Link, set_number
from topo_core.datasets.rounded import Polygon, RoundedPolygon
from topo_core.datasets.thickness import Tubes
from topo_core.datasets.tubes import Core
from topo_core.errors import DataError, shown
from topo_core.links.polygons import FloatArray, checked_link


@dataclass(frozen=True)
class _Tubes(Link):
    """A link whose tubes may be as thick as there is room for."""

    tube_radius: float = 0.0

    @property
    def radius(self) -> float:
        """Of the tubes; 0 for the bare curves."""
        return self.tube_radius

    def _check_radius(self) -> None:
        set_number(self, "tube_radius", "0 or more", lambda r: 0 <= r < math.inf)
        tubes = Tubes(self.cores) if self.tube_radius else None
        if tubes and not tubes.fit(self.tube_radius):
            widest = _rounded_down(tubes.widest())
            allowed = f"from 0 to {widest:g}, where tubes would touch"
            set_number(self, "tube_radius", allowed, lambda _: False)


def _rounded_down(value: float) -> float:
    """Two digits that are no more than a number; 0 for one that is not positive."""
    if value <= 0:
        return 0.0
    digits = 1 - math.floor(math.log10(value))
    return math.floor(value * 10.0**digits) / 10.0**digits


@register
@dataclass(frozen=True)
class NamedLink(_Tubes):
    """A well-known link of smooth closed curves, each of them a class.

    Attributes
    ----------
    link
        A name of ``link_curves.LINK_TITLES``, or ``torus-2-N`` with N even.
    tube_radius
        Of tubes around the curves; 0 for the curves themselves.
    n_per_class
        Training points on each component, 2 or more: equally spaced in the parameter along a curve, random
        and uniform by area on a tube.
    seed
        Seed of the training points on tubes.

    Raises
    ------
    DataError
        For a field out of range.
    UnknownNameError
        When no link has the name.
    """

    name: ClassVar[str] = "named-link"

    link: str = field(default="hopf", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.link, str):
            raise DataError(f"dataset {self.name}: link = {shown(self.link)}: give a name")
        link_curves(self.link)
        self._check_radius()

    @cached_property
    def cores(self) -> tuple[Core, ...]:
        """The curves."""
        return link_curves(self.link)


@register
@dataclass(frozen=True)
class PolygonalLink(_Tubes):
    """A link of closed polygons in space, each of them a class.

    Tubes are drawn around the polygons with rounded corners (``rounded.RoundedPolygon``).

    Attributes
    ----------
    corners
        Of each component at least 3, ``[x, y, z]`` in data units.
    source
        Where it comes from, for people.
    tube_radius
        Of tubes around the polygons; 0 for the polygons themselves.
    n_per_class
        Training points on each component, 2 or more: equally spaced along a polygon, random and uniform by
        area on a tube.
    seed
        Seed of the training points on tubes.

    Raises
    ------
    DataError
        When the polygons are no link (``links.polygons.checked_link``), and for a field out of range.
    """

    name: ClassVar[str] = "polygonal-link"

    corners: tuple[tuple[tuple[float, float, float], ...], ...] = field(default=(), kw_only=True, repr=False)
    source: str = field(default="link", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.source, str):
            raise DataError(f"dataset {self.name}: source = {shown(self.source)}: give text")
        if not isinstance(self.corners, list | tuple):
            raise DataError(f"dataset {self.name}: corners must be a list of polygons")
        parts = checked_link(self.corners, f"dataset {self.name}")
        object.__setattr__(self, "corners", tuple(tuple(map(tuple, part.tolist())) for part in parts))
        self._check_radius()

    @classmethod
    def of(cls, polygons: Sequence[ArrayLike], source: str = "link", tube_radius: float = 0.0) -> Self:
        """The link of some polygons, corners ``(n, 3)`` each."""
        parts = tuple(tuple(map(tuple, np.asarray(part).tolist())) for part in polygons)
        return cls(corners=parts, source=source, tube_radius=tube_radius)

    @property
    def polygons(self) -> tuple[FloatArray, ...]:
        """The corners ``(n, 3)`` of each component."""
        return tuple(np.array(part) for part in self.corners)

    @cached_property
    def cores(self) -> tuple[Core, ...]:
        """The polygons, with rounded corners if there are tubes around them."""
        return tuple(RoundedPolygon(part) if self.tube_radius else Polygon(part) for part in self.corners)

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON; ``from_description`` is the inverse."""
        described = super().describe()
        described["params"]["corners"] = [[list(corner) for corner in part] for part in self.corners]
        return described


def fitted(polygons: tuple[FloatArray, ...], reach: float = 2.0) -> tuple[FloatArray, ...]:
    """The same link in the middle of space, its largest coordinate ``reach``."""
    low = np.min([part.min(axis=0) for part in polygons], axis=0)
    high = np.max([part.max(axis=0) for part in polygons], axis=0)
    half = high / 2 - low / 2
    scale = reach / float(half.max())
    return tuple((part - low - half) * scale for part in polygons)
