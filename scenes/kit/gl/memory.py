"""What was sent to the graphics card, sent again only when it has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.points import Points
from scenes.kit.gl.programs import Programs
from scenes.kit.gl.shapes import Shape
from scenes.kit.gl.surface import Surface

#: Draws soft edges with a program; None when there are none.
Feathers = Callable[[Any], None] | None


@dataclass(eq=False)
class _Kept:
    """The buffers of a shape, and how it was when they were written."""

    places: Any
    colours: Any
    moves: int = -1
    paints: int = -1
    arrays: dict[int, Any] = field(default_factory=dict)


class _Soft:
    """Buffers for soft edges, which are others at every frame."""

    def __init__(self, context: Any) -> None:
        self.vertices = context.buffer(reserve=1 << 18, dynamic=True)
        self.corners = context.buffer(reserve=1 << 16, dynamic=True)
        self.arrays: dict[int, Any] = {}


class Memory:
    """Buffers of shapes; they are freed with the shapes."""

    def __init__(self, context: Any, programs: Programs) -> None:
        self.context, self.programs = context, programs
        self._kept: WeakKeyDictionary[Shape, _Kept] = WeakKeyDictionary()
        self._indices: dict[int, Any] = {}
        self._feathers = [_Soft(context) for _ in range(2)]
        corners = np.array([[-1, -1], [3, -1], [-1, 3]], dtype=np.float32)
        #: A triangle that covers everything, drawn by the program that copies.
        self.everywhere = context.vertex_array(
            programs.copy, [(context.buffer(corners.tobytes()), "2f", "corner")]
        )

    def surface(self, shape: Surface, program: Any) -> Any:
        """The vertex array of a surface, up to date."""

        def places() -> NDArray[np.float32]:
            return np.concatenate([shape.points, shape.normals], axis=1, dtype=np.float32)

        kept = self._updated(shape, 24, places)
        key = id(program)
        if key not in kept.arrays:
            triangles = shape.triangles
            if id(triangles) not in self._indices:  # many surfaces share a grid; see grid_triangles
                self._indices[id(triangles)] = triangles, self.context.buffer(triangles.tobytes())
            content = [(kept.places, "3f 3f", "position", "normal"), (kept.colours, "4f1", "colour")]
            kept.arrays[key] = self.context.vertex_array(program, content, self._indices[id(triangles)][1])
        return kept.arrays[key]

    def points(self, shape: Points, program: Any) -> Any:
        """The vertex array of points, up to date."""
        kept = self._updated(shape, 12, lambda: shape.points.astype(np.float32))
        key = id(program)
        if key not in kept.arrays:
            content = [(kept.places, "3f", "position"), (kept.colours, "4f1", "colour")]
            kept.arrays[key] = self.context.vertex_array(program, content)
        return kept.arrays[key]

    def feathers(self, vertices: NDArray[np.void], corners: NDArray[np.int32], slot: int) -> Feathers:
        """Send soft edges to one of two places; the result draws them with a program."""
        if not len(corners):
            return None
        kept = self._feathers[slot]
        for buffer, content in ((kept.vertices, vertices), (kept.corners, corners)):
            if buffer.size < content.nbytes:
                buffer.orphan(2 * content.nbytes)
            buffer.write(content)

        def draw(program: Any) -> None:
            if id(program) not in kept.arrays:
                names = ("position", "normal", "colour", "shift", "cover", "lift")
                content = [(kept.vertices, "3f 3f 4f1 2f 2f 1f", *names)]
                kept.arrays[id(program)] = self.context.vertex_array(program, content, kept.corners)
            kept.arrays[id(program)].render(vertices=len(corners))

        return draw

    def _updated(self, shape: Shape, size: int, places: Callable[[], NDArray[np.float32]]) -> _Kept:
        kept = self._kept.get(shape)
        if kept is None:
            count = len(shape.points)
            kept = self._kept[shape] = _Kept(
                self.context.buffer(reserve=size * count, dynamic=True),
                self.context.buffer(reserve=4 * count, dynamic=True),
            )
        if kept.moves != shape.moves:
            kept.places.write(np.ascontiguousarray(places()))
            kept.moves = shape.moves
        if kept.paints != shape.paints:
            kept.colours.write(np.ascontiguousarray(shape.colours))
            kept.paints = shape.paints
        return kept
