"""Drawing a surface with a program, into whatever is being drawn into."""

from __future__ import annotations

from typing import Any

import moderngl

from scenes.kit.gl.memory import Memory
from scenes.kit.gl.surface import Surface


def draw_surface(context: Any, memory: Memory, shape: Surface, program: Any) -> None:
    """Draw the triangles of a surface: of an opaque body only its front, else front and back."""
    if "opacity" in program:
        program["opacity"] = shape.opacity
    program["body"] = float(shape.solid)
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
