"""Which edges of polygons may meet, told by boxes around edges and around blocks of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Indices = NDArray[np.intp]

#: Edges in a block, and pairs of edges that are compared at once.
_BLOCK, _CHUNK = 16, 300_000


class Edges:
    """Edges from ``start`` to ``end``, each ``(n, d)`` and finite, n at least 1.

    Neighbours in the arrays should be neighbours in space.
    """

    def __init__(self, start: FloatArray, end: FloatArray, slack: float = 0.0) -> None:
        """Put boxes around the edges, wider by a slack on every side."""
        self.start, self.end = start, end
        self.low, self.high = np.minimum(start, end) - slack, np.maximum(start, end) + slack
        missing = ((0, -len(start) % _BLOCK), (0, 0))
        shape = (-1, _BLOCK, start.shape[1])
        self._block_low = np.pad(self.low, missing, constant_values=np.inf).reshape(shape)
        self._block_high = np.pad(self.high, missing, constant_values=-np.inf).reshape(shape)

    @classmethod
    def of(cls, polygon: FloatArray) -> Edges:
        """The edges of a closed polygon ``(n, d)``."""
        return cls(polygon, np.roll(polygon, -1, axis=0))

    def overlapping_blocks(self, other: Edges) -> list[NDArray[np.bool_]]:
        """Which blocks of one and of the other overlap in each coordinate: d matrices."""
        low, high = self._block_low.min(axis=1), self._block_high.max(axis=1)
        others_low, others_high = other._block_low.min(axis=1), other._block_high.max(axis=1)
        return [
            (low[:, k, None] <= others_high[:, k]) & (high[:, k, None] >= others_low[:, k])
            for k in range(low.shape[1])
        ]

    def overlapping(
        self, other: Edges, axes: Sequence[int], blocks: NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[Indices, Indices]]:
        """Edges i of one and j of the other whose boxes overlap in some coordinates, a few blocks at a time.

        Parameters
        ----------
        other
            Others, or the same ones: then every pair comes twice, and every edge with itself.
        axes
            The coordinates.
        blocks
            Which blocks overlap in them, if that is known.
        """
        if blocks is None:
            blocks = np.logical_and.reduce([self.overlapping_blocks(other)[k] for k in axes])
        pairs = np.argwhere(blocks)
        rows = max(1, _CHUNK // _BLOCK**2)
        for start in range(0, len(pairs), rows):
            first, second = pairs[start : start + rows].T
            overlap = np.ones((len(first), _BLOCK, _BLOCK), dtype=bool)
            for k in axes:
                overlap &= self._block_low[first, :, None, k] <= other._block_high[second, None, :, k]
                overlap &= self._block_high[first, :, None, k] >= other._block_low[second, None, :, k]
            block, i, j = np.nonzero(overlap)
            yield first[block] * _BLOCK + i, second[block] * _BLOCK + j
