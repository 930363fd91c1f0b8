"""Digits through a bottleneck of two numbers: a star of rays for softmax, islands for neighbours.

Essay, "K-Nearest Neighbor Layers": "We want points of the same manifold to be closer than points of
others, as opposed to the manifolds being separable by a hyperplane."
"""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, Mobject

from scenes.essay.parts.common import percent
from scenes.essay.parts.digit_cloud import DigitCloud, DigitLegend, DigitPoints, Exhibits, IntArray
from scenes.essay.parts.pages import PagedScene
from scenes.kit import Live, Number, Rect, text
from scenes.kit.formulas import Piece
from scenes.kit.stage import PANEL, PLANE
from scenes.kit.state import StateAnimation
from topo_core.datasets import Digits
from topo_core.knn.vote import NeighbourVote
from topo_core.knn.weightings import weighting
from topo_core.trace import Trace

_LEFT, _RIGHT = Rect(-6.8, -2.15, -0.5, 2.3), Rect(0.5, -2.15, 6.8, 2.3)
#: How many digits that are read wrongly are looked at.
_EXHIBITS = 3


class DigitsBottleneck(PagedScene):
    """Digits in the plane: rays for softmax, islands for neighbours."""

    experiment = "digits-neighbours"
    also = ("digits-softmax",)

    def construct(self) -> None:
        """Both networks at the start, while they learn, in the end; what is read wrongly."""
        self.expect(Digits, "a network that ends in the plane", self.trace.spec.widths[-1] == 2)
        self.traces_shown = self.load(self.also[0]), self.trace
        self._start()
        self._learning()
        self._compared()
        self._errors()

    def _start(self) -> None:
        traces = self.traces_shown
        self.digits = tuple(DigitPoints(trace) for trace in traces)
        self.clouds = tuple(
            DigitCloud(digits, rect, self.theme, picture=0.42)
            for digits, rect in zip(self.digits, (_LEFT, _RIGHT), strict=True)
        )
        self.key = DigitLegend(self.digits[1], 0.0, 2.3, 0.39, self.theme)
        names = ("for softmax", _readout(traces[1]))
        heads: list[Mobject] = []
        for name, rect in zip(names, (_LEFT, _RIGHT), strict=True):
            head = text(f"trained {name}", self.theme.text_size, weight="bold", color=self.theme.ink)
            heads.append(head.move_to((rect.centre[0], rect.y1 + 0.36, 0.0)))
        self.heads = heads
        self.lives = [
            Live(
                lambda cloud=cloud: self._right(cloud),  # type: ignore[misc]
                rect.x0,
                rect.y0 - 0.38,
                self.theme.text_size,
                self.theme.accent,
            )
            for cloud, rect in zip(self.clouds, (_LEFT, _RIGHT), strict=True)
        ]
        n, pixels = len(self.digits[0].labels), traces[0].dataset.dimension
        with self.section(
            "Two numbers for a digit",
            narration=f"{n} handwritten digits of {pixels} pixels. Two networks that begin alike press each "
            "into two numbers: a point of the plane.",
        ):
            self.turn(f"{n:,} digits in the plane")
            self.play(*map(FadeIn, (*self.clouds, self.key, *heads)), run_time=0.7)
            self.play(*(StateAnimation(cloud, {"points": 1.0}) for cloud in self.clouds), run_time=1.5)
            self.play(*map(FadeIn, self.lives), run_time=0.6)
            self.wait(5)

    def _right(self, cloud: DigitCloud) -> list[Piece]:
        """The accuracy measured at the last snapshot, and its step."""
        trace, snapshot = cloud.digits.trace, int(cloud.state.position + 1e-9)
        share = percent(float(trace.accuracies[snapshot]))
        step = str(int(trace.steps[snapshot]))
        return [
            "new digits right:",
            Number(share, widest="99.9 %"),
            "at step",
            Number(step, widest=str(int(trace.steps[-1]))),
        ]

    def _learning(self) -> None:
        with self.section(
            "While they learn",
            narration="Both see the same digits in the same order. One is trained so that lines can tell the "
            "classes apart, the other so that every digit has neighbours of its own class. "
            "Watch what becomes of the classes.",
        ):
            self.play(
                *(
                    StateAnimation(cloud, {"position": cloud.last}, steady=("position",))
                    for cloud in self.clouds
                ),
                run_time=20,
            )
            self.play(*(StateAnimation(cloud, {"pictures": 1.0}) for cloud in self.clouds), run_time=0.8)
            self.wait(2)

    def _compared(self) -> None:
        rays, islands = (cloud.digits.elongation(cloud.last) for cloud in self.clouds)
        what = "a star of rays, and islands" if rays > 1.5 * islands else "of much the same shape"
        remarks = []
        for value, rect in zip((rays, islands), (_LEFT, _RIGHT), strict=True):
            line = text(
                f"a class is {value:.1f} times as long as wide (median)",
                self.theme.small_size,
                color=self.theme.ink,
            )
            remarks.append(line.move_to((rect.x0 + line.width / 2, rect.y0 - 0.88, 0.0)))
        seen = "rays of a star" if rays > 1.5 * islands else "clouds"
        with self.section(
            "Rays and islands",
            narration=f"For softmax the classes have become {seen}: far out is all that a line asks for. For "
            "neighbours each class gathers in one place, with room around it.",
        ):
            self.turn_heading(f"In the end: {what}")
            self.play(*map(FadeIn, remarks), run_time=0.6)
            self.wait(6.5)
        self.page = (*self.clouds, self.key, *self.heads, *self.lives, *remarks)

    def turn_heading(self, words: str) -> None:
        """A new heading over the same page."""
        title = self.heading(words)
        before = self.page_title
        assert before is not None
        self.play(FadeOut(before), FadeIn(title), run_time=0.7)
        self.page_title = title

    def _errors(self) -> None:
        trace, digits = self.traces_shown[1], self.digits[1]
        answers = neighbour_answers(trace, digits)
        chosen = astray(digits, answers, float(trace.n_snapshots - 1))[:_EXHIBITS]
        words = [(f"a {digits.labels[i]}", f"among {answers[i]}s") for i in chosen]
        cloud = DigitCloud(digits, PLANE, self.theme, picture=0.62)
        cloud.state.position, cloud.state.points = cloud.last, 1.0
        column = Rect(PANEL.x0 + 0.3, -1.5, PANEL.x1, PANEL.y1)
        exhibits = Exhibits(digits, chosen, words, column, cloud.place, self.theme)
        wrong, judged = trace.outcome["wrong"], trace.outcome["judged_points"]
        remark = self.remark(f"{wrong} of {judged} new digits", "are read wrongly.")
        with self.section(
            "Read wrongly",
            narration="What is left are digits that land on the wrong island. Look at them: some are "
            "hard to read. And two numbers are few for ten classes.",
        ):
            self.turn("Who is on the wrong island?")
            self.play(FadeIn(cloud), run_time=0.7)
            self.play(StateAnimation(cloud, {"pictures": 1.0}), run_time=0.8)
            self.wait(0.8)
            self.play(FadeIn(exhibits), run_time=1)
            self.wait(2.5)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(5)
        self.page = (cloud, exhibits, remark)


def _readout(trace: Trace) -> str:
    return f"for {trace.outcome['k']} neighbours" if trace.outcome["k"] else "for softmax"


def neighbour_answers(trace: Trace, digits: DigitPoints) -> IntArray:
    """What the neighbours among the training points say of every digit ``(n,)`` in the end."""
    h = digits.at(float(trace.n_snapshots - 1))
    known = ~digits.tested
    vote = NeighbourVote(
        h[known],
        digits.labels[known],
        weighting(str(trace.outcome["readout"])),
        int(trace.outcome["k"]),
        trace.n_classes,
    )
    return vote.predict(h)


def astray(digits: DigitPoints, answers: IntArray, position: float) -> list[int]:
    """New digits that are read wrongly, those deepest on the wrong island first.

    Each is of another class, and on another island, than those before it.
    """
    h = digits.at(position)
    middles = np.stack([np.median(h[digits.labels == c], axis=0) for c in range(digits.trace.n_classes)])
    away = np.linalg.norm(h - middles[digits.labels], axis=1)
    inside = np.linalg.norm(h - middles[answers], axis=1)
    wrong = np.flatnonzero(digits.tested & (answers != digits.labels))
    order = wrong[np.argsort(-(away - inside)[wrong], kind="stable")]
    found: list[int] = []
    for index in order.tolist():
        if all(digits.labels[index] != digits.labels[i] and answers[index] != answers[i] for i in found):
            found.append(index)
    return found
