"""The plane as the network moves it: grid, domain, curves, points, regions and the line that divides.

Everything is evaluated from the trace at the absolute ``position`` along the network (1.5 is half-way
through the second layer) and drawn from arrays; nothing is accumulated from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Canvas, Drawable
from scenes.kit.regions import Regions, decision_regions
from scenes.kit.sampling import Samples, curves, sample, straight_lines
from scenes.kit.theme import Theme
from scenes.kit.ticks import Ticks
from scenes.kit.view import Follow, Rect, View, nice_step
from topo_core.errors import TopoError
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Instants per layer at which sampling and camera look at the motion.
_INSTANTS = 24


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
    axes: float = 1.0
    formulas: float = 1.0


@dataclass
class _Plan:
    """Samples that look smooth over a stretch of positions, and where they are after whole layers."""

    first: float
    last: float
    parts: dict[str, Samples]
    _cache: dict[tuple[str, int], FloatArray] = field(default_factory=dict)

    def at(self, trace: Trace, part: str, position: float) -> FloatArray:
        """The points of a part at a position, ``(n, 2)``."""
        layer = min(int(position), trace.n_layers)
        key = (part, layer)
        if key not in self._cache:
            self._cache[key] = flat(trace.evaluate(self.parts[part].points, layer))
        start = self._cache[key]
        t = position - layer
        return start if t <= 0 else flat(trace.layers[layer].path(start[:, : trace.spec.widths[layer]], t))


def flat(points: FloatArray) -> FloatArray:
    """Points ``(n, 1)`` or ``(n, 2)`` as points of the plane; a line lies on the x axis."""
    return points if points.shape[1] == 2 else np.pad(points, ((0, 0), (0, 1)))


class Plane(Drawable):
    """A trace's space, drawn in a rectangle of the frame.

    Parameters
    ----------
    trace
        At most two units in every layer.
    rect
        Where in the frame.
    theme
        Colours.
    spacing
        Between grid lines, in data units; by default a tenth of the domain, rounded.
    """

    def __init__(
        self,
        trace: Trace,
        rect: Rect,
        theme: Theme,
        *,
        spacing: float | None = None,
        **options: Any,
    ) -> None:
        if max(trace.spec.widths) > 2:
            raise TopoError(
                f"network {trace.spec} has a layer of more than two units: a plane cannot show it; "
                "choose a network such as 2-2-2"
            )
        super().__init__(**options)
        self.trace, self.rect, self.theme = trace, rect, theme
        self.state = PlaneState()
        bounds = trace.dataset.bounds
        if trace.dataset.dimension == 1:
            bounds = np.vstack([bounds, [0.0, 0.0]])
        self.flat_domain = trace.dataset.dimension == 1
        reach = float((bounds[:, 1] - bounds[:, 0]).max()) / 2 * 1.08
        centre = bounds.mean(axis=1)
        self.domain = np.stack([centre - reach, centre + reach], axis=1)
        self.spacing = spacing or nice_step(2 * reach, 16)
        self._plan: _Plan | None = None
        self._regions: Regions | None = None
        self.follow = self._follow()
        self.ticks = Ticks(rect, theme)
        self.points = np.array(
            [
                [rect.x0, rect.y0, 0],
                [rect.x1, rect.y0, 0],
                [rect.x1, rect.y1, 0],
                [rect.x0, rect.y1, 0],
            ]
        )

    # -- what there is ---------------------------------------------------------------------------

    @property
    def regions(self) -> Regions:
        """The decision regions at the input, found once."""
        if self._regions is None:
            self._regions = decision_regions(self.trace.logits, self.domain)
        return self._regions

    def _families(self) -> dict[str, tuple[Any, int]]:
        (x0, x1), (y0, y1) = self.domain
        families: dict[str, tuple[Any, int]] = {}
        if self.flat_domain:
            ends = np.array([[x0]]), np.array([[x1]])
            families["grid"] = families["boundary"] = (straight_lines(*ends), 1)
        else:
            xs = _multiples(x0, x1, self.spacing)
            ys = _multiples(y0, y1, self.spacing)
            low = np.concatenate([np.c_[xs, np.full_like(xs, y0)], np.c_[np.full_like(ys, x0), ys]])
            high = np.concatenate([np.c_[xs, np.full_like(xs, y1)], np.c_[np.full_like(ys, x1), ys]])
            families["grid"] = (straight_lines(low, high), len(low))
            corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
            families["boundary"] = (straight_lines(corners, np.roll(corners, -1, axis=0)), 4)
        paths = [c.path for component in self.trace.dataset.components for c in component.curves]
        if paths:
            families["curves"] = (curves(paths), len(paths))
        return families

    def _edge(self, n: int = 200) -> FloatArray:
        """Points along the edge of the domain and of the data, for the camera."""
        (x0, x1), (y0, y1) = self.domain
        s = np.linspace(0, 1, n)
        if self.flat_domain:
            return x0 + (x1 - x0) * s[:, None]
        xs, ys = x0 + (x1 - x0) * s, y0 + (y1 - y0) * s
        edge = [(xs, 0 * s + y0), (xs, 0 * s + y1), (0 * s + x0, ys), (0 * s + x1, ys)]
        return np.concatenate([np.stack(side, axis=1) for side in edge])

    def _follow(self) -> Follow:
        positions = np.linspace(0, self.trace.n_layers, self.trace.n_layers * _INSTANTS + 1)
        points = np.concatenate([self._edge(), self.trace.dataset.points])
        bounds = []
        for p in positions:
            moved = self._moved(points, float(p))
            unit = np.array([[-1.0, -1.0], [1.0, 1.0]])  # the box of tanh stays in view as a measure
            both = np.concatenate([moved, unit])
            bounds.append(np.stack([both.min(axis=0), both.max(axis=0)], axis=1))
        return Follow(self.rect, positions, np.array(bounds))

    def _moved(self, x: FloatArray, position: float) -> FloatArray:
        layer = min(int(position), self.trace.n_layers)
        return flat(self.trace.evaluate(x, layer, position - layer))

    # -- preparing a movement --------------------------------------------------------------------

    def prepare(self, first: float, last: float) -> None:
        """Choose the samples for a movement from position ``first`` to ``last``."""
        plan = self._plan
        if plan is not None and plan.first <= min(first, last) and max(first, last) <= plan.last:
            return
        low, high = sorted((first, last))
        count = 1 + int(np.ceil((high - low) * _INSTANTS))
        positions = np.linspace(low, high, count)
        views = [self.follow(float(p)) for p in positions]

        def motion(x: FloatArray) -> FloatArray:
            placed = (view(self._moved(x, float(p))) for p, view in zip(positions, views, strict=True))
            return np.stack(list(placed))

        parts = {name: sample(family, n, motion) for name, (family, n) in self._families().items()}
        self._plan = _Plan(low, high, parts)

    # -- drawing ---------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """The view at the present position."""
        return self.follow(self.state.position)

    def _placed(self, part: str) -> list[FloatArray]:
        """The curves of a part in the frame, at the present position."""
        position = self.state.position
        self.prepare(position, position)
        assert self._plan is not None
        plan = self._plan
        if part not in plan.parts:
            return []
        return plan.parts[part].split(self.view(plan.at(self.trace, part, position)))

    def _carry(self, part: str, lines: tuple[FloatArray, ...]) -> list[FloatArray]:
        """Fixed polylines of the input plane at the present position, in the frame."""
        if not lines:
            return []
        assert self._plan is not None
        if part not in self._plan.parts:
            starts = np.cumsum([0, *map(len, lines)])
            self._plan.parts[part] = Samples(np.concatenate(lines), starts)
        return self._placed(part)

    def draw(self, canvas: Canvas) -> None:
        """Draw everything at the present state."""
        state, theme, rect = self.state, self.theme, self.rect
        self.prepare(state.position, state.position)
        corners = np.array([[rect.x0, rect.y0], [rect.x1, rect.y0], [rect.x1, rect.y1], [rect.x0, rect.y1]])
        canvas.fill([corners], theme.panel, state.axes)
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        if state.regions > 0:
            self._draw_regions(canvas)
        self.ticks.draw_axes(canvas, self.view, state.axes)
        if state.grid > 0:
            lines = _partial(self._placed("grid"), state.grid)
            canvas.stroke(lines, theme.grid, theme.grid_width)
        if state.boundary > 0:
            lines = _partial(self._placed("boundary"), state.boundary)
            canvas.stroke(lines, theme.boundary, theme.boundary_width, round_caps=True)
        if state.decision > 0 and not self.flat_domain:
            lines = self._carry("decision", self.regions.boundaries)
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
        self.ticks.draw_edges(canvas, self.view, state.axes)

    def _draw_regions(self, canvas: Canvas) -> None:
        if self.flat_domain:
            return
        for label, rings in enumerate(self.regions.polygons):
            placed = self._carry(f"region {label}", rings)
            canvas.fill(placed, self.theme.region_colour(label), self.state.regions)

    def _draw_curves(self, canvas: Canvas) -> None:
        lines = _partial(self._placed("curves"), self.state.curves)
        labels = [c.label for c in self.trace.dataset.components for _ in c.curves]
        for line, label in zip(lines, labels, strict=True):
            colour = self.theme.class_colour(label)
            canvas.stroke([line], colour, self.theme.curve_width, round_caps=True)

    def _draw_points(self, canvas: Canvas) -> None:
        dataset = self.trace.dataset
        assert self._plan is not None
        self._plan.parts.setdefault("points", Samples(dataset.points, np.array([0, len(dataset.points)])))
        placed = self._placed("points")[0]
        for label in range(dataset.n_classes):
            canvas.dots(
                placed[dataset.labels == label],
                self.theme.class_colour(label),
                7.0,
                self.state.points,
            )

    def _draw_line(self, canvas: Canvas) -> None:
        """The classification line of the last representation, across the whole rectangle."""
        weight, bias = self.trace.readout_weight[-1], self.trace.readout_bias[-1]
        view = self.view
        for j in range(1, len(weight)):
            normal, offset = weight[j] - weight[0], bias[j] - bias[0]
            if len(normal) == 1:
                normal = np.append(normal, 0.0)
            length = np.linalg.norm(normal)
            if length == 0:
                continue
            unit = normal / length
            foot = view.centre - (unit @ view.centre + offset / length) * unit
            far = np.linalg.norm(self.rect.half) / view.scale + np.linalg.norm(foot - view.centre)
            along = np.array([-unit[1], unit[0]]) * far * self.state.line
            line = view(np.stack([foot - along, foot + along]))
            canvas.stroke([line], self.theme.accent, self.theme.line_width)

    def wrong_pieces(self) -> list[FloatArray]:
        """The pieces of the class curves on the wrong side, in the frame at the present position."""
        self.prepare(self.state.position, self.state.position)
        assert self._plan is not None
        samples = self._plan.parts.get("curves")
        if samples is None:
            return []
        owners = [c.label for c in self.trace.dataset.components for _ in c.curves]
        predicted = samples.split(self.trace.predict(samples.points))
        pieces = []
        for line, labels, owner in zip(self._placed("curves"), predicted, owners, strict=True):
            wrong = np.flatnonzero(labels != owner)
            for run in np.split(wrong, np.flatnonzero(np.diff(wrong) > 1) + 1):
                if len(run) > 1:
                    pieces.append(line[run])
        return pieces

    def _draw_wrong(self, canvas: Canvas) -> None:
        """A halo around the pieces of curve on the wrong side."""
        width = self.theme.curve_width * 3.2
        canvas.stroke(
            self.wrong_pieces(),
            self.theme.accent,
            width,
            opacity=0.85 * self.state.wrong,
            round_caps=True,
        )


def _multiples(low: float, high: float, step: float) -> FloatArray:
    return np.arange(np.ceil(low / step + 1e-9), np.floor(high / step - 1e-9) + 1) * step


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
