"""Layers in continuous time as the steps of a trace, and how far these are from the motion itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from topo_core.continuous.layer import ContinuousLayer, between
from topo_core.continuous.recipe import ADAPTIVE, ContinuousTime
from topo_core.field_layers import FieldLayer
from topo_core.flow import Flows
from topo_core.networks import Network
from topo_core.spec import FLOW, NetworkSpec

FloatArray = NDArray[np.float64]

#: How many points differences are measured at, about.
_POINTS = 1000


def expanded(spec: NetworkSpec, layers: int) -> NetworkSpec:
    """The same network with so many flow layers for each."""
    widths, names = [spec.widths[0]], []
    for width, name in zip(spec.widths[1:], spec.activations, strict=True):
        count = layers if name == FLOW else 1
        widths += [width] * count
        names += [name] * count
    return NetworkSpec(tuple(widths), tuple(names))


def euler_steps(flows: Flows, time: ContinuousTime) -> list[Flows]:
    """Equal Euler steps ``x + h F(x, t)``, t in the middle of each, of every snapshot.

    ``flows`` has the vectors of all knots, one knot after the other, ``(S, knots * m, d)``.
    """
    s, m, d = flows.anchors.shape
    knots = torch.tensor(flows.vectors.reshape(s, time.knots, m, d))
    middles = [(step + 0.5) / time.layers for step in range(time.layers)]
    return [Flows(flows.anchors, between(knots, t).numpy() / time.layers, flows.scales) for t in middles]


def discretisation(
    network: Network, restart: int, points: FloatArray, steps: Sequence[Sequence[Flows]], time: ContinuousTime
) -> dict[str, Any]:
    """How far the solver and the last snapshot's steps are from the motion itself, as plain JSON.

    ``"solver_difference"`` and ``"step_difference"`` are distances in the units of a representation: the
    largest, over layers and about 1,000 of the points ``(k, d)``, from where a tolerance of 1e-8 puts them.
    """
    largest = np.zeros(2)
    points = points[:: max(1, len(points) // _POINTS)]
    with torch.no_grad():
        columns = network.columns(torch.tensor(points.T.copy()))
        hidden = [(k, layer) for k, layer in enumerate(network.hidden()) if isinstance(layer, FieldLayer)]
        for (k, layer), own in zip(hidden, steps, strict=True):
            assert isinstance(layer, ContinuousLayer)
            exact = layer.exact(columns[k])[restart].numpy().T
            x = columns[k][restart].numpy().T.copy()
            for flows in own:
                x = flows.at(-1)(x)
            solved = columns[k + 1][restart].numpy().T
            apart = [float(np.linalg.norm(found - exact, axis=1).max()) for found in (solved, x)]
            largest = np.maximum(largest, apart)
    adaptive = time.solver in ADAPTIVE
    how = {"rtol": time.rtol, "atol": time.atol} if adaptive else {"steps": time.steps}
    return {
        **{"solver": time.solver, **how, "layers": time.layers},
        **{"solver_difference": float(largest[0]), "step_difference": float(largest[1])},
    }
