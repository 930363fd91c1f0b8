"""Arrows over a stage: where a layer that moves space along a vector field sends points."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from manim import Animation
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.stage import Stage
from scenes.kit.state import StateAnimation
from scenes.kit.view import View, ticks
from topo_core.errors import TopoError
from topo_core.flow import Flow

FloatArray = NDArray[np.float64]

#: Between arrows, at the layer's start, in Manim units.
_APART = 0.42
#: Longest and widest part of a head, in Manim units; a head is at most so much of its arrow.
_HEAD, _HALF_WIDTH, _SHARE = 0.2, 0.075, 0.5
#: Arrows shorter than this are dots.
_SHORT = 0.05
#: Share of a layer's way, its last part, on which its arrows give way to the next one's.
_RAMP = 0.2


@dataclass
class ArrowState:
    """What is shown.

    ``grown`` is their length (1 is true, at 0 there are none), ``layer`` whose arrows they are; at
    ``follow`` 1 they are those of the layer under way, and give way to the next one's; ``dots`` shows the
    points on their way.
    """

    grown: float = 1.0
    layer: float = 0.0
    follow: float = 0.0
    dots: float = 0.0


class FieldArrows(Drawable):
    """Arrows from points x to ``x + F(x)``, at their true length, in the plane of a layer's inputs.

    They stay where they are while the stage moves; the tip is where the point at the foot arrives.

    Parameters
    ----------
    stage
        Of a trace with flow layers; add the arrows after it.
    apart
        Between their feet, in Manim units, as it is where the layer starts.
    colour
        By default the theme's accent.

    Raises
    ------
    TopoError
        When no layer of the trace moves space along a field.
    """

    def __init__(self, stage: Stage, *, apart: float = _APART, colour: str = "", **options: Any) -> None:
        super().__init__(**options)
        if not any(stage.trace.flows):
            raise TopoError(f"network {stage.trace.spec} has no vector field whose arrows could be drawn")
        self.stage, self.apart, self.state = stage, apart, ArrowState()
        self.colour = colour or stage.theme.accent
        self.points = stage.plane.points.copy()
        self._arrows = lru_cache(maxsize=None)(self._measure)

    def grow(self, length: float = 1.0, *, layer: int = 0, run_time: float = 2.0) -> Animation:
        """Let the arrows of a layer grow from their feet, to ``length`` times their true one."""
        return StateAnimation(
            self, {"grown": length}, start={"grown": 0.0, "layer": float(layer)}, run_time=run_time
        )

    def flow(self, layer: int) -> Flow | None:
        """The field of a layer, if it has one."""
        flows = self.stage.trace.flows[layer]
        return None if flows is None else flows.at(-1)

    def arrows(self, layer: int) -> tuple[FloatArray, FloatArray]:
        """Feet and tips of a layer's arrows, in data units, ``(n, 2)`` each."""
        return self._arrows(layer)

    def _measure(self, layer: int) -> tuple[FloatArray, FloatArray]:
        flow, view = self.flow(layer), self.stage.plane.space.follow(float(layer))
        if flow is None:
            return np.empty((0, 2)), np.empty((0, 2))
        xs, ys = (ticks(low, high, self.apart / view.scale) for low, high in view.window)
        feet = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        return feet, flow(feet)

    def look(self) -> Hashable:
        """They are drawn anew when they or the view change."""
        state, view = self.state, self.stage.plane.view
        moving = self.stage.state.position if state.follow or state.dots else 0.0
        seen = (view.scale, *view.centre.tolist())
        return (state.grown, state.layer, state.follow, state.dots, moving, seen)

    def shown(self) -> dict[int, float]:
        """The layers whose arrows are seen now, and how well, from 0 to 1."""
        if self.state.grown == 0:
            return {}
        if not self.state.follow:
            return {int(self.state.layer): 1.0}
        last = self.stage.trace.n_layers
        position = self.stage.state.position
        layer = int(position)
        coming = float(np.clip((position - layer - 1) / _RAMP + 1, 0, 1))
        return {k: share for k, share in ((layer, 1 - coming), (layer + 1, coming)) if k < last and share > 0}

    def draw(self, canvas: Canvas) -> None:
        """Draw shafts and heads, then the points on their way."""
        stage, rect = self.stage, self.stage.plane.rect
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        for layer, share in self.shown().items():
            self._draw_layer(canvas, layer, share, stage.plane.view)
        canvas.context.restore()

    def _draw_layer(self, canvas: Canvas, layer: int, share: float, view: View) -> None:
        state = self.state
        feet, tips = self.arrows(layer)
        draw_arrows(canvas, view(feet), view(feet + state.grown * (tips - feet)), self.colour, share)
        if state.dots > 0:
            t = float(np.clip(self.stage.state.position - layer, 0, 1))
            canvas.dots(view(feet + t * (tips - feet)), self.stage.theme.ink, 7.0, state.dots)


def draw_arrows(
    canvas: Canvas, start: FloatArray, end: FloatArray, colour: str, opacity: float = 1.0
) -> None:
    """Arrows from ``start`` to ``end``, ``(n, 2)`` each in Manim units; those of no length are dots."""
    away = end - start
    length = np.linalg.norm(away, axis=1)
    long = length > _SHORT
    canvas.dots(start[~long], colour, 3.0, opacity)
    start, end, length = start[long], end[long], length[long, None]
    if not len(start):
        return
    along = away[long] / length
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    head = np.minimum(_HEAD, _SHARE * length)
    neck, half = end - head * along, head * (_HALF_WIDTH / _HEAD) * across
    canvas.stroke(list(np.stack([start, neck], axis=1)), colour, 3.2, opacity=opacity)
    canvas.fill(list(np.stack([end, neck + half, neck - half], axis=1)), colour, opacity)
