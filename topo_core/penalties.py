"""Contractive penalties: what a training run pays for stretching space at the data points.

Rifai, Vincent, Muller, Glorot and Bengio, "Contractive auto-encoders", 2011, penalise the squared
Frobenius norm of a representation's Jacobian at the data points; the essay ("The Easy Way Out")
proposes it against networks that stretch thin what they cannot take apart. Here the Jacobians are
exact, of all restarts and points at once. Two things differ from the paper: the network classifies
instead of encoding, and there are two more places to measure at, because a penalty on the
representation alone is evaded by making it small and the readout large.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from topo_core.activations import LEAKY_SLOPE
from topo_core.errors import SpecError
from topo_core.field_layers import FieldLayer
from topo_core.networks import Network
from topo_core.spec import FLOW

#: Derivative of each activation as a function of its *output*, which is at hand in training; GELU has none.
SLOPES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": lambda h: 1 - h.square(),
    "sigmoid": lambda h: h * (1 - h),
    "softplus": lambda h: -torch.expm1(-h),
    "relu": lambda h: (h > 0).to(h.dtype),
    "leaky_relu": lambda h: LEAKY_SLOPE + (1 - LEAKY_SLOPE) * (h > 0).to(h.dtype),
    "elu": lambda h: 1 + h.clamp(max=0),
    "linear": torch.ones_like,
}


def jacobian_columns(network: Network, columns: Sequence[Tensor]) -> Tensor:
    """Jacobians ``(restarts, d, d_0, n)`` of the final representation at each of n points.

    ``columns`` is what ``network.columns`` makes of the points. Derivatives are carried forward, one
    column for each input coordinate: ``diag(sigma') W`` times the Jacobian of the layers before.

    Raises
    ------
    SpecError
        For an activation whose derivative does not follow from its output.
    """
    _check(network)
    restarts, inputs, n = columns[0].shape
    identity = torch.eye(inputs, dtype=columns[0].dtype)
    jacobian = identity[None, :, :, None].expand(restarts, -1, -1, n)
    for layer, before, after in zip(network.hidden(), columns, columns[1:], strict=False):
        if isinstance(layer, FieldLayer):
            jacobian = jacobian + torch.einsum("rijn,rjkn->rikn", layer.jacobian(before), jacobian)
        else:
            weight, _, activation = layer
            jacobian = _times(weight, jacobian) * SLOPES[activation](after)[:, :, None]
    return jacobian


def _check(network: Network) -> None:
    for name in network.spec.activations:
        if name not in SLOPES and name != FLOW:
            raise SpecError(
                f"network {network.spec}: no penalty knows {name}; use one of {', '.join((*SLOPES, FLOW))}"
            )


def _times(weight: Tensor, jacobian: Tensor) -> Tensor:
    """``(restarts, m, d)`` times ``(restarts, d, d_0, n)``."""
    return torch.bmm(weight, jacobian.flatten(2)).view(*weight.shape[:2], *jacobian.shape[2:])


def representation_penalty(network: Network, columns: Sequence[Tensor]) -> Tensor:
    """Squared Frobenius norm of the final representation's Jacobian, mean over points, ``(restarts,)``."""
    return jacobian_columns(network, columns).square().sum((1, 2)).mean(1)


def logit_penalty(network: Network, columns: Sequence[Tensor]) -> Tensor:
    """Squared norm of the gradient of two logits' difference, mean over points, ``(restarts,)``.

    With more than two classes it is summed over the pairs: by Lagrange's identity, the number of
    classes times the sum of squared deviations from their mean.
    """
    gradients = _times(network.weights[-1], jacobian_columns(network, columns))
    deviations = gradients - gradients.mean(1, keepdim=True)
    return network.n_classes * deviations.square().sum((1, 2)).mean(1)


def layers_penalty(network: Network, columns: Sequence[Tensor]) -> Tensor:
    """Squared Frobenius norm of each layer's own Jacobian, mean over points, summed, ``(restarts,)``."""
    _check(network)
    total = columns[0].new_zeros(len(columns[0]))
    for layer, before, after in zip(network.hidden(), columns, columns[1:], strict=False):
        if isinstance(layer, FieldLayer):
            own = layer.jacobian(before)
            identity = torch.eye(own.shape[1], dtype=own.dtype)[..., None]
            total = total + (own + identity).square().sum((1, 2)).mean(1)
        else:
            weight, _, activation = layer
            total = total + (weight.square().sum(2) * SLOPES[activation](after).square().mean(2)).sum(1)
    return total


#: Every penalty by the name that ``Recipe.penalty`` gives it.
PENALTIES: dict[str, Callable[[Network, Sequence[Tensor]], Tensor]] = {
    "representation": representation_penalty,
    "logit": logit_penalty,
    "layers": layers_penalty,
}
