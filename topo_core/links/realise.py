"""From a planar diagram to polygons in space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.links.layout import Layout
from topo_core.links.planar import PlanarMap, Slot, checked_pd
from topo_core.links.polygons import checked_link

FloatArray = NDArray[np.float64]

#: In steps of the grid: how far a strand is above or below the plane, and up to where on both sides.
_HEIGHT, _REACH = 0.5, 0.25


def polygons_from_pd(pd: object) -> tuple[FloatArray, ...]:
    """Closed polygons in space whose diagram, seen along the z axis, has a PD code.

    The edges run along a grid of whole numbers, with as few bends as a face of the diagram chosen to be
    outside allows; strands pass each other at heights 1/2 and -1/2. Parts of a diagram that are not connected
    lie beside each other. 100 crossings take about a second.

    Parameters
    ----------
    pd
        A list of crossings: four arcs each, whole numbers, from the one that arrives below and then
        counterclockwise.

    Returns
    -------
    Corners ``(n, 3)`` of each component, in the order of their smallest arcs, and in the direction in which
    they pass below others; one that never does runs as its arcs are numbered.

    Raises
    ------
    DataError
        When it is no PD code of a diagram in the plane.
    """
    planar = PlanarMap(checked_pd(pd))
    runs: dict[Slot, FloatArray] = {}
    shift = 0.0
    for piece in planar.pieces:
        layout = Layout(planar, piece)
        used = layout.places[sorted({v for chain in layout.chains.values() for v in chain})]
        offset = np.array([shift, 0.0]) - used.min(axis=0)
        shift += float(np.ptp(used[:, 0])) + 1
        for slot, chain in layout.chains.items():
            end = planar.other_end[slot]
            runs[slot] = _run(layout.places[chain] + offset, above=(slot[1] % 2 == 1, end[1] % 2 == 1))
    parts = [np.concatenate([runs[slot] for slot in walk]) for walk in planar.components]
    return checked_link([_bent(part) for part in parts], "PD code")


def _run(flat: FloatArray, above: tuple[bool, bool]) -> FloatArray:
    """The corners along an arc from one crossing to the next, both at some distance from the crossings."""
    ends = flat[[0, -1]]
    inwards = np.sign(flat[[1, -2]] - ends)
    heights = [_HEIGHT if high else -_HEIGHT for high in above]
    first, last = (
        np.append(end + _REACH * into, height)
        for end, into, height in zip(ends, inwards, heights, strict=True)
    )
    bends = np.append(flat[1:-1], np.zeros((len(flat) - 2, 1)), axis=1)
    return np.concatenate([first[None], bends, last[None]])


def _bent(corners: FloatArray) -> FloatArray:
    """The corners at which a closed polygon does bend."""
    ahead = np.roll(corners, -1, axis=0) - corners
    turning = np.cross(np.roll(ahead, 1, axis=0), ahead).any(axis=1)
    return corners[turning]
