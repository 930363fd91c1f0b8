"""A space on a Cairo canvas: rasterised at the resolution of the picture, then painted as an image."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import cairo
import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.gl.camera import Camera3D
from scenes.kit.gl.projection import Projection, Raster
from scenes.kit.gl.rasteriser import Pixels, rasteriser
from scenes.kit.gl.shapes import Shape
from scenes.kit.gl.style import Style
from scenes.kit.view import Rect

FloatArray = NDArray[np.float64]

#: Points per inch: what Cairo's vector surfaces measure in.
_POINTS = 72.0


class Painter:
    """Paints shapes, and rasterises only when something has changed since the last time."""

    def __init__(self) -> None:
        self._pixels = Pixels()
        self._key: Hashable = None
        self._image: tuple[cairo.ImageSurface, int, int] | None = None
        self._visible: FloatArray = np.ones(0)

    def paint(
        self,
        canvas: Canvas,
        rect: Rect,
        shapes: Sequence[Shape],
        camera: Camera3D,
        style: Style,
        *,
        resolution: float | None,
        dpi: float,
        oversampling: int,
        probes: FloatArray,
        clearance: FloatArray,
    ) -> FloatArray:
        """Paint shapes into a rectangle of the frame.

        Parameters
        ----------
        canvas, rect, shapes, camera, style
            What to paint where.
        resolution
            Pixels per Manim unit; None for those of the canvas, or of ``dpi`` if it is made of vectors.
        dpi
            Dots per inch of the raster in a vector picture.
        oversampling
            Rasterised pixels in width and height per pixel of that resolution.
        probes
            Points ``(p, 3)`` of which is asked how visible they are.
        clearance
            ``(p,)``: what is at most so far in front of them does not hide them.

        Returns
        -------
        FloatArray
            ``(p,)``: from 0 for what is behind something opaque to 1.
        """
        matrix = canvas.matrix
        corners = [matrix.transform_point(x, y) for x, y in ((rect.x0, rect.y0), (rect.x1, rect.y1))]
        middle = np.array(matrix.transform_point(*rect.centre))
        low = np.floor(np.min(corners, axis=0))
        unit = abs(matrix.xx)
        fine = 1.0 if canvas.has_pixels else dpi / _POINTS
        if resolution is not None:
            fine = resolution / unit
        fine *= oversampling
        width, height = np.ceil((np.max(corners, axis=0) - low) * fine - 1e-6).astype(int).tolist()
        x, y = ((middle - low) * fine).tolist()
        projection = Projection(camera, Raster(width, height, unit * fine, x, y))
        asked = np.column_stack([probes, clearance])
        key = projection, style, tuple(s.look for s in shapes), asked.tobytes(), canvas.swap_red_blue
        if key != self._key:
            self._draw(projection, style, shapes, asked, canvas.swap_red_blue)
            self._key = key
        if self._image is not None:
            surface, column, row = self._image
            canvas.pixels(surface, float(low[0]) + column / fine, float(low[1]) + row / fine, 1 / fine)
        return self._visible

    def _draw(
        self, projection: Projection, style: Style, shapes: Sequence[Shape], asked: FloatArray, swapped: bool
    ) -> None:
        picture = rasteriser().draw(shapes, projection, style, self._pixels, asked)
        self._image, self._visible = None, np.ones(len(asked))
        if picture is None:
            return
        pixels = picture.pixels
        height, width = pixels.shape[:2]
        if not swapped:  # Cairo's own order: blue comes first
            pixels[..., [0, 2]] = pixels[..., [2, 0]]
        surface = cairo.ImageSurface.create_for_data(
            pixels.data, cairo.FORMAT_ARGB32, width, height, 4 * width
        )
        self._image, self._visible = (surface, picture.x, picture.y), picture.visible
