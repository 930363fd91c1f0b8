"""The steps of a layer's path: linear map, translation, activation, or flow.

Each is a pure function of points ``(k, d)`` and of how far the step is, ``t`` in [0, 1] (essay,
proof of the theorem on ambient isotopies).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from topo_core.activations import Activation
from topo_core.flow import Flow
from topo_core.linear_path import LinearPath
from topo_core.lipschitz import changes_slowly

FloatArray = NDArray[np.float64]


class Step(Protocol):
    """One part of a layer's path."""

    @property
    def kind(self) -> str:
        """``"linear"``, ``"translation"``, ``"activation"`` or ``"flow"``."""

    @property
    def label(self) -> str:
        """What to call it on screen: the kind, or the activation's name."""

    @property
    def homeomorphism(self) -> bool:
        """Whether it is a homeomorphism onto its range for all t in [0, 1]."""

    @property
    def reason(self) -> str:
        """Why it is not one, in a sentence; empty if it is."""

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)``; at t = 0 they stay where they are, exactly."""


@dataclass(frozen=True, eq=False)
class LinearStep:
    """``x -> p(t) x`` along a ``LinearPath``."""

    path: LinearPath
    reason: str
    kind: str = "linear"
    label: str = "linear"

    @property
    def homeomorphism(self) -> bool:
        """Whether every ``p(t)`` is invertible."""
        return not self.reason

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)``."""
        return x.copy() if t == 0 else self.path(x, t)


@dataclass(frozen=True, eq=False)
class TranslationStep:
    """``x -> x + t b`` with ``b`` of shape ``(d,)``."""

    offset: FloatArray
    kind: str = "translation"
    label: str = "translation"
    reason: str = ""

    @property
    def homeomorphism(self) -> bool:
        """Always: a translation is undone by the opposite one."""
        return True

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)``."""
        return x + t * self.offset


@dataclass(frozen=True, eq=False)
class ActivationStep:
    """``x -> (1 - t) x + t sigma(x)`` in the first ``outputs`` coordinates."""

    activation: Activation
    outputs: int
    kind: str = "activation"

    @property
    def label(self) -> str:
        """The activation's name."""
        return self.activation.name

    @property
    def reason(self) -> str:
        """Why it is not injective; empty if it is."""
        if self.activation.injective:
            return ""
        return f"{self.activation.symbol} is not injective: it {self.activation.folds}."

    @property
    def homeomorphism(self) -> bool:
        """Whether sigma is strictly increasing."""
        return self.activation.injective

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)``."""
        moved = x.copy()
        active = moved[:, : self.outputs]
        if t == 1:
            self.activation.apply(active, out=active)
        elif t > 0:
            target = self.activation.apply(active)
            target *= t
            active *= 1 - t
            active += target
        return moved


@dataclass(frozen=True, eq=False)
class FlowStep:
    """``x -> x + t F(x)`` along a vector field."""

    flow: Flow
    kind: str = "flow"
    label: str = "flow"

    @cached_property
    def homeomorphism(self) -> bool:
        """Whether the field is proven to change more slowly than points move, for about 0.1 s."""
        return changes_slowly(self.flow)

    @property
    def reason(self) -> str:
        """Why it may not be injective; empty if it is."""
        if self.homeomorphism:
            return ""
        return "The field is not proven to change more slowly than points move, so points may meet."

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)``."""
        return x.copy() if t == 0 else self.flow(x, t)


def embed(x: FloatArray, dimension: int) -> FloatArray:
    """Copy points ``(k, n)`` into a space of ``dimension >= n`` as ``(x, 0)``."""
    result = np.zeros((len(x), dimension))
    result[:, : x.shape[1]] = x
    return result
