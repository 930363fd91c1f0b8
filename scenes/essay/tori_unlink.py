"""Four units take two linked tori apart: a motion in four dimensions, seen in three and a colour.

Essay, "Links And Homotopy": "this dataset can't be separated without using n+1 dimensions, namely a 4th
dimension".
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from manim import DEGREES, FadeIn, FadeOut

from scenes.essay.parts.common import percent
from scenes.essay.parts.pages import PagedScene, measured
from scenes.essay.parts.pair_mark import PairMark, crossing_instant
from scenes.essay.parts.shadow import Shadow, undecided
from scenes.kit import Axis, Camera3D, Lines, Number, Plane, Rect, tint
from scenes.kit.colour_scale import ColourScale, even_marks
from scenes.kit.live_plot import LivePlot
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from topo_core.datasets import LinkedTori as Data

#: Where space is in the frame, and from where it is seen.
_SPACE = Rect(-6.81, -3.3, 2.1, 2.95)
_AT_FIRST = Camera3D(phi=65 * DEGREES, theta=-75 * DEGREES, zoom=1.75)
#: The first coordinate across the picture.
_EDGE_ON = {"phi": 78 * DEGREES, "theta": -90 * DEGREES}
_SCALE = Rect(PANEL.x0, 1.2, PANEL.x1, 2.75)
_PLOT = Rect(PANEL.x0, -1.5, PANEL.x1, 0.75)
#: Instants in each layer at which the distance is measured beforehand, and crossings are looked for.
_SAMPLES, _LOOKS = 48, 12


class ToriUnlink(PagedScene):
    """A fourth dimension: linked tori come apart."""

    experiment = "tori-4"

    def construct(self) -> None:
        """Four coordinates, the two layers, a crossing that is none, the turn, the hyperplane."""
        widths = self.trace.spec.widths
        self.expect(Data, "layers of four units", len(widths) > 1 and set(widths[1:]) == {4})
        self.space = self.space3d(rect=_SPACE, camera=_AT_FIRST)
        self.shadow = Shadow(self.space, self.trace)
        self._fourth_coordinate()
        self._first_layer()
        self._crossing()
        self._last_layer()
        self._turn()
        self._hyperplane()

    # -- parts -----------------------------------------------------------------------------------

    def _fourth_coordinate(self) -> None:
        space, shadow, theme = self.space, self.shadow, self.theme
        colours = [theme.class_colour(label) for label in (0, 1)]
        rows = [
            (name, colour, partial(tint, low=0, high=1, colour=colour))
            for name, colour in zip("AB", colours, strict=True)
        ]
        scale = ColourScale(_SCALE, theme, "colour: 4th coordinate", rows, lambda: even_marks(*shadow.ends()))
        remark = self.remark("Three coordinates are drawn,", "the fourth is a colour.")
        with self.section(
            "Four coordinates",
            narration="Now every layer has four units. The tori start in a flat part of four-dimensional "
            "space. The picture shows three coordinates; the fourth, zero so far, is a colour.",
        ):
            self.turn("A fourth unit")
            self.play(FadeIn(space), FadeIn(scale), run_time=0.8)
            self.play(FadeIn(remark), run_time=0.6)
            self.play(space.turn_by(theta=25 * DEGREES, run_time=4.5))
            self.play(space.follow(*shadow.surfaces, run_time=1.5))
            self.wait(2.2)
        self.page = (remark,)

    def _layers(self, start: float, end: float, run_time: float, theta: float) -> None:
        """Carry the tori from one position to another, within a layer, with the view turning a little."""
        shadow, space = self.shadow, self.space
        self.play(
            space.run(lambda s: shadow.place(start + s * (end - start)), run_time=run_time),
            space.turn_by(theta=theta * DEGREES, run_time=run_time),
        )

    def _first_layer(self) -> None:
        shadow, trace = self.shadow, self.trace
        instants = shadow.tori.instants(_SAMPLES)
        distances = [shadow.distance(p) for p in instants.tolist()]
        self.least, high = min(distances), float(np.ceil(5 * max(distances)) / 5)
        self.plot = LivePlot(
            _PLOT,
            self.theme,
            "distance in 4-D",
            instants,
            shadow.distance,
            Axis(0.0, shadow.tori.length + 0.06, ticks=tuple(map(float, range(trace.n_layers + 1)))),
            Axis(0.0, high),
            now=lambda: shadow.position,
        )
        remark = self.remark("Dark is low, pale is high:", "they leave the flat part.")
        with self.section(
            "The first layer",
            narration="The first layer turns, stretches and bends them in four dimensions. What turns pale "
            "rises along the fourth axis, what turns dark sinks.",
        ):
            self.turn("The first layer")
            self.play(FadeIn(self.plot), FadeIn(remark), run_time=0.8)
            self._layers(0.0, 1.0, 6.5, 75)
            self.wait(1.2)
        self.page = (remark,)

    def _crossing(self) -> None:
        """Stop where the picture shows crossings, if it does."""
        shadow, space = self.shadow, self.space
        instants = shadow.tori.instants(_LOOKS)
        found = crossing_instant(shadow, instants[instants >= 1])
        if found is None:
            return
        position, pairs = found
        mark = PairMark(shadow, pairs, int(pairs.gaps.argmax()))
        rows = [
            self.live(lambda: ["the pair, in 4-D:", Number(f"{mark.apart():.2f}", widest="0.00")], 3.45),
            self.live(
                lambda: ["in the picture:", Number(f"{mark.apart_in_picture():.2f}", widest="0.00")], 4.2
            ),
        ]
        with self.section(
            "A crossing that is none",
            narration="Now they seem to cut through each other. They do not: where they cross in the "
            "picture, their colours differ, so their fourth coordinates do. Turn the view in four "
            "dimensions, and the crossing opens. The tori themselves are at rest.",
        ):
            self.turn("A crossing that is none")
            for start, end in self._pieces(1.0, position):
                self._layers(start, end, 2.5, 0)
            self.add(mark)
            self.play(StateAnimation(mark, {"curve": 1.0}), run_time=0.8)
            self.play(StateAnimation(mark, {"pair": 1.0}), *map(FadeIn, rows), run_time=0.8)
            self.wait(2)
            self.play(
                space.run(lambda s: shadow.place(turn=s), run_time=5.5),
                StateAnimation(mark, {"curve": (0.0, 0.0, 0.2)}, run_time=5.5),
            )
            self.wait(2)
        self.page = (mark, *rows)

    def _pieces(self, start: float, end: float) -> list[tuple[float, float]]:
        """The way from one position to another, layer by layer."""
        cuts = [start, *(float(k) for k in range(int(start) + 1, int(np.ceil(end)))), end]
        return [(a, b) for a, b in pairwise(cuts) if b > a]

    def _last_layer(self) -> None:
        shadow, space = self.shadow, self.space
        instants = len(shadow.tori.instants(_SAMPLES))
        remark = self.remark(f"Never nearer than {self.least:.2f}", f"at the {instants} instants measured.")
        with self.section(
            "The last layer",
            narration="So in the picture they can pass through each other, and in four dimensions they "
            f"never meet: at all instants measured, they are {self.least:.2f} apart or more.",
        ):
            self.turn("The last layer")
            if shadow.turn:
                self.play(space.run(lambda s: shadow.place(turn=1 - s), run_time=2.5))
            for start, end in self._pieces(shadow.position, shadow.tori.length):
                self._layers(start, end, 6.0, 0)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(1.5)
        self.page = (remark,)

    def _turn(self) -> None:
        shadow, space = self.shadow, self.space
        remark = self.remark("Only the view turns:", "the tori are at rest.")
        with self.section(
            "A turn in four dimensions",
            narration="Turn the view in four dimensions once more, until the direction in which the "
            "classifier looks lies across the picture.",
        ):
            self.turn("A turn in four dimensions")
            self.play(FadeIn(remark), run_time=0.6)
            self.play(
                space.run(lambda s: shadow.place(turn=s), run_time=6), space.turn(**_EDGE_ON, run_time=6)
            )
            self.wait(1.5)
        self.page = (remark,)

    def _hyperplane(self) -> None:
        space, trace = self.space, self.trace
        plane, rim = self._plane()
        separated = bool(measured(trace, "separated"))
        points = measured(trace, "dense_points")
        right = points - measured(trace, "wrong")
        if separated:
            lines = [
                f"{right} of {points} points right,",
                f"{measured(trace, 'margin'):.2f} or more from it.",
            ]
        else:
            guess = percent(measured(trace, "majority_rate"))
            lines = [f"{right} of {points} points right", f"(guessing: {guess})."]
        remark = self.remark(*lines)
        badge = self.badge(about="separated", y=-1.2)
        last = (remark, badge) if badge.holds else (remark,)
        with self.section(
            "A hyperplane separates them" if separated else "Not separated",
            narration="A hyperplane separates them. Two tori that are linked in three dimensions are not "
            "linked in four."
            if separated
            else "This hyperplane leaves some points on the wrong side. This training has not found what "
            "four dimensions allow.",
        ):
            self.turn("A hyperplane separates them" if separated else "The hyperplane does not separate them")
            self.play(space.dissolve(plane, to=0.4), space.dissolve(rim, to=1.0), run_time=1)
            self.play(*map(FadeIn, last), *([FadeOut(self.plot)] if badge.holds else []), run_time=0.6)
            self.wait(0.8)
            self.play(space.turn_by(theta=-24 * DEGREES, run_time=3))
            self.play(space.turn_by(theta=44 * DEGREES, run_time=4))
            self.wait(1.4)

    def _plane(self) -> tuple[Plane, Lines]:
        """The hyperplane, which is seen as a plane across the first axis, as large as the tori."""
        _, bias = undecided(self.trace)
        points = np.concatenate([surface.points[:, 1:] for surface in self.shadow.surfaces])
        y, z = (points.max(axis=0) + points.min(axis=0)) / 2
        dy, dz = 0.55 * np.ptp(points, axis=0)
        colour, centre = self.theme.accent, (-bias, float(y), float(z))
        plane = self.space.add(Plane((0, dy, 0), (0, 0, dz), colour, 0.0, centre=centre))
        rim = self.space.add(Lines([plane.points[[0, 1, 3, 2, 0]]], colour, 3.0, 0.0))
        return plane, rim
