"""The programs, compiled once; what draws surfaces and soft edges also in a variant that peels layers off."""

from __future__ import annotations

from typing import Any

from scenes.kit.gl import shaders


class Programs:
    """All programs, with what does not change set."""

    def __init__(self, context: Any) -> None:
        def compiled(vertex: str, fragment: str) -> Any:
            program = context.program(vertex_shader=vertex, fragment_shader=fragment)
            if "Scene" in program:
                program["Scene"].binding = 0
            for unit, name in enumerate(("before", "behind")):
                if name in program:
                    program[name] = unit
            return program

        #: What all of them share; see ``Style.uniforms``.
        self.scene = context.buffer(reserve=16 * 13, dynamic=True)
        self.opaque = compiled(shaders.OPAQUE_VERTEX, shaders.OPAQUE_FRAGMENT)
        self.feather = compiled(shaders.FEATHER_VERTEX, shaders.FEATHER_FRAGMENT)
        self.points = compiled(shaders.POINT_VERTEX, shaders.POINT_FRAGMENT)
        self.peel_surface = compiled(shaders.SURFACE_VERTEX, shaders.peeled(shaders.SURFACE_FRAGMENT))
        self.peel_feather = compiled(shaders.FEATHER_VERTEX, shaders.peeled(shaders.FEATHER_FRAGMENT))
        self.peel_points = compiled(shaders.POINT_VERTEX, shaders.peeled(shaders.POINT_FRAGMENT))
        self.copy = compiled(shaders.COPY_VERTEX, shaders.COPY_FRAGMENT)
