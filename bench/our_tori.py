"""The same two tori in this project's space: 192 by 64 cells each, smoothly shaded, with soft edges."""

from __future__ import annotations

from manim import DEGREES

from scenes.kit import Camera3D, Torus, TraceScene

SECONDS = 10


class OurTori(TraceScene):
    """Two linked tori, turned."""

    def construct(self) -> None:
        """Turn the camera about two tori."""
        space = self.space3d(
            camera=Camera3D(phi=65 * DEGREES, theta=-60 * DEGREES, zoom=2, centre=(0.5, 0, 0))
        )
        space.add(Torus(1.0, 0.3, self.theme.class_colour(0)))
        space.add(Torus(1.0, 0.3, self.theme.class_colour(1), centre=(1, 0, 0), axis=(0, 1, 0)))
        self.add(space)
        self.play(space.turn_by(theta=60 * DEGREES, run_time=SECONDS))
