"""A report for people: a line a claim, what is alike together, and what is not part of it."""

from __future__ import annotations

import textwrap
from itertools import groupby

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
    """Claims with the same key share a row: flow layers one after the other."""
    claim = checked.claim
    if isinstance(claim, dict) and claim.get("claim") == "homeomorphism" and claim.get("by") == "lipschitz":
        return "lipschitz", checked.verdict
    return (id(checked),)


def _rows(claims: list[Checked]) -> list[str]:
    first, seconds = claims[0], sum(c.seconds for c in claims)
    says, why = first.says, first.why
    if len(claims) > 1:
        numbers = [(c.claim["layer"], c.claim["number"]) for c in claims if isinstance(c.claim, dict)]
        layers, bounds = zip(*numbers, strict=True)
        says = (
            f"Layers {min(layers)} to {max(layers)} are homeomorphisms: their fields' Lipschitz constants "
            f"are at most {max(bounds):.4g}."
        )
        why = "proven for each of them" if first.verdict == "proven" else why
    head = f"  {first.verdict:9}  {seconds:5.1f} s  "
    indent = " " * len(head)
    return [
        *textwrap.wrap(says, _WIDTH, initial_indent=head, subsequent_indent=indent),
        *textwrap.wrap(why, _WIDTH, initial_indent=indent + "- ", subsequent_indent=indent + "  "),
    ]
