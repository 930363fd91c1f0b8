"""A layer that moves space along a vector field: ``x -> x + F(x)``.

Essay, "Neural Network Layers for Manipulating Manifolds"; its formula, for any number of anchors, is::

    F(x) = sum_i v_i f_i(x) / (1 + sum_i f_i(x)),    f_i(x) = exp(-|x - a_i|^2 / (2 s^2))

The continuous motion ``x -> x + t F(x)`` is injective for all t in [0, 1] if F changes more slowly than
points move, that is if its Lipschitz constant is below 1 (``topo_core.lipschitz``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]

#: Points times anchors that are looked at at once: they stay in the processor's cache.
_CHUNK = 20_000
#: Iterations after which the inverse is given up: a contraction by 0.97 needs about 1200.
_ITERATIONS = 1500


@dataclass(frozen=True, eq=False)
class Flow:
    """The vector field of one layer.

    Parameters
    ----------
    anchors, vectors
        ``(m, d)`` each, finite: where the Gaussians are, and where to they push.
    scale
        s, the Gaussians' standard deviation in data units, above 0 and finite.

    Raises
    ------
    TopoError
        For shapes that do not fit, and values out of range.
    """

    anchors: FloatArray
    vectors: FloatArray
    scale: float

    def __post_init__(self) -> None:
        for name in ("anchors", "vectors"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        shape = self.anchors.shape
        if len(shape) != 2 or 0 in shape or self.vectors.shape != shape:
            raise TopoError(
                f"a flow with anchors of shape {shape} and vectors of shape {self.vectors.shape}: "
                "give (m, d) for both"
            )
        if not (np.isfinite(self.anchors).all() and np.isfinite(self.vectors).all()):
            raise TopoError("a flow's anchors or vectors are not finite")
        if not 0 < self.scale < np.inf:
            raise TopoError(f"a flow's scale is {self.scale}: it must be positive and finite")

    @property
    def dimension(self) -> int:
        """Coordinates of a point."""
        return int(self.anchors.shape[1])

    def field(self, x: FloatArray) -> FloatArray:
        """``F`` at points ``(k, d)``, newly allocated, ``(k, d)``."""
        result = np.empty((len(x), self.dimension))
        for part in self._parts(x):
            result[part] = self.shares(x[part]) @ self.vectors
        return result

    def jacobian(self, x: FloatArray) -> FloatArray:
        """Derivative of ``F`` at points ``(k, d)``: ``(k, d, d)``, the output's coordinate first."""
        result = np.empty((len(x), self.dimension, self.dimension))
        for part in self._parts(x):
            result[part] = self.slopes(x[part], self.shares(x[part]))
        return result

    def __call__(self, x: FloatArray, t: float = 1.0) -> FloatArray:
        """``x + t F(x)`` of points ``(k, d)``, newly allocated."""
        moved = self.field(x)
        moved *= t
        moved += x
        return moved

    def inverse(self, y: FloatArray, t: float = 1.0) -> FloatArray:
        """The points ``(k, d)`` that ``x + t F(x)`` carries to ``y`` ``(k, d)``, newly allocated.

        It is found as the fixed point of ``x = y - t F(x)``, up to rounding.

        Raises
        ------
        TopoError
            When the iteration does not converge, which it does if the Lipschitz constant is below 1.
        """
        x = y.copy()
        close = 4 * np.finfo(np.float64).eps * max(1.0, float(np.abs(y).max(initial=0.0)))
        for _ in range(_ITERATIONS):
            before, x = x, y - t * self.field(x)
            if float(np.abs(x - before).max(initial=0.0)) <= close:
                return x
        raise TopoError("the inverse of a flow does not converge: its field changes too fast to be undone")

    def shares(self, x: FloatArray) -> FloatArray:
        """``f_i / (1 + sum f_j)`` at points ``(k, d)``, all at once, ``(k, m)``."""
        square = np.zeros((len(x), len(self.anchors)))
        with np.errstate(over="ignore", under="ignore"):
            for own, other in zip(x.T, self.anchors.T, strict=True):
                square += np.square((own[:, None] - other) / self.scale)
            square *= -0.5
            shares = np.exp(square, out=square)
            shares /= 1 + shares.sum(axis=1, keepdims=True)
        return shares

    def slopes(self, x: FloatArray, shares: FloatArray) -> FloatArray:
        """The derivative at points ``(k, d)`` with these shares, all at once, ``(k, d, d)``.

        The shares' derivatives are ``p_i`` times ``(a_i - x) / s^2`` less its mean by the shares.
        """
        field = shares @ self.vectors
        result = np.empty((len(x), self.dimension, self.dimension))
        for axis, (own, other) in enumerate(zip(x.T, self.anchors.T, strict=True)):
            pull = (other - own[:, None]) * shares
            pull /= self.scale**2
            result[:, :, axis] = pull @ self.vectors - field * pull.sum(axis=1, keepdims=True)
        return result

    def _parts(self, x: FloatArray) -> Iterator[slice]:
        """Slices of the points that are evaluated at once."""
        if x.ndim != 2 or x.shape[1] != self.dimension:
            raise TopoError(f"points of shape {x.shape}: this flow takes (k, {self.dimension})")
        rows = max(1, _CHUNK // len(self.anchors))
        for start in range(0, len(x), rows):
            yield slice(start, start + rows)


@dataclass(frozen=True, eq=False)
class Flows:
    """The flow of one layer at every snapshot of a trace.

    Attributes
    ----------
    anchors, vectors
        ``(S, m, d)`` each.
    scales
        ``(S,)``.
    """

    anchors: FloatArray
    vectors: FloatArray
    scales: FloatArray

    def at(self, snapshot: int) -> Flow:
        """The flow at one snapshot."""
        return Flow(self.anchors[snapshot], self.vectors[snapshot], float(self.scales[snapshot]))

    @classmethod
    def of(cls, flow: Flow) -> Flows:
        """A flow as the only snapshot's."""
        return cls(flow.anchors[None], flow.vectors[None], np.array([flow.scale]))
