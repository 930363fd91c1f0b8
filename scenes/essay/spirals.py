"""Two spirals: the network that separates them, and the one that fails on a more entangled pair.

Essay, "Continuous Visualization of Layers": the two spiral animations.
"""

from __future__ import annotations

from manim import FadeIn, FadeOut, Mobject

from scenes.essay.parts.common import EssayScene
from scenes.kit import Rect, Stage
from scenes.kit.stage import PANEL
from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.trace import Trace

#: Of the right column, where measurements are.
_EVIDENCE = Rect(PANEL.x0, -0.95, PANEL.x1, 1.05)


class SpiralsSeparate(EssayScene):
    """Four layers separate two spirals."""

    experiment = "spirals"

    def construct(self) -> None:
        """Raw data, the four layers, the line, and the line seen at the input."""
        trace = self.trace
        stage = self.stage()
        heading = self.trace_heading(trace)
        legend = self.legend(trace)
        with self.section(
            "Raw data",
            narration="Two classes of points, each on its own spiral. No straight line keeps them apart.",
        ):
            self.add(heading)
            self.play(stage.create(run_time=4))
            self.play(FadeIn(legend), run_time=0.8)
            self.wait(2.2)
            self.play(FadeOut(legend), run_time=0.7)
        self.walk(
            stage,
            run_time=6.5,
            pause=1.2,
            narration=[
                "A layer multiplies by a matrix, adds a vector, and squashes each coordinate with tanh.",
                "The next layer does the same with its own numbers. The plane is stretched, never torn.",
                "What was curled up is drawn apart, a little at a time.",
                "After the last layer, the two classes lie on two sides.",
            ],
        )
        self._line(stage, trace)
        self._pull_back(stage, trace)

    def _line(self, stage: Stage, trace: Trace) -> None:
        verdict = self.remark(*self.verdict(trace))
        separated = trace.outcome.get("separated", False)
        words = (
            "Now a straight line is enough: every point is on its side."
            if separated
            else "A straight line does not do: not every point is on its side."
        )
        with self.section("A line separates" if separated else "No line separates", narration=words):
            self.play(stage.show_hyperplane(), run_time=3)
            self.play(FadeIn(verdict), run_time=0.8)
            self.wait(3)
            self.play(FadeOut(verdict), run_time=0.6)

    def _pull_back(self, stage: Stage, trace: Trace) -> None:
        with self.section(
            "The line at the input",
            narration="Played backwards, the same straight line becomes the curved decision boundary.",
        ):
            self.play(stage.pull_back(run_time=10))
            self.wait(0.5)
        evidence = stage.evidence("det", "stretch", rect=_EVIDENCE)
        badge = self.badge(trace)
        closing = (
            ["Every step can be undone:", "space was never torn."]
            if badge.holds
            else ["Some step cannot be undone:", "space was folded or collapsed."]
        )
        remark = self.remark(*closing)
        more = " This is proven from the weights." if badge.holds else ""
        with self.section(
            "Never torn" if badge.holds else "Not reversible",
            narration="Once more, with numbers. The smallest determinant at the data is small, for space is "
            f"pressed together in places. {' '.join(closing)}{more}",
        ):
            self.play(evidence.create(run_time=0.8))
            self.play(stage.push_forward(run_time=6))
            self.play(FadeIn(badge), FadeIn(remark), run_time=0.8)
            self.wait(4)


class SpiralsEntangled(EssayScene):
    """More entangled spirals: a failure of search."""

    experiment = "spirals-entangled"
    also = ("spirals-entangled-wide",)

    def construct(self) -> None:
        """The network that fails, what stays tangled, and the solution of a wider search."""
        tried, wide = (t.dataset for t in (self.trace, self.load(self.also[0])))
        if not (isinstance(tried, Spirals) and isinstance(wide, Spirals) and tried.turns == wide.turns):
            raise TopoError(
                f"{type(self).__name__} compares two searches on the same spirals, but the trace is of "
                f"{tried.name!r}: give one of spirals-entangled"
            )
        self._wider_search(self._first_attempt())

    def _first_attempt(self) -> list[Mobject]:
        """The network that fails; returns what is still on stage."""
        trace = self.trace
        stage = self.stage()
        heading = self.trace_heading(trace)
        with self.section(
            "Raw data",
            narration="The same two classes, wound once around instead of three quarters.",
        ):
            self.add(heading)
            self.play(stage.create(run_time=3))
            self.wait(1)
        with self.section(
            "The same network",
            narration="Four layers of two units, trained as before, do what they can.",
        ):
            for layer in trace.layers:
                self.play(stage.deform(layer, run_time=3.2))
            self.wait(0.4)
        separated = trace.outcome.get("separated", False)
        remark = self.remark(*self.verdict(trace), self.tried(trace))
        words = (
            "This time the line separates them."
            if separated
            else "The best line still leaves marked pieces on the wrong side."
        )
        with self.section("Still tangled" if not separated else "Separated", narration=words):
            self.play(stage.show_hyperplane(), run_time=2)
            self.play(stage.mark_wrong(), FadeIn(remark), run_time=1)
            self.wait(3.5)
        return [stage, remark, heading]

    def _wider_search(self, leaving: list[Mobject]) -> None:
        trace = self.load("spirals-entangled-wide")
        stage = self.stage(trace).at(0.0)
        heading = self.heading("Is it impossible? A wider search")
        with self.section(
            "A wider search",
            narration="The same network, with more restarts, more steps and a higher learning rate.",
        ):
            self.play(*(FadeOut(mobject) for mobject in leaving), run_time=0.8)
            self.play(FadeIn(stage), FadeIn(heading), run_time=0.8)
            self.wait(0.7)
            self.play(stage.push_forward(run_time=9))
        remark = self.remark(*self.verdict(trace), self.tried(trace))
        found = trace.outcome.get("separated", False)
        with self.section(
            "Separated" if found else "Still not found",
            narration="It finds a solution." if found else "It still leaves points on the wrong side.",
        ):
            self.play(stage.show_hyperplane(), run_time=2)
            self.play(FadeIn(remark), *([] if found else [stage.mark_wrong()]), run_time=0.8)
            self.wait(2.5)
        with self.section(
            "At the input",
            narration="Pulled back to the input, the line winds between the spirals.",
        ):
            self.play(FadeOut(remark), run_time=0.5)
            self.play(stage.pull_back(run_time=7))
        closing = (
            ["The failure was one of search,", "not of topology."]
            if found
            else ["Not found, and not proven impossible."]
        )
        last = self.remark(*closing)
        with self.section("A failure of search" if found else "Not found", narration=" ".join(closing)):
            self.play(FadeIn(last), run_time=0.8)
            self.wait(3.5)
