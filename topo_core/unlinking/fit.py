"""Flow layers that carry points along a motion that is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from topo_core.flow import Flow
from topo_core.unlinking.recipe import Fit

FloatArray = NDArray[np.float64]

#: Refinements of one piece of the motion at most, and the error at which it is followed well enough.
_REFITS, _CLOSE = 40, 0.15
#: Where slopes are sampled beside the points themselves: random places at so many scales from them.
_AROUND = (0.3, 0.7, 1.0, 1.5)


def fitted_flows(motion: Sequence[FloatArray], fit: Fit, seed: int = 0) -> Iterator[Flow]:
    """Flows that, one after the other, carry the points of a motion from its beginning near to its end.

    Each is fitted to what is left of the way to the next instant, by ridge regression on vectors at anchors
    that move along with the points, and scaled down where its derivative would be too large.

    Parameters
    ----------
    motion
        Points ``(N, d)`` at each instant.
    fit
        How.
    seed
        Of the places where derivatives are sampled.
    """
    rng = np.random.default_rng(seed)
    x = motion[0]
    chosen = np.linspace(0, len(x), fit.anchors, endpoint=False).astype(np.intp)
    for target in motion[1:]:
        for _ in range(_REFITS):
            wanted = target - x
            if np.abs(wanted).max() < _CLOSE:
                break
            flow = _fitted(x, x[chosen], wanted, fit)
            steepest = _steepest(flow, x, rng)
            share = min(1.0, fit.slope / steepest) if steepest else 1.0
            flow = Flow(flow.anchors, share * flow.vectors, fit.scale)
            x = flow(x)
            yield flow
            if share == 1:
                break


def _fitted(x: FloatArray, anchors: FloatArray, wanted: FloatArray, fit: Fit) -> Flow:
    shares = Flow(anchors, np.zeros_like(anchors), fit.scale).shares(x)
    normal = shares.T @ shares + fit.ridge * np.eye(len(anchors))
    vectors = np.linalg.solve(normal, shares.T @ wanted).astype(np.float64, copy=False)
    return Flow(anchors, vectors, fit.scale)


def _steepest(flow: Flow, x: FloatArray, rng: np.random.Generator) -> float:
    """Largest norm of the field's derivative at the points, between them and around them."""
    around = [x + share * flow.scale * rng.standard_normal(x.shape) for share in _AROUND]
    places = np.concatenate([x, (x + np.roll(x, -1, axis=0)) / 2, *around])
    return float(np.linalg.norm(flow.jacobian(places), ord=2, axis=(1, 2)).max())
