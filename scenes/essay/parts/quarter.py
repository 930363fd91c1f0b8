"""One of four activations side by side: its plane, its graph, and what becomes of negative coordinates."""

from __future__ import annotations

import numpy as np
from manim import LEFT
from numpy.typing import NDArray

from scenes.essay.parts.layer_stage import BIAS, SPACING, WEIGHT, LayerStage, layer_trace
from scenes.kit import Live, Number, Rect, Theme, text
from scenes.kit.graph import Graph
from scenes.kit.patch import Patch, cells
from scenes.kit.readout import readout_cells

FloatArray = NDArray[np.float64]

#: The activations, from the upper left row by row, and what they are called on screen.
SHOWN = {"tanh": "tanh", "sigmoid": "sigmoid", "softplus": "softplus", "relu": "ReLU"}
#: Width and height of a plane; from its left edge to the column beside it, and the width of that.
_WIDTH, _HEIGHT, _SIDE, _COLUMN = 3.0, 2.75, 3.25, 2.75
#: Of its first area, a cell with less than this has none: far above rounding, far below what tanh leaves.
_NOTHING = 1e-9


class Quarter:
    """The plane of the layer with one activation, and beside it graph, numbers and verdict.

    Parameters
    ----------
    name
        In ``topo_core.activations.ACTIVATIONS``.
    corner
        Upper left corner of the plane in the frame.
    theme
        Colours and sizes.

    Attributes
    ----------
    stage, marked, share, verdict
        What a scene shows: the plane with its graph; the part where Wx + b has a negative coordinate;
        how much of its area that keeps; how many cells have lost all of theirs.
    cells, flat
        How many cells there are, and how many of them the activation leaves without area.
    """

    def __init__(self, name: str, corner: tuple[float, float], theme: Theme) -> None:
        (x, y), size = corner, theme.small_size
        side, self.title = x + _SIDE, SHOWN[name]
        rect = Rect(x, y - _HEIGHT, x + _WIDTH, y)
        self.stage = LayerStage(layer_trace(name), theme, rect).at(0.0)
        plane = self.stage.plane
        beside = Rect(side, y - 1.8, side + _COLUMN, y)
        graph = Graph(beside, theme, self.title, self.curve, low=-3.0, high=3.0, bottom=-1.25)
        self.stage.add(graph)  # a part of it, so that it is drawn anew whenever the stage moves
        domain = plane.space.domain
        self.marked = Patch(plane, negative_part(domain), theme.accent, fill=0.6, width=7, edged=False)
        self._before = float(self.marked.areas(2 / 3).sum())
        self.share = Live(
            lambda: ["marked area", Number(f"{100 * self.kept:.1f} %", "100.0 %")],
            side,
            y - 2.12,
            size,
            theme.accent,
        )
        grid = Patch(plane, cells(domain, SPACING), theme.accent)
        left = np.abs(grid.areas(1.0)) / grid.areas(0.0)
        self.cells, self.flat = len(left), int(np.count_nonzero(left < _NOTHING))
        colour = theme.accent if self.flat else theme.ink
        verdict = text(f"{self.flat} of {self.cells} cells flat", size, color=colour)
        self.verdict = verdict.move_to((side, y - 2.57, 0.0), aligned_edge=LEFT)

    @property
    def kept(self) -> float:
        """The area of the marked part, relative to that before the activation."""
        return float(self.marked.areas(self.stage.state.position).sum()) / self._before

    def curve(self, x: FloatArray) -> FloatArray:
        """What the activation has made so far of numbers ``(n,)``."""
        *before, activation = self.stage.trace.layers[0].path.steps
        t = float(np.clip((len(before) + 1) * self.stage.state.position - len(before), 0, 1))
        return activation(np.stack([x, x], axis=1), t)[:, 0]


def negative_part(domain: FloatArray) -> list[FloatArray]:
    """The part of a domain ``(2, 2)`` where Wx + b has a negative coordinate, as convex polygons.

    Of 0 and the two coordinates with their signs changed, the largest is one of the latter exactly there.
    """
    weight = np.concatenate([np.zeros((1, 2)), -WEIGHT])
    return readout_cells(weight, np.concatenate([[0.0], -BIAS]), domain)[1:]
