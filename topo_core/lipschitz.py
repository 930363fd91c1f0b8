"""Whether a flow's field changes more slowly than points move: a proof by branch and bound.

``x -> x + t F(x)`` is injective for all t in [0, 1], and a homeomorphism of space, if the Lipschitz constant
of F is below 1 (Banach's fixed point theorem gives the inverse). Space is divided into boxes; in the ball
around each, the norm of F's derivative J is bounded with the help of its value at the centre and of a bound
on the second derivative, and boxes for which that is not enough are divided again.

With ``p_i = f_i / (1 + sum f_j)``, ``u_i = |x - a_i| / s`` and ``m = sum p_i (a_i - x) / s^2``::

    J   = sum p_i (v_i - F) (a_i - x)' / s^2
    D J = sum p_i (v_i - F) ((a_i - x)(a_i - x)' / s^4 - I / s^2) - J m' - m J'    (as a bilinear map)

so that ``|J| <= sum p_i |v_i - F| u_i / s`` and ``|D J| <= sum p_i |v_i - F| max(1, |u_i^2 - 1|) / s^2 +
2 |m| |J|``. In a ball of radius r around c, ``|F - F(c)| <= r sup |J|``.

Rounding: these bounds are sums of products of positive numbers, which double precision gets right to
``_ERROR`` times their size for up to 100,000 anchors; of J at the centre, where terms cancel, the error is at
most so many times a sum of absolute values. Both are added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.flow import Flow

FloatArray = NDArray[np.float64]

#: Relative error of a sum; balls are larger than boxes by so much, for the rounding of their centres.
_ERROR, _OVERLAP = 1e-10, 1e-6
#: Beyond this many scales from every anchor nothing moves.
_REACH = 9.0
#: Boxes times anchors that are looked at in all, and at once (they stay in the processor's cache).
_MOST, _CHUNK = 30_000_000, 10_000
#: Dimensions, and coordinates in scales, for which no proof is attempted.
_MOST_DIMENSIONS, _FARTHEST = 6, 1e4
#: Where (u^2 - 1) exp(-u^2 / 2) is largest, how large it is there, and how large u exp(-u^2 / 2) is at 1.
_ROOT, _UU_F, _U_F = 3**0.5, 2 * np.exp(-1.5), np.exp(-0.5)


def changes_slowly(flow: Flow, limit: float = 0.99) -> bool:
    """Whether the Lipschitz constant of a flow's field is proven to be at most ``limit``.

    False means that it is larger, or that a proof would take too long; in more than 6 dimensions, and for
    anchors 10,000 scales from the origin, none is attempted.
    """
    d, m, scale = flow.dimension, len(flow.anchors), flow.scale
    with np.errstate(over="ignore"):
        speed = float(np.linalg.norm(flow.vectors, axis=1).max())
    if d > _MOST_DIMENSIONS or m > 100_000 or not np.abs(flow.anchors).max() < _FARTHEST * scale:
        return False
    if not 2 * m * speed * _REACH * np.exp(-(_REACH**2) / 2) < limit * scale:
        return False
    low, high = flow.anchors.min(axis=0) - _REACH * scale, flow.anchors.max(axis=0) + _REACH * scale
    counts = np.ceil((high - low) / (3 * scale))
    budget = _MOST / m
    if not counts.prod() < budget:
        return False
    half = (high - low) / counts / 2
    axes = [first + (2 * np.arange(int(n)) + 1) * h for first, n, h in zip(low, counts, half, strict=True)]
    centres = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, d)
    corners = np.array(np.meshgrid(*[[-0.5, 0.5]] * d, indexing="ij")).reshape(d, -1).T
    while len(centres):
        budget -= len(centres)
        if budget < 0:
            return False
        undecided = []
        rows = max(1, _CHUNK // m)
        for start in range(0, len(centres), rows):
            part = centres[start : start + rows]
            at_centre, bound = _bounds(flow, part, float(np.linalg.norm(half)) * (1 + _OVERLAP))
            steep = flow.jacobian(part[at_centre > limit])
            if (np.linalg.norm(steep, ord=2, axis=(1, 2)) > limit).any():
                return False
            undecided.append(part[~(bound <= limit)])
        centres = (np.concatenate(undecided)[:, None] + half * corners).reshape(-1, d)
        half = half / 2
    return True


def _bounds(flow: Flow, centres: FloatArray, r: float) -> tuple[FloatArray, FloatArray]:
    """Frobenius norms of J at the centres of balls of radius r, and bounds on |J| inside, ``(k,)`` each."""
    anchors, vectors, s = flow.anchors, flow.vectors, flow.scale
    distance = _distances(centres, anchors)
    shares = flow.shares(centres)
    away = _distances(shares @ vectors, vectors)
    at_centre = np.sqrt(np.square(flow.slopes(centres, shares)).sum(axis=(1, 2)))
    near, far = np.maximum(distance - r, 0) / s, (distance + r) / s
    most, least = np.exp(-(near**2) / 2), np.exp(-(far**2) / 2)
    total = 1 + least.sum(axis=1, keepdims=True)
    share = most / (total - least + most)  # largest p_i: it grows with f_i and falls with the others
    # the largest u f, at u = 1, and the largest (u^2 - 1) f, at the root of 3, or else at an end
    rising = np.where(near > 1, near * most, np.where(far < 1, far * least, _U_F))
    bending = np.where(near > _ROOT, (near**2 - 1) * most, np.where(far < _ROOT, (far**2 - 1) * least, _UU_F))
    share_u = np.minimum(share * far, rising / total)
    curved = np.minimum(share * np.maximum(1, far**2 - 1), np.maximum(most, bending) / total)
    speed = np.linalg.norm(vectors, axis=1)
    coarse = (share_u * (speed + speed.max())).sum(axis=1) / s
    pull = share_u.sum(axis=1) / s
    left = 1 - r * pull
    slope = np.full(len(centres), np.inf)  # sup |J| <= (share_u away).sum / s + r pull sup |J|
    np.divide((share_u * away).sum(axis=1) / s, left, out=slope, where=left > 0)
    slope = np.minimum(slope, coarse)
    bend = (curved * (away + (r * slope)[:, None])).sum(axis=1) / s**2 + 2 * pull * slope
    bound = np.minimum(slope, at_centre + r * bend)
    return at_centre, bound + _ERROR * (bound + coarse)


def _distances(a: FloatArray, b: FloatArray) -> FloatArray:
    """All distances ``(n, m)`` between points ``(n, d)`` and ``(m, d)``."""
    square = np.zeros((len(a), len(b)))
    for own, other in zip(a.T, b.T, strict=True):
        square += np.square(own[:, None] - other)
    return np.sqrt(square, out=square)
