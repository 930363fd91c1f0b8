"""The base of animations that set what is shown anew at every share of their run; nothing adds up."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import Animation, Mobject, Scene, linear


class SampledAnimation(Animation):
    """Calls :meth:`show` with the share of the run, from 0 to 1, at every frame.

    Subclasses note in :meth:`begin` where everything starts, and end there with ``super().begin()``.

    Parameters
    ----------
    mobject
        What is drawn anew; it is put on the scene unless it is there, and stays.
    run_time
        In seconds.
    """

    def __init__(self, mobject: Mobject, *, run_time: float = 1.0, **options: Any) -> None:
        super().__init__(mobject, run_time=run_time, rate_func=linear, **options)

    def show(self, share: float) -> None:
        """Set what is shown at a share of the run."""
        raise NotImplementedError

    def _setup_scene(self, scene: Scene) -> None:
        """Put the mobject on the scene unless it is there."""
        shown: list[Any] = scene.mobjects
        if self.mobject not in shown:
            scene.add(self.mobject)

    def begin(self) -> None:
        """Show the start."""
        self.interpolate(0)

    def interpolate(self, alpha: float) -> None:
        """Show the instant at the share ``alpha`` of the time, as the rate function has it."""
        self.show(float(np.clip(self.rate_func(alpha), 0, 1)))

    def finish(self) -> None:
        """End exactly at the final values."""
        self.interpolate(1)

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Nothing to take away: the mobject stays."""
