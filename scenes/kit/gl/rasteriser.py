"""Shapes to pixels: one pass for what is opaque, soft edges over it, layers peeled for what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.context import finish_drawing, gl_context, renderer_name, start_drawing
from scenes.kit.gl.draw import draw_surface
from scenes.kit.gl.feather import edge_quads, in_order, line_quads
from scenes.kit.gl.lines import Lines
from scenes.kit.gl.memory import Memory
from scenes.kit.gl.peeling import Peeler, SoftDraw
from scenes.kit.gl.points import Points, sorted_points
from scenes.kit.gl.programs import Programs
from scenes.kit.gl.projection import Projection, Raster, Seen
from scenes.kit.gl.shapes import Shape
from scenes.kit.gl.style import Style
from scenes.kit.gl.surface import Surface
from scenes.kit.gl.targets import Targets
from topo_core.errors import TopoError

Bytes = NDArray[np.uint8]
FloatArray = NDArray[np.float64]

NOTHING: FloatArray = np.empty((0, 4))
#: The opacities of the pixels that are drawn: of the inside of points, of their soft edges, of all.
INSIDE, EDGES, ALL = (0.999, 2.0), (0.002, 0.999), (0.002, 2.0)

#: A shape, and how it is seen.
Thing = tuple[Shape, Seen]

#: Framebuffers have sizes in these steps, in pixels, and so many are kept.
_STEP, _KEPT = 64, 6
#: Surfaces with so many vertices are drawn while the rest is prepared.
_MANY = 2048
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
        asked: FloatArray = NOTHING,
    ) -> Picture | None:
        """The picture of shapes, on no background; None when there is nothing to see.

        Of points is asked how visible they are, each with what may be in front of it: ``(p, 4)``.
        """
        things = [(s, projection(s.points)) for s in shapes if s.opacity > 0 and len(s.points)]
        box = _bounds(things, projection.raster)
        if box is None:
            return None
        x, y, width, height = box
        targets = self._targets_of(width, height)
        depths = max(float(v.depth.max()) for _, v in things), min(float(v.depth.min()) for _, v in things)
        part = Projection(projection.camera, projection.raster.part(x, y, *targets.size))
        self.programs.scene.write(style.uniforms(part, *depths))
        self.programs.scene.bind_to_uniform_block(0)
        through = [(s, v) for s, v in things if isinstance(s, Surface) and not s.opaque]
        rest = [(s, v) for s, v in things if not isinstance(s, Surface) or s.opaque]
        region = _bounds(through, projection.raster)
        targets.picture.use()
        soft = self._solid(rest, projection.raster, alone=region is None)
        if region is None:
            soft(self.programs.feather, self.programs.points)
        else:
            edges = in_order([edge_quads(s, v) for s, v in through])
            inside = region[0] - x, region[1] - y, region[2], region[3]
            peeler = Peeler(self.context, self.programs, self.memory, targets, inside)
            peeler.draw([s for s, _ in through], self.memory.feathers(*edges, 1), soft)
        pixels = memory.of(width, height)
        finish_drawing()
        targets.picture.read_into(pixels, viewport=(0, 0, width, height), components=4)
        return Picture(pixels, x, y, self._visible(asked, part, depths, targets))

    def _targets_of(self, width: int, height: int) -> Targets:
        """Framebuffers at least so large; of sizes that vary from frame to frame, the last few are kept."""
        most = int(self.context.info["GL_MAX_TEXTURE_SIZE"])
        if max(width, height) > most:
            raise TopoError(
                f"{width} x {height} pixels of space are too many for {renderer_name()}, which draws up to "
                f"{most}: choose a lower resolution, dpi or oversampling"
            )
        size = min(-(-width // _STEP) * _STEP, most), min(-(-height // _STEP) * _STEP, most)
        targets = self._targets.pop(size, None) or Targets(self.context, size)
        self._targets[size] = targets  # the last one used is the last one
        while len(self._targets) > _KEPT:
            self._targets.pop(next(iter(self._targets))).release()
        return targets

    def _solid(self, things: Sequence[Thing], raster: Raster, *, alone: bool) -> SoftDraw:
        """Draw what is opaque; returns what draws soft edges, lines and faint points over it.

        Unless nothing shines through, so that it stands ``alone``, the edges of points are soft edges, too.
        """
        context, programs = self.context, self.programs
        surfaces = [(s, v) for s, v in things if isinstance(s, Surface)]
        lines = [(s, v) for s, v in things if isinstance(s, Lines)]
        clouds = [(s, v) for s, v in things if isinstance(s, Points)]

        context.fbo.depth_mask = True  # or it would not be cleared
        context.fbo.clear(depth=1.0)
        context.enable_only(moderngl.DEPTH_TEST | moderngl.PROGRAM_POINT_SIZE)
        context.depth_func = "<="
        context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        for surface, _ in sorted(surfaces, key=lambda thing: -float(thing[1].depth.max())):
            draw_surface(context, self.memory, surface, programs.opaque)  # what is behind is then skipped
            if len(surface.points) >= _MANY:
                start_drawing()
        solid = self.memory.points(sorted_points([c for c in clouds if c[0].opaque], raster), 0)
        faint = self.memory.points(sorted_points([c for c in clouds if not c[0].opaque], raster), 1)
        quads = [edge_quads(s, v) for s, v in surfaces] + [line_quads(s, v, raster) for s, v in lines]
        feathers = self.memory.feathers(*in_order(quads), 0)
        if solid is not None:
            if alone:
                context.enable(moderngl.BLEND)
            programs.points["between"] = ALL if alone else INSIDE
            solid(programs.points)

        def soft(for_feathers: Any, for_points: Any) -> None:
            context.fbo.depth_mask = False
            context.enable_only(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.PROGRAM_POINT_SIZE)
            context.depth_func = "<="
            context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
            for points, part in ((None if alone else solid, EDGES), (faint, ALL)):
                if points is not None:
                    for_points["between"] = part
                    points(for_points)
            if feathers is not None:
                feathers(for_feathers)

        return soft

    def _visible(
        self, asked: FloatArray, projection: Projection, depths: tuple[float, float], targets: Targets
    ) -> FloatArray:
        """Of points, the share of the pixels around each that have nothing in front of it."""
        result = np.ones(len(asked))
        if not len(asked):
            return result
        seen = projection(asked[:, :3])
        size = np.array(targets.size)
        lift = asked[:, 3] + 0.02 * (depths[0] - depths[1])  # a point on a surface is not behind it
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
