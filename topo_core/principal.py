"""Principal components: the few directions of a high-dimensional space in which points vary most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topo_core.datasets.base import FloatArray
from topo_core.errors import DataError


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """The first principal components of points in ``d`` dimensions.

    Attributes
    ----------
    mean
        ``(d,)``: the middle of the points.
    axes
        ``(k, d)``, orthonormal: the directions of largest variance, largest first.
    shares
        ``(k,)``: the share of the points' variance along each axis.
    """

    mean: FloatArray
    axes: FloatArray
    shares: FloatArray

    @classmethod
    def of(
        cls, points: FloatArray, count: int, anchors: FloatArray | None = None, tie: float = 1e-3
    ) -> PrincipalComponents:
        """Fit by singular value decomposition.

        The sign of a component is arbitrary; where several have the same variance (of a turning image they
        come in pairs, like cosine and sine), so is any rotation of them. ``anchors`` settle both: of tied
        components, the first anchor is positive in the first and 0 in the rest, the second is positive in
        the second and 0 in those after it, and so on.

        Parameters
        ----------
        points
            ``(n, d)``.
        count
            How many components.
        anchors
            Points ``(m, d)``, by default the first points.
        tie
            Standard deviations that differ by less than this share count as equal.

        Raises
        ------
        DataError
            When the points do not vary in ``count`` directions.
        """
        mean = points.mean(axis=0)
        _, deviations, axes = np.linalg.svd(points - mean, full_matrices=False)
        rank = int((deviations > 1e-10 * max(float(deviations.max(initial=0)), 1e-300)).sum())
        if not 1 <= count <= rank:
            raise DataError(
                f"{count} principal components of {len(points)} points: they vary in {rank} directions; "
                f"ask for 1 to {rank}"
            )
        towards = (points if anchors is None else anchors) - mean
        start = 0
        while start < count:
            stop = start + 1
            while stop < rank and deviations[stop] > (1 - tie) * deviations[stop - 1]:
                stop += 1
            tied = axes[start:stop]
            q, r = np.linalg.qr(tied @ towards[: stop - start].T, mode="complete")
            signs = np.ones(stop - start)
            signs[: min(r.shape)] = np.where(np.diagonal(r) < 0, -1.0, 1.0)
            axes[start:stop] = (q * signs).T @ tied
            start = stop
        shares = deviations**2 / (deviations**2).sum()
        return cls(mean, axes[:count].copy(), shares[:count].copy())

    def __call__(self, points: FloatArray) -> FloatArray:
        """Coordinates ``(..., k)`` of points ``(..., d)`` along the axes."""
        result: FloatArray = (points - self.mean) @ self.axes.T
        return result

    def share_of(self, points: FloatArray) -> float:
        """The share of the variance of points ``(n, d)``, about their own middle, that the axes carry."""
        centred = points - points.mean(axis=0)
        return float(((centred @ self.axes.T) ** 2).sum() / (centred**2).sum())
