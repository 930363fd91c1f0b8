"""Animations of a space: whatever changes is set anew at every share of the run, and nothing adds up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Mobject, smooth

from scenes.kit.sampled import SampledAnimation

#: Takes the share of the run, from 0 to 1, and sets what changes.
Change = Callable[[float], None]


class SpaceAnimation(SampledAnimation):
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
        super().__init__(space, run_time=run_time, **options)
        self.space, self.prepare, self.ease = space, prepare, ease
        self._change: Change | None = None

    def begin(self) -> None:
        """Note where everything starts."""
        self._change = self.prepare()
        super().begin()

    def show(self, share: float) -> None:
        """Set what changes."""
        assert self._change is not None
        self._change(share if share in (0.0, 1.0) else float(self.ease(share)))
