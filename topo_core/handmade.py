"""Traces of layers whose weights or flows were chosen, not trained: to show what a layer does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from topo_core.datasets import Dataset, TwoCurves
from topo_core.errors import SpecError
from topo_core.flow import Flow, Flows
from topo_core.spec import FLOW, NetworkSpec
from topo_core.trace import Trace


def handmade(
    layers: Sequence[tuple[ArrayLike, ArrayLike] | Flow],
    activation: str | Sequence[str] = "tanh",
    *,
    dataset: Dataset | None = None,
    readout: tuple[ArrayLike, ArrayLike] | None = None,
) -> Trace:
    """A trace with one snapshot, of layers with given weights; nothing is swapped.

    Parameters
    ----------
    layers
        Weight ``(out, in)`` and bias ``(out,)`` of each hidden layer, or its flow.
    activation
        Of all layers, or one for each; a flow has none.
    dataset
        What lies in the plane, by default the two curves.
    readout
        Weight ``(C, d)`` and bias ``(C,)``; by default the last representation's first coordinate tells
        two classes apart.

    Raises
    ------
    SpecError, TraceError
        For an unknown activation, and for shapes that do not fit each other or the dataset.
    """
    data = TwoCurves() if dataset is None else dataset
    names = [activation] * len(layers) if isinstance(activation, str) else list(activation)
    if len(names) != len(layers):
        raise SpecError(f"{len(names)} activations for {len(layers)} layers: give one for each")
    flows = [Flows.of(layer) if isinstance(layer, Flow) else None for layer in layers]
    names = [FLOW if flow else name for flow, name in zip(flows, names, strict=True)]
    affine = [
        (np.eye(layer.dimension), np.zeros(layer.dimension)) if isinstance(layer, Flow) else layer
        for layer in layers
    ]
    weights = [np.atleast_2d(np.asarray(w, dtype=np.float64)) for w, _ in affine]
    biases = [np.atleast_1d(np.asarray(b, dtype=np.float64)) for _, b in affine]
    widths = [data.dimension, *(len(w) for w in weights)]
    spec = NetworkSpec(tuple(widths), tuple(names))
    if readout is None:
        first = np.zeros((data.n_classes, widths[-1]))
        first[0, 0], first[1, 0] = 1.0, -1.0
        readout = first, np.zeros(data.n_classes)
    readout_weight, readout_bias = (np.asarray(part, dtype=np.float64) for part in readout)
    return Trace(
        dataset=data,
        spec=spec,
        weights=tuple(w[None] for w in weights),
        biases=tuple(b[None] for b in biases),
        readout_weight=readout_weight[None],
        readout_bias=readout_bias[None],
        steps=np.array([0]),
        losses=np.array([0.0]),
        accuracies=np.array([0.0]),
        swaps=(None,) * len(layers),
        outcome={},
        certificate={},
        provenance={"experiment": "chosen by hand", "title": "Chosen by hand"},
        flows=tuple(flows),
    )


def essay_field() -> Flow:
    """The essay's two-Gaussian field, of the pictures ``grid_vec`` and ``grid_bubble_wvec``.

    ``F(x) = (v0 f0(x) + v1 f1(x)) / (1 + f0(x) + f1(x))``; centres and vectors are read off the pictures.
    There the Gaussians are 0.79 and 0.62 wide; a layer here has one width, in between.
    """
    return Flow(np.array([[0.0, 1.0], [-1.0, -1.0]]), np.array([[0.3, 0.5], [-0.2, -0.8]]), 0.7)


def essay_bubbles() -> Flow:
    """The field of the essay's picture ``grid_bubble``: centres and vectors are read off it."""
    return Flow(np.array([[-1.0, 0.0], [2.0, 1.0]]), np.array([[1.85, 0.0], [0.0, 0.93]]), 0.6)
