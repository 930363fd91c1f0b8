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
    slope
        The derivative ``sigma'(x)``, likewise; that of the right side where there are two.
    injective
        Whether sigma is strictly increasing, and so ``(1 - t) x + t sigma(x)`` a homeomorphism onto
        its range for every t in [0, 1].
    symbol
        How mathematics writes it.
    folds
        Where it is not injective, how different numbers become one: what follows "it".
    """

    name: str
    apply: Pointwise
    slope: Pointwise
    injective: bool
    symbol: str
    folds: str = ""


def _tanh(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.tanh(x, out=out)


def _tanh_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    small: FloatArray = np.exp(-2 * np.abs(x))  # not 1 - tanh^2, which cancels where tanh saturates
    small *= 4 / (1 + small) ** 2
    return np.positive(small, out=out)


def _sigmoid(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    from scipy.special import expit  # its import takes longer than all else that `list` needs

    result: FloatArray = expit(x, out=out)
    return result


def _sigmoid_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    small: FloatArray = np.exp(-np.abs(x))
    small /= (1 + small) ** 2
    return np.positive(small, out=out)


def _softplus(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.logaddexp(0.0, x, out=out)


def _softplus_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return _sigmoid(x, out)


def _relu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.maximum(x, 0.0, out=out)


def _relu_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.heaviside(x, 1.0, out=out)


def _leaky_relu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.maximum(x, LEAKY_SLOPE * x, out=out)


def _leaky_relu_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    result = np.heaviside(x, 1.0, out=out)
    return np.maximum(result, LEAKY_SLOPE, out=result)


def _elu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.positive(np.where(x > 0, x, np.expm1(np.minimum(x, 0.0))), out=out)


def _elu_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    result = np.minimum(x, 0.0, out=out)
    return np.exp(result, out=result)


def _gelu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    from scipy.special import ndtr

    result: FloatArray = np.multiply(x, ndtr(x), out=out)
    return result


def _gelu_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    from scipy.special import ndtr

    near = np.clip(x, -40.0, 40.0)  # the density is 0 beyond
    result: FloatArray = ndtr(x) + near * np.exp(-0.5 * near**2) / np.sqrt(2 * np.pi)
    return np.positive(result, out=out)


def _linear(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.positive(x, out=out)


def _linear_slope(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    return np.power(x, 0, out=out)


#: Every activation by name.
ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("tanh", _tanh, _tanh_slope, injective=True, symbol="tanh"),
        Activation("sigmoid", _sigmoid, _sigmoid_slope, injective=True, symbol="σ"),
        Activation("softplus", _softplus, _softplus_slope, injective=True, symbol="softplus"),
        Activation("relu", _relu, _relu_slope, False, "ReLU", "sends all negative numbers to 0"),
        Activation("leaky_relu", _leaky_relu, _leaky_relu_slope, injective=True, symbol="LReLU"),
        Activation("elu", _elu, _elu_slope, injective=True, symbol="ELU"),
        Activation("gelu", _gelu, _gelu_slope, False, "GELU", "falls before it rises"),
        Activation("linear", _linear, _linear_slope, injective=True, symbol="id"),
    )
}
