"""The easy way out: deeper networks stretch thin what they cannot take apart, and what a penalty does.

Essay, "The Easy Way Out": very high derivatives and near-discontinuities, a tempting local minimum,
contractive penalties against it.
"""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut

from scenes.essay.parts.common import percent
from scenes.essay.parts.pages import PagedScene, measured
from scenes.essay.parts.stretched import StretchedRings
from scenes.kit import Axis, Number, Plot, Rect, Series, Stage
from scenes.kit.marked import MarkedPlot
from scenes.kit.stage import PANEL, StageAnimation
from scenes.kit.state import StateAnimation
from scenes.kit.table import Table
from scenes.kit.zoom import Zoom
from topo_core.datasets import DiscInAnnulus

_DEPTHS = tuple(f"annulus-depth-{depth}" for depth in range(1, 7))
_PENALTIES = tuple(f"annulus-contractive-{strength}" for strength in ("1e-4", "1e-3", "1e-2", "1e-1"))
_LOOPHOLE = "annulus-loophole"
#: Upper and lower half of the right column.
_UPPER, _LOWER = Rect(PANEL.x0, -0.25, PANEL.x1, PANEL.y1), Rect(PANEL.x0, PANEL.y0, PANEL.x1, -0.6)


class EasyWayOut(PagedScene):
    """The easy way out: stretched thin, never apart."""

    experiment = "annulus-depth-4"
    also = (*(name for name in _DEPTHS if name != "annulus-depth-4"), *_PENALTIES, _LOOPHOLE)

    def construct(self) -> None:
        """Depth, the bridge that four layers leave, the penalty, and its loophole."""
        widths = self.trace.spec.widths
        planar = len(widths) > 1 and set(widths) == {2}
        recipe = self.trace.provenance.get("config", {}).get("recipe", {})
        free = planar and not recipe.get("penalty")
        self.expect(DiscInAnnulus, "layers of two units, trained without a penalty,", free)
        self._depth()
        self._channel()
        self._penalty()
        self._loophole()

    def _depth(self) -> None:
        traces = [self.load(name) for name in _DEPTHS]
        depths = np.arange(1.0, len(traces) + 1)
        right = np.array([100 * measured(trace, "accuracy") for trace in traces])
        stretch = np.array([measured(trace, "largest_stretch") for trace in traces])
        across = Axis(0.6, len(traces) + 2.6, ticks=tuple(depths))
        accent = self.theme.accent
        plots = (
            MarkedPlot(
                _UPPER,
                self.theme,
                "accuracy",
                Series(depths, right, accent),
                across,
                Axis(float(5 * np.floor((right.min() - 1) / 5)), 100.0),
                form="{:.1f} %",
                x_name="layers",
            ),
            MarkedPlot(
                _LOWER,
                self.theme,
                "largest stretch",
                Series(depths, stretch, accent),
                across,
                Axis(1.0, float(10 ** np.ceil(np.log10(stretch.max()))), log=True),
                form="{:.0f}",
                x_name="layers",
            ),
        )
        tiles = self.tiles(traces, 3, 2.4)
        captions = [
            self.caption(tile, f"{k} layer{'s' * (k > 1)}: {percent(trace.outcome['accuracy'])}")
            for k, (tile, trace) in enumerate(zip(tiles, traces, strict=True), 1)
        ]
        for plot in plots:
            plot.state.count = 0.0
        best = percent(max(trace.outcome["accuracy"] for trace in traces)).replace(" %", " per cent")
        with self.section(
            "One layer to six",
            narration="More layers of two units cannot do it either. But they come close: up to "
            f"{best}. The price is below: somewhere, space is stretched more and more.",
        ):
            self.turn("More layers of two units")
            self.play(*map(FadeIn, (*tiles, *plots)), run_time=0.8)
            self.wait(0.5)
            for k, (tile, caption) in enumerate(zip(tiles, captions, strict=True), 1):
                end = float(tile.trace.n_layers)
                changes = {"position": (end, 0, 0.8), "line": (1.0, 0.8, 1), "halves": (1.0, 0.8, 1)}
                self.play(StageAnimation(tile, changes, run_time=1.8))
                self.play(FadeIn(caption), *(plot.reveal(k, 0.6) for plot in plots), run_time=0.6)
            self.wait(2)
        self.page = (*tiles, *captions, *plots)

    def _channel(self) -> None:
        trace = self.trace
        stage = self.stage(grid=False, fills=True, curves=False, points=False, panel=False).at(0.0)
        rings = StretchedRings(stage, Rect(PANEL.x0, PANEL.y0, PANEL.x1, PANEL.y0 + 1.2))
        points, labels = trace.dataset.dense()
        missed = points[(labels == 1) & (trace.predict(points) != 1)]
        with self.section(
            "A channel through B",
            narration="This network cuts a narrow channel through B, so that A can get out. Along it, space "
            "is stretched the most.",
        ):
            layers = "one layer gets" if trace.n_layers == 1 else f"{trace.n_layers} layers get"
            self.turn(f"How {layers} {percent(measured(trace, 'accuracy'))}")
            self.play(FadeIn(stage), run_time=0.6)
            self.play(StageAnimation(stage, {"decision": (1.0, 0, 1)}, run_time=1.2))
            self.play(StateAnimation(rings, {"shown": 1.0}), run_time=1.2)
            self.wait(0.8)
            zoom = Zoom(stage, missed.mean(axis=0) if len(missed) else np.zeros(2), 3.5)
            self.play(zoom.to(run_time=2))
            self.wait(1.5)
            self.play(zoom.to(0.0, run_time=1.2))
        self._bridge(stage, rings)

    def _bridge(self, stage: Stage, rings: StretchedRings) -> None:
        trace = stage.trace
        gaps = np.array(measured(trace, "gaps"), dtype=np.float64)
        layers = np.arange(len(gaps), dtype=np.float64)
        plot = Plot(
            Rect(PANEL.x0, -0.6, PANEL.x1, PANEL.y1),
            self.theme,
            "gap over diameter",
            [Series(layers, gaps, self.theme.accent)],
            Axis(0.0, len(gaps) + 1.0, ticks=tuple(layers)),
            Axis(float(10 ** np.floor(np.log10(max(gaps.min(), 1e-16)))), 1.0, log=True),
            now=lambda: stage.state.position,
            x_name="layers",
        )
        numbers = measured(trace, "winding")

        def winding() -> list[str | Number]:
            number = numbers[int(stage.state.position + 1e-9)]
            return ["winding number", Number("−" if number is None else f"{number:+d}", widest="+1")]

        said = self.live(winding, 2.75)
        whole = all(numbers)
        with self.section(
            "A thin bridge",
            narration="At the end, the stretched part of B is a thin bridge around A. The gap between them "
            + ("all but closes, but B still goes around A." if whole else "has closed."),
        ):
            self.play(FadeIn(plot), FadeIn(said), run_time=0.6)
            self.play(stage.push_forward(run_time=7))
            self.play(StageAnimation(stage, {"line": (1.0, 0, 1), "decision": (0.0, 0, 0.3)}, run_time=1.2))
            self.wait(2)
        self.page = (stage, rings, plot, said)

    def _penalty(self) -> None:
        names = ("annulus-depth-4", *_PENALTIES)
        traces = [self.load(name) for name in names]
        words = ["0", *(name.rsplit("-", 2)[-2] + "-" + name.rsplit("-", 1)[-1] for name in _PENALTIES)]
        steep = np.array([measured(trace, "largest_logit_gradient") for trace in traces])
        right = np.array([100 * measured(trace, "accuracy") for trace in traces])
        plot = MarkedPlot(
            Rect(PANEL.x0, -1.6, PANEL.x1, PANEL.y1),
            self.theme,
            "accuracy against gradient",
            Series(steep, right, self.theme.accent),
            Axis(1.0, float(10 ** np.ceil(np.log10(steep.max()))), log=True),
            Axis(float(5 * np.floor((right.min() - 2) / 5)), 100.0),
            labels=words,
        )
        plot.state.count = 0.0
        tiles = self.tiles(traces, 3, 2.4, curves=False)
        captions = [self.caption(t, f"penalty {w}") for t, w in zip(tiles, words, strict=True)]
        gentler = bool((np.diff(steep) < 0).all() and (np.diff(right) < 0).all())
        closing = (
            ["Gentler, and less accurate:", "the channel widens."]
            if gentler
            else ["A stronger penalty", "is not always gentler."]
        )
        remark = self.remark(*closing)
        with self.section(
            "A contractive penalty",
            narration="A penalty on the gradient at the data is to keep the network gentle. "
            + (
                "The steeper it may be, the more it gets right: one is traded against the other."
                if gentler
                else "Here the trade of one against the other is not a clean one."
            ),
        ):
            self.turn("A contractive penalty")
            self.play(FadeIn(plot), run_time=0.6)
            for k, (tile, caption) in enumerate(zip(tiles, captions, strict=True), 1):
                tile.state.decision = tile.state.regions = 1.0
                self.play(FadeIn(tile), FadeIn(caption), plot.reveal(k, 1.2), run_time=1.2)
                self.wait(0.3)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.5)
        self.page = (plot, *tiles, *captions, remark)

    def _loophole(self) -> None:
        traces = [self.trace, self.load(_LOOPHOLE)]
        tiles = self.tiles(traces, 2, 4.1)
        words = ("no penalty", "penalty on the representation")
        captions = [self.caption(tile, said) for tile, said in zip(tiles, words, strict=True)]
        for tile in tiles:
            tile.at(float(tile.trace.n_layers))
            tile.state.ticks, tile.state.line, tile.state.halves = 0.0, 1.0, 1.0
        table = Table(
            Rect(PANEL.x0, 0.0, PANEL.x1, PANEL.y1 - 0.05),
            self.theme,
            ("without", "with"),
            [
                (name, *(form(measured(trace, key)) for trace in traces))
                for name, key, form in (
                    ("representation", "largest_stretch", "{:.1f}".format),
                    ("readout", "readout_norm", "{:.1f}".format),
                    ("gradient", "largest_logit_gradient", "{:.0f}".format),
                    ("accuracy", "accuracy", percent),
                )
            ],
        )
        shrunk, grown = (
            measured(traces[1], key) / measured(traces[0], key) for key in ("largest_stretch", "readout_norm")
        )
        evaded = shrunk < 1 < grown
        remark = self.remark(
            *(
                ["The representation shrinks,", "the readout grows instead."]
                if evaded
                else ["Here the penalty", "is not evaded."]
            )
        )
        with self.section(
            "A loophole",
            narration="Penalise the representation alone, and it becomes small. The readout makes up for it."
            if evaded
            else "What if a penalty is put on the representation alone? The numbers are on the right.",
        ):
            self.turn("A loophole")
            self.play(*map(FadeIn, (*tiles, *captions)), run_time=0.8)
            self.play(FadeIn(table), run_time=0.8)
            self.wait(4)
        points, labels = traces[1].dataset.dense()
        disc = traces[1].representations(points)[-1][labels == 0]
        low, high = disc.min(axis=0), disc.max(axis=0)
        view = tiles[1].plane.view
        factor = float(1.1 * (view.rect.half * 2 / view.scale / (high - low)).min())
        with self.section(
            "The same in small",
            narration="Under a magnifying glass A is still inside B."
            + " Much of the stretching has only moved." * evaded,
        ):
            if factor > 1.1:
                zoom = Zoom(tiles[1], (low + high) / 2, factor)
                self.play(zoom.to(run_time=3))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(3)
        last = self.remark("Nearly right is not a solution:", "A is still inside B.")
        with self.section(
            "No solution", narration="So nearly right is not nearly a solution: it leads nowhere."
        ):
            self.play(FadeOut(remark), FadeIn(last), run_time=0.8)
            self.wait(3.5)
