"""What a certificate is: boxes instead of samples, exact determinants, and claims that anyone can check.

The facts shown are those that ``topo_core.verification`` proves of the trace (docs/certificates.md).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from manim import FadeIn, FadeOut

from scenes.essay.parts.claim_list import ClaimList
from scenes.essay.parts.enclosed import Enclosed
from scenes.essay.parts.exact_numbers import ExactNumbers
from scenes.essay.parts.pages import PagedScene
from scenes.kit import Number, Rect, Stage
from scenes.kit.state import StateAnimation
from topo_core.certificates import verify
from topo_core.datasets import Spirals
from topo_core.trace import Trace

_ROWS = Rect(-6.4, -3.0, 6.4, 2.6)


class WhatACertificateIs(PagedScene):
    """What a certificate is: proofs instead of samples."""

    experiment = "spirals"

    def construct(self) -> None:
        """Samples, boxes, determinants, the claims, and what becomes of them when a number is changed."""
        widths = self.trace.spec.widths
        self.expect(Spirals, "layers of two units", len(widths) > 1 and set(widths) == {2})
        stage = self.stage(grid=False, boundary=False, points=False, panel=False)
        stage.at(float(self.trace.n_layers))
        stage.state.line = stage.state.halves = 1.0
        self.enclosed = Enclosed(stage)
        self._samples(stage)
        self._boxes(stage)
        self._exact()
        self._claims()

    # -- parts -------------------------------------------------------------------------------------

    def _samples(self, stage: Stage) -> None:
        enclosed = self.enclosed
        count = self.live(lambda: ["points checked:", Number(f"{enclosed.n_samples()}", widest="8888")], 0.2)
        remark = self.remark("A curve has infinitely", "many points.")
        stage.state.curves = 0.0
        with self.section(
            "A film is a sample",
            narration="A line separates these points of two spirals. More points, and it still does. But a "
            "curve has infinitely many points. What of those in between?",
        ):
            self.turn("Is every point on its side?")
            self.play(FadeIn(stage), FadeIn(enclosed), FadeIn(count), run_time=1)
            self.wait(1)
            self.play(StateAnimation(enclosed, {"samples": 1.0}, steady=("samples",), run_time=4))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.4)
        self.play(FadeOut(remark), FadeOut(count), run_time=0.5)

    def _boxes(self, stage: Stage) -> None:
        enclosed = self.enclosed
        rows = [
            self.live(lambda: ["boxes:", Number(f"{enclosed.n_boxes()}", widest="8888")], 0.2),
            self.live(lambda: ["on their side:", Number(f"{enclosed.n_done()}", widest="8888")], 1.0),
        ]
        if enclosed.proven:
            remark = self.remark("Every point of both curves", "is on its side: proven.")
            ending = (
                "Boxes that cross the line are cut in two, until each one is on its side. That is a proof."
            )
        else:
            remark = self.remark("Some box is on the", "wrong side, or undecided.")
            ending = "Boxes that cross the line are cut in two. Some never get to their side."
        with self.section(
            "Boxes",
            narration="Take a whole piece of a curve. Interval arithmetic, rounded outwards, finds a box "
            f"that surely holds its image. {ending}",
        ):
            self.play(StateAnimation(enclosed, {"points": 0.0}), *map(FadeIn, rows), run_time=0.8)
            self.play(StateAnimation(enclosed, {"boxes": 1.0}), run_time=1.5)
            self.wait(0.6)
            last = float(enclosed.generations - 1)
            self.play(StateAnimation(enclosed, {"generation": last}, steady=("generation",), run_time=6))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
        self.page = (stage, enclosed, *rows, remark)

    def _exact(self) -> None:
        numbers = ExactNumbers(self.trace, _ROWS, self.theme)
        positive = numbers.all_positive
        with self.section(
            "No rounding",
            narration="Does a layer collapse the plane, or mirror it? That is the sign of a determinant. "
            "Every number in the machine is a fraction, so the determinant is computed without rounding. "
            + ("It is positive in every layer." if positive else "It is not positive in every layer."),
        ):
            self.turn("The sign of a determinant, exactly")
            self.play(FadeIn(numbers), run_time=0.6)
            self.play(StateAnimation(numbers, {"shown": 1.0}, run_time=6))
            self.wait(5)
        self.page = (numbers,)

    def _claims(self) -> None:
        claims = ClaimList(verify(self.trace), _ROWS, self.theme)
        whole = claims.all_proven
        with self.section(
            "The certificate",
            narration="A certificate is a list of such claims. A program that shares nothing with the "
            "training proves them again, from the numbers alone. "
            + ("All of them are proven." if whole else "Not all of them are proven."),
        ):
            self.turn("The claims, and what the checker says")
            self.play(FadeIn(claims), run_time=0.6)
            self.play(StateAnimation(claims, {"checked": 1.0}, steady=("checked",), run_time=4))
            self.wait(3)
        self.page = (claims,)
        changed = ClaimList(verify(tampered(self.trace)), _ROWS, self.theme)
        with self.section(
            "One number changed",
            narration="Now one weight of the first layer changes its sign, and the claims stay. The checker "
            + ("notices." if not changed.all_proven else "finds that they still hold."),
        ):
            self.turn("One weight changes its sign")
            self.play(FadeIn(changed), run_time=0.6)
            self.play(StateAnimation(changed, {"checked": 1.0}, steady=("checked",), run_time=3))
            self.wait(3)


def tampered(trace: Trace) -> Trace:
    """The trace with the largest weight of its first layer negated, and the claims as they were."""
    weight = trace.weights[0].copy()
    row, column = np.unravel_index(np.abs(weight[-1]).argmax(), weight[-1].shape)
    weight[-1, row, column] *= -1
    return replace(trace, weights=(weight, *trace.weights[1:]))
