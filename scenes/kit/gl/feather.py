"""What is drawn with soft edges: quadrilaterals along silhouettes and lines, farthest first.

All have the same kind of vertex, so that one draw call in order of depth blends them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.lines import Lines
from scenes.kit.gl.projection import NEAREST, Raster, Seen
from scenes.kit.gl.silhouettes import silhouettes
from scenes.kit.gl.surface import Surface

FloatArray = NDArray[np.float64]

#: A vertex: where it is in space, the normal with which it is lit (zero: not at all), colour, shift in
#: pixels, signed distance from the middle of the ramp and distance at which it ends, lift towards the eye,
#: whether it bounds a body.
VERTEX = np.dtype(
    [
        ("position", "<f4", 3),
        ("normal", "<f4", 3),
        ("colour", "u1", 4),
        ("shift", "<f4", 2),
        ("cover", "<f4", 2),
        ("lift", "<f4"),
        ("body", "<f4"),
    ]
)
Vertices = NDArray[np.void]

#: Two triangles of a quadrilateral with corners (start, start out, end, end out).
_CORNERS = np.array([0, 1, 3, 0, 3, 2], dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Quads:
    """Quadrilaterals: their corners ``(q, 2, 2)``, and the depths ``(q,)`` of their middles."""

    vertices: Vertices
    depth: FloatArray


def edge_quads(surface: Surface, seen: Seen) -> Quads:
    """The soft rim of a surface."""
    edges = silhouettes(surface, seen)
    ends = edges.ends
    quads = np.zeros((len(ends), 2, 2), dtype=VERTEX)  # edge, end, in or out
    quads["position"] = surface.points.take(ends, axis=0)[:, :, None]
    normal = surface.normals.take(ends, axis=0)
    if not surface.solid:
        normal[~edges.front] *= -1
    quads["body"] = surface.solid
    quads["normal"] = normal[:, :, None]
    colour = surface.colours[ends]
    if not surface.opaque:  # at the rim of a body its front and its back end together
        opacity = 1 - (1 - surface.opacity) ** 2 if surface.solid else surface.opacity
        colour[..., 3] = np.rint(colour[..., 3] * opacity)
    quads["colour"] = colour[:, :, None]
    quads["shift"][:, :, 1] = edges.outward
    quads["cover"][:, :, 1, 0] = 1.0
    quads["cover"][..., 1] = 1.0
    return Quads(quads, (seen.depth[ends[:, 0]] + seen.depth[ends[:, 1]]) / 2)


def line_quads(lines: Lines, seen: Seen, raster: Raster) -> Quads:
    """Lines of their width, with soft edges."""
    start, end = lines.segments, lines.segments + 1
    if float(seen.w.min()) <= NEAREST:
        before = np.minimum(seen.w[start], seen.w[end]) > NEAREST
        start, end = start[before], end[before]
    ends = np.stack([start, end], axis=1)
    width = 0.01 * lines.width * raster.scale / np.maximum(seen.w, NEAREST)
    half = np.maximum(width, 1) / 2 + 0.5  # thinner lines are fainter, not narrower
    colours = lines.colours.copy()
    colours[:, 3] = np.rint(colours[:, 3] * lines.opacity * np.minimum(width, 1))
    shift = (half[:, None] * _sideways(lines, seen))[ends]
    quads = np.zeros((len(ends), 2, 2), dtype=VERTEX)  # segment, end, left or right
    quads["position"] = lines.points[ends][:, :, None]
    quads["colour"] = colours[ends][:, :, None]
    quads["shift"][:, :, 0], quads["shift"][:, :, 1] = -shift, shift
    quads["cover"][:, :, 0, 0], quads["cover"][:, :, 1, 0] = -half[ends], half[ends]
    quads["cover"][..., 1] = half[ends][:, :, None]
    quads["lift"] = lines.on_top
    return Quads(quads, (seen.depth[start] + seen.depth[end]) / 2)


def _sideways(lines: Lines, seen: Seen) -> FloatArray:
    """Perpendicular to the lines at every vertex, longer at bends, in pixels: ``(n, 2)``."""
    after = lines.segments + 1
    dx, dy = seen.x[after] - seen.x[lines.segments], seen.y[after] - seen.y[lines.segments]
    length = np.maximum(np.hypot(dx, dy), 1e-9)
    along = np.zeros((2, len(seen.x)))
    for k, step in enumerate((dx / length, dy / length)):
        along[k, lines.segments] += step
        along[k, after] += step
    # Two unit steps that enclose an angle add up to 2 cos(half of it): the mitre grows with its inverse.
    size = np.maximum(np.hypot(*along), 1e-9)
    mitre = np.minimum(2 / size, 2)
    mitre[lines.starts[:-1]] = mitre[lines.starts[1:] - 1] = 1
    along *= mitre / size
    return np.stack([-along[1], along[0]], axis=1)


def in_order(quads: Sequence[Quads]) -> tuple[Vertices, NDArray[np.int32]]:
    """The vertices of all quadrilaterals, and the corners of their triangles, the farthest first."""
    if not quads:
        return np.zeros(0, dtype=VERTEX), np.zeros(0, dtype=np.int32)
    content = [q.vertices.reshape(-1).view(np.uint8) for q in quads]  # records are copied one by one
    vertices = np.concatenate(content).view(VERTEX)
    order = np.argsort(np.concatenate([q.depth for q in quads]), kind="stable").astype(np.int32)
    return vertices, (4 * order[:, None] + _CORNERS).reshape(-1)
