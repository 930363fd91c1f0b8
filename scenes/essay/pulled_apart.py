"""Pulled apart naively: what three units a layer do to linked tori, which they cannot unlink.

Essay, "The Easy Way Out" and its picture "tangle": the network pulls the tori apart where it can, and
stretches them as thin as it has to where they are tangled. Almost every point gets its class, and nothing
has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
from manim import DEGREES, FadeIn, FadeOut, Mobject, rate_functions
from numpy.typing import NDArray

from scenes.essay.parts.closeup import Closeup, nearest_cores
from scenes.essay.parts.common import EssayScene, percent
from scenes.essay.parts.pages import measured
from scenes.essay.parts.stretched_tori import INSTANTS, StretchedTori
from scenes.kit import Axis, Camera3D, Lines, Live, Number, Plane, Plot, Points, Rect, Series, Style
from scenes.kit.colour_scale import ColourScale, logarithmic_marks
from scenes.kit.stage import PANEL
from scenes.kit.text import scientific
from topo_core.datasets import LinkedTori

FloatArray = NDArray[np.float64]

_SPACE = Rect(-6.81, -3.0, 2.05, 2.9)
_SCALE = Rect(PANEL.x0, 1.35, PANEL.x1, 2.85)
_STRETCH, _DISTANCE = Rect(PANEL.x0, -1.35, PANEL.x1, 0.55), Rect(PANEL.x0, -3.5, PANEL.x1, -1.5)
#: The box in which every tanh ends.
_BOX = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
#: Azimuth in degrees at the input, and how far the camera turns with every layer.
_THETA, _TURN = -84.0, 12.0
#: How large the gap is on screen in the end, in Manim units.
_GAP = 0.9


class PulledApart(EssayScene):
    """Pulled apart naively: linked tori, stretched thin and still linked."""

    experiment = "tori-3"

    def construct(self) -> None:
        """The tori, each layer, the core curves, their thinnest place, and what has not changed."""
        widths = self.trace.spec.widths
        fits = len(widths) > 1 and set(widths) == {3} and set(self.trace.spec.activations) == {"tanh"}
        self.expect(LinkedTori, "tanh layers of three units", fits)
        self.tori = StretchedTori(self.trace, self.theme)
        self.space = self.space3d(rect=_SPACE, camera=Camera3D(phi=65 * DEGREES), style=self._style())
        edges = [np.array(pair) for pair in combinations(_BOX, 2) if np.abs(pair[0] - pair[1]).sum() == 2]
        self.box = Lines(edges, self.theme.axis, 1.8, 0.0)
        self.space.add(*self.tori.tori, self.box)
        self._linked()
        self._layers()
        self._cores()
        self._closer()
        self._unchanged()

    def _style(self) -> Style:
        """Even light: colours are to be read."""
        return replace(Style.of(self.theme), ambient=0.78, gloss=0.12)

    def _seen(self, theta: float, boxed: float) -> Camera3D:
        """The camera at an azimuth, in degrees, with everything in the picture; the box counts by a share."""
        camera = self.space.camera.moved(theta=theta * DEGREES)
        seen = [torus.points @ camera.rotation.T for torus in self.tori.tori]
        seen.append(boxed * (_BOX @ camera.rotation.T) + (1 - boxed) * seen[0].mean(axis=0))
        low = np.min([points.min(axis=0) for points in seen], axis=0)
        high = np.max([points.max(axis=0) for points in seen], axis=0)
        half = (high - low) / 2
        focus = 6 * float(np.linalg.norm(half))
        x, y, z = ((low + high) / 2 @ camera.rotation).tolist()
        zoom = 0.93 * float(np.min(_SPACE.half / half[:2])) * (1 - half[2] / focus)
        return camera.moved(centre=(x, y, z), focal_distance=focus, zoom=zoom)

    def _go(self, position: float, boxed: float, turned: float = 0.0) -> None:
        """Show a position; ``turned`` is how far the camera is turned from its place, in degrees."""
        self.tori.place(position)
        self.box.opacity = boxed
        self.space.camera = self._seen(_THETA + _TURN * position + turned, boxed)

    # -- what happens ----------------------------------------------------------------------------

    def _linked(self) -> None:
        outcome = self.trace.outcome
        right, guess = (
            percent(measured(self.trace, "accuracy")),
            percent(measured(self.trace, "majority_rate")),
        )
        self._go(0.0, 0.0, -60.0)
        legend = self.legend(self.trace)
        depth = self.trace.n_layers
        remark = self.remark(
            f"{depth} layers of three units:",
            f"{right} right,",
            f"one answer for all: {guess}.",
            self.tried(self.trace),
        )
        solved = outcome.get("solved_restarts", 0)
        with self.section(
            "Two linked tori",
            narration="Layers of three units cannot unlink two tori. Trained all the same, "
            + (
                f"this network gets {right.replace(' %', ' per cent')} right."
                if not solved
                else "they get far."
            ),
        ):
            self.add(self.heading("Pulled apart naively"))
            self.play(FadeIn(self.space), FadeIn(legend), run_time=1)
            self.play(self.space.run(lambda share: self._go(0.0, 0.0, (share - 1) * 60), run_time=5.5))
            self.play(FadeIn(remark), run_time=0.7)
            self.wait(1)
        self.page: list[Mobject] = [legend, remark]

    def _layers(self) -> None:
        tori, theme = self.tori, self.theme
        rows = [(name, theme.class_colour(k), partial(tori.shades, k)) for k, name in enumerate("AB")]
        marks = logarithmic_marks(*tori.scale)
        self.scale = ColourScale(_SCALE, theme, "stretched by a factor of", rows, marks)
        self.linking = Live(
            lambda: ["linking number", Number(_integer(tori.linking()), widest="+0")],
            *(PANEL.x0, 0.95, theme.text_size, theme.accent),
        )
        plots = self._plots()
        shade = "lighter" if theme.name == "dark" else "darker"
        words = [
            f"The first layer bends the tori. The {shade} a colour, the more is the surface stretched.",
            "The second pulls them apart where it can. Where they are tangled, they come nearer.",
            "The third stretches what is still tangled until it is hardly there.",
        ]
        for k, layer in enumerate(self.trace.layers):
            with self.section(f"Layer {k + 1}", narration=words[min(k, len(words) - 1)]):
                if k == 0:
                    self.play(*map(FadeOut, self.page), run_time=0.5)
                    self.play(*map(FadeIn, (self.scale, self.linking, *plots)), run_time=0.7)
                self.play(self.space.run(self._through(layer.index), run_time=7))
                self.wait(1.2)
        self.plots = plots

    def _through(self, layer: int) -> Callable[[float], None]:
        return lambda share: self._go(layer + share, 1.0 if layer else share)

    def _plots(self) -> tuple[Plot, Plot]:
        theme, tori = self.theme, self.tori
        x_axis = Axis(0, self.trace.n_layers, ticks=tuple(map(float, range(self.trace.n_layers + 1))))
        distances = self.distances()
        stretch = Plot(
            *(_STRETCH, theme, "largest stretch"),
            [Series(tori.positions, tori.history, theme.accent)],
            *(x_axis, _decades(1.0, float(tori.history.max()))),
            now=lambda: tori.position,
            value=lambda: f"{tori.largest():.1f}",
        )
        distance = Plot(
            *(_DISTANCE, theme, "distance of the cores"),
            [series := Series(tori.positions, distances, theme.accent)],
            *(x_axis, _decades(float(distances.min()), 1.0)),
            now=lambda: tori.position,
            value=lambda: _short(series.last(tori.position)),
            x_name="layers",
        )
        return stretch, distance

    def distances(self) -> FloatArray:
        """Smallest distance of the core curves at every instant of the plots."""
        places = [(k // INSTANTS, k % INSTANTS / INSTANTS) for k in range(len(self.tori.positions))]
        return np.array([nearest_cores(self.trace, layer, t).distance for layer, t in places])

    def _cores(self) -> None:
        space, tori = self.space, self.tori.tori
        self.close = close = Closeup(self.tori)
        x, y, z = (np.asarray(space.camera.centre) - close.target).tolist()
        self.far = space.camera.moved(centre=(x, y, z))
        with self.section(
            "What is left",
            narration="What becomes of thinner tori inside these, down to their cores? Most of each is far "
            "from the other. But in a corner they are tangled, as before.",
        ):
            self.tori.shrink(0.0, close.target)  # near the target, single precision goes a long way
            self.box.move(self.box.points - close.target)
            space.camera = self.far
            self.tubes = close.tubes(space.camera)
            space.add(*self.tubes)
            self.play(space.run(lambda share: self.tori.shrink(share, close.target), run_time=3.5))
            space.remove(*tori)
            self.play(space.turn_by(theta=24 * DEGREES, run_time=2.5))
            self.play(space.turn_by(theta=-24 * DEGREES, run_time=2.5))
            self.wait(0.7)

    def _look(self, power: float, share: float) -> None:
        """Magnify by a power of ten; ``share`` of the way from the whole picture to the gap."""
        factor = 10.0**power
        near = self.far.between(self.close.across(self.far), share)
        centre = np.asarray(self.far.centre) * (1 - share) / factor
        x, y, z = centre.tolist()
        self.magnified = factor
        self.space.camera = near.moved(
            centre=(x, y, z), zoom=self.far.zoom * factor, focal_distance=self.far.focal_distance / factor
        )
        self.space.remove(*self.tubes)
        self.tubes = self.close.tubes(self.space.camera)
        self.space.add(*self.tubes)
        self.box.opacity = max(0.0, 1.0 - power)

    def _closer(self) -> None:
        theme, close = self.theme, self.close
        self.magnified = 1.0
        power = float(np.log10(_GAP / (close.nearest.distance * self.far.zoom)))
        zoom = Live(
            lambda: ["magnified", Number(f"{self.magnified:,.0f}".replace(",", " ")), "times"],
            *(PANEL.x0, 0.1, theme.text_size, theme.ink, PANEL.x1 - PANEL.x0),
        )
        gap = Lines([close.nearest.points - close.target], theme.accent, 5.0, 0.0, on_top=0.0)
        self.apart = Live(
            lambda: ["distance", f"${scientific(close.nearest.distance)}$"],
            *(PANEL.x0, -0.75, theme.text_size, theme.accent, PANEL.x1 - PANEL.x0),
        )
        with self.section(
            "The thinnest place",
            narration="Go nearer to where they are nearest. Again and again it looks as if they met. They do "
            "not: layers tear nothing, and let nothing pass through anything.",
        ):
            self.play(*map(FadeOut, self.plots), run_time=0.5)
            self.play(FadeIn(zoom), run_time=0.5)
            self.play(
                self.space.run(
                    lambda share: self._look(power * share, share),
                    run_time=9,
                    ease=rate_functions.ease_in_out_sine,
                )
            )
            self.space.add(gap)
            self.play(self.space.dissolve(gap, to=1.0, run_time=0.6), FadeIn(self.apart))
            self.wait(2)
        self.power, self.gap, self.zoom = power, gap, zoom

    def _unchanged(self) -> None:
        trace, theme, target = self.trace, self.theme, self.close.target
        normal = trace.readout_weight[-1, 1] - trace.readout_weight[-1, 0]
        offset = float(trace.readout_bias[-1, 1] - trace.readout_bias[-1, 0])
        plane = Plane.hyperplane(normal, offset, 1.7, theme.accent, 0.0)
        plane.move(plane.points - target)
        points, labels = trace.dataset.dense()
        missed = trace.representations(points[trace.predict(points) != labels])[-1] - target
        dots = Points(missed, theme.accent, 9.0, 0.0)
        wrong, total = measured(trace, "wrong"), measured(trace, "dense_points")
        number = self.tori.linking()
        closing = "No plane can separate a link." if number else "The curves are not linked."
        right = percent(measured(trace, "accuracy"))
        remark = self.remark(f"{wrong} of {total} points are wrong", f"({right} right).", closing)
        side = self._open_side(normal)
        self.far = self.far.moved(theta=self.far.theta + side * 30 * DEGREES)
        with self.section(
            "Unchanged",
            narration="Almost every point is on its side of the plane. Yet the tori are linked as at the "
            "start: nothing has been solved."
            if wrong and number
            else "Every point that was looked at is on its side of the plane.",
        ):
            self.space.remove(self.gap)
            self.play(
                *(FadeOut(self.zoom), FadeOut(self.apart)),
                self.space.run(lambda share: self._look(self.power * (1 - share), 1 - share), run_time=4),
            )
            self.space.add(plane, dots)
            self.play(self.space.dissolve(plane, to=0.35), FadeIn(remark), run_time=1)
            self.play(self.space.dissolve(dots, to=1.0), run_time=0.7)
            self.play(self.space.turn_by(theta=side * 15 * DEGREES, run_time=3))
            self.wait(1)

    def _open_side(self, normal: FloatArray) -> int:
        """To which side the camera turns, so that a plane is not seen edge-on: 1 if that will do, else -1."""
        eye = self.far.moved(theta=self.far.theta + 30 * DEGREES).rotation[2]
        return 1 if abs(float(normal @ eye)) > 0.3 * float(np.linalg.norm(normal)) else -1


def _integer(number: int | None) -> str:
    return "?" if number is None else f"{number:+d}" if number else "0"


def _decades(least: float, most: float) -> Axis:
    """A logarithmic axis of whole decades, with three or four numbers."""
    low, high = int(np.floor(np.log10(least) + 1e-9)), int(np.ceil(np.log10(most) - 1e-9))
    step = max(1, -(-(high - low) // 3))
    return Axis(10.0**low, 10.0**high, log=True, ticks=tuple(10.0**k for k in range(high, low - 1, -step)))


def _short(value: float) -> str:
    """A number with two digits: plain, or with a power of ten."""
    return f"{value:.2f}" if value >= 0.095 else f"{value:.0e}".replace("e-0", "e-")
