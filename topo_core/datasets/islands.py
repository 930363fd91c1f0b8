"""Two classes on islands that alternate like the fields of a chessboard.

Essay, "K-Nearest Neighbor Layers": linear separability may be an unreasonable amount to ask of a network.
Here it asks for all islands of a class on one side of a line, although each island is easily told from its
neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from topo_core.datasets.base import MAX_POINTS, Dataset, FloatArray, IntArray, register, whole_number
from topo_core.datasets.base import seed_number as checked_seed
from topo_core.errors import DataError, shown

_GOLDEN = np.pi * (3 - np.sqrt(5))


@register
@dataclass(frozen=True)
class Islands(Dataset):
    """``side * side`` round islands in a square, neighbours of different classes, the first of class A.

    Their centres are one unit apart, about the origin.

    Parameters
    ----------
    side
        Islands in a row, 2 to 9.
    n_per_island
        Training points on each, drawn evenly by area.
    radius
        Of an island, above 0 and below 0.5.
    seed
        Decides the points.

    Raises
    ------
    DataError
        For a value out of range.
    """

    name: ClassVar[str] = "islands"

    side: int = 4
    n_per_island: int = 40
    radius: float = 0.32
    seed: int = 0

    def __post_init__(self) -> None:
        whole_number(self.name, "side", self.side, 2, 9)
        whole_number(self.name, "n_per_island", self.n_per_island, 1, MAX_POINTS // self.side**2)
        checked_seed(self.name, self.seed)
        if not (isinstance(self.radius, int | float) and 0 < self.radius < 0.5):
            raise DataError(
                f"dataset {self.name}: radius = {shown(self.radius)}: give a number above 0, below 0.5"
            )

    @property
    def dimension(self) -> int:
        """Of the plane."""
        return 2

    @property
    def centres(self) -> FloatArray:
        """Middles of the islands, ``(side * side, 2)``, row by row."""
        along = np.arange(self.side) - (self.side - 1) / 2
        return np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)

    @property
    def island_labels(self) -> IntArray:
        """Class of each island, ``(side * side,)``."""
        row, column = np.divmod(np.arange(self.side**2), self.side)
        labels: IntArray = ((row + column) % 2).astype(np.int64)
        return labels

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Training points, island after island."""
        random = np.random.default_rng(self.seed)
        n = self.n_per_island
        radii = self.radius * np.sqrt(random.random((self.side**2, n)))
        angles = 2 * np.pi * random.random((self.side**2, n))
        return self._placed(radii, angles)

    def dense(self, n_per_component: int = 4000) -> tuple[FloatArray, IntArray]:
        """Points all over every island, a spiral of Vogel (1979) on each; so many in all for each class."""
        n = self._dense_count(n_per_component) // (self.side**2 // 2) + 1
        radii = self.radius * np.sqrt((np.arange(n) + 0.5) / n)
        angles = np.arange(n) * _GOLDEN
        shape = (self.side**2, n)
        return self._placed(np.broadcast_to(radii, shape), np.broadcast_to(angles, shape))

    def _placed(self, radii: FloatArray, angles: FloatArray) -> tuple[FloatArray, IntArray]:
        offsets = radii[..., None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        points = (self.centres[:, None] + offsets).reshape(-1, 2)
        return points, np.repeat(self.island_labels, radii.shape[1])
