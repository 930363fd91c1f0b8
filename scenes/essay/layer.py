"""One layer, continuously: tanh(Wx + b) in three steps, and the same layer with other activations.

Essay, "Continuous Visualization of Layers", animation ``1layer``.
"""

from __future__ import annotations

from collections.abc import Callable

from manim import LEFT, Animation, FadeIn, FadeOut, Group, Mobject, Square, VMobject

from scenes.essay.parts.common import EssayScene, percent
from scenes.essay.parts.layer_stage import REACH, SPACING, LayerStage, layer_trace
from scenes.essay.parts.quarter import SHOWN, Quarter
from scenes.kit import Live, Number, Rect, math, text
from scenes.kit.patch import Patch, cells, square
from scenes.kit.stage import PANEL, StageAnimation

#: Lower left corners of the two cells that are followed.
MIDDLE, EDGE = (-0.5, -0.5), (1.0, -0.5)


class OneLayer(EssayScene):
    """One layer, continuously: a matrix, a vector, and tanh."""

    def construct(self) -> None:
        """The grid, one cell of it, the three steps, the cells' areas."""
        theme = self.theme
        self.stage_ = stage = LayerStage(layer_trace("tanh"), theme)
        stage.add_card(Rect(PANEL.x0, -2.0, PANEL.x1, PANEL.y1))
        plane = stage.plane
        self.cell = Patch(plane, [square(MIDDLE, SPACING)], theme.accent)
        self.other = Patch(plane, [square(EDGE, SPACING)], theme.class_colour(2))
        self._grid(stage)
        self._linear(stage)
        self._translation(stage)
        self._activation(stage)
        self._at_once(stage)

    def _row(self, y: float, label: Mobject, sign: str, value: Callable[[], float], colour: str) -> Group:
        """A label, and behind it a number that is asked for at every frame."""
        label.move_to((PANEL.x0, y, 0.0), aligned_edge=LEFT)
        number = Live(
            lambda: [Number(f"{sign} {value():.3f}")], PANEL.x0 + 1.95, y, self.theme.text_size, colour
        )
        return Group(label, number)

    def _area(self, patch: Patch) -> Mobject:
        size = self.theme.text_size
        swatch: VMobject = Square(0.3, color=patch.colour, fill_opacity=patch.fill, stroke_width=4)
        return Group(text("area of", size, color=self.theme.ink), swatch).arrange(buff=0.18)

    def _grid(self, stage: LayerStage) -> None:
        theme, cell = self.theme, self.cell
        with self.section(
            "A grid",
            narration="A layer takes x to tanh of W x plus b. Here is what it does to a piece of the plane.",
        ):
            self.add(self.heading("tanh(Wx + b), continuously"))
            self.play(stage.create(run_time=3.5))
            self.wait(2)
        determinant = math("det p(t)", theme.text_size, color=theme.ink)
        rows = (
            self._row(-2.45, self._area(cell), "×", cell.factor, theme.accent),
            self._row(-2.95, determinant, "=", lambda: stage.determinant, theme.ink),
        )
        with self.section(
            "One cell",
            narration="We follow one cell. Its area is measured on its outline, relative to the start.",
        ):
            self.play(FadeIn(cell), *map(FadeIn, rows), run_time=0.8)
            self.wait(4.5)

    def _linear(self, stage: LayerStage) -> None:
        with self.section(
            "Linear",
            narration="First the matrix, from the identity to W. The area grows exactly as the determinant.",
        ):
            self.play(stage.push_forward(1 / 3, run_time=7))
            self.wait(2)

    def _translation(self, stage: LayerStage) -> None:
        with self.section(
            "Translation", narration="Then the vector: everything moves alike, and no area changes."
        ):
            self.play(stage.push_forward(2 / 3, run_time=4))
            self.wait(2)

    def _activation(self, stage: LayerStage) -> None:
        other, theme = self.other, self.theme
        row = self._row(-3.45, self._area(other), "×", other.factor, theme.class_colour(2))
        with self.section(
            "A second cell", narration="A second cell, nearer to the edge. So far its area has grown as much."
        ):
            self.play(FadeIn(other), FadeIn(row), run_time=0.8)
            self.wait(3.7)
        with self.section(
            "tanh", narration="Then tanh, in each coordinate. The plane is squeezed into a square."
        ):
            self.play(stage.push_forward(1.0, run_time=7))
            self.wait(1.5)
        everything = Patch(stage.plane, cells(stage.plane.space.domain, SPACING), theme.accent)
        factors = everything.areas(1.0) / everything.areas(0.0)
        remark = self.remark(
            f"Each of {len(factors)} cells",
            "has its own factor,",
            f"from × {factors.min():.4f}",
            f"to × {factors.max():.4f}",
        ).move_to((PANEL.x0, 0.4, 0.0), aligned_edge=LEFT)
        with self.section(
            "Each its own factor",
            narration="Now the two differ. Where tanh is nearly flat, little is left, but never nothing.",
        ):
            self.play(stage.hide("formulas"), FadeIn(remark), run_time=0.8)
            self.wait(4.5)
        self.remark_now = remark

    def _at_once(self, stage: LayerStage) -> None:
        with self.section(
            "At once",
            narration="All three in a row: space is stretched and squeezed, with no cut and no jump.",
        ):
            back = StageAnimation(stage, {"position": (0, 0, 1), "formulas": (1, 0.7, 1)}, run_time=3)
            self.play(FadeOut(self.remark_now), back)
            self.play(stage.deform(stage.trace.layers[0], run_time=9))
            self.wait(2)


class Activations(EssayScene):
    """Four activations: three squeeze the plane, ReLU folds it."""

    def construct(self) -> None:
        """The same plane four times, then each activation, then what becomes of negative numbers."""
        theme = self.theme
        corners = [(x, y) for y in (2.85, -0.55) for x in (-6.25, 0.65)]
        self.quarters = [Quarter(n, c, theme) for n, c in zip(SHOWN, corners, strict=True)]
        self._same()
        self._bend()
        self._mark()
        self._fold()

    def _to(self, position: float, run_time: float, *others: Animation) -> None:
        """Move all four planes at once."""
        self.play(*(q.stage.push_forward(position, run_time=run_time) for q in self.quarters), *others)

    def _same(self) -> None:
        with self.section(
            "Four activations",
            narration="The same layer with four activations. Up to the last step they do not differ.",
        ):
            pictures = (FadeIn(q.stage) for q in self.quarters)
            self.play(*pictures, *self.new_heading("The same W and b, four activations"), run_time=1)
            self.wait(2.5)
            self._to(2 / 3, 6)
            self.wait(1.5)

    def _bend(self) -> None:
        with self.section(
            "Bent by a curve",
            narration="Then each coordinate goes to its activation: as the graph bends, so does the plane. "
            "Two are squeezed into a square, two keep their large values.",
        ):
            self._to(1.0, 9)
            self.wait(3.5)

    def _mark(self) -> None:
        share = float(self.quarters[0].marked.areas(0.0).sum()) / (2 * REACH) ** 2
        with self.section(
            "Negative numbers",
            narration="Back before that step. Marked are the points with a negative coordinate: "
            f"{percent(share)} of this piece of the plane.",
        ):
            title = self.new_heading(f"Marked: a coordinate is negative, {percent(share)} of the points")
            self._to(2 / 3, 3, *title)
            self.play(*(FadeIn(m) for q in self.quarters for m in (q.marked, q.share)), run_time=1)
            self.wait(4.5)

    def _fold(self) -> None:
        with self.section(
            "The same step again",
            narration="The same step again. The number is how much of its area the marked part keeps.",
        ):
            self._to(1.0, 10)
            self.wait(2.5)
        title, words = folded([(q.title, q.flat) for q in self.quarters], self.quarters[0].cells)
        with self.section("Folded", narration=words):
            self.play(*(FadeIn(q.verdict) for q in self.quarters), *self.new_heading(title), run_time=1)
            self.wait(6.5)


def folded(flat: list[tuple[str, int]], cells: int) -> tuple[str, str]:
    """A heading and words on the activations that leave some of so many cells without area."""
    worst = [(name, count) for name, count in flat if count]
    if not worst:
        return "None of them folds", f"None of the {cells} cells has lost all of its area."
    names = " and ".join(name for name, _ in worst)
    counts = " and ".join(f"{count} of {cells}" for _, count in worst)
    folds, takes = ("folds", "takes") if len(worst) == 1 else ("fold", "take")
    rest = " The others leave area to every cell." if len(worst) < len(flat) else ""
    return (
        f"{names} {folds} the marked part onto the axes",
        f"{names} {takes} all area from {counts} cells: they lie on the axes, "
        f"and nothing can undo that.{rest}",
    )
