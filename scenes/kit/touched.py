"""A camera that knows which pixels were drawn on, so that what rests is neither restored nor handed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Camera
from numpy.typing import NDArray

from scenes.box import EVERYWHERE, NOWHERE, Box

FloatArray = NDArray[np.float64]


@dataclass(eq=False)
class _Sheet:
    """Pixels, the picture that they began with, and where they may differ from it."""

    pixels: Any = None
    under: Any = None
    touched: Box = EVERYWHERE


class TouchedCamera(Camera):
    """Manim's Cairo camera, which begins a frame with the one picture again only where it was drawn over.

    What draws calls :meth:`touch`. There are two sheets of pixels in turns: a frame that was handed on stays
    as it is until the next one has been.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._sheet, self._spare = _Sheet(), _Sheet()
        self._given: _Sheet | None = None
        super().__init__(*args, **options)

    def set_pixel_array(self, pixel_array: Any, convert_from_floats: bool = False) -> None:
        """Begin a frame with a picture."""
        if self._given is self._sheet:
            self._sheet, self._spare = self._spare, self._sheet
            if self._sheet.pixels is None:
                self._sheet.pixels = np.empty_like(self.pixel_array)
            self.pixel_array = self._sheet.pixels
        sheet = self._sheet
        if pixel_array is sheet.under and not convert_from_floats:
            np.copyto(sheet.touched.of(sheet.pixels), sheet.touched.of(pixel_array))
        else:
            super().set_pixel_array(pixel_array, convert_from_floats)
            if self.pixel_array is not sheet.pixels:  # the first one, or of another size
                self._sheet, self._spare = sheet, _ = _Sheet(self.pixel_array), _Sheet()
            sheet.under = object() if convert_from_floats else pixel_array
        sheet.touched = NOWHERE

    def touch(self, box: Box) -> None:
        """Note that all that is drawn now is in a box."""
        self._sheet.touched = self._sheet.touched.joined(box)

    @property
    def all_touched(self) -> bool:
        """Whether this frame may have been drawn on anywhere."""
        return self._sheet.touched == EVERYWHERE

    def take_changed(self) -> Box:
        """Hand the frame on: where it may differ from the one at the last call."""
        given, sheet = self._given, self._sheet
        self._given = sheet
        if given is None or given.under is not sheet.under:
            return Box.all_of(self.pixel_array)
        return given.touched.joined(sheet.touched).within(Box.all_of(self.pixel_array))

    def box_around(self, points: FloatArray, pad: float) -> Box:
        """The pixels of points ``(n, 2)`` in Manim units, and so many more on every side."""
        to_device = self.get_cairo_context(self.pixel_array).get_matrix()
        corners = np.array([to_device.transform_point(*p) for p in (points.min(0), points.max(0))])
        low = np.floor(corners.min(0) - pad).clip(0).astype(int)
        high = np.ceil(corners.max(0) + pad).clip(0).astype(int)
        (left, top), (right, bottom) = low.tolist(), high.tolist()
        return Box(top, bottom, left, right).within(Box.all_of(self.pixel_array))
