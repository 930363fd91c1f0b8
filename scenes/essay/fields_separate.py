"""Layers of vector fields separate spirals on which tanh layers of two units fail.

Essay, "Neural Network Layers for Manipulating Manifolds", with the spirals of "Continuous Visualization of
Layers".
"""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, Mobject
from numpy.typing import NDArray

from scenes.essay.parts.common import percent
from scenes.essay.parts.field_parts import steadily
from scenes.essay.parts.pages import PagedScene
from scenes.kit import Rect, Stage, text
from scenes.kit.badge import Badge
from scenes.kit.field_arrows import FieldArrows
from scenes.kit.motion import LayerMotion
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.table import Table
from scenes.kit.text import number
from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.spec import FLOW
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Of the right column, where measurements are, and where badges are.
_EVIDENCE = Rect(PANEL.x0, -0.85, PANEL.x1, 0.95)
_SEPARATED, _ISOTOPY = -1.35, -2.35
_TABLE = Rect(-5.6, -1.4, 5.6, 1.9)
#: Layers that are shown one at a time.
_SLOW = 2


class FieldsSeparate(PagedScene):
    """Fields that separate: spirals of one turn, and of one and a half."""

    experiment = "field-spirals"
    also = ("field-spirals-1.5", "spirals-entangled", "spirals-entangled-wide")

    def construct(self) -> None:
        """One turn: arrows, layers, the line, and back; then one and a half."""
        trace, longer, tanh, wide = self.trace, *(self.load(name) for name in self.also)
        for one in (trace, longer):
            self.expect(Spirals, "spirals moved by flow layers of two units", moved_by_fields(one))
        for name, one in zip(self.also[1:], (tanh, wide), strict=True):
            if turns_of(one) != turns_of(trace):
                raise TopoError(
                    f"{type(self).__name__} holds searches on the same spirals against each other, but "
                    f"{name} has {turns_of(one):g} turns and {self.experiment} {turns_of(trace):g}: "
                    "train both with this version"
                )
        self._tangled(trace, tanh)
        self._layers(trace)
        self._line(trace, self.stage_now)
        self._input(trace, self.stage_now)
        self._longer(longer)
        self._table([tanh, wide, trace, longer])

    def _stage(self, trace: Trace) -> Stage:
        """A stage that is sampled as flows need, which carry points along straight lines."""
        return self.stage(trace, motion=Onward(trace))

    # -- one turn ---------------------------------------------------------------------------------

    def _tangled(self, trace: Trace, tanh: Trace) -> None:
        self.stage_now = stage = self._stage(trace)
        stage.state.formulas = 0.0
        solved, all_ = (int(tanh.outcome.get(key, 0)) for key in ("solved_restarts", "restarts"))
        remark = self.remark(f"{tanh.n_layers} tanh layers of 2 units:", self.tried(tanh))
        fails = "all of them fail" if not solved else f"{all_ - solved} of them fail"
        with self.section(
            "More entangled spirals",
            narration=f"Spirals that wind {spoken_turns(trace)}. Tanh layers of two units were tried {all_} "
            f"times, and {fails}.",
        ):
            self.turn("Entangled spirals, and vector fields")
            self.play(stage.create(run_time=3))
            self.play(FadeIn(remark), run_time=0.8)
            self.wait(3)
        self.left: tuple[Mobject, ...] = (remark,)

    def _layers(self, trace: Trace) -> None:
        stage = self.stage_now
        self.arrows = arrows = FieldArrows(stage)
        words = [
            f"Now each of {trace.n_layers} layers has a field of its own, made of {gaussians(trace)} "
            "Gaussians. Its arrows say where the plane will go.",
            "The next layer has another field, for where the points are now.",
        ]
        for layer in trace.layers[:_SLOW]:
            with self.section(f"Layer {layer.index + 1}", narration=words[layer.index]):
                if self.left:
                    self.play(*map(FadeOut, self.left), run_time=0.5)
                    self.left = ()
                self.play(
                    arrows.grow(layer=layer.index, run_time=1.8),
                    StateAnimation(stage, {"formulas": 1.0}, run_time=0.6),
                )
                self.wait(0.5)
                self.play(stage.deform(layer, run_time=3))
                self.wait(1)
        self.evidence = evidence = stage.evidence("det", "stretch", rect=_EVIDENCE)
        folds = (
            "The smallest determinant stays above 0: nothing is folded."
            if float(evidence.measured[0].values.min()) > 0
            else "The smallest determinant falls below 0: space is folded."
        )
        with self.section(
            "All layers",
            narration=f"Layer after layer, the plane is pushed on. {folds} The largest stretch says what "
            "that costs.",
        ):
            self.play(StateAnimation(arrows, {"grown": 0.0}, run_time=0.5), stage.hide("formulas"))
            self.play(evidence.create(run_time=0.8))
            arrows.state.grown = arrows.state.follow = 1.0
            last = float(trace.n_layers)
            seconds = float(np.clip(1.1 * (last - stage.state.position), 6, 12))
            self.play(steadily(stage, last, seconds))
            arrows.state.grown = 0.0
            self.wait(1.2)

    def _line(self, trace: Trace, stage: Stage, again: str = "") -> None:
        separated = bool(trace.outcome.get("separated", False))
        badge = self.badge(trace, _SEPARATED, about="separated")
        verdict = self.remark(*checked(trace))
        with self.section(
            ("A line separates" if separated else "No line separates") + again,
            narration=line_words(separated, badge),
        ):
            self.play(stage.show_hyperplane(), run_time=2)
            self.play(FadeIn(badge), FadeIn(verdict), run_time=0.8)
            if not separated:
                self.play(stage.mark_wrong(), run_time=1)
            self.wait(2.2)
        self.badge_now, self.left = badge, (verdict,)

    def _input(self, trace: Trace, stage: Stage, again: str = "") -> None:
        badge = self.badge(trace, _ISOTOPY)
        proven = (
            "That no layer folds it on the way is proven from the weights."
            if badge.holds
            else "That no layer folds it on the way is not proven."
        )
        with self.section(
            "The line at the input" + again,
            narration=f"Played backwards, the line winds in between the spirals. {proven}",
        ):
            self.play(*map(FadeOut, self.left), run_time=0.5)
            self.play(stage.pull_back(run_time=6))
            self.play(FadeIn(badge), run_time=0.8)
            self.wait(2)
        self.page = (stage, self.arrows, self.evidence, self.badge_now, badge)

    # -- further turns ----------------------------------------------------------------------------

    def _longer(self, trace: Trace) -> None:
        self.stage_now = stage = self._stage(trace).at(0.0)
        stage.state.formulas = 0.0
        self.arrows = arrows = FieldArrows(stage)
        self.evidence = stage.evidence("det", "stretch", rect=_EVIDENCE)
        arrows.state.follow = 1.0
        remark = self.remark(
            f"{number(turns_of(trace), 1)} turns,", f"{trace.n_layers} layers:", self.tried(trace)
        )
        with self.section(
            "Further around",
            narration=f"These wind {spoken_turns(trace)}. Again every layer has a field of its own, and "
            "pushes a little.",
        ):
            self.turn("Wound further")
            self.play(*map(FadeIn, (stage, arrows, self.evidence, remark)), run_time=0.8)
            self.wait(1.5)
            last = float(trace.n_layers)
            seconds = float(np.clip(1.1 * last, 6, 12))
            self.play(steadily(stage, last, seconds))
            arrows.state.grown = 0.0
            self.play(FadeOut(remark), run_time=0.5)
        self._line(trace, stage, " again")
        self._input(trace, stage, " again")

    def _table(self, traces: list[Trace]) -> None:
        """What all the searches found."""
        names = ["tanh, 2 units", "tanh, a wider search", "vector fields", "vector fields"]
        heads = ["turns", "layers", "succeeded"]
        rows = [(name, *found(trace)) for name, trace in zip(names, traces, strict=True)]
        table = Table(_TABLE, self.theme, heads, rows, name_width=0.25)
        words = text("A count of searches: no proof that others must fail.", self.theme.text_size)
        words.move_to((0.0, -2.3, 0.0))
        with self.section(
            "Turns, layers and success",
            narration="What the searches found, side by side. They were not equally long. That tanh layers "
            "often fail is counted here, not proven.",
        ):
            self.turn("Turns, layers and success")
            self.play(FadeIn(table), run_time=0.8)
            self.wait(2)
            self.play(FadeIn(words), run_time=0.8)
            self.wait(4)


class Onward(LayerMotion):
    """Through flow layers: the same points are taken on from where they were, layer by layer."""

    instants = 4

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self._found: tuple[FloatArray, int, FloatArray] | None = None

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """Representations after ``whole`` layers."""
        first, h = 0, x
        if self._found is not None and self._found[0] is x and self._found[1] <= whole:
            _, first, h = self._found
        for layer in self.trace.layers[first:whole]:
            h = layer.path(h, 1.0)
        self._found = x, whole, h
        return h


def moved_by_fields(trace: Trace) -> bool:
    """Whether a network is of flow layers in the plane and has as many as are shown one at a time."""
    spec = trace.spec
    return trace.n_layers >= _SLOW and set(spec.widths) == {2} and set(spec.activations) == {FLOW}


def turns_of(trace: Trace) -> float:
    """How often a trace's spirals wind around.

    Raises
    ------
    TopoError
        When it is of other data.
    """
    if not isinstance(trace.dataset, Spirals):
        raise TopoError(f"a trace of {trace.dataset.name!r} has no turns: give one of spirals")
    return float(trace.dataset.turns)


def spoken_turns(trace: Trace) -> str:
    """How often a trace's spirals wind around, in words."""
    turns = turns_of(trace)
    return {1.0: "once around", 1.5: "one and a half times around"}.get(turns, f"{turns:g} times around")


def found(trace: Trace) -> tuple[str, str, str]:
    """Turns, layers, and how many restarts succeed, as a table has them."""
    outcome = trace.outcome
    counted = {"solved_restarts", "restarts"} <= outcome.keys()
    success = f"{outcome['solved_restarts']}/{outcome['restarts']}" if counted else "-"
    return f"{turns_of(trace):g}", f"{trace.n_layers}", success


def gaussians(trace: Trace) -> str:
    """How many Gaussians a layer has, from the fewest to the most."""
    counts = sorted({flows.anchors.shape[1] for flows in trace.flows if flows is not None})
    return f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


def checked(trace: Trace) -> list[str]:
    """How many points are right, and how near to the line they come, in two lines."""
    outcome = trace.outcome
    if not {"wrong", "dense_points", "accuracy", "majority_rate"} <= outcome.keys():
        return ["not measured"]
    right = f"{outcome['dense_points'] - outcome['wrong']} of {outcome['dense_points']} right"
    if outcome.get("separated"):
        return [right, f"nearest to the line: {outcome.get('margin') or 0:.2f}"]
    return [right, f"{percent(outcome['accuracy'])}; guessing: {percent(outcome['majority_rate'])}"]


def line_words(separated: bool, badge: Badge) -> str:
    """What is said when the line is drawn."""
    if not separated:
        return "A straight line does not do: not every point is on its side. The marked pieces are wrong."
    if badge.holds:
        return "Now a straight line is enough: proven for all of both curves, not only for points on them."
    return "Now a straight line is enough for every point that was checked."
