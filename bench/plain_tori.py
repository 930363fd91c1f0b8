"""Two linked tori in plain Manim: ThreeDScene, Torus with 48 by 24 faces, the camera turning."""

from __future__ import annotations

from manim import BLUE, DEGREES, ORANGE, PI, RIGHT, ThreeDScene, Torus

SECONDS = 0.5


class PlainTori(ThreeDScene):
    """What a Manim user would write."""

    def construct(self) -> None:
        """Turn the camera about two tori."""
        self.set_camera_orientation(phi=65 * DEGREES, theta=-60 * DEGREES, zoom=2.0, frame_center=0.5 * RIGHT)
        shape = {"major_radius": 1.0, "minor_radius": 0.3, "resolution": (48, 24)}
        first = Torus(checkerboard_colors=[ORANGE, ORANGE], **shape)
        second = Torus(checkerboard_colors=[BLUE, BLUE], **shape)
        self.add(first, second.rotate(PI / 2, axis=RIGHT).shift(RIGHT))
        self.move_camera(theta=-50 * DEGREES, run_time=SECONDS)
