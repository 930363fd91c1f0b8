"""The straight path of matrices from the identity to a given one: why it does not serve.

Essay, "Links and Homotopy", the theorem on ambient isotopies: its proof needs a path of invertible matrices
from the identity to W. The obvious one, ``(1 - t) I + t W``, is singular where ``1 - t + t lambda = 0`` for a
real eigenvalue lambda of W, which has a solution ``t = 1 / (1 - lambda)`` in (0, 1) exactly if lambda is
negative. Negative eigenvalues may come in pairs and leave the determinant of W positive.
``topo_core.linear_path.LinearPath`` is a path that serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StraightPath:
    """``(1 - t) I + t W`` for t from 0 to 1.

    Parameters
    ----------
    target
        W, ``(d, d)``, finite.

    Raises
    ------
    TopoError
        When the matrix is not square and finite.
    """

    target: FloatArray

    def __post_init__(self) -> None:
        target = np.array(self.target, dtype=np.float64)
        if target.ndim != 2 or target.shape[0] != target.shape[1] or not np.isfinite(target).all():
            raise TopoError(f"a path to a matrix of shape {target.shape}: give a square and finite one")
        target.flags.writeable = False
        object.__setattr__(self, "target", target)

    @cached_property
    def eigenvalues(self) -> NDArray[np.complex128]:
        """Eigenvalues of the target, ``(d,)``."""
        return np.linalg.eigvals(self.target).astype(np.complex128)

    @property
    def singular_at(self) -> FloatArray:
        """The t in (0, 1) where the path is singular, increasing: ``1 / (1 - lambda)``, lambda < 0."""
        values = self.eigenvalues
        negative = values.real[(values.imag == 0) & (values.real < 0)]
        times: FloatArray = np.sort(1 / (1 - negative))
        return times

    def matrix(self, t: float) -> FloatArray:
        """``(1 - t) I + t W``, ``(d, d)``."""
        result: FloatArray = (1 - t) * np.eye(len(self.target)) + t * self.target
        return result

    def determinant(self, t: float) -> float:
        """``prod(1 - t + t lambda_i)``, real since complex eigenvalues come in pairs."""
        return float(np.prod(1 - t + t * self.eigenvalues).real)

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """Move points ``(k, d)`` by the matrix at t."""
        return x @ np.ascontiguousarray(self.matrix(t).T)
