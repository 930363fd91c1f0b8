"""Pointwise activations, in NumPy: what a trace evaluates.

An activation carries space along ``x -> (1 - t) x + t sigma(x)`` (essay, theorem on ambient
isotopies). That is injective for every t in [0, 1] exactly when sigma is continuous and strictly
increasing, which ``Activation.injective`` records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Slope of leaky ReLU for negative inputs; PyTorch's default.
LEAKY_SLOPE = 0.01


class Pointwise(Protocol):
    """A function of every number of an array; ``out`` may be the input itself."""

    def __call__(self, x: FloatArray, out: FloatArray | None = None) -> FloatArray:
        """Return the values at ``x``, an array of the same shape, written to ``out`` if given."""


@dataclass(frozen=True)
class Activation:
    """A pointwise activation function sigma.

    Attributes
    ----------
    name
        Its key in ``ACTIVATIONS``, as written in network specs.
    apply
        ``apply(x, out=None)``: float64 arrays of any shape to the same shape.
    injective
        Whether sigma is strictly increasing, and so ``(1 - t) x + t sigma(x)`` a homeomorphism onto
        its range for every t in [0, 1].
    symbol
        How mathematics writes it.
    """

    name: str
    apply: Pointwise
    injective: bool
    symbol: str


def _tanh(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.tanh(x, out=out)


def _sigmoid(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    from scipy.special import expit  # its import takes longer than all else that `list` needs

    result: FloatArray = expit(x, out=out)
    return result


def _softplus(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.logaddexp(0.0, x, out=out)


def _relu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.maximum(x, 0.0, out=out)


def _leaky_relu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.maximum(x, LEAKY_SLOPE * x, out=out)


def _linear(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.positive(x, out=out)


#: Every activation by name.
ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("tanh", _tanh, injective=True, symbol="tanh"),
        Activation("sigmoid", _sigmoid, injective=True, symbol="σ"),
        Activation("softplus", _softplus, injective=True, symbol="softplus"),
        Activation("relu", _relu, injective=False, symbol="ReLU"),
        Activation("leaky_relu", _leaky_relu, injective=True, symbol="LReLU"),
        Activation("linear", _linear, injective=True, symbol="id"),
    )
}
