"""A trace's fields, checked one by one, and as the header and arrays that a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.datasets import Dataset, from_description
from topo_core.errors import TopoError, TraceError, shown
from topo_core.flow import Flows
from topo_core.spec import FLOW, NetworkSpec
from topo_core.trace_io import Arrays, Header
from topo_core.trace_layer import Swap

if TYPE_CHECKING:
    from topo_core.trace import Trace

#: Fields of a trace that are kept in the header, and as arrays of their own, as they are.
JSON_FIELDS = ("outcome", "certificate", "provenance")
ARRAY_FIELDS = ("readout_weight", "readout_bias", "steps", "losses", "accuracies")

#: What a file holds of a flow layer, and of any other one.
_FLOW_ARRAYS, _LAYER_ARRAYS = ("anchors", "vectors", "scales"), ("weight", "bias")
_HEADER = {"version", "dataset", "network", "swaps", *JSON_FIELDS}
#: How far stored points may be from those that the dataset makes on this machine, in data units.
_SAME_POINTS = 1e-9


def checked_array(
    name: str, values: ArrayLike, dtype: type[np.float64] | type[np.int64], shape: tuple[int, ...]
) -> NDArray[Any]:
    """A read-only C-contiguous copy of ``values``, checked."""
    given = np.asarray(values)
    if given.dtype.kind not in ("iu" if dtype is np.int64 else "fiu"):
        raise TraceError(f"{name}: numbers of type {given.dtype} are not {dtype.__name__}")
    if given.shape != shape:
        raise TraceError(f"{name}: shape {given.shape} does not fit, {shape} is needed")
    array = np.array(given, dtype=dtype, order="C")
    if not np.isfinite(array).all():
        raise TraceError(f"{name}: not all numbers are finite")
    array.flags.writeable = False
    return array


def checked_swap(swap: object, width: int) -> Swap:
    """A pair of neurons of a layer of that width, as a tuple, or None."""
    if swap is None:
        return None
    if isinstance(swap, tuple | list) and all(type(i) is int and 0 <= i < width for i in swap):
        pair = tuple(swap)
        if len(pair) == 2 and pair[0] != pair[1]:
            return pair
    raise TraceError(f"swaps: {shown(swap)} is not a pair of the {width} neurons of its layer")


def checked_layers(trace: Trace, snapshots: int) -> dict[str, tuple[Any, ...]]:
    """The fields ``weights``, ``biases`` and ``flows``, checked, of a trace with one of each a layer."""
    weights, biases, flows = list(trace.weights), list(trace.biases), list(trace.flows)
    for k, name in enumerate(trace.spec.activations):
        inputs, outputs = trace.spec.widths[k : k + 2]
        if name == FLOW:
            flows[k] = _checked_flow(flows[k], k + 1, snapshots, outputs)
            weights[k], biases[k] = _at_rest(snapshots, outputs)
            continue
        if flows[k] is not None:
            raise TraceError(f"flows: layer {k + 1} has one and is no flow layer")
        shape = (snapshots, outputs, inputs)
        weights[k] = checked_array(f"weight of layer {k + 1}", weights[k], np.float64, shape)
        biases[k] = checked_array(f"bias of layer {k + 1}", biases[k], np.float64, shape[:2])
    return {"weights": tuple(weights), "biases": tuple(biases), "flows": tuple(flows)}


def _checked_flow(flow: Flows | None, layer: int, snapshots: int, width: int) -> Flows:
    """The flow of a flow layer, counted from 1, checked and read-only."""
    if flow is None:
        raise TraceError(f"flows: layer {layer} is a flow layer and has none")
    anchors = np.shape(flow.anchors)
    shape = (snapshots, anchors[1] if len(anchors) == 3 else 1, width)
    checked = Flows(
        anchors=checked_array(f"anchors of layer {layer}", flow.anchors, np.float64, shape),
        vectors=checked_array(f"vectors of layer {layer}", flow.vectors, np.float64, shape),
        scales=checked_array(f"scales of layer {layer}", flow.scales, np.float64, (snapshots,)),
    )
    if not shape[1] or not (checked.scales > 0).all():
        raise TraceError(f"layer {layer}: a flow needs an anchor or more, and scales above 0")
    return checked


def _at_rest(snapshots: int, width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weight ``(S, d, d)`` and bias ``(S, d)`` of a flow layer: the identity and 0, read-only and small."""
    weight = np.broadcast_to(np.eye(width), (snapshots, width, width))
    return weight, np.broadcast_to(np.zeros(width), (snapshots, width))


def take_apart(trace: Trace) -> tuple[Header, Arrays]:
    """The header and the arrays of a trace."""
    header = {
        "version": _version(trace.spec),
        "dataset": trace.dataset.describe(),
        "network": str(trace.spec),
        "swaps": trace.swaps,
        **{name: getattr(trace, name) for name in JSON_FIELDS},
    }
    arrays = {
        "points": trace.dataset.points,
        "labels": trace.dataset.labels,
        **{name: getattr(trace, name) for name in ARRAY_FIELDS},
    }
    for k, (weight, bias, flow) in enumerate(zip(trace.weights, trace.biases, trace.flows, strict=True), 1):
        if flow is None:
            arrays |= {f"weight_{k}": weight, f"bias_{k}": bias}
        else:
            arrays |= {f"{name}_{k}": getattr(flow, name) for name in _FLOW_ARRAYS}
    return header, arrays


def _version(spec: NetworkSpec) -> int:
    """Version 2 of the format has flow layers; without one a trace is written as version 1."""
    return 2 if FLOW in spec.activations else 1


def put_together(header: Header, arrays: Arrays) -> dict[str, Any]:
    """The fields of the trace that ``take_apart`` took apart, from a file that nobody vouches for.

    Raises
    ------
    TraceError
        When parts are missing, unknown or of the wrong type; what they hold is left for the trace
        itself to check.
    """
    if header.keys() != _HEADER:
        raise TraceError(f"its header must have just the keys {', '.join(sorted(_HEADER))}")
    text, swaps = header["network"], header["swaps"]
    if not isinstance(text, str) or not isinstance(swaps, list):
        raise TraceError("its header must give the network as text and the swaps as a list")
    try:
        spec = NetworkSpec.parse(text)
    except TopoError as error:
        raise TraceError(str(error)) from None
    if header["version"] != _version(spec):
        raise TraceError(f"its format version does not fit network {shown(text)}")
    kinds = [_FLOW_ARRAYS if name == FLOW else _LAYER_ARRAYS for name in spec.activations]
    expected = {
        *(*ARRAY_FIELDS, "points", "labels"),
        *(f"{name}_{k}" for k, names in enumerate(kinds, 1) for name in names),
    }
    if arrays.keys() != expected:
        name = shown(min(arrays.keys() ^ expected))
        raise TraceError(f"it has {name} too much or too little for network {shown(text)}")
    weights, biases, flows = [], [], []
    for k, names in enumerate(kinds, 1):
        parts = [arrays[f"{name}_{k}"] for name in names]
        flows.append(Flows(*parts) if names is _FLOW_ARRAYS else None)
        weight, bias = _at_rest(arrays["steps"].size, spec.widths[k]) if flows[-1] else parts
        weights.append(weight)
        biases.append(bias)
    return {
        "dataset": _dataset(header["dataset"], arrays["points"], arrays["labels"]),
        "spec": spec,
        "weights": tuple(weights),
        "biases": tuple(biases),
        "flows": tuple(flows),
        "swaps": tuple(swaps),
        **{name: arrays[name] for name in ARRAY_FIELDS},
        **{name: header[name] for name in JSON_FIELDS},
    }


def _dataset(description: object, points: NDArray[np.float64], labels: NDArray[np.int64]) -> Dataset:
    checked_array("points", points, np.float64, points.shape)
    checked_array("labels", labels, np.int64, points.shape[:1])
    try:
        with np.errstate(all="ignore"):
            dataset = from_description(description, points, labels)
            same = (
                dataset.points.shape == points.shape
                and np.allclose(dataset.points, points, rtol=0, atol=_SAME_POINTS)
                and np.array_equal(dataset.labels, labels)
            )
    except TopoError as error:
        raise TraceError(str(error)) from None
    if not same:
        raise TraceError(
            f"its points are not those of dataset {dataset.name} any more: another version wrote it"
        )
    return dataset
