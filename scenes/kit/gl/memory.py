"""What was sent to the graphics card, sent again only when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import moderngl
import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.programs import Programs
from scenes.kit.gl.surface import Surface

#: Draws soft edges or points with a program; None when there are none.
Batch = Callable[[Any], None] | None


@dataclass(eq=False)
class _Kept:
    """The buffers of a shape, and how it was when they were written."""

    places: Any
    colours: Any
    moves: int = -1
    paints: int = -1
    arrays: dict[int, Any] = field(default_factory=dict)


class _Stream:
    """Buffers for vertices that are others at every frame.

    ``layout`` and ``names`` are those of a vertex; ``mode`` is what vertices (or corners) make.
    """

    def __init__(self, context: Any, layout: str, names: tuple[str, ...], mode: int) -> None:
        self.context, self.layout, self.names, self.mode = context, layout, names, mode
        self.vertices = context.buffer(reserve=1 << 18, dynamic=True)
        self.corners = context.buffer(reserve=1 << 16, dynamic=True)
        self.arrays: dict[int, Any] = {}

    def send(self, vertices: NDArray[np.void], corners: NDArray[np.int32] | None) -> Batch:
        """Write them; the result draws them with a program, and is None if there are none."""
        if not len(vertices):
            return None
        for buffer, content in ((self.vertices, vertices), (self.corners, corners)):
            if content is not None:
                if buffer.size < content.nbytes:
                    buffer.orphan(2 * content.nbytes)
                buffer.write(content)
        count = len(vertices if corners is None else corners)

        def draw(program: Any) -> None:
            if id(program) not in self.arrays:
                content = [(self.vertices, self.layout, *self.names)]
                by = None if corners is None else self.corners
                self.arrays[id(program)] = self.context.vertex_array(program, content, by)
            self.arrays[id(program)].render(mode=self.mode, vertices=count)

        return draw


class Memory:
    """Buffers of surfaces, freed with them, and of what changes at every frame."""

    def __init__(self, context: Any, programs: Programs) -> None:
        self.context, self.programs = context, programs
        self._kept: WeakKeyDictionary[Surface, _Kept] = WeakKeyDictionary()
        self._indices: dict[int, Any] = {}
        soft = ("position", "normal", "colour", "shift", "cover", "lift", "body")
        self._feathers = [
            _Stream(context, "3f 3f 4f1 2f 2f 1f 1f", soft, moderngl.TRIANGLES) for _ in range(2)
        ]
        point = ("position", "colour", "diameter")
        self._points = [_Stream(context, "3f 4f1 1f", point, moderngl.POINTS) for _ in range(2)]
        corners = np.array([[-1, -1], [3, -1], [-1, 3]], dtype=np.float32)
        #: A triangle that covers everything, drawn by the program that copies.
        self.everywhere = context.vertex_array(
            programs.copy, [(context.buffer(corners.tobytes()), "2f", "corner")]
        )

    def surface(self, shape: Surface, program: Any) -> Any:
        """The vertex array of a surface, up to date."""
        kept = self._updated(shape)
        key = id(program)
        if key not in kept.arrays:
            strip = shape.strip
            if id(strip) not in self._indices:  # many surfaces share a grid; see grid_strip
                self._indices[id(strip)] = strip, self.context.buffer(strip.tobytes())
            content = [(kept.places, "3f 3f", "position", "normal"), (kept.colours, "4f1", "colour")]
            kept.arrays[key] = self.context.vertex_array(
                program,
                content,
                self._indices[id(strip)][1],
                index_element_size=strip.itemsize,
                mode=moderngl.TRIANGLE_STRIP,
            )
        return kept.arrays[key]

    def points(self, vertices: NDArray[np.void], slot: int) -> Batch:
        """Send points to one of two places; the result draws them."""
        return self._points[slot].send(vertices, None)

    def feathers(self, vertices: NDArray[np.void], corners: NDArray[np.int32], slot: int) -> Batch:
        """Send soft edges to one of two places; the result draws them."""
        return self._feathers[slot].send(vertices, corners)

    def _updated(self, shape: Surface) -> _Kept:
        kept = self._kept.get(shape)
        if kept is None:
            count = len(shape.points)
            kept = self._kept[shape] = _Kept(
                self.context.buffer(reserve=24 * count, dynamic=True),
                self.context.buffer(reserve=4 * count, dynamic=True),
            )
        if kept.moves != shape.moves:
            both = np.concatenate([shape.points, shape.normals], axis=1, dtype=np.float32)
            kept.places.write(both)
            kept.moves = shape.moves
        if kept.paints != shape.paints:
            kept.colours.write(np.ascontiguousarray(shape.colours))
            kept.paints = shape.paints
        return kept
