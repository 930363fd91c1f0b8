"""The plane as the network moves it: grid, domain, curves, points, regions and the line that divides.

Everything is evaluated from the trace at the absolute ``position`` along the network (1.5 is half-way
through the second layer) and drawn from arrays; nothing is accumulated from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import text_glyphs
from scenes.kit.motion import Motion
from scenes.kit.readout import dividing_lines, readout_cells
from scenes.kit.space import Space
from scenes.kit.theme import Theme
from scenes.kit.ticks import Ticks
from scenes.kit.view import Rect, View
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


@dataclass
class PlaneState:
    """What is shown, each from 0 (not at all) to 1, and the position along the network."""

    position: float = 0.0
    grid: float = 0.0
    boundary: float = 0.0
    curves: float = 0.0
    points: float = 0.0
    regions: float = 0.0
    decision: float = 0.0
    line: float = 0.0
    wrong: float = 0.0
    rings: float = 0.0
    fills: float = 0.0
    halves: float = 0.0
    axes: float = 1.0
    ticks: float = 1.0
    formulas: float = 1.0
    caption: float = 1.0


class Plane(Drawable):
    """A trace's space, drawn in a rectangle of the frame.

    Parameters
    ----------
    trace
        At most two units in every layer, or else a motion that projects.
    rect
        Where in the frame.
    theme
        Colours.
    spacing
        Between grid lines, in data units; by default about a sixteenth of the domain, rounded.
    motion
        How the plane moves, by default through the layers.
    """

    def __init__(
        self,
        trace: Trace,
        rect: Rect,
        theme: Theme,
        *,
        spacing: float | None = None,
        motion: Motion | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.space = Space(trace, rect, spacing, motion)
        self.trace, self.rect, self.theme = trace, rect, theme
        self.state = PlaneState()
        self.ticks = Ticks(rect, theme)
        self.points = np.array(
            [
                [rect.x0, rect.y0, 0],
                [rect.x1, rect.y0, 0],
                [rect.x1, rect.y1, 0],
                [rect.x0, rect.y1, 0],
            ]
        )

    @property
    def view(self) -> View:
        """The view at the present position."""
        return self.space.follow(self.state.position)

    def _placed(self, part: str) -> list[FloatArray]:
        return self.space.placed(part, self.state.position)

    def _carried(self, part: str, lines: tuple[FloatArray, ...]) -> list[FloatArray]:
        return self.space.carried(part, lines, self.state.position)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything at the present state."""
        state, theme, rect = self.state, self.theme, self.rect
        corners = np.array([[rect.x0, rect.y0], [rect.x1, rect.y0], [rect.x1, rect.y1], [rect.x0, rect.y1]])
        canvas.fill([corners], theme.panel, state.axes)
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        if state.regions > 0:
            self._draw_regions(canvas)
        if state.halves > 0:
            self._draw_halves(canvas)
        self.ticks.draw_axes(canvas, self.view, state.axes)
        if state.grid > 0:
            lines = _partial(self._placed("grid"), state.grid)
            canvas.stroke(lines, theme.grid, theme.grid_width)
        if state.fills > 0:
            self._draw_fills(canvas)
        if state.rings > 0:
            self._draw_rings(canvas)
        if state.boundary > 0:
            lines = _partial(self._placed("boundary"), state.boundary)
            canvas.stroke(lines, theme.boundary, theme.boundary_width, round_caps=True)
        if state.decision > 0 and self.space.is_line:
            ends = self.space.intervals[0][1:-1, None]
            if len(ends):
                dots = self._carried("decision", (ends,))[0]
                canvas.dots(dots, theme.accent, 18, state.decision)
        elif state.decision > 0:
            lines = self._carried("decision", self.space.regions.boundaries)
            canvas.stroke(lines, theme.accent, theme.line_width, opacity=state.decision, round_caps=True)
        if state.line > 0:
            self._draw_line(canvas)
        if state.wrong > 0:
            self._draw_wrong(canvas)
        if state.curves > 0:
            self._draw_curves(canvas)
        if state.points > 0:
            self._draw_points(canvas)
        canvas.context.restore()
        self.ticks.draw_edges(canvas, self.view, state.axes * state.ticks)
        if self.space.projected is not None and state.caption > 0:
            self._draw_caption(canvas, self.space.projected.caption(state.position))

    def _draw_caption(self, canvas: Canvas, words: str) -> None:
        """Say, above the upper edge, what is seen of more than two dimensions."""
        if words:
            glyphs = text_glyphs(words, self.theme.small_size)
            opacity = self.state.axes * self.state.caption
            scale = min(1.0, (self.rect.x1 - self.rect.x0) / glyphs.width)
            canvas.glyphs(glyphs, self.rect.x0, self.rect.y1 + 0.14, self.theme.ink, opacity, scale=scale)

    def _draw_regions(self, canvas: Canvas) -> None:
        if self.space.is_line:
            ends, labels = self.space.intervals
            pieces = tuple(np.linspace(a, b, 129)[:, None] for a, b in pairwise(ends))
            for label, piece in zip(labels, self._carried("regions", pieces), strict=True):
                colour = self.theme.region_colour(int(label))
                canvas.stroke([piece], colour, 26, opacity=self.state.regions)
            return
        for label, rings in enumerate(self.space.regions.polygons):
            placed = self._carried(f"region {label}", rings)
            canvas.fill(placed, self.theme.region_colour(label), self.state.regions)

    def _draw_halves(self, canvas: Canvas) -> None:
        """The whole rectangle as the readout divides it, whether or not the plane reaches there."""
        weight, bias = self.space.motion.readout(self.state.position)
        view = self.view
        for label, cell in enumerate(readout_cells(weight, bias, view.window)):
            if len(cell):
                canvas.fill([view(cell)], self.theme.region_colour(label), self.state.halves)

    def _draw_fills(self, canvas: Canvas) -> None:
        """The regions of the dataset, in their classes' colours."""
        outlines = iter(self._placed("curves"))
        for component in self.trace.dataset.components:
            rings = [next(outlines) for _ in component.curves]
            if component.filled:
                colour = self.theme.class_colour(component.label)
                canvas.fill(rings, colour, 0.42 * self.state.fills)

    def _draw_rings(self, canvas: Canvas) -> None:
        """Circles about the origin, those in a region in its class's colour."""
        theme = self.theme
        lines = _partial(self._placed("rings"), self.state.rings)
        for line, label in zip(lines, self.space.ring_labels, strict=True):
            if label is None:
                canvas.stroke([line], theme.grid, theme.grid_width)
            else:
                canvas.stroke([line], theme.class_colour(label), 1.5 * theme.grid_width)

    def _draw_curves(self, canvas: Canvas) -> None:
        lines = _partial(self._placed("curves"), self.state.curves)
        labels = [c.label for c in self.trace.dataset.components for _ in c.curves]
        for line, label in zip(lines, labels, strict=True):
            colour = self.theme.class_colour(label)
            canvas.stroke([line], colour, self.theme.curve_width, round_caps=True)

    def _draw_points(self, canvas: Canvas) -> None:
        dataset = self.trace.dataset
        placed = self._carried("points", (dataset.points,))[0]
        for label in range(dataset.n_classes):
            canvas.dots(
                placed[dataset.labels == label],
                self.theme.class_colour(label),
                7.0,
                self.state.points,
            )

    def _draw_line(self, canvas: Canvas) -> None:
        """The classification lines of the last representation, across the whole rectangle."""
        weight, bias = self.space.motion.readout(self.state.position)
        view = self.view
        far = float(np.linalg.norm(self.rect.half)) / view.scale
        for line in dividing_lines(weight, bias, view.centre, far, self.state.line):
            canvas.stroke([view(line)], self.theme.accent, self.theme.line_width)

    def _draw_wrong(self, canvas: Canvas) -> None:
        """A halo around the pieces of curve on the wrong side; without curves, around points."""
        if not self.trace.dataset.components:
            placed = self._carried("points", (self.trace.dataset.points,))[0]
            wrong = placed[self.space.wrong_points(self.state.position)]
            canvas.dots(wrong, self.theme.accent, 14.0, 0.85 * self.state.wrong)
            return
        width = self.theme.curve_width * 3.2
        canvas.stroke(
            self.space.wrong_pieces(self.state.position),
            self.theme.accent,
            width,
            opacity=0.85 * self.state.wrong,
            round_caps=True,
        )


def _partial(lines: list[FloatArray], share: float) -> list[FloatArray]:
    """The first ``share`` of every line's samples, the last piece cut to measure."""
    if share >= 1:
        return lines
    result = []
    for line in lines:
        end = share * (len(line) - 1)
        whole = int(end)
        tip = line[whole] + (end - whole) * (line[min(whole + 1, len(line) - 1)] - line[whole])
        result.append(np.concatenate([line[: whole + 1], tip[None]]))
    return result
