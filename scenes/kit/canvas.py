"""A Cairo context on which whole polylines are drawn from arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np
from numpy.typing import NDArray

from scenes.box import EVERYWHERE, NOWHERE, Box
from scenes.kit.theme import mix, rgb

if TYPE_CHECKING:
    from scenes.kit.glyphs import Glyphs

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnText:
    """Text as it was drawn: what it says, its box in Manim units, its colour and opacity."""

    content: str
    box: tuple[float, float, float, float]
    colour: str
    opacity: float


class Canvas:
    """A Cairo context in Manim's coordinates (y up), with colours as ``#rrggbb``.

    Parameters
    ----------
    context
        The Cairo context, its matrix mapping Manim units to device units.
    swap_red_blue
        True for Manim's pixel arrays, whose memory order Cairo takes for BGR.
    texts
        If given, text is not drawn but noted there, as ``text_opacity`` times as opaque: for tests of
        the look.
    paper
        If given, lines and text are mixed with this colour instead of being translucent: for formats
        that know no transparency.
    """

    #: Manim's stroke widths are hundredths of a unit.
    WIDTH_UNIT = 0.01
    #: Width of the line around text with a halo, half of which is to be seen, in Manim units.
    HALO = 0.07
    #: Strokes thinner than this have bevelled joins.
    THIN = 2.0

    def __init__(
        self,
        context: cairo.Context[Any],
        *,
        swap_red_blue: bool = True,
        texts: list[DrawnText] | None = None,
        text_opacity: float = 1.0,
        paper: str = "",
    ) -> None:
        self._context = context
        self._paper = paper
        self._touched = NOWHERE
        self.texts, self.text_opacity = texts, text_opacity
        context.set_antialias(cairo.ANTIALIAS_FAST)  # a third of the time less, and no difference to see
        self.swap_red_blue = swap_red_blue

    @property
    def context(self) -> cairo.Context[Any]:
        """The Cairo context, for what has no method here; it may be drawn on anywhere from then on."""
        self._touched = EVERYWHERE
        return self._context

    @property
    def touched(self) -> Box:
        """Around the device's pixels that may have been drawn on."""
        return self._touched

    @property
    def matrix(self) -> cairo.Matrix:
        """From Manim's coordinates to the device's."""
        return self._context.get_matrix()

    @property
    def has_pixels(self) -> bool:
        """Whether it is an image, and not made of vectors."""
        return isinstance(self._context.get_target(), cairo.ImageSurface)

    def _touch(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Note that what is drawn is between two corners, in present coordinates, or next to it."""
        if self._touched == EVERYWHERE:
            return
        corners = [self._context.user_to_device(x, y) for x in (x0, x1) for y in (y0, y1)]
        across, down = zip(*corners, strict=True)
        left, top, right, bottom = min(across) - 2, min(down) - 2, ceil(max(across)) + 2, ceil(max(down)) + 2
        box = Box(max(int(top), 0), max(bottom, 0), max(int(left), 0), max(right, 0))
        self._touched = self._touched.joined(box)

    def set_colour(self, colour: str, opacity: float = 1.0) -> None:
        """Choose the colour of the lines or text drawn next."""
        if self._paper and opacity < 1:
            colour, opacity = mix(self._paper, colour, opacity), 1.0
        self._set_colour(colour, opacity)

    def _set_colour(self, colour: str, opacity: float) -> None:
        r, g, b = rgb(colour)
        if self.swap_red_blue:
            r, b = b, r
        self._context.set_source_rgba(r, g, b, opacity)

    def polyline(self, points: FloatArray, *, close: bool = False) -> None:
        """Add points ``(n, 2)`` to the path."""
        context = self.context
        line_to = context.line_to
        coordinates = points.tolist()
        context.move_to(*coordinates[0])
        for x, y in coordinates[1:]:
            line_to(x, y)
        if close:
            context.close_path()

    def stroke(
        self,
        lines: Iterable[FloatArray],
        colour: str,
        width: float,
        *,
        opacity: float = 1.0,
        round_caps: bool = False,
    ) -> None:
        """Stroke polylines ``(n, 2)`` one by one; ``width`` in Manim's stroke units."""
        context = self.context
        self.set_colour(colour, opacity)
        context.set_line_width(width * self.WIDTH_UNIT)
        # On thin lines, whose pieces hardly turn, nobody sees the joins; bevels take a quarter less time.
        thin = width < self.THIN and not round_caps
        context.set_line_join(cairo.LINE_JOIN_BEVEL if thin else cairo.LINE_JOIN_ROUND)
        context.set_line_cap(cairo.LINE_CAP_ROUND if round_caps else cairo.LINE_CAP_BUTT)
        for line in lines:
            if len(line) > 1:
                self.polyline(line)
                context.stroke()

    def fill(self, rings: Iterable[FloatArray], colour: str, opacity: float = 1.0) -> None:
        """Fill polygons (even-odd, so that inner rings are holes)."""
        self._set_colour(colour, opacity)
        self.context.set_fill_rule(cairo.FILL_RULE_EVEN_ODD)
        for ring in rings:
            if len(ring) > 2:
                self.polyline(ring, close=True)
        self.context.fill()

    def gradient(self, box: tuple[float, float, float, float], colours: FloatArray) -> None:
        """A rectangle (left, lower, right, upper) whose colour ``(n, 3)`` changes from left to right."""
        x0, y0, x1, y1 = box
        blend = cairo.LinearGradient(x0, 0, x1, 0)
        order = slice(None, None, -1 if self.swap_red_blue else 1)
        for share, colour in zip(np.linspace(0, 1, len(colours)).tolist(), colours, strict=True):
            blend.add_color_stop_rgb(share, *colour[order].tolist())
        context = self.context
        context.set_source(blend)
        context.rectangle(x0, y0, x1 - x0, y1 - y0)
        context.fill()

    def dots(self, points: FloatArray, colour: str, diameter: float, opacity: float = 1.0) -> None:
        """Round dots at points ``(n, 2)``; the diameter in Manim's stroke units."""
        context = self.context
        self.set_colour(colour, opacity)
        context.set_line_width(diameter * self.WIDTH_UNIT)
        context.set_line_cap(cairo.LINE_CAP_ROUND)
        for x, y in points.tolist():
            context.move_to(x, y)
            context.line_to(x, y)
        context.stroke()

    def glyphs(
        self,
        glyphs: Glyphs,
        x: float,
        y: float,
        colour: str,
        opacity: float = 1.0,
        scale: float = 1.0,
        halo: str = "",
    ) -> None:
        """Text that begins at ``x`` on the baseline ``y``; ``halo`` is the colour of a rim around it."""
        if opacity <= 0:
            return
        if self.texts is not None:
            x0, y0, x1, y1 = (scale * bound for bound in glyphs.box)
            box = (x + x0, y + y0, x + x1, y + y1)
            self.texts.append(DrawnText(glyphs.content, box, colour, opacity * self.text_opacity))
            return
        context = self._context
        context.save()
        context.translate(x, y)
        context.scale(scale, scale)
        if halo:
            self.set_colour(halo, 0.8 * opacity)
            context.set_line_width(self.HALO)
            context.set_line_join(cairo.LINE_JOIN_ROUND)
            context.new_path()
            context.append_path(glyphs.path)
            context.stroke()
        rim = self.HALO if halo else 0.0
        self.set_colour(colour, opacity)
        context.set_fill_rule(cairo.FILL_RULE_WINDING)
        context.new_path()
        context.append_path(glyphs.path)
        x0, y0, x1, y1 = context.path_extents()
        self._touch(x0 - rim, y0 - rim, x1 + rim, y1 + rim)
        context.fill()
        context.restore()

    def pixels(self, surface: cairo.ImageSurface, x: float, y: float, size: float) -> None:
        """An image whose first pixel is at (x, y) of the device and whose pixels are ``size`` of its."""
        context = self._context
        context.save()
        context.identity_matrix()
        context.translate(x, y)
        context.scale(size, size)
        self._touch(0, 0, surface.get_width(), surface.get_height())
        context.set_source_surface(surface, 0, 0)
        context.paint()
        context.restore()

    def image(
        self,
        grey: FloatArray,
        box: tuple[float, float, float, float],
        paper: str,
        ink: str,
        *,
        opacity: float = 1.0,
        smooth: bool = False,
    ) -> None:
        """A grey image ``(h, w)``, rows from the top, from 0 (``paper``) to 1 (``ink``).

        ``box`` is its left, lower, right and upper edge. Pixels are squares unless ``smooth``.
        """
        ends = np.array([rgb(paper), rgb(ink)])[:, :: -1 if self.swap_red_blue else 1]
        shade = np.clip(grey, 0, 1)[..., None]
        channels = np.rint(255 * ((1 - shade) * ends[0] + shade * ends[1])).astype(np.uint32)
        pixels = 0xFF << 24 | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
        height, width = pixels.shape
        surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
        rows = np.ndarray(pixels.shape, np.uint32, surface.get_data(), strides=(surface.get_stride(), 4))
        rows[:] = pixels
        surface.mark_dirty()
        x0, y0, x1, y1 = box
        context = self.context
        context.save()
        context.rectangle(x0, y0, x1 - x0, y1 - y0)
        context.clip()
        context.translate(x0, y1)
        context.scale((x1 - x0) / width, (y0 - y1) / height)
        context.set_source_surface(surface)
        source = context.get_source()
        source.set_filter(cairo.FILTER_BILINEAR if smooth else cairo.FILTER_NEAREST)
        source.set_extend(cairo.EXTEND_PAD)
        context.paint_with_alpha(opacity)
        context.restore()

    def clip(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Restrict what follows to a rectangle (until the context is restored)."""
        self.context.rectangle(x0, y0, x1 - x0, y1 - y0)
        self.context.clip()
