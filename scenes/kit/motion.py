"""How the input space moves: through the layers of a trained network, or while it is being trained.

A motion is a pure function of the points and of an absolute ``position``; nothing is accumulated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.trace import Trace
from topo_core.trace_layer import affine

FloatArray = NDArray[np.float64]
#: Instants at which a training is looked at, at least: between few snapshots too.
_INSTANTS = 30
#: A layer's path: points ``(k, inputs)`` and t in [0, 1] to points ``(k, d)``.
Path = Callable[[FloatArray, float], FloatArray]


def flat(points: FloatArray) -> FloatArray:
    """Points ``(n, 1)`` or ``(n, 2)`` as points of the plane; a line lies on the x axis."""
    return points if points.shape[1] == 2 else np.pad(points, ((0, 0), (0, 1)))


class Motion(Protocol):
    """Where points of the input space are at every position from 0 to ``length``."""

    #: The last position.
    length: float
    #: Instants per position at which sampling and camera look at the motion.
    instants: int
    #: Whether the network is the same at all positions; the picture then rests at whole ones.
    steady: bool

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """What is kept for the positions from ``whole`` on, for input points ``(n, d)``."""

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """Where those points are at a position, ``(n, 2)``."""

    def readout(self, position: float) -> tuple[FloatArray, FloatArray]:
        """Weight ``(C, 2)`` and bias ``(C,)`` of the linear readout at a position."""

    def logits(self, x: FloatArray, position: float) -> FloatArray:
        """Logits ``(n, C)`` of input points, by the network of a position."""


def moved(motion: Motion, x: FloatArray, position: float) -> FloatArray:
    """Where input points ``(n, d)`` are at a position, ``(n, 2)``."""
    return motion.move(motion.start(x, int(position)), position)


class LayerMotion:
    """Through the layers of the last snapshot: position 1.5 is half-way through the second layer.

    Parameters
    ----------
    trace
        At most two units in every layer.
    paths
        Other paths than the layers' own, for example to show why they do not serve.

    Raises
    ------
    TopoError
        When there is not one path for each layer.
    """

    instants = 24
    steady = True

    def __init__(self, trace: Trace, paths: Sequence[Path] | None = None) -> None:
        self.trace = trace
        self.paths: tuple[Path, ...] | None = None if paths is None else tuple(paths)
        if self.paths is not None and len(self.paths) != trace.n_layers:
            raise TopoError(
                f"{len(self.paths)} paths: network {trace.spec} has {trace.n_layers} hidden layers"
            )
        self.length = float(trace.n_layers)

    def _path(self, layer: int) -> Path:
        return self.trace.layers[layer].path if self.paths is None else self.paths[layer]

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """Representations after ``whole`` layers."""
        if self.paths is None:
            return self.trace.evaluate(x, whole)
        h = x
        for path, width in zip(self.paths[:whole], self.trace.spec.widths[1:], strict=False):
            h = path(h, 1.0)[:, :width]
        return h

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """Follow the path of the layer under way."""
        layer = int(position)
        t = position - layer
        if t == 0:
            return flat(started)
        if layer >= self.trace.n_layers:
            raise TopoError(f"position {position}: this network goes from 0 to {self.trace.n_layers}")
        return flat(self._path(layer)(started[:, : self.trace.spec.widths[layer]], t))

    def readout(self, position: float) -> tuple[FloatArray, FloatArray]:
        """The last snapshot's, everywhere."""
        return flat(self.trace.readout_weight[-1]), self.trace.readout_bias[-1]

    def logits(self, x: FloatArray, position: float) -> FloatArray:
        """The last snapshot's, everywhere."""
        return self.trace.logits(x)


class TrainingMotion:
    """The representation after a layer while the network is trained.

    Position 3.5 is half-way between the snapshots 3 and 4. Weights are interpolated between kept
    snapshots (Fritsch and Carlson, 1980: smooth, without overshooting); at whole positions they are the
    snapshot's own.

    Parameters
    ----------
    trace
        At most two units in every layer.
    layer
        How many layers are applied, by default all.
    """

    steady = False

    def __init__(self, trace: Trace, layer: int | None = None) -> None:
        self.trace = trace
        self.layer = trace.n_layers if layer is None else layer
        self.length = float(trace.n_snapshots - 1)
        self.instants = max(1, int(np.ceil(_INSTANTS / max(self.length, 1))))
        self._hidden = [_layer_between(trace, k) for k in range(trace.n_layers)]
        self._readout = _between(trace.readout_weight), _between(trace.readout_bias)

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """The input points themselves: everything moves."""
        return self.trace.evaluate(x)[:, : self.trace.spec.widths[0]]

    def representation(self, x: FloatArray, position: float, layers: int) -> FloatArray:
        """Points ``(n, d)`` after so many layers, by the network of a position."""
        h = x
        for layer in self._hidden[:layers]:
            h = layer(h, position)
        return h

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """Evaluate the network of this position."""
        return flat(self.representation(started, position, self.layer))

    def readout(self, position: float) -> tuple[FloatArray, FloatArray]:
        """As it is at this position."""
        weight, bias = self._readout
        return flat(weight(position)), bias(position)

    def logits(self, x: FloatArray, position: float) -> FloatArray:
        """By the network of this position."""
        weight, bias = self._readout
        return affine(self.representation(x, position, self.trace.n_layers), weight(position), bias(position))


def _layer_between(trace: Trace, index: int) -> Path:
    """A layer at points ``(k, n)`` and a position among the snapshots."""
    flows = trace.flows[index]
    if flows is not None:
        anchors, vectors, scale = (_between(part) for part in (flows.anchors, flows.vectors, flows.scales))
        return lambda x, position: Flow(anchors(position), vectors(position), float(scale(position)))(x)
    weight, bias = _between(trace.weights[index]), _between(trace.biases[index])
    sigma = ACTIVATIONS[trace.spec.activations[index]]
    return lambda x, position: sigma.apply(affine(x, weight(position), bias(position)))


def _between(values: FloatArray) -> Callable[[float], FloatArray]:
    """Values ``(S, ...)`` of snapshots as a smooth function of their index."""
    if len(values) == 1:
        return lambda position: values[0]
    curve = PchipInterpolator(np.arange(len(values)), values, axis=0)

    def at(position: float) -> FloatArray:
        whole = round(position)
        exact: FloatArray = values[whole] if whole == position else curve(position)
        return exact

    return at
