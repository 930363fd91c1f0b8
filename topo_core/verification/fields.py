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
from functools import cached_property

import numpy as np

from topo_core.errors import TopoError
from topo_core.verification.elementary import EXP_ERROR, approximate_exp
from topo_core.verification.intervals import EPS, FloatArray, Interval, affine, padded

#: Boxes times anchors that are looked at at once: they stay in the processor's cache.
_CHUNK = 6_000
#: More than e^-345, to which exponents are cut.
_LOST = 1e-149
#: Dimensions above which second derivatives take longer than they save.
_BENDING = 4
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
    """F at centres ``(k, d)``, F over boxes ``(k, d)`` that hold them, and J over the boxes ``(k, d, d)``.

    Of two enclosures of J it is the common part: the direct one and, in few dimensions, the mean value form
    ``J(c) + DJ(box) (box - c)``, whose excess shrinks with the square of the box.
    """
    box = value.hull(centre)  # so that J is known on the way from a middle to a centre
    middle, radius = centre.split()
    thin = Interval.of(middle)
    parts = [_field(step, thin[part], box[part]) for part in _parts(step, len(middle))]
    at, over, slope = (_joined([part[n] for part in parts]) for n in range(3))
    reach = (slope.magnitude * radius[:, None, :]).sum(axis=-1)  # of F(x) from F(middle)
    reach = padded(reach, reach, radius.shape[1])
    return at + Interval(-reach, reach), over, slope


def slopes(step: FlowStep, box: Interval) -> tuple[Interval, Interval]:
    """F ``(k, d)`` and J ``(k, d, d)`` over boxes ``(k, d)``."""
    parts = [_Sums(step, box[part]) for part in _parts(step, len(box.lo))]
    return _joined([part.over for part in parts]), _joined([part.slope for part in parts])


def _field(step: FlowStep, thin: Interval, box: Interval) -> tuple[Interval, Interval, Interval]:
    """F at points, F over boxes that hold them, and J over the boxes, all at once."""
    at, over = _Sums(step, thin), _Sums(step, box)
    if box.shape[1] > _BENDING:
        return at.over, over.over, over.slope
    away = box - thin
    slope = at.slope
    for axis, bend in enumerate(over.bends):
        slope = slope + bend * away[:, axis, None, None]
    return at.over, over.over, over.slope.meet(slope)


def _parts(step: FlowStep, k: int) -> list[slice]:
    """Slices of k boxes that are looked at at once."""
    rows = max(1, _CHUNK // len(step.anchors))
    return [slice(start, start + rows) for start in range(0, max(k, 1), rows)]


def _joined(parts: list[Interval]) -> Interval:
    return Interval(np.concatenate([p.lo for p in parts]), np.concatenate([p.hi for p in parts]))


class _Sums:
    """The sums over the anchors that F and its derivatives over boxes ``(k, d)`` are made of."""

    def __init__(self, step: FlowStep, box: Interval) -> None:
        self._step, self._box = step, box
        self._shares = _shares(step, box)
        #: F, ``(k, d)``
        self.over = affine(step.vectors.T, self._shares)
        self._c, self._e = self.over.split()
        self._away = [
            np.abs(column - c[:, None]) for column, c in zip(step.vectors.T, self._c.T, strict=True)
        ]
        self._square = Interval.of(step.scale).square()

    def _against(self, weights: Interval) -> Interval:
        """``sum w_i (v_i - F)``, ``(k, d)``, of weights ``(k, m)``.

        With ``w_i = m_i +- r_i`` and ``F = c +- e`` it is ``sum m_i (v_i - c)`` up to ``sum r_i |v_i - c| +
        e sum (|m_i| + r_i)``.
        """
        vectors, (middle, radius) = self._step.vectors, weights.split()
        size = np.abs(middle)
        total, sizes = middle.sum(axis=1)[:, None], (size + radius).sum(axis=1)[:, None]
        terms = size @ np.abs(vectors) + np.abs(self._c) * sizes
        loose = np.stack([np.einsum("km,km->k", radius, part) for part in self._away], axis=1)
        reach = padded(loose + self._e * sizes, terms, len(vectors) + 4)
        return Interval.around(middle @ vectors - self._c * total, reach)

    @cached_property
    def _gaps(self) -> list[Interval]:
        """``a_i - x``, ``(k, m)`` for each coordinate."""
        box, anchors = self._box, self._step.anchors
        return [anchors[:, axis] - box[:, axis, None] for axis in range(anchors.shape[1])]

    @cached_property
    def _pulls(self) -> list[Interval]:
        """``p_i (a_i - x)``: as ``u exp(-u^2 / 2)`` is at most 0.6066, at most that times s, in any box."""
        most = _STEEPEST * self._step.scale
        pulls = [self._shares * gap for gap in self._gaps]
        return [Interval(np.fmax(pull.lo, -most), np.fmin(pull.hi, most)) for pull in pulls]

    @cached_property
    def slope(self) -> Interval:
        """J, ``(k, d, d)``."""
        return Interval.stack([self._against(pull) for pull in self._pulls]) / self._square

    @property
    def bends(self) -> list[Interval]:
        """The derivatives of J by each coordinate x_l, ``(k, d, d)``.

        With ``m = sum p_i (a_i - x) / s^2`` they are
        ``d_l J = sum p_i (v_i - F) ((a_i - x) (a_i - x)_l / s^2 - e_l)' / s^2 - m_l J - (J e_l) m'``.
        """
        d, J, square = len(self._gaps), self.slope, self._square
        mean = Interval.stack([pull.sum() for pull in self._pulls]) / square
        alone, sums = self._against(self._shares), dict[tuple[int, int], Interval]()
        for j in range(d):
            for k in range(j + 1):
                total = self._against(self._pulls[j] * self._gaps[k]) / square
                sums[j, k] = sums[k, j] = total - alone if j == k else total
        return [
            Interval.stack([sums[j, k] for j in range(d)]) / square
            - J * mean[:, k, None, None]
            - J[:, :, k, None] * mean[:, None, :]
            for k in range(d)
        ]


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
