"""A proven upper bound on how fast a flow's field changes, by branch and bound on boxes of space.

``x -> x + t F(x)`` is a homeomorphism of space for all t in [0, 1] if the Lipschitz constant of F is below 1
(essay, "Neural Network Layers for Manipulating Manifolds"; Banach's fixed point theorem gives the inverse).
Space is convex, so the constant is the largest spectral norm of the derivative J. Boxes cover all places
within R scales of the box around the anchors. Beyond, where ``u_i = |x - a_i| / s`` is at least R for all i,
the norm ``|J| <= sum p_i |v_i - F| u_i / s`` is at most ``2 m max|v_i| R exp(-R^2 / 2) / s``, as ``p_i <=
f_i``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from topo_core.verification import elementary
from topo_core.verification.fields import FlowStep, slopes
from topo_core.verification.intervals import EPS, FloatArray, Interval, above, product
from topo_core.verification.margins import Verdict

#: R above, and the side of the first boxes, in scales.
_REACH, _SIDE = 7.0, 2.0
#: Boxes that are looked at at once.
_CHUNK = 20_000


@dataclass(frozen=True)
class SlopeProof:
    """What is known of the Lipschitz constant of F (Euclidean distances, spectral norm).

    Attributes
    ----------
    verdict
        ``"proven"``: it is at most ``bound``. ``"refuted"``: it is more than the limit, see ``point``.
    bound
        If proven, an upper bound, at most the limit; else None.
    point
        If refuted, where the derivative's norm is above the limit; else None.
    boxes, seconds
        What it took.
    reason
        One line for people.
    """

    verdict: Verdict
    bound: float | None
    point: tuple[float, ...] | None
    boxes: int
    seconds: float
    reason: str


def prove_slow(step: FlowStep, limit: float = 0.99, budget: int = 1_000_000) -> SlopeProof:
    """Prove or refute that the Lipschitz constant of a flow's field is at most ``limit``.

    Parameters
    ----------
    step
        Of few dimensions: boxes are cut in all of them.
    limit
        Below 1, so that the layer can be undone.
    budget
        Boxes at most.
    """
    began = time.perf_counter()
    with np.errstate(all="ignore"):
        verdict, bound, point, boxes, reason = _search(step, limit, budget)
    return SlopeProof(verdict, bound, point, boxes, time.perf_counter() - began, reason)


_Found = tuple[Verdict, float | None, tuple[float, ...] | None, int, str]


def _search(step: FlowStep, limit: float, budget: int) -> _Found:
    bound = _beyond(step)
    if not bound <= limit:
        return "undecided", None, None, 0, "the vectors are too long for a bound far from the anchors"
    start = _cover(step, budget)
    if start is None:
        return "undecided", None, None, 0, f"more than {budget} boxes are needed to cover the anchors"
    low, high = start
    boxes = 0
    while len(low):
        boxes += len(low)
        norm = np.concatenate(
            [_largest(slopes(step, Interval(low[part], high[part]))[1]) for part in _parts(len(low))]
        )
        done = norm <= limit
        bound = max(bound, float(norm[done].max(initial=0.0)))
        low, high = low[~done], high[~done]
        for part in _parts(len(low)):
            point = _steep(step, 0.5 * (low[part] + high[part]), limit)
            if point is not None:
                return (
                    "refuted",
                    None,
                    point,
                    boxes,
                    f"the derivative's norm is more than {limit:g} at a point",
                )
        if boxes + len(low) * 2 ** low.shape[1] > budget:  # before so many are made
            return "undecided", None, None, boxes, f"{len(low)} boxes are left after {boxes}"
        low, high = _halved(low, high)
    return "proven", bound, None, boxes, f"the Lipschitz constant is at most {bound:.4g}, by {boxes} boxes"


def _parts(k: int) -> list[slice]:
    """Slices of k boxes whose matrices take little memory together."""
    return [slice(start, start + _CHUNK) for start in range(0, k, _CHUNK)]


def _beyond(step: FlowStep) -> float:
    """The bound on the norm of J farther than R scales from all anchors; R is from where it falls."""
    speed = Interval.of(step.vectors).square().sum().sqrt().hi.max()
    decay = elementary.exp(Interval.of(np.array([-(_REACH**2) / 2]))) * (2.0 * len(step.anchors) * _REACH)
    return float((decay * Interval.of(speed) / Interval.of(step.scale)).hi[0])


def _cover(step: FlowStep, budget: int) -> tuple[FloatArray, FloatArray] | None:
    """Boxes ``(k, d)`` low and high that cover all places within R scales of the anchors' box."""
    low = step.anchors.min(axis=0) - (_REACH + 1e-6) * step.scale
    high = step.anchors.max(axis=0) + (_REACH + 1e-6) * step.scale
    low, high = low - 4 * EPS * np.abs(low), high + 4 * EPS * np.abs(high)
    counts = np.maximum(np.ceil((high - low) / (_SIDE * step.scale)), 1.0)
    if not counts.prod() <= budget:
        return None
    edges = [np.linspace(a, b, int(n) + 1) for a, b, n in zip(low, high, counts, strict=True)]
    lows, highs = (
        np.stack([axis.ravel() for axis in np.meshgrid(*(e[side] for e in edges), indexing="ij")], axis=1)
        for side in (slice(-1), slice(1, None))
    )
    return lows, highs


def _largest(slope: Interval) -> FloatArray:
    """Upper bounds on the spectral norm of matrices ``(k, d, d)``.

    Of the middle A by ``|A|^8 <= |(A'A)^4|`` in the Frobenius norm, and of the radius by the Frobenius norm.
    """
    middle, radius = slope.split()
    power = product(Interval.of(middle.transpose(0, 2, 1)), Interval.of(middle))
    for _ in range(2):
        power = product(power, power)
    norm = _frobenius(power)
    for _ in range(3):
        norm = above(np.sqrt(norm))
    return np.asarray(above(norm + _frobenius(Interval.of(radius))), dtype=np.float64)


def _frobenius(matrices: Interval) -> FloatArray:
    """Upper bounds ``(k,)`` on the Frobenius norm of ``(k, d, d)``."""
    squares = matrices.square().sum().sum()
    return squares.sqrt().hi


def _steep(step: FlowStep, points: FloatArray, limit: float) -> tuple[float, ...] | None:
    """A point of some ``(k, d)`` at which J is proven to stretch a direction by more than the limit."""
    if not len(points):
        return None
    slope = slopes(step, Interval.of(points))[1]
    middle = np.nan_to_num(slope.middle, nan=0.0, posinf=0.0, neginf=0.0)
    worst = int(np.square(middle).sum(axis=(1, 2)).argmax())
    direction = np.linalg.svd(middle[worst])[2][0]  # only a guess: what follows holds for every direction
    along = (slope[worst] * direction[None, :]).sum()
    ratio = along.square().sum() / Interval.of(direction).square().sum()
    return tuple(points[worst].tolist()) if ratio.sqrt().lo > limit else None


def _halved(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """All ``2^d`` parts of boxes ``(k, d)``."""
    for axis in range(low.shape[1]):
        middle = 0.5 * (low[:, axis] + high[:, axis])
        upper, lower = low.copy(), high.copy()
        upper[:, axis] = lower[:, axis] = middle
        low, high = np.concatenate([low, upper]), np.concatenate([lower, high])
    return low, high
