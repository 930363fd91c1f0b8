"""How many dimensions: why n-dimensional manifolds come apart in 2n + 2 of them, for points and curves.

Essay, "Links And Homotopy": "All n-dimensional manifolds can be untangled in 2n+2 dimensions." One picture
serves for all: what A sweeps as it moves past B, and whether that must meet B.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import LEFT, FadeIn, FadeOut, Mobject
from numpy.typing import NDArray

from scenes.essay.parts.common import EssayScene
from scenes.essay.parts.crossing_space import CrossingSpace
from scenes.essay.parts.passing import Passing, in_four_dimensions, in_space, in_the_plane, on_the_line
from scenes.kit import Axis, Live, Number, Rect
from scenes.kit.formulas import Piece
from scenes.kit.live_plot import LivePlot
from scenes.kit.stage import PANEL
from scenes.kit.text import fitted, typeset

FloatArray = NDArray[np.float64]

_PLOT = Rect(PANEL.x0, -3.5, PANEL.x1, -1.25)
_WORDS = ("points", "curves")
_SPACES = {1: "on a line", 2: "in the plane", 3: "in space", 4: "in 4-D"}


class HowManyDimensions(EssayScene):
    """How many dimensions: every link comes apart in 2n + 2."""

    def construct(self) -> None:
        """Points on a line and in the plane, curves in space and in four dimensions, and the count."""
        self.cases = (on_the_line(), in_the_plane(), in_space(), in_four_dimensions())
        self.least = [float(case.distances().min()) for case in self.cases]
        self.show = CrossingSpace(self.space3d(rect=Rect(-6.81, -3.2, 2.1, 2.9)), self.theme)
        self.column: list[Mobject] = []
        self.add(self.heading("How many dimensions?"))
        self._line()
        self._plane()
        self._space()
        self._other_ways()
        self._four()
        self._count()

    # -- the right column ------------------------------------------------------------------------

    def _row(self, markup: str, y: float, colour: str | None = None, size: float | None = None) -> Mobject:
        line = typeset(markup, size or self.theme.small_size, color=colour or self.theme.ink)
        return fitted(line, PANEL.x1 - PANEL.x0).move_to((PANEL.x0, y, 0.0), aligned_edge=LEFT)

    def _counted(self, case: Passing) -> list[Mobject]:
        """What the trail and B have together, and how much room there is."""
        n, room = case.n, case.dimensions
        must = "Linked, they have to meet." if n else "They have to meet."
        verdict = must if 2 * n + 1 >= room else "They can miss each other."
        title = f"*{_WORDS[n].capitalize()} {_SPACES[room]}*: $n = {n}$"
        return [
            self._row(title, 2.5, size=self.theme.text_size),
            self._row(f"trail of A: $n + 1 = {n + 1}$", 1.85),
            self._row(f"B: $n = {n}$", 1.33),
            self._row(f"together: $2 n + 1 = {2 * n + 1}$", 0.81),
            self._row(f"room: {room} {'dimension' if room == 1 else 'dimensions'}", 0.29),
            self._row(verdict, -0.3, self.theme.accent),
        ]

    def _plot(self, case: Passing) -> LivePlot:
        """The distance up to the present time."""
        high = float(np.ceil(2 * case.distances().max()) / 2)
        return LivePlot(
            *(_PLOT, self.theme, "distance", case.times(), case.distance),
            *(Axis(0, 1, ticks=(0.0, 1.0)), Axis(0, high, ticks=(0.0, high / 2, high))),
            now=lambda: self.show.time,
            x_name="time",
        )

    def _turn(self, *coming: Mobject) -> None:
        """Another column in the place of the one before."""
        if self.column:
            self.play(*map(FadeOut, self.column), run_time=0.5)
        self.column = list(coming)
        self.play(*map(FadeIn, coming), run_time=0.6)

    def _move(self, case: Passing, first: float, last: float, run_time: float) -> None:
        """Let A move from one time to another."""
        self.play(self.show.move(case, first, last, run_time))

    # -- points ----------------------------------------------------------------------------------

    def _line(self) -> None:
        case = self.cases[0]
        meets = case.meets or 0.5
        with self.section(
            "Points on a line",
            narration="Two points on a line are to change places. The trail of A fills all that there is "
            "between: A cannot pass without meeting B.",
        ):
            self.show.begin(case)
            self.play(FadeIn(self.show.space), run_time=0.8)
            self._turn(*self._counted(case), self._plot(case))
            self._move(case, 0.0, meets, 3.0)
            self.play(self.show.mark(case), run_time=0.5)
            self.wait(1.5)
            self._move(case, meets, 1.0, 2.0)
            self.wait(1)

    def _plane(self) -> None:
        case = self.cases[1]
        with self.section(
            "Points in the plane",
            narration="One dimension more, and A goes around. Its trail is a curve, and a curve in the plane "
            "need not go through a given point.",
        ):
            self.play(*map(FadeOut, self.column), self.show.open_plane(case), run_time=1.5)
            self.column = []
            self._turn(*self._counted(case), self._plot(case))
            self._move(case, 0.0, 1.0, 4.5)
            self.wait(1.7)

    # -- curves ----------------------------------------------------------------------------------

    def _space(self) -> None:
        case = self.cases[2]
        meets = case.meets or 0.5
        self.linking = self._live(lambda: ["linking number", Number(self.show.linking(case), widest="+0")])
        with self.section(
            "Curves in space",
            narration="Two linked circles in space. As A leaves, it sweeps a surface, and B pierces it. "
            "There they meet: the distance is zero, and the linking number jumps.",
        ):
            self.play(*map(FadeOut, self.column), FadeOut(self.show.space), run_time=0.6)
            self.column = []
            self.show.begin(case)
            self.play(FadeIn(self.show.space), run_time=0.8)
            self._turn(*self._counted(case), self.linking, self._plot(case))
            self._move(case, 0.0, meets, 4.0)
            self.play(self.show.mark(case), run_time=0.5)
            self.wait(1.8)
            self._move(case, meets, 1.0, 2.5)
            self.wait(1)

    def _other_ways(self) -> None:
        where = self._live(lambda: ["they meet at time", Number(f"{self.show.when:.2f}", widest="0.00")])
        remark = self._row("Another way moves the meeting,", -1.5)
        again = self._row("but never removes it.", -2.05)
        with self.section(
            "Any other way",
            narration="Other ways move the place where they meet, but none is without one: before it, the "
            "linking number cannot change.",
        ):
            counted, plot = self.column[:-2], self.column[-1]
            self.play(FadeOut(plot), FadeOut(self.linking), run_time=0.5)
            self.play(FadeIn(where), FadeIn(remark), FadeIn(again), run_time=0.6)
            self.play(self.show.other_ways(run_time=6))
            self.wait(0.8)
            self.column = [*counted, where, remark, again]

    def _four(self) -> None:
        case = self.cases[3]
        lifted = self._live(
            lambda: [
                "strand lifted to",
                "$w =$",
                Number(f"{self.show.lifted():.2f}", widest="0.00"),
            ]
        )
        with self.section(
            "In four dimensions",
            narration="In four dimensions, a strand of A is lifted along w: its colour shows how far. In the "
            "picture it crosses B, but they do not meet, for they differ in w. Then it comes down again.",
        ):
            self.play(*map(FadeOut, self.column), FadeOut(self.show.space), run_time=0.6)
            self.column = []
            self.show.begin(case)
            self.play(FadeIn(self.show.space), run_time=0.8)
            self._turn(*self._counted(case), lifted, self._plot(case))
            self._move(case, 0.0, 0.25, 2.5)
            self._move(case, 0.25, self.show.crossing, 2.5)
            self.wait(1.5)
            self._move(case, self.show.crossing, 0.75, 2.0)
            self._move(case, 0.75, 1.0, 1.8)
            self.wait(1)

    # -- the count -------------------------------------------------------------------------------

    def _count(self) -> None:
        theme = self.theme
        heads = ("", "trail of A", "B", "together", "in $2 n + 1$", "in $2 n + 2$")
        rows: list[tuple[str, ...]] = [heads]
        for n in (0, 1):
            stuck, free = (f"{d:.2f}" for d in self.least[2 * n : 2 * n + 2])
            rows.append((f"{_WORDS[n]}, $n = {n}$", f"${n + 1}$", f"${n}$", f"${2 * n + 1}$", stuck, free))
        rows.append(("any $n$", "$n + 1$", "$n$", "$2 n + 1$", "meet", "miss"))
        xs, ys = (-6.3, -2.5, -0.5, 1.0, 3.2, 5.2), (1.5, 0.7, -0.1, -0.9)
        cells: list[list[Mobject]] = []
        for y, row in zip(ys, rows, strict=True):
            made: list[Mobject] = []
            for k, (x, words) in enumerate(zip(xs, row, strict=True)):
                if words:
                    colour = theme.muted if y == ys[0] else theme.accent if k > 3 else theme.ink
                    size = theme.small_size if y == ys[0] else theme.text_size
                    cell = typeset(words, size, color=colour)
                    made.append(cell.move_to((x, y, 0.0), aligned_edge=LEFT))
            cells.append(made)
        above = typeset("smallest distance", theme.small_size, color=theme.muted)
        above.move_to((xs[4], 2.1, 0.0), aligned_edge=LEFT)
        closing = [
            typeset(line, size, color=theme.ink).move_to((-6.3, y, 0.0), aligned_edge=LEFT)
            for line, size, y in (
                ("$n + n + 1 < 2 n + 2$: with so much room, every link comes apart,", theme.text_size, -1.95),
                (
                    "and every knot: the same count keeps a manifold clear of itself.",
                    theme.text_size,
                    -2.6,
                ),
            )
        ]
        with self.section(
            "The count",
            narration="Two manifolds and time have two n plus one dimensions. A space of as many can make "
            "them meet. With one more, there is always a way past: every link comes apart.",
        ):
            self.play(*map(FadeOut, self.column), FadeOut(self.show.space), run_time=0.6)
            self.play(*map(FadeIn, (*cells[0], above)), run_time=0.6)
            for made in cells[1:]:
                self.play(*map(FadeIn, made), run_time=0.8)
                self.wait(1)
            self.play(*map(FadeIn, closing), run_time=0.8)
            self.wait(3.5)

    def _live(self, content: Callable[[], Sequence[Piece]]) -> Live:
        return Live(content, PANEL.x0, -0.85, self.theme.small_size, self.theme.ink)
