"""Two hidden units change places: in the diagram, in the matrices, and in the trace.

Essay, "Links and Homotopy", condition b) of the theorem on ambient isotopies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Rect, Theme
from scenes.kit.glyphs import Glyphs, math_glyphs, number_glyphs
from scenes.kit.text import number
from topo_core.errors import TopoError
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: The two units that change places.
PAIR = (0, 1)


def exchanged(trace: Trace, layer: int) -> Trace:
    """The same network with the first two units of a hidden layer exchanged, in all snapshots.

    Two rows of that layer's weight and bias change places, and two columns of what reads them; the trace
    says so, or no longer says so.

    Raises
    ------
    TopoError
        When the layer has fewer than two units, or others of them were exchanged before.
    """
    units, before = trace.spec.widths[layer + 1], trace.swaps[layer]
    if units < 2 or before not in (None, PAIR):
        raise TopoError(
            f"layer {layer + 1} has {units} units, of which {before} were exchanged: give one with two or "
            f"more, and none but {PAIR} exchanged"
        )
    order = [1, 0, *range(2, units)]
    weights, biases, swaps = list(trace.weights), list(trace.biases), list(trace.swaps)
    weights[layer], biases[layer] = weights[layer][:, order], biases[layer][:, order]
    swaps[layer] = None if before else PAIR
    readout = trace.readout_weight
    if layer + 1 < trace.n_layers:
        weights[layer + 1] = weights[layer + 1][:, :, order]
    else:
        readout = readout[:, :, order]
    return replace(
        trace, weights=tuple(weights), biases=tuple(biases), swaps=tuple(swaps), readout_weight=readout
    )


def determinants(trace: Trace) -> list[float]:
    """Determinant of the weight of every hidden layer of as many outputs as inputs."""
    return [float(np.linalg.det(layer.weight)) for layer in trace.layers]


def largest_change(first: Trace, second: Trace, points: FloatArray) -> float:
    """The largest difference of a logit between two networks, at points ``(k, d)``."""
    return float(np.abs(first.logits(points) - second.logits(points)).max())


@dataclass
class SwapState:
    """How far the exchanges are: 1.5 is half-way through the second one."""

    done: float = 0.0

    def share(self, k: int) -> float:
        """How far the exchange ``k`` is, from 0 to 1."""
        return float(np.clip(self.done - k, 0, 1))


class SwapDiagram(Drawable):
    """A network whose units change places, layer after layer, and take their connections along.

    Parameters
    ----------
    trace
        Its architecture; at most six units in a layer.
    layers
        Which hidden layers exchange their first two units, in this order.
    state
        How far they are.
    rect, theme
        Where in the frame, names included; colours.
    """

    def __init__(
        self,
        trace: Trace,
        layers: Sequence[int],
        state: SwapState,
        rect: Rect,
        theme: Theme,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.layers, self.state, self.theme = tuple(layers), state, theme
        widths = (*trace.spec.widths, trace.n_classes)
        self.baseline = rect.y0
        gap = min(1.1, (rect.y1 - rect.y0 - 0.75) / max(max(widths) - 1, 1))
        middle = (rect.y0 + 0.55 + rect.y1) / 2
        self.columns = [
            np.stack([np.full(n, x), middle + gap * ((n - 1) / 2 - np.arange(n))], axis=1)
            for x, n in zip(np.linspace(rect.x0 + 0.25, rect.x1 - 0.25, len(widths)), widths, strict=True)
        ]
        names = ["x", *(f"h_{k + 1}" for k in range(trace.n_layers)), "y"]
        self.names = [math_glyphs(name, theme.small_size) for name in names]
        self.points = np.array([[rect.x0, rect.y0 - 0.1, 0.0], [rect.x1, rect.y1, 0.0]])

    def placed(self) -> list[FloatArray]:
        """Where the units of every column are now: those that change places go around each other."""
        columns = [column.copy() for column in self.columns]
        for k, layer in enumerate(self.layers):
            share = self.state.share(k)
            column = columns[layer + 1]
            (x, top), (_, bottom) = column[0].tolist(), column[1].tolist()
            angle, middle, half = np.pi * share, (top + bottom) / 2, (top - bottom) / 2
            for unit, sign in ((0, 1), (1, -1)):
                column[unit] = (
                    x + sign * 0.45 * half * np.sin(angle),
                    middle + sign * half * np.cos(angle),
                )
        return columns

    def draw(self, canvas: Canvas) -> None:
        """Draw connections, then units; those that change places, and theirs, in the accent's colour."""
        theme, columns = self.theme, self.placed()
        marked = {layer + 1 for k, layer in enumerate(self.layers) if 0 < self.state.share(k) < 1}
        for k, (here, there) in enumerate(pairwise(columns)):
            lines = [np.stack([a, b]) for a in here for b in there]
            lit = k in marked or k + 1 in marked
            canvas.stroke(lines, theme.accent if lit else theme.axis, 3.0 if lit else 2.0)
        for k, (column, name) in enumerate(zip(columns, self.names, strict=True)):
            canvas.dots(column, theme.background, 36)
            canvas.dots(column, theme.ink, 28)
            if 0 < k < len(columns) - 1 and len(column) > 1:
                canvas.dots(column[:1], theme.accent, 28)
            x = float(self.columns[k][0, 0]) - name.width / 2
            canvas.glyphs(name, x, self.baseline, theme.muted)


class SwapMatrix(Drawable):
    """A matrix with a name whose first two rows, or first two columns, change places.

    Parameters
    ----------
    name
        In Typst's notation.
    values
        ``(m, n)``, or ``(m,)`` for a column, before the exchange.
    axis
        0 for rows, 1 for columns.
    state, exchange
        How far the exchanges are, and which of them this one follows.
    x, middle
        Its left end, and the horizontal line about which it stands, in Manim units.
    """

    _ROW, _GAP, _INSET = 0.4, 0.22, 0.1

    def __init__(
        self,
        name: str,
        values: FloatArray,
        axis: int,
        state: SwapState,
        exchange: int,
        x: float,
        middle: float,
        theme: Theme,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.axis, self.state, self.exchange, self.middle = axis, state, exchange, middle
        self.theme, self.x = theme, x
        self.values = values[:, None] if values.ndim == 1 else values
        size = theme.small_size
        self.title = math_glyphs(f"{name} =", size)
        self.cells: list[list[Glyphs]] = [
            [number_glyphs(number(v), size) for v in row] for row in self.values
        ]
        self.wide = max(glyphs.width for row in self.cells for glyphs in row)
        rows, columns = self.values.shape
        self.left = x + self.title.width + 0.17
        self.right = self.left + 2 * self._INSET + columns * self.wide + (columns - 1) * self._GAP
        self.half = rows * self._ROW / 2 + 0.04
        self.points = np.array([[x, middle - self.half, 0.0], [self.right, middle + self.half, 0.0]])

    def place(self, row: int, column: int) -> tuple[float, float]:
        """Where the right end of an entry's baseline is now."""
        at = [float(row), float(column)]
        if at[self.axis] < 2:
            share = self.state.share(self.exchange)
            at[self.axis] += (1 - 2 * at[self.axis]) * share
        rows = len(self.values)
        x = self.left + self._INSET + self.wide + at[1] * (self.wide + self._GAP)
        y = self.middle + ((rows - 1) / 2 - at[0]) * self._ROW - self.cells[0][0].box[3] / 2
        return x, y

    def draw(self, canvas: Canvas) -> None:
        """Draw name, brackets and numbers; what belongs to the first unit has the accent's colour."""
        theme, half = self.theme, self.half
        cap = number_glyphs("0", theme.small_size).box[3]
        canvas.glyphs(self.title, self.x, self.middle - cap / 2, theme.ink)
        for x, inward in ((self.left, 0.08), (self.right, -0.08)):
            low, high = self.middle - half, self.middle + half
            corners = np.array([[x + inward, high], [x, high], [x, low], [x + inward, low]])
            canvas.stroke([corners], theme.ink, 2.5)
        share = self.state.share(self.exchange)
        faint = 1 - 0.75 * float(np.sin(np.pi * share))  # where two numbers pass each other
        for row, cells in enumerate(self.cells):
            for column, glyphs in enumerate(cells):
                index = (row, column)[self.axis]
                x, y = self.place(row, column)
                colour = theme.accent if index == 0 else theme.ink
                canvas.glyphs(glyphs, x - glyphs.width, y, colour, faint if index < 2 else 1.0)
