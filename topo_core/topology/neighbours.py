"""How well labelled points agree with their nearest neighbours.

Essay, "K-Nearest Neighbor Layers": a layer that asks a point's neighbours needs no hyperplane, only that
neighbours belong together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Distances that differ by less than this, relatively, are the same one.
_TIE = 1e-12


@dataclass(frozen=True)
class Agreement:
    """How labelled points agree with their k nearest neighbours.

    Attributes
    ----------
    k
        Neighbours asked.
    unanimous
        Share of the points all of whose neighbours have their label.
    majority
        Share of the points whose own label is commoner among the neighbours than any other one: the accuracy
        of the k-NN classifier on points left out one by one, where a tie counts as wrong.
    """

    k: int
    unanimous: float
    majority: float


def neighbour_agreement(points: ArrayLike, labels: ArrayLike, k: int = 10) -> Agreement:
    """Compare every point's label with those of its k nearest other points.

    All points as far away as the k-th one are asked, so that the order of the points decides nothing. A
    duplicate of a point is a neighbour at distance 0. A search tree answers in about n log n steps in a few
    dimensions.

    Parameters
    ----------
    points
        ``(n, d)``, finite.
    labels
        ``(n,)`` whole numbers.
    k
        1 to n - 1.

    Raises
    ------
    TopoError
        For other shapes, numbers that are not finite, or another k.
    """
    from scipy.spatial import cKDTree  # slow to import

    x, own = np.asarray(points, dtype=np.float64), np.asarray(labels)
    if x.ndim != 2 or own.shape != x.shape[:1] or own.dtype.kind not in "iu":
        raise TopoError(
            f"neighbours of points of shape {x.shape} with labels of type {own.dtype} and shape {own.shape}: "
            "give (n, d) and n whole numbers"
        )
    if not np.isfinite(x).all():
        raise TopoError("neighbours: a point is not finite; remove it")
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k < len(x):
        raise TopoError(f"neighbours: k = {k} of {len(x)} points; give a whole number from 1 to {len(x) - 1}")
    classes, own = np.unique(own, return_inverse=True)
    x = x / (float(np.abs(x).max()) or 1.0)  # so that no square overflows
    tree = cKDTree(x)
    reach = tree.query(x, k=[k + 1])[0][:, 0] * (1 + _TIE)
    asked = tree.query_ball_point(x, reach)
    counts = np.array([len(near) for near in asked])
    points_, near = np.repeat(np.arange(len(x)), counts), np.concatenate(asked).astype(np.intp)
    other = points_ != near
    votes = np.zeros((len(x), len(classes)), dtype=np.int64)
    np.add.at(votes, (points_[other], own[near[other]]), 1)
    mine = votes[np.arange(len(x)), own]
    votes[np.arange(len(x)), own] = 0
    unanimous = float(np.mean(mine == counts - 1))
    return Agreement(int(k), unanimous, float(np.mean(mine > votes.max(axis=1))))
