"""Rectangles of pixels: what scenes draw on, and what films convert anew. Without Manim."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray


class Box(NamedTuple):
    """Rows from ``top`` up to, but not including, ``bottom``, and columns."""

    top: int
    bottom: int
    left: int
    right: int

    @classmethod
    def all_of(cls, frame: NDArray[Any]) -> Box:
        """A whole frame."""
        return cls(0, frame.shape[0], 0, frame.shape[1])

    @property
    def empty(self) -> bool:
        """Whether there is no pixel in it."""
        return self.top >= self.bottom or self.left >= self.right

    def of(self, frame: NDArray[Any], scale: int = 1) -> NDArray[Any]:
        """What is in it, of a frame or of one so many times smaller."""
        top, bottom, left, right = (edge // scale for edge in self)
        return frame[top:bottom, left:right]

    def within(self, other: Box) -> Box:
        """What both have."""
        top, bottom = max(self.top, other.top), min(self.bottom, other.bottom)
        left, right = max(self.left, other.left), min(self.right, other.right)
        return Box(top, max(top, bottom), left, max(left, right))

    def joined(self, other: Box) -> Box:
        """The smallest one around both."""
        if self.empty or other.empty:
            return other if self.empty else self
        return Box(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )


#: No pixels.
NOWHERE = Box(0, 0, 0, 0)
#: More than any frame has.
EVERYWHERE = Box(0, 1 << 30, 0, 1 << 30)
