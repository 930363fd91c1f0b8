"""The witness that two units cannot do: a point of A, and a closed curve of B around it.

Essay, "Topology and Classification", the proof: under a homeomorphism the curve still goes around the
point, and then no line has one on each side. Both are followed through the network as polygon and
point; the winding number is that of the moving polygon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Stage
from scenes.kit.motion import moved
from scenes.kit.readout import dividing_lines
from topo_core.topology.winding import winding_number

FloatArray = NDArray[np.float64]

#: The middle of the annulus B.
RADIUS = 5 / 6
_CORNERS = 2048
#: The point counts as on the curve when it is nearer to the polygon than this, for the polygon's size:
#: in between its corners the curve itself may be as far away.
_TOUCHING = 1e-5


@dataclass
class WitnessState:
    """What is shown, each from 0 to 1, and where the line is.

    The line is ``offset`` (in units of the representation) away from the point, in the direction
    ``angle`` (in radians). ``ends`` are two points of the curve that a matrix flattens onto the point.
    """

    curve: float = 0.0
    point: float = 0.0
    line: float = 0.0
    ends: float = 0.0
    angle: float = 0.0
    offset: float = 0.0


class Witness(Drawable):
    """The point and the curve on a stage, wherever that is along the network."""

    def __init__(self, stage: Stage, axis: FloatArray | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.stage, self.state = stage, WitnessState()
        self.points = stage.plane.points.copy()
        angle = 2 * np.pi * np.arange(_CORNERS) / _CORNERS
        self._circle = RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        self._ends = RADIUS * (np.zeros((2, 2)) if axis is None else np.stack([axis, -axis]))
        self._kept: tuple[float, FloatArray] | None = None

    def _now(self) -> FloatArray:
        """The point, the two ends and the polygon where they are now, ``(3 + n, 2)``."""
        position = self.stage.state.position
        if self._kept is None or self._kept[0] != position:
            all_points = np.concatenate([np.zeros((1, 2)), self._ends, self._circle])
            self._kept = position, moved(self.stage.plane.space.motion, all_points, position)
        return self._kept[1]

    @property
    def at(self) -> FloatArray:
        """The point where it is now, ``(2,)``."""
        place: FloatArray = self._now()[0]
        return place

    @property
    def polygon(self) -> FloatArray:
        """The curve where it is now, ``(n, 2)``; the last corner is joined to the first."""
        return self._now()[3:]

    def distance(self) -> float:
        """From the point to the polygon, for the polygon's size."""
        start, edge = self.polygon, np.roll(self.polygon, -1, axis=0) - self.polygon
        length = np.maximum((edge**2).sum(axis=1), 1e-300)
        along = np.clip(((self.at - start) * edge).sum(axis=1) / length, 0, 1)
        away = np.linalg.norm(start + along[:, None] * edge - self.at, axis=1)
        return float(away.min() / np.ptp(start, axis=0).max())

    def winding(self) -> int | None:
        """How many times the polygon goes around the point; None where it may touch it."""
        return None if self.distance() < _TOUCHING else winding_number(self.polygon, self.at)

    def ends_apart(self) -> float:
        """From the point to the farther of the two ends, in units of the representation."""
        return float(np.linalg.norm(self._now()[1:3] - self.at, axis=1).max())

    @property
    def normal(self) -> FloatArray:
        """The direction from the point to the line, ``(2,)``."""
        return np.array([np.cos(self.state.angle), np.sin(self.state.angle)])

    def reach(self) -> tuple[float, float]:
        """Between which offsets the line cuts the curve."""
        along = (self.polygon - self.at) @ self.normal
        return float(along.min()), float(along.max())

    def crossings(self) -> FloatArray:
        """Where the line cuts the polygon, ``(n, 2)``."""
        here, lead = self.polygon, (self.polygon - self.at) @ self.normal - self.state.offset
        there, next_lead = np.roll(here, -1, axis=0), np.roll(lead, -1)
        cut = (lead > 0) != (next_lead > 0)
        share = (lead[cut] / (lead[cut] - next_lead[cut]))[:, None]
        result: FloatArray = here[cut] + share * (there[cut] - here[cut])
        return result

    def draw(self, canvas: Canvas) -> None:
        """Draw curve, line, crossings and point."""
        state, theme, plane = self.state, self.stage.theme, self.stage.plane
        view, rect = plane.view, plane.rect
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        if state.curve > 0:
            loop = view(np.concatenate([self.polygon, self.polygon[:1]]))
            shown = loop[: 1 + round(state.curve * _CORNERS)]
            canvas.stroke([shown], theme.ink, 9.0, round_caps=True)
            canvas.stroke([shown], theme.class_colour(1), 5.0, round_caps=True)
        if state.line > 0:
            offset = np.array([-state.offset - self.normal @ self.at, 0.0])
            far = float(np.linalg.norm(rect.half)) / view.scale
            weight = np.stack([self.normal, np.zeros(2)])
            for line in dividing_lines(weight, offset, view.centre, far):
                canvas.stroke([view(line)], theme.accent, theme.line_width, opacity=state.line)
            self._dots(canvas, view(self.crossings()), theme.accent, state.line)
        if state.ends > 0:
            self._dots(canvas, view(self._now()[1:3]), theme.class_colour(1), state.ends, 1.6)
        if state.point > 0:  # smaller than the ends, which can be seen under it
            self._dots(canvas, view(self.at[None]), theme.class_colour(0), state.point)
        canvas.context.restore()

    def _dots(self, canvas: Canvas, at: FloatArray, colour: str, opacity: float, size: float = 1.0) -> None:
        canvas.dots(at, self.stage.theme.ink, 30 * size, opacity)
        canvas.dots(at, colour, 22 * size, opacity)
