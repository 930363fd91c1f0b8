"""Two curves: what no hidden layer, one, and two of them make of the same data.

Essay, the opening example: figures ``simple2_data``, ``simple2_linear``, ``simple2_0``, ``simple2_1`` and
``simple2_2``.
"""

from __future__ import annotations

from manim import FadeIn, FadeOut, Mobject

from scenes.essay.parts.common import EssayScene
from scenes.kit import Stage
from scenes.kit.probe import Probe
from topo_core.trace import Trace


class SimpleExample(EssayScene):
    """A simple example: two curves, and hidden layers that bend the line."""

    experiment = "curves"
    also = ("curves-linear", "curves-deep")

    def construct(self) -> None:
        """No hidden layer, one hidden layer seen at both ends, a deeper network."""
        self._no_hidden_layer()
        self._one_hidden_layer()
        self._deeper()

    def _open(self, stage: Stage, heading: str) -> None:
        """Put a complete stage and a heading in the place of what was there."""
        title = self.heading(heading)
        self.play(FadeIn(stage), FadeIn(title), run_time=0.8)
        self.heading_now = title

    def _close(self, *leaving: Mobject) -> None:
        assert self.heading_now is not None
        self.play(*(FadeOut(m) for m in (*leaving, self.heading_now)), run_time=0.7)

    def _no_hidden_layer(self) -> None:
        trace = self.load("curves-linear")
        stage = self.stage(trace)
        title = self.heading("Two curves on a plane")
        legend = self.legend(trace)
        with self.section(
            "Two curves",
            narration="Two classes of points, each on its own curve: a network is to tell them apart.",
        ):
            self.add(title)
            self.play(stage.create(run_time=3.5))
            self.play(FadeIn(legend), run_time=0.7)
            self.wait(2)
        self.heading_now = title
        remark = self.remark(*self.verdict(trace))
        with self.section(
            "No hidden layer",
            narration="With no hidden layer it can draw nothing but a line. Marked pieces are wrong.",
        ):
            self.play(FadeOut(legend), run_time=0.5)
            self.play(stage.show_hyperplane(), run_time=2)
            self.play(stage.mark_wrong(), FadeIn(remark), run_time=1)
            self.wait(3)
        self._leaving: tuple[Mobject, ...] = (stage, remark)

    def _one_hidden_layer(self) -> None:
        trace = self.trace
        stage = self.stage(trace).at(0.0)
        stage.state.formulas = 0.0
        remark = self.remark(*self.verdict(trace))
        with self.section(
            "One hidden layer",
            narration="A hidden layer of two units changes that: the boundary is now a curve.",
        ):
            self._close(*self._leaving)
            self._open(stage, "One hidden layer, seen at the input")
            self.play(stage.show_decision(), run_time=2)
            self.play(FadeIn(remark), run_time=0.8)
            self.wait(2.5)
        probe = Probe(stage)
        with self.section(
            "Units fire",
            narration="Follow one point along its curve: the units of the network light up as it moves.",
        ):
            self.play(FadeOut(remark), FadeIn(probe), run_time=0.6)
            self.play(probe.travel(0, run_time=3.5))
            self.play(probe.travel(1, 1.0, 0.0, run_time=3.5))
            self.wait(0.8)
        assert self.heading_now is not None
        title = self.heading("The same, seen in the hidden layer")
        with self.section(
            "The hidden representation",
            narration="The layer carries the plane to a new representation: there the boundary is straight.",
        ):
            self.play(FadeOut(self.heading_now), FadeOut(probe), FadeIn(title), run_time=0.6)
            self.play(stage.deform(trace.layers[0], run_time=7))
            self.play(stage.show_hyperplane(), run_time=1.5)
            self.wait(1.5)
        with self.section(
            "Each axis is a unit",
            narration="Each coordinate is how strongly one unit fires. A line through them decides.",
        ):
            self.play(FadeIn(probe), run_time=0.6)
            self.play(probe.travel(1, run_time=3.5))
            self.play(probe.travel(0, 1.0, 0.0, run_time=3.5))
            self.wait(0.8)
        self.heading_now = title
        self._leaving = (stage, probe)

    def _deeper(self) -> None:
        trace = self.load("curves-deep")
        stage = self.stage(trace).at(0.0)
        with self.section(
            "A deeper network",
            narration=deeper(self.trace, trace),
        ):
            self._close(*self._leaving)
            self._open(stage, "Deeper representations")
            for layer in trace.layers:
                self.play(stage.deform(layer, run_time=4))
            self.play(stage.show_hyperplane(), run_time=2)
            remark = self.remark(*self.verdict(trace))
            self.play(FadeIn(remark), run_time=0.8)
            self.wait(3)


def deeper(first: Trace, deep: Trace) -> str:
    """What is said of the deeper of two networks: further apart only if its last gap is the wider one.

    A gap is the distance between the classes in a representation, for the diameter of all of it.
    """
    before, after = ((trace.outcome.get("gaps") or [float("nan")])[-1] for trace in (first, deep))
    if after > before:
        return "With more layers the classes end up further apart, for the size of the whole."
    return "With more layers the plane is bent again and again."
