"""How a vector field in continuous time is integrated, and cut into the steps of a trace."""

from __future__ import annotations

import math
from dataclasses import dataclass

from topo_core.errors import SpecError, UnknownNameError

#: Solvers of torchdiffeq that adapt their steps, and those with equal steps.
ADAPTIVE, FIXED = ("dopri5", "bosh3"), ("rk4", "midpoint", "euler")


@dataclass(frozen=True)
class ContinuousTime:
    """What a flow layer is in continuous time: the time-1 map of ``dx/dt = F(x, t)``.

    F has the form of a flow layer's field (``topo_core.flow``), with centres and a width that stay and
    vectors that change linearly between ``knots``.

    Attributes
    ----------
    knots
        Equally spaced instants, the first at 0 and the last at 1, at which vectors are learned; with 1 they
        stay.
    solver
        Of torchdiffeq: one of ``ADAPTIVE`` or ``FIXED``.
    rtol, atol
        Tolerances of an adaptive solver.
    steps
        Of a solver with equal steps.
    speed
        What the norm of F's derivative is kept at or below while it is trained, wherever it is looked at, per
        unit of time. Any finite one can be undone; it decides how fine the steps of a trace must be.
    layers
        Flow layers of the trace for each layer in continuous time.

    Raises
    ------
    SpecError
        For a value out of range.
    """

    knots: int = 3
    solver: str = "dopri5"
    rtol: float = 1e-4
    atol: float = 1e-4
    steps: int = 16
    speed: float = 16.0
    layers: int = 96

    def __post_init__(self) -> None:
        if self.solver not in (*ADAPTIVE, *FIXED):
            raise SpecError(str(UnknownNameError("solver", self.solver, (*ADAPTIVE, *FIXED))))
        for name in ("knots", "steps", "layers"):
            if getattr(self, name) < 1:
                raise SpecError(f"{name} = {getattr(self, name)}: must be at least 1")
        for name in ("rtol", "atol", "speed"):
            if not 0 < getattr(self, name) < math.inf:
                raise SpecError(f"{name} = {getattr(self, name)}: must be positive and finite")
        if not self.speed < self.layers:
            raise SpecError(
                f"speed = {self.speed} in {self.layers} layers: steps of a trace must be shorter than "
                "1 / speed: give more layers"
            )
