"""A trace's fields, checked one by one, and as the header and arrays that a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.datasets import Dataset, from_description
from topo_core.errors import TopoError, TraceError, shown
from topo_core.spec import NetworkSpec
from topo_core.trace_io import Arrays, Header
from topo_core.trace_layer import Swap

if TYPE_CHECKING:
    from topo_core.trace import Trace

#: Fields of a trace that are kept in the header, and as arrays of their own, as they are.
JSON_FIELDS = ("outcome", "certificate", "provenance")
ARRAY_FIELDS = ("readout_weight", "readout_bias", "steps", "losses", "accuracies")

_HEADER = {"dataset", "network", "swaps", *JSON_FIELDS}
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


def take_apart(trace: Trace) -> tuple[Header, Arrays]:
    """The header and the arrays of a trace."""
    header = {
        "dataset": trace.dataset.describe(),
        "network": str(trace.spec),
        "swaps": trace.swaps,
        **{name: getattr(trace, name) for name in JSON_FIELDS},
    }
    arrays = {
        "points": trace.dataset.points,
        "labels": trace.dataset.labels,
        **{f"weight_{k}": weight for k, weight in enumerate(trace.weights, 1)},
        **{f"bias_{k}": bias for k, bias in enumerate(trace.biases, 1)},
        **{name: getattr(trace, name) for name in ARRAY_FIELDS},
    }
    return header, arrays


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
    layers = range(1, spec.n_layers + 1)
    expected = {
        *(*ARRAY_FIELDS, "points", "labels"),
        *(f"{kind}_{k}" for kind in ("weight", "bias") for k in layers),
    }
    if arrays.keys() != expected:
        name = shown(min(arrays.keys() ^ expected))
        raise TraceError(f"it has {name} too much or too little for network {shown(text)}")
    return {
        "dataset": _dataset(header["dataset"], arrays["points"], arrays["labels"]),
        "spec": spec,
        "weights": tuple(arrays[f"weight_{k}"] for k in layers),
        "biases": tuple(arrays[f"bias_{k}"] for k in layers),
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
