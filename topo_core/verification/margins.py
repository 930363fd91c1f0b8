"""Whether a network separates whole sets, by branch and bound on boxes of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from topo_core.verification.network import Network
from topo_core.verification.sets import Piece

Verdict = Literal["proven", "refuted", "undecided"]


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
        others, in units of the last representation; else None.
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
    """Prove or refute that the readout gives every point of every piece its own label."""
    raise NotImplementedError
