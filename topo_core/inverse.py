"""The inverse of a layer: back from a representation to the points that it came from.

Essay, "Topology of tanh Layers", the theorem that a layer with as many outputs as inputs and a non-singular
weight is a homeomorphism, "though one needs to be careful about domain and range". Its proof is the program:
``y -> W^-1 (sigma^-1(y) - b)``, each step continuous. The domain is all of R^n, and the range is the open box
of the activation, for tanh ``(-1, 1)^n``: points outside have no inverse, and neither have those that
saturation rounds to its edge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.activations import ACTIVATIONS, LEAKY_SLOPE
from topo_core.errors import TopoError
from topo_core.linear_path import determinant_sign
from topo_core.trace import Trace
from topo_core.trace_layer import TraceLayer

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class ActivationInverse:
    """The inverse of a strictly increasing pointwise activation.

    Attributes
    ----------
    name
        The activation's key in ``topo_core.activations.ACTIVATIONS``.
    apply
        From the open interval ``(low, high)`` to all real numbers, for arrays of any shape.
    low, high
        The activation's range.
    symbol
        How mathematics writes the inverse.
    """

    name: str
    apply: Callable[[FloatArray], FloatArray]
    low: float
    high: float
    symbol: str


def _artanh(y: FloatArray) -> FloatArray:
    result: FloatArray = np.arctanh(y)
    return result


def _logit(y: FloatArray) -> FloatArray:
    from scipy.special import logit  # imported where it is needed, as its inverse is

    result: FloatArray = logit(y)
    return result


def _softplus_inverse(y: FloatArray) -> FloatArray:
    result: FloatArray = y + np.log(-np.expm1(-y))
    return result


def _leaky_relu_inverse(y: FloatArray) -> FloatArray:
    return np.where(y < 0, y / LEAKY_SLOPE, y)


def _elu_inverse(y: FloatArray) -> FloatArray:
    return np.where(y < 0, np.log1p(np.minimum(y, 0.0)), y)


def _linear(y: FloatArray) -> FloatArray:
    return y.copy()


#: The inverse of every activation that has one, by the activation's name.
INVERSES: dict[str, ActivationInverse] = {
    inverse.name: inverse
    for inverse in (
        ActivationInverse("tanh", _artanh, -1.0, 1.0, "artanh"),
        ActivationInverse("sigmoid", _logit, 0.0, 1.0, "logit"),
        ActivationInverse("softplus", _softplus_inverse, 0.0, np.inf, "softplus⁻¹"),
        ActivationInverse("leaky_relu", _leaky_relu_inverse, -np.inf, np.inf, "LReLU⁻¹"),
        ActivationInverse("elu", _elu_inverse, -1.0, np.inf, "ELU⁻¹"),
        ActivationInverse("linear", _linear, -np.inf, np.inf, "id"),
    )
}


@dataclass(frozen=True, eq=False)
class LayerInverse:
    """``y -> W^-1 (sigma^-1(y) - b)``, from a layer's range back to its input space; of a flow, its inverse.

    Rounding costs about ``1e-16 |y| / sigma'`` in each coordinate, times the norm of ``W^-1``: little where
    the layer is gentle, everything where it saturates.

    Parameters
    ----------
    layer
        As many outputs as inputs.

    Raises
    ------
    TopoError
        When the layer changes the dimension, its weight is singular (decided exactly up to 100 x 100), or
        its activation sends different numbers to one.
    """

    layer: TraceLayer

    def __post_init__(self) -> None:
        if self.layer.flow is not None:
            return
        outputs, inputs = self.layer.weight.shape
        if outputs != inputs:
            raise TopoError(
                f"{self.layer.name} goes from {inputs} to {outputs} dimensions: only a layer with as many "
                "outputs as inputs has an inverse"
            )
        if determinant_sign(self.layer.weight) == 0:
            raise TopoError(
                f"{self.layer.name} has a singular weight: it sends different points to one, and there is no "
                "inverse to ask for"
            )
        if self.layer.activation not in INVERSES:
            raise TopoError(
                f"{self.layer.name} has the activation {ACTIVATIONS[self.layer.activation].symbol}, which "
                f"sends different numbers to one: choose one of {', '.join(INVERSES)}"
            )

    @cached_property
    def activation(self) -> ActivationInverse:
        """The inverse of its activation."""
        return INVERSES[self.layer.activation]

    def __call__(self, y: FloatArray) -> FloatArray:
        """The points ``(k, n)`` that the layer carries to the points ``y`` ``(k, n)``, newly allocated.

        Raises
        ------
        TopoError
            When the points have another dimension, one is outside of the layer's range, or the weight is
            too nearly singular to solve with.
        """
        layer = self.layer
        if layer.flow is not None:
            return layer.flow.inverse(y)
        activation = self.activation
        n = len(layer.bias)
        if y.ndim != 2 or y.shape[1] != n:
            raise TopoError(f"points of shape {y.shape}: the range of {layer.name} has points (k, {n})")
        outside = ~((activation.low < y) & (y < activation.high) & np.isfinite(y))
        if outside.any():
            k, i = (int(index[0]) for index in np.nonzero(outside))
            raise TopoError(
                f"point {k} has the coordinate {float(y[k, i])!r}, outside of the range of {layer.name}, "
                f"which lies between {activation.low:g} and {activation.high:g} without the ends: give "
                "points that the layer reaches"
            )
        z = activation.apply(y)
        z -= layer.bias
        try:
            x = np.ascontiguousarray(np.linalg.solve(layer.weight, z.T).T, dtype=np.float64)
        except np.linalg.LinAlgError:
            x = np.full_like(y, np.nan)
        if not np.isfinite(x).all():
            raise TopoError(
                f"{layer.name} has a weight too nearly singular to undo in double precision: "
                "use one with a larger smallest singular value"
            )
        return x


def recovered(trace: Trace, h: FloatArray, snapshot: int = -1) -> list[FloatArray]:
    """All representations of the points whose final representation is ``h``: the network backwards.

    The counterpart of ``Trace.representations``; it looks at nothing but ``h`` and the weights.

    Parameters
    ----------
    trace
        Every hidden layer with an inverse.
    h
        ``(k, d)``, float64, points that the last hidden layer reaches.
    snapshot
        Which snapshot of the weights, counted from the end if negative.

    Returns
    -------
    ``n_layers + 1`` arrays ``(k, d)``, the input first and ``h`` last.

    Raises
    ------
    TopoError
        As for :class:`LayerInverse`.
    """
    result = [np.array(h, dtype=np.float64)]
    inverses = [LayerInverse(layer) for layer in trace.layers_at(snapshot)]
    for inverse in reversed(inverses):
        result.append(inverse(result[-1]))
    return result[::-1]
