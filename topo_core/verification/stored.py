"""What a trace file holds, read anew: the last snapshot's network, the data, and what is claimed of them.

Files are untrusted. Nothing of the code that made the trace takes part, so that an error there is not
repeated here; only the reader of the bytes (``topo_core.trace_io``) is shared, which checks them and
interprets nothing.
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
from topo_core.verification.network import Affine, FlowStep, Layer, Network

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Json = dict[str, Any]
Swap = tuple[int, int] | None

#: Activations that can be reasoned about; ``flow`` stands for a vector field.
ACTIVATIONS = ("tanh", "sigmoid", "softplus", "relu", "leaky_relu", "elu", "gelu", "linear", "flow")
_PART = re.compile(r"([1-9][0-9]{0,3})(?::([a-z_]{1,20})(?:\*([1-9][0-9]{0,3}))?)?")
_MOST_LAYERS, MOST_CLAIMS = 1000, 5000


@dataclass(frozen=True, eq=False)
class Stored:
    """The parts of a trace that claims are about.

    Attributes
    ----------
    network
        The hidden layers and the readout of the last snapshot.
    swaps
        For each hidden layer two units that are noted to have changed places, or None.
    dataset
        The description, unchecked JSON.
    points, labels
        ``(n, d_0)`` and ``(n,)``, the training points.
    claims
        What is claimed, unchecked JSON values.
    outcome, provenance
        Unchecked JSON objects.
    """

    network: Network
    swaps: tuple[Swap, ...]
    dataset: Json
    points: FloatArray
    labels: IntArray
    claims: tuple[object, ...]
    outcome: Json
    provenance: Json

    @property
    def widths(self) -> tuple[int, ...]:
        """Dimensions of the input and of every representation."""
        ends = (len(layer.bias) if isinstance(layer, Affine) else None for layer in self.network.layers)
        widths = [int(self.points.shape[1])]
        for end in ends:
            widths.append(widths[-1] if end is None else end)
        return tuple(widths)


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
    parts: dict[str, Json] = {}
    for name in ("dataset", "outcome", "certificate", "provenance"):
        value = header.get(name)
        if not isinstance(value, dict):
            raise TraceError(f"its {name} is no object")
        parts[name] = value
    claims = parts["certificate"].get("claims", [])
    if not isinstance(claims, list) or len(claims) > MOST_CLAIMS:
        raise TraceError(f"its claims are no list of at most {MOST_CLAIMS}")
    points, labels = _array(arrays, "points", 2), _array(arrays, "labels", 1, np.int64)
    widths, activations = _network(header.get("network"))
    if points.shape[1] != widths[0] or len(labels) != len(points):
        raise TraceError("its points and labels do not fit each other or the network")
    swaps = header.get("swaps")
    if not isinstance(swaps, list) or len(swaps) != len(activations):
        raise TraceError("its swaps are not one for each layer")
    layers = tuple(_layer(arrays, k, widths[k - 1 : k + 1], name) for k, name in enumerate(activations, 1))
    weight, bias = _array(arrays, "readout_weight", 3)[-1], _array(arrays, "readout_bias", 2)[-1]
    if weight.shape[1] != widths[-1] or bias.shape != weight.shape[:1] or len(weight) < 2:
        raise TraceError("its readout does not fit the network")
    if labels.min() < 0 or labels.max() >= len(weight):
        raise TraceError("its labels do not fit the readout")
    return Stored(
        network=Network(layers, weight, bias),
        swaps=_swaps(swaps, widths),
        dataset=parts["dataset"],
        points=points,
        labels=labels,
        claims=tuple(claims),
        outcome=parts["outcome"],
        provenance=parts["provenance"],
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


def _swaps(swaps: list[object], widths: list[int]) -> tuple[Swap, ...]:
    """The pairs of units that are noted for each layer."""
    pairs: list[Swap] = []
    for k, (swap, width) in enumerate(zip(swaps, widths[1:], strict=True), 1):
        units = swap if isinstance(swap, list | tuple) else []
        if swap is None:
            pairs.append(None)
        elif (
            len(units) == 2 and units[0] != units[1] and all(type(i) is int and 0 <= i < width for i in units)
        ):
            pairs.append((units[0], units[1]))
        else:
            raise TraceError(f"the swap of layer {k} is not a pair of its units")
    return tuple(pairs)


def _layer(arrays: dict[str, NDArray[Any]], k: int, widths: list[int], activation: str) -> Layer:
    n, m = widths
    if activation != "flow":
        weight, bias = _array(arrays, f"weight_{k}", 3)[-1], _array(arrays, f"bias_{k}", 2)[-1]
        if weight.shape != (m, n) or bias.shape != (m,):
            raise TraceError(f"layer {k} does not fit the network")
        return Affine(weight, bias, activation)
    anchors, vectors = _array(arrays, f"anchors_{k}", 3)[-1], _array(arrays, f"vectors_{k}", 3)[-1]
    scale = float(_array(arrays, f"scales_{k}", 1)[-1])
    if m != n or anchors.shape[1] != n or vectors.shape != anchors.shape or scale <= 0:
        raise TraceError(f"layer {k} does not fit the network")
    return FlowStep(anchors, vectors, scale)


def _array(
    arrays: dict[str, NDArray[Any]], name: str, dimensions: int, kind: type[np.generic] = np.float64
) -> NDArray[Any]:
    array = arrays.get(name)
    if array is None or array.ndim != dimensions or array.dtype != kind or not array.size:
        raise TraceError(f"its {name} is missing or of another shape")
    if not np.isfinite(array).all():
        raise TraceError(f"its {name} is not finite")
    return np.array(array)
