"""Two curves that look tangled and are not: a network of width three pulls them apart.

Essay, "Links And Homotopy", picture ``unlink-2spiral``: what layers of three units can classify is an unlink.
"""

from __future__ import annotations

from functools import cached_property
from math import floor
from typing import Any

import numpy as np
from manim import DEGREES, DOWN, LEFT, UP, Animation, FadeIn, FadeOut, Group, Mobject

from scenes.essay.parts.common import EssayScene
from scenes.essay.parts.crossing_signs import CrossingSigns
from scenes.essay.parts.moving_link import Membrane, MovingLink
from scenes.essay.parts.pages import measured
from scenes.kit import Axis, Camera3D, Lines, Live, Number, Rect, layer_formula, math, text
from scenes.kit.formulas import Piece
from scenes.kit.gl.play import SpaceAnimation
from scenes.kit.live import Content
from scenes.kit.live_plot import LivePlot
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.text import fitted, scientific
from topo_core.datasets import Unlink
from topo_core.spec import FLOW
from topo_core.summary import isotopies, proven_margin

_SPACE = Rect(-6.81, -3.75, 2.15, 2.95)
_PLOT = Rect(PANEL.x0, -1.7, PANEL.x1, 0.8)
#: Share of the layers after which the curves are unwound, and begin to slide apart.
_UNWOUND = 0.68
#: Opacity of the lattice and of the plane; from its middle to the middle of a side, in data units.
_LATTICE, _SHEET, _REACH = 0.6, 0.3, 3.3
#: Where it is seen from: as in the essay's picture, when the curves are unwound, and at the end.
_FIRST = Camera3D(phi=62 * DEGREES, theta=-135 * DEGREES, zoom=1.2)
_ROOMY = 0.86  # with the lattice
_SECOND: dict[str, float] = {"phi": 66 * DEGREES, "theta": -78 * DEGREES, "zoom": 0.78}
_THIRD: dict[str, Any] = {**_SECOND, "theta": -48 * DEGREES, "zoom": 0.64, "centre": (0.5, 0.0, 0.3)}


class SimpleUnlink(EssayScene):
    """A relatively simple unlink: a network of width three pulls two curves apart."""

    experiment = "unlink"

    def construct(self) -> None:
        """The curves, their linking number, the motion, the plane between them, and the way back."""
        spec = self.trace.spec
        fits = set(spec.activations) == {FLOW} and set(spec.widths) == {3}
        self.expect(Unlink, "flow layers of three units", fits)
        self.space = self.space3d(rect=_SPACE, camera=_FIRST)
        self.link = MovingLink(self.trace, self.theme)
        self.shown: list[Mobject] = []
        self.leaving: list[Lines] = []
        self.membrane: Membrane | None = None
        self._curves()
        self._linking_number()
        self._space_moves()
        middle = round(_UNWOUND * self.trace.n_layers)
        self._unwound(middle)
        self._apart(middle)
        self._plane()
        self._back()

    # -- what was measured -----------------------------------------------------------------------

    @cached_property
    def proven(self) -> bool:
        """Whether every layer is a homeomorphism at every instant."""
        return all(isotopy.isotopic for isotopy in isotopies(self.trace))

    @property
    def separated(self) -> bool:
        """Whether a plane lies between the curves in the end."""
        return bool(measured(self.trace, "separated"))

    # -- what is shown ---------------------------------------------------------------------------

    def _next(self, *coming: Mobject) -> list[Animation]:
        """Animations that let the words before go, and others come."""
        gone, self.shown = self.shown, list(coming)
        return [*map(FadeOut, gone), *map(FadeIn, coming)]

    def _column(self, *rows: Mobject, top: float = 2.4, gap: float = 0.3) -> Mobject:
        """Words and formulas of the right column, from a height down."""
        group = Group(*(fitted(row, PANEL.x1 - PANEL.x0) for row in rows))
        group.arrange(DOWN, aligned_edge=LEFT, buff=gap)
        return group.move_to((PANEL.x0, top, 0.0), aligned_edge=UP + LEFT)

    def _words(self, content: str) -> Mobject:
        return text(content, self.theme.text_size, color=self.theme.ink)

    def _line(self, middle: float, content: Content) -> Live:
        """A line of the right column that says at every frame what is so."""
        return Live(content, PANEL.x0, middle, self.theme.text_size, self.theme.ink)

    def _travel(self, begin: float, end: float, run_time: float) -> SpaceAnimation:
        """The motion through the network, from one position to another."""
        return self.space.run(lambda share: self.link.show(begin + (end - begin) * share), run_time=run_time)

    # -- sections --------------------------------------------------------------------------------

    def _curves(self) -> None:
        space, (first, second) = self.space, self.link.tubes
        space.add(first, second)
        first.opacity = second.opacity = 0.0
        legend = self.legend(self.trace).move_to((PANEL.x0, 2.4, 0.0), aligned_edge=UP + LEFT)
        turns = getattr(self.trace.dataset, "turns", 0.0)
        with self.section(
            "Two curves",
            narration=f"A is a circle. B winds around it {turns:g} times, and back again. Are they linked?",
        ):
            self.add(self.heading("A relatively simple unlink"), space)
            self.play(space.dissolve(first, to=1.0), FadeIn(legend[0]), run_time=1)
            self.play(space.dissolve(second, to=1.0), FadeIn(legend[1]), run_time=1)
            self.play(space.turn_by(theta=40 * DEGREES), run_time=2.8)
            self.play(space.turn_by(theta=-40 * DEGREES), run_time=2.8)
            self.wait(0.5)
        self.shown = [legend]

    def _linking_number(self) -> None:
        space, link, theme = self.space, self.link, self.theme
        some = tuple(curve[::4] for curve in link.curves)  # as many corners as a picture needs
        signs = self.signs = CrossingSigns(space, lambda: (some[0], some[1]), clear=True)
        how = self._column(self._words("Half the sum of"), self._words("the signs of crossings:"))

        def tally() -> list[Piece]:
            return [Number(f"{sign:+d}".replace("-", "−")) for sign in signs.now().signs.tolist()]

        def total() -> list[Piece]:
            return ["linking number", Number(f"{signs.half_sum():g}".replace("-", "−"))]

        row = Live(tally, PANEL.x0, 0.75, theme.text_size, theme.accent, room=PANEL.x1 - PANEL.x0)
        number = self._line(0.0, total)
        doubt = self.remark("That does not prove", "that they come apart.")
        with self.section(
            "The linking number",
            narration="Every crossing has a sign. Half their sum, from wherever one looks, is the linking "
            f"number: {link.linking}. No motion can change it. But it does not prove that they come apart.",
        ):
            self.play(*self._next(how, row), StateAnimation(signs, {"shown": 1.0}), run_time=1)
            self.wait(1.5)
            self.play(FadeIn(number), run_time=0.6)
            self.play(space.turn_by(theta=-35 * DEGREES), run_time=3)
            self.play(space.turn_by(theta=35 * DEGREES), run_time=3)
            self.play(FadeIn(doubt), run_time=0.6)
            self.wait(1.8)
        self.shown += [number, doubt]

    def _space_moves(self) -> None:
        theme, layer, n = self.theme, self.trace.layers[0], self.trace.n_layers
        about = self._column(
            self._words(f"{n} layers of three units, each"),
            layer_formula(layer, theme.text_size, values=True),
            self._words("On the way there,"),
            math("x + t F(x), quad 0 <= t <= 1", theme.text_size),
            gap=0.38,
        )
        proof = (
            self.remark("Proven of every layer:", "one-to-one at every t.")
            if self.proven
            else self.remark("Not every layer is proven", "to be one-to-one.")
        )
        self.space.add(self.link.lattice)
        with self.section(
            "A motion of space",
            narration=f"This network has {n} layers of three units. Each moves all of space a little, along "
            "a vector field: a sum of Gaussians, pushing. "
            + ("No two points ever meet: that is proven." if self.proven else "Points may meet."),
        ):
            self.play(
                *self._next(about),
                StateAnimation(self.signs, {"shown": 0.0}),
                self.space.dissolve(self.link.lattice, to=_LATTICE),
                run_time=1.2,
            )
            self.remove(self.signs)
            self.play(self.space.turn(zoom=_ROOMY), run_time=2)
            self.play(FadeIn(proof), run_time=0.6)
            self.wait(5)
        self.shown = [about, proof]

    def _unwound(self, middle: int) -> None:
        theme, link, n = self.theme, self.link, self.trace.n_layers
        samples = np.arange(n + 1.0)
        high = float(np.ceil(max(map(link.distance, samples.tolist()))))
        layers = self._line(2.1, lambda: ["layer", Number(f"{link.layers_done} / {n}")])
        linking = self._line(1.35, lambda: ["linking number", Number(f"{link.linking}")])
        plot = self.plot = LivePlot(
            _PLOT,
            theme,
            "smallest distance",
            samples,
            link.distance,
            Axis(0.0, float(n)),
            Axis(0.0, high),
            now=lambda: link.position,
            x_name="layer",
        )
        note = self.remark("The curves move; only", "their thickness is drawn.", colour=theme.muted)
        with self.section(
            "Unwound",
            narration="B unwinds, and all of space moves with it. "
            + "It is bent, never torn, so the two curves never meet. " * self.proven
            + "The plot shows how near they come.",
        ):
            self.play(*self._next(layers, linking, plot, note), run_time=0.8)
            self.play(self._travel(0.0, middle, 12.0), self.space.turn(**_SECOND), run_time=12)
            self.wait(1)
        self.note: Mobject = note

    def _apart(self, middle: int) -> None:
        with self.section(
            "Apart",
            narration="Now they slide apart." if self.separated else "The last layers move them on.",
        ):
            self.play(self._travel(middle, self.trace.n_layers, 6.0), self.space.turn(**_THIRD), run_time=6)
            self.wait(1.2)

    def _plane(self) -> None:
        if not self.separated:
            words = self.remark("No plane lies between", "the two curves.")
            with self.section("Not apart", narration="The network ends, and no plane lies between them."):
                self.play(FadeOut(self.note), FadeIn(words), run_time=0.8)
                self.wait(3)
            self.note = words
            return
        theme, (first, second), space = self.theme, self.link.curves, self.space
        membrane = self.membrane = Membrane(
            self.trace, theme.accent, np.concatenate([first, second]).mean(axis=0), _REACH
        )
        margin, least = measured(self.trace, "margin"), proven_margin(self.trace)
        near = f"{margin:.2f} from the nearest points."
        said = f"Now a plane lies between them, {margin:.2f} away from both."
        if least is not None:
            near = f"at least {floor(100 * least) / 100:.2f} away: proven."
            said = (
                "Now a plane lies between them, with all of A on one side and all of B on the other: proven."
            )
        ways = [membrane.way(curve) for curve in (first, second)]
        gaps = Lines(ways, theme.accent, 6.0, 0.0)
        words = self.remark("A plane lies between them,", near)
        space.add(membrane.surface, membrane.lines, gaps)
        with self.section(
            "A plane between them",
            narration=said + " They were never linked: they only looked so." * self.proven,
        ):
            self.play(FadeOut(self.note), space.dissolve(membrane.surface, to=_SHEET), run_time=1.2)
            self.play(space.dissolve(membrane.lines, to=0.6), FadeIn(words), run_time=0.8)
            self.play(space.dissolve(gaps, to=1.0), run_time=0.8)
            self.wait(4.8)
        self.note = words
        self.leaving = [gaps]

    def _back(self) -> None:
        space, link, theme, n = self.space, self.link, self.theme, float(self.trace.n_layers)
        error = scientific(measured(self.trace, "inverse_error"))
        words = self._words("Undone to within"), math(error, theme.text_size)
        undone = self._column(*words, top=-2.0, gap=0.2)
        sheet = self.membrane if self.proven else None
        leaving = self.leaving if sheet or not self.membrane else [*self.leaving, *self.membrane.shapes]

        def back(share: float) -> None:
            link.show((1 - share) * n)
            if sheet is not None:
                sheet.show(link.position)

        told = "Every layer can be undone, so the motion can be played backwards: every point returns."
        if not self.proven:
            told = "Played backwards, the curves return to where they were."
        with self.section(
            "And back",
            narration=told + " The plane becomes a surface that still keeps A from B." * bool(sheet),
        ):
            self.play(
                FadeOut(self.note),
                FadeIn(undone),
                space.dissolve(*leaving),
                space.dissolve(link.lattice, to=0.25),
                run_time=0.8,
            )
            self.play(
                space.run(back),
                space.turn(phi=_FIRST.phi, theta=_FIRST.theta, zoom=_ROOMY, centre=_FIRST.centre),
                run_time=10,
            )
            self.wait(0.5)
        if not self.proven:
            return
        last = self.remark("A motion of all space like this", "is an ambient isotopy.")
        badge = self.badge()
        with self.section(
            "An ambient isotopy",
            narration="Such a motion of all space is called an ambient isotopy. This network is one.",
        ):
            self.play(*map(FadeOut, (undone, self.plot)), *map(FadeIn, (last, badge)), run_time=0.8)
            self.play(space.turn_by(theta=40 * DEGREES), run_time=5)
            self.wait(1)
