"""The linking number of two curves' images, an exact integer."""

from __future__ import annotations

from topo_core.verification.network import Network
from topo_core.verification.sets import Piece
from topo_core.verification.windings import IntegerProof


def linking_number(
    network: Network, layers: int, first: Piece, second: Piece, budget: int = 200_000
) -> IntegerProof:
    """How often the images of two closed curves go through each other after ``layers`` layers, in space."""
    raise NotImplementedError
