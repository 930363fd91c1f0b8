"""From data to the frame: the window that follows what moves, and the ticks along its edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Rect:
    """A rectangle in Manim units."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre(self) -> FloatArray:
        """The middle, ``(2,)``."""
        return np.array([(self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2])

    @property
    def half(self) -> FloatArray:
        """Half of width and height, ``(2,)``."""
        return np.array([(self.x1 - self.x0) / 2, (self.y1 - self.y0) / 2])


@dataclass(frozen=True)
class View:
    """The part of the plane that a rectangle shows, at equal scale in both directions.

    Attributes
    ----------
    rect
        Where the picture is in the frame.
    centre
        The data point in its middle, ``(2,)``.
    scale
        Manim units per data unit.
    """

    rect: Rect
    centre: FloatArray
    scale: float

    def __call__(self, points: FloatArray) -> FloatArray:
        """Data points ``(n, 2)`` in Manim units."""
        return (points - self.centre) * self.scale + self.rect.centre

    @property
    def window(self) -> FloatArray:
        """The data visible, as ``(2, 2)``: lower and upper bound of each coordinate."""
        reach = self.rect.half / self.scale
        return np.stack([self.centre - reach, self.centre + reach], axis=1)


def nice_step(span: float, count: int = 5) -> float:
    """The step 1, 2 or 5 times a power of ten that cuts ``span`` into at most ``count`` parts.

    >>> nice_step(2.4)
    0.5
    """
    rough = span / count
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9)))


def ticks(low: float, high: float, step: float) -> FloatArray:
    """Multiples of a step in ``[low, high]``."""
    return np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step


class Follow:
    """A camera path along the layers: at every position all of the content is inside the rectangle.

    Parameters
    ----------
    rect
        Where the picture is in the frame.
    positions
        Increasing positions ``(n,)`` along the network at which the content was measured.
    bounds
        ``(n, 2, 2)``: lower and upper bound of each coordinate at each position.
    margin
        Share of the half-width left free around the content.
    smooth
        Standard deviation of the smoothing, in positions (one layer is 1). It vanishes towards whole
        layers, where the picture rests and the view is tight.
    rests
        Whether the picture rests at whole positions.
    """

    def __init__(
        self,
        rect: Rect,
        positions: FloatArray,
        bounds: FloatArray,
        margin: float = 0.07,
        smooth: float = 0.025,
        rests: bool = True,
    ) -> None:
        self.rect = rect
        self.positions = positions
        if rests:
            rest = np.abs(positions - np.round(positions))
            sigma = np.maximum(np.minimum(smooth, rest / 4), 1e-9)[:, None]
        else:
            sigma = np.full((len(positions), 1), 0.03 * max(float(positions[-1]), 1e-9))
        near = np.abs(positions[:, None] - positions[None]) <= 3 * sigma
        weight = near * np.exp(-0.5 * ((positions[:, None] - positions[None]) / sigma) ** 2)
        weight = weight / weight.sum(axis=1, keepdims=True)
        self.centres = weight @ bounds.mean(axis=2)
        reach = np.abs(bounds - self.centres[:, :, None]).max(axis=2)
        needed = (reach / rect.half).max(axis=1) * (1 + margin)
        # An average of maxima over a neighbourhood that contains the point is never below its value.
        widest = np.where(near | near.T, needed[None], -np.inf).max(axis=1)
        self.sizes = np.maximum(weight @ widest, needed)

    def __call__(self, position: float) -> View:
        """The view at a position."""
        centre = np.array([np.interp(position, self.positions, c) for c in self.centres.T])
        size = float(np.interp(position, self.positions, self.sizes))
        return View(self.rect, centre, 1 / size)
