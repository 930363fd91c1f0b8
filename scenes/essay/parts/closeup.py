"""Two core curves where a network leaves them, seen from as near as one likes to their thinnest place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.stretched_tori import StretchedTori
from scenes.kit import Camera3D, Tube
from topo_core.datasets.base import Path
from topo_core.topology.distance import nearest_points
from topo_core.topology.follow import closed_curves
from topo_core.topology.stretch import jacobians
from topo_core.topology.stretch_path import largest_singular_values
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Corners of polygons, points along a tube, points at which the way of a curve's image is measured.
_CORNERS, _ALONG, _FINE = 600, 1200, 12_001
#: Grids on which the nearest place is looked for, each so much smaller than the one before.
_ROUNDS, _SHRINK, _GRID = 40, 0.6, np.linspace(-1, 1, 25)
#: Radius of the tubes, and how far along the curves they are drawn beyond the picture, in Manim units.
_RADIUS, _BEYOND, _SIDES = 0.06, 14.0, 16
#: Between the line of sight and the plane that is square to the gap, in degrees.
_TILT = 35.0


@dataclass(frozen=True)
class Nearest:
    """Where two closed curves come nearest.

    Attributes
    ----------
    distance
        In the units of the representation.
    parameters
        In [0, 1), one on each curve.
    points
        ``(2, d)``, where these are.
    """

    distance: float
    parameters: tuple[float, float]
    points: FloatArray


def nearest_cores(trace: Trace, layer: int, t: float = 0.0) -> Nearest:
    """Where the core curves come nearest at one place of a trace (see ``Trace.evaluate``).

    The nearest place of two polygons with evenly spaced corners is improved on grids of parameters that get
    ever finer, so the distance is one that two points of the curves really have.

    Raises
    ------
    TopoError
        When the dataset is not of two closed curves.
    """
    paths = closed_curves(trace)
    corners = [_even(trace, path, _CORNERS, (layer, t)) for path in paths]
    ends = [trace.evaluate(path(s), layer, t) for path, s in zip(paths, corners, strict=True)]
    near = nearest_points(*ends)
    at, reach = [], []
    for s, own, point in zip(corners, ends, (near.first, near.second), strict=True):
        k = int(np.linalg.norm(own - point, axis=1).argmin())
        at.append(float(s[k]))
        reach.append(float(max((s[k] - s[k - 1]) % 1, (s[(k + 1) % len(s)] - s[k]) % 1)))
    best = Nearest(np.inf, (0.0, 0.0), np.zeros((2, 0)))
    for k in range(_ROUNDS):
        grids = [centre + _SHRINK**k * r * _GRID for centre, r in zip(at, reach, strict=True)]
        first, second = (trace.evaluate(path(g % 1), layer, t) for path, g in zip(paths, grids, strict=True))
        away = np.linalg.norm(first[:, None] - second, axis=2)
        i, j = np.unravel_index(int(away.argmin()), away.shape)
        if away[i, j] < best.distance:
            at = [float(grids[0][i]), float(grids[1][j])]
            best = Nearest(float(away[i, j]), (at[0] % 1, at[1] % 1), np.stack([first[i], second[j]]))
    return best


def _even(trace: Trace, path: Path, n: int, place: tuple[int, float]) -> FloatArray:
    """Increasing parameters ``(n,)`` of points on a closed curve whose images are about evenly spaced."""
    fine = np.linspace(0, 1, _FINE)
    way = np.linalg.norm(np.diff(trace.evaluate(path(fine), *place), axis=0), axis=1)
    reached = np.concatenate([[0.0], np.cumsum(way / way.sum() + 0.2 / len(way))])
    even: FloatArray = np.interp(np.arange(n) / n * reached[-1], reached, fine)
    return even


class Closeup:
    """Tubes around the two core curves after the last layer, of the same width however near one looks.

    Everything is relative to :attr:`target`, so that single precision is enough for any magnification.

    Parameters
    ----------
    shown
        The tori, for their colours.

    Raises
    ------
    TopoError
        When the dataset is not of two closed curves.
    """

    def __init__(self, shown: StretchedTori) -> None:
        trace = shown.trace
        self.nearest = nearest_cores(trace, trace.n_layers)
        self.target = self.nearest.points.mean(axis=0)
        self.curves, self.colours = [], []
        for label, (path, at) in enumerate(zip(closed_curves(trace), self.nearest.parameters, strict=True)):
            x = path(self._parameters(trace, path, at))
            self.curves.append(trace.evaluate(x, trace.n_layers) - self.target)
            stretch = largest_singular_values(jacobians(trace, x)[-1])
            self.colours.append(shown.colours(label, stretch))

    @staticmethod
    def _parameters(trace: Trace, path: Path, at: float) -> FloatArray:
        """Increasing parameters: evenly spaced in the image, and ever denser towards the nearest place."""
        even = _even(trace, path, _ALONG, (trace.n_layers, 0.0))
        near = np.geomspace(1e-11, 0.02, 200)
        return np.unique(np.concatenate([even, (at + near) % 1, (at - near) % 1, [at]]))

    def tubes(self, camera: Camera3D) -> list[Tube]:
        """New tubes around what a camera sees of the curves; its centre is relative to the target."""
        made = []
        for curve, colours in zip(self.curves, self.colours, strict=True):
            away = np.linalg.norm(curve - np.asarray(camera.centre), axis=1) * camera.zoom
            near = away < _BEYOND
            near |= np.roll(near, 1) | np.roll(near, -1)
            if near.all():
                made.append(Tube(curve, _RADIUS / camera.zoom, colours, closed=True, sides=_SIDES))
                continue
            start = int(near.argmin())  # outside, so that no run goes on from the end to the beginning
            order = np.roll(np.arange(len(curve)), -start)
            edges = np.flatnonzero(np.diff(near[order].astype(np.int8), prepend=0, append=0))
            for first, stop in edges.reshape(-1, 2).tolist():
                run = order[first:stop]
                made.append(Tube(curve[run], _RADIUS / camera.zoom, colours[run], sides=_SIDES))
        return made

    def across(self, camera: Camera3D) -> Camera3D:
        """The camera turned as little as it takes to see the gap from the side and the curves cross."""
        gap = _unit(np.diff(self.nearest.points, axis=0)[0])
        along = []
        for curve in self.curves:
            k = int(np.linalg.norm(curve, axis=1).argmin())
            along.append(_unit(curve[(k + 1) % len(curve)] - curve[k - 1]))
        level = _unit(along[0] + along[1] * np.sign(along[0] @ along[1]))
        side = _unit(np.cross(gap, level))
        tilt = np.deg2rad(_TILT)
        eyes = [a * np.cos(tilt) * side + b * np.sin(tilt) * gap for a in (1, -1) for b in (1, -1)]
        eye = max(eyes, key=lambda direction: float(direction @ camera.rotation[2]))
        turn = np.arctan2(eye[1], eye[0]) - camera.theta
        theta = camera.theta + (turn + np.pi) % (2 * np.pi) - np.pi
        return camera.moved(phi=float(np.arccos(np.clip(eye[2], -1, 1))), theta=float(theta))


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-300))
