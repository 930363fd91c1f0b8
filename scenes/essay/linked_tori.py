"""Two linked tori: what linked means, and why three units never take them apart.

Essay, "Links And Homotopy": the picture "link", and "this dataset can't be separated without using n+1
dimensions".
"""

from __future__ import annotations

import numpy as np
from manim import DEGREES, FadeIn, FadeOut, linear

from scenes.essay.parts.common import percent
from scenes.essay.parts.crossing_signs import CrossingSigns
from scenes.essay.parts.pages import PagedScene, measured
from scenes.essay.parts.tori_stage import ToriStage
from scenes.essay.parts.wrong_ring import wrong_ring
from scenes.kit import Axis, Camera3D, Live, Number, Rect
from scenes.kit.formulas import Piece
from scenes.kit.live_plot import LivePlot
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.text import scientific
from topo_core.datasets import LinkedTori as Data

#: Where space is in the frame, and from where it is seen at first.
_SPACE = Rect(-6.81, -3.7, 2.2, 2.95)
_AT_FIRST = Camera3D(phi=65 * DEGREES, theta=-75 * DEGREES, zoom=1.75, centre=(0.0, 0.0, -0.1))
#: From where the cube of the representation is seen.
_CUBE = Camera3D(phi=68 * DEGREES, theta=-70 * DEGREES, zoom=1.62, centre=(0.0, 0.0, -0.15))
_THIN = 0.16  # opacity of a torus in which, or behind which, something is to be seen
_PLOT = Rect(PANEL.x0, -0.75, PANEL.x1, 2.6)
_SAMPLES = 36  # instants in each layer at which the linking number is counted beforehand


class LinkedTori(PagedScene):
    """Two linked tori: what linked means, and why three units fail."""

    experiment = "tori-3"

    def construct(self) -> None:
        """The tori, their linking number, the training, the layers, and what accuracy does not tell."""
        widths = self.trace.spec.widths
        self.expect(Data, "layers of three units", len(widths) > 1 and set(widths) == {3})
        self.space = self.space3d(rect=_SPACE, camera=_AT_FIRST)
        self.shown = ToriStage(self.space, self.trace)
        self._tori()
        self._linking_number()
        self._training()
        self._carried()
        self._wrong()
        self._cut_open()

    # -- parts -----------------------------------------------------------------------------------

    def _tori(self) -> None:
        space, theme, data = self.space, self.theme, self.trace.dataset
        assert isinstance(data, Data)
        self.names = [
            space.label(
                name,
                core(np.array([at]))[0],
                colour=theme.class_colour(k),
                size=theme.title_size,
                offset=(side, 0.0),
                hides=False,
            )
            for k, (name, core, at, side) in enumerate(
                zip("AB", data.cores, (0.5, 0.0), (-1.1, 1.1), strict=True)
            )
        ]
        for name in self.names:
            name.opacity = 0.0
        remark = self.remark("Two classes, two tori.", "Each goes through", "the hole of the other.")
        with self.section(
            "Two linked tori",
            narration="Two classes, each on the surface of a torus. Each torus goes through the hole of the "
            "other.",
        ):
            self.turn("Two linked tori")
            self.play(FadeIn(space), run_time=0.8)
            self.play(space.dissolve(*self.names, to=1.0), FadeIn(remark), run_time=0.7)
            self.play(space.turn_by(theta=30 * DEGREES, run_time=2.5))
            self.play(space.turn_by(theta=-30 * DEGREES, run_time=2.5))
            self.wait(1)
        self.page = (remark,)

    def _linking_number(self) -> None:
        space, shown = self.space, self.shown
        signs = CrossingSigns(space, lambda: (shown.cores[0].curve, shown.cores[1].curve))
        drawn = (*shown.cores, *shown.arrows)
        for tube in drawn:
            tube.opacity = 0.0
        space.add(*drawn)

        def found() -> list[Piece]:
            return [Number(f"{sign:+d}".replace("-", "−"), widest="+1") for sign in signs.now().signs]

        theme = self.theme
        rows = [
            self.live(lambda: ["crossings:"], -0.4),
            self._row(found, 0.4),
            self._row(lambda: ["half their sum:", Number(_signed(signs.half_sum()), widest="+1")], 1.4),
        ]
        rows[0].colour = theme.ink
        remark = self.remark(
            "The linking number:", "the same from everywhere,", "and in every motion", "without contact."
        )
        with self.section(
            "Linking number",
            narration="Give both curves a direction. Every crossing in the picture has a sign, and half of "
            "their sum is the linking number. Seen from elsewhere there may be more crossings, but the "
            "number stays.",
        ):
            self.turn("What linked means")
            self.play(
                space.dissolve(*drawn, to=1.0),
                space.dissolve(*shown.surfaces, to=_THIN),
                space.dissolve(*self.names),
                run_time=1.2,
            )
            self.add(signs)
            self.play(StateAnimation(signs, {"shown": 1.0}), *map(FadeIn, rows), run_time=0.8)
            self.wait(1.2)
            self.play(space.turn_by(theta=51 * DEGREES, run_time=5))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.4)
        self.page = (signs, *rows, remark)
        self.leaving = drawn

    def _training(self) -> None:
        trace, space, shown = self.trace, self.space, self.shown
        plot = shown.accuracy_plot(_PLOT)
        solved = bool(measured(trace, "separated"))
        lines = [*self.verdict(trace), self.tried(trace)]
        remark = self.remark(*lines)
        share = percent(measured(trace, "accuracy")).replace(" %", " per cent")
        words = "A network with layers of three units learns, and this is what it makes of the tori. " + (
            "It separates them."
            if solved
            else f"It gets {share} right; guessing gets half. It never gets all of it."
        )
        with self.section("Three units learn", narration=words):
            self.turn("Layers of three units, while they learn")
            self.play(space.dissolve(*shown.surfaces, *self.leaving), run_time=0.5)
            space.remove(*self.leaving)
            shown.learn(0.0)
            space.camera = _CUBE
            self.play(
                space.dissolve(*shown.surfaces, shown.cube, shown.rim, to=1.0),
                space.dissolve(shown.plane, to=0.22),
                FadeIn(plot),
                run_time=0.8,
            )
            end = float(trace.n_snapshots - 1)
            self.play(
                space.run(lambda s: shown.learn(s * end), run_time=11, ease=linear),
                space.turn_by(theta=45 * DEGREES, run_time=11),
            )
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2)
        self.page = (plot, remark)

    def _carried(self) -> None:
        trace, space, shown = self.trace, self.space, self.shown
        tori = shown.tori
        numbers = [tori.linking(p) for p in tori.instants(_SAMPLES).tolist()]
        kept = len(set(numbers)) == 1
        plot = LivePlot(
            _PLOT,
            self.theme,
            "linking number",
            tori.instants(_SAMPLES),
            tori.linking,
            Axis(0.0, tori.length + 0.12, ticks=tuple(map(float, range(trace.n_layers + 1)))),
            Axis(-1.4, 1.4, ticks=(-1.0, 0.0, 1.0)),
            now=lambda: shown.position,
            form="{:+d}",
            x_name="",
        )
        badge = self.badge()
        under_way = Live(lambda: [shown.under_way()], PANEL.x0, -1.35, self.theme.text_size, self.theme.ink)
        remark = self.remark(
            "Squeezed and bent,", "but linked at every instant." if kept else "and not always linked."
        )
        words = (
            "Each layer moves all of space and tears nothing, so the tori never meet. Their linking number, "
            "counted from the moving curves at every instant, stays as it was. However they are squeezed "
            "and bent, they are still linked."
            if kept
            else "The linking number, counted from the moving curves at every instant, does not stay: some "
            "layer is not a homeomorphism."
        )
        with self.section("Carried through the layers", narration=words):
            self.turn("Through the layers: still linked" if kept else "Through the layers")
            self.play(space.dissolve(*shown.surfaces, shown.plane, shown.rim, shown.cube), run_time=0.5)
            shown.place(0.0)
            space.camera = _AT_FIRST
            self.play(space.dissolve(*shown.surfaces, to=1.0), FadeIn(plot), FadeIn(under_way), run_time=0.7)
            self.play(space.follow(*shown.surfaces, margin=0.12, run_time=0.8))
            each = max(4.6, 10 / trace.n_layers)
            for k in range(trace.n_layers):
                self.play(
                    space.run(lambda s, k=k: shown.place(k + s), run_time=each),  # type: ignore[misc]
                    space.turn_by(theta=75 * DEGREES / trace.n_layers, run_time=each),
                )
                self.wait(0.5)
            self.play(FadeOut(under_way), FadeIn(remark), FadeIn(badge), run_time=0.6)
            self.wait(1.2)
        self.page = (plot, remark, badge)

    def _wrong(self) -> None:
        trace, space, shown = self.trace, self.space, self.shown
        wrong, points = measured(trace, "wrong"), measured(trace, "dense_points")
        nearest = scientific(measured(trace, "path_distances")[-1])
        rows = [
            self.live(lambda: ["linking number:", _linking(shown)], -0.4),
            self.live(lambda: ["from A to B:", f"${nearest}$"], 0.4),
        ]
        remark = self.remark(f"{wrong} of {points} points", "are on the wrong side.")
        with self.section(
            "Where it is wrong",
            narration="One torus is squeezed along the other and stretched over it. The plane cannot pass "
            "between them. What is on its wrong side is marked."
            if wrong
            else "The plane leaves nothing on its wrong side.",
        ):
            self.turn("What the plane gets wrong")
            self.play(
                space.dissolve(shown.rim, shown.cube, to=1.0),
                space.dissolve(shown.plane, to=0.22),
                *map(FadeIn, rows),
                run_time=0.8,
            )
            self.play(space.run(shown.mark_wrong, run_time=1), FadeIn(remark))
            self.play(space.turn_by(theta=70 * DEGREES, run_time=4.5))
            self.wait(1)
        self.page = (remark, *rows)

    def _cut_open(self) -> None:
        trace, space, shown = self.trace, self.space, self.shown
        ring = wrong_ring(trace)
        accuracy = percent(measured(trace, "accuracy"))
        name = trace.dataset.class_names[ring.label] if ring else ""
        remark = self.remark(
            *((f"On {name} it closes", "around the tube.") if ring else (f"{accuracy} right.",))
        )
        linking = self.live(lambda: ["linking number:", _linking(shown)], -0.4)
        badge = self.badge(about="impossible")
        last = (remark, badge) if badge.holds else (remark,)
        length = shown.tori.length
        with self.section(
            "Not unlinked",
            narration=f"Back at the input it is little, but on {name} it goes all the way around the tube. "
            "It has to: what cannot be unlinked can only be cut. High accuracy is not unlinking."
            if ring
            else "Back at the input, this is what was wrong.",
        ):
            self.turn(f"{accuracy} is not unlinking" if ring else "Back at the input")
            self.add(linking)
            self.play(
                space.run(lambda s: shown.place(length * (1 - s)), run_time=4.5),
                space.dissolve(shown.rim, shown.plane, shown.cube, run_time=1.2),
            )
            if ring:
                self.play(
                    space.follow(run_time=1.5),
                    space.turn(centre=(0.0, 0.0, -0.1), zoom=2.2, phi=62 * DEGREES, run_time=1.5),
                    space.dissolve(shown.surfaces[1 - ring.label], to=0.6 * _THIN, run_time=1.5),
                )
                self.play(
                    space.turn_by(theta=360 * DEGREES, run_time=8), *(FadeIn(m, run_time=0.8) for m in last)
                )
                self.wait(1.8)
            else:
                self.play(space.follow(run_time=1), *map(FadeIn, last))
                self.wait(2)

    # -- the right column ------------------------------------------------------------------------

    def _row(self, content: object, row: float) -> Live:
        return self.live(content, row, room=PANEL.x1 - PANEL.x0)  # type: ignore[arg-type]


def _linking(shown: ToriStage) -> Number:
    """The linking number of the core curves where they are now."""
    number = shown.tori.linking(shown.position)
    return Number("..." if number is None else _signed(number), widest="+1")


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−")
