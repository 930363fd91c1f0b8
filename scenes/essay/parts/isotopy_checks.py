"""What the scene on ambient isotopies measures: matrices, networks before an exchange, a moving layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.swap import exchanged
from topo_core.activations import ACTIVATIONS
from topo_core.isotopy import determinant_sign
from topo_core.straight_path import StraightPath
from topo_core.trace import Trace, TraceLayer

FloatArray = NDArray[np.float64]

#: Stands in where no layer of a trace has a weight whose straight path is singular.
CHOSEN = np.array([[-1.5, 1.0], [0.25, -1.0]])


def folding_weight(trace: Trace) -> tuple[FloatArray, int | None]:
    """A weight ``(2, 2)`` of positive determinant to which the straight path is singular on its way.

    Returns
    -------
    That of the first such layer and the layer's index, or :data:`CHOSEN` and None.
    """
    for layer in trace.layers:
        weight = layer.weight
        if (
            layer.flow is None
            and weight.shape == (2, 2)
            and determinant_sign(weight) > 0
            and len(StraightPath(weight).singular_at)
        ):
            return weight, layer.index
    return CHOSEN, None


def mirrored(trace: Trace) -> tuple[list[Trace], list[int], bool]:
    """A network with a negative determinant, and what it becomes as its units are exchanged.

    Returns
    -------
    The network before, and after each exchange; the hidden layers whose first two units are exchanged, in
    order; whether training left it like that. If no exchange was recorded, the first layer's is undone
    although it never took place.
    """
    layers = [k for k, swap in enumerate(trace.swaps) if swap is not None]
    trained = bool(layers)
    networks = [trace]
    for layer in reversed(layers or [0]):
        networks.append(exchanged(networks[-1], layer))
    return networks[::-1], layers or [0], trained


class Checks:
    """The definition of an ambient isotopy, measured while a layer moves.

    Parameters
    ----------
    layer
        Of as many outputs as inputs.
    points
        ``(k, n)``, where to look.
    """

    def __init__(self, layer: TraceLayer, points: FloatArray) -> None:
        self.path, self.points = layer.path, points
        self._values = layer(points)
        self._before = self.path.step(points, 1, 1.0)  # W x + b
        self._slopes = ACTIVATIONS[layer.activation].slope(self._before)

    def from_identity(self, t: float) -> float:
        """The largest distance from ``F_t(x)`` to x."""
        return float(np.linalg.norm(self.path(self.points, t) - self.points, axis=1).max())

    def from_layer(self, t: float) -> float:
        """The largest distance from ``F_t(x)`` to the layer's value at x."""
        return float(np.linalg.norm(self.path(self.points, t) - self._values, axis=1).max())

    def smallest_determinant(self, t: float) -> float:
        """The smallest determinant of the derivative of ``F_t``: positive, nothing is folded anywhere."""
        step, u = self.path.locate(t)
        linear = self.path.linear.determinant(u if step == 0 else 1.0)
        if step < 2:
            return linear
        factors = np.prod(1 - u + u * self._slopes, axis=1)
        return float((linear * factors).min())
