"""Checking every claim of a stored trace: the verdicts, and what they come to."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from topo_core.errors import TopoError, shown
from topo_core.verification.data_claims import KINDS as DATA
from topo_core.verification.facts import Budget, Facts
from topo_core.verification.kinds import Finding, Kind, refuted, undecided
from topo_core.verification.margins import Verdict
from topo_core.verification.motion_claims import KINDS as MOTION
from topo_core.verification.number_claims import KINDS as NUMBERS
from topo_core.verification.outcomes import contradiction
from topo_core.verification.stored import Stored

Json = dict[str, Any]

KINDS: dict[str, Kind] = {**MOTION, **DATA, **NUMBERS}


@dataclass(frozen=True)
class Checked:
    """A claim with its verdict.

    Attributes
    ----------
    claim
        As the trace makes it.
    says
        What it claims, in a sentence made from its numbers; for a claim of no known form what is stored.
    verdict
        ``"proven"``, ``"refuted"`` or ``"undecided"``.
    why
        The evidence, or what is wrong.
    seconds
        What the proof took; what an earlier claim needed as well counts there.
    """

    claim: object
    says: str
    verdict: Verdict
    why: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """What came of checking a trace's claims.

    Attributes
    ----------
    claims
        In the trace's order.
    """

    claims: tuple[Checked, ...]

    @property
    def proven(self) -> bool:
        """Whether there are claims, and all are proven."""
        return bool(self.claims) and all(checked.verdict == "proven" for checked in self.claims)

    def of(self, kind: str) -> list[Checked]:
        """The claims of a kind."""
        return [c for c in self.claims if isinstance(c.claim, dict) and c.claim.get("claim") == kind]

    def as_data(self) -> Json:
        """Everything, for programs."""
        return {"proven": self.proven, "claims": [asdict(checked) for checked in self.claims]}


def sentence(claim: Json) -> str:
    """What a claim says, made from its kind and fields; empty for one of no known form."""
    kind = KINDS.get(str(claim.get("claim")))
    full = {**claim, "says": ""}
    return kind.says(full) if kind and kind.fits(full) else ""


def checked(claim: object, facts: Facts) -> Checked:
    """Prove or refute one claim."""
    began = time.perf_counter()
    if not isinstance(claim, dict) or not isinstance(claim.get("claim"), str):
        return Checked(claim, "something that is no claim", "refuted", "it does not say what is claimed", 0.0)
    says = sentence(claim)
    finding = _judged(claim, says, facts)
    words = says or f"It says {shown(claim.get('says'))}."
    return Checked(claim, words, finding.verdict, finding.why, time.perf_counter() - began)


def _judged(claim: Json, says: str, facts: Facts) -> Finding:
    kind = KINDS.get(claim["claim"])
    if kind is None:
        return undecided("claims of this kind are not known to this version")
    if not says:
        return refuted("its numbers are missing or make no sense")
    if claim.get("says") != says:
        return refuted("its sentence is not what its numbers say")
    try:
        return kind.prove(facts, claim)
    except TopoError as error:
        return undecided(str(error))


def report(stored: Stored, budget: Budget | None = None, only: Collection[str] = ()) -> Report:
    """Check every claim of a stored trace, or those of some kinds.

    A measured outcome that contradicts itself or what is proven counts as a refuted claim.
    """
    return report_of(Facts(stored, budget), only)


def report_of(facts: Facts, only: Collection[str] = ()) -> Report:
    """The same, of a trace of which facts may be known already."""
    stored = facts.stored
    chosen = [c for c in stored.claims if not only or (isinstance(c, dict) and c.get("claim") in only)]
    found = [checked(claim, facts) for claim in chosen]
    proven = [c.claim for c in found if c.verdict == "proven" and isinstance(c.claim, dict)]
    wrong = contradiction(stored.outcome, proven, stored.dataset.get("name") == "points")
    if wrong and found and not only:
        says = "What was measured agrees with itself and with the proofs."
        found.append(Checked({"claim": "outcome"}, says, "refuted", wrong, 0.0))
    return Report(tuple(found))
