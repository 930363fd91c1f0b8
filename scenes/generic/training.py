"""Any network while it is trained: its last representation, checkpoint after checkpoint."""

from __future__ import annotations

from manim import FadeIn, FadeOut

from scenes.generic.common import AnyTrace
from scenes.kit import Rect
from scenes.kit.stage import PANEL
from scenes.kit.training import TrainingStage
from topo_core.errors import TopoError

#: Of the right column.
_ACCURACY, _LOSS = Rect(PANEL.x0, 0.35, PANEL.x1, 2.7), Rect(PANEL.x0, -2.35, PANEL.x1, 0.0)


class TrainingFilm(AnyTrace):
    """Training: a network while it learns."""

    def construct(self) -> None:
        """What there is before the first step, the training, and what came of it."""
        trace = self.trace
        if trace.n_snapshots < 2:
            raise TopoError(
                f"{type(self).__name__} needs a trace of several checkpoints, and this one has one: make it "
                "with python render.py trace FIRST.pt SECOND.pt ... --data POINTS"
            )
        plain = not self.wide_input
        stage = TrainingStage(
            trace, self.theme, projection=self.projection, rect=self.rect, grid=plain, boundary=plain
        )
        create = stage.create(run_time=3.5)
        if not self.edge_on:  # what divides the classes would not divide their shadows
            del create.changes["line"], create.changes["halves"]
        legend = self.class_legend()
        with self.section(
            "Before", narration=f"{self.about_data()} Here they are after the last layer, before training."
        ):
            self.add(self.trace_heading(trace))
            self.play(create)
            self.play(FadeIn(legend), run_time=0.8)
            self.wait(2)
        accuracy, loss = stage.accuracy_plot(_ACCURACY), stage.loss_plot(_LOSS)
        with self.section(
            "Training",
            narration=f"{trace.n_snapshots} checkpoints, up to step {trace.steps[-1]}. Between two of them "
            "weights are interpolated; what is plotted was measured.",
        ):
            self.play(FadeOut(legend), run_time=0.5)
            self.play(FadeIn(accuracy), FadeIn(loss), run_time=0.8)
            self.play(stage.train(run_time=14))
            self.wait(1.5)
        remark = self.remark(*self.verdict(trace))
        separate = "separates" if trace.n_classes == 2 else "separate"
        words = (
            f"In the end every point is right: {self.borders()} {separate} the classes."
            if self.separated
            else "In the end some points are wrong: they are marked."
        )
        with self.section("After", narration=words):
            self.play(FadeOut(loss), run_time=0.5)
            self.play(stage.mark_wrong(run_time=0.8), FadeIn(remark), run_time=0.8)
            self.wait(3.5)
