"""Draws the mobjects of a scene on any Cairo surface: the very ones that its film shows, as vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cairo
import numpy as np
from manim import Mobject, PMobject, VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject
from numpy.typing import NDArray

from scenes.kit.camera import Drawable, StageCamera
from scenes.kit.canvas import Canvas
from scenes.kit.space3d import Space3D
from scenes.kit.theme import rgb
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


class VectorCamera(StageCamera):
    """Manim's camera on a Cairo context of your own, on which nothing is kept as an image.

    Parameters
    ----------
    context
        Its matrix maps Manim's units, y up, to the units of its surface.
    paper
        If given, lines and text are mixed with this colour instead of being translucent.
    dpi
        Pixels per inch of spaces on a surface made of vectors.
    """

    def __init__(
        self, context: cairo.Context[Any], *, paper: str = "", dpi: float = 300.0, **options: Any
    ) -> None:
        super().__init__(pixel_width=16, pixel_height=16, **options)
        self._context, self._paper, self._dpi = context, paper, dpi

    def get_cairo_context(self, pixel_array: Any) -> cairo.Context[Any]:
        """The context it was given."""
        return self._context

    def set_cairo_context_color(
        self, ctx: cairo.Context[Any], rgbas: Any, vmobject: VMobject
    ) -> VectorCamera:
        """Choose a colour or a gradient, red first: unlike Manim's pixels, these are in Cairo's own order."""
        if self._paper:
            share = rgbas[:, 3:]
            rgbas = np.hstack([(1 - share) * rgb(self._paper) + share * rgbas[:, :3], np.ones_like(share)])
        if len(rgbas) == 1:
            ctx.set_source_rgba(*rgbas[0])
            return self
        start, end = vmobject.get_gradient_start_and_end_points()
        gradient = cairo.LinearGradient(*start[:2], *end[:2])
        for rgba, offset in zip(rgbas, np.linspace(0, 1, len(rgbas)), strict=True):
            gradient.add_color_stop_rgba(offset, *rgba)
        ctx.set_source(gradient)
        return self

    def apply_fill(self, ctx: cairo.Context[Any], vmobject: VMobject) -> VectorCamera:
        """Fill, unless nothing of that would be seen."""
        if self.get_fill_rgbas(vmobject)[:, 3].any():
            super().apply_fill(ctx, vmobject)
        return self

    def apply_stroke(
        self, ctx: cairo.Context[Any], vmobject: VMobject, background: bool = False
    ) -> VectorCamera:
        """Stroke, unless nothing of that would be seen."""
        if self.get_stroke_rgbas(vmobject, background)[:, 3].any():
            super().apply_stroke(ctx, vmobject, background)
        return self

    def _draw(self, drawable: Drawable) -> None:
        if drawable.opacity <= 0:
            return
        if isinstance(drawable, Space3D):
            drawable.dpi = self._dpi
        self._draw_now(drawable, self._context)

    def _canvas(self, context: cairo.Context[Any], drawable: Drawable) -> Canvas:
        return Canvas(
            context,
            swap_red_blue=False,
            paper=self._paper,
            texts=self.texts,
            text_opacity=drawable.opacity,
        )

    def _draw_vectors(self, group: Sequence[VMobject], looks: Any, sprites: Any) -> None:
        for mobject in group:
            self.display_vectorized(mobject, self._context)

    def _draw_others(self, group: Sequence[Mobject]) -> None:
        for mobject in group:
            if isinstance(mobject, AbstractImageMobject):
                self._draw_image(mobject)
            elif isinstance(mobject, PMobject):
                self._draw_points(mobject)
            else:
                raise TopoError(f"{type(mobject).__name__}: a figure cannot show such a mobject; hide it")

    def _draw_image(self, mobject: AbstractImageMobject) -> None:
        """An image as an image, its corners where the mobject has them."""
        pixels = np.asarray(mobject.get_pixel_array())
        height, width = pixels.shape[:2]
        alpha = pixels[..., 3:].astype(np.uint16)
        premultiplied = (pixels[..., :3] * alpha + 127) // 255
        data = np.ascontiguousarray(np.dstack([premultiplied[..., ::-1], alpha]).astype(np.uint8))
        surface = cairo.ImageSurface.create_for_data(data.data, cairo.FORMAT_ARGB32, width, height, 4 * width)
        corner, right, down = (mobject.points[k, :2] for k in (0, 1, 2))
        across, along = (right - corner) / width, (down - corner) / height
        context = self._context
        context.save()
        context.transform(cairo.Matrix(*across, *along, *corner))
        context.set_source_surface(surface)
        context.paint()
        context.restore()

    def _draw_points(self, mobject: PMobject) -> None:
        """A cloud of points as dots."""
        context = self._context
        width = 2.0 * mobject.stroke_width * Canvas.WIDTH_UNIT
        context.set_line_cap(cairo.LINE_CAP_ROUND)
        context.set_line_width(width)
        for (x, y), rgba in zip(mobject.points[:, :2].tolist(), mobject.rgbas.tolist(), strict=True):
            context.set_source_rgba(*rgba)
            context.move_to(x, y)
            context.line_to(x, y)
            context.stroke()
