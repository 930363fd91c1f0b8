"""What "The manifold hypothesis" shows: two digits that turn and slide, in three principal components.

All distances are measured between the images themselves, in all of their dimensions.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from topo_core.approach import Approach, diameter, distances_to, nearest_approach
from topo_core.datasets.digits import digit_images
from topo_core.image_manifolds import MovingDigit
from topo_core.principal import PrincipalComponents

FloatArray = NDArray[np.float64]

#: A six and a nine: of all 181 x 180 such pairs, these come nearest to each other as they turn.
SIX, NINE = 967, 220
#: The farthest that a digit slides, in pixels; its ink stays on the canvas. Downwards as the digit stands.
REACH = -3.25

_TURNS, _SLIDES = 96, 9  # samples of a surface
_STEPS, _ROWS = 144, 9  # points at which it is drawn


class DigitSpace:
    """The curves and surfaces of two digits, seen in the principal components of both surfaces."""

    def __init__(self, first: int = SIX, second: int = NINE) -> None:
        self.digits = MovingDigit(first), MovingDigit(second)
        s = np.arange(_TURNS)[:, None] / _TURNS
        slides = np.linspace(0, 1, _SLIDES)
        images = np.stack([digit.slid(s, REACH * slides) for digit in self.digits])
        some = images[:, ::4, ::2].reshape(-1, self.dimensions)  # more change nothing to see
        anchors = self.digits[0].turned(np.array([0.0, 1 / 12]))
        self.components = PrincipalComponents.of(some, 3, anchors)
        #: The share of the variance of the two curves, and of the two surfaces, that is shown.
        self.curve_share = self.components.share_of(images[:, :, 0].reshape(-1, self.dimensions))
        self.surface_share = self.components.share_of(images.reshape(-1, self.dimensions))
        places = self.components(images)  # (2, turns, slides, 3)
        closed = np.concatenate([places, places[:, :1]], axis=1)
        around = CubicSpline(np.arange(_TURNS + 1) / _TURNS, closed, axis=1, bc_type="periodic")
        self._surface = CubicSpline(slides, around(np.linspace(0, 1, _STEPS + 1)), axis=2)
        s = np.linspace(0, 1, 2 * _STEPS + 1)
        #: The curves of a whole turn, ``(2, n, 3)``.
        self.curves: FloatArray = np.stack([self.components(digit.turned(s)) for digit in self.digits])

    @property
    def dimensions(self) -> int:
        """Of the space of images."""
        return self.digits[0].dimensions

    def surface(self, which: int, slide: float) -> FloatArray:
        """Turns and slides up to the share ``slide`` of the farthest: a grid of points ``(m, n, 3)``."""
        rows = np.linspace(0, slide, _ROWS)
        grid: FloatArray = self._surface(rows)[which]
        return grid

    def image(self, which: int, s: float, slide: float = 0.0) -> FloatArray:
        """A digit after a share ``s`` of a turn, slid by a share of the farthest."""
        return self.digits[which].slid(s, REACH * slide)

    def place(self, which: int, s: float, slide: float = 0.0) -> FloatArray:
        """Where that image is, ``(3,)``."""
        return self.components(self.image(which, s, slide))

    def distance(self, first: tuple[int, float], second: tuple[int, float]) -> float:
        """Between two images, each given by which digit and the share of a turn."""
        return float(np.linalg.norm(self.image(*first) - self.image(*second)))

    @cached_property
    def approach(self) -> Approach:
        """Where the two curves come nearest."""
        return nearest_approach(self.digits[0].turned, self.digits[1].turned)

    @cached_property
    def width(self) -> float:
        """The diameter of the first curve."""
        return diameter(self.digits[0].turned(np.arange(180) / 180))

    @cached_property
    def crossing(self) -> Approach:
        """Where the first curve comes nearest to itself in the three components that are shown."""

        def shown(s: FloatArray) -> FloatArray:
            return self.components(self.digits[0].turned(s))

        return nearest_approach(shown, shown, apart=0.2)

    @cached_property
    def crossing_distance(self) -> float:
        """How far apart the two images at the crossing are."""
        return self.distance((0, self.crossing.first), (0, self.crossing.second))

    @cached_property
    def nearer_relatives(self) -> tuple[int, int]:
        """How many of the first digit's class come nearer to its curve than the second, and of how many."""
        digits = digit_images()
        curve = self.digits[0].turned(np.arange(360) / 360)
        others = [int(i) for i in digits.of(self.digits[0].label) if i != self.digits[0].index]
        upright = np.stack([MovingDigit(i).images(0.0) for i in [*others, self.digits[1].index]])
        *relatives, stranger = distances_to(upright, curve)
        return sum(bool(d < stranger) for d in relatives), len(relatives)
