"""Neighbours instead of a line: two classes on islands, classified by who is near.

Essay, "K-Nearest Neighbor Layers": "linear separability may be a huge, and possibly unreasonable, amount to
demand of a neural network".
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import FadeIn, FadeOut
from numpy.typing import NDArray

from scenes.essay.parts.common import percent
from scenes.essay.parts.neighbour_field import NeighbourField, shares_of_b
from scenes.essay.parts.pages import PagedScene
from scenes.essay.parts.snapshot_plot import accuracy_plot
from scenes.kit import Live, Number, Rect, TrainingStage
from scenes.kit.formulas import Piece
from scenes.kit.motion import TrainingMotion
from scenes.kit.plot import Axis, Plot
from scenes.kit.stage import PANEL, PLANE
from scenes.kit.state import StateAnimation
from topo_core.datasets import Islands
from topo_core.errors import TopoError
from topo_core.knn.weightings import InverseDistance, weighting
from topo_core.topology.threshold import best_cut
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Directions in which the best line is looked for.
_DIRECTIONS = 180
#: Of the points that islands are judged by, every so manieth is asked while a film is made.
_EVERY = 4


class Neighbours(PagedScene):
    """Neighbours instead of a line: islands need not move."""

    experiment = "islands-neighbours"
    also = ("islands-softmax",)

    def construct(self) -> None:
        """The islands; what a line asks for; votes; how many voices; training for votes."""
        planar = self.trace.spec.widths[0] == self.trace.spec.widths[-1] == 2
        self.expect(Islands, "a network that ends in the plane", planar)
        self.data = self.trace.dataset
        self._islands()
        self._line()
        self._votes()
        self._voices()
        self._instead()
        self._trained()

    @cached_property
    def linear(self) -> Trace:
        """The network that was trained for a line."""
        return self.load(self.also[0])

    @cached_property
    def power(self) -> float:
        """The exponent that the votes were trained with."""
        read = weighting(str(self.trace.outcome["readout"]))
        if not isinstance(read, InverseDistance):
            raise TopoError(f"Neighbours shows weights 1/d^p, but the trace has {read}")
        return read.p

    def _field(self) -> NeighbourField:
        """The islands as they are."""
        points = self.data.points
        return NeighbourField(lambda position: points, self.data.labels, PLANE, self.theme)

    def _moving_field(self, trace: Trace) -> NeighbourField:
        """The last representation while a network is trained; a position is the number of a snapshot."""
        motion, n = TrainingMotion(trace), trace.n_layers

        def where(position: float) -> FloatArray:
            return motion.representation(self.data.points, position, n)

        snapshots = tuple(float(s) for s in range(trace.n_snapshots))
        field = NeighbourField(where, self.data.labels, PLANE, self.theme, snapshots)
        field.state.points = field.state.field = 1.0
        field.state.k, field.state.p = float(self.trace.outcome["k"]), self.power
        return field

    def _islands(self) -> None:
        field = self._field()
        counts = [int(np.sum(island)) for island in np.eye(2, dtype=int)[self._island_labels()].T]
        points, labels = self.data.dense()
        angles = np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
        best = max(
            best_cut(points @ np.array([np.cos(a), np.sin(a)]), labels).accuracy for a in angles.tolist()
        )
        legend = self.legend(self.trace)
        remark = self.remark(
            f"{counts[0]} islands of A, {counts[1]} of B.",
            "The best of all lines",
            f"gets {percent(best)} right.",
        )
        with self.section(
            "Islands",
            narration="Two classes on islands, like the fields of a chessboard. No line is any good.",
        ):
            self.turn("Two classes on islands")
            self.play(StateAnimation(field, {"points": 1.0}), FadeIn(legend), run_time=2)
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2.4)
        self.page = (field, legend, remark)

    def _island_labels(self) -> NDArray[np.int64]:
        assert isinstance(self.data, Islands)
        return self.data.island_labels

    def _line(self) -> None:
        trace = self.linear
        stage = TrainingStage(trace, self.theme, grid=False, curves=False, points=True, boundary=False).at(
            0.0
        )
        plot = stage.accuracy_plot(Rect(PANEL.x0, -0.25, PANEL.x1, PANEL.y1), references=())
        outcome = trace.outcome
        solved, tried = outcome["solved_restarts"], outcome["restarts"]
        remark = self.remark(
            f"{solved} of {tried} restarts get there.",
            f"This one, the best: {percent(outcome['accuracy'])}.",
        )
        with self.section(
            "What a line asks for",
            narration="To please a line, layers have to bring all islands of a class together. "
            "If that can be done, training still has to find out how.",
        ):
            self.turn("Trained for a line: two layers of two units")
            self.play(FadeIn(stage), FadeIn(plot), run_time=0.7)
            self.play(stage.train(run_time=8))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2)
        self.page = (stage, plot, remark)

    def _vote_lines(self, field: NeighbourField, row: float) -> list[Live]:
        """What the neighbours say, a line for each class, and how they are counted."""

        def of(label: int) -> list[Piece]:
            share = field.vote() if label else 1 - field.vote()
            return [f"votes for {'AB'[label]}:", Number(f"{share:.2f}", widest="0.00")]

        lines = [
            self.live(lambda: ["neighbours asked:", Number(str(field.k), widest="100")], row),
            self.live(lambda: ["weight of each:", _weight_formula(field.state.p)], row + 0.8),
        ]
        for label in (0, 1):
            y = PANEL.y1 - 1.7 - 0.9 * (row + 1.9 + 0.7 * label)
            colour = self.theme.class_colour(label)
            lines.append(
                Live(lambda label=label: of(label), PANEL.x0, y, self.theme.text_size, colour)  # type: ignore[misc]
            )
        return lines

    def _votes(self) -> None:
        field = self._field()
        field.state.points = 1.0
        reach = float(np.abs(self.data.points).max())
        field.state.x, field.state.y = -0.98 * reach, 0.62 * reach
        lines = self._vote_lines(field, -1.0)
        points, labels = self.data.dense()
        given = shares_of_b(self.data.points, self.data.labels, points, field.k, field.weighting) > 0.5
        right = float(np.mean(given == labels))
        remark = self.remark("No layer at all,", f"and {percent(right)} is right.")
        self.field, self.lines = field, lines
        with self.section(
            "Ask the neighbours",
            narration="Or ask who is near. The nearest points vote, each with one over its distance. As the "
            "point moves from island to island, the votes follow.",
        ):
            self.turn("Ask the neighbours")
            self.play(FadeIn(field), *map(FadeIn, lines), run_time=0.7)
            self.play(StateAnimation(field, {"asked": 1.0}), run_time=0.5)
            steps = ((-0.1, 0.35, 2.6), (0.35, -0.5, 2.4), (0.62, -0.32, 1.4))
            for x, y, seconds in steps:
                self.play(StateAnimation(field, {"x": x * reach, "y": y * reach}), run_time=seconds)
            self.play(StateAnimation(field, {"field": 1.0}), FadeIn(remark), run_time=1.5)
            self.wait(2)
        self.votes_remark = remark

    def _voices(self) -> None:
        field = self.field
        remark = self.remark("More neighbours: smoother.", "A steeper weight: the near", "ones decide again.")
        with self.section(
            "How many, and how much",
            narration="With more neighbours the borders change. With a steeper weight the nearest ones "
            "decide again, however many are asked.",
        ):
            self.play(FadeIn(remark), FadeOut(self.votes_remark), run_time=0.6)
            self.play(StateAnimation(field, {"k": 60.0}), run_time=4)
            self.wait(0.6)
            self.play(StateAnimation(field, {"p": 8.0}), run_time=3)
            self.wait(1.8)
        self.page = (field, *self.lines, remark)

    def _by_neighbours(self, trace: Trace, field: NeighbourField, snapshot: int) -> float:
        """The share of points that the field gets right at a snapshot."""
        points, labels = self.data.dense()
        points, labels = points[::_EVERY], labels[::_EVERY]
        around = trace.evaluate(self.data.points, trace.n_layers, snapshot=snapshot)
        asked = trace.evaluate(points, trace.n_layers, snapshot=snapshot)
        given = shares_of_b(around, self.data.labels, asked, field.k, field.weighting) > 0.5
        return float(np.mean(given == labels))

    def _plot(self, trace: Trace, field: NeighbourField, *measured: tuple[str, str, FloatArray]) -> Plot:
        """Accuracies against the steps, up to the field's position."""
        least = 100 * min(float(shares.min()) for _, _, shares in measured)
        low = min(10 * float(np.floor(least / 10)), 90.0)
        alone = len(measured) == 1  # names of several need room above them
        axis = Axis(low, 100.0) if alone else Axis(low, 108.0, ticks=(50.0, 75.0, 100.0))
        rect = Rect(PANEL.x0, -0.25, PANEL.x1, PANEL.y1)
        return accuracy_plot(
            trace, rect, self.theme, "accuracy", measured, axis, lambda: field.state.position
        )

    def _asked(self, field: NeighbourField) -> Live:
        return Live(
            lambda: [Number(str(field.k)), "neighbours, weight", _weight_formula(field.state.p)],
            PANEL.x0,
            -0.85,
            self.theme.text_size,
            self.theme.ink,
            PANEL.x1 - PANEL.x0,
        )

    def _film(self, trace: Trace, field: NeighbourField, run_time: float) -> StateAnimation:
        last = float(trace.n_snapshots - 1)
        return StateAnimation(field, {"position": last}, steady=("position",), run_time=run_time)

    def _instead(self) -> None:
        trace = self.linear
        field = self._moving_field(trace)
        by_votes = np.array([self._by_neighbours(trace, field, s) for s in range(trace.n_snapshots)])
        plot = self._plot(
            trace,
            field,
            ("the line", self.theme.muted, trace.accuracies),
            ("neighbours", self.theme.accent, by_votes),
        )
        asked = self._asked(field)
        remark = self.remark(
            "In the end, right are",
            f"{percent(trace.accuracies[-1])} by the line,",
            f"{percent(by_votes[-1])} by neighbours.",
        )
        with self.section(
            "Neighbours instead of the line",
            narration="Back to the network that was trained for a line. Drop the line, and ask for "
            "neighbours in its representation instead.",
        ):
            self.turn("Drop the line, ask the neighbours")
            self.play(FadeIn(field), FadeIn(plot), FadeIn(asked), run_time=0.7)
            self.play(self._film(trace, field, 7))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(2)
        self.page = (field, plot, asked, remark)

    def _trained(self) -> None:
        trace = self.trace
        field = self._moving_field(trace)
        plot = self._plot(trace, field, ("", self.theme.accent, trace.accuracies))
        asked = self._asked(field)
        remark = self.remark(
            "Right before training:",
            f"{percent(trace.accuracies[0])}; after: {percent(trace.accuracies[-1])}.",
        )
        with self.section(
            "Trained for its neighbours",
            narration="The votes are differentiable, so a network can be trained for them. The border is "
            "drawn anew at every step, from where the points are. Islands may stay islands.",
        ):
            self.turn("Trained for neighbours")
            self.play(FadeIn(field), FadeIn(plot), FadeIn(asked), run_time=0.7)
            self.wait(0.5)
            self.play(self._film(trace, field, 10))
            self.play(FadeIn(remark), run_time=0.6)
            self.wait(3)
        self.page = (field, plot, asked, remark)


def _weight_formula(p: float) -> str:
    """``1/d^p`` for the exponent as it is now, to half units: each formula is set once."""
    shown = round(2 * p) / 2
    return (
        "$1 slash d$"
        if shown == 1
        else f"$1 slash d^{shown:g}$"
        if shown.is_integer()
        else f"$1 slash d^({shown:g})$"
    )
