"""One point that travels along a class's curve, and the network's units lighting up as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable, SharedGroup
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import math_glyphs, number_glyphs, text_glyphs
from scenes.kit.motion import moved
from scenes.kit.stage import Stage
from scenes.kit.state import StateAnimation
from scenes.kit.text import number
from scenes.kit.theme import Theme, mix
from scenes.kit.view import Rect
from topo_core.errors import TopoError
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Under the small diagram of a stage's panel.
FIRING = Rect(2.5, -3.2, 6.6, 0.6)


@dataclass
class ProbeState:
    """Which curve of the dataset the point is on, and where, from 0 to 1."""

    curve: int = 0
    s: float = 0.0


class Probe(SharedGroup):
    """A marked point on a stage, and a diagram of the network with the value of every unit at it.

    Parameters
    ----------
    stage
        Where the point is shown, at the stage's own position along the network.
    rect
        Where the diagram goes.

    Raises
    ------
    TopoError
        When the dataset's components are not known.
    """

    def __init__(self, stage: Stage, rect: Rect = FIRING) -> None:
        self.stage = stage
        self.curves = [(c.label, curve) for c in stage.trace.dataset.components for curve in c.curves]
        if not self.curves:
            raise TopoError(
                f"dataset {stage.trace.dataset.name!r} knows no curve for a point to travel along"
            )
        self.state = ProbeState()
        super().__init__(_Mark(self), _Firing(self, rect))

    @property
    def label(self) -> int:
        """The class of the curve that the point is on."""
        return self.curves[self.state.curve][0]

    @property
    def point(self) -> FloatArray:
        """The point ``(d,)``, at the input."""
        _, curve = self.curves[self.state.curve]
        result: FloatArray = curve.path(np.array([self.state.s]))[0]
        return result

    def place(self, curve: int, s: float) -> None:
        """Put the point at ``s`` in [0, 1] of a component's curve."""
        self.state.curve, self.state.s = curve, s

    def travel(
        self, curve: int, first: float = 0.0, last: float = 1.0, run_time: float = 4.0
    ) -> StateAnimation:
        """Move the point along a curve."""
        return StateAnimation(self, {"s": last}, start={"curve": curve, "s": first}, run_time=run_time)


class _Mark(Drawable):
    """The point on the plane, with lines to the axes once it is in a hidden representation."""

    def __init__(self, probe: Probe, **options: Any) -> None:
        super().__init__(**options)
        self.probe = probe
        self.points = probe.stage.plane.points.copy()

    def draw(self, canvas: Canvas) -> None:
        """Draw it where the stage is."""
        stage, theme = self.probe.stage, self.probe.stage.theme
        state, view = stage.state, stage.plane.view
        at = view(moved(stage.plane.space.motion, self.probe.point[None], state.position))
        if state.position >= 1:
            origin = view(np.zeros((1, 2)))[0]
            x, y = at[0]
            lines = [np.array([[x, y], [x, origin[1]]]), np.array([[x, y], [origin[0], y]])]
            canvas.stroke(lines, theme.ink, 3.0)
        canvas.dots(at, theme.ink, 30)
        canvas.dots(at, theme.class_colour(self.probe.label), 22)


class _Firing(Drawable):
    """The units as discs, brighter the more they fire, with their values."""

    def __init__(self, probe: Probe, rect: Rect, **options: Any) -> None:
        super().__init__(**options)
        self.probe, self.rect = probe, rect
        trace, theme = probe.stage.trace, probe.stage.theme
        self.columns = _columns(trace, rect)
        size = theme.small_size
        self.names = [[math_glyphs(f"x_{i + 1}", size) for i in range(len(self.columns[0]))]]
        self.names += [
            [text_glyphs(f"unit {i + 1}", size) for i in range(len(column))] for column in self.columns[1:-1]
        ]
        self.names.append([text_glyphs(n, size, "bold") for n in trace.dataset.class_names])
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def values(self) -> list[FloatArray]:
        """The value of every unit at the point: inputs, hidden units, and probabilities of the classes."""
        trace = self.probe.stage.trace
        x = self.probe.point[None]
        logits = trace.logits(x)[0]
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        return [*(h[0] for h in trace.representations(x)), probabilities]

    def draw(self, canvas: Canvas) -> None:
        """Draw connections, discs and values."""
        theme, trace, values = self.probe.stage.theme, self.probe.stage.trace, self.values()
        weights = [*(w[-1] for w in trace.weights), trace.readout_weight[-1]]
        for left, right, weight, fired in zip(self.columns, self.columns[1:], weights, values, strict=False):
            strength = np.abs(weight * fired) / max(float(np.abs(weight * fired).max()), 1e-9)
            for i, b in enumerate(right):
                for j, a in enumerate(left):
                    colour = mix(theme.grid, theme.accent, float(strength[i, j]))
                    canvas.stroke([np.stack([a, b])], colour, 2.0 + 3.0 * float(strength[i, j]))
        last = len(self.columns) - 1
        for k, (column, fired, names) in enumerate(zip(self.columns, values, self.names, strict=True)):
            for i, (at, value, name) in enumerate(zip(column, fired, names, strict=True)):
                light = float(value) if k == last else float(np.clip((value + 1) / 2, 0, 1))
                bright = theme.class_colour(i) if k == last else theme.accent
                canvas.dots(at[None], theme.ink, 50)
                canvas.dots(at[None], mix(theme.panel, bright, light), 44)
                self._words(
                    canvas, at, name, f"{100 * value:.0f} %" if k == last else number(float(value)), theme
                )

    @staticmethod
    def _words(canvas: Canvas, at: FloatArray, name: Any, value: str, theme: Theme) -> None:
        x, y = at.tolist()
        canvas.glyphs(name, x - name.width / 2, y + 0.36, theme.muted)
        shown = number_glyphs(value, theme.small_size)
        signless = number_glyphs(value.lstrip("-"), theme.small_size).width
        canvas.glyphs(shown, x + signless / 2 - shown.width, y - 0.36 - shown.box[3], theme.ink)


def _columns(trace: Trace, rect: Rect) -> list[FloatArray]:
    """Where the units are, column by column, ``(n, 2)`` each."""
    widths = (*trace.spec.widths, trace.n_classes)
    xs = np.linspace(rect.x0 + 0.35, rect.x1 - 0.35, len(widths))
    columns = []
    for x, width in zip(xs, widths, strict=True):
        gap = min(1.75, (rect.y1 - rect.y0 - 1.2) / max(max(widths) - 1, 1))
        ys = rect.centre[1] - gap * (np.arange(width) - (width - 1) / 2)
        columns.append(np.stack([np.full(width, x), ys], axis=1))
    return columns
