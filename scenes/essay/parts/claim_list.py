"""The claims of a certificate, with what the checker says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scenes.kit import Canvas, Drawable, Rect
from scenes.kit.badge import draw_sign
from scenes.kit.glyphs import text_glyphs
from scenes.kit.theme import Theme
from topo_core.verification.report import Report

#: Kinds of claims in a few words; several of a kind are one row.
_WORDS = {
    "homeomorphism": "every layer is a homeomorphism",
    "isotopy": "the film is an ambient isotopy",
    "data": "the points lie on the two curves, with their labels",
    "accuracy": "{right} of {points} training points are right",
    "separated": "all of both curves is on its side of the line",
    "not-separable": "at the input, no line does that",
    "impossible": "no line can do that after any such layers",
    "misclassified": "a point is on the wrong side",
}


@dataclass
class ListState:
    """How many of the claims have been checked, as a share."""

    checked: float = 0.0


class ClaimList(Drawable):
    """One row for each kind of claim: its words, and a check mark or a cross when it has been checked."""

    def __init__(self, report: Report, rect: Rect, theme: Theme, **options: Any) -> None:
        super().__init__(**options)
        self.rect, self.theme = rect, theme
        self.state = ListState()
        self.rows = [
            (_words(kind, words, report), all(claim.verdict == "proven" for claim in report.of(kind)))
            for kind, words in _WORDS.items()
            if report.of(kind)
        ]
        self.all_proven = report.proven
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw the words, and the verdicts up to now."""
        theme, rect = self.theme, self.rect
        height = min(0.95, (rect.y1 - rect.y0) / max(len(self.rows), 1))
        for k, (words, proven) in enumerate(self.rows):
            y = rect.y1 - (k + 0.5) * height
            glyphs = text_glyphs(words, theme.text_size)
            checked = self.state.checked * len(self.rows) >= k + 1 - 1e-9
            colour = theme.ink if not checked else theme.classes[2] if proven else theme.accent
            canvas.glyphs(glyphs, rect.x0 + 1.4, y - 0.14, theme.ink)
            if checked:
                draw_sign(canvas, (rect.x0 + 0.8, y), 0.36, proven, colour)
                verdict = text_glyphs("proven" if proven else "not proven", theme.text_size, "bold")
                canvas.glyphs(verdict, rect.x1 - verdict.width, y - 0.14, colour)


def _words(kind: str, words: str, report: Report) -> str:
    """A row's words with the numbers of its first claim."""
    claim = report.of(kind)[0].claim
    return words.format(**claim) if isinstance(claim, dict) else words
