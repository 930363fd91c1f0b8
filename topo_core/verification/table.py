"""A report for people: a line a claim, what is alike together, and what is not part of it."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import Any

from topo_core.verification.kinds import written
from topo_core.verification.report import Checked, Report

#: Columns of a line.
_WIDTH = 110
_FOOT = (
    "Proven is what holds for the stored doubles, in real arithmetic (docs/certificates.md). The outcome, "
    "the losses and the accuracies beside the claims were measured on samples: they are not part of it."
)


def as_lines(name: str, report: Report, seconds: float) -> list[str]:
    """The table of a report.

    Parameters
    ----------
    name
        Of the trace, for the first line.
    seconds
        What everything took.
    """
    if not report.claims:
        return [f"{name}: it makes no claims, so nothing is proven. Train it again to have it certified."]
    counts = {
        verdict: sum(c.verdict == verdict for c in report.claims)
        for verdict in ("proven", "refuted", "undecided")
    }
    found = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    lines = [f"{name}: {len(report.claims)} claims, {found} ({seconds:.1f} s)"]
    for _, same in groupby(report.claims, key=_alike):
        lines += _rows(list(same))
    return [*lines, "", *textwrap.wrap(_FOOT, _WIDTH)]


def headline(report: Report) -> str:
    """What a report comes to, in a few words."""
    if not report.claims:
        return "no claims"
    if report.proven:
        return f"all {len(report.claims)} claims proven"
    wrong = [c for c in report.claims if c.verdict == "refuted"] or [
        c for c in report.claims if c.verdict != "proven"
    ]
    return f"{len(wrong)} of {len(report.claims)} claims {wrong[0].verdict}"


def _alike(checked: Checked) -> tuple[object, ...]:
    """Claims with the same key share a row: layers of a kind, one after the other."""
    claim = checked.claim
    if not isinstance(claim, dict) or claim.get("claim") != "homeomorphism" or checked.verdict != "proven":
        return (id(checked),)
    number = None if claim["by"] == "lipschitz" else claim["number"]
    return claim["by"], claim["activation"], number, checked.why if number is not None else ""


def _rows(claims: list[Checked]) -> list[str]:
    first, seconds = claims[0], sum(c.seconds for c in claims)
    says, why = first.says, first.why
    if len(claims) > 1 and isinstance(first.claim, dict):
        says, why = _together([c.claim for c in claims if isinstance(c.claim, dict)], first)
    head = f"  {first.verdict:9}  {seconds:5.1f} s  "
    indent = " " * len(head)
    return [
        *textwrap.wrap(says, _WIDTH, initial_indent=head, subsequent_indent=indent),
        *textwrap.wrap(why, _WIDTH, initial_indent=indent + "- ", subsequent_indent=indent + "  "),
    ]


def _together(claims: list[dict[str, Any]], first: Checked) -> tuple[str, str]:
    """The sentence and the evidence of homeomorphisms one after the other."""
    layers = f"Layers {claims[0]['layer']} to {claims[-1]['layer']}"
    if claims[0]["by"] == "lipschitz":
        bound = max(claim["number"] for claim in claims)
        says = f"{layers} are homeomorphisms: their fields' Lipschitz constants are at most {written(bound)}."
        return says, "proven for each of them"
    _, _, how = first.says.partition(": ")
    return f"{layers}, each a homeomorphism onto its image: {how}", first.why
