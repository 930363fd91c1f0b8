"""What is drawn with soft edges: quadrilaterals along silhouettes and lines, farthest first.

All have the same kind of vertex, so that one draw call in order of depth blends them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.lines import Lines
from scenes.kit.gl.projection import NEAREST, Raster, Seen
from scenes.kit.gl.silhouettes import silhouettes
from scenes.kit.gl.surface import Surface

FloatArray = NDArray[np.float64]

#: A vertex: where it is in space, the normal with which it is lit (zero: not at all), colour, shift in
#: pixels, signed distance from the middle of the ramp, distance at which it ends, lift towards the eye.
VERTEX = np.dtype(
    [
        ("position", "<f4", 3),
        ("normal", "<f4", 3),
        ("colour", "u1", 4),
        ("shift", "<f4", 2),
        ("cover", "<f4", 2),
        ("lift", "<f4"),
    ]
)
Vertices = NDArray[np.void]

#: Two triangles of a quadrilateral with corners (start, start out, end, end out).
_CORNERS = np.array([0, 1, 3, 0, 3, 2])


def edge_quads(surface: Surface, seen: Seen) -> tuple[Vertices, FloatArray]:
    """The soft rim of a surface: ``(q, 4)`` vertices and the depths ``(q,)`` of their middles."""
    edges = silhouettes(surface, seen)
    quads = np.zeros((len(edges.ends), 2, 2), dtype=VERTEX)  # edge, end, in or out
    ends = edges.ends
    sign = np.where(edges.front, 1.0, -1.0)[:, None, None]
    quads["position"] = surface.points[ends][:, :, None]
    quads["normal"] = (sign * surface.normals[ends])[:, :, None]
    colour = surface.colours[ends].copy()
    # At the rim of a body its front and its back end together.
    opacity = 1 - (1 - surface.opacity) ** 2 if surface.solid else surface.opacity
    colour[..., 3] = np.rint(colour[..., 3] * opacity)
    quads["colour"] = colour[:, :, None]
    quads["shift"][:, :, 1] = edges.outward
    quads["cover"][:, :, 1, 0] = 1.0
    quads["cover"][..., 1] = 1.0
    return quads.reshape(-1, 4), seen.depth[ends].mean(axis=1)


def line_quads(lines: Lines, seen: Seen, raster: Raster) -> tuple[Vertices, FloatArray]:
    """Lines as quadrilaterals: ``(q, 4)`` vertices and the depths ``(q,)`` of their middles."""
    ends = np.stack([lines.segments, lines.segments + 1], axis=1)
    ends = ends[seen.w[ends].min(axis=1) > NEAREST]
    width = 0.01 * lines.width * raster.scale / np.maximum(seen.w, NEAREST)
    half = np.maximum(width, 1) / 2 + 0.5  # thinner lines are fainter, not narrower
    sideways = _sideways(lines, seen.pixels)
    quads = np.zeros((len(ends), 2, 2), dtype=VERTEX)  # segment, end, left or right
    quads["position"] = lines.points[ends][:, :, None]
    colour = lines.colours[ends].copy()
    colour[..., 3] = np.rint(colour[..., 3] * lines.opacity * np.minimum(width, 1)[ends])
    quads["colour"] = colour[:, :, None]
    for k, side in enumerate((-1.0, 1.0)):
        quads["shift"][:, :, k] = side * half[ends][..., None] * sideways[ends]
        quads["cover"][:, :, k, 0] = side * half[ends]
    quads["cover"][..., 1] = half[ends][:, :, None]
    quads["lift"] = lines.on_top
    return quads.reshape(-1, 4), seen.depth[ends].mean(axis=1)


def _sideways(lines: Lines, pixels: FloatArray) -> FloatArray:
    """Perpendicular to the lines at every vertex, longer at bends, in pixels: ``(n, 2)``."""
    along = np.zeros_like(pixels)
    step = pixels[lines.segments + 1] - pixels[lines.segments]
    length = np.linalg.norm(step, axis=1, keepdims=True)
    step /= np.maximum(length, 1e-9)
    along[lines.segments] += step
    along[lines.segments + 1] += step
    size = np.linalg.norm(along, axis=1, keepdims=True)
    # Two unit steps that enclose an angle add up to 2 cos(half of it): the mitre grows with its inverse.
    inner = np.ones(len(pixels), dtype=bool)
    inner[lines.starts[:-1]] = inner[lines.starts[1:] - 1] = False
    mitre = np.where(inner[:, None], np.minimum(2 / np.maximum(size, 1e-9), 2), 1)
    along *= mitre / np.maximum(size, 1e-9)
    return np.stack([-along[:, 1], along[:, 0]], axis=1)


def in_order(quads: Sequence[tuple[Vertices, FloatArray]]) -> Vertices:
    """The triangles' vertices of all quadrilaterals, farthest first, ``(6 q,)``."""
    if not quads:
        return np.zeros(0, dtype=VERTEX)
    vertices = np.concatenate([v for v, _ in quads])
    order = np.argsort(np.concatenate([d for _, d in quads]), kind="stable")
    return np.ascontiguousarray(vertices[order][:, _CORNERS].reshape(-1))
