"""Where in the network we are, and the formula of the step under way."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable, SharedGroup
from scenes.kit.canvas import Canvas
from scenes.kit.formulas import Matrix, Number, Piece, draw_formula, formula_size
from scenes.kit.glyphs import Glyphs, math_glyphs, number_glyphs, text_glyphs
from scenes.kit.text import activation_formula, number
from scenes.kit.theme import Theme, mix
from scenes.kit.view import Rect
from topo_core.trace import Trace, TraceLayer

FloatArray = NDArray[np.float64]

#: Share of a step's path over which it lights up, and the step before it dims.
_RAMP = 0.02
#: Share of a layer's path over which its formulas replace the previous layer's.
_FADE = 0.004


class Diagram(SharedGroup):
    """The network as columns of units, lit up to the present position along it."""

    def __init__(self, trace: Trace, rect: Rect, theme: Theme) -> None:
        self.past = _Units(trace, rect, theme)
        self.present = _Passing(self.past)
        self.columns = self.past.columns
        super().__init__(self.past, self.present)

    @property
    def position(self) -> float:
        """How far along the network, in layers; beyond the last lies the readout."""
        return self.past.position

    @position.setter
    def position(self, position: float) -> None:
        """Light it up to there."""
        self.past.position = position


class _Units(Drawable):
    """The units, and the connections between them, with all of the layers lit that lie behind."""

    MOST = 6  # units drawn in a column
    ROOM = 0.6  # that the name of a column needs; of columns that stand closer, not all are named

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
        names = ["x", *(f"h_{k + 1}" for k in range(trace.n_layers)), "y"]
        spacing = float(xs[1] - xs[0])
        self.diameter = min(20.0, 60 * spacing)
        every = int(np.ceil(self.ROOM / spacing - 1e-9))
        last = len(names) - 1
        self.names = {
            k: math_glyphs(name, theme.small_size)
            for k, name in enumerate(names)
            if k == last or (k % every == 0 and k <= last - every)
        }
        self.counts = {
            k: number_glyphs(str(width), theme.small_size)
            for k, width in enumerate(widths)
            if width > self.MOST and k in self.names
        }
        self.baseline = rect.y0 - 0.55
        self.points = np.array([[rect.x0 - 0.3, rect.y0 - 0.75, 0.0], [rect.x1 + 0.3, rect.y1 + 0.5, 0.0]])

    def connections(self, k: int) -> list[FloatArray]:
        """The lines from the units of column ``k`` to the next."""
        return [np.stack([a, b]) for a in self.columns[k] for b in self.columns[k + 1]]

    def units(self, canvas: Canvas, k: int) -> None:
        """Draw a column, lit as the position says."""
        theme, light = self.theme, float(np.clip(self.position - k + 1, 0, 1))
        canvas.dots(self.columns[k], theme.background, 1.3 * self.diameter)
        canvas.dots(self.columns[k], mix(theme.grid, theme.accent, light), self.diameter)

    def look(self) -> int:
        """Whole layers behind."""
        return int(np.clip(self.position, 0, len(self.columns) - 1))

    def draw(self, canvas: Canvas) -> None:
        """Draw connections, then units; the layers already passed are bright."""
        theme, passed = self.theme, self.look()
        for k in range(len(self.columns) - 1):
            canvas.stroke(self.connections(k), theme.grid, 2.0)
            if k < passed:
                canvas.stroke(self.connections(k), theme.accent, 3.0)
        for k, column in enumerate(self.columns):
            canvas.dots(column, theme.background, 1.3 * self.diameter)
            canvas.dots(column, theme.accent if k <= passed else theme.grid, self.diameter)
        for k, name in self.names.items():
            at = float(self.columns[k][0, 0])
            canvas.glyphs(name, at - name.width / 2, self.baseline, theme.muted)
        for k, count in self.counts.items():  # of columns with more units than are drawn
            at, top = self.columns[k][-1].tolist()
            canvas.glyphs(count, at - count.width / 2, top + 0.2, theme.muted)


class _Passing(Drawable):
    """The light that passes from one column of units to the next."""

    def __init__(self, units: _Units, **options: Any) -> None:
        super().__init__(**options)
        self.units = units
        self.points = units.points.copy()

    def draw(self, canvas: Canvas) -> None:
        """Draw the connections half passed, and the units at their two ends."""
        units, k = self.units, self.units.look()
        share = units.position - k
        if share <= 0 or k + 1 >= len(units.columns):
            return
        lit = [np.stack([a, a + share * (b - a)]) for a, b in units.connections(k)]
        canvas.stroke(lit, units.theme.accent, 3.0)
        units.units(canvas, k)
        units.units(canvas, k + 1)


class LayerPanel(SharedGroup):
    """The diagram, and under it the three steps of the present layer with their numbers.

    All of it depends on one number, the position along the network.

    Parameters
    ----------
    live
        Whether the matrix and the vector show what has been applied of them so far.
    """

    def __init__(self, trace: Trace, rect: Rect, theme: Theme, *, live: bool = False) -> None:
        self.trace, self.theme = trace, theme
        top = Rect(rect.x0 + 0.35, rect.y1 - 1.15, rect.x1 - 0.35, rect.y1 - 0.35)
        self.diagram = Diagram(trace, top, theme)
        space = Rect(rect.x0, rect.y0, rect.x1, rect.y1 - 2.15)
        self.card = Card(trace, space, theme, live=live)
        super().__init__(self.diagram, self.card)
        self.follow(0.0, 1.0)

    def follow(self, position: float, opacity: float) -> None:
        """Show the layer, and light the step, at a position along the network.

        ``opacity`` is that of the formulas; the diagram always stands. Beyond the last layer it lights
        the readout.
        """
        self.diagram.position = position
        self.card.position = position
        self.card.shown = opacity


class Card(Drawable):
    """The heading of the layer under way and its steps, each with a name and a formula."""

    def __init__(
        self, trace: Trace, space: Rect, theme: Theme, *, live: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self.trace, self.space, self.theme, self.live = trace, space, theme, live
        self.position, self.shown = 0.0, 1.0
        self.points = np.array([[space.x0, space.y0, 0.0], [space.x1, space.y1, 0.0]])

    @cached_property
    def layouts(self) -> list[_Layout]:
        """Where everything of each layer's card is."""
        return [
            _layout(layer, self.trace.n_layers, self.space, self.theme, self.live)
            for layer in self.trace.layers
        ]

    def lit(self, index: int) -> list[float]:
        """How visible layer ``index``'s card is at the present position, then how lit each step is."""
        after = self.position - index
        fade_in = float(np.clip((after - _FADE) / _FADE, 0, 1))
        fade_out = float(np.clip((1 + _FADE - after) / _FADE, 0, 1))
        last = index == self.trace.n_layers - 1
        shares = [self.shown * fade_in * (1.0 if last else fade_out)]
        steps = len(self.trace.layers[index].path.steps)
        now = max(0.0, after) * steps
        for step in range(steps):
            falls = 1.0 if step == steps - 1 else (step + 1 - now) / _RAMP + 1
            shares.append(float(np.clip(min((now - step) / _RAMP, falls), 0, 1)))
        return shares

    def look(self) -> Hashable:
        """What is lit, and what is done of a live layer."""
        shares = [self.lit(index) for index in range(self.trace.n_layers)]
        visible = [(k, *(round(s, 3) for s in share)) for k, share in enumerate(shares) if share[0] > 0]
        return (*visible, self.position if self.live and visible else 0.0)

    def draw(self, canvas: Canvas) -> None:
        """Draw the card of the layer under way."""
        theme = self.theme
        for index, layout in enumerate(self.layouts):
            opacity, *lit = self.lit(index)
            if opacity <= 0:
                continue
            canvas.glyphs(layout.heading, self.space.x0, layout.heading_y, theme.ink, opacity)
            layer = self.trace.layers[index]
            done = float(np.clip(self.position - index, 0, 1)) if self.live else 1.0
            for row, light, step in zip(layout.rows, lit, layer.path.steps, strict=True):
                name, ink = mix(theme.muted, theme.accent, light), mix(theme.muted, theme.ink, light)
                canvas.glyphs(row.label, self.space.x0, row.label_y, name, opacity)
                pieces = _pieces(layer, step.kind, done, self.live)
                draw_formula(canvas, pieces, self.space.x0, row.middle, layout.size, ink, opacity)


@dataclass(frozen=True)
class _Row:
    label: Glyphs
    label_y: float
    middle: float


@dataclass(frozen=True)
class _Layout:
    heading: Glyphs
    heading_y: float
    rows: tuple[_Row, ...]
    size: float


def _layout(layer: TraceLayer, n_layers: int, space: Rect, theme: Theme, live: bool) -> _Layout:
    """Stack heading and rows from the top of the space, smaller if they would not fit."""
    title = f"Layer {layer.index + 1} of {n_layers}" if n_layers > 1 else "One layer"
    content = [_pieces(layer, step.kind, 1.0, live) for step in layer.path.steps]
    scale = 1.0
    while True:
        size, small = theme.text_size * scale, theme.small_size * scale
        heading = text_glyphs(title, size, "bold")
        y = space.y1 - heading.box[3]
        rows, widest = [], heading.width
        below = y + min(heading.box[1], 0)
        for pieces, step in zip(content, layer.path.steps, strict=True):
            label = text_glyphs(step.label, small)
            width, height = formula_size(pieces, size)
            label_y = below - 0.34 - label.box[3]
            middle = label_y - 0.16 - height / 2
            rows.append(_Row(label, label_y, middle))
            below, widest = middle - height / 2, max(widest, width)
        room = min((space.x1 - space.x0) / widest, (space.y1 - space.y0) / (space.y1 - below))
        if room >= 1 or scale < 0.3:
            return _Layout(heading, y, tuple(rows), size)
        scale *= min(room, 0.98)


def _pieces(layer: TraceLayer, kind: str, done: float, live: bool) -> tuple[Piece, ...]:
    """A step as a formula, with numbers where they fit; of a live one with what is ``done`` of it."""
    small = layer.weight.size <= 9
    steps = len(layer.path.steps)
    if kind == "flow":
        if not live:
            return ("$x |-> x + F(x)$",)
        return ("$x |-> x +$", Number(number(done), widest="0.00"), "$F(x)$")
    if kind == "linear":
        if not small:
            return ("$x |-> W x$",)
        if not live:
            return ("$x |->$", Matrix(layer.weight), "$x$")
        path = layer.path.linear
        return ("$x |->$", Matrix(path.matrix(min(done * steps, 1.0)), widest=path.target), "$x$")
    if kind == "translation":
        if not small:
            return ("$x |-> x + b$",)
        share = float(np.clip(done * steps - 1, 0, 1))
        return ("$x |-> x +$", Matrix(share * layer.bias, widest=layer.bias if live else None))
    return (f"$x |-> {activation_formula(layer.activation, 'x')}$",)
