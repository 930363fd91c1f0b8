"""Shapes to pixels: one pass for what is opaque, soft edges over it, layers peeled for what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.context import gl_context
from scenes.kit.gl.draw import ALL, EDGES, INSIDE, draw_points, draw_surface
from scenes.kit.gl.feather import edge_quads, in_order, line_quads
from scenes.kit.gl.lines import Lines
from scenes.kit.gl.memory import Memory
from scenes.kit.gl.peeling import Peeler, SoftDraw
from scenes.kit.gl.points import Points
from scenes.kit.gl.programs import Programs
from scenes.kit.gl.projection import Projection, Raster, Seen
from scenes.kit.gl.shapes import Shape
from scenes.kit.gl.style import Style
from scenes.kit.gl.surface import Surface
from scenes.kit.gl.targets import Targets

Bytes = NDArray[np.uint8]
FloatArray = NDArray[np.float64]

NOTHING: FloatArray = np.empty((0, 3))
#: A shape, and how it is seen.
Thing = tuple[Shape, Seen]

#: Pixels in width and height around a point that decide how visible it is.
_AROUND = 7


class Pixels:
    """Memory for a picture, used again for the next one: fresh memory costs more than drawing into it."""

    def __init__(self) -> None:
        self._memory = np.empty(0, dtype=np.uint8)

    def of(self, width: int, height: int) -> Bytes:
        """Room for ``(height, width, 4)``."""
        count = width * height * 4
        if len(self._memory) < count:
            self._memory = np.empty(count, dtype=np.uint8)
        return self._memory[:count].reshape(height, width, 4)


@dataclass(frozen=True, eq=False)
class Picture:
    """A part of a raster.

    Attributes
    ----------
    pixels
        ``(height, width, 4)``: red, green, blue, each times opacity, and opacity.
    x, y
        Column and row of its first pixel, counted from the top left.
    visible
        ``(p,)``: how visible the points are of which it was asked, from 0 to 1.
    """

    pixels: Bytes
    x: int
    y: int
    visible: FloatArray


class Rasteriser:
    """Draws shapes; there is one, and it keeps what was sent to the graphics card."""

    def __init__(self) -> None:
        self.context = gl_context()
        self.programs = Programs(self.context)
        self.memory = Memory(self.context, self.programs)
        self._targets: dict[tuple[int, int], Targets] = {}

    def draw(
        self,
        shapes: Sequence[Shape],
        projection: Projection,
        style: Style,
        memory: Pixels,
        probes: FloatArray = NOTHING,
    ) -> Picture | None:
        """The picture of shapes, on no background; None when there is nothing to see.

        Of points ``probes``, ``(p, 3)``, is found how visible they are.
        """
        things = [(s, projection(s.points)) for s in shapes if s.opacity > 0]
        box = _bounds(things, projection.raster)
        if box is None:
            return None
        depths = max(float(v.depth.max()) for _, v in things), min(float(v.depth.min()) for _, v in things)
        self.programs.scene.write(style.uniforms(projection, *depths))
        self.programs.scene.bind_to_uniform_block(0)
        targets = self._targets_of(projection.raster)
        through = [(s, v) for s, v in things if isinstance(s, Surface) and not s.opaque]
        rest = [(s, v) for s, v in things if not isinstance(s, Surface) or s.opaque]
        targets.picture.use()
        self._opaque([s for s, _ in rest], projection.raster)
        soft = self._soft(rest, projection.raster)
        region = _bounds(through, projection.raster)
        if region is None:
            soft(self.programs.feather, self.programs.points)
        else:
            edges = in_order([edge_quads(s, v) for s, v in through])
            peeler = Peeler(self.context, self.programs, self.memory, targets, region)
            peeler.draw([s for s, _ in through], self.memory.feathers(*edges, 1), soft)
        x, y, width, height = box
        pixels = memory.of(width, height)
        targets.picture.read_into(pixels, viewport=box, components=4)
        return Picture(pixels, x, y, self._visible(probes, projection, depths, targets))

    def _targets_of(self, raster: Raster) -> Targets:
        size = (raster.width, raster.height)
        if size not in self._targets:
            if len(self._targets) >= 3:  # a scene has a few sizes
                self._targets.pop(next(iter(self._targets))).release()
            self._targets[size] = Targets(self.context, size)
        return self._targets[size]

    def _opaque(self, shapes: Iterable[Shape], raster: Raster) -> None:
        context = self.context
        context.fbo.depth_mask = True  # or it would not be cleared
        context.fbo.clear(depth=1.0)
        context.enable_only(moderngl.DEPTH_TEST | moderngl.PROGRAM_POINT_SIZE)
        context.depth_func = "<="
        for shape in shapes:
            if isinstance(shape, Surface):
                draw_surface(context, self.memory, shape, self.programs.surface)
            elif isinstance(shape, Points) and shape.opaque:
                draw_points(self.memory, shape, self.programs.points, INSIDE, raster)

    def _soft(self, things: Iterable[Thing], raster: Raster) -> SoftDraw:
        """What blends soft edges, lines and points over what is solid, the farthest first."""
        quads = [edge_quads(s, v) for s, v in things if isinstance(s, Surface)]
        quads += [line_quads(s, v, raster) for s, v in things if isinstance(s, Lines)]
        feathers = self.memory.feathers(*in_order(quads), 0)
        points = [s for s, _ in things if isinstance(s, Points)]

        def draw(for_feathers: Any, for_points: Any) -> None:
            context = self.context
            context.fbo.depth_mask = False
            context.enable_only(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.PROGRAM_POINT_SIZE)
            context.depth_func = "<="
            context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
            for shape in points:
                draw_points(self.memory, shape, for_points, EDGES if shape.opaque else ALL, raster)
            if feathers is not None:
                feathers(for_feathers)

        return draw

    def _visible(
        self, probes: FloatArray, projection: Projection, depths: tuple[float, float], targets: Targets
    ) -> FloatArray:
        """Of points ``(p, 3)``, the share of the pixels around each that have nothing in front of it."""
        result = np.ones(len(probes))
        seen = projection(probes)
        size = np.array(targets.size)
        lift = 0.02 * (depths[0] - depths[1])  # a point on a surface is not behind it
        values = projection.depth_values(seen, *depths, lift)
        places = np.stack([seen.x, seen.y], axis=1)
        for k, (at, depth) in enumerate(zip(places, values, strict=True)):
            low = np.clip(np.floor(at - _AROUND / 2).astype(int), 0, size)
            high = np.clip(low + _AROUND, 0, size)
            width, height = (high - low).tolist()
            if width > 0 and height > 0:
                box = (*low.tolist(), width, height)
                there = targets.picture.read(viewport=box, components=1, attachment=-1, dtype="f4")
                result[k] = (np.frombuffer(there, dtype=np.float32) >= depth).mean()
        return result


def _bounds(things: Sequence[Thing], raster: Raster) -> tuple[int, int, int, int] | None:
    """Column and row, width and height of what the shapes may touch; None for nothing."""
    lows, highs = [], []
    for shape, view in things:
        wide = getattr(shape, "width", 0.0) + getattr(shape, "diameter", 0.0)
        reach = 2 + 0.01 * wide * raster.scale / max(float(view.w.min()), 0.02)
        lows.append([view.x.min() - reach, view.y.min() - reach])
        highs.append([view.x.max() + reach, view.y.max() + reach])
    if not lows:
        return None
    size = (raster.width, raster.height)
    low = np.clip(np.floor(np.min(lows, axis=0)), 0, size).astype(int)
    high = np.clip(np.ceil(np.max(highs, axis=0)), 0, size).astype(int)
    if (high <= low).any():
        return None
    (x, y), (width, height) = low.tolist(), (high - low).tolist()
    return x, y, width, height


@lru_cache(maxsize=1)
def rasteriser() -> Rasteriser:
    """The one rasteriser of this process.

    Raises
    ------
    DependencyError
        When there is no OpenGL.
    """
    return Rasteriser()
