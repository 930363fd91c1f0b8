"""A disc in an annulus: what two units reach, and why they never separate it.

Essay, "Topology and Classification": figures ``topology_base`` and ``topology_2D-2D_train``, the claim and
its proof.
"""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, Mobject

from scenes.essay.parts.common import percent
from scenes.essay.parts.pages import PagedScene
from scenes.essay.parts.witness import RADIUS, Witness
from scenes.kit import Axis, Number, Rect, Stage, TrainingStage, text
from scenes.kit.bars import Bar, Bars
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.zoom import Zoom
from topo_core.certificates import certified
from topo_core.datasets import DiscInAnnulus as Data
from topo_core.handmade import handmade
from topo_core.spec import FLOW
from topo_core.topology.surrounding import circle_windings
from topo_core.topology.threshold import best_cut, cut_accuracy
from topo_core.trace import Trace

_LEFT, _RIGHT = Rect(-6.7, -2.1, -2.6, 2.0), Rect(-2.15, -2.1, 1.95, 2.0)
#: Where measurements are in the right column.
_EVIDENCE = Rect(PANEL.x0, -0.9, PANEL.x1, 2.7)
#: Products of two multiples of one over this are exact, and what has rank 1 on paper has it in the machine.
_FEW_BITS = 2.0**20
#: By how much accuracy must exceed that of one answer for everything to be called better.
_HARDLY = 0.02
_NOT_AROUND = ("The plane was flattened:", "the curve meets the point.")


class DiscInAnnulus(PagedScene):
    """A disc in an annulus: two units cannot do it."""

    experiment = "annulus"
    also = ("annulus-area",)

    def construct(self) -> None:
        """Data, training, what it reached; then a point inside a curve, followed through the layer."""
        widths = self.trace.spec.widths
        balanced = getattr(self.trace.dataset, "balanced", False)
        planar = len(widths) > 1 and set(widths) == {2} and FLOW not in self.trace.spec.activations
        words = "layers of two units, with half of the points in A, and no flow,"
        self.expect(Data, words, planar and balanced)
        self._data()
        self._training()
        self._reached()
        self._witness()
        self._collapse()

    def _data(self) -> None:
        trace = self.trace
        stage = self.stage(grid=False, boundary=False, fills=True, curves=True, points=False, panel=False)
        legend = self.legend(trace)
        with self.section(
            "A disc in an annulus", narration="Class A fills a disc. Class B fills a ring around it."
        ):
            self.turn("A disc in an annulus")
            self.play(stage.create(run_time=3))
            self.play(FadeIn(legend), run_time=0.7)
            self.wait(1.5)
        points, labels = trace.dataset.dense()
        best = best_cut(points[:, 0], labels)  # all directions are alike
        cut = Witness(stage)
        reach = float(points[:, 0].max())
        cut.state.offset = -1.05 * reach

        def right() -> str:
            return percent(cut_accuracy(points[:, 0], labels, cut.state.offset))

        now = self.live(lambda: ["this line:", Number(right(), widest="99.9 %"), "right"], 3)
        remark = self.remark("The best of all lines", f"gets {percent(best.accuracy)} right.")
        with self.section(
            "No line", narration="A line cannot tell them apart: wherever it goes, B is on both sides of it."
        ):
            self.play(FadeIn(now), StateAnimation(cut, {"line": 1.0}), run_time=0.5)
            self.play(StateAnimation(cut, {"offset": 1.05 * reach}), run_time=4)
            self.play(StateAnimation(cut, {"offset": best.at}), FadeOut(now), run_time=1)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(1.2)
        self.page = (stage, cut, legend, remark)

    def _training(self) -> None:
        trace = self.trace
        stage = TrainingStage(
            trace, self.theme, grid=False, rings=True, curves=False, fills=True, points=False
        ).at(0.0)
        plots = (
            stage.accuracy_plot(Rect(PANEL.x0, -0.25, PANEL.x1, PANEL.y1)),
            stage.loss_plot(Rect(PANEL.x0, PANEL.y0, PANEL.x1, -0.65)),
        )
        with self.section(
            "Training",
            narration="One hidden layer of two units learns. Circles show how its representation bends the "
            "plane, and the line is where it draws the border. It twists and turns, and never gets there.",
        ):
            self.turn("Two hidden units, while they learn")
            self.play(FadeIn(stage), *map(FadeIn, plots), run_time=0.8)
            self.wait(0.8)
            self.play(stage.train(run_time=13))
            self.wait(1.5)
        self.page = (stage, *plots)

    def _reached(self) -> None:
        balanced, area = self.trace, self.load(self.also[0])
        stages = [
            self.stage(trace, rect=rect, grid=False, fills=True, curves=False, points=False, panel=False).at(
                0.0
            )
            for trace, rect in ((balanced, _LEFT), (area, _RIGHT))
        ]
        captions = []
        for stage, rect, words in zip(
            stages, (_LEFT, _RIGHT), ("half of the points in A", "points by area"), strict=True
        ):
            stage.state.axes, stage.state.decision, stage.state.regions = 0.0, 1.0, 1.0
            captions.append(text(words, self.theme.small_size).move_to((rect.centre[0], rect.y0 - 0.35, 0)))
        bars = Bars(
            Rect(PANEL.x0, -0.6, PANEL.x1, PANEL.y1),
            self.theme,
            [self._bar(balanced, "half in A"), self._bar(area, "by area")],
            Axis(0.0, 1.0),
        )
        hardly = area.outcome["accuracy"] - area.outcome["majority_rate"] < _HARDLY
        closing = (
            ["The essay reports about 80 %.", "By area, always answering B", "does almost as well."]
            if hardly
            else ["The essay reports about 80 %.", "By area, always answering B", "does worse than that."]
        )
        remark = self.remark(*closing)
        shares = [percent(t.outcome["accuracy"]).replace(" %", " per cent") for t in (balanced, area)]
        guess = percent(area.outcome["majority_rate"]).replace(" %", " per cent")
        with self.section(
            "What it reaches",
            narration=f"With half of the points in A it gets {shares[0]} right. With points by area it is "
            f"{shares[1]}, and {guess} are B anyway.",
        ):
            self.turn("What it reaches, seen at the input")
            self.play(*map(FadeIn, (*stages, *captions)), run_time=0.8)
            self.play(bars.grow(run_time=2))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(4)
        self.page = (*stages, *captions, bars, remark)

    def _bar(self, trace: Trace, words: str) -> Bar:
        outcome = trace.outcome
        guess = outcome["majority_rate"]
        return Bar(
            words,
            outcome["accuracy"],
            percent(outcome["accuracy"]),
            self.theme.accent,
            guess,
            f"one answer for all: {percent(guess)}",
        )

    def _witness(self) -> None:
        trace = self.trace
        stage = self.stage(grid=True, fills=True, curves=False, points=False, panel=False).at(0.0)
        witness = Witness(stage)
        with self.section(
            "A point inside a curve",
            narration="Take the centre of A, and a curve in B that goes around it once.",
        ):
            self.turn("Why never 100 %")
            self.play(FadeIn(stage), run_time=0.6)
            self.play(StateAnimation(witness, {"point": (1, 0, 0.3), "curve": (1, 0.3, 1)}), run_time=3)
            self.wait(1)
        evidence = stage.evidence("winding", "gap", "stretch", rect=_EVIDENCE)
        badge = self.badge()
        around = bool(circle_windings(trace, RADIUS)[-1].number)
        inside = self.remark(*(("The curve still goes", "around the point.") if around else _NOT_AROUND))
        with self.section(
            "Carried through the layer",
            narration="The layer carries both along. Nothing is torn, so the curve cannot slip over the "
            "point: their winding number, counted at every instant, stays."
            if around
            else " ".join(_NOT_AROUND),
        ):
            self.play(evidence.create(run_time=0.6))
            for layer in trace.layers:
                self.play(stage.deform(layer, run_time=6))
            self.play(FadeIn(inside), FadeIn(badge), run_time=0.6)
            self.wait(1.2)
        self._every_line(stage, witness, [evidence, inside, badge])

    def _every_line(self, stage: Stage, witness: Witness, leaving: list[Mobject]) -> None:
        zoom = Zoom(stage, witness.at, 2.6)
        weight = self.trace.readout_weight[-1]
        along = weight[0] - weight[1]
        witness.state.angle = float(np.arctan2(along[1], along[0]))
        low, high = witness.reach()
        witness.state.offset = high + 0.12 * (high - low)
        inner = 0.35 * min(-low, high)  # so near to the point that it cuts the curve, wherever it turns

        def verdict() -> list[str | Number]:
            count = len(witness.crossings())
            return ["it cuts B", Number(str(count), widest="0"), "times"] if count else ["both on one side"]

        said = self.live(verdict, 1)
        remark = self.remark("A line that misses the curve", "leaves A and B on one side.")
        with self.section(
            "Every line",
            narration="A line that misses the curve has curve and point on the same side. A line with the "
            "point on the other side must cut the curve. So no line separates them.",
        ):
            self.play(*map(FadeOut, leaving), zoom.to(run_time=2), run_time=2)
            self.play(FadeIn(said), StateAnimation(witness, {"line": 1.0}), run_time=0.6)
            self.play(FadeIn(remark), run_time=0.6)
            self.play(StateAnimation(witness, {"offset": inner}), run_time=3.5)
            self.play(StateAnimation(witness, {"angle": witness.state.angle + np.pi}), run_time=4)
            self.wait(1)
        self.page = (stage, witness, said, remark)

    def _collapse(self) -> None:
        trace = self.trace
        layer = trace.layers[0]
        u, s, vh = np.linalg.svd(layer.weight)
        onto, along = (np.round(part * _FEW_BITS) / _FEW_BITS for part in (u[:, :1] * s[0], vh[:1]))
        flattened = handmade([(onto @ along, layer.bias)], layer.activation, dataset=trace.dataset)
        stage = self.stage(flattened, grid=True, fills=True, curves=False, points=False, panel=False).at(0.0)
        witness = Witness(stage, np.array([-along[0, 1], along[0, 0]]) / np.linalg.norm(along))
        witness.state.point = witness.state.curve = witness.state.ends = 1.0
        badge = self.badge(certified(flattened), y=-0.5)
        apart = self.live(lambda: ["from A to B:", Number(f"{witness.ends_apart():.2f}", widest="0.00")], 1)
        with self.section(
            "Or a collapse",
            narration="And if the matrix is singular, the plane falls onto a curve, and two points of B "
            "land on the centre of A.",
        ):
            self.turn("And if the matrix is singular?")
            self.play(*map(FadeIn, (stage, witness, apart)), run_time=0.8)
            self.play(stage.deform(flattened.layers[0], run_time=6))
            self.play(FadeIn(badge), run_time=0.6)
            self.wait(1)
        remark = self.remark("Two units in every layer", "cannot do it,", "however many layers.")
        proof = self.badge(y=-0.5, about="impossible")
        with self.section("Impossible", narration="Whatever the depth: two units a layer cannot do it."):
            self.play(FadeOut(badge), FadeIn(remark), FadeIn(proof), run_time=0.6)
            self.wait(3.4)


def signed(number: int | None) -> str:
    """A winding number with its sign, or a dash where there is none."""
    return "−" if number is None else f"{number:+d}" if number else "0"
