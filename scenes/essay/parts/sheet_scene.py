"""What the scene of a sheet in space consists of: its column, its camera, and its way along the layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from manim import LEFT, Animation, FadeIn, FadeOut, Mobject, linear, smooth

from scenes.essay.parts.common import EssayScene
from scenes.essay.parts.divide import Divide
from scenes.essay.parts.sheet import Sheet
from scenes.kit import Camera3D, Live, Rect, Space3D, text
from scenes.kit.gl.play import SpaceAnimation
from scenes.kit.live import Content
from scenes.kit.panel import Diagram
from scenes.kit.sampled import SampledAnimation
from scenes.kit.stage import PANEL
from scenes.kit.text import fitted

#: The polar angle from which the sheet is mostly seen.
POLAR = float(np.radians(64))
_WIDTH = PANEL.x1 - PANEL.x0


class SheetScene(EssayScene):
    """A scene in which a layer of three units carries a plane through space."""

    space: Space3D
    sheet: Sheet
    diagram: Diagram
    #: The plane that divides, once there is one.
    divided: Divide
    #: The azimuths from which the matrix is seen to move it, at first and at last.
    seen_from: tuple[float, float]
    #: What stands in the right column.
    column: tuple[Mobject, ...] = ()

    # -- the right column ------------------------------------------------------------------------

    def line(self, content: Content, y: float, *, accent: bool = False) -> Live:
        """A line that says at every frame what is so."""
        theme = self.theme
        colour = theme.accent if accent else theme.ink
        return Live(content, PANEL.x0, y, theme.text_size, colour, room=PANEL.x1 - PANEL.x0)

    def words(self, content: str, y: float, colour: str | None = None) -> Mobject:
        """Words that stand still, by default in ink."""
        words = text(content, self.theme.text_size, color=colour or self.theme.ink)
        return fitted(words, _WIDTH).move_to((PANEL.x0, y, 0.0), aligned_edge=LEFT)

    def bring(self, *mobjects: Mobject) -> list[Animation]:
        """Fade in what stands in the column until it is let go."""
        self.column += mobjects
        return [FadeIn(m) for m in mobjects]

    def let_go(self, *staying: Mobject) -> list[Animation]:
        """Fade out the column but for what stays."""
        leaving = [m for m in self.column if m not in staying]
        self.column = staying
        return [FadeOut(m) for m in leaving]

    def light(self, position: float, run_time: float) -> SampledAnimation:
        """Light the network in the column up to a position."""
        return _Lighting(self.diagram, position, run_time)

    # -- the camera ------------------------------------------------------------------------------

    def nearest_turn(self, theta: float) -> float:
        """The angle that is the same but for whole turns, and nearest to the camera's."""
        turns = round((self.space.camera.theta - theta) / (2 * np.pi))
        return theta + 2 * np.pi * turns

    def facing(self, aside: float) -> float:
        """The azimuth from which the plane is seen after the matrix, ``aside`` radians from squarely."""
        normal = self.sheet.layer.weight[:, 2]  # the column that was added is at right angles to the plane
        normal = normal if normal[2] >= 0 else -normal
        square = float(np.arctan2(normal[1], normal[0]))
        return min(
            (self.nearest_turn(square + sign * aside) for sign in (1, -1)),
            key=lambda theta: abs(theta - self.space.camera.theta),
        )

    @cached_property
    def edge_on(self) -> tuple[float, float]:
        """The angles phi and theta from which the plane that divides is a level line."""
        weight = self.trace.readout_weight[-1]
        x, y, z = ((weight[0] - weight[1]) / np.linalg.norm(weight[0] - weight[1])).tolist()
        side = -1.0 if z > 0 else 1.0
        return float(np.arcsin(min(abs(z), 1.0))), float(np.arctan2(side * y, side * x))

    def beside(self, aside: float) -> float:
        """The azimuth ``aside`` radians from there."""
        return self.nearest_turn(self.edge_on[1] + aside)

    def turn_to(self, run_time: float, *, close: bool = False, **to: Any) -> SpaceAnimation:
        """Turn the camera so that all of the sheet as it is now, and the cube unless ``close``, is seen."""
        end = self.space.camera.moved(**{"centre": (0.0, 0.0, 0.0), **to})
        end = self.sheet.closeup(end) if close else end.moved(zoom=self.sheet.zoom(end))
        return self.space.turn(**to, zoom=end.zoom, centre=end.centre, run_time=run_time)

    # -- the way along the layer -----------------------------------------------------------------

    def carry(self, stops: Sequence[float], run_time: float, **to: float) -> SpaceAnimation:
        """Carry the sheet to each of these shares of the layer, all of it in view, while the camera turns."""
        sheet, space, start = self.sheet, self.space, self.space.camera
        end = start.moved(**to)
        ways = list(zip([sheet.t, *stops[:-1]], stops, strict=True))
        shown = start.zoom / sheet.zoom(start)

        def change(share: float) -> None:
            k = min(int(share * len(ways)), len(ways) - 1)
            (first, last), eased = ways[k], float(smooth(share * len(ways) - k))
            sheet.at(last if eased == 1 else (1 - eased) * first + eased * last)
            if "divided" in vars(self):
                self.divided.follow()
            camera = start.between(end, float(smooth(share)))
            space.camera = camera.moved(zoom=sheet.zoom(camera) * shown ** (1 - float(smooth(share))))
            self.diagram.position = sheet.t

        return space.run(change, ease=linear, run_time=run_time)

    def picture(self, rect: Rect, t: float, camera: Camera3D) -> Space3D:
        """The sheet and its border at rest, for the share ``t`` of the layer: 0 or 1."""
        space = self.space3d(rect=rect, camera=camera)
        sheet = Sheet(space, self.trace)
        sheet.at(t)
        space.camera = sheet.closeup(camera)
        divide = Divide(sheet)
        shown = (divide.curve, divide.frame, *divide.gap)[: 1 if t == 0 else None]
        for lines in shown:
            lines.opacity = 1.0
        if t == 0:
            sheet.paint_regions(1.0)
        return space


class _Lighting(SampledAnimation):
    """Lights a network's diagram from where it is to a position."""

    def __init__(self, diagram: Diagram, position: float, run_time: float) -> None:
        super().__init__(diagram, run_time=run_time)
        self.diagram, self.position = diagram, position

    def begin(self) -> None:
        """Note where it is."""
        self.start = self.diagram.position
        super().begin()

    def show(self, share: float) -> None:
        """Light it."""
        self.diagram.position = (1 - share) * self.start + share * self.position
