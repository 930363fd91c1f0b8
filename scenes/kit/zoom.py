"""A closer look at a part of a stage's plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import Animation, Mobject
from numpy.typing import NDArray

from scenes.kit.stage import Stage
from scenes.kit.state import StateAnimation
from scenes.kit.view import View
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]


@dataclass
class ZoomState:
    """How near the view is, from 0 (all of the plane) to 1 (the part alone)."""

    near: float = 0.0


class Zoom(Mobject):
    """Brings a part of the plane close, wherever the stage is, and lets it go again.

    It takes the place of the stage's camera, and curves are sampled for its closest view of where the
    stage is now: make another one when the stage has moved on.

    Parameters
    ----------
    stage
        Of which to see a part.
    centre
        The point ``(2,)`` of the present representation that goes to the middle.
    factor
        How many times as large things become, more than 1.

    Raises
    ------
    TopoError
        For a factor that makes nothing larger.
    """

    def __init__(self, stage: Stage, centre: FloatArray, factor: float) -> None:
        if not factor > 1:
            raise TopoError(f"zoom factor {factor}: give more than 1")
        super().__init__()
        self.centre, self.factor = np.asarray(centre, dtype=np.float64), factor
        space, position = stage.plane.space, stage.state.position
        self.camera = space.follow
        self.state = ZoomState(near=1.0)
        space.follow = self
        space.forget()
        space.prepare(position, position)
        self.state.near = 0.0

    def __call__(self, position: float) -> View:
        """The view at a position: about the one point that stays where it is in the frame."""
        far, near = self.camera(position), self.state.near
        if near == 0:
            return far
        shrunk = self.factor**-near  # looks as fast at any distance
        share = (shrunk - 1 / self.factor) / (1 - 1 / self.factor)
        return View(far.rect, self.centre + share * (far.centre - self.centre), far.scale / shrunk)

    def to(self, near: float = 1.0, run_time: float = 2.0) -> Animation:
        """Come as near as the share says: 1 all the way, 0 back again."""
        return StateAnimation(self, {"near": near}, run_time=run_time)
