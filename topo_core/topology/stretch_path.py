"""How much space has been stretched at any instant of its way through the layers, not only after each.

Between two representations the motion is a layer's continuous path (``topo_core.isotopy``), and its Jacobian
is the product of those of the path's steps. Essay, "The Easy Way Out": what cannot be separated is
stretched as thin as it gets.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.isotopy import LayerPath
from topo_core.steps import ActivationStep, FlowStep, LinearStep, Step, embed

FloatArray = NDArray[np.float64]


def path_jacobian(path: LayerPath, x: FloatArray, t: float) -> FloatArray:
    """Jacobian of a layer's path ``F_t``.

    Parameters
    ----------
    path
        Of one layer.
    x
        ``(k, n)`` points where they reach the layer.
    t
        In [0, 1].

    Returns
    -------
    ``(k, d, n)``, the output's coordinate first; d is the dimension in which the path runs.

    Raises
    ------
    TopoError
        When ``t`` is out of range or the points do not fit.
    """
    index, last = path.locate(t)
    shares = (*(1.0 for _ in range(index)), last)
    at = path.step(x, 0, 0.0)
    embedding = embed(np.eye(path.inputs), path.dimension).T
    result = np.broadcast_to(embedding, (len(x), *embedding.shape))
    for step, share in zip(path.steps, shares, strict=False):
        own = _step_jacobian(step, at, share)
        result = result if own is None else own @ result
        at = step(at, share)
    return result


def _step_jacobian(step: Step, x: FloatArray, t: float) -> FloatArray | None:
    """Of one step at points ``(k, d)``: ``(d, d)`` or ``(k, d, d)``, or None for the identity."""
    d = x.shape[1]
    if isinstance(step, LinearStep):
        return step.path.matrix(t)
    if isinstance(step, ActivationStep):
        slopes = np.ones_like(x)
        active = slice(0, step.outputs)
        slopes[:, active] = 1 - t + t * step.activation.slope(x[:, active])
        return slopes[:, :, None] * np.eye(d)
    if isinstance(step, FlowStep):
        return np.eye(d) + t * step.flow.jacobian(x)
    return None


def largest_singular_values(jacobian: FloatArray) -> FloatArray:
    """The largest singular value of each matrix ``(k, m, n)``, ``(k,)``: the factor of the greatest stretch.

    For n = 3 it is the root of the largest eigenvalue of ``J' J`` in closed form, several times as fast as a
    decomposition: to rounding, or to eight digits where the two largest are nearly the same.
    """
    if jacobian.shape[2] != 3:
        return np.linalg.svd(jacobian, compute_uv=False)[:, 0].astype(np.float64, copy=False)
    scale = np.maximum(np.abs(jacobian).max(axis=(1, 2)), 1e-300)
    columns = np.moveaxis(jacobian / scale[:, None, None], 2, 0)
    xx, yy, zz, xy, xz, yz = (
        np.einsum("ki,ki->k", columns[i], columns[j])
        for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
    )
    mean = (xx + yy + zz) / 3
    xx, yy, zz = xx - mean, yy - mean, zz - mean
    off = xy * xy + xz * xz + yz * yz
    spread = np.sqrt(np.maximum((xx * xx + yy * yy + zz * zz + 2 * off) / 6, 1e-99))
    half = (xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)) / 2
    angle = np.arccos(np.clip(half / spread**3, -1, 1)) / 3
    result: FloatArray = scale * np.sqrt(np.maximum(mean + 2 * spread * np.cos(angle), 0))
    return result
