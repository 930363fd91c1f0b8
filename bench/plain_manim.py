"""The spirals through one layer in plain Manim: NumberPlane, apply_function, one Dot a point."""

from __future__ import annotations

import numpy as np
from manim import BLUE, ORANGE, Dot, NumberPlane, Scene, VGroup

SECONDS = 2.0
_WEIGHT = np.array([[1.2, -0.9], [0.7, 1.5]])
_BIAS = np.array([0.3, -0.2])


def layer(point: np.ndarray) -> np.ndarray:
    """One tanh layer on a Manim point, at four units a data unit's worth of zoom 2.5."""
    x = point[:2] / 2.5
    return np.append(2.5 * np.tanh(_WEIGHT @ x + _BIAS), 0.0)


class PlainSpirals(Scene):
    """What a Manim user would write at first."""

    def construct(self) -> None:
        """Draw plane and points, then animate them through the layer."""
        plane = NumberPlane(x_range=[-3.2, 3.2, 0.4], y_range=[-3.2, 3.2, 0.4])
        plane.prepare_for_nonlinear_transform(num_inserted_curves=50)
        t = np.linspace(0, 1, 64)
        arm = np.stack([np.cos(1.5 * np.pi * t), np.sin(1.5 * np.pi * t)], 1) * (0.2 + t)[:, None]
        dots = VGroup(
            *(
                Dot([*(2.5 * sign * p), 0], color=colour, radius=0.05)
                for sign, colour in ((1, ORANGE), (-1, BLUE))
                for p in arm
            )
        )
        self.add(plane, dots)
        self.play(
            plane.animate.apply_function(layer),
            dots.animate.apply_function(layer),
            run_time=SECONDS,
        )
