"""The winding number of a curve's image about a point's image, an exact integer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topo_core.verification.arcs import Arcs, Place, apart
from topo_core.verification.intervals import FloatArray
from topo_core.verification.network import Network
from topo_core.verification.pieces import Piece
from topo_core.verification.polygons import winding_of_polygon


@dataclass(frozen=True)
class IntegerProof:
    """An integer, or why there is none.

    Attributes
    ----------
    value
        The number, or None when undecided.
    reason
        One line: why it is undecided, or how the curves were followed.
    boxes
        Arcs that were enclosed.
    """

    value: int | None
    reason: str
    boxes: int


def winding_number(
    network: Network, layers: int, curve: Piece, point: FloatArray, budget: int = 50_000
) -> IntegerProof:
    """How often the image of a closed curve goes around the image of a point, counterclockwise.

    Parameters
    ----------
    network, layers
        The images are those after so many layers, where the representation must be planar.
    curve
        A closed one.
    point
        ``(d,)``, of the input space.
    budget
        Arcs at most.

    Raises
    ------
    TopoError
        For a curve that is not closed.
    """
    with np.errstate(all="ignore"):
        arcs, place = Arcs(network, layers, curve), Place(network, layers, point)
        if place.start.shape[1] != 2:
            return IntegerProof(
                None, f"after {layers} layers space has {place.start.shape[1]} dimensions, not 2", 0
            )
        reason = apart(arcs, place, budget)
        value = None if reason else winding_of_polygon(arcs.polygon, place.start[0])
    return decided(value, reason, len(arcs.low))


def decided(value: int | None, reason: str | None, boxes: int) -> IntegerProof:
    """What came of a search that ended for a reason, or else gave the polygons' number."""
    if reason is None:
        reason = "vertices of the polygons are in line" if value is None else f"proven with {boxes} arcs"
    return IntegerProof(value, reason, boxes)
