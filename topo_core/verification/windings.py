"""The winding number of a curve's image about a point's image, an exact integer."""

from __future__ import annotations

from dataclasses import dataclass

from topo_core.verification.network import FloatArray, Network
from topo_core.verification.sets import Piece


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
    network: Network, layers: int, curve: Piece, point: FloatArray, budget: int = 200_000
) -> IntegerProof:
    """How often the image of a closed curve after ``layers`` layers goes around the image of a point ``(d,)``.

    The representation there must be planar.
    """
    raise NotImplementedError
