"""Why two units could not and three can: the way out of the disc, in the plane and in space."""

from __future__ import annotations

import numpy as np
from manim import DEGREES, FadeIn, Mobject

from scenes.essay.parts.sheet_scene import POLAR, SheetScene
from scenes.essay.parts.way_around import WayAround
from scenes.kit import Number
from scenes.kit.gl.axes import Axes3D

#: The direction of the way out of A, across the plane to a corner, and how far it goes.
_AWAY, _FAR = 45 * DEGREES, 1.5


class WayOutScene(SheetScene):
    """A scene that begins with a way out of the disc."""

    way: WayAround
    axes: Axes3D
    names: Mobject
    tip: Mobject

    def surrounded(self) -> None:
        """Whichever way it leaves A in the plane, it meets B."""
        space, inner = self.space, self.sheet.radii[1]
        way = self.way = WayAround(self.sheet, _AWAY)
        self.tip = self.line(
            lambda: ["from tip to B:", Number(f"{way.tip_distance():.2f}", widest="0.00")], -0.95, accent=True
        )
        self.names = self.legend(self.trace)
        remark = self.remark("In the plane, every way", "out of A meets B.")
        with self.section(
            "Surrounded",
            narration="Class B lies all around class A. In the plane, whichever way we leave A, we meet B.",
        ):
            self.play(*self.new_heading("In the plane, A is surrounded"), FadeIn(space), run_time=0.8)
            self.play(*self.bring(self.names, self.tip), run_time=0.6)
            self.play(space.run(lambda s: way.at(s * inner)), run_time=1.8)
            self.play(space.run(lambda s: way.at(inner, turn=2 * np.pi * s)), run_time=3.2)
            self.play(*self.bring(remark), run_time=0.6)
            self.wait(1.2)

    def way_around(self) -> None:
        """Lifted into space, it passes over B."""
        way, sheet, space = self.way, self.sheet, self.space
        inner, outer = sheet.radii[1:]
        now = self.line(
            lambda: ["from way to B:", Number(f"{way.distance():.2f}", widest="0.00")], -0.95, accent=True
        )
        remark = self.remark("In space there is room", "above: a way around B.")
        reach = 1.45 * outer * np.array([[-1, 1], [-1, 1], [-0.55, 0.65]])
        axes = space.axes(reach, numbers=False)
        self.axes = axes
        axes.lines.opacity = 0.0
        for label in axes.labels:
            label.opacity = 0.0
        with self.section(
            "A way around",
            narration="A third dimension gives room above the plane. Lifted into it, the way passes over B.",
        ):
            leaving = self.let_go(self.names, self.tip)
            self.play(*leaving, *self.new_heading("In space, there is a way around"), run_time=0.7)
            self.play(space.turn(phi=POLAR, theta=-62 * DEGREES, zoom=2.35, run_time=2.6))
            out = space.run(lambda s: way.at(inner + s * (_FAR * outer - inner)), run_time=1.2)
            self.play(out, space.dissolve(axes.lines, *axes.labels, to=1.0, run_time=1.2))
            self.play(*self.let_go(self.names), *self.bring(now), run_time=0.5)
            lift = space.run(lambda s: way.at(_FAR * outer, height=0.75 * s), run_time=2.8)
            self.play(lift, space.turn_by(theta=42 * DEGREES, run_time=2.8))
            self.play(*self.bring(remark), run_time=0.6)
            self.wait(1.2)
