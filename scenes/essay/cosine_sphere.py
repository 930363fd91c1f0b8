"""Digits on a sphere, compared by angle; and why a weight has to fall fast in many dimensions.

Essay, "K-Nearest Neighbor Layers": "giving each one a weight of 1/(distance from classification target)",
with which "k-NN only gets down to 5-4% test error".
"""

from __future__ import annotations

import numpy as np
from manim import DEGREES, FadeIn
from numpy.typing import NDArray

from scenes.essay.parts.common import percent
from scenes.essay.parts.digit_cloud import CapPictures, DigitLegend, DigitPoints
from scenes.essay.parts.pages import PagedScene
from scenes.essay.parts.snapshot_plot import accuracy_plot
from scenes.essay.parts.weight_plot import Distances, Exponent, MeasuredPlot, WeightPlot
from scenes.kit import Axis, Camera3D, Lines, Live, Number, Points, Rect, Series, Sphere
from scenes.kit.stage import PANEL
from scenes.kit.state import StateAnimation
from scenes.kit.theme import mix, rgb
from topo_core.datasets import Digits
from topo_core.knn.weightings import InverseDistance, weighting
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

_SPACE = Rect(-6.7, -3.3, 0.9, 2.85)
_WIDE = Rect(-6.5, -2.9, 1.6, 2.6)
#: Points lie a little above the ball that hides those behind it.
_ABOVE, _BALL = 1.0, 0.985
_POWERS = (1, 2, 4, 8, 16)


def on_sphere(h: FloatArray) -> FloatArray:
    """Points ``(n, 3)`` divided by their norms."""
    found: FloatArray = h / np.maximum(np.linalg.norm(h, axis=1, keepdims=True), 1e-12)
    return found


def directions(points: FloatArray, labels: NDArray[np.int64], n_classes: int) -> FloatArray:
    """The mean direction of each class of points on the sphere, ``(n_classes, 3)``."""
    return on_sphere(np.stack([points[labels == c].mean(axis=0) for c in range(n_classes)]))


def cap_angles(points: FloatArray, labels: NDArray[np.int64], n_classes: int) -> tuple[float, float]:
    """In degrees: the median angle of points to the mean of their class, and that between nearest means."""
    means = directions(points, labels, n_classes)
    own = np.degrees(np.arccos(np.clip((points * means[labels]).sum(axis=1), -1, 1)))
    between = np.degrees(np.arccos(np.clip(means @ means.T, -1, 1)))
    np.fill_diagonal(between, np.inf)
    return float(np.median(own)), float(np.median(between.min(axis=1)))


class CosineSphere(PagedScene):
    """Digits on a sphere: neighbours by angle, and how fast their weight has to fall."""

    experiment = "digits-sphere"
    also = tuple(f"digits-power-{p}" for p in _POWERS)

    def construct(self) -> None:
        """The sphere, before training, while it learns, and around it; then weights, and errors."""
        self.expect(Digits, "a network that ends in space", self.trace.spec.widths[-1] == 3)
        self.powers = [self.load(name) for name in self.also]
        self._sphere()
        self._around()
        self._tails()
        self._errors()

    def _sphere(self) -> None:
        trace, theme = self.trace, self.theme
        digits = DigitPoints(trace)
        last = float(trace.n_snapshots - 1)
        colours = np.array([rgb(theme.class_colour(int(label))) for label in digits.labels])
        space = self.space3d(
            rect=_SPACE, camera=Camera3D(phi=68 * DEGREES, theta=-60 * DEGREES, zoom=2.5, focal_distance=12)
        )
        space.add(Sphere(_BALL, mix(theme.panel, theme.axis, 0.24)))
        space.add(Lines(_meridians(), theme.grid, 1.2))
        cloud = space.add(Points(_ABOVE * on_sphere(digits.at(0.0)), colours, 6.5))
        key = DigitLegend(digits, 1.45, 2.6, 0.45, theme)
        at = [0.0]  # the position among the snapshots
        plot = accuracy_plot(
            trace,
            Rect(PANEL.x0, -0.25, PANEL.x1, PANEL.y1),
            theme,
            "new digits right",
            [("", theme.accent, trace.accuracies)],
            Axis(0.0, 100.0),
            lambda: at[0],
        )

        def move(share: float) -> None:
            at[0] = share * last
            cloud.move(_ABOVE * on_sphere(digits.at(share * last)))

        with self.section(
            "By angle alone",
            narration="A third number, and only directions count: every digit is a point of a sphere. The "
            "smaller the angle, the more a neighbour counts. As the network learns, classes gather in caps.",
        ):
            self.turn("Digits on a sphere: neighbours by angle")
            self.play(FadeIn(space), FadeIn(key), FadeIn(plot), run_time=0.8)
            space.spin(0.22)
            self.wait(1.5)
            self.play(space.run(move, run_time=13, ease=lambda share: share))
            self.wait(0.7)
        self.space, self.cloud, self.digits, self.page = space, cloud, digits, (space, key, plot)

    def _around(self) -> None:
        trace, digits = self.trace, self.digits
        places = on_sphere(digits.at(float(trace.n_snapshots - 1)))
        inside, between = cap_angles(places, digits.labels, trace.n_classes)
        middles = directions(places, digits.labels, trace.n_classes)
        chosen = [
            int(np.where(digits.labels == label, places @ middle, -np.inf).argmax())
            for label, middle in enumerate(middles)
        ]
        pictures = CapPictures(digits, chosen, places[chosen], self.space, 0.55, self.theme)
        remark = self.remark(
            f"A digit is {inside:.0f}° from the",
            "middle of its class, the next",
            f"class is {between:.0f}° away (medians).",
        )
        with self.section(
            "Caps",
            narration="Go around it: every class has a cap of its own, with room between it and the next.",
        ):
            self.play(FadeIn(pictures), FadeIn(remark), run_time=0.8)
            self.wait(9)
            self.space.stop()
        self.page = (*self.page, pictures, remark)

    def _tails(self) -> None:
        trace, theme = self.powers[0], self.theme
        k = int(trace.outcome["k"])
        before, after = Distances(trace, 0), Distances(trace)
        plot = WeightPlot((before, after), (theme.class_colour(2), theme.accent), k, _WIDE, theme)
        n, width = after.sorted.shape[1], trace.spec.widths[-1]

        def share(which: int) -> Number:
            return Number(percent(plot.share(which)), "99.9 %")

        size, x = theme.text_size, PANEL.x0
        lines = [
            Live(
                lambda: ["weight", "$1 slash d^p$", "with p =", Number(f"{plot.state.p:.1f}", "16.0")],
                x,
                2.1,
                size,
                theme.ink,
            ),
            Live(lambda: [f"the {k} nearest of {n:,} have"], x, 1.25, size, theme.ink),
            Live(lambda: [share(0), "before training,"], x, 0.6, size, theme.class_colour(2)),
            Live(lambda: [share(1), "after it, for 1/d"], x, -0.05, size, theme.accent),
        ]
        remark = self.remark(
            "Before training, the distance",
            f"of the {k}th nearest is {percent(before.nearness(k))}",
            "of the mean one (median).",
        )
        with self.section(
            "Too heavy a tail",
            narration=f"Why does one over the distance do badly? In {width} dimensions nearly all points "
            "are far, and there are many. One by one they count little, but together they outvote the near "
            "ones. A steeper weight leaves the vote to those who are near.",
        ):
            self.turn("How fast must a neighbour's weight fall?")
            self.play(FadeIn(plot), *map(FadeIn, lines), run_time=0.7)
            self.wait(1)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
            self.play(StateAnimation(plot, {"power": float(np.log2(_POWERS[-1]))}), run_time=7)
            self.wait(2)
        self.page = (plot, *lines, remark)

    def _errors(self) -> None:
        powers = np.array([_power(trace) for trace in self.powers])
        errors = np.array([100 * (1 - trace.outcome["accuracy"]) for trace in self.powers])
        now = Exponent()
        high = float(2 * np.ceil(errors.max() / 2))
        plot = MeasuredPlot(
            _WIDE,
            self.theme,
            "new digits read wrongly, in %",
            [Series(powers, errors, self.theme.accent)],
            Axis(float(powers[0]), 1.3 * float(powers[-1]), log=True, ticks=tuple(powers.tolist())),
            Axis(0.0, high),
            now=lambda: float(2.0**now.state.power),
            x_name="p",
        )
        best = int(errors.argmin())
        remark = self.remark(
            f"p = {powers[0]:g}: {errors[0]:.1f} % wrong,",
            f"p = {powers[best]:g}: {errors[best]:.1f} %.",
            "One seed, trained alike.",
        )
        better = errors[0] > errors[best]
        words = "the steeper weights do better" if better else "the steeper weights do no better"
        with self.section(
            "Trained with each",
            narration=f"Five networks, trained alike, each with another exponent: {words}.",
        ):
            self.turn("Five networks, five weights")
            self.add(now)
            self.play(FadeIn(plot), run_time=0.7)
            self.play(StateAnimation(now, {"power": float(np.log2(powers[-1]))}), run_time=5)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(3)
        self.page = (plot, remark)


def _meridians() -> list[FloatArray]:
    """Circles of longitude and latitude, every 30 degrees, just above the ball."""
    turn = np.linspace(0, 2 * np.pi, 97)
    heights = np.sin(np.radians(np.arange(-60, 61, 30)))
    lines = [
        np.stack(
            [np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), np.full(97, z)], axis=1
        )
        for z in heights
    ]
    for angle in np.radians(np.arange(0, 180, 30)):
        lines.append(
            np.stack([np.cos(turn) * np.cos(angle), np.cos(turn) * np.sin(angle), np.sin(turn)], axis=1)
        )
    return [0.99 * line for line in lines]


def _power(trace: Trace) -> float:
    read = weighting(str(trace.outcome["readout"]))
    assert isinstance(read, InverseDistance)
    return read.p
