"""How thick tubes around closed curves can be before they cut into themselves or each other.

A tube of radius r is embedded if nowhere the curve bends more sharply than a circle of radius r, and no
two of its points that are more than pi r apart along it are nearer than 2 r (Litherland, Simon, Durumeric
and Rawdon, "Thickness of knots", 1999). The curves are sampled: an estimate, on the safe side by the spacing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Samples on all curves together, and halvings of the interval in which the radius lies.
_SAMPLES, _HALVINGS = 2000, 12


class Tubes:
    """Tubes around closed curves, by samples of the curves.

    Parameters
    ----------
    curves
        Maps of s in [0, 1], ``(n,)``, to points ``(n, 3)``, as smooth as circles.
    """

    def __init__(self, curves: Sequence[Callable[[FloatArray], FloatArray]]) -> None:
        from scipy.spatial import cKDTree  # slow to import

        sampled = [_spaced(curve, _SAMPLES // len(curves)) for curve in curves]
        sizes = [len(points) for points, _ in sampled]
        self._lengths = np.array([length for _, length in sampled])
        self._owner = np.repeat(np.arange(len(curves)), sizes)
        self._along = np.concatenate(
            [np.arange(n) * length / n for n, (_, length) in zip(sizes, sampled, strict=True)]
        )
        self._spacing = float((self._lengths / sizes).max())
        self._sharpest = min(_sharpest(points, length) for points, length in sampled)
        self._points = np.concatenate([points for points, _ in sampled])
        self._tree = cKDTree(self._points)

    def fit(self, radius: float) -> bool:
        """Whether tubes of this radius are embedded."""
        return radius <= self._sharpest and self._clear(radius, *self._near(radius))

    def widest(self) -> float:
        """The largest radius of embedded tubes, in data units."""
        low, high = 0.0, self._sharpest
        near = self._near(high)
        if self._clear(high, *near):
            return high
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._clear(middle, *near) else (low, middle)
        return low

    def _near(self, radius: float) -> tuple[FloatArray, FloatArray]:
        """Pairs of points that tubes of this radius may join: distances in space and along one curve."""
        pairs = self._tree.query_pairs(2 * radius + self._spacing, output_type="ndarray")
        i, j = pairs[:, 0], pairs[:, 1]
        distance = np.linalg.norm(self._points[i] - self._points[j], axis=1)
        apart = np.abs(self._along[i] - self._along[j])
        apart = np.minimum(apart, self._lengths[self._owner[i]] - apart)
        return distance, np.where(self._owner[i] == self._owner[j], apart, np.inf)

    def _clear(self, radius: float, distance: FloatArray, apart: FloatArray) -> bool:
        close = distance <= 2 * radius + self._spacing
        return not bool((close & (apart > np.pi * radius + self._spacing)).any())


def _spaced(curve: Callable[[FloatArray], FloatArray], n: int) -> tuple[FloatArray, float]:
    """Points ``(n, 3)`` equally spaced along a closed curve, and its length."""
    s = np.linspace(0, 1, 8 * n + 1)
    steps = np.linalg.norm(np.diff(curve(s), axis=0), axis=1)
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    return curve(np.interp(np.arange(n) * reached[-1] / n, reached, s)), float(reached[-1])


def _sharpest(points: FloatArray, length: float) -> float:
    """The smallest radius of curvature: step over turn, of each two steps."""
    steps = np.roll(points, -1, axis=0) - points
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    turn = np.linalg.norm(np.roll(steps, -1, axis=0) - steps, axis=1).max()
    return length / len(points) / float(turn)
