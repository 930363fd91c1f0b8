"""What a trace file holds, read anew: the last snapshot's network, the data, and what is claimed of them.

Files are untrusted. Nothing of the code that made the trace takes part, so that an error there is not repeated
here; only the reader of the bytes (``topo_core.trace_io``) is shared, which checks them and interprets nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topo_core import trace_io
from topo_core.errors import TraceError, shown

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Json = dict[str, Any]

#: Activations that can be reasoned about; ``flow`` stands for a vector field.
ACTIVATIONS = ("tanh", "sigmoid", "softplus", "relu", "leaky_relu", "linear", "flow")
_PART = re.compile(r"([1-9][0-9]{0,3})(?::([a-z_]{1,20})(?:\*([1-9][0-9]{0,3}))?)?")
_MOST_LAYERS, _MOST_CLAIMS = 1000, 5000


@dataclass(frozen=True, eq=False)
class StoredFlow:
    """A field of Gaussians: anchors and vectors ``(m, d)`` and their common scale, above 0."""

    anchors: FloatArray
    vectors: FloatArray
    scale: float


@dataclass(frozen=True, eq=False)
class StoredLayer:
    """A hidden layer: ``sigma(W x + b)``, or ``x + F(x)`` along a field.

    Attributes
    ----------
    weight, bias
        ``(m, n)`` and ``(m,)``; of a flow the identity and 0.
    activation
        One of ``ACTIVATIONS``.
    swap
        Two units that are noted to have changed places, or None.
    flow
        The field if there is one.
    """

    weight: FloatArray
    bias: FloatArray
    activation: str
    swap: tuple[int, int] | None
    flow: StoredFlow | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Outputs and inputs."""
        return int(self.weight.shape[0]), int(self.weight.shape[1])


@dataclass(frozen=True, eq=False)
class Stored:
    """The parts of a trace that claims are about.

    Attributes
    ----------
    layers
        The hidden layers of the last snapshot.
    readout_weight, readout_bias
        ``(C, d)`` and ``(C,)`` of the last snapshot.
    dataset
        The description, unchecked JSON.
    points, labels
        ``(n, d_0)`` and ``(n,)``, the training points.
    claims
        What is claimed, unchecked JSON values.
    outcome, provenance
        Unchecked JSON objects.
    """

    layers: tuple[StoredLayer, ...]
    readout_weight: FloatArray
    readout_bias: FloatArray
    dataset: Json
    points: FloatArray
    labels: IntArray
    claims: tuple[object, ...]
    outcome: Json
    provenance: Json

    @property
    def widths(self) -> tuple[int, ...]:
        """Dimensions of the input and of every representation."""
        return (int(self.points.shape[1]), *(layer.shape[0] for layer in self.layers))


def read(path: Path) -> Stored:
    """Read a trace file.

    Raises
    ------
    TraceError
        When the file is missing, damaged, or not one of a trace; with its name.
    """
    try:
        return interpreted(*trace_io.read(path))
    except TraceError as error:
        raise TraceError(f"trace {path}: {error}; train it again, or get an undamaged copy") from None


def interpreted(header: Json, arrays: dict[str, NDArray[Any]]) -> Stored:
    """The parts of a trace from the header and the arrays of its file.

    Raises
    ------
    TraceError
        When something is missing, has another shape or is not finite; without the file's name.
    """
    parts = {name: header.get(name) for name in ("dataset", "outcome", "certificate", "provenance")}
    for name, value in parts.items():
        if not isinstance(value, dict):
            raise TraceError(f"its {name} is no object")
    claims = parts["certificate"].get("claims", [])
    if not isinstance(claims, list) or len(claims) > _MOST_CLAIMS:
        raise TraceError(f"its claims are no list of at most {_MOST_CLAIMS}")
    points, labels = _array(arrays, "points", 2), _array(arrays, "labels", 1, np.int64)
    widths, activations = _network(header.get("network"))
    if points.shape[1] != widths[0] or len(labels) != len(points):
        raise TraceError("its points and labels do not fit each other or the network")
    swaps = header.get("swaps")
    if not isinstance(swaps, list) or len(swaps) != len(activations):
        raise TraceError("its swaps are not one for each layer")
    layers = tuple(
        _layer(arrays, k, widths[k - 1 : k + 1], name, swap)
        for k, (name, swap) in enumerate(zip(activations, swaps, strict=True), 1)
    )
    weight, bias = _array(arrays, "readout_weight", 3)[-1], _array(arrays, "readout_bias", 2)[-1]
    if weight.shape[1] != widths[-1] or bias.shape != weight.shape[:1] or len(weight) < 2:
        raise TraceError("its readout does not fit the network")
    if labels.min() < 0 or labels.max() >= len(weight):
        raise TraceError("its labels do not fit the readout")
    return Stored(
        *(layers, weight, bias, parts["dataset"], points, labels),
        *(tuple(claims), parts["outcome"], parts["provenance"]),
    )


def _network(text: object) -> tuple[list[int], list[str]]:
    """Widths and activations that a specification such as ``2-2:relu-3:flow*4`` stands for."""
    widths: list[int] = []
    activations: list[str] = []
    for position, part in enumerate(text.split("-") if isinstance(text, str) else [""]):
        match = _PART.fullmatch(part)
        name = (match[2] or "tanh") if match else ""
        if match is None or name not in ACTIVATIONS or (position == 0 and match[2]):
            raise TraceError(f"its network {shown(text)} is not understood")
        count = int(match[3] or 1)
        if len(activations) + count > _MOST_LAYERS + 1:
            raise TraceError(f"its network has more than {_MOST_LAYERS} layers")
        widths += [int(match[1])] * count
        activations += [name] * count
    return widths, activations[1:]


def _layer(
    arrays: dict[str, NDArray[Any]], k: int, widths: list[int], activation: str, swap: object
) -> StoredLayer:
    n, m = widths
    if swap is not None:
        units = swap if isinstance(swap, list) else []
        if len(units) != 2 or units[0] == units[1] or not all(type(i) is int and 0 <= i < m for i in units):
            raise TraceError(f"the swap of layer {k} is not a pair of its units")
        swap = (units[0], units[1])
    if activation != "flow":
        weight, bias = _array(arrays, f"weight_{k}", 3)[-1], _array(arrays, f"bias_{k}", 2)[-1]
        if weight.shape != (m, n) or bias.shape != (m,):
            raise TraceError(f"layer {k} does not fit the network")
        return StoredLayer(weight, bias, activation, swap)
    anchors, vectors = _array(arrays, f"anchors_{k}", 3)[-1], _array(arrays, f"vectors_{k}", 3)[-1]
    scale = float(_array(arrays, f"scales_{k}", 1)[-1])
    if m != n or anchors.shape[1] != n or vectors.shape != anchors.shape or scale <= 0:
        raise TraceError(f"layer {k} does not fit the network")
    return StoredLayer(np.eye(n), np.zeros(n), activation, swap, StoredFlow(anchors, vectors, scale))


def _array(
    arrays: dict[str, NDArray[Any]], name: str, dimensions: int, kind: type[np.generic] = np.float64
) -> NDArray[Any]:
    array = arrays.get(name)
    if array is None or array.ndim != dimensions or array.dtype != kind or not array.size:
        raise TraceError(f"its {name} is missing or of another shape")
    if not np.isfinite(array).all():
        raise TraceError(f"its {name} is not finite")
    return np.array(array)
