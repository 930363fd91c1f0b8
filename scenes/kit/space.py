"""A trace's plane in motion: what is in it, how finely it is sampled, and where it is in the frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.kit.motion import LayerMotion, Motion, moved
from scenes.kit.projected import Projected
from scenes.kit.regions import Regions, decision_regions
from scenes.kit.sampling import Family, Samples, circles, curves, sample, straight_lines
from scenes.kit.view import Follow, Rect, View, nice_step
from topo_core.datasets import Component
from topo_core.errors import TopoError
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Points along a class curve at which its class is judged.
_FINE = 4001


@dataclass
class _Plan:
    """Samples that look smooth over a stretch of positions, and where they are after whole layers."""

    first: float
    last: float
    placed: Callable[[FloatArray], FloatArray]
    families: dict[str, tuple[Family, int]]
    parts: dict[str, Samples] = field(default_factory=dict)
    _cache: dict[tuple[str, int], FloatArray] = field(default_factory=dict)

    def samples(self, part: str) -> Samples | None:
        """A part's samples, chosen when it is first shown; None if there is no such part."""
        if part not in self.parts and part in self.families:
            family, count = self.families[part]
            self.parts[part] = sample(family, count, self.placed)
        return self.parts.get(part)

    def at(self, motion: Motion, part: str, position: float) -> FloatArray:
        """The points of a part at a position, ``(n, 2)``."""
        key = (part, int(position))
        if key not in self._cache:
            self._cache[key] = motion.start(self.parts[part].points, int(position))
        return motion.move(self._cache[key], position)


class Space:
    """The input plane of a trace, carried along the network.

    Parameters
    ----------
    trace
        At most two units in every layer, or else a motion that projects; an input line lies on the x axis.
    rect
        Where in the frame.
    spacing
        Between grid lines, in data units; by default about a sixteenth of the domain, rounded.
    motion
        By default through the layers.

    Raises
    ------
    TopoError
        When a layer has more than two units and the motion does not project them.
    """

    def __init__(
        self, trace: Trace, rect: Rect, spacing: float | None = None, motion: Motion | None = None
    ) -> None:
        self.projected = motion if isinstance(motion, Projected) else None
        if max(trace.spec.widths) > 2 and self.projected is None:
            raise TopoError(
                f"network {trace.spec} has a layer of more than two units: a plane cannot show it; "
                'choose a network such as 2-2-2, or a projection: projection="facing"'
            )
        self.trace, self.rect = trace, rect
        self.motion: Motion = motion or LayerMotion(trace)
        self.is_line = trace.dataset.dimension == 1
        #: Whether grid and regions lie in a plane through an input of more dimensions.
        self.is_slice = self.projected is not None and self.projected.slices
        bounds = self.projected.bounds if self.projected and self.is_slice else trace.dataset.bounds
        if self.is_line:
            bounds = np.vstack([bounds, [0.0, 0.0]])
        reach = float((bounds[:, 1] - bounds[:, 0]).max()) / 2 * 1.08 or 1.0  # points that coincide
        centre = bounds.mean(axis=1)
        self.domain = np.stack([centre - reach, centre + reach], axis=1)
        self.spacing = spacing or nice_step(2 * reach, 16)
        self.ring_spacing = float(reach) / 1.08 / 24  # a disc of radius 1/3 shows eight of them
        self._plan: _Plan | None = None
        self._first: Space | None = None

    def share(self, first: Space) -> None:
        """Take what a space of the same trace and kind of motion has found: it costs more than drawing."""
        self._first = first
        if np.allclose(first.rect.half, self.rect.half):
            self.follow = lambda position: replace(first.follow(position), rect=self.rect)

    @cached_property
    def regions(self) -> Regions:
        """The decision regions at the input, found once."""
        if self._first is not None:
            return self._first.regions
        projected = self.projected
        if projected is None:
            return decision_regions(self.trace.logits, self.domain)
        return decision_regions(lambda x: self.trace.logits(projected.lift(x)), self.domain)

    def _families(self) -> dict[str, tuple[Family, int]]:
        (x0, x1), (y0, y1) = self.domain
        families: dict[str, tuple[Family, int]] = {}
        if self.is_line:
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
        if len(self.radii):
            families["rings"] = (circles(self.radii), len(self.radii))
        return families

    @cached_property
    def radii(self) -> FloatArray:
        """Radii of the circles about the origin that show how a plane with regions moves."""
        filled = any(component.filled for component in self.trace.dataset.components)
        if self.is_line or self.is_slice or not filled:
            return np.empty(0)
        reach = float(np.abs(self.domain).min())
        radii: FloatArray = np.arange(0.5, int(reach / self.ring_spacing)) * self.ring_spacing
        return radii

    @cached_property
    def ring_labels(self) -> list[int | None]:
        """The class in whose region each of those circles lies, or None."""
        found: list[int | None] = []
        for radius in self.radii:
            point = np.array([radius, 0.0])
            inside = (c.label for c in self.trace.dataset.components if c.filled and _contains(c, point))
            found.append(next(inside, None))
        return found

    def _edge(self, n: int = 1000) -> FloatArray:
        """Points along the edge of the domain and of the data, for the camera."""
        (x0, x1), (y0, y1) = self.domain
        s = np.linspace(0, 1, n)
        if self.is_line:
            return np.stack([x0 + (x1 - x0) * s], axis=1)
        xs, ys = x0 + (x1 - x0) * s, y0 + (y1 - y0) * s
        edge = [(xs, 0 * s + y0), (xs, 0 * s + y1), (0 * s + x0, ys), (0 * s + x1, ys)]
        return np.concatenate([np.stack(side, axis=1) for side in edge])

    @cached_property
    def follow(self) -> Callable[[float], View]:
        """The camera: the view at every position. Another one may take its place."""
        motion = self.motion
        positions = np.linspace(0, motion.length, int(motion.length) * motion.instants + 1)
        points = self.trace.dataset.points
        if not self.is_slice:
            points = np.concatenate([self._edge(), points])
        bounds = []
        unit = np.array([[-1.0, -1.0], [1.0, 1.0]])  # the box of tanh stays in view as a measure
        if self.projected:
            unit = np.empty((0, 2))  # it has no meaning in a shadow
        started, begun = motion.start(points, 0), 0
        for p in positions:
            if int(p) != begun:
                started, begun = motion.start(points, int(p)), int(p)
            placed = motion.move(started, float(p))
            both = np.concatenate([placed, unit])
            bounds.append(np.stack([both.min(axis=0), both.max(axis=0)], axis=1))
        return Follow(self.rect, positions, np.array(bounds), rests=motion.steady)

    def prepare(self, first: float, last: float) -> None:
        """Choose the samples for a movement from position ``first`` to ``last``."""
        plan = self._plan
        if plan is not None and plan.first <= min(first, last) and max(first, last) <= plan.last:
            return
        low, high = sorted((first, last))
        moved(self.motion, self.trace.dataset.points[:1], high)  # raises where there is no such position
        count = 1 + int(np.ceil((high - low) * self.motion.instants))
        positions = np.linspace(low, high, count)
        views = [self.follow(float(p)) for p in positions]

        def placed(x: FloatArray) -> FloatArray:
            pairs = zip(positions, views, strict=True)
            return np.stack([view(moved(self.motion, x, float(p))) for p, view in pairs])

        self._plan = _Plan(low, high, placed, self._families())

    def forget(self) -> None:
        """Choose all samples anew when next they are needed: the camera has changed."""
        self._plan = None

    # -- where things are ------------------------------------------------------------------------

    def placed(self, part: str, position: float) -> list[FloatArray]:
        """The curves of a part (``grid``, ``boundary`` or ``curves``) in the frame, at a position."""
        self.prepare(position, position)
        assert self._plan is not None
        samples = self._plan.samples(part)
        if samples is None:
            return []
        return samples.split(self.follow(position)(self._plan.at(self.motion, part, position)))

    def carried(self, part: str, lines: tuple[FloatArray, ...], position: float) -> list[FloatArray]:
        """Polylines given in the input plane, under the name ``part``, in the frame at a position."""
        if not lines:
            return []
        self.prepare(position, position)
        assert self._plan is not None
        if part not in self._plan.parts:
            starts = np.cumsum([0, *map(len, lines)])
            self._plan.parts[part] = Samples(np.concatenate(lines), starts)
        return self.placed(part, position)

    @cached_property
    def intervals(self) -> tuple[FloatArray, NDArray[np.int64]]:
        """An input line's decision regions: their ends ``(n + 1,)`` and classes ``(n,)``."""
        x = np.linspace(self.domain[0, 0], self.domain[0, 1], _FINE)
        label = self.trace.predict(x[:, None])
        changes = np.flatnonzero(np.diff(label))
        low, high = x[changes], x[changes + 1]
        for _ in range(50):
            middle = (low + high) / 2
            same = self.trace.predict(middle[:, None]) == label[changes]
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        ends = np.concatenate([x[:1], high, x[-1:]])
        return ends, label[np.append(changes, _FINE - 1)]

    def wrong_points(self, position: float) -> NDArray[np.bool_]:
        """Which of the data's points ``(n,)`` get the wrong class from the network of a position."""
        if self.motion.steady:
            return self._wrong_points
        dataset = self.trace.dataset
        wrong: NDArray[np.bool_] = (
            self.motion.logits(dataset.points, position).argmax(axis=1) != dataset.labels
        )
        return wrong

    @cached_property
    def _wrong_points(self) -> NDArray[np.bool_]:
        wrong: NDArray[np.bool_] = self.trace.predict(self.trace.dataset.points) != self.trace.dataset.labels
        return wrong

    @cached_property
    def _wrong(self) -> tuple[FloatArray, ...]:
        return self._wrong_at(0.0)

    def _wrong_at(self, position: float) -> tuple[FloatArray, ...]:
        """The pieces of the class curves ``(n, d)``, at the input, that get the wrong class."""
        pieces: list[FloatArray] = []
        s = np.linspace(0, 1, _FINE)
        for component in self.trace.dataset.components:
            for curve in component.curves:
                logits = self.motion.logits(curve.path(s), position)
                wrong = np.argmax(logits, axis=1) != component.label
                edges = np.flatnonzero(np.diff(wrong, prepend=False, append=False))
                for first, stop in edges.reshape(-1, 2).tolist():
                    low, high = np.clip([first - 0.5, stop - 0.5], 0, _FINE - 1) / (_FINE - 1)
                    pieces.append(curve.path(np.linspace(low, high, stop - first + 1)))
        return tuple(pieces)

    def wrong_pieces(self, position: float) -> list[FloatArray]:
        """The pieces of the class curves that the network puts in the wrong class, in the frame."""
        if self.motion.steady:
            return self.carried("wrong", self._wrong, position)
        view = self.follow(position)
        return [view(moved(self.motion, piece, position)) for piece in self._wrong_at(position)]


def _contains(component: Component, point: FloatArray) -> bool:
    """Whether a region contains a point that is not on its boundary."""
    turns = 0.0
    for curve in component.curves:
        away = curve.path(np.linspace(0, 1, _FINE)) - point
        angles = np.unwrap(np.arctan2(away[:, 1], away[:, 0]))
        turns += float(angles[-1] - angles[0]) / (2 * np.pi)
    return round(turns) != 0


def _multiples(low: float, high: float, step: float) -> FloatArray:
    return np.arange(np.ceil(low / step + 1e-9), np.floor(high / step - 1e-9) + 1) * step
