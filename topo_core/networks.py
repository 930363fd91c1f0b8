"""Batches of small networks as one tensor program.

A layer is ``sigma(W x + b)`` with ``W`` of shape ``(out, in)`` (essay, "Continuous Visualization of
Layers"); the readout is linear. Every parameter carries a leading axis of *restarts*, so that many
independent networks cost little more than one: with units of two neurons the time goes into calling
kernels, not into arithmetic. Flow layers (``topo_core.field_layers``) may be among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from topo_core.continuous.layer import ContinuousLayer
from topo_core.continuous.recipe import ContinuousTime
from topo_core.errors import SpecError
from topo_core.field_layers import FieldLayer
from topo_core.recipe import VectorFields
from topo_core.spec import FLOW, NetworkSpec

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": lambda x: nn.functional.softplus(x, threshold=40),  # exact: linear only past rounding
    "relu": torch.relu,
    "leaky_relu": nn.functional.leaky_relu,
    "elu": nn.functional.elu,
    "gelu": nn.functional.gelu,
    "linear": lambda x: x,
}

INITIALISERS: dict[str, Callable[..., Tensor]] = {
    "xavier": nn.init.xavier_normal_,
    "orthogonal": nn.init.orthogonal_,
}


class Network(nn.Module):
    """``restarts`` independent networks of one architecture, in float64.

    Parameters
    ----------
    spec
        Widths and activations of the hidden layers.
    n_classes
        Rows of the linear readout, at least 2.
    restarts
        How many networks; the leading axis of every parameter.
    seed
        Restart ``r`` is initialised from ``(seed, r)`` alone: adding restarts never changes the
        earlier ones.
    init, gain
        ``"xavier"`` (Glorot and Bengio, 2010) or ``"orthogonal"`` (Saxe et al., 2014), times ``gain``.
    fields
        How flow layers begin.
    points
        Training points in columns ``(d, n)``, among which they have their anchors; needed if there are any.
    time
        With it, flow layers are time-1 maps in continuous time (``topo_core.continuous.layer``).

    Attributes
    ----------
    weights, biases
        Of the layers that are no flows, in their order, and of the readout.
    flows
        The flow layers, in their order.

    Raises
    ------
    SpecError
        For fewer than two classes, an unknown initialiser, or a flow layer without points.
    """

    def __init__(
        self,
        spec: NetworkSpec,
        n_classes: int = 2,
        *,
        restarts: int = 1,
        seed: int = 0,
        init: str = "xavier",
        gain: float = 1.0,
        fields: VectorFields | None = None,
        points: Tensor | None = None,
        time: ContinuousTime | None = None,
    ) -> None:
        super().__init__()
        if n_classes < 2:
            raise SpecError(f"n_classes = {n_classes}: a readout needs at least 2 classes")
        if FLOW in spec.activations and points is None:
            raise SpecError(
                f"network {spec}: flow layers have their anchors among training points: give the points"
            )
        if init not in INITIALISERS:
            raise SpecError(f"init = {init!r}: use one of {', '.join(INITIALISERS)}")
        self.spec = spec
        self.n_classes = n_classes
        generators = [
            torch.Generator().manual_seed(
                int(np.random.SeedSequence([seed, r]).generate_state(1, np.uint32)[0])
            )
            for r in range(restarts)
        ]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        self.flows = nn.ModuleList()
        h = None if points is None else points.expand(restarts, -1, -1)
        outputs = zip((*spec.widths[1:], n_classes), (*spec.activations, "linear"), strict=True)
        for n_in, (n_out, name) in zip(spec.widths, outputs, strict=True):
            if name == FLOW and h is not None:
                self.flows.append(_flow_layer(h, fields or VectorFields(), generators, time))
                continue
            weight = torch.empty(restarts, n_out, n_in, dtype=torch.float64)
            for r, generator in enumerate(generators):
                INITIALISERS[init](weight[r], gain, generator=generator)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(torch.zeros(restarts, n_out, 1, dtype=torch.float64)))
            if h is not None:
                h = ACTIVATIONS[name](torch.bmm(weight, h))

    def hidden(self) -> Iterator[FieldLayer | tuple[Tensor, Tensor, str]]:
        """The hidden layers: a flow, or weight, bias and the activation's name."""
        affine, flows = iter(zip(self.weights, self.biases, strict=True)), iter(self.flows)
        for name in self.spec.activations:
            yield next(flows) if name == FLOW else (*next(affine), name)  # type: ignore[misc]

    def columns(self, x: Tensor) -> list[Tensor]:
        """Every representation of points in columns ``(d, n)``, the input first, then the logits.

        Returns a list of ``n_layers + 2`` tensors of shape ``(restarts, width, n)``. Columns keep
        each unit's values contiguous, which halves the time of the activations.
        """
        h = x.expand(len(self.weights[0]), -1, -1)
        result = [h]
        for layer in self.hidden():
            if isinstance(layer, FieldLayer):
                h = layer(h)
            else:
                weight, bias, name = layer
                h = ACTIVATIONS[name](torch.baddbmm(bias, weight, h))
            result.append(h)
        result.append(torch.baddbmm(self.biases[-1], self.weights[-1], h))
        return result

    def logit_columns(self, x: Tensor) -> Tensor:
        """Logits ``(restarts, n_classes, n)`` of points in columns ``(d, n)``."""
        return self.columns(x)[-1]

    def representations(self, x: Tensor) -> list[Tensor]:
        """Every layer's representation of the points ``x`` of shape ``(n, d)``, the input first.

        Returns a list of ``n_layers + 1`` tensors of shape ``(restarts, n, width)``.
        """
        return [h.mT for h in self.columns(x.mT)[:-1]]

    def forward(self, x: Tensor) -> Tensor:
        """Logits of shape ``(restarts, n, n_classes)`` for points ``(n, d)``."""
        return self.columns(x.mT)[-1].mT


def _flow_layer(
    points: Tensor, fields: VectorFields, generators: list[torch.Generator], time: ContinuousTime | None
) -> FieldLayer:
    if time is None:
        return FieldLayer(points, fields, generators)
    return ContinuousLayer(points, fields, generators, time)
