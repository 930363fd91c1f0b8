"""Measured layer by layer: the holes of the data on their way through a tanh and a ReLU network.

After Naitzat, Zhitnikov, Lim, "Topology of Deep Neural Networks" (2020), and the essay's "Topology and
Classification": a homeomorphism keeps every hole, however small it becomes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DEGREES, DOWN, LEFT, UP, FadeIn, FadeOut, Mobject
from numpy.typing import NDArray

from scenes.essay.parts.growing_balls import GrowingBalls
from scenes.essay.parts.pages import PagedScene, measured
from scenes.kit import Camera3D, Evidence, Number, Points, Rect, Space3D, text
from scenes.kit.gl.play import SpaceAnimation
from scenes.kit.state import StateAnimation
from topo_core.along import Along
from topo_core.datasets import DiscInAnnulus
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: The two columns, their spaces, and the panels under these.
_COLUMNS = ((-6.8, -0.35), (0.35, 6.8))
_SPACE, _PANEL = (-0.75, 2.3), (-3.1, -0.75)
#: From where the spaces are seen, at first and later.
_FLAT = Camera3D(phi=12 * DEGREES, theta=-90 * DEGREES, zoom=1.25)
_SIDE = {"phi": 62 * DEGREES, "theta": -65 * DEGREES}
#: Points of each class that are drawn.
_DRAWN = 1500
#: Class B, whose hole is measured.
_B = 1


class MeasuredLayerByLayer(PagedScene):
    """Measured layer by layer: what becomes of a hole."""

    experiment = "layers-tanh"
    also = ("layers-relu",)

    def construct(self) -> None:
        """How holes are found, the two networks, and what is true of each."""
        self.expect(DiscInAnnulus, "layers of two or three units", set(self.trace.spec.widths[1:]) <= {2, 3})
        self.sides = [
            _Side(trace, self.space3d(rect=Rect(x0, _SPACE[0], x1, _SPACE[1]), camera=_FLAT), (x0, x1))
            for trace, (x0, x1) in zip((self.trace, self.load("layers-relu")), _COLUMNS, strict=True)
        ]
        self._balls()
        self._input()
        self._layers()
        self._true()

    # -- parts -------------------------------------------------------------------------------------

    def _balls(self) -> None:
        theme = self.theme
        balls = GrowingBalls(self.trace.dataset, Rect(-6.6, -3.3, 0.4, 2.75), theme)
        born, dies = balls.bar
        rows = [
            self.live(lambda: ["radius", Number(f"{balls.state.radius:.3f}", widest="0.000")], -0.6),
            self.live(lambda: ["pieces", Number(f"{balls.pieces()}", widest="000")], 0.2),
            self.live(lambda: ["loops", Number(f"{balls.loops()}", widest="00")], 1.0),
        ]
        remark = self.remark("The loop of B is born at", f"{born:.2f} and dies at {dies:.2f}.")
        with self.section(
            "How holes are found",
            narration="How many holes has a cloud of points? Let balls grow around them. Pieces merge, and a "
            "loop is born. Later it is filled, and dies. A hole that lives long is a feature of the shape.",
        ):
            self.turn("How to see a hole in points")
            self.play(FadeIn(balls), *(FadeIn(row) for row in rows), run_time=1)
            self.play(StateAnimation(balls, {"radius": born}, run_time=3.5))
            self.wait(0.5)
            self.play(StateAnimation(balls, {"radius": dies}, run_time=5))
            self.play(FadeIn(remark), run_time=0.7)
            self.wait(1.8)
        self.page = (balls, *rows, remark)

    def _input(self) -> None:
        self.names = [
            text(
                f"five {side.activation} layers", self.theme.text_size, weight="bold", color=self.theme.ink
            ).move_to(((side.columns[0] + side.columns[1]) / 2, 2.6, 0.0))
            for side in self.sides
        ]
        self.panels = [side.panel(self) for side in self.sides]
        for panel in self.panels:
            panel.state.shown = 0.0
        with self.section(
            "Two networks",
            narration="Two networks learn the disc in the annulus, one with tanh, one with ReLU. After every "
            "layer we count the loops of B, and measure its hole.",
        ):
            self.turn("Layer by layer")
            spaces = [side.space for side in self.sides]
            self.play(*map(FadeIn, (*spaces, *self.names)), run_time=1)
            self.play(*(panel.create() for panel in self.panels), run_time=1)
            self.play(*(side.space.follow(*side.clouds) for side in self.sides))
            self.play(*(side.space.turn(**_SIDE, run_time=3) for side in self.sides))
            self.wait(2)

    def _layers(self) -> None:
        words = [
            "The first layer lifts the plane into space.",
            "Each layer moves what the one before has made.",
            "Both networks draw the classes apart.",
            "A hole can become too small to be seen among so few points.",
            "In the end a plane separates the classes, in both networks.",
        ]
        n = max(side.trace.n_layers for side in self.sides)
        for layer in range(n):
            with self.section(f"Layer {layer + 1}", narration=words[min(layer, len(words) - 1)]):
                moves = [side.run(layer) for side in self.sides if layer < side.trace.n_layers]
                self.play(
                    *moves, *(side.space.turn_by(theta=12 * DEGREES, run_time=4) for side in self.sides)
                )
                self.wait(0.8)

    def _turns(self, degrees: float, run_time: float) -> list[SpaceAnimation]:
        return [side.space.turn_by(theta=degrees * DEGREES, run_time=run_time) for side in self.sides]

    def _true(self) -> None:
        theme = self.theme
        lines: list[Mobject] = []
        for side in self.sides:
            truth, seen = side.verdict()
            top = (side.columns[0], _PANEL[1] - 0.15, 0.0)
            first = text("\n".join(truth), theme.text_size, color=theme.accent)
            first.move_to(top, aligned_edge=UP + LEFT)
            second = text("\n".join(seen), theme.small_size, color=theme.ink)
            lines += [first, second.next_to(first, DOWN, buff=0.25, aligned_edge=LEFT)]
        said = (
            "Tanh layers with regular weights are homeomorphisms. The hole of B is still there, whatever the "
            "estimate says: look closer."
            if self.sides[0].homeomorphic
            else "One of the tanh layers is no homeomorphism."
        )
        more = "ReLU folds and flattens, and may fill a hole for good. Estimates see only a finite scale."
        narration = f"{said} {more}"
        with self.section("True and estimated", narration=narration):
            title = self.heading("What is true, and what is only estimated")
            assert self.page_title is not None
            self.play(
                FadeOut(self.page_title),
                FadeIn(title),
                *(panel.hide() for panel in self.panels),
                *self._turns(20, 1.5),
            )
            closer = [side.space.follow(side.clouds[_B], run_time=3) for side in self.sides]
            self.play(*closer, *(FadeIn(words) for words in lines))
            self.play(*self._turns(40, 5))
            self.wait(1.5)


class _Side:
    """One network: its points in space, and what was counted in every layer."""

    def __init__(self, trace: Trace, space: Space3D, columns: tuple[float, float]) -> None:
        self.trace, self.space, self.columns = trace, space, columns
        self.activation = {"relu": "ReLU"}.get(trace.spec.activations[0], trace.spec.activations[0])
        points, labels = trace.dataset.dense(_DRAWN)
        order = [np.flatnonzero(labels == label)[:_DRAWN] for label in range(trace.n_classes)]
        self._chosen = points[np.concatenate(order)]
        self._hidden = trace.representations(self._chosen)
        theme = space.theme
        self.position = 0.0
        stops = np.cumsum([len(part) for part in order])[:-1]
        self._split: Callable[[FloatArray], list[FloatArray]] = lambda h: np.split(h, stops)
        self.clouds = [
            space.add(Points(part, theme.class_colour(k), diameter=4.5))
            for k, part in enumerate(self._split(self._at(0, 0.0)))
        ]
        self.counted = measured(trace, "homology")

    def _at(self, layer: int, t: float) -> FloatArray:
        h = self._hidden[layer]
        h = self.trace.layers[layer].path(h, t) if t else h
        return np.pad(h, ((0, 0), (0, 3 - h.shape[1])))

    def run(self, layer: int) -> SpaceAnimation:
        """Carry the points through a layer."""

        def change(share: float) -> None:
            self.position = layer + share
            points = self._at(layer, share) if share < 1 else self._at(layer + 1, 0.0)
            for cloud, part in zip(self.clouds, self._split(points), strict=True):
                cloud.move(part)

        return self.space.run(change, run_time=4)

    def panel(self, scene: MeasuredLayerByLayer) -> Evidence:
        """What was counted of B, up to the present layer."""
        positions = np.arange(len(self.counted), dtype=np.float64)
        loops = np.array([float(layer[_B]["betti"][1]) for layer in self.counted])
        holes = np.array([layer[_B]["hole_sizes"][1] for layer in self.counted])
        rows = [
            Along("loops of B (estimate)", "count", positions, loops),
            Along("hole of B / diameter", "number", positions, holes),
        ]
        x0, x1 = self.columns
        return Evidence(rows, Rect(x0, _PANEL[0], x1, _PANEL[1]), scene.theme, lambda: self.position)

    @property
    def homeomorphic(self) -> bool:
        """Whether every layer is a homeomorphism onto its image."""
        return all(layer.path.isotopic for layer in self.trace.layers)

    def verdict(self) -> tuple[list[str], list[str]]:
        """What is true of B at the end, and what was estimated."""
        last = self.counted[-1][_B]
        loops, size = last["betti"][1], last["hole_sizes"][1]
        seen = [
            f"Estimate at the end: {loops} {'loop' if loops == 1 else 'loops'}.",
            f"Its largest hole: {100 * size:.1f} % of its diameter.",
        ]
        if self.homeomorphic:
            return ["True: 1 loop, for every", "layer is a homeomorphism."], seen
        bad = next(layer for layer in self.trace.layers if not layer.path.isotopic)
        return ["True: not known, for", f"{bad.name} is no homeomorphism."], seen
