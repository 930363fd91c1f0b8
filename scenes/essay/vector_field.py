"""A vector field that moves the plane, why that can be undone, and when it cannot.

Essay, "Neural Network Layers for Manipulating Manifolds": figures ``grid_vec``, ``grid_bubble_wvec`` and
``grid_bubble``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import FadeIn, FadeOut, Mobject

from scenes.essay.parts.field_parts import (
    BUBBLES,
    CIRCLES,
    WIND,
    BackMotion,
    Circles,
    Folded,
    errors_of,
    farthest_outside,
    field_stage,
    field_trace,
    lattice,
    merged_pair,
    multiple,
    proven_constant,
    steadily,
)
from scenes.essay.parts.marks import Pair
from scenes.essay.parts.pages import PagedScene
from scenes.kit import Axis, Live, Matrix, Number, Plot, Rect, Series, Stage, math
from scenes.kit.field_arrows import FieldArrows
from scenes.kit.formulas import Piece
from scenes.kit.live import Content
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.text import fitted, scientific

#: How many times too strong the field becomes.
FACTOR = 2.0
#: How many times as long as they are the arrows are drawn at first.
ENLARGED = 2.5
#: How close the way back is to come, in data units.
CLOSE = 1e-10
#: Steps back that are shown one by one.
SLOW = 6

_PLANE = Rect(-5.4, -3.35, 0.8, 2.85)
_ERRORS = Rect(PANEL.x0, -2.35, PANEL.x1, 0.05)


class VectorField(PagedScene):
    """A vector field: a layer that pushes, and never folds."""

    def construct(self) -> None:
        """The field, its motion, two circles, two points, too much of it, and the way back."""
        self._wind()
        self._bubbles()

    def _line(self, y: float, *pieces: Piece, colour: str = "") -> Live:
        """A line of the right column that stays as it is."""
        return self._row(y, lambda: pieces, colour)

    def _row(self, y: float, content: Content, colour: str = "") -> Live:
        """A line of the right column that is asked for at every frame."""
        size, width = self.theme.text_size, PANEL.x1 - PANEL.x0
        return Live(content, PANEL.x0, y, size, colour or self.theme.ink, room=width)

    def _formula(self, formula: str, y: float) -> Mobject:
        """A formula at the left of the right column, about a height."""
        made = fitted(math(formula, self.theme.text_size, color=self.theme.ink), PANEL.x1 - PANEL.x0)
        return made.move_to((PANEL.x0 + made.width / 2, y, 0.0))

    # -- the field and its motion -----------------------------------------------------------------

    def _wind(self) -> None:
        stage = field_stage(field_trace(WIND), self.theme, _PLANE)
        arrows = FieldArrows(stage, apart=0.36)
        form = [
            self._formula("F(x) = (v_0 f_0 (x) + v_1 f_1 (x)) / (1 + f_0 (x) + f_1 (x))", 2.2),
            self._formula("f_i (x) = exp(-norm(x - a_i)^2 / (2 s^2))", 0.95),
        ]
        vectors = [
            self._line(-0.35 - 1.15 * k, f"$a_{k} =$", Matrix(a, 1), f"$v_{k} =$", Matrix(v, 1))
            for k, (a, v) in enumerate(zip(WIND.anchors, WIND.vectors, strict=True))
        ]
        width = self._line(-2.55, "$s =$", Number(f"{WIND.scale:g}"))
        note = self._line(-3.1, "arrows:", Number(f"{ENLARGED:g}"), "times as long", colour=self.theme.muted)
        with self.section(
            "A vector field",
            narration="A layer may learn where to push. Two vectors, each weighted by a Gaussian, make a "
            "field: an arrow at every place.",
        ):
            self.turn("A vector field")
            self.play(stage.create(run_time=1.5), *map(FadeIn, form))
            self.play(arrows.grow(ENLARGED, run_time=2.5), *map(FadeIn, (*vectors, width, note)))
            self.wait(3)
        accent = self.theme.accent
        time = self._row(0.9, lambda: ["$t =$", Number(f"{stage.state.position:.2f}", widest="8.88")], accent)
        moving = self._formula("x |-> x + t F(x)", 1.7)
        remark = self.remark("Every point goes to", "the tip of its arrow.")
        self.page = (stage, arrows, time, moving, remark)
        with self.section(
            "Moved along it",
            narration="The layer moves every point along its arrow. Where the arrows end, the grid is bent; "
            "far away nothing happens.",
        ):
            self.play(
                *map(FadeOut, (*form, *vectors, width, note)), *map(FadeIn, (moving, time)), run_time=0.7
            )
            self.play(StateAnimation(arrows, {"grown": 1.0, "dots": (1.0, 0.5, 1.0)}, run_time=1.5))
            self.play(stage.push_forward(run_time=4.5))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2)

    # -- why it can be undone ---------------------------------------------------------------------

    def _bubbles(self) -> None:
        self.constant = proven_constant(BUBBLES)
        stage = field_stage(field_trace(BUBBLES), self.theme, _PLANE).at(0.0)
        circles = Circles(stage, CIRCLES)
        outside = farthest_outside(BUBBLES, CIRCLES)
        inside = float(np.linalg.norm(BUBBLES.field(lattice(301)), axis=1).max())
        rows = [
            self._formula("x |-> x + t F(x)", 2.2),
            self._line(1.2, "moved, at the most"),
            self._line(0.55, "within a circle:", Number(f"{inside:.2f}"), colour=self.theme.accent),
            self._line(-0.1, "outside both:", Number(f"{outside:.2f}")),
        ]
        remark = self.remark("Space is deformed", "only where it has to be.")
        with self.section(
            "Two circles",
            narration="Another field pushes right in one circle and up in the other. Outside them, hardly "
            "anything moves. Lines come close, but do they meet?",
        ):
            self.turn("Only where it has to be")
            self.play(FadeIn(stage), FadeIn(circles), *map(FadeIn, rows), run_time=0.8)
            self.play(stage.push_forward(run_time=4))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
        self.page = (circles, *rows, remark)
        self._slow(stage)
        self._fast()
        self._back()

    def _distances(self, pair: Pair, y: float) -> Live:
        return self._row(
            y,
            lambda: ["from a to b:", Number(f"{pair.distance():.2f}", widest="8.88")],
            self.theme.accent,
        )

    def _slow(self, stage: Stage) -> None:
        """Two points of a field that changes slowly."""
        pair = Pair(stage, merged_pair(multiple(BUBBLES, FACTOR)))
        at_first = float(np.linalg.norm(pair.pair[1] - pair.pair[0]))

        def least() -> Sequence[Piece]:
            left = (1 - self.constant * stage.state.position) * at_first
            return ["never below", Number(f"{left:.2f}", widest="8.88")]

        rows = [
            self._formula("norm(F(x) - F(y)) <= L norm(x - y)", 2.2),
            self._line(1.4, "proven:", "$L <=$", Number(f"{self.constant:.2f}"), colour=self.theme.accent),
            self._distances(pair, 0.2),
            self._row(-0.45, least),
        ]
        remark = self.remark("Below 1, so no two", "points ever meet.")
        with self.section(
            "Slower than distances",
            narration="Take two points. The field differs between them by less than their distance. So one "
            "never catches up with the other: the layer is a homeomorphism, at every moment.",
        ):
            self.turn("Why nothing is torn or glued")
            self.play(stage.push_forward(0.0, run_time=1.2))
            self.play(FadeIn(pair), *map(FadeIn, rows), run_time=0.8)
            self.wait(1)
            self.play(stage.push_forward(run_time=4))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
        self.page = (stage, pair, *rows, remark)

    def _fast(self) -> None:
        """The same two points of a multiple of the field."""
        strong = multiple(BUBBLES, FACTOR)
        stage = field_stage(field_trace(strong), self.theme, _PLANE).at(1 / FACTOR)
        folded = Folded(stage)
        pair = Pair(stage, merged_pair(strong))

        def factor() -> Sequence[Piece]:
            return ["$c =$", Number(f"{FACTOR * stage.state.position:.2f}", widest="8.88")]

        def determinant() -> Sequence[Piece]:
            return ["smallest det:", Number(f"{folded.smallest():.2f}", widest="-8.88")]

        rows = [
            self._formula("x |-> x + c F(x)", 2.2),
            self._row(1.4, factor, self.theme.accent),
            self._row(0.2, determinant),
            self._distances(pair, -0.45),
        ]
        remark = self.remark("The grid is folded, and", "two points are one.")
        with self.section(
            "Too strong",
            narration="Multiply the field, and it changes too fast. Where the determinant is below 0, the "
            "plane is turned over. It is folded, and two points have become one.",
        ):
            self.turn("Too strong: a fold")
            self.play(*map(FadeIn, (stage, folded, pair, *rows)), run_time=0.8)
            self.wait(0.7)
            self.play(stage.push_forward(run_time=5))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
        self.page = (stage, folded, pair, *rows, remark)

    def _back(self) -> None:
        """The way back from where the slow field went."""
        self.errors = errors = errors_of(BUBBLES, lattice(61), CLOSE)
        steps = len(errors) - 1
        trace = field_trace(BUBBLES)
        stage = field_stage(trace, self.theme, _PLANE, BackMotion(trace, steps)).at(0.0)
        count = np.arange(steps + 1.0)
        state = stage.state
        plot = Plot(
            _ERRORS,
            self.theme,
            "distance to the truth",
            [Series(count, errors, self.theme.accent)],
            Axis(0.0, float(steps)),
            Axis(CLOSE / 10, 10.0, log=True),
            now=lambda: state.position,
            x_name="step",
        )
        rows = [
            self._formula("x_(k+1) = y - F(x_k)", 2.2),
            self._row(1.5, lambda: ["$k =$", Number(f"{state.position:.0f}", widest="888")]),
            self._line(0.75, "error", "$times$", Number(f"{self.constant:.2f}"), "or better"),
        ]
        remark = self._line(-2.75, f"after {steps} steps:", f"${scientific(float(errors[-1]))}$")
        with self.section(
            "The way back",
            narration="From the true field there is a way back. Start at the end, and subtract the push at "
            "the last guess. Every step brings the guess closer to the truth.",
        ):
            self.turn("The way back")
            self.play(*map(FadeIn, (stage, *rows, plot)), run_time=0.8)
            for k in range(1, SLOW + 1):
                self.play(stage.push_forward(float(k), run_time=0.7))
            self.play(steadily(stage, float(steps), 3.5))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
