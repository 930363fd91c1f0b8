"""A camera that knows which pixels were drawn on, so that what rests is neither restored nor handed on."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Camera
from numpy.typing import NDArray

from scenes.box import EVERYWHERE, NOWHERE, Box

FloatArray = NDArray[np.float64]


class TouchedCamera(Camera):
    """Manim's Cairo camera, which begins a frame with the one picture again only where it was drawn over.

    What draws calls :meth:`touch`.
    """

    #: The picture that this frame began with.
    _under: Any = None
    #: What was drawn on since then, and before that since the last frame was handed on.
    _touched: Box = EVERYWHERE
    _before: Box = EVERYWHERE

    def set_pixel_array(self, pixel_array: Any, convert_from_floats: bool = False) -> None:
        """Begin a frame with a picture."""
        if pixel_array is self._under and not convert_from_floats:
            self._before = self._before.joined(self._touched)
            np.copyto(self._touched.of(self.pixel_array), self._touched.of(pixel_array))
        else:
            self._before = EVERYWHERE
            super().set_pixel_array(pixel_array, convert_from_floats)
            self._under = pixel_array
        self._touched = NOWHERE

    def touch(self, box: Box) -> None:
        """Note that all that is drawn now is in a box."""
        self._touched = self._touched.joined(box)

    @property
    def all_touched(self) -> bool:
        """Whether this frame may have been drawn on anywhere."""
        return self._touched == EVERYWHERE

    def take_changed(self) -> Box:
        """Where the frame may differ from what it was at the last call."""
        changed = self._before.joined(self._touched)
        self._before = NOWHERE
        return changed.within(Box.all_of(self.pixel_array))

    def box_around(self, points: FloatArray, pad: float) -> Box:
        """The pixels of points ``(n, 2)`` in Manim units, and so many more on every side."""
        to_device = self.get_cairo_context(self.pixel_array).get_matrix()
        corners = np.array([to_device.transform_point(*p) for p in (points.min(0), points.max(0))])
        low = np.floor(corners.min(0) - pad).clip(0).astype(int)
        high = np.ceil(corners.max(0) + pad).clip(0).astype(int)
        (left, top), (right, bottom) = low.tolist(), high.tolist()
        return Box(top, bottom, left, right).within(Box.all_of(self.pixel_array))
