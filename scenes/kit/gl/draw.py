"""Draw calls: surfaces, points and soft edges with a program, into whatever is being drawn into."""

from __future__ import annotations

from typing import Any

import moderngl

from scenes.kit.gl.memory import Memory
from scenes.kit.gl.points import Points
from scenes.kit.gl.projection import Raster
from scenes.kit.gl.surface import Surface

#: The opacities of the pixels that are drawn: of the inside of points, of their soft edges, of all.
INSIDE, EDGES, ALL = (0.999, 2.0), (0.002, 0.999), (0.002, 2.0)


def draw_surface(context: Any, memory: Memory, shape: Surface, program: Any) -> None:
    """Draw the triangles of a surface: of an opaque body only its front, else front and back."""
    program["opacity"] = shape.opacity
    array = memory.surface(shape, program)
    context.enable(moderngl.CULL_FACE)
    context.front_face = "cw"  # rows run downwards
    for side, culled in ((1.0, "back"), (-1.0, "front")):
        program["side"] = side
        context.cull_face = culled
        array.render()
        if shape.solid and shape.opaque:
            break
    context.disable(moderngl.CULL_FACE)


def draw_points(
    memory: Memory, shape: Points, program: Any, between: tuple[float, float], raster: Raster
) -> None:
    """Draw the pixels of points whose opacity is between two values."""
    program["opacity"] = shape.opacity
    program["diameter"] = 0.01 * shape.diameter * raster.scale
    program["between"] = between
    memory.points(shape, program).render(mode=moderngl.POINTS)
