"""How things in space are lit and how they fade, and the form in which the programs are told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.kit.gl.projection import Projection
from scenes.kit.theme import Theme, mix, rgb

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """Light, silhouettes and distance.

    Attributes
    ----------
    paper
        ``#rrggbb`` of what is behind: far things fade into it.
    rim_colour
        ``#rrggbb`` of what silhouettes turn into.
    rim, haze, gloss, ambient
        From 0 to 1: how much of that colour there is at a silhouette; how much of the paper in the farthest
        things; how bright reflections of the light are; how much light comes from everywhere.
    light
        The direction to the light: right, up, towards the eye.
    """

    paper: str
    rim_colour: str
    rim: float = 0.75
    haze: float = 0.28
    gloss: float = 0.2
    ambient: float = 0.55
    light: tuple[float, float, float] = (-0.45, 0.65, 0.62)

    @classmethod
    def of(cls, theme: Theme) -> Style:
        """The style that goes with a theme."""
        if theme.name == "light":
            return cls(
                theme.background, mix(theme.background, theme.ink, 0.75), rim=0.45, haze=0.35, ambient=0.6
            )
        return cls(theme.background, theme.background)

    @cached_property
    def _colours(self) -> FloatArray:
        """The rows of that block that say how things look, ``(3, 4)``."""
        light = np.asarray(self.light) / np.linalg.norm(self.light)
        rows = (*light, self.ambient), (*rgb(self.paper), self.haze), (*rgb(self.rim_colour), self.rim)
        return np.array(rows)

    def uniforms(self, projection: Projection, nearest: float, farthest: float) -> bytes:
        """The block ``Scene`` of the programs."""
        camera, raster = projection.camera, projection.raster
        block = np.zeros((2 * 4 + 5, 4), dtype=np.float32)
        block[:4] = projection.clip(nearest, farthest).T
        turn = np.eye(4)
        turn[:3, :3] = camera.rotation
        turn[:3, 3] = -camera.rotation @ np.asarray(camera.centre)
        block[4:8] = turn.T
        block[8:11] = self._colours
        block[11] = (camera.nearness, nearest, farthest, self.gloss)
        block[12, :2] = 2 / raster.width, 2 / raster.height
        return block.tobytes()
