"""The linking number of two curves' images, an exact integer."""

from __future__ import annotations

import numpy as np

from topo_core.verification.arcs import Arcs, apart
from topo_core.verification.network import Network
from topo_core.verification.pieces import Piece
from topo_core.verification.polygons import linking_of_polygons
from topo_core.verification.windings import IntegerProof, decided


def linking_number(
    network: Network, layers: int, first: Piece, second: Piece, budget: int = 50_000
) -> IntegerProof:
    """How often the images of two closed curves go through each other; positive for a right-handed screw.

    Parameters
    ----------
    network, layers
        The images are those after so many layers, where the representation must have three dimensions.
    first, second
        Closed curves.
    budget
        Arcs at most.

    Raises
    ------
    TopoError
        For a curve that is not closed.
    """
    with np.errstate(all="ignore"):
        ours, theirs = Arcs(network, layers, first), Arcs(network, layers, second)
        if ours.start.shape[1] != 3:
            return IntegerProof(
                None, f"after {layers} layers space has {ours.start.shape[1]} dimensions, not 3", 0
            )
        reason = apart(ours, theirs, budget)
        value = None if reason else linking_of_polygons(ours.polygon, theirs.polygon)
    return decided(value, reason, len(ours.low) + len(theirs.low))
