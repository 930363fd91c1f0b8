"""Colours of vertices: one for all, one for each, or values through a map that survives colour blindness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit.theme import rgb
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]
Bytes = NDArray[np.uint8]

#: ``"#rrggbb"``, or red, green, blue (and opacity) from 0 to 1 for every vertex: ``(n, 3)`` or ``(n, 4)``.
Colour = str | FloatArray


def vertex_colours(colour: Colour, count: int) -> Bytes:
    """A colour as ``(count, 4)`` bytes.

    Raises
    ------
    TopoError
        When there are not as many colours as vertices.
    """
    if isinstance(colour, str):
        channels = np.array([*rgb(colour), 1.0])
        return np.broadcast_to(np.rint(255 * channels).astype(np.uint8), (count, 4))
    values = np.asarray(colour, dtype=np.float64)
    values = values.reshape(-1, values.shape[-1])
    if values.shape not in ((count, 3), (count, 4)):
        raise TopoError(
            f"colours of shape {np.shape(colour)} for {count} vertices: "
            "give (n, 3) or (n, 4) values from 0 to 1"
        )
    result = np.full((count, 4), 255, dtype=np.uint8)
    result[:, : values.shape[1]] = np.rint(255 * np.clip(values, 0, 1))
    return result
