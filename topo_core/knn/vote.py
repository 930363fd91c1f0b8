"""Classification by the neighbours among all training points, which scikit-learn finds."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import TopoError
from topo_core.knn.weightings import Weighting

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Distances that differ by less than this, relatively, are the same one: rounding of the library's search.
_TIE = 1e-6
#: Numbers in memory at once where all points are asked.
_CHUNK = 20_000_000


class NeighbourVote:
    """Representations of the training points, asked for the classes of new ones.

    Parameters
    ----------
    points, labels
        ``(n, d)``, finite, and ``(n,)`` whole numbers from 0.
    weighting
        What a neighbour counts, see ``topo_core.knn.weightings``.
    k
        How many of the nearest points are asked, 1 to n; None asks all of them. Where several are equally
        far as the k-th, they share the places that are left, so that the points' order decides nothing. A
        training point at the very place of a new one is a neighbour like any other, at distance 0.
    n_classes
        By default one more than the largest label.

    Raises
    ------
    TopoError
        For other shapes, numbers that are not finite, another k, or labels out of range.
    """

    def __init__(
        self,
        points: ArrayLike,
        labels: ArrayLike,
        weighting: Weighting,
        k: int | None = 10,
        n_classes: int | None = None,
    ) -> None:
        self.weighting, self.labels = weighting, np.asarray(labels)
        self.points = self._placed(points)
        if self.labels.shape != self.points.shape[:1] or self.labels.dtype.kind not in "iu":
            raise TopoError(
                f"neighbours: labels of type {self.labels.dtype} and shape {self.labels.shape} for points of "
                f"shape {self.points.shape}; give a whole number for each"
            )
        n, largest = len(self.points), int(self.labels.max(initial=0))
        self.n_classes = largest + 1 if n_classes is None else n_classes
        if self.labels.min(initial=0) < 0 or largest >= self.n_classes:
            raise TopoError(f"neighbours: give labels from 0 to {self.n_classes - 1}")
        if k is not None and (isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= n):
            raise TopoError(f"neighbours: k = {k} of {n} points; give a whole number from 1 to {n}, or None")
        self.k = k

    def _placed(self, points: ArrayLike) -> FloatArray:
        x = np.asarray(points, dtype=np.float64)
        if x.ndim != 2 or not len(x) or not x.shape[1]:
            raise TopoError(f"neighbours: points of shape {x.shape}; give (n, d), at least one")
        if not np.isfinite(x).all():
            raise TopoError("neighbours: a point is not finite; train again, with a lower learning rate")
        if self.weighting.on_sphere:
            x = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
        return x

    @cached_property
    def _search(self) -> Any:
        from sklearn.neighbors import NearestNeighbors  # slow to import

        method = "brute" if self.points.shape[1] > 10 else "kd_tree"
        return NearestNeighbors(algorithm=method).fit(self.points)

    def log_shares(self, points: ArrayLike) -> FloatArray:
        """Logarithms of the classes' shares of the weights asked, ``(m, n_classes)``, of points ``(m, d)``.

        A class that no neighbour has, or none whose weight is not lost beside the others', gets ``-inf``.
        """
        x = self._placed(points)
        if x.shape[1] != self.points.shape[1]:
            raise TopoError(f"neighbours in {self.points.shape[1]} dimensions of points in {x.shape[1]}")
        if self.k is None or self.k == len(self.points):
            size = max(1, _CHUNK // len(self.points))
            parts = [self._all(x[start : start + size]) for start in range(0, len(x), size)]
            return np.concatenate(parts)
        near = self._search.kneighbors(x, min(self.k + 1, len(self.points)), return_distance=False)
        distances = np.linalg.norm(self.points[near] - x[:, None], axis=2)
        order = np.argsort(distances, axis=1, kind="stable")
        near, distances = (np.take_along_axis(a, order, 1) for a in (near, distances))
        found = self._shares(distances[:, :-1], self.labels[near[:, :-1]])
        tied = distances[:, -1] <= distances[:, -2] * (1 + _TIE)
        for row in np.flatnonzero(tied):
            found[row] = self._with_ties(x[row])
        return found

    def predict(self, points: ArrayLike) -> IntArray:
        """The class with the largest share for each point, of equal ones the first."""
        found: IntArray = self.log_shares(points).argmax(1)
        return found

    def _with_ties(self, x: FloatArray) -> FloatArray:
        """Shares at one point, at whose k-th neighbour's distance there are more than one."""
        assert self.k is not None
        distances = np.linalg.norm(self.points - x, axis=1)
        last = np.partition(distances, self.k - 1)[self.k - 1]
        within = distances < last * (1 - _TIE)
        at = ~within & (distances <= last * (1 + _TIE))
        places = (self.k - within.sum()) / at.sum()
        asked = np.flatnonzero(within | at)
        factor = np.where(at[asked], places, 1.0)
        shares = self._shares(distances[asked][None], self.labels[asked][None], np.log(factor)[None])
        one: FloatArray = shares[0]
        return one

    def _all(self, x: FloatArray) -> FloatArray:
        from scipy.spatial.distance import cdist

        distances = cdist(x, self.points)
        return self._shares(distances, np.broadcast_to(self.labels, distances.shape))

    def _shares(self, distances: FloatArray, labels: IntArray, more: FloatArray | float = 0.0) -> FloatArray:
        logs = self.weighting.log_weights(np.square(distances), np.log1p) + more
        logs = logs - logs.max(axis=1, keepdims=True)
        weights = np.exp(logs)
        rows = np.arange(len(logs))[:, None] * self.n_classes
        flat = np.bincount((rows + labels).ravel(), weights.ravel(), len(logs) * self.n_classes)
        shares = flat.reshape(len(logs), self.n_classes)
        with np.errstate(divide="ignore"):
            result: FloatArray = np.log(shares / shares.sum(axis=1, keepdims=True))
        return result
