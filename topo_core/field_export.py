"""Trained layers, some of them flows, as a trace holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.flow import Flow, Flows
from topo_core.gentle import gentle
from topo_core.spec import FLOW, NetworkSpec
from topo_core.trace_layer import Swap

FloatArray = NDArray[np.float64]

#: How many parameters a flow layer has: vectors, anchors, logarithm of the scale.
_PARTS = 3


@dataclass(frozen=True)
class HiddenLayers:
    """Hidden layers as the fields of a trace, one entry a layer.

    Attributes
    ----------
    weights, biases, flows, swaps
        As of ``Trace``.
    carried
        Layers, counted from 1, whose units changed places and are followed by flows, whose coordinates
        changed places with them.
    shares
        Of each flow layer in order, what is left of the last snapshot's vectors (``topo_core.gentle``).
    """

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    flows: tuple[Flows | None, ...]
    swaps: tuple[Swap, ...]
    carried: tuple[int, ...]
    shares: tuple[float, ...]


def flows_of(parameters: Sequence[FloatArray]) -> list[Flows]:
    """Flows of all snapshots, from their parameters ``(S, ...)`` in the order of ``FieldLayer``."""
    triples = [parameters[k : k + _PARTS] for k in range(0, len(parameters), _PARTS)]
    return [Flows(anchors, vectors, np.exp(log_scales[:, 0, 0])) for vectors, anchors, log_scales in triples]


def arranged(
    spec: NetworkSpec,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    swaps: Sequence[Swap],
    flows: Sequence[Flows],
) -> HiddenLayers:
    """Put the layers in the network's order; the last snapshot's flows are proven to fold nothing.

    Where units of a layer changed places and flows follow, their coordinates change places too, up to the
    next layer that reads them by columns. The network as it is then needs no note of that.

    Parameters
    ----------
    spec
        The network.
    weights, biases, swaps
        Of the layers that are no flows, in order, swapped (``training.swap_in_all``).
    flows
        Of the others, in order.

    Raises
    ------
    TopoError
        When a flow cannot be proven to fold nothing.
    """
    affine, moving = iter(zip(weights, biases, swaps, strict=True)), iter(flows)
    out_weights: list[FloatArray] = []
    out_biases: list[FloatArray] = []
    out_flows: list[Flows | None] = []
    out_swaps: list[Swap] = []
    carried: list[int] = []
    shares: list[float] = []
    pending: Swap = None
    for k, name in enumerate(spec.activations, 1):
        if name == FLOW:
            if pending is not None and out_flows[-1] is None:
                carried.append(k - 1)
                out_swaps[-1] = None
            flow, share = _gentle_at_last(_with_swapped(next(moving), pending))
            shares.append(share)
            out_flows.append(flow)
            out_swaps.append(None)
            out_weights.append(np.zeros(0))  # a trace puts the identity here
            out_biases.append(np.zeros(0))
            continue
        weight, bias, pending = next(affine)
        out_weights.append(weight)
        out_biases.append(bias)
        out_flows.append(None)
        out_swaps.append(pending)
    return HiddenLayers(
        *(tuple(out_weights), tuple(out_biases), tuple(out_flows), tuple(out_swaps)),
        *(tuple(carried), tuple(shares)),
    )


def _with_swapped(flows: Flows, pair: Swap) -> Flows:
    """The same motion in coordinates of which two have changed places."""
    if pair is None:
        return flows
    order = np.arange(flows.anchors.shape[2])
    order[list(pair)] = order[list(pair)[::-1]]
    return Flows(flows.anchors[:, :, order], flows.vectors[:, :, order], flows.scales)


def _gentle_at_last(flows: Flows) -> tuple[Flows, float]:
    last, share = gentle(flows.at(-1))
    if share == 1:
        return flows, share
    return Flows(flows.anchors, _with_last(flows.vectors, last), flows.scales), share


def _with_last(vectors: FloatArray, flow: Flow) -> FloatArray:
    return np.concatenate([vectors[:-1], flow.vectors[None]])
