"""An interval on the line: one unit cannot tell it from both sides, two units can.

Essay, "Topology and Classification": figures ``topology_1d`` and ``topology_1D-2D_train``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut
from numpy.typing import NDArray

from scenes.essay.parts.common import percent
from scenes.essay.parts.line_graph import Level, LineGraph, Unit
from scenes.essay.parts.pages import PagedScene
from scenes.kit import Canvas, Drawable, Number, Rect, Stage, TrainingStage, text
from scenes.kit.formulas import draw_formula
from scenes.kit.motion import moved
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from topo_core.datasets import Interval
from topo_core.topology.firing import Threshold, thresholds
from topo_core.topology.threshold import best_cut
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

_LINE = Rect(-6.6, -3.4, 1.7, 2.6)
#: Thresholds no farther than this from the essay's are called close.
_NEAR = 0.1


def unit_value(trace: Trace, unit: int, x: FloatArray) -> FloatArray:
    """The last hidden layer's unit at points ``(n,)`` of the line, ``(n,)``."""
    return trace.representations(x[:, None])[-1][:, unit]


def level_of(trace: Trace) -> Level:
    """Where the readout divides the values of the one unit of a trace."""
    weight, bias = trace.readout_weight[-1][:, 0], trace.readout_bias[-1]
    slope = float(weight[1] - weight[0])
    at = -float(bias[1] - bias[0]) / slope
    return Level(at, above=int(slope > 0), below=int(slope <= 0))


class IntervalOnLine(PagedScene):
    """An interval on the line: one unit cannot, two can."""

    experiment = "interval"
    also = ("interval-1", "interval-deep")

    def construct(self) -> None:
        """The data, one unit, two layers of one, two units while they learn, what each learned."""
        self.expect(Interval, "two units", self.trace.spec.widths == (1, 2))
        self._one_unit()
        self._two_units()
        self._thresholds()

    def _one_unit(self) -> None:
        one, deep = (self.load(name) for name in self.also)
        graphs = [
            LineGraph(_LINE, self.theme, t.dataset, [Unit(partial(unit_value, t, 0))], level=level_of(t))
            for t in (one, deep)
        ]
        graph, second = graphs
        graph.state.lift = 1.0
        legend = self.legend(one)
        with self.section(
            "An interval", narration="On a line, A lies in the middle, and B on both sides of it."
        ):
            self.turn("An interval on the line")
            self.play(StateAnimation(graph, {"strip": 1.0}), run_time=1)
            self.play(FadeIn(legend), run_time=0.7)
            self.wait(2.5)
        points, labels = one.dataset.dense()
        best = best_cut(points[:, 0], labels).accuracy
        first = self.remark(
            f"One unit: {percent(one.outcome['accuracy'])} right.",
            f"The best threshold: {percent(best)}.",
        )
        with self.section(
            "One unit",
            narration="One unit turns x into a number that only falls or only rises. A threshold cuts the "
            "line once, but A has two ends.",
        ):
            self.play(
                FadeOut(legend), StateAnimation(graph, {"lift": 0.0, "frame": (1.0, 0.6, 1)}), run_time=1.5
            )
            self.play(StateAnimation(graph, {"drawn": 1.0}), run_time=2.5)
            self.play(StateAnimation(graph, {"level": 1.0}), run_time=1)
            self.play(FadeIn(first), run_time=0.6)
            self.wait(2.2)
        for name in ("strip", "frame", "drawn", "level"):
            setattr(second.state, name, 1.0)
        again = self.remark(
            f"Two layers: {percent(deep.outcome['accuracy'])}.", "Still it turns only one way."
        )
        badge = self.badge(deep, about="impossible")
        with self.section(
            "Two layers of one unit",
            narration="A second layer of one unit does not help: what only rises or falls still does."
            + (" That no threshold can do it is proven." if badge.holds else ""),
        ):
            self.play(FadeOut(graph), FadeOut(first), FadeIn(second), FadeIn(again), run_time=1)
            self.wait(1.5)
            self.play(FadeIn(badge), run_time=0.6)
            self.wait(3)
        self.page = (second, again, badge)

    def _two_units(self) -> None:
        trace = self.trace
        stage = TrainingStage(trace, self.theme).at(0.0)
        plots = (
            stage.accuracy_plot(Rect(PANEL.x0, -0.25, PANEL.x1, PANEL.y1)),
            stage.loss_plot(Rect(PANEL.x0, PANEL.y0, PANEL.x1, -0.65)),
        )
        separated = trace.outcome.get("separated", False)
        with self.section(
            "Two units",
            narration="Two units turn x into two numbers, so the line lies in a plane. While they learn it "
            + ("bends, until a straight line cuts A out of it." if separated else "bends."),
        ):
            self.turn("Two units, while they learn")
            self.play(FadeIn(stage), *map(FadeIn, plots), run_time=0.8)
            self.wait(1)
            self.play(stage.train(run_time=11))
            self.wait(2)
        self.page = (stage, *plots)

    def _thresholds(self) -> None:
        trace = self.trace
        found = thresholds(trace)
        colours = self.theme.classes[2:4]
        units = [Unit(partial(unit_value, trace, k), colour) for k, colour in enumerate(colours)]
        pattern, where = firing_of_a(trace, found), sorted(t.at for t in found if t.at is not None)
        band = (where[0], where[-1], 0) if pattern and len(where) == 2 else None
        graph = LineGraph(Rect(0.0, -1.0, 6.75, 2.6), self.theme, trace.dataset, units, band=band)
        stage = self.stage(rect=Rect(-6.1, -2.6, -0.9, 2.6), panel=False).at(1.0)
        stage.state.line = stage.state.halves = 1.0
        mark = _Mark(stage, graph)
        lamps = [
            _Lamp(t, graph, colour, -1.75 - 0.62 * t.unit) for t, colour in zip(found, colours, strict=True)
        ]
        low, high = (float(bound) for bound in trace.dataset.bounds[0])
        graph.state.strip = graph.state.frame = 1.0
        graph.state.x = low
        with self.section(
            "What each unit learned",
            narration="Each unit fires on one side of a threshold of its own. A point that moves along the "
            "line passes one, and later the other."
            if len(where) == 2
            else "A point moves along the line. A lamp is lit while its unit fires.",
        ):
            self.turn("What each unit learned")
            self.play(FadeIn(stage), FadeIn(graph), run_time=0.8)
            self.play(StateAnimation(graph, {"drawn": 1.0}), run_time=2)
            self.play(StateAnimation(graph, {"cursor": 1.0}), *map(FadeIn, (mark, *lamps)), run_time=0.6)
            self.play(StateAnimation(graph, {"x": high}), run_time=7)
            self.wait(0.8)
        said = f"A: {pattern}" if pattern else "Nothing tells A alone."
        last = text(said, self.theme.text_size, color=self.theme.class_colour(0), weight="bold")
        last.move_to((graph.inner.x0 + last.width / 2, -3.3, 0.0))
        words = f"In A, and only there, {pattern}." if pattern else said
        if len(where) == 2 and np.abs(np.array(where) - [-0.5, 0.5]).max() < _NEAR:
            words += " The thresholds are close to the essay's, minus one half and one half."
        with self.section("Then it is A", narration=words):
            self.play(StateAnimation(graph, {"x": 0.0, "band": (1.0, 0.5, 1)}), run_time=2)
            self.play(FadeIn(last), run_time=0.6)
            self.wait(5)


class _Mark(Drawable):
    """The point of a graph's line where a stage carries it."""

    def __init__(self, stage: Stage, graph: LineGraph, **options: Any) -> None:
        super().__init__(**options)
        self.stage, self.graph = stage, graph
        self.points = stage.plane.points.copy()

    def draw(self, canvas: Canvas) -> None:
        """Draw it where the stage is."""
        stage, theme = self.stage, self.stage.theme
        point = np.array([[self.graph.state.x]])
        at = stage.plane.view(moved(stage.plane.space.motion, point, stage.state.position))
        canvas.dots(at, theme.ink, 30)
        canvas.dots(at, theme.muted, 20)


class _Lamp(Drawable):
    """Where a unit fires, behind a lamp that is lit while the point of the graph's line is there."""

    def __init__(self, threshold: Threshold, graph: LineGraph, colour: str, y: float, **options: Any) -> None:
        super().__init__(**options)
        self.threshold, self.graph, self.colour, self.y = threshold, graph, colour, y
        name = f"unit {threshold.unit + 1}"
        if threshold.at is None:
            self.said: list[str | Number] = [f"{name} never turns"]
        else:
            sign = ">" if threshold.side == "right" else "<"
            self.said = [f"{name} fires for", f"$x {sign}$", Number(f"{threshold.at:.2f}")]
        rect = graph.rect
        self.points = np.array([[rect.x0, y - 0.25, 0.0], [rect.x1, y + 0.25, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw the lamp and the words."""
        theme, x0 = self.graph.theme, self.graph.inner.x0
        lit = bool(fires(self.threshold, np.array([self.graph.state.x]))[0])
        at = np.array([[x0 + 0.2, self.y]])
        canvas.dots(at, self.colour, 36)
        canvas.dots(at, self.colour if lit else theme.background, 28)
        draw_formula(canvas, self.said, x0 + 0.6, self.y, theme.small_size, self.colour)


def fires(threshold: Threshold, x: FloatArray) -> NDArray[np.bool_]:
    """Whether a unit fires at points ``(n,)``."""
    if threshold.at is None:
        return np.zeros(len(x), dtype=np.bool_)
    return x > threshold.at if threshold.side == "right" else x < threshold.at


def firing_of_a(trace: Trace, found: Sequence[Threshold]) -> str:
    """How the units fire in A and nowhere in B, in words; empty when nothing is so."""
    points, labels = trace.dataset.dense()
    fired = np.stack([fires(t, points[:, 0]) for t in found], axis=1)
    in_a = fired[labels == 0]
    if not (in_a == in_a[0]).all() or (fired[labels == 1] == in_a[0]).all(axis=1).any():
        return ""
    on = [f"unit {t.unit + 1}" for t, fired in zip(found, in_a[0], strict=True) if fired]
    off = [f"unit {t.unit + 1}" for t, fired in zip(found, in_a[0], strict=True) if not fired]
    if not on or not off:
        return "both units fire" if on else "neither unit fires"
    return f"{on[0]} fires, {off[0]} does not"
