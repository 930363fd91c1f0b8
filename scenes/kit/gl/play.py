"""Animations of a space: whatever changes is set anew at every share of the run, and nothing adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from manim import Animation, Mobject, Scene, linear, smooth

#: Takes the share of the run, from 0 to 1, and sets what changes.
Change = Callable[[float], None]


class SpaceAnimation(Animation):
    """Calls a change with the eased share of the run at every frame, and with exactly 1 at the end.

    Parameters
    ----------
    space
        What is drawn anew.
    prepare
        Called when the animation begins; returns the change. What the change starts from is read here, so
        that the animation continues whatever came before it.
    ease
        From share of the time to share of the way.
    run_time
        In seconds.
    """

    def __init__(
        self,
        space: Mobject,
        prepare: Callable[[], Change],
        *,
        ease: Callable[[float], float] = smooth,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(space, run_time=run_time, rate_func=linear, **options)
        self.space, self.prepare, self.ease = space, prepare, ease
        self._change: Change | None = None

    def _setup_scene(self, scene: Scene) -> None:
        """Put the space on the scene unless it is there."""
        if self.space not in scene.mobjects:
            scene.add(self.space)

    def begin(self) -> None:
        """Note where everything starts."""
        self._change = self.prepare()
        self.interpolate(0)

    def interpolate(self, alpha: float) -> None:
        """Set what changes at the share ``alpha`` of the run."""
        assert self._change is not None
        alpha = float(np.clip(self.rate_func(alpha), 0, 1))
        self._change(alpha if alpha in (0.0, 1.0) else float(self.ease(alpha)))

    def finish(self) -> None:
        """End exactly at the final values."""
        self.interpolate(1)

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Nothing to take away: the space stays."""
