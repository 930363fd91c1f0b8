"""Any network's decision boundary: curved at the input, straight in the last representation."""

from __future__ import annotations

from manim import FadeIn, FadeOut, Mobject

from scenes.generic.common import AnyTrace
from scenes.kit import Stage


class DecisionBoundary(AnyTrace):
    """Decision boundary: where a network changes its mind."""

    def construct(self) -> None:
        """The boundary at the input, the same one straight, and back again."""
        stage = self.any_stage()
        stage.state.formulas = 0.0
        remark = self._at_the_input(stage)
        self._straight(stage, remark)
        self._back(stage)

    def _at_the_input(self, stage: Stage) -> Mobject:
        legend = self.class_legend()
        with self.section("The data", narration=self.about_data()):
            self.add(self.trace_heading(self.trace))
            self.play(stage.create(run_time=3))
            self.play(stage.hide("formulas", run_time=0.2), FadeIn(legend), run_time=0.8)
            self.wait(1.5)
        remark = self._remark()
        where = " on the plane through the middle of the data" if self.wide_input else ""
        with self.section(
            "The decision",
            narration=f"The tint shows the network's answer everywhere{where}. Wrong points are marked.",
        ):
            self.play(FadeOut(legend), run_time=0.5)
            self.play(stage.show_decision(run_time=2.5))
            self.play(stage.mark_wrong(run_time=0.8), FadeIn(remark), run_time=0.8)
            self.wait(3)
        return remark

    def _remark(self) -> Mobject:
        """What was measured and, of an input that is not all seen, where the tint is right."""
        where = ["tint: on the plane through", "the middle of the data", ""] if self.wide_input else []
        return self.remark(*where, *self.verdict(self.trace))

    def _straight(self, stage: Stage, remark: Mobject) -> None:
        borders = self.borders()
        words = f"Carried through the layers, the boundary becomes {borders}."
        if not self.edge_on:
            words = "After the layers the borders are straight, in more dimensions than are seen here."
        with self.section("Where it is straight", narration=words):
            self.play(FadeOut(remark), run_time=0.5)
            if self.wide_input:  # a plane through the input does not stay one
                self.play(stage.hide("decision", "regions", run_time=0.8))
            self.play(stage.push_forward(run_time=9))
            if self.edge_on:
                self.play(stage.show_hyperplane(run_time=2))
            self.wait(2)

    def _back(self, stage: Stage) -> None:
        with self.section(
            "Back at the input", narration="Back at the input, the same border is curved again."
        ):
            if self.wide_input:
                self.play(stage.hide("line", "regions", run_time=0.6))
                self.play(stage.push_forward(0.0, run_time=6))
                self.play(stage.show_decision(run_time=1.5))
            else:
                self.play(stage.pull_back(run_time=8))
            self.play(FadeIn(self._remark()), run_time=0.6)
            self.wait(3)
