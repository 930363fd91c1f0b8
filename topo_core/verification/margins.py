"""Whether a network separates whole sets: branch and bound on boxes of parameters.

A box is done when the lower bound of "own logit less another" over it is large enough; otherwise it is cut in
two across the parameter that matters most. A sample is never a proof, but one point that is proven to be on
the wrong side is a refutation.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.verification.intervals import FloatArray, Interval, below
from topo_core.verification.network import FlowStep, Jet, Layer, Network, linearly
from topo_core.verification.pieces import Piece, middle

Verdict = Literal["proven", "refuted", "undecided"]

#: The proven margin is at least this share of the smallest one that was seen, if the budget allows.
TIGHTNESS = 0.95
#: Boxes that are enclosed at once, at least and at most, and about how many numbers they take between layers.
_FEWEST, _MOST, _NUMBERS = 16, 2048, 1_000_000


@dataclass(frozen=True)
class Counterexample:
    """A point of a piece that is not on its side.

    Attributes
    ----------
    piece, label
        Which piece, and its class.
    parameters
        Exact doubles: the piece's map at these gives the point.
    low, high
        The point's coordinates lie between these.
    other
        The class whose logit is at least as large.
    advantage
        Bounds on the own logit less the other's; the upper one is at most 0.
    """

    piece: str
    label: int
    parameters: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    other: int
    advantage: tuple[float, float]


@dataclass(frozen=True)
class MarginProof:
    """What came of the attempt.

    Attributes
    ----------
    verdict
        ``"proven"``: every point of every piece has the largest logit for its own label. ``"refuted"``: the
        counterexample has not. ``"undecided"``: the boxes did not suffice.
    margin
        If proven, a lower bound above 0 of the own logit less the largest other; else None.
    distance
        If proven, a lower bound above 0 of the distance of an image to the hyperplanes between its class and
        others, in units of the last representation; else None. None too if two classes have the same weights.
    boxes, seconds
        What it took.
    counterexample
        If refuted; else None.
    reason
        One line for people.
    """

    verdict: Verdict
    margin: float | None
    distance: float | None
    boxes: int
    seconds: float
    counterexample: Counterexample | None
    reason: str


def prove_separated(network: Network, pieces: Sequence[Piece], budget: int = 1_000_000) -> MarginProof:
    """Prove or refute that the readout gives every point of every piece its own label.

    Parameters
    ----------
    network, pieces
        Of dimensions that fit each other.
    budget
        Boxes that are enclosed at most. What comes out depends on it and not on the machine's speed.

    Raises
    ------
    TopoError
        For a label that the readout does not have, and when there are no pieces or fewer than two classes.
    """
    classes = len(network.readout_bias)
    if classes < 2 or not pieces:
        raise TopoError(f"{len(pieces)} pieces and {classes} classes: there is nothing to separate")
    for piece in pieces:
        if not 0 <= piece.label < classes:
            raise TopoError(f"piece {piece.name}: label {piece.label} is none of the {classes} classes")
    began = time.perf_counter()
    with np.errstate(all="ignore"):
        search = _Search(network, pieces, budget)
        verdict, reason = search.run()
    margin, distance = search.proven.tolist() if verdict == "proven" else (None, None)
    return MarginProof(
        verdict=verdict,
        margin=margin,
        distance=distance if distance is not None and distance > 0 else None,
        boxes=search.boxes,
        seconds=time.perf_counter() - began,
        counterexample=search.counterexample,
        reason=reason,
    )


class _Rivals:
    """The own logit less every other one, as linear functions of the last representation.

    The differences of weights are held exactly, as sums of two doubles (Knuth's two-sum).
    """

    def __init__(self, network: Network, label: int) -> None:
        others = np.arange(len(network.readout_bias)) != label
        self.labels = np.flatnonzero(others)
        self.weights = _difference(network.readout_weight[label], network.readout_weight[others])
        self.biases = _difference(network.readout_bias[label], network.readout_bias[others])
        exact = Interval.of(self.weights[0]) + Interval.of(self.weights[1])
        alike = (self.weights[0] == 0).all(axis=1)  # then there is no hyperplane
        self.norms = np.where(alike, np.inf, exact.square().sum().sqrt().hi)

    def advantage(self, jet: Jet) -> Jet:
        """Over boxes, ``(k, C - 1)``."""
        main, rest = (linearly(w, b, jet) for w, b in zip(self.weights, self.biases, strict=True))
        return Jet(
            main.centre + rest.centre, main.value + rest.value, main.tangent + rest.tangent, jet.radius
        ).tightened()


def _difference(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """``a - b`` rounded, and what that lacks, exactly."""
    total = a - b
    back = total - a
    return total, (a - (total - back)) - (b + back)


@dataclass(frozen=True, eq=False)
class _Front:
    """Boxes of a piece that are not done.

    Attributes
    ----------
    low, high
        ``(k, p)`` each.
    floor
        ``(k, 2)``: what is proven of the margin and of the distance over them.
    """

    low: FloatArray
    high: FloatArray
    floor: FloatArray

    def of(self, rows: NDArray[np.bool_]) -> _Front:
        """Some of the boxes."""
        return _Front(self.low[rows], self.high[rows], self.floor[rows])

    def cut(self, axis: NDArray[np.intp]) -> _Front:
        """Both halves of each box, cut across an axis ``(k,)`` of its own."""
        rows = np.arange(len(axis))
        middle = 0.5 * (self.low[rows, axis] + self.high[rows, axis])
        high, low = self.high.copy(), self.low.copy()
        high[rows, axis] = low[rows, axis] = middle
        return _Front(
            *(np.concatenate(p) for p in ((self.low, low), (high, self.high), (self.floor, self.floor)))
        )


def layer_width(layer: Layer) -> int:
    """Numbers per box and parameter between the parts of a layer."""
    if isinstance(layer, FlowStep):
        return int(layer.anchors.shape[1] ** 2)
    return int(max(layer.weight.shape))


class _Search:
    """Branch and bound over all pieces, one generation of boxes after another."""

    def __init__(self, network: Network, pieces: Sequence[Piece], budget: int) -> None:
        self.network, self.pieces, self.budget = network, pieces, budget
        self.rivals = [_Rivals(network, piece.label) for piece in pieces]
        widest = max(network.readout_weight.shape[1], *(layer_width(layer) for layer in network.layers), 1)
        self.rows = min(max(_NUMBERS // widest, _FEWEST), _MOST)
        self.boxes, self.seen = 0, np.inf
        self.proven = np.full(2, np.inf)  # margin and distance
        self.counterexample: Counterexample | None = None

    def run(self) -> tuple[Verdict, str]:
        """The verdict, and why."""
        starts = [piece.start() for piece in self.pieces]
        fronts = [_Front(low, high, np.full((len(low), 2), -np.inf)) for low, high in starts]
        while any(len(front.low) for front in fronts):
            if self.boxes + sum(len(front.low) for front in fronts) > self.budget:
                return self._late(fronts)
            found = [self._enclosed(k, front) for k, front in enumerate(fronts)]
            if self.counterexample is not None:
                return "refuted", f"a point of {self.counterexample.piece} is proven to be on the wrong side"
            for k, (front, axis) in enumerate(found):
                thin = front.low == front.high
                stuck = np.take_along_axis(thin, axis[:, None], 1)[:, 0]
                if (stuck & ~(front.floor[:, 0] > 0)).any():
                    return (
                        "undecided",
                        f"a point of {self.pieces[k].name} is too near to the border to tell its side",
                    )
                done = (front.floor[:, 0] > 0) & (stuck | (front.floor[:, 0] >= TIGHTNESS * self.seen))
                self.proven = np.minimum(self.proven, front.floor[done].min(axis=0, initial=np.inf))
                fronts[k] = front.of(~done).cut(axis[~done])
        return "proven", f"every point is on its side, by {self.boxes} boxes"

    def _late(self, fronts: list[_Front]) -> tuple[Verdict, str]:
        """When the budget is spent: what is left may still be proven, if not tightly."""
        for front in fronts:
            self.proven = np.minimum(self.proven, front.floor.min(axis=0, initial=np.inf))
        if self.proven[0] > 0:
            return "proven", f"every point is on its side, by {self.boxes} boxes"
        left = sum(np.count_nonzero(~(front.floor[:, 0] > 0)) for front in fronts)
        return "undecided", f"{left} boxes are left after {self.boxes}"

    def _enclosed(self, k: int, front: _Front) -> tuple[_Front, NDArray[np.intp]]:
        """The same boxes with what is now known of them, and across which axis each is to be cut."""
        floors, axes = [front.floor[:0]], [np.zeros(0, dtype=np.intp)]
        for start in range(0, len(front.low), self.rows):
            part = slice(start, start + self.rows)
            jet = self.pieces[k].jet(front.low[part], front.high[part])
            ahead = self.rivals[k].advantage(self.network.representation(jet))
            self.boxes += len(jet.radius)
            self._look(k, jet, ahead, front, start)
            low = ahead.value.lo
            floor = np.stack([low.min(axis=1), below(low / self.rivals[k].norms).min(axis=1)], axis=1)
            floors.append(np.fmax(front.floor[part], floor))
            worst = np.nan_to_num(low, nan=-np.inf).argmin(axis=1)
            effect = ahead.tangent.magnitude[np.arange(len(worst)), worst] * jet.radius
            axes.append(
                np.where(jet.radius > 0, np.nan_to_num(effect, nan=np.inf) + 1e-9 * jet.radius, -1).argmax(
                    axis=1
                )
            )
        return _Front(front.low, front.high, np.concatenate(floors)), np.concatenate(axes)

    def _look(self, k: int, jet: Jet, ahead: Jet, front: _Front, start: int) -> None:
        """Take note of the smallest advantage at a centre, and of a point on the wrong side."""
        upper = ahead.centre.hi
        if not len(upper):
            return
        smallest = np.nan_to_num(upper, nan=np.inf)
        row, column = np.unravel_index(int(smallest.argmin()), smallest.shape)
        self.seen = min(self.seen, float(smallest[row, column]))
        if self.counterexample is None and smallest[row, column] <= 0:
            low, high = front.low[start + row], front.high[start + row]
            self.counterexample = Counterexample(
                piece=self.pieces[k].name,
                label=self.pieces[k].label,
                parameters=tuple(middle(low, high).tolist()),
                low=tuple(jet.centre.lo[row].tolist()),
                high=tuple(jet.centre.hi[row].tolist()),
                other=int(self.rivals[k].labels[column]),
                advantage=(float(ahead.centre.lo[row, column]), float(upper[row, column])),
            )
