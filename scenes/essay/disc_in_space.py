"""A disc in an annulus with three hidden units: in space there is a way around.

Essay, "Topology and Classification", figure ``topology_3d``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DEGREES, FadeIn, FadeOut
from numpy.typing import NDArray

from scenes.essay.parts.common import percent
from scenes.essay.parts.divide import Divide
from scenes.essay.parts.sheet import Sheet
from scenes.essay.parts.sheet_scene import POLAR
from scenes.essay.parts.way_out import WayOutScene
from scenes.kit import Camera3D, Lines, Matrix, Number, Rect, lattice
from scenes.kit.formulas import Piece
from scenes.kit.panel import Diagram
from scenes.kit.stage import PANEL
from scenes.kit.text import activation_formula
from topo_core.datasets import DiscInAnnulus as Data

FloatArray = NDArray[np.float64]

_RECT = Rect(-6.85, -3.35, 2.1, 2.85)
_ABOVE = Camera3D(phi=0.0, theta=-90 * DEGREES, zoom=2.3)
#: The two pictures of the last page.
_INPUT, _OUTPUT = Rect(-6.8, -2.1, -0.3, 2.8), Rect(0.3, -2.1, 6.8, 2.8)


class DiscInSpace(WayOutScene):
    """A disc in an annulus with three units: a way around."""

    experiment = "annulus-3"

    def construct(self) -> None:
        """The plane, a way around, the layer in space, the plane that divides, and its curve."""
        trace = self.trace
        fits = trace.spec.widths == (2, 3) and trace.spec.activations == ("tanh",)
        fits = fits and trace.layers[0].path.isotopic and bool(np.ptp(trace.readout_weight[-1], axis=0).any())
        self.expect(Data, "a tanh layer of three units that keeps the plane a plane,", fits)
        self.space = self.space3d(rect=_RECT, camera=_ABOVE)
        self.sheet = Sheet(self.space, trace)
        self.surrounded()
        self.way_around()
        self._into_space()
        self._matrix()
        self._bend()
        self._divide()
        self._along()
        self._pull_back()
        self._at_the_input()
        self._both()

    def _into_space(self) -> None:
        space, layer = self.space, self.trace.layers[0]
        target = layer.path.linear.target
        self.diagram = Diagram(self.trace, Rect(PANEL.x0 + 0.6, 1.75, PANEL.x1 - 0.6, 2.55), self.theme)
        into = self.line(lambda: ["$x |-> (x, 0)$"], 0.5)
        small = self.line(lambda: ["$W =$", Matrix(layer.weight, widest=target[:, :2])], -0.75)
        whole = self.line(lambda: ["$W =$", Matrix(target)], -0.75)
        remark = self.remark("A third column, at right", "angles to the others.")
        with self.section(
            "Into space",
            narration="Three units take the plane into space. Their matrix has two columns. A third one "
            "makes it a matrix that moves all of space.",
        ):
            fade = space.run(self.way.fade, run_time=0.7)
            self.play(*self.let_go(), *self.new_heading("Three units: the plane enters space"), fade)
            self.play(*self.bring(self.diagram, into), run_time=0.6)
            self.play(*self.bring(small), run_time=0.6)
            self.play(space.turn_by(theta=16 * DEGREES), run_time=2.6)
            self.play(*self.let_go(self.diagram, into), *self.bring(whole, remark), run_time=0.6)
            self.wait(2.2)

    def _matrix(self) -> None:
        sheet = self.sheet
        path, steps = sheet.layer.path.linear, len(sheet.layer.path.steps)

        def done() -> float:
            return min(sheet.t * steps, 1.0)

        def determinant() -> Sequence[Piece]:
            widest = f"{max(path.determinant(1.0), 1.0):.2f}"
            return ["$det p(t) =$", Number(f"{path.determinant(done()):.2f}", widest=widest)]

        moving = self.line(lambda: ["$p(t) =$", Matrix(path.matrix(done()), widest=path.target)], 0.15)
        det = self.line(determinant, -1.1, accent=True)
        remark = self.remark("Never 0:", "space is never flattened.")
        with self.section(
            "The matrix",
            narration="On the path from the identity to this matrix, the determinant stays above zero. "
            "The plane turns and stretches.",
        ):
            names = self.space.dissolve(*self.axes.labels, run_time=0.7)
            self.play(*self.let_go(self.diagram), *self.bring(moving, det), names, run_time=0.7)
            self.seen_from = self.space.camera.theta, self.facing(55 * DEGREES)
            self.play(self.carry([1 / steps], 5.5, phi=POLAR, theta=self.seen_from[1]))
            self.play(*self.bring(remark), run_time=0.6)
            self.wait(1.2)

    def _bend(self) -> None:
        sheet, layer, space = self.sheet, self.trace.layers[0], self.space
        count = len(sheet.layer.path.steps)

        def shift() -> Sequence[Piece]:
            share = float(np.clip(sheet.t * count - 1, 0, 1))
            return ["$x |-> x +$", Matrix(share * layer.bias, widest=layer.bias)]

        moving = self.line(shift, 0.15)
        symbol = activation_formula(layer.activation, "x")
        bending = self.line(lambda: [f"$x |-> (1 - t) x + t {symbol}$"], -1.2)
        box = lattice(np.array([[-1.0, 1.0]] * 3), (2, 2, 2), 1)
        self.cube = space.add(Lines(box, self.theme.muted, 2.0, 0.0))
        remark = self.remark("All of it ends", "inside this cube.")
        with self.section(
            "The bend",
            narration="The vector slides it. Then tanh squeezes every coordinate, and the plane becomes a "
            "bent sheet. Nothing is torn.",
        ):
            heading = self.new_heading("Shifted, then bent by tanh")
            self.play(*self.let_go(self.diagram), *heading, *self.bring(moving), run_time=0.7)
            self.play(self.carry([2 / count], 2.5, theta=space.camera.theta + 10 * DEGREES))
            cube = space.dissolve(self.cube, to=1.0, run_time=0.7)
            self.play(*self.bring(bending), cube, space.dissolve(self.axes.lines, run_time=0.7))
            self.play(self.carry([1.0], 6, theta=self.beside(130 * DEGREES)))
            self.play(*self.bring(remark), run_time=0.6)
            self.wait(1.2)

    def _divide(self) -> None:
        space = self.space
        divide = self.divided = Divide(self.sheet)
        measured, apart = divide.measured, divide.measured.separated
        now = self.line(
            lambda: ["right:", Number(percent(divide.right()), widest="99.9 %")], 0.4, accent=True
        )
        guess = f"one answer for all: {percent(self.trace.dataset.majority_rate)}"
        others = [self.words(guess, -0.35), self.words(self.tried(self.trace), -1.1)]
        remark = self.remark(
            *(
                (f"All {measured.points} points", "are on their side.")
                if apart
                else (f"{measured.wrong} of {measured.points} points", "are on the wrong side.")
            )
        )
        start = divide.outset
        divide.at(start)
        said = "it has all of A on one side and all of B on the other."
        with self.section(
            "A plane separates" if apart else "Not separated",
            narration="The readout needs a plane. Moved to where the network has put it, "
            + (said if apart else "it leaves some points on the wrong side."),
        ):
            heading = self.new_heading(
                "A plane separates them" if apart else "The plane does not separate them"
            )
            self.play(*self.let_go(self.diagram), *heading, space.dissolve(self.cube, to=0.4), run_time=0.7)
            shown = space.dissolve(divide.surface, to=0.3), space.dissolve(divide.frame, to=1.0)
            self.play(*self.bring(now, others[0]), *shown, run_time=0.8)
            self.play(
                space.run(lambda s: divide.at((1 - s) * start), run_time=4.5),
                self.turn_to(4.5, close=True, theta=self.beside(98 * DEGREES)),
                space.dissolve(self.cube, run_time=4.5),
                self.light(2.0, run_time=4.5),
            )
            cut = space.dissolve(divide.curve, to=1.0, run_time=0.6)
            self.play(cut, *self.bring(remark, others[1]), run_time=0.6)
            self.wait(1.6)

    def _along(self) -> None:
        space, divide = self.space, self.divided
        phi, theta = self.edge_on[0], self.beside(0.0)
        lines = []
        for k, (name, near, side) in enumerate(
            zip(self.trace.dataset.class_names, divide.nearest, (1, -1), strict=True)
        ):
            said = f"{name} stays {abs(near):.2f} away" if side * near > 0 else f"{name} reaches across"
            lines.append(self.words(said, 0.4 - 0.75 * k, self.theme.class_colour(k)))
        if divide.measured.separated:
            lines.append(self.words(f"margin: {divide.measured.margin:.2f}", -1.1))
        gap = divide.nearest[0] > divide.nearest[1]
        remark = self.remark("Seen along the plane:", "a gap." if gap else "no gap.")
        with self.section(
            "Along the plane",
            narration="We look along the plane, and it is a line. "
            + ("Between A and B there is a gap." if gap else "Between A and B there is no gap."),
        ):
            turn = self.turn_to(4, close=True, phi=phi, theta=theta, focal_distance=np.inf)
            self.play(*self.let_go(self.diagram), turn)
            self.play(
                *(space.dissolve(near, to=1.0) for near in divide.gap), *self.bring(*lines), run_time=0.8
            )
            self.play(*self.bring(remark), run_time=0.6)
            self.wait(2)

    def _pull_back(self) -> None:
        space, divide = self.space, self.divided
        count = len(self.sheet.layer.path.steps)
        remark = self.remark("Pulled back, the plane", "is a curved wall.")
        with self.section(
            "Pulled back",
            narration="Now all of it backwards. The sheet becomes flat again, and the plane that divides it "
            "becomes a curved wall.",
        ):
            heading = self.new_heading("The same plane, pulled back")
            going = (divide.surface, divide.frame, *divide.gap)
            theta = self.beside(98 * DEGREES)
            turn = self.turn_to(2, phi=POLAR, theta=theta, focal_distance=20.0)
            walls = [space.dissolve(wall, to=0.4, run_time=2) for wall in divide.walls]
            self.play(
                *self.let_go(self.diagram),
                *heading,
                turn,
                space.dissolve(*going, run_time=2),
                *walls,
                self.light(1.0, run_time=2),
            )
            first, turned = map(self.nearest_turn, self.seen_from)
            self.play(self.carry([k / count for k in range(count - 1, 0, -1)], 5, theta=turned))
            self.play(self.carry([0.0], 4, theta=first))
            self.play(*self.bring(remark), run_time=0.6)
            self.wait(1.2)

    def _at_the_input(self) -> None:
        space, divide = self.space, self.divided
        remark = "On this curve, the network", "is undecided."
        said = "Where the wall cuts the plane, the network is undecided: a closed curve around A."
        if not divide.curves:
            remark = "Here the network is", "undecided nowhere."
            said = "The wall misses this part of the plane: the network has one answer for all of it."
        elif not divide.surrounds:
            said = "Where the wall cuts the plane, the network is undecided. That does not part A from B."
        undecided = self.remark(*remark)
        with self.section("At the input", narration=said):
            theta = self.nearest_turn(_ABOVE.theta)
            turn = space.turn(phi=0.0, theta=theta, zoom=_ABOVE.zoom, run_time=2.6)
            walls = [space.dissolve(wall, run_time=2.6) for wall in divide.walls]
            self.play(*self.let_go(), turn, space.run(self.sheet.paint_regions, run_time=2.6), *walls)
            self.play(*self.bring(undecided), run_time=0.6)
            self.wait(2.2)

    def _both(self) -> None:
        phi, theta = self.edge_on
        apart = self.divided.measured.separated
        pictures = [
            self.picture(_INPUT, 0.0, _ABOVE),
            self.picture(_OUTPUT, 1.0, Camera3D(phi=phi, theta=theta, focal_distance=np.inf)),
        ]
        words = "at the input: a curve", "after the layer: a plane"
        captions = [
            self.words(w, 0.0).move_to((s.rect.centre[0], s.rect.y0 - 0.4, 0))
            for w, s in zip(words, pictures, strict=True)
        ]
        with self.section(
            "Both at once",
            narration="The same border, before and after the layer. In the plane A stays surrounded; "
            + ("a third unit gives room to go around." if apart else "this time the third unit did not do."),
        ):
            heading = self.new_heading(
                "Two units cannot, three can" if apart else "Three units, and still not apart"
            )
            self.play(*self.let_go(), FadeOut(self.space), *heading, run_time=0.8)
            self.play(*map(FadeIn, (*pictures, *captions)), run_time=0.8)
            self.wait(5)
