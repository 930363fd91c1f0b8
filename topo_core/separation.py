"""Whether a linear readout separates labelled points, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Separation:
    """How well a classifier separates points.

    Attributes
    ----------
    wrong
        Points not strictly on their side (a tie counts as wrong).
    points
        Points judged.
    margin
        Smallest signed distance of a point to a hyperplane between its class and another, in the units
        of the final representation; positive exactly when every point is right.
    """

    wrong: int
    points: int
    margin: float

    @property
    def separated(self) -> bool:
        """Whether every point is on its side."""
        return self.wrong == 0

    @property
    def accuracy(self) -> float:
        """Share of points on their side."""
        return 1 - self.wrong / self.points


def separation(logits: FloatArray, labels: NDArray[np.int64], readout_weight: FloatArray) -> Separation:
    """Judge logits ``(n, C)`` against labels ``(n,)``, given the readout's weight ``(C, d)``.

    The signed distance to the hyperplane between classes i and j is ``(z_i - z_j) / |w_i - w_j|``;
    where ``w_i = w_j`` there is no hyperplane and the distance counts as minus infinity.
    """
    own = logits[np.arange(len(labels)), labels][:, None]
    normals = np.linalg.norm(readout_weight[labels][:, None] - readout_weight[None], axis=-1)
    other = np.arange(logits.shape[1])[None] != labels[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(normals > 0, (own - logits) / normals, -np.inf)
    distance = np.where(other, distance, np.inf)
    right = np.where(other, own > logits, True).all(axis=1)
    return Separation(int(np.count_nonzero(~right)), len(labels), float(distance.min()))
