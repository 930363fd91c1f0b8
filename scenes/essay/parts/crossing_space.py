"""Space in which one manifold moves past another, with the trail that it leaves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from manim import DEGREES, Animation
from numpy.typing import NDArray

from scenes.essay.parts.passing import (
    AWAY,
    LIFT,
    REACH,
    Passing,
    angles,
    circle_a,
    meeting,
    phases,
)
from scenes.kit import Camera3D, Lines, Space3D, Sphere, Surface, Theme, Tube, tint
from topo_core.errors import TopoError
from topo_core.topology.linking import linking_number

FloatArray = NDArray[np.float64]

_BALL, _TUBE, _MARK = 0.16, 0.075, 0.2
#: Rows of a trail that is a surface; points on one that is a curve.
_ROWS, _ALONG = 40, 90
_POINTS = Camera3D(phi=76 * DEGREES, theta=-90 * DEGREES, zoom=1.75)
_PLANE = {"phi": 38 * DEGREES}
_CURVES = Camera3D(phi=66 * DEGREES, theta=-68 * DEGREES, zoom=1.5, centre=(-1.2, 0.0, 0.35))


def in_sight(points: FloatArray) -> FloatArray:
    """Points ``(k, d)`` as the first three coordinates, ``(k, 3)``; missing ones are 0."""
    shown = np.zeros((len(points), 3))
    kept = min(points.shape[1], 3)
    shown[:, :kept] = points[:, :kept]
    return shown


class CrossingSpace:
    """What is drawn of a passing; :attr:`time` is that of the passing.

    Parameters
    ----------
    space
        Where it is drawn.
    theme
        Colours; the fourth coordinate makes that of A lighter on dark paper, and darker on light.
    """

    def __init__(self, space: Space3D, theme: Theme) -> None:
        self.space, self.theme = space, theme
        self.time = 0.0
        self.when = meeting(AWAY)[0]
        #: The time at which the picture of the curves in four dimensions crosses.
        self.crossing = self._crossing()
        self.grid = Lines(_grid(), theme.grid, 2.0, 0.0)
        self.marker = Sphere(_MARK, theme.accent, 0.0)
        self._unit = self.marker.points.copy()

    def _crossing(self) -> float:
        low, high = 0.25, 0.75
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if phases(middle)[1] < self.when else (low, middle)
        return high

    # -- what is there ---------------------------------------------------------------------------

    def begin(self, case: Passing) -> None:
        """Show the manifolds of a passing at its beginning, and nothing else."""
        space, theme = self.space, self.theme
        space.remove(*space.shapes)
        space.labels = []
        space.camera = _CURVES if case.n else _POINTS
        self.marker.opacity = 0.0
        a, b = theme.class_colour(0), theme.class_colour(1)
        start, rest = in_sight(case.moving(0.0)), in_sight(case.resting)
        if case.n == 0:
            self.body: Sphere | Tube = Sphere(_BALL, a)
            self._ball = self.body.points.copy()
            self.other: Sphere | Tube = Sphere(_BALL, b, centre=rest[0])
            self.line = Lines([np.array([[-1.6 * REACH, 0, 0], [1.6 * REACH, 0, 0]])], theme.axis, 3.0)
            self.trail: Lines | Surface = Lines([np.repeat(start, 2, axis=0)], a, 8.0)
            space.add(self.line, self.grid, self.trail)
        else:
            self.body = Tube(start, _TUBE, a, closed=True)
            self.other = Tube(rest, _TUBE, b, closed=True)
            rows = np.repeat(start[None], _ROWS, axis=0)
            self.trail = Surface(rows, a, 0.3, closed=(False, True))
            space.add(self.trail)
        space.add(self.body, self.other, self.marker)
        self._label("A", self._on_a)
        self._label("B", lambda: rest[len(rest) // 4])
        self.place(case, 0.0)

    def _on_a(self) -> FloatArray:
        """Where the name of A belongs."""
        if isinstance(self.body, Tube):
            at: FloatArray = self.body.curve[len(self.body.curve) // 2]
        else:
            at = self.body.points.mean(axis=0)
        return at

    def _label(self, name: str, at: Callable[[], FloatArray]) -> None:
        self.space.label(name, at, offset=(0.0, 0.58), hides=False)

    def place(self, case: Passing, time: float) -> None:
        """Put A where it is at a time, with its trail."""
        self.time = time
        now = case.moving(time)
        if isinstance(self.body, Tube):
            self.body.follow(in_sight(now))
            rows = [case.moving(float(s)) for s in np.linspace(0, time, _ROWS)]
            self.trail.move(np.stack([in_sight(row) for row in rows]))
            if case.dimensions == 4:
                self.body.paint(self.colours(now[:, 3]))
                self.trail.paint(self.colours(np.concatenate(rows)[:, 3]))
        else:
            self.body.move(self._ball + in_sight(now)[0])
            path = np.stack([in_sight(case.moving(float(s)))[0] for s in np.linspace(0, time, _ALONG)])
            assert isinstance(self.trail, Lines)
            self.trail.move_lines([path])

    def colours(self, w: FloatArray) -> FloatArray:
        """Colours ``(k, 3)`` of A for fourth coordinates ``(k,)``; at 0 that of its class."""
        ends = (-LIFT, LIFT) if self.theme.name == "dark" else (LIFT, -LIFT)
        return tint(w, *ends, self.theme.class_colour(0))

    def lifted(self) -> float:
        """How far the strand of A is lifted along the fourth coordinate now."""
        return LIFT * phases(self.time)[0]

    def linking(self, case: Passing) -> str:
        """The linking number of two curves in space now, or a dash where they meet."""
        try:
            number = linking_number(case.moving(self.time), case.resting)
        except TopoError:
            return "−"
        return f"{number:+d}" if number else "0"

    # -- animations ------------------------------------------------------------------------------

    def move(self, case: Passing, first: float, last: float, run_time: float) -> Animation:
        """Let A move from one time to another."""
        return self.space.run(
            lambda share: self.place(case, first + share * (last - first)), run_time=run_time
        )

    def mark(self, case: Passing) -> Animation:
        """Mark where they meet now."""
        away = np.linalg.norm(case.moving(self.time)[:, None] - case.resting, axis=2).min(axis=1)
        at = in_sight(case.moving(self.time))[int(away.argmin())]
        self.marker.move(self._unit + at)
        return self.space.dissolve(self.marker, to=1.0)

    def open_plane(self, case: Passing) -> Animation:
        """Let the line become a line in the plane, A back at its beginning."""
        start = self.space.camera
        end = start.moved(**_PLANE)
        marked = self.marker.opacity

        def change(share: float) -> None:
            self.space.camera = start.between(end, share)
            self.grid.opacity = 0.8 * share
            self.marker.opacity = marked * (1 - share)
            self.place(case, 0.0)

        return self.space.run(change)

    def other_ways(self, run_time: float) -> Animation:
        """Let A leave in other directions, a whole round of them, and mark where it meets B."""
        assert isinstance(self.body, Tube)
        ring = circle_a(angles())
        body = self.body

        def change(share: float) -> None:
            turn = 2 * np.pi * share
            away = (AWAY[0], 0.9 * float(np.sin(turn)), AWAY[2] - 0.45 * (1 - float(np.cos(turn))))
            self.when, where = meeting(away)
            body.follow(ring + away)
            self.trail.move(ring + np.linspace(0, 1, _ROWS)[:, None, None] * np.array(away))
            self.marker.move(self._unit + where)

        return self.space.run(change, run_time=run_time)


def _grid() -> list[FloatArray]:
    reach = 1.6 * REACH
    xs, ys = np.linspace(-reach, reach, 11), np.linspace(-0.8 * reach, 0.8 * reach, 9)
    lines = [np.array([[x, ys[0], 0], [x, ys[-1], 0]]) for x in xs]
    return lines + [np.array([[xs[0], y, 0], [xs[-1], y, 0]]) for y in ys]
