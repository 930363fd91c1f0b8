"""A plane with a disc and an annulus in it, as a sheet in space that a layer of three units bends.

Essay, "Topology and Classification", figure ``topology_3d``: "If we add a third hidden unit, the problem
becomes trivial."
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Camera3D, Lines, Space3D, Surface
from scenes.kit.theme import mix, rgb
from topo_core.isotopy import embed
from topo_core.trace import Trace
from topo_core.trace_layer import TraceLayer

FloatArray = NDArray[np.float64]

#: Half the side of the square that is shown of the plane, for the outer radius of the annulus.
HALF = 1.15
#: Between the lines of the grid, in data units; pieces of each line.
_SPACING, _PIECES = 0.23, 72
_AROUND = 192
#: How much shines through the plane where there is no data.
_THIN = 0.4
#: How much of its rectangle it fills.
_FILLS = 0.94


def in_space(layer: TraceLayer) -> TraceLayer:
    """The layer as it acts on all of space: its weight completed to a square matrix.

    Its path carries points ``(x, 0)`` just as the layer's own path carries x.
    """
    return TraceLayer(layer.index, layer.name, layer.path.linear.target, layer.bias, layer.activation, None)


class Sheet:
    """The plane, its grid and its two regions, wherever the first layer has carried them.

    Parameters
    ----------
    space
        Where it is drawn.
    trace
        Of a disc in an annulus, one layer of three units.

    Attributes
    ----------
    t
        How far along the layer it is, from 0 (in the plane z = 0) to 1.
    """

    def __init__(self, space: Space3D, trace: Trace) -> None:
        self.space, self.trace, theme = space, trace, space.theme
        self.layer = in_space(trace.layers[0])
        self.t = 0.0
        disc, outer, inner = (
            float(np.linalg.norm(curve.path(np.zeros(1))))
            for component in trace.dataset.components
            for curve in component.curves
        )
        self.radii = disc, inner, outer
        self.half = HALF * outer
        ground = mix(theme.panel, theme.grid, 0.45)
        a, b = theme.class_colour(0), theme.class_colour(1)
        angle = 2 * np.pi * np.arange(_AROUND) / _AROUND
        self._unit = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        edge = self.half / np.abs(self._unit).max(axis=1)
        self.disc = self._between(np.zeros(_AROUND), disc, 17, a)
        self.gap = self._between(disc, inner, 33, ground, _THIN)
        self.ring = self._between(inner, outer, 17, b)
        self.rest = self._between(outer, edge, 17, ground, _THIN)
        count = int(self.half / _SPACING + 1e-9)
        ticks = _SPACING * np.arange(-count, count + 1)
        s = np.linspace(-self.half, self.half, _PIECES + 1)
        along, across = np.meshgrid(s, ticks)
        lines = [np.stack([along, across], axis=-1), np.stack([across, along], axis=-1)]
        self.grid = self._lines([*lines[0], *lines[1]], theme.grid, 1.3)
        ends = np.concatenate([self._unit, self._unit[:1]])
        self.rims = self._lines(
            [r * ends for r in self.radii], np.repeat([rgb(a), rgb(b), rgb(b)], len(ends), axis=0), 3.0
        )
        self._flat = [shape.points for shape in self.shapes]

    def _between(
        self, inner: float | FloatArray, outer: float | FloatArray, rows: int, colour: str, opacity: float = 1
    ) -> Surface:
        """The part of the plane between two radii, which may differ by direction."""
        share = np.linspace(0, 1, rows)[:, None]
        radius = (1 - share) * inner + share * outer
        points = embed((radius[..., None] * self._unit).reshape(-1, 2), 3).reshape(rows, _AROUND, 3)
        return self.space.add(Surface(points, colour, opacity, closed=(False, True)))

    def _lines(self, lines: list[FloatArray], colour: str | FloatArray, width: float) -> Lines:
        return self.space.add(Lines([embed(line, 3) for line in lines], colour, width, on_top=0.012))

    @property
    def shapes(self) -> tuple[Surface | Lines, ...]:
        """All that is drawn."""
        return self.disc, self.gap, self.ring, self.rest, self.grid, self.rims

    def carried(self, points: FloatArray, t: float | None = None) -> FloatArray:
        """Where points of space ``(n, 3)`` are, by default now."""
        return self.layer.path(points, self.t if t is None else t)

    def at(self, t: float) -> None:
        """Put it where the share ``t`` of the layer carries it."""
        self.t = t
        for shape, points in zip(self.shapes, self._flat, strict=True):
            shape.move(self.carried(points))

    def zoom(self, camera: Camera3D) -> float:
        """The zoom at which it, and the cube of tanh, fill the rectangle as seen by a camera."""
        size = max(self.t, 0.85)  # at the input there is no cube, but a wall nearly as high
        corners = size * np.stack(np.meshgrid([-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0]), axis=-1).reshape(-1, 3)
        return self._filling(np.concatenate([self.rest.points[-_AROUND:], corners]), camera)

    def closeup(self, camera: Camera3D) -> Camera3D:
        """The camera moved sideways, and zoomed, so that the sheet alone fills the rectangle."""
        points = np.concatenate([s.points for s in (self.disc, self.gap, self.ring, self.rest)])
        seen = camera.view(points)[:, :2]
        low, high = seen.min(axis=0), seen.max(axis=0)
        x, y, z = (camera.rotation[:2].T @ ((low + high) / 2) + np.asarray(camera.centre)).tolist()
        camera = camera.moved(centre=(x, y, z))
        return camera.moved(zoom=self._filling(points, camera))

    def _filling(self, points: FloatArray, camera: Camera3D) -> float:
        """The zoom at which points fill the rectangle, its middle where the camera's is."""
        seen = np.abs(camera.moved(zoom=1.0).project(points)[:, :2]).max(axis=0)
        return float((self.space.rect.half / seen).min()) * _FILLS

    def paint_regions(self, share: float) -> None:
        """Tint the plane outside of the data by the class that the network gives it."""
        theme = self.space.theme
        ground = np.array(rgb(mix(theme.panel, theme.grid, 0.45)))
        tints = [np.array(rgb(mix(theme.panel, theme.class_colour(k), 0.55))) for k in (0, 1)]
        for surface, flat in zip((self.gap, self.rest), (self._flat[1], self._flat[3]), strict=True):
            in_b = _softly(self.trace, flat[:, :2])[:, None]
            surface.paint((1 - share) * ground + share * ((1 - in_b) * tints[0] + in_b * tints[1]))
            surface.opacity = (1 - share) * _THIN + share * 0.8


def _softly(trace: Trace, x: FloatArray, width: float = 0.02) -> FloatArray:
    """Whether the network puts points ``(n, 2)`` into class B, from 0 to 1 within ``width`` of its border."""
    step = 1e-4

    def lead(points: FloatArray) -> FloatArray:
        logits = trace.logits(points)
        difference: FloatArray = logits[:, 1] - logits[:, 0]
        return difference

    here = lead(x)
    slope = np.hypot(*((lead(x + step * unit) - here) / step for unit in np.eye(2)))
    result: FloatArray = np.clip(0.5 + here / np.maximum(slope * width, 1e-300), 0, 1)
    return result
