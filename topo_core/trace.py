"""A trace: what a training run exports, and all that scenes and figures read.

It holds the weights of every kept snapshot, so that it evaluates the representation of any points,
at any snapshot, layer and fraction of a layer. NumPy only, float64, batched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topo_core import trace_io
from topo_core.datasets import Dataset
from topo_core.errors import TopoError, TraceError, shown
from topo_core.flow import Flows
from topo_core.isotopy import embed
from topo_core.spec import NetworkSpec
from topo_core.trace_layer import Swap, TraceLayer, affine
from topo_core.trace_parts import (
    JSON_FIELDS,
    checked_array,
    checked_layers,
    checked_swap,
    put_together,
    take_apart,
)

__all__ = ["Trace", "TraceLayer"]

FloatArray = NDArray[np.float64]
Json = dict[str, Any]

_DAMAGED = "train it again, or get an undamaged copy"


@dataclass(frozen=True, eq=False)
class Trace:
    """A trained network with its dataset and history.

    Two traces are equal if they have the same ``hash``.

    Parameters
    ----------
    dataset, spec
        What was classified, and by which architecture.
    weights, biases
        For each hidden layer ``(S, out, in)`` and ``(S, out)``, with S snapshots; those of a flow layer
        are replaced by the identity and 0.
    readout_weight, readout_bias
        ``(S, C, d)`` and ``(S, C)``: the linear readout to C classes.
    steps
        ``(S,)`` training steps of the snapshots, increasing.
    losses, accuracies
        ``(S,)``, measured at the snapshots; accuracies in [0, 1].
    swaps
        For each hidden layer the neurons that were swapped (see ``isotopy.swap_neurons``), or None.
    outcome, certificate, provenance
        Plain JSON: what was measured, what is proven, and where the trace comes from.
    flows
        For each hidden layer its flow, or None if it has weights; may be left out if none has a flow.

    Raises
    ------
    TraceError
        When shapes do not fit each other, a number is not finite, or JSON is not plain.
    """

    dataset: Dataset
    spec: NetworkSpec
    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    readout_weight: FloatArray
    readout_bias: FloatArray
    steps: NDArray[np.int64]
    losses: FloatArray
    accuracies: FloatArray
    swaps: tuple[Swap, ...]
    outcome: Json
    certificate: Json
    provenance: Json
    flows: tuple[Flows | None, ...] = ()

    def __post_init__(self) -> None:
        widths, n_layers = self.spec.widths, self.spec.n_layers
        if widths[0] != self.dataset.dimension:
            raise TraceError(
                f"network {shown(str(self.spec))} does not fit points of dimension {self.dataset.dimension}"
            )
        object.__setattr__(self, "flows", tuple(self.flows) or (None,) * n_layers)
        for name in ("weights", "biases", "swaps", "flows"):
            if len(getattr(self, name)) != n_layers:
                raise TraceError(f"{name}: one is needed for each of {n_layers} hidden layers")
        steps = checked_array("steps", self.steps, np.int64, (np.size(self.steps),))
        if not len(steps) or steps[0] < 0 or (steps[1:] <= steps[:-1]).any():
            raise TraceError("steps: give one or more, from 0 up and increasing")
        snapshots = (len(steps),)
        readout = (*snapshots, self.dataset.n_classes, widths[-1])
        checked: dict[str, object] = {
            "steps": steps,
            **checked_layers(self, len(steps)),
            "readout_weight": checked_array("readout weight", self.readout_weight, np.float64, readout),
            "readout_bias": checked_array("readout bias", self.readout_bias, np.float64, readout[:2]),
            "losses": checked_array("losses", self.losses, np.float64, snapshots),
            "accuracies": checked_array("accuracies", self.accuracies, np.float64, snapshots),
            "swaps": tuple(checked_swap(s, width) for s, width in zip(self.swaps, widths[1:], strict=True)),
        }
        for name in JSON_FIELDS:
            checked[name] = trace_io.plain_json(name, getattr(self, name))
            if not isinstance(checked[name], dict):
                raise TraceError(f"{name} is not a JSON object: give a dict")
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        if not ((self.accuracies >= 0) & (self.accuracies <= 1)).all():
            raise TraceError("accuracies: give shares between 0 and 1")

    # -- what it holds ---------------------------------------------------------------------------

    @property
    def n_layers(self) -> int:
        """How many hidden layers there are."""
        return self.spec.n_layers

    @property
    def n_snapshots(self) -> int:
        """How many snapshots of the weights were kept."""
        return len(self.steps)

    @property
    def n_classes(self) -> int:
        """How many classes the readout tells apart."""
        return int(self.readout_weight.shape[1])

    @property
    def layers(self) -> tuple[TraceLayer, ...]:
        """The hidden layers of the last snapshot."""
        return self.layers_at(-1)

    def layers_at(self, snapshot: int) -> tuple[TraceLayer, ...]:
        """The hidden layers of a snapshot, counted from the end if negative.

        Neurons are ordered alike in all snapshots; where an early one has a negative determinant
        its ``path.isotopic`` is False.
        """
        s = self._snapshot(snapshot)
        if s not in self._layers:
            parts = zip(
                *(self.weights, self.biases, self.spec.activations, self.swaps, self.flows), strict=True
            )
            self._layers[s] = tuple(
                TraceLayer(k, f"layer {k + 1}", weight[s], bias[s], name, swap, flow.at(s) if flow else None)
                for k, (weight, bias, name, swap, flow) in enumerate(parts)
            )
        return self._layers[s]

    @cached_property
    def _layers(self) -> dict[int, tuple[TraceLayer, ...]]:
        return {}

    def _snapshot(self, snapshot: int) -> int:
        if not -self.n_snapshots <= snapshot < self.n_snapshots:
            raise TopoError(f"snapshot {snapshot}: this trace has snapshots 0 to {self.n_snapshots - 1}")
        return snapshot % self.n_snapshots

    # -- evaluation ------------------------------------------------------------------------------

    def evaluate(self, x: FloatArray, layer: int = 0, t: float = 0.0, snapshot: int = -1) -> FloatArray:
        """Where points are after ``layer`` whole layers and the fraction ``t`` of the next.

        Parameters
        ----------
        x
            ``(k, d_0)``, float64, points of the input space.
        layer
            From 0 to ``n_layers``; the latter, with ``t = 0``, is the final representation.
        t
            In [0, 1].
        snapshot
            Which snapshot of the weights, counted from the end if negative.

        Returns
        -------
        ``(k, d)``, float64, newly allocated. In a layer ``d`` is the larger of its input and output
        dimensions, whatever ``t`` is; missing coordinates are 0.

        Raises
        ------
        TopoError
            When the trace has no such place or the points have another dimension.
        """
        last = layer == self.n_layers
        if not (0 <= layer <= self.n_layers and 0 <= t <= 1) or (last and t > 0):
            raise TopoError(
                f"layer {layer}, t = {t}: this trace goes from layer 0 to layer {self.n_layers}, "
                "with t between 0 and 1, and 0 at the end"
            )
        h = self._after(x, layer, snapshot)
        if last:
            return h
        path = self.layers_at(snapshot)[layer].path
        return embed(h, path.dimension) if t == 0 else path(h, t)

    def representations(self, x: FloatArray, snapshot: int = -1) -> list[FloatArray]:
        """Representations of points ``(k, d_0)``: ``n_layers + 1`` arrays, input first."""
        result = [self._after(x, 0, snapshot)]
        for layer in self.layers_at(snapshot):
            result.append(layer(result[-1]))
        return result

    def readout(self, h: FloatArray, snapshot: int = -1) -> FloatArray:
        """Logits ``(k, C)`` of final representations ``(k, d)``."""
        s = self._snapshot(snapshot)
        return affine(h, self.readout_weight[s], self.readout_bias[s])

    def logits(self, x: FloatArray, snapshot: int = -1) -> FloatArray:
        """Logits ``(k, C)`` of points ``(k, d_0)``."""
        return self.readout(self._after(x, self.n_layers, snapshot), snapshot)

    def predict(self, x: FloatArray, snapshot: int = -1) -> NDArray[np.int64]:
        """The class ``(k,)`` with the largest logit, for points ``(k, d_0)``."""
        classes: NDArray[np.int64] = np.argmax(self.logits(x, snapshot), axis=1)
        return classes

    def _after(self, x: FloatArray, layer: int, snapshot: int) -> FloatArray:
        h = np.asarray(x, dtype=np.float64)
        if h.ndim != 2 or h.shape[1] != self.spec.widths[0]:
            raise TopoError(f"points of shape {h.shape}: this trace takes (k, {self.spec.widths[0]})")
        for complete in self.layers_at(snapshot)[:layer]:
            h = complete(h)
        return h.copy() if layer == 0 else h

    # -- files -----------------------------------------------------------------------------------

    @cached_property
    def hash(self) -> str:
        """SHA-256, in hex, of everything the trace holds, however it is stored."""
        return trace_io.content_hash(*take_apart(self))

    def __eq__(self, other: object) -> bool:
        return self.hash == other.hash if isinstance(other, Trace) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.hash)

    def __deepcopy__(self, memo: dict[int, Any]) -> Trace:
        """Return the trace itself, which nobody changes: copying what shows it stays cheap."""
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the trace to a ``.npz`` file, all at once or not at all.

        The same trace gives the same bytes, anywhere and at any time.

        Raises
        ------
        TraceError
            When the file cannot be written.
        """
        try:
            trace_io.write(Path(path), *take_apart(self))
        except TraceError as error:
            raise TraceError(f"trace {os.fspath(path)}: {error}") from None

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Trace:
        """Read a trace; files from anyone are safe to load.

        Nothing is unpickled or executed, and no more is allocated than a small multiple of the
        file's size and of the largest dataset's.

        Raises
        ------
        TraceError
            When the file is missing or is not an undamaged trace that this version can read.
        """
        try:
            header, arrays = trace_io.read(Path(path))
            return Trace(**put_together(header, arrays))
        except TraceError as error:
            raise TraceError(f"trace {os.fspath(path)}: {error}; {_DAMAGED}") from None
        except MemoryError:
            raise TraceError(
                f"trace {os.fspath(path)}: it does not fit into memory; free some, or {_DAMAGED}"
            ) from None
