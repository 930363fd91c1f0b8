"""The same two tori in this project's space: 192 by 64 cells each, smoothly shaded, with soft edges."""

from __future__ import annotations

from manim import DEGREES

from scenes.kit import Camera3D, Torus, TraceScene


class OurTori(TraceScene):
    """Two linked tori, turned."""

    def construct(self) -> None:
        """Turn the camera about two tori, as fast and for half as long as scenes do."""
        camera = Camera3D(phi=65 * DEGREES, theta=-60 * DEGREES, zoom=2, centre=(0.5, 0, 0))
        space = self.space3d(camera=camera)
        space.add(Torus(1.0, 0.3, self.theme.class_colour(0)))
        space.add(Torus(1.0, 0.3, self.theme.class_colour(1), centre=(1, 0, 0), axis=(0, 1, 0)))
        self.add(space)
        for phi in (0, -50, 30, 60, -40, 20):
            self.play(space.turn_by(theta=70 * DEGREES, phi=phi * DEGREES, run_time=4))
