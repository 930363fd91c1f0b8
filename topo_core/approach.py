"""How near two curves come to each other, in as many dimensions as they live in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.base import FloatArray
from topo_core.errors import DataError

#: A closed curve of period 1: parameters ``(n,)`` -> points ``(n, d)``.
Loop = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Approach:
    """Where two curves come nearest: the distance, and the parameter on each, in [0, 1)."""

    distance: float
    first: float
    second: float


def nearest_approach(first: Loop, second: Loop, *, apart: float = 0.0, samples: int = 180) -> Approach:
    """Where two closed curves come nearest to each other.

    The nearest pair of ``samples`` points on each is improved by the Nelder-Mead method, so the distance is
    never above that of the samples.

    Parameters
    ----------
    first, second
        The curves; they may be one and the same, see ``apart``.
    apart
        The least difference, around the period, between the parameters of a pair of samples. For a curve
        and itself this leaves out the pairs that are near because one follows upon the other.

    Raises
    ------
    DataError
        When no pair is that far apart.
    """
    from scipy.optimize import minimize
    from scipy.spatial.distance import cdist

    if not 0 <= apart <= 0.5:
        raise DataError(f"parameters {apart} apart: around a period of 1 that is from 0 to 0.5")
    s = np.arange(samples) / samples
    distances = np.where(_near(s[:, None], s[None, :], apart), np.inf, cdist(first(s), second(s)))
    i, j = np.unravel_index(int(distances.argmin()), distances.shape)

    def distance(at: FloatArray) -> float:
        return float(
            np.inf if _near(at[:1], at[1:], apart).any() else np.linalg.norm(first(at[:1]) - second(at[1:]))
        )

    simplex = np.array([s[i], s[j]]) + np.array([[0, 0], [1, 0], [0, 1]]) / samples
    found = minimize(
        distance,
        simplex[0],
        method="Nelder-Mead",
        options={"initial_simplex": simplex, "xatol": 1e-7, "fatol": 1e-10},
    )
    return Approach(float(found.fun), float(found.x[0] % 1), float(found.x[1] % 1))


def _near(s: FloatArray, t: FloatArray, apart: float) -> NDArray[np.bool_]:
    """Whether parameters differ, around the period, by less than ``apart``."""
    difference = np.abs(s - t) % 1
    near: NDArray[np.bool_] = np.minimum(difference, 1 - difference) < apart - 1e-12
    return near


def diameter(points: FloatArray) -> float:
    """The largest distance between two of the points ``(n, d)``."""
    from scipy.spatial.distance import pdist

    return float(pdist(points).max(initial=0.0))


def distances_to(points: FloatArray, others: FloatArray) -> FloatArray:
    """From each of ``points`` ``(n, d)`` to the nearest of ``others`` ``(m, d)``: ``(n,)``."""
    from scipy.spatial.distance import cdist

    result: FloatArray = cdist(points, others).min(axis=1)
    return result
