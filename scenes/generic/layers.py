"""Any network's layers in motion: the data, layer by layer, and the border at the end."""

from __future__ import annotations

from manim import FadeIn, FadeOut

from scenes.generic.common import AnyTrace
from scenes.kit import Stage
from scenes.kit.badge import Badge
from topo_core.trace import TraceLayer

#: Networks with more layers are shown in one movement.
_MOST = 8


class LayersInMotion(AnyTrace):
    """Layers in motion: what a network does to its data."""

    def construct(self) -> None:
        """The data, the layers, the border between the classes, and what is proven of the motion."""
        stage = self.any_stage()
        self._data(stage)
        if self.trace.n_layers <= _MOST:
            for layer in self.trace.layers:
                self._layer(stage, layer)
        else:
            self._all_layers(stage)
        self._end(stage)

    def _data(self, stage: Stage) -> None:
        seen = " What is seen is their shadow on a plane." if self.wide_input else ""
        legend = self.class_legend()
        with self.section("The data", narration=f"{self.about_data()} Colours are classes.{seen}"):
            self.add(self.trace_heading(self.trace))
            self.play(stage.create(run_time=3.5))
            self.play(FadeIn(legend), run_time=0.8)
            self.wait(2.5)
        self._legend = legend

    def _layer(self, stage: Stage, layer: TraceLayer) -> None:
        leaving = [FadeOut(self._legend)] if layer.index == 0 else []
        with self.section(layer.name.capitalize(), narration=self._narration(layer)):
            if leaving:
                self.play(*leaving, run_time=0.6)
            self.play(stage.deform(layer, run_time=6.5))
            self.wait(1.5)

    def _narration(self, layer: TraceLayer) -> str:
        outputs, inputs = layer.weight.shape
        if layer.flow is not None:
            return "This layer pushes every point along a vector field."
        name = layer.path.steps[-1].label
        what = f"{layer.name.capitalize()}: a matrix, a vector, and {name.replace('_', ' ')}."
        if name == "translation":
            what = f"{layer.name.capitalize()}: a matrix and a vector."
        if inputs == outputs:
            return f"{what} It keeps {inputs} dimension{'s' * (inputs != 1)}."
        return f"{what} It leads from {inputs} to {outputs} dimension{'s' * (outputs != 1)}."

    def _all_layers(self, stage: Stage) -> None:
        n_layers = self.trace.n_layers
        with self.section("The layers", narration=f"All of the {n_layers} layers, one after the other."):
            self.play(FadeOut(self._legend), run_time=0.6)
            self.play(stage.push_forward(float(n_layers), run_time=24))
            self.wait(1)

    def _end(self, stage: Stage) -> None:
        leaving = [FadeOut(self._legend)] if not self.trace.n_layers else []
        remark = self.remark(*self.verdict(self.trace))
        holds = f"{self.borders()} is enough" if self.trace.n_classes == 2 else f"{self.borders()} are enough"
        if self.separated:
            words = f"After the last layer, {holds}: every point is on its side."
        else:
            words = "After the last layer, not every point is on its side: the others are marked."
        with self.section("The border", narration=words):
            if leaving:
                self.play(*leaving, run_time=0.6)
            self.play(
                stage.face(run_time=3 if stage.plane.space.motion.length > self.trace.n_layers else 0.2)
            )
            if self.edge_on:
                self.play(stage.show_hyperplane(run_time=2.5))
            else:
                self.play(stage.hide("formulas", run_time=0.6))
            self.play(FadeIn(remark), stage.mark_wrong(run_time=0.8), run_time=0.8)
            self.wait(3.5)
        badge = self.badge()
        closing = _closing(badge)
        last = self.remark(*closing)
        with self.section("What is proven", narration=" ".join(closing)):
            self.play(FadeOut(remark), run_time=0.5)
            self.play(FadeIn(badge), FadeIn(last), run_time=0.8)
            self.wait(3.5)


def _closing(badge: Badge) -> list[str]:
    """What a badge on the motion's isotopy means, in two lines."""
    if badge.holds:
        return ["Every step can be undone:", "space was never torn."]
    if badge.words.endswith("mirrors space"):
        return ["A step mirrors space, which", "no motion does without flattening it."]
    if badge.words.startswith("not an isotopy"):
        return ["Some step cannot be undone:", "different points become one."]
    return ["Whether every step can be undone", "is not proven for this trace."]
