"""Where on the line each unit of the first hidden layer fires.

Essay, "Topology and Classification": "One hidden unit learns to fire when x > -1/2 and one learns to
fire when x > 1/2." A unit ``sigma(w x + b)`` turns from off to on where ``w x + b = 0``.
"""

from __future__ import annotations

from dataclasses import dataclass

from topo_core.errors import TopoError
from topo_core.trace import Trace


@dataclass(frozen=True)
class Threshold:
    """Where a unit turns on.

    Attributes
    ----------
    unit
        Its index in the layer.
    at
        The zero of ``w x + b``, in data units; None for ``w = 0``, a unit that never turns.
    side
        ``"right"`` if it fires for ``x > at``, ``"left"`` for ``x < at``, empty for neither.
    """

    unit: int
    at: float | None
    side: str


def thresholds(trace: Trace, snapshot: int = -1) -> tuple[Threshold, ...]:
    """The threshold of each unit of the first hidden layer, at a snapshot.

    Raises
    ------
    TopoError
        When the network has more than one input or no hidden layer.
    """
    if trace.spec.widths[0] != 1 or not trace.n_layers:
        raise TopoError(f"network {trace.spec}: thresholds need one input and a hidden layer")
    layer = trace.layers_at(snapshot)[0]
    found = []
    for unit, (w, b) in enumerate(zip(layer.weight[:, 0].tolist(), layer.bias.tolist(), strict=True)):
        if w == 0:
            found.append(Threshold(unit, None, ""))
        else:
            found.append(Threshold(unit, -b / w, "right" if w > 0 else "left"))
    return tuple(found)
