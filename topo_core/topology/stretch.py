"""How much a network stretches space: singular values of its Jacobian, gradients of its logits.

Essay, "The Easy Way Out": a network that cannot take two classes apart stretches what lies between
them as thin as it can, which shows as very high derivatives. A singular value of the Jacobian is the
factor, dimensionless, by which the map stretches small lengths in one direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Points whose Jacobians are in memory at once.
_CHUNK = 10_000


def layer_jacobians(trace: Trace, x: FloatArray, snapshot: int = -1) -> list[FloatArray]:
    """Jacobian of each hidden layer on its own, where the points are when they reach it.

    Parameters
    ----------
    trace, snapshot
        The network, and which of its snapshots, counted from the end if negative.
    x
        ``(k, d_0)`` points of the input space.

    Returns
    -------
    One ``(k, out, in)`` for each layer: ``diag(sigma'(W h + b)) W``, or ``I + DF(h)`` of a flow.

    Raises
    ------
    TopoError
        When the trace has no such snapshot or the points have another dimension.
    """
    reached = trace.representations(x, snapshot)
    return [layer.jacobian(h) for layer, h in zip(trace.layers_at(snapshot), reached, strict=False)]


def jacobians(trace: Trace, x: FloatArray, snapshot: int = -1) -> list[FloatArray]:
    """Jacobian of the map from the input to every representation, ``n_layers + 1`` of ``(k, d, d_0)``.

    The first is the identity, the last that of the whole map. Parameters and errors are those of
    ``layer_jacobians``.
    """
    result = [np.broadcast_to(np.eye(x.shape[1]), (len(x), x.shape[1], x.shape[1]))]
    for own in layer_jacobians(trace, x, snapshot):
        result.append(own @ result[-1])
    return result


def singular_values(jacobian: FloatArray) -> FloatArray:
    """Singular values of Jacobians ``(k, m, n)``, largest first, ``(k, min(m, n))``."""
    return np.linalg.svd(jacobian, compute_uv=False).astype(np.float64, copy=False)


def stretches(trace: Trace, x: FloatArray, snapshot: int = -1) -> list[FloatArray]:
    """Singular values of the map from the input to every representation, at points ``(k, d_0)``.

    Returns ``n_layers + 1`` arrays ``(k, min(d, d_0))``, the input's (all 1) first, the whole map's
    last.
    """
    return [singular_values(jacobian) for jacobian in jacobians(trace, x, snapshot)]


def layer_stretches(trace: Trace, x: FloatArray, snapshot: int = -1) -> list[FloatArray]:
    """Singular values of each layer on its own, at points ``(k, d_0)``: ``(k, min(out, in))`` each."""
    return [singular_values(jacobian) for jacobian in layer_jacobians(trace, x, snapshot)]


def logit_gradients(trace: Trace, x: FloatArray, snapshot: int = -1) -> FloatArray:
    """Gradients of ``z_j - z_i`` for the pairs of classes i < j, at points ``(k, d_0)``.

    Returns ``(k, pairs, d_0)``; with two classes the only pair is ``z_B - z_A``.
    """
    return _logit_gradients(trace, jacobians(trace, x, snapshot)[-1], snapshot)


def _logit_gradients(trace: Trace, jacobian: FloatArray, snapshot: int) -> FloatArray:
    return class_normals(trace, snapshot) @ jacobian


def class_normals(trace: Trace, snapshot: int = -1) -> FloatArray:
    """Rows ``w_j - w_i`` of the readout for the pairs of classes i < j, ``(pairs, d)``."""
    weight = trace.readout_weight[snapshot]
    i, j = np.array(list(combinations(range(trace.n_classes), 2))).T
    normals: FloatArray = weight[j] - weight[i]
    return normals


@dataclass(frozen=True)
class Stretch:
    """How much one snapshot stretches space at some points.

    Attributes
    ----------
    largest, mean
        Of the largest singular value of the whole map's Jacobian, over the points.
    largest_logit_gradient, mean_logit_gradient
        Of the norm of the gradient of a difference of two logits, over points and pairs of classes,
        per data unit.
    rms
        Root of the mean squared Frobenius norm of the whole map's Jacobian, over the points.
    readout_norm
        Largest norm of the difference of two rows of the readout. No logit gradient exceeds it times
        ``largest``.
    """

    largest: float
    mean: float
    rms: float
    largest_logit_gradient: float
    mean_logit_gradient: float
    readout_norm: float


def stretch(trace: Trace, snapshot: int = -1, points: FloatArray | None = None) -> Stretch:
    """Measure one snapshot at points ``(k, d_0)``, by default the dataset's dense points."""
    x = trace.dataset.dense()[0] if points is None else points
    largest, norms, squares = [], [], 0.0
    for start in range(0, len(x), _CHUNK):
        jacobian = jacobians(trace, x[start : start + _CHUNK], snapshot)[-1]
        largest.append(singular_values(jacobian)[:, 0])
        squares += float(np.square(jacobian).sum())
        norms.append(np.linalg.norm(_logit_gradients(trace, jacobian, snapshot), axis=2).ravel())
    values, gradients = np.concatenate(largest), np.concatenate(norms)
    return Stretch(
        largest=float(values.max()),
        mean=float(values.mean()),
        rms=float(np.sqrt(squares / len(x))),
        largest_logit_gradient=float(gradients.max()),
        mean_logit_gradient=float(gradients.mean()),
        readout_norm=float(np.linalg.norm(class_normals(trace, snapshot), axis=1).max()),
    )


def stretch_history(
    trace: Trace, snapshots: Iterable[int] | None = None, points: FloatArray | None = None
) -> list[Stretch]:
    """Measure several snapshots, by default all of them, at the same points (see ``stretch``)."""
    x = trace.dataset.dense()[0] if points is None else points
    chosen: Iterator[int] = iter(range(trace.n_snapshots) if snapshots is None else snapshots)
    return [stretch(trace, snapshot, x) for snapshot in chosen]
