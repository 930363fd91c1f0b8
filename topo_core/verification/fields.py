"""Enclosures of a flow layer's field and of its derivative.

``F(x) = sum p_i v_i`` with ``p_i = f_i / (1 + sum f_j)`` and ``f_i = exp(-|x - a_i|^2 / (2 s^2))`` (essay,
"Neural Network Layers for Manipulating Manifolds"), so that::

    J = sum p_i (v_i - F) (a_i - x)' / s^2

with the output's coordinate as row and the input's as column. Each p_i increases with f_i and decreases with
the others, which bounds it sharply over a box. What is computed from positive numbers alone has a small
relative error, which is added at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topo_core.errors import TopoError
from topo_core.verification.elementary import EXP_ERROR, approximate_exp
from topo_core.verification.intervals import EPS, FloatArray, Interval, affine, padded

#: Boxes times anchors that are looked at at once: they stay in the processor's cache.
_CHUNK = 6_000
#: More than e^-345, to which exponents are cut.
_LOST = 1e-149
#: More than ``exp(-1/2)``.
_STEEPEST = 0.6066


@dataclass(frozen=True, eq=False)
class FlowStep:
    """A layer ``x -> x + F(x)`` with ``F(x) = sum v_i f_i / (1 + sum f_i)``.

    Attributes
    ----------
    anchors, vectors
        a_i and v_i, ``(m, d)`` each, finite.
    scale
        s in ``f_i = exp(-|x - a_i|^2 / (2 s^2))``, above 0.

    Raises
    ------
    TopoError
        For shapes that do not fit, and a scale that is not from 1e-100 to 1e100.
    """

    anchors: FloatArray
    vectors: FloatArray
    scale: float

    def __post_init__(self) -> None:
        if self.anchors.ndim != 2 or 0 in self.anchors.shape or self.vectors.shape != self.anchors.shape:
            raise TopoError(
                f"a flow with anchors {self.anchors.shape}, vectors {self.vectors.shape}: give (m, d) twice"
            )
        if not 1e-100 <= self.scale <= 1e100:
            raise TopoError(f"a flow's scale is {self.scale}: give one from 1e-100 to 1e100")


def field(step: FlowStep, centre: Interval, value: Interval) -> tuple[Interval, Interval, Interval]:
    """F at centres ``(k, d)``, F over boxes ``(k, d)`` that hold them, and J over the boxes ``(k, d, d)``."""
    over, slope = slopes(step, value.hull(centre))  # so that J is known on the way from a middle to a centre
    middle, radius = centre.split()
    thin = Interval.of(middle)
    at = _joined([affine(step.vectors.T, _shares(step, thin[part])) for part in _parts(step, len(middle))])
    reach = (slope.magnitude * radius[:, None, :]).sum(axis=-1)  # of F(x) from F(middle)
    reach = padded(reach, reach, radius.shape[1])
    return at + Interval(-reach, reach), over, slope


def slopes(step: FlowStep, box: Interval) -> tuple[Interval, Interval]:
    """F ``(k, d)`` and J ``(k, d, d)`` over boxes ``(k, d)``."""
    parts = [_slopes(step, box[part]) for part in _parts(step, len(box.lo))]
    return _joined([part[0] for part in parts]), _joined([part[1] for part in parts])


def _parts(step: FlowStep, k: int) -> list[slice]:
    """Slices of k boxes that are looked at at once."""
    rows = max(1, _CHUNK // len(step.anchors))
    return [slice(start, start + rows) for start in range(0, max(k, 1), rows)]


def _joined(parts: list[Interval]) -> Interval:
    return Interval(np.concatenate([p.lo for p in parts]), np.concatenate([p.hi for p in parts]))


def _slopes(step: FlowStep, box: Interval) -> tuple[Interval, Interval]:
    """As ``slopes``, all boxes at once.

    With middles and radii ``p_i (a_i - x) = m_i +- r_i`` and ``F = c +- e``, J s^2 is ``sum (v_i - c) m_i'``
    up to ``sum |v_i - c| r_i' + e sum (|m_i| + r_i)'``. As ``u exp(-u^2 / 2)`` is at most 0.6066, no
    coordinate of ``p_i (a_i - x) / s`` is larger, however large the box.
    """
    most = _STEEPEST * step.scale
    m, d = step.anchors.shape
    shares = _shares(step, box)
    over = affine(step.vectors.T, shares)
    c, e = over.split()
    away = [np.abs(step.vectors[:, k] - c[:, k, None]) for k in range(d)]
    value, reach = np.empty((len(c), d, d)), np.empty((len(c), d, d))
    for column in range(d):
        pull = shares * (step.anchors[:, column] - box[:, column, None])
        middle, radius = Interval(np.fmax(pull.lo, -most), np.fmin(pull.hi, most)).split()
        size = np.abs(middle)
        total, all_sizes = middle.sum(axis=1)[:, None], (size + radius).sum(axis=1)[:, None]
        value[:, :, column] = middle @ step.vectors - c * total
        terms = size @ np.abs(step.vectors) + np.abs(c) * all_sizes
        loose = np.stack([np.einsum("km,km->k", radius, part) for part in away], axis=1) + e * all_sizes
        reach[:, :, column] = padded(loose, terms, m + 4)
    return over, Interval.around(value, reach) / Interval.of(step.scale).square()


def _shares(step: FlowStep, box: Interval) -> Interval:
    """The p_i over boxes ``(k, d)``: ``(k, m)``.

    Exponents have a relative error below ``(d + 8) 2^-52``, and the quotients below the ``error``: no f_i is
    larger than 1, so a sum less one of its terms is as exact as the whole denominator.
    """
    m, d = step.anchors.shape
    thin, off = box.lo is box.hi, (d + 8) * EPS
    near, far = np.zeros((len(box.lo), m)), np.zeros((len(box.lo), m))
    for low, high, anchor in zip(box.lo.T, box.hi.T, step.anchors.T, strict=True):
        before, after = low[:, None] - anchor, anchor - high[:, None]
        if not thin:
            gap = np.maximum(before, after)
            near += np.square(np.maximum(gap, 0.0, out=gap), out=gap)
        np.maximum(np.abs(before, out=before), np.abs(after, out=after), out=after)
        far += np.square(after, out=after)
    half = -0.5 / (step.scale * step.scale)
    least = approximate_exp(far * (half if thin else half * (1 + off)))
    most = least if thin else approximate_exp(near * (half * (1 - off)))
    error = 3 * (EXP_ERROR + (355 * off if thin else 0.0)) + (m + 8) * EPS
    low = least / (1 + least + (most.sum(axis=1, keepdims=True) - most))
    high = low if thin else most / (1 + most + (least.sum(axis=1, keepdims=True) - least))
    return Interval(np.maximum(low * (1 - error) - _LOST, 0.0), np.minimum(high * (1 + error) + _LOST, 1.0))
