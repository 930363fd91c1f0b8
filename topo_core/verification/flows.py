"""A proven upper bound on how fast a flow's field changes, by branch and bound."""

from __future__ import annotations

from dataclasses import dataclass

from topo_core.verification.margins import Verdict
from topo_core.verification.network import FlowStep


@dataclass(frozen=True)
class SlopeProof:
    """What is known of the Lipschitz constant of F (spectral norm, Euclidean distance).

    Attributes
    ----------
    verdict
        ``"proven"``: it is at most ``bound``, below 1. ``"refuted"``: it is 1 or more, at ``point``.
    bound
        If proven, an upper bound; else None.
    point
        If refuted, where the derivative's norm is 1 or more; else None.
    boxes, seconds
        What it took.
    """

    verdict: Verdict
    bound: float | None
    point: tuple[float, ...] | None
    boxes: int
    seconds: float


def prove_slow(step: FlowStep, limit: float = 0.99, budget: int = 1_000_000) -> SlopeProof:
    """Prove that the Lipschitz constant of a flow's field is at most ``limit``, below 1."""
    raise NotImplementedError
