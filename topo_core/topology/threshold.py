"""The best that one threshold on a number can do: what a unit, or a line's side, tells of the class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """A threshold, and the share of points it gets right.

    Attributes
    ----------
    at
        Values above it get one class, the others the other one.
    accuracy
        With whichever of the two answers is right more often.
    """

    at: float
    accuracy: float


def cut_accuracy(values: FloatArray, labels: NDArray[np.int64], at: float) -> float:
    """Share of points ``(n,)`` of classes 0 and 1 that a given threshold gets right."""
    right = float(np.mean((values > at) == (labels == 1)))
    return max(right, 1 - right)


def best_cut(values: FloatArray, labels: NDArray[np.int64]) -> Cut:
    """The threshold on ``values`` ``(n,)`` that gets most of the labels 0 and 1 ``(n,)`` right.

    Every threshold between two different values is tried, and those outside all of them, which give one
    answer for everything. Monotone functions of the values have the same best accuracy.

    Raises
    ------
    TopoError
        Without points, or for other labels.
    """
    if not len(values) or not np.isin(labels, (0, 1)).all():
        raise TopoError(f"best threshold of {len(values)} points: give some, with labels 0 and 1")
    order = np.argsort(values, kind="stable")
    v, ones = values[order], labels[order] == 1
    # Right answers if the first k points, in order, are called 0 and the rest 1.
    right = np.concatenate([[0], np.cumsum(~ones)]) + ones.sum() - np.concatenate([[0], np.cumsum(ones)])
    possible = np.concatenate([[True], v[1:] > v[:-1], [True]])
    score = np.where(possible, np.maximum(right, len(v) - right), -1)
    k = int(score.argmax())
    ends = np.concatenate([[v[0] - 1], v, [v[-1] + 1]])
    return Cut(float((ends[k] + ends[k + 1]) / 2), float(score[k] / len(v)))
