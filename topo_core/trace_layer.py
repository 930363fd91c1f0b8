"""A layer of a trace: its numbers, its values and its continuous motion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.activations import ACTIVATIONS
from topo_core.flow import Flow
from topo_core.isotopy import LayerPath

FloatArray = NDArray[np.float64]

#: Two neurons that changed places, or none.
Swap = tuple[int, int] | None


def affine(x: FloatArray, weight: FloatArray, bias: FloatArray) -> FloatArray:
    """``W x + b`` of points ``(k, n)``, newly allocated, ``(k, m)``."""
    result = x @ np.ascontiguousarray(weight.T)  # several times faster than the strided transpose
    result += bias
    return result


@dataclass(frozen=True, eq=False)
class TraceLayer:
    """One hidden layer of a trace at one snapshot.

    Attributes
    ----------
    index, name
        0 and ``"layer 1"`` for the first.
    weight, bias
        ``(out, in)`` and ``(out,)``.
    activation
        A name in ``topo_core.activations.ACTIVATIONS``, or ``"flow"``.
    swap
        The two neurons that were swapped to make the last snapshot's determinant positive, or None.
    flow
        Of a layer ``x -> x + F(x)``, whose weight is then the identity and whose bias is 0.
    """

    index: int
    name: str
    weight: FloatArray
    bias: FloatArray
    activation: str
    swap: Swap
    flow: Flow | None = None

    @cached_property
    def path(self) -> LayerPath:
        """The continuous motion from the layer's input to its output."""
        if self.flow is not None:
            return LayerPath(self.weight, self.bias, "linear", self.flow)
        return LayerPath(self.weight, self.bias, self.activation)

    def __call__(self, x: FloatArray) -> FloatArray:
        """``sigma(W x + b)`` or ``x + F(x)`` of points ``(k, in)``, newly allocated, ``(k, out)``."""
        if self.flow is not None:
            return self.flow(x)
        result = affine(x, self.weight, self.bias)
        return ACTIVATIONS[self.activation].apply(result, out=result)

    def jacobian(self, x: FloatArray) -> FloatArray:
        """Its derivative at points ``(k, in)``: ``(k, out, in)``, the output's coordinate first."""
        if self.flow is not None:
            return self.weight + self.flow.jacobian(x)
        slope = ACTIVATIONS[self.activation].slope(affine(x, self.weight, self.bias))
        result: FloatArray = slope[:, :, None] * self.weight
        return result
