"""Certificates: what is true of a trace, found when it is made and proven again by whoever asks.

``certify`` looks for claims, by any means, and keeps those that ``topo_core.verification`` proves; that
package, which shares nothing with what made the trace, is all that ``verify`` needs. What is proven and
under which premises is told in ``docs/certificates.md``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from topo_core.trace import Trace
from topo_core.trace_parts import take_apart
from topo_core.verification.facts import Budget, Facts
from topo_core.verification.report import Report, checked, report, sentence
from topo_core.verification.stored import Stored, interpreted, read

Json = dict[str, Any]


def certified(trace: Trace, budget: Budget | None = None) -> Trace:
    """The same trace with all that could be proven of it as its certificate."""
    return replace(trace, certificate=certify(trace, budget))


def certify(trace: Trace, budget: Budget | None = None) -> Json:
    """The claims about a trace that can be proven within a budget, as plain JSON: ``{"claims": [...]}``.

    Each is ``{"claim": kind, "says": a sentence, ...}`` with the numbers that the sentence is made of. What
    could not be decided is no claim.
    """
    facts = Facts(_stored(trace), budget)
    full = ({**claim, "says": sentence(claim)} for claim in _candidates(facts))
    return {"claims": [claim for claim in full if checked(claim, facts).verdict == "proven"]}


def verify(trace: Trace | str | os.PathLike[str], budget: Budget | None = None) -> Report:
    """Prove the claims that a trace, or a trace file, makes.

    Raises
    ------
    TraceError
        When a file is missing, damaged, or not one of a trace.
    """
    return report(_stored(trace) if isinstance(trace, Trace) else read(Path(trace)), budget)


def _stored(trace: Trace) -> Stored:
    header, arrays = take_apart(trace)
    return interpreted(json.loads(json.dumps(header)), arrays)


def _candidates(facts: Facts) -> Iterator[Json]:
    """Claims that may be true, the most basic first."""
    yield from _about_layers(facts)


def _about_layers(facts: Facts) -> Iterator[Json]:
    number: float
    for k in range(1, facts.n_layers + 1):
        fact = facts.layer(k)
        if fact.homeomorphism == "proven":
            by, number = "determinant", fact.sign or 0
            if fact.lipschitz is not None:
                by, number = "lipschitz", fact.lipschitz
            elif fact.inputs < fact.outputs:
                by, number = "rank", fact.inputs
            yield {
                "claim": "homeomorphism",
                "layer": k,
                "activation": fact.activation,
                "by": by,
                "number": number,
            }
        elif fact.cause:
            yield {"claim": "not-homeomorphism", "layer": k, "because": fact.cause, "near": []}
    verdict, obstacle = facts.isotopy
    if verdict == "proven" and facts.n_layers:
        swaps = [None if swap is None else list(swap) for swap in facts.stored.swaps]
        yield {"claim": "isotopy", "layers": facts.n_layers, "swaps": swaps}
    elif verdict == "refuted" and obstacle is not None:
        yield {
            "claim": "not-isotopy",
            "layer": obstacle.layer,
            "step": obstacle.step,
            "because": obstacle.cause,
        }
