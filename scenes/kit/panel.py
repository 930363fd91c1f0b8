"""Where in the network we are, and the formula of the step under way."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import DOWN, LEFT, UP, VGroup

from scenes.kit.camera import Drawable, SharedGroup
from scenes.kit.canvas import Canvas
from scenes.kit.text import activation_formula, math, matrix, text
from scenes.kit.theme import Theme, mix
from scenes.kit.view import Rect
from topo_core.trace import Trace, TraceLayer

#: Share of a step's path over which it lights up, and the step before it dims.
_RAMP = 0.02
#: Share of a layer's path over which its formulas replace the previous layer's.
_FADE = 0.004


class Diagram(Drawable):
    """The network as columns of units, lit up to the present position."""

    MOST = 6  # units drawn in a column

    def __init__(self, trace: Trace, rect: Rect, theme: Theme, **options: Any) -> None:
        super().__init__(**options)
        self.theme = theme
        self.position = 0.0
        widths = (*trace.spec.widths, trace.n_classes)
        xs = np.linspace(rect.x0, rect.x1, len(widths))
        self.columns = []
        for x, width in zip(xs, widths, strict=True):
            shown = min(width, self.MOST)
            gap = min(0.5, (rect.y1 - rect.y0) / max(shown - 1, 1))
            ys = rect.centre[1] + gap * (np.arange(shown) - (shown - 1) / 2)
            self.columns.append(np.stack([np.full(shown, x), ys], axis=1))
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def draw(self, canvas: Canvas) -> None:
        """Draw connections, then units; the part already passed is bright."""
        theme = self.theme
        for k, (left, right) in enumerate(zip(self.columns, self.columns[1:], strict=False)):
            share = float(np.clip(self.position - k, 0, 1))
            lines = [np.stack([a, b]) for a in left for b in right]
            canvas.stroke(lines, theme.grid, 2.0)
            if share > 0:
                lit = [np.stack([a, a + share * (b - a)]) for a, b in lines]
                canvas.stroke(lit, theme.accent, 3.0)
        for k, column in enumerate(self.columns):
            light = float(np.clip(self.position - k + 1, 0, 1))
            canvas.dots(column, theme.background, 26)
            canvas.dots(column, mix(theme.grid, theme.accent, light), 20)


class LayerPanel(SharedGroup):
    """The diagram, and under it the three steps of the present layer with their numbers.

    All of it depends on one number, the position along the network.
    """

    def __init__(self, trace: Trace, rect: Rect, theme: Theme) -> None:
        self.trace, self.theme = trace, theme
        top = Rect(rect.x0 + 0.35, rect.y1 - 1.15, rect.x1 - 0.35, rect.y1 - 0.35)
        self.diagram = Diagram(trace, top, theme)
        names = ["x", *(f"h_{k + 1}" for k in range(trace.n_layers)), "y"]
        labels = VGroup(
            *(
                math(name, theme.small_size, color=theme.muted).move_to(
                    (float(column[0, 0]), rect.y1 - 1.62, 0.0)
                )
                for name, column in zip(names, self.diagram.columns, strict=True)
            )
        )
        space = Rect(rect.x0, rect.y0, rect.x1, rect.y1 - 2.15)
        self.cards = [_Card(layer, trace.n_layers, space, theme) for layer in trace.layers]
        super().__init__(self.diagram, labels, *self.cards)
        self.follow(0.0, 1.0)

    def follow(self, position: float, opacity: float) -> None:
        """Show the layer, and light the step, at a position along the network.

        ``opacity`` is that of the formulas; the diagram always stands. Beyond the last layer it lights
        the readout.
        """
        self.diagram.position = position
        for card in self.cards:
            after = position - card.layer.index
            fade_in = float(np.clip((after - _FADE) / _FADE, 0, 1))
            fade_out = float(np.clip((1 + _FADE - after) / _FADE, 0, 1))
            last = card.layer.index == self.trace.n_layers - 1
            card.light(max(0.0, after), opacity * fade_in * (1.0 if last else fade_out))


class _Card(VGroup):
    """One layer's heading and its steps, each with a name and a formula."""

    def __init__(self, layer: TraceLayer, n_layers: int, space: Rect, theme: Theme) -> None:
        self.layer, self.theme = layer, theme
        heading = text(
            f"Layer {layer.index + 1} of {n_layers}",
            theme.text_size,
            weight="bold",
            color=theme.ink,
        )
        rows = [
            _row(step.label, formula, theme)
            for step, formula in zip(layer.path.steps, _formulas(layer), strict=True)
        ]
        stack = VGroup(heading, *rows).arrange(DOWN, aligned_edge=LEFT, buff=0.34)
        limit = min(1.0, (space.x1 - space.x0) / stack.width, (space.y1 - space.y0) / stack.height)
        stack.scale(limit)
        stack.move_to((space.x0, space.y1, 0.0), aligned_edge=UP + LEFT)
        super().__init__(heading, *rows)
        self.rows = rows
        self._shown: tuple[float, ...] = ()

    def light(self, after: float, opacity: float) -> None:
        """Show at ``opacity`` with the step lit that is under way ``after`` the layer's start."""
        steps = len(self.rows)
        now = after * steps
        shares = [opacity]
        for index in range(steps):
            rises = (now - index) / _RAMP
            falls = (index + 1 - now) / _RAMP + 1
            lit = min(rises, 1.0 if index == steps - 1 else falls)
            shares.append(float(np.clip(lit, 0, 1)))
        wanted = tuple(round(share, 3) for share in shares)
        if wanted == self._shown:
            return
        self._shown = wanted
        theme = self.theme
        for row, lit in zip(self.rows, wanted[1:], strict=True):
            row[0].set_color(mix(theme.muted, theme.accent, lit))
            row[1].set_color(mix(theme.muted, theme.ink, lit))
        self.set_opacity(wanted[0])


def _row(name: str, formula: str, theme: Theme) -> VGroup:
    label = text(name, theme.small_size, color=theme.accent)
    return VGroup(label, math(formula, theme.text_size, color=theme.ink)).arrange(
        DOWN, aligned_edge=LEFT, buff=0.14
    )


def _formulas(layer: TraceLayer) -> list[str]:
    """The steps as formulas, with numbers where they fit."""
    small = layer.weight.size <= 9
    formulas = {
        "linear": f"x |-> {matrix(layer.weight)} x" if small else "x |-> W x",
        "translation": f"x |-> x + {matrix(layer.bias)}" if small else "x |-> x + b",
        "activation": f"x |-> {activation_formula(layer.activation, 'x')}",
    }
    return [formulas[step.kind] for step in layer.path.steps]
