"""How a link is taken apart: what decides the motion, and the flow layers fitted to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from topo_core.errors import SpecError


@dataclass(frozen=True)
class Fit:
    """How flows are fitted to a motion.

    Attributes
    ----------
    anchors
        How many, spread over the moving points.
    scale
        Of the Gaussians, in data units.
    ridge
        Of the least squares: large vectors that cancel would follow the motion better and change fast.
    slope
        Largest norm of a field's derivative at the places where it is sampled, below 1: how far one layer may
        go.

    Raises
    ------
    SpecError
        For a value out of range.
    """

    anchors: int = 40
    scale: float = 0.8
    ridge: float = 0.1
    slope: float = 0.3

    def __post_init__(self) -> None:
        if self.anchors < 1:
            raise SpecError(f"anchors = {self.anchors}: must be at least 1")
        for name in ("scale", "ridge"):
            if not 0 < getattr(self, name) < math.inf:
                raise SpecError(f"{name} = {getattr(self, name)}: must be positive and finite")
        if not 0 < self.slope < 1:
            raise SpecError(f"slope = {self.slope}: must be between 0 and 1")


@dataclass(frozen=True)
class Unlinking:
    """How two closed curves are moved apart, and the motion is carried out by flow layers.

    Attributes
    ----------
    vertices
        Of the polygon along each curve.
    noise
        Standard deviation, in data units, by which the seed moves the vertices at the start, out of every
        symmetric position.
    reach
        Distance between edges, in mean edge lengths, below which a barrier is added to the energy.
    steps
        Of the descent, at most.
    margin
        Distance of the polygons to the plane between them, in data units, at which the descent ends.
    every
        Of how many steps of the descent one is followed by the layers.
    fit
        How.

    Raises
    ------
    SpecError
        For a value out of range.
    """

    vertices: int = 100
    noise: float = 1e-3
    reach: float = 0.6
    steps: int = 400
    margin: float = 2.0
    every: int = 4
    fit: Fit = field(default_factory=Fit)

    def __post_init__(self) -> None:
        for name, least in (("vertices", 5), ("steps", 1), ("every", 1)):
            if getattr(self, name) < least:
                raise SpecError(f"{name} = {getattr(self, name)}: must be at least {least}")
        for name in ("noise", "reach", "margin"):
            if not 0 <= getattr(self, name) < math.inf:
                raise SpecError(f"{name} = {getattr(self, name)}: must be 0 or more, and finite")
