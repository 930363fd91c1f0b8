"""Pictures of shapes without a scene, and rays through their pixels, for tests."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.projection import Projection, Raster
from scenes.kit.gl.rasteriser import Pixels, rasteriser
from scenes.kit.gl.shapes import Shape
from scenes.kit.gl.style import Style

FloatArray = NDArray[np.float64]

#: No light, no distance: everything has exactly its colour.
PLAIN = Style("#000000", "#000000", rim=0.0, haze=0.0, gloss=0.0, ambient=1.0)


def raster(width: int = 320, height: int = 240, scale: float = 60.0) -> Raster:
    """A raster whose middle is the middle of the picture."""
    return Raster(width, height, scale, width / 2, height / 2)


def draw(
    shapes: Sequence[Shape], camera: Camera3D, where: Raster | None = None, style: Style = PLAIN
) -> FloatArray:
    """Red, green, blue (each times opacity) and opacity of every pixel, ``(h, w, 4)``, from 0 to 255."""
    where = where or raster()
    result = np.zeros((where.height, where.width, 4))
    found = rasteriser().draw(shapes, Projection(camera, where), style, Pixels())
    if found is not None:
        height, width = found.pixels.shape[:2]
        result[found.y : found.y + height, found.x : found.x + width] = found.pixels
    return result


def rays(camera: Camera3D, where: Raster) -> tuple[FloatArray, FloatArray]:
    """A point ``(h, w, 3)`` on the line of sight of every pixel's middle, and its direction.

    The direction is such that one more of it is one unit of depth farther from the eye.
    """
    x = (np.arange(where.width) + 0.5 - where.x) / where.scale / camera.zoom
    y = (where.y - np.arange(where.height) - 0.5) / where.scale / camera.zoom
    across, up = np.meshgrid(x, y)
    middle = np.stack([across, up, 0 * across], axis=-1)
    along = np.stack([across * camera.nearness, up * camera.nearness, -np.ones_like(across)], axis=-1)
    turn = camera.rotation  # its rows are the eye's axes
    return middle @ turn + np.asarray(camera.centre), along @ turn


def over(*layers: tuple[Sequence[float], float]) -> FloatArray:
    """Colours (0 to 1) with opacities, the nearest first, blended: red to opacity, from 0 to 255."""
    result = np.zeros(4)
    for colour, opacity in layers:
        result += (1 - result[3]) * opacity * np.array([*colour, 1.0])
    return 255 * result


def near_changes(labels: NDArray[np.int64], pixels: int = 2) -> NDArray[np.bool_]:
    """Where a picture of whole numbers has another number within so many pixels."""
    result = np.zeros(labels.shape, dtype=bool)
    padded = np.pad(labels, pixels, mode="edge")
    height, width = labels.shape
    for i in range(2 * pixels + 1):
        for j in range(2 * pixels + 1):
            result |= padded[i : i + height, j : j + width] != labels
    return result
