"""Ambient isotopy: a path to every layer on which nothing is ever torn, and what it asks for.

Essay, "Links and Homotopy", the definition and the theorem: a path of invertible matrices, two hidden units
that change places where the determinant is negative, and a layer on its way with the definition checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import LEFT, Animation, FadeIn, FadeOut, Mobject

from scenes.essay.parts.common import EssayScene
from scenes.essay.parts.inverses import dots
from scenes.essay.parts.isotopy_checks import Checks
from scenes.essay.parts.isotopy_pictures import MirroredNetwork, TwoPaths, fixed, row
from scenes.kit import Live, Number, Stage
from scenes.kit.formulas import Piece
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.text import fitted, number, scientific, typeset
from topo_core.trace import Trace

#: Points a side and instants at which the definition is checked.
_SIDE, _INSTANTS = 41, 301


class AmbientIsotopy(EssayScene):
    """Ambient isotopy: a path to the layer on which nothing is torn."""

    experiment = "annulus-depth-6"
    also = ("curves-deep",)

    def construct(self) -> None:
        """Two paths to a matrix, two units that change places, a layer with the definition checked."""
        square = any(layer.flow is None and layer.weight.shape == (2, 2) for layer in self.trace.layers)
        self.expect(None, "the weight of a layer from two units to two", square)
        self.shown: list[Mobject] = []
        self.two = TwoPaths(self.trace, self.theme)
        self._paths(self.two)
        self.network = MirroredNetwork(self.load("curves-deep"), self.theme)
        self._mirror(self.network)
        self._exchange(self.network)
        self._definition(self.network.networks[-1])

    def _head(self, content: str) -> list[Animation]:
        """A new heading in the place of the one before, and of all else that was there."""
        gone, self.shown = self.shown, []
        return [*self.new_heading(content), *map(FadeOut, gone)]

    # -- the path of matrices --------------------------------------------------------------------

    def _paths(self, two: TwoPaths) -> None:
        with self.section(
            "From the identity to W",
            narration="Two paths from the identity to W, whose determinant is positive: "
            "straight, and as a turn and a stretch.",
        ):
            self.play(*self._head("From the identity to W"), *map(FadeIn, two.all), run_time=1)
            self.play(*map(FadeIn, two.about), run_time=0.7)
            self.wait(5)
        times = two.straight.singular_at.tolist()
        first, last = two.why(0), two.why(-1)
        with self.section(
            "Singular on the way",
            narration=f"At t = {times[0]:.3f} the straight path is singular: the plane is flattened onto "
            "a line. The polar path turns and stretches at once, and never is.",
        ):
            self.play(*map(FadeOut, two.about), *map(FadeIn, two.rows), run_time=0.6)
            self._both(times[0], 4.5)
            self.play(FadeIn(first), run_time=0.6)
            self.wait(2.5)
        with self.section(
            "Mirrored",
            narration="Beyond that instant we see the plane from behind. "
            "A second negative eigenvalue flattens it again.",
        ):
            self._both((times[0] + times[-1]) / 2, 2.2, FadeOut(first), FadeIn(two.back))
            self.wait(1)
            self._both(times[-1], 2.2, FadeOut(two.back), FadeIn(last))
            self.wait(1)
        with self.section(
            "The same end",
            narration="Both end at W. But only the polar path could be undone at every instant.",
        ):
            self._both(1.0, 3.0, FadeOut(last))
            self.wait(1.7)
        self.shown = [*two.all, *two.rows]

    def _both(self, t: float, run_time: float, *others: Animation) -> None:
        """Move on along both paths."""
        self.play(*(stage.push_forward(t, run_time=run_time) for stage in self.two.stages), *others)

    # -- two hidden units ------------------------------------------------------------------------

    def _mirror(self, network: MirroredNetwork) -> None:
        start = "Training left" if network.trained else "Two exchanged units leave"
        with self.section(
            "A mirror",
            narration=f"{start} this layer with a negative determinant. On any path to it, the determinant "
            "has to pass through zero, and the plane is mirrored.",
        ):
            coming = (*network.first, network.diagram, *network.matrices[:2], *network.dets)
            self.play(*self._head("A negative determinant"), *map(FadeIn, coming), run_time=1)
            self.wait(1)
            self.play(network.mirror.push_forward(1.0, run_time=4.5))
            self.wait(2.3)

    def _exchange(self, network: MirroredNetwork) -> None:
        same = "the same" if max(network.changes) == 0 else "the same, up to rounding"
        with self.section(
            "Two units change places",
            narration="So let two hidden units change places: two rows of W and b, and two columns of "
            f"the matrix that reads them. What the network computes is {same}.",
        ):
            self.play(*self._head("Two units change places"), FadeIn(network.matrices[2]), run_time=0.8)
            self.play(StateAnimation(network.diagram, {"done": 1.0}, run_time=4))
            self.play(FadeIn(network.change), run_time=0.6)
            self.wait(3.8)
        with self.section(
            "No mirror any more",
            narration="Now the determinant stays positive, and we never see the back of the plane.",
        ):
            gone = (FadeOut(part) for part in network.first)
            self.play(*gone, *map(FadeIn, network.second), run_time=0.8)
            self.play(network.kept.push_forward(1.0, run_time=4))
            self.wait(1)
        if len(network.layers) > 1:
            with self.section(
                "Layer by layer",
                narration="The sign has moved on to the next matrix. Exchange there, and so on, "
                "up to the readout.",
            ):
                for k in range(1, len(network.layers)):
                    self.play(StateAnimation(network.diagram, {"done": k + 1.0}, run_time=2.2))
                self.wait(2.6)
        self.shown = [*network.second, network.diagram, *network.matrices, *network.dets, network.change]

    # -- the definition and the theorem ----------------------------------------------------------

    def _definition(self, trace: Trace) -> None:
        theme, layer = self.theme, trace.layers[0]
        stage = Stage(trace, theme, panel=False).at(0.0)
        self.checks = checks = Checks(layer, dots(stage.plane.space.domain, _SIDE))

        def t() -> float:
            return min(stage.state.position, 1.0)

        ys = (1.75, 0.75, -0.25)
        definition = [
            self._words("An ambient isotopy $F_t$:", 2.45),
            self._words("$F_0$ is the identity,", ys[0]),
            self._words("$F_1$ is the layer $f$,", ys[1]),
            self._words("each $F_t$ is a homeomorphism.", ys[2]),
        ]
        live = self._checked(
            ys,
            lambda: ("$max |F_t (x) - x| =$", fixed(checks.from_identity(t()))),
            lambda: ("$max |F_t (x) - f(x)| =$", fixed(checks.from_layer(t()))),
            lambda: ("$min_x det D F_t =$", Number(number(checks.smallest_determinant(t()), 3))),
        )
        clock = row(theme, PANEL.x0 + 3.3, 2.45, lambda: ("$t =$", fixed(t())), theme.accent)
        with self.section(
            "The definition",
            narration="An ambient isotopy moves the whole plane. At first it is the identity, in the end "
            "the layer, and at every instant a homeomorphism onto its range.",
        ):
            self.play(*self._head("A layer as an ambient isotopy"), FadeIn(stage), run_time=1)
            self.play(*map(FadeIn, (*definition, *live, clock)), run_time=0.8)
            self.wait(1)
            self.play(stage.deform(layer, run_time=8))
            self.wait(1)
        self.least = min(checks.smallest_determinant(s) for s in np.linspace(0, 1, _INSTANTS).tolist())
        least = number(self.least, 3) if self.least >= 0.001 else scientific(self.least)
        ends = self._checked(
            ys,
            lambda: (f"$max |F_0 (x) - x| = {scientific(checks.from_identity(0.0))}$",),
            lambda: (f"$max |F_1 (x) - f(x)| = {scientific(checks.from_layer(1.0))}$",),
            lambda: (f"$min_(t, x) det D F_t = {least}$",),
        )
        swapped = "two did" if layer.swap else "no need"
        theorem = [
            self._words(line, -1.7 - 0.52 * k)
            for k, line in enumerate(
                (
                    "There is one, if",
                    f"a) $det W != 0$: here ${number(layer.path.linear.determinant(1.0))}$,",
                    f"b) units may swap: {swapped},",
                    f"c) there are two or more: here {len(layer.bias)}.",
                )
            )
        ]
        with self.section(
            "The theorem",
            narration="There is such a path to every layer with a non-singular W, if we may exchange units, "
            "and if there are at least two to exchange.",
        ):
            self.play(*map(FadeOut, (*live, clock)), *map(FadeIn, (*ends, *theorem)), run_time=0.8)
            self.wait(6.5)

    def _checked(self, ys: tuple[float, ...], *contents: Callable[[], Sequence[Piece]]) -> list[Live]:
        """What is measured, each below the words that it checks."""
        x, colour = PANEL.x0 + 0.35, self.theme.accent
        return [
            row(self.theme, x, y - 0.47, content, colour) for y, content in zip(ys, contents, strict=True)
        ]

    def _words(self, markup: str, y: float) -> Mobject:
        """Words with formulas in them, in the right column."""
        line = typeset(markup, self.theme.small_size, color=self.theme.ink)
        return fitted(line, PANEL.x1 - PANEL.x0).move_to((PANEL.x0, y, 0), aligned_edge=LEFT)
