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
from scenes.kit.gl.feather import edge_quads, in_order, line_quads
from scenes.kit.gl.lines import Lines
from scenes.kit.gl.memory import Memory
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
        shapes = [s for s in shapes if s.opacity > 0]
        seen = [projection(s.points) for s in shapes]
        box = _bounds(shapes, seen, projection.raster)
        if box is None:
            return None
        nearest = max(float(s.depth.max()) for s in seen)
        farthest = min(float(s.depth.min()) for s in seen)
        self.programs.scene.write(style.uniforms(projection, nearest, farthest))
        self.programs.scene.bind_to_uniform_block(0)
        targets = self._targets_of(projection.raster)
        self._opaque(shapes, projection.raster, targets)
        quads = [edge_quads(s, v) for s, v in zip(shapes, seen, strict=True) if isinstance(s, Surface)]
        quads += [
            line_quads(s, v, projection.raster)
            for s, v in zip(shapes, seen, strict=True)
            if isinstance(s, Lines)
        ]
        feathers = self.memory.feathers(in_order(quads))
        through = [s for s in shapes if isinstance(s, Surface) and not _is_opaque(s)]
        if through:
            raise NotImplementedError
        self._soft(shapes, feathers, projection.raster)
        x, y, width, height = box
        pixels = memory.of(width, height)
        targets.solid.read_into(pixels, viewport=box, components=4)
        return Picture(pixels, x, y, self._visible(probes, projection, (nearest, farthest), targets))

    def _targets_of(self, raster: Raster) -> Targets:
        size = (raster.width, raster.height)
        if size not in self._targets:
            if len(self._targets) >= 3:  # a scene has a few sizes
                self._targets.pop(next(iter(self._targets))).release()
            self._targets[size] = Targets(self.context, size)
        return self._targets[size]

    def _opaque(self, shapes: Iterable[Shape], raster: Raster, targets: Targets) -> None:
        context = self.context
        targets.solid.use()
        targets.solid.depth_mask = True  # or it would not be cleared
        targets.solid.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        context.enable_only(moderngl.DEPTH_TEST | moderngl.PROGRAM_POINT_SIZE)
        context.depth_func = "<="
        for shape in shapes:
            if isinstance(shape, Surface) and _is_opaque(shape):
                self.surface(shape, self.programs.surface)
            elif isinstance(shape, Points) and _is_opaque(shape):
                self.points(shape, self.programs.points, 0, raster)

    def _soft(self, shapes: Iterable[Shape], feathers: Any, raster: Raster) -> None:
        """Blend the edges, farthest first, over what is solid."""
        context = self.context
        context.fbo.depth_mask = False
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        for shape in shapes:
            if isinstance(shape, Points):
                self.points(shape, self.programs.points, 1 if _is_opaque(shape) else 2, raster)
        if feathers is not None:
            feathers(self.programs.feather)
        context.disable(moderngl.BLEND)

    def surface(self, shape: Surface, program: Any) -> None:
        """Draw the triangles of a surface: of an opaque body only its front, else front and back."""
        context = self.context
        program["opacity"] = shape.opacity
        array = self.memory.surface(shape, program)
        context.enable(moderngl.CULL_FACE)
        context.front_face = "cw"  # rows run downwards
        for side, culled in ((1.0, "back"), (-1.0, "front")):
            program["side"] = side
            context.cull_face = culled
            array.render()
            if shape.solid and _is_opaque(shape):
                break
        context.disable(moderngl.CULL_FACE)

    def points(self, shape: Points, program: Any, part: int, raster: Raster) -> None:
        """Draw points: their inside, their edge, or all of them."""
        program["opacity"] = shape.opacity
        program["diameter"] = 0.01 * shape.diameter * raster.scale
        program["part"] = part
        self.memory.points(shape, program).render(mode=moderngl.POINTS)

    def _visible(
        self, probes: FloatArray, projection: Projection, depths: tuple[float, float], targets: Targets
    ) -> FloatArray:
        """Of points ``(p, 3)``, the share of the pixels around each that have nothing in front of it."""
        result = np.ones(len(probes))
        seen = projection(probes)
        size = np.array(targets.size)
        lift = 0.02 * (depths[0] - depths[1])  # a point on a surface is not behind it
        values = projection.depth_values(seen, *depths, lift)
        for k, (at, depth) in enumerate(zip(seen.pixels, values, strict=True)):
            low = np.clip(np.floor(at - _AROUND / 2).astype(int), 0, size)
            high = np.clip(low + _AROUND, 0, size)
            width, height = (high - low).tolist()
            if width > 0 and height > 0:
                box = (*low.tolist(), width, height)
                there = targets.solid.read(viewport=box, components=1, attachment=-1, dtype="f4")
                result[k] = (np.frombuffer(there, dtype=np.float32) >= depth).mean()
        return result


def _is_opaque(shape: Shape) -> bool:
    return shape.opacity >= 1 and bool((shape.colours[:1, 3] == 255).all())


def _bounds(
    shapes: Sequence[Shape], seen: Sequence[Seen], raster: Raster
) -> tuple[int, int, int, int] | None:
    """Column and row, width and height of what the shapes may touch; None for nothing."""
    lows, highs = [], []
    for shape, view in zip(shapes, seen, strict=True):
        wide = getattr(shape, "width", 0.0) + getattr(shape, "diameter", 0.0)
        reach = 2 + 0.01 * wide * raster.scale / max(float(view.w.min()), 0.02)
        lows.append(view.pixels.min(axis=0) - reach)
        highs.append(view.pixels.max(axis=0) + reach)
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
