"""Certificates: what is true of a trace, found when it is made and proven again by whoever asks.

``certify`` looks for claims, by any means, and keeps those that ``topo_core.verification`` proves; that
package, which shares nothing with what made the trace, is all that ``verify`` needs. What is proven and
under which premises is told in ``docs/certificates.md``.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache, lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from topo_core.claims import candidates
from topo_core.trace import Trace
from topo_core.trace_parts import take_apart
from topo_core.verification.facts import Budget, Facts
from topo_core.verification.report import Report, checked, report, sentence
from topo_core.verification.stored import MOST_CLAIMS, Stored, interpreted, read

Json = dict[str, Any]

#: What decides, beside the verification itself, which claims are made.
_SEARCH = ("certificates.py", "claims.py", "topology/rational_lp.py", "topology/separability.py")


def certified(trace: Trace, budget: Budget | None = None) -> Trace:
    """The same trace with all that could be proven of it as its certificate."""
    return replace(trace, certificate=certify(trace, budget))


def is_current(certificate: Json) -> bool:
    """Whether this version of the search for claims, and of their proofs, made a certificate."""
    return certificate.get("by") == _version()


@cache
def _version() -> str:
    """12 hex digits of the code that makes certificates."""
    here = Path(__file__).parent
    files = [*(here / name for name in _SEARCH), *sorted((here / "verification").glob("*.py"))]
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:12]


def certify(trace: Trace, budget: Budget | None = None) -> Json:
    """The claims about a trace that can be proven within a budget, as plain JSON: ``{"claims": [...], ...}``.

    Each is ``{"claim": kind, "says": a sentence, ...}`` with the numbers that the sentence is made of. What
    could not be decided is no claim. ``"by"`` names the version of the code.
    """
    facts = Facts(stored(trace), budget)
    full = ({**claim, "says": sentence(claim)} for claim in candidates(facts))
    proven = (claim for claim in full if checked(claim, facts).verdict == "proven")
    return {"by": _version(), "claims": list(islice(proven, MOST_CLAIMS))}


def verify(trace: Trace | str | os.PathLike[str], budget: Budget | None = None) -> Report:
    """Prove the claims that a trace, or a trace file, makes.

    Raises
    ------
    TraceError
        When a file is missing, damaged, or not one of a trace.
    """
    return report(stored(trace) if isinstance(trace, Trace) else read(Path(trace)), budget)


def badge(source: Trace | Report, about: str = "isotopy") -> tuple[str, bool]:
    """A few words on what is proven of a trace, and whether it is.

    Of a trace, its claims of that kind are proven now, and once in a process; they alone count: a trace that
    claims nothing has ``"isotopy not proven"``. NumPy only.

    Parameters
    ----------
    source
        A trace, or a report of its claims.
    about
        ``"isotopy"``: of the animation; or why it is none, and False. ``"impossible"``: that no readout can
        separate the classes. ``"separated"``: that all of the data is.
    """
    kinds = ("isotopy", "not-isotopy") if about == "isotopy" else (about,)
    found = source if isinstance(source, Report) else _some(source, kinds)
    claims = [claim for kind in kinds for claim in found.of(kind)]
    if len(claims) != 1 or claims[0].verdict != "proven" or not isinstance(claims[0].claim, dict):
        return f"{_WHAT[about]} not proven", False
    claim = claims[0].claim
    if claim["claim"] == "not-isotopy":
        return f"not an isotopy: layer {claim['layer']} {_DOES[claim['because']]}", False
    return f"{_WHAT[about]} proven", True


@lru_cache(maxsize=64)
def _some(trace: Trace, kinds: tuple[str, ...]) -> Report:
    return report(stored(trace), only=kinds)


#: What badges are about.
_WHAT = {"isotopy": "isotopy", "impossible": "impossible:", "separated": "separation"}
#: What a layer that is no isotopy does to space.
_DOES = {
    "narrows": "flattens space",
    "singular": "collapses",
    "mirrors": "mirrors space",
    "relu": "folds space",
    "gelu": "folds space",
}


def stored(trace: Trace) -> Stored:
    """A trace as the verification sees it: what a file of it would hold."""
    header, arrays = take_apart(trace)
    return interpreted(json.loads(json.dumps(header)), arrays)
