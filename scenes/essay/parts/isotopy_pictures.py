"""The pictures of the scene on ambient isotopies: two paths to a matrix, and a network that is mirrored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import LEFT, Mobject
from numpy.typing import NDArray

from scenes.essay.parts.isotopy_checks import folding_weight, mirrored
from scenes.essay.parts.marks import Sheet
from scenes.essay.parts.swap import SwapDiagram, SwapMatrix, SwapState, determinants, largest_change
from scenes.kit import Axis, Live, Matrix, Number, Plot, Rect, Series, Stage, Theme
from scenes.kit.formulas import Piece
from scenes.kit.motion import LayerMotion, Path
from scenes.kit.text import number, scientific, typeset
from topo_core.handmade import handmade
from topo_core.isotopy import LinearPath
from topo_core.straight_path import StraightPath
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: The two planes side by side, the plot below them, and the left end of the words beside it.
PLANES = Rect(-6.25, -0.5, -0.65, 2.2), Rect(1.0, -0.5, 6.6, 2.2)
WIDE_PLOT, WORDS = Rect(-6.75, -3.75, 1.0, -1.1), 1.8
#: The plane that is mirrored, the plot below it, and the network beside both.
SMALL_PLANE, SMALL_PLOT = Rect(-6.25, -0.5, -2.05, 2.75), Rect(-6.75, -3.75, -1.95, -1.1)
NETWORK = Rect(-1.3, 0.4, 6.65, 2.75)

#: How finely determinants are plotted.
_FINE = 401


def sheet_plane(theme: Theme, path: Path, rect: Rect) -> tuple[Stage, Sheet]:
    """A sheet of the plane that is moved along a path of matrices."""
    trace = handmade([(np.eye(2), np.zeros(2))], "linear")
    motion = LayerMotion(trace, [path])
    stage = Stage(trace, theme, curves=False, panel=False, rect=rect, motion=motion).at(0.0)
    return stage, Sheet(stage)


def determinant_plot(
    theme: Theme, rect: Rect, stage: Stage, *curves: tuple[Callable[[float], float], str], value: bool = False
) -> Plot:
    """Determinants along paths, each in its colour, as far as a stage is; the last one's in figures, too."""
    t = np.linspace(0, 1, _FINE)
    series = [Series(t, np.array([along(s) for s in t.tolist()]), colour) for along, colour in curves]
    low, high = min(float(s.y.min()) for s in series), max(float(s.y.max()) for s in series)
    room = 0.12 * (high - min(low, 0.0))
    return Plot(
        rect,
        theme,
        "det p(t)",
        series,
        Axis(0.0, 1.0, ticks=(0.0, 0.25, 0.5, 0.75, 1.0)),
        Axis(min(low, 0.0) - room, high + room),
        now=lambda: stage.state.position,
        value=(lambda: number(curves[-1][0](stage.state.position))) if value else None,
        references=[(0.0, "singular")],
        x_name="t",
    )


def row(theme: Theme, x: float, y: float, content: Callable[[], Sequence[Piece]], colour: str = "") -> Live:
    """A line that is asked for at every frame."""
    return Live(content, x, y, theme.small_size, colour or theme.ink)


def fixed(value: float) -> Number:
    """A number with two decimals that leaves room for its sign."""
    return Number(number(value), widest="-0.00")


class TwoPaths:
    """The straight and the polar path to a weight of a trace, side by side."""

    def __init__(self, trace: Trace, theme: Theme) -> None:
        self.theme = theme
        self.weight, self.layer = folding_weight(trace)
        self.straight, self.polar = straight, polar = StraightPath(self.weight), LinearPath(self.weight)
        bent, bent_sheet = sheet_plane(theme, straight, PLANES[0])
        turned, turned_sheet = sheet_plane(theme, polar, PLANES[1])
        self.stages, self.sheets = (bent, turned), (bent_sheet, turned_sheet)
        captions = [
            typeset(words, theme.text_size, color=colour).move_to((rect.x0, 2.62, 0), aligned_edge=LEFT)
            for words, colour, rect in (
                ("straight: $(1 - t) I + t W$", theme.accent, PLANES[0]),
                ("polar: $exp(t log Q) ((1 - t) I + t S)$", theme.ink, PLANES[1]),
            )
        ]
        curves = (straight.determinant, theme.accent), (polar.determinant, theme.ink)
        self.plot = determinant_plot(theme, WIDE_PLOT, bent, *curves)
        self.all: list[Mobject] = [*self.stages, *self.sheets, *captions, self.plot]
        source = (
            "W, chosen by hand:"
            if self.layer is None
            else f"W of layer {self.layer + 1} of {trace.n_layers}, trained:"
        )
        self.about = [
            row(theme, WORDS, -1.5, lambda: (source,), theme.muted),
            row(theme, WORDS, -2.25, lambda: ("$W =$", Matrix(self.weight), "$= Q S$")),
            row(theme, WORDS, -3.0, lambda: ("$det W =$", fixed(polar.determinant(1.0)))),
        ]
        self.rows = [
            row(theme, WORDS, -1.5, lambda: ("$t =$", Number(f"{self.t:.3f}"))),
            row(
                theme,
                WORDS,
                -2.05,
                lambda: ("straight: det =", fixed(straight.determinant(self.t))),
                theme.accent,
            ),
            row(theme, WORDS, -2.6, lambda: ("polar: det =", fixed(polar.determinant(self.t)))),
        ]
        words = typeset("green: the back of the plane", theme.small_size, color=Sheet.back(theme))
        self.back: Mobject = words.move_to((WORDS, -3.25, 0), aligned_edge=LEFT)

    @property
    def t(self) -> float:
        """How far both paths are."""
        return self.stages[0].state.position

    def why(self, instant: int) -> Live:
        """Why the straight path is singular at one of its instants, counted from 0."""
        values = sorted(v.real for v in self.straight.eigenvalues.tolist() if v.imag == 0 and v.real < 0)
        formula = f"$1 - t + t lambda = 0$ with $lambda = {number(values[instant])}$"
        return row(self.theme, WORDS, -3.25, lambda: (formula,), self.theme.accent)


class MirroredNetwork:
    """A network with a negative determinant, and what exchanging units makes of it.

    Parameters
    ----------
    trace
        After all exchanges.
    side
        Points a side at which the networks are compared.
    """

    def __init__(self, trace: Trace, theme: Theme, side: int = 101) -> None:
        self.theme = theme
        self.networks, self.layers, self.trained = mirrored(trace)
        layer = self.layers[0]
        before, after = (self.networks[k].layers[layer].weight for k in (0, 1))
        self.paths = LinearPath(before), LinearPath(after)
        (self.mirror, mirror_sheet), (self.kept, kept_sheet) = (
            sheet_plane(theme, path, SMALL_PLANE) for path in self.paths
        )
        red, ink = (self.paths[0].determinant, theme.accent), (self.paths[1].determinant, theme.ink)
        self.first = [
            self.mirror,
            mirror_sheet,
            determinant_plot(theme, SMALL_PLOT, self.mirror, red, value=True),
        ]
        self.second = [
            self.kept,
            kept_sheet,
            determinant_plot(theme, SMALL_PLOT, self.kept, red, ink, value=True),
        ]
        self.state = state = SwapState()
        self.diagram = SwapDiagram(trace, self.layers, state, NETWORK, theme)
        number_ = layer + 1
        first = self.networks[0]
        reader = first.layers[layer + 1].weight if number_ < first.n_layers else first.readout_weight[-1]
        self.matrices: list[SwapMatrix] = []
        x = NETWORK.x0
        for name, values, axis in (
            (f"W_{number_}", before, 0),
            (f"b_{number_}", first.layers[layer].bias, 0),
            (f"W_{number_ + 1}" if number_ < first.n_layers else "W_y", reader, 1),
        ):
            self.matrices.append(SwapMatrix(name, values, axis, state, 0, x, -0.45, theme))
            x = self.matrices[-1].right + 0.32
        self._determinants = [determinants(network) for network in self.networks]
        self.dets = [
            row(theme, NETWORK.x0 + 2.5 * k, -1.45, self._determinant(k)) for k in range(first.n_layers)
        ]
        xs, ys = (np.linspace(low, high, side) for low, high in trace.dataset.bounds)
        points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        self.changes = [largest_change(first, network, points) for network in self.networks]
        self.change = row(
            theme,
            NETWORK.x0,
            -2.15,
            lambda: (
                f"largest change of a logit at {len(points)} points:",
                f"${scientific(self.changes[self.now])}$",
            ),
            theme.accent,
        )

    def _determinant(self, k: int) -> Callable[[], Sequence[Piece]]:
        return lambda: (f"$det W_{k + 1} =$", fixed(self._determinants[self.now][k]))

    @property
    def now(self) -> int:
        """How many exchanges are made, to the nearest."""
        return int(self.state.done + 0.5)
