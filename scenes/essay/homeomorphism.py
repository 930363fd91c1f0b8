"""Layers are homeomorphisms: the theorem, its proof as a picture, where it fails, and the way back.

Essay, "Topology of tanh Layers". The way back is computed: from the final representation, through
``topo_core.inverse``, to the input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import DOWN, LEFT, Animation, Arrow, FadeIn, FadeOut, Mobject, VGroup
from numpy.typing import NDArray

from scenes.essay.parts.common import FOOT, EssayScene
from scenes.essay.parts.inverses import InverseMotion, StepMotion, dots, fibre, keep_still, round_trip
from scenes.essay.parts.marks import Cloud, OpenSquare, Pair
from scenes.kit import Live, Matrix, Number, Rect, Stage, text
from scenes.kit.formulas import Piece, formula_size
from scenes.kit.motion import LayerMotion
from scenes.kit.stage import PANEL
from scenes.kit.text import number, scientific, typeset
from topo_core.handmade import handmade
from topo_core.isotopy import LinearPath
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: The three columns of the proof.
COLUMNS = tuple(Rect(x, -2.35, x + 3.75, 1.1) for x in (-6.25, -1.65, 2.95))

#: A singular matrix, chosen: its second column is twice the first.
SINGULAR = np.array([[0.75, 1.5], [0.5, 1.0]])

#: The dots that are carried back: so many along each side of the plane.
DOTS = 71

#: Between two rows of numbers in the right column, and where its second column begins.
_ROW, _SECOND = 0.62, 4.9


class Homeomorphisms(EssayScene):
    """Layers are homeomorphisms: the theorem, its proof, and the way back."""

    experiment = "spirals"
    also = ("curves-deep",)

    def construct(self) -> None:
        """Theorem, three steps and their inverses, a singular matrix, a network, the network backwards."""
        spec = self.trace.spec
        planar = len(spec.widths) > 1 and set(spec.widths) == {2} and set(spec.activations) == {"tanh"}
        self.expect(None, "tanh layers of two units", planar)
        self._proof(self.load("curves-deep"))
        self._singular()
        self._network(self.trace)

    def _turn_to(self, stage: Stage, content: str) -> None:
        """A new stage and heading in the place of all that was there."""
        self.play(*map(FadeOut, self.shown), FadeIn(stage), *self.new_heading(content), run_time=1)

    def _line(self, y: float, colour: str, *pieces: Piece, centre: float = 0.0) -> Live:
        """Words and formulas about the point ``(centre, y)``, at most as wide as the frame lets them be."""
        size = self.theme.text_size
        width = min(formula_size(pieces, size)[0], 13.0)
        return Live(lambda: pieces, centre - width / 2, y, size, colour, room=width)

    def _row(self, content: Callable[[], Sequence[Piece]], y: float, colour: str) -> Live:
        """A line in the right column that is asked for at every frame."""
        return Live(content, PANEL.x0, y, self.theme.text_size, colour)

    def _note(self, y: float, colour: str, *pieces: Piece, x: float = PANEL.x0) -> Live:
        """A line in the right column that stays as it is."""
        return Live(lambda: pieces, x, y, self.theme.text_size, colour)

    # -- the theorem and its proof ---------------------------------------------------------------

    def _proof(self, trace: Trace) -> None:
        theme, layer = self.theme, trace.layers[0]
        claim = "If", "$det W != 0,$", "the layer", "$x |-> tanh(W x + b)$", "is a homeomorphism"
        theorem = self._line(2.6, theme.ink, *claim, "onto its range.")
        meaning = self._line(1.95, theme.muted, "It can be undone, and it is continuous in both directions.")
        self.stages = [
            Stage(trace, theme, rect=rect, panel=False, motion=StepMotion(trace, k))
            for k, rect in enumerate(COLUMNS)
        ]
        keep_still(self.stages[1])
        start, end = self.stages[0], self.stages[2]
        arrows = (
            Arrow((-2.1, -0.1, 0), (2.1, -0.1, 0), color=theme.ink, buff=0),
            self._line(0.45, theme.ink, "$x |-> tanh(W x + b)$"),
            Arrow((2.1, -1.2, 0), (-2.1, -1.2, 0), color=theme.accent, buff=0),
            self._line(-1.75, theme.accent, '$y |-> W^(-1) (op("artanh") y - b)$'),
        )
        with self.section(
            "The theorem",
            narration="A homeomorphism can be undone, and it is continuous in both directions.",
        ):
            self.play(*self.new_heading("Layers are homeomorphisms"), FadeIn(theorem), run_time=0.8)
            self.play(start.create(run_time=2), FadeIn(meaning))
            self.play(FadeIn(end.at(1.0)), *map(FadeIn, arrows), run_time=0.8)
            self.wait(3)
        self.shown: list[Mobject] = [*self.stages]
        weight, bias = Matrix(layer.weight), Matrix(layer.bias)
        inverse = Matrix(np.linalg.inv(layer.weight).astype(np.float64))
        self._step(
            0,
            "Multiply by W",
            ("$x |->$", weight, "$x$"),
            ("$y |->$", inverse, "$y$"),
            "First the matrix. Its determinant is not 0, so it has an inverse, which is continuous too.",
            *map(FadeOut, (meaning, end, *arrows)),
        )
        self._step(
            1,
            "Add b",
            ("$x |-> x +$", bias),
            ("$y |-> y -$", bias),
            "Then the vector. To undo that, subtract it again.",
        )
        square = OpenSquare(end)
        ranged = self._line(2.6, theme.ink, *claim, "from", "$RR^2$", "onto", "$(-1, 1)^2 .$")
        self._step(
            2,
            "tanh",
            ("$x |-> tanh x$",),
            ('$y |-> op("artanh") y$',),
            "Then tanh, undone by artanh. Its range is the open square: nothing on its edge comes back.",
            FadeIn(square),
            FadeOut(theorem),
            FadeIn(ranged),
        )
        with self.section(
            "One after the other",
            narration="One after the other they are the layer. To undo it, undo the last step first.",
        ):
            self.play(*(stage.push_forward(1.0, run_time=3) for stage in self.stages))
            self.wait(2.5)
        self.shown += [square, ranged]

    def _step(
        self, k: int, name: str, there: Sequence[Piece], back: Sequence[Piece], words: str, *also: Animation
    ) -> None:
        """A step forward, and back again."""
        stage, centre = self.stages[k], float(COLUMNS[k].centre[0])
        forward = self._line(1.65, self.theme.ink, *there, centre=centre)
        undone = self._line(-3.3, self.theme.accent, *back, centre=centre)
        coming = [] if k == 0 else [FadeIn(stage.at(0.0))]
        with self.section(name, narration=words):
            self.play(*coming, FadeIn(forward), *also, run_time=0.8)
            self.play(stage.push_forward(1.0, run_time=2.2))
            self.wait(0.4)
            self.play(stage.push_forward(0.0, run_time=2.2), FadeIn(undone))
            self.wait(1)
        self.shown += [forward, undone]

    # -- a singular matrix -----------------------------------------------------------------------

    def _singular(self) -> None:
        theme = self.theme
        trace, path = handmade([(SINGULAR, np.zeros(2))], "linear"), LinearPath(SINGULAR)
        stage = Stage(trace, theme, panel=False, motion=LayerMotion(trace, [path])).at(0.0)
        self.pair = pair = Pair(stage, fibre(SINGULAR, trace.dataset))

        def now() -> Sequence[Piece]:
            return "$x |->$", Matrix(path.matrix(stage.state.position), widest=SINGULAR), "$x$"

        rows = (
            self._row(now, 2.2, theme.ink),
            self._row(lambda: ("$det =$", _fixed(path.determinant(stage.state.position))), 1.3, theme.ink),
            self._row(lambda: ("from a to b:", _fixed(pair.distance())), 0.65, theme.accent),
        )
        with self.section(
            "A singular matrix",
            narration="But here is a matrix on its way to determinant 0, and two points, one of each class.",
        ):
            self._turn_to(stage, "A singular matrix")
            self.play(FadeIn(pair), *map(FadeIn, rows), run_time=0.8)
            self.wait(3)
        remark = self.remark("The plane is a line now,", "and two points are one.", "Which was which?")
        with self.section(
            "Flattened",
            narration="It flattens the plane onto a line. Two points become one, and no map can tell which.",
        ):
            self.play(stage.push_forward(1.0, run_time=4))
            self.play(FadeIn(remark), run_time=0.8)
            self.wait(3)
        self.shown = [stage, pair, *rows, remark]

    # -- a network, forward and back -------------------------------------------------------------

    def _network(self, trace: Trace) -> None:
        stage = Stage(trace, self.theme, panel=False).at(0.0)
        rows = []
        with self.section(
            "A whole network",
            narration="The same holds for layers in a row. In this trained network no determinant is 0, "
            "so all of it is one homeomorphism.",
        ):
            self._turn_to(stage, "A trained network, forward")
            for k, layer in enumerate(trace.layers):
                value = number(float(np.linalg.det(layer.weight)))
                rows.append(self._note(2.0 - k * _ROW, self.theme.ink, f"$det W_{k + 1} =$", Number(value)))
                self.play(stage.deform(layer, run_time=2.2), FadeIn(rows[-1]))
            self.wait(1.5)
        self._back(trace, stage)

    def _back(self, trace: Trace, forward: Stage) -> None:
        theme, last = self.theme, trace.n_layers
        stage = Stage(trace, theme, grid=False, panel=False, motion=InverseMotion(trace)).at(float(last))
        cloud = Cloud(stage, dots(stage.plane.space.domain, DOTS), trace)
        self.errors = round_trip(trace, cloud.dots)
        notes = [
            self._note(2.0 - k * _ROW, theme.accent, f"${scientific(error)}$", x=_SECOND)
            for k, error in enumerate(self.errors[:-1])
        ]
        head = self._note(2.0 + _ROW, theme.accent, "error", x=_SECOND)
        with self.section(
            "Dots",
            narration="Now we keep nothing but where these dots end up, and ask where they came from.",
        ):
            self.play(
                FadeIn(stage), FadeIn(cloud), *self.new_heading("The same network, backwards"), run_time=1
            )
            self.remove(forward)
            self.wait(3.5)
        with self.section(
            "Backwards",
            narration="The last layer is undone first: artanh, minus b, and the inverse of W. "
            "The error is how far the worst of the dots is from where it really was.",
        ):
            for k in reversed(range(last)):
                self.play(stage.push_forward(float(k), run_time=2.3))
                self.play(FadeIn(notes[k]), *([FadeIn(head)] if k == last - 1 else []), run_time=0.5)
        remark = VGroup(
            text(f"{len(cloud.dots)} dots are back,", theme.text_size, color=theme.ink),
            typeset(f"to within ${scientific(self.errors[0])}$.", theme.text_size, color=theme.ink),
        ).arrange(DOWN, aligned_edge=LEFT, buff=0.17)
        remark.move_to((PANEL.x0, PANEL.y0 + FOOT, 0), aligned_edge=DOWN + LEFT)
        with self.section(
            "Back at the input",
            narration="All dots are where they started, up to the rounding of numbers with 16 digits.",
        ):
            self.play(FadeIn(remark), run_time=0.8)
            self.wait(4)


def _fixed(value: float) -> Number:
    return Number(number(value), widest="-0.00")
