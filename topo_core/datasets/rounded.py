"""Closed polygons as curves: with their corners, and rounded, so that a tube can be drawn around them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Corners = tuple[tuple[float, float, float], ...]

#: A corner bends less than this, in radians: it is none.
_STRAIGHT = 1e-7


@dataclass(frozen=True)
class Polygon:
    """A closed polygon, walked at constant speed from its first corner.

    Attributes
    ----------
    corners
        At least 3 of them.
    """

    corners: Corners

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at s in [0, 1], ``(n,)``."""
        corners, reached = self._walk
        at = np.asarray(s, dtype=np.float64) * reached[-1]
        return np.stack([np.interp(at, reached, axis) for axis in corners.T], axis=1)

    def frame(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A unit vector N perpendicular to the edge at s, and ``N x T``; both jump at the corners."""
        corners, reached = self._walk
        edges = np.diff(corners, axis=0)
        edges /= np.linalg.norm(edges, axis=1, keepdims=True)
        at = np.searchsorted(reached, np.asarray(s, dtype=np.float64) * reached[-1], side="right") - 1
        tangent = edges[np.clip(at, 0, len(edges) - 1)]
        normal = _across(tangent)
        return normal, np.cross(normal, tangent)

    @cached_property
    def _walk(self) -> tuple[FloatArray, FloatArray]:
        corners = np.array([*self.corners, self.corners[0]])
        lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
        return corners, np.concatenate([[0.0], np.cumsum(lengths)])


@dataclass(frozen=True)
class RoundedPolygon:
    """A closed polygon with an arc of a circle at every corner, walked at constant speed.

    Each arc begins half-way along the shorter one of the edges at its corner, or before, so it stays within
    the triangle of the corner and is as wide as can be. The frame is carried along without turning about the
    tangent (parallel transport), and what it lacks after one round is made up for evenly.

    Attributes
    ----------
    corners
        At least 3 of them, with no edge that turns back.
    """

    corners: Corners

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at s in [0, 1], ``(n,)``."""
        piece, along, bend = self._place(s)
        p = self._pieces
        radius, angle = p.radius[piece][:, None], bend[:, None]
        straight = np.isinf(radius)
        ahead = np.where(straight, along[:, None], np.sin(angle) * np.where(straight, 0, radius))
        aside = (1 - np.cos(angle)) * np.where(straight, 0, radius)
        return p.start[piece] + ahead * p.tangent[piece] + aside * p.inward[piece]

    def frame(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A unit vector N perpendicular to the tangent T, and ``N x T``."""
        piece, _, bend = self._place(s)
        p = self._pieces
        angle = bend[:, None]
        cos, sin = np.cos(angle), np.sin(angle)
        tangent, inward = p.tangent[piece], p.inward[piece]
        now, inner = cos * tangent + sin * inward, cos * inward - sin * tangent
        side = np.cross(tangent, inward)
        carried = p.normal[piece]
        within = np.einsum("ij,ij->i", carried, inward)[:, None]
        across = np.einsum("ij,ij->i", carried, side)[:, None]
        normal = within * inner + across * side
        turn = np.asarray(s, dtype=np.float64)[:, None] * p.missing
        normal = np.cos(turn) * normal + np.sin(turn) * np.cross(now, normal)
        return normal, np.cross(normal, now)

    @property
    def sharpest(self) -> float:
        """Smallest radius of an arc: a tube must be thinner."""
        return float(self._pieces.radius.min())

    @property
    def length(self) -> float:
        """Of the whole curve."""
        return float(self._pieces.reached[-1])

    def _place(self, s: FloatArray) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
        """The piece at s, the length walked on it, and the angle turned on it."""
        p = self._pieces
        at = np.asarray(s, dtype=np.float64) * p.reached[-1]
        piece = np.clip(np.searchsorted(p.reached, at, side="right") - 1, 0, len(p.radius) - 1)
        along = at - p.reached[piece]
        return piece, along, along / p.radius[piece]

    @cached_property
    def _pieces(self) -> _Pieces:
        return _pieces(np.array(self.corners))


@dataclass(frozen=True)
class _Pieces:
    """Segments (with an infinite radius) and arcs in turn, m of them.

    ``start``, ``tangent`` and ``inward`` (to the arc's centre) are where a piece begins, ``normal`` is the
    carried frame there, ``(m, 3)`` each; ``radius`` is ``(m,)``, ``reached`` the length up to each and at the
    end, ``(m + 1,)``; ``missing`` is the angle by which the carried frame comes back turned, negated.
    """

    start: FloatArray
    tangent: FloatArray
    inward: FloatArray
    normal: FloatArray
    radius: FloatArray
    reached: FloatArray
    missing: float


def _pieces(corners: FloatArray) -> _Pieces:
    edges = np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(edges, axis=1)
    ahead = edges / lengths[:, None]
    behind = np.roll(ahead, 1, axis=0)  # the edge that arrives at each corner
    sine = np.linalg.norm(np.cross(behind, ahead), axis=1)
    bend = np.arctan2(sine, np.einsum("ij,ij->i", behind, ahead))
    cut = np.where(bend > _STRAIGHT, np.minimum(lengths, np.roll(lengths, 1)) / 2, 0.0)
    radius = np.where(bend > _STRAIGHT, cut / np.maximum(np.tan(bend / 2), _STRAIGHT / 2), np.inf)
    inward = ahead - np.cos(bend)[:, None] * behind
    inward /= np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    inward[bend <= _STRAIGHT] = _across(behind[bend <= _STRAIGHT])
    n = len(corners)
    straight = lengths - cut - np.roll(cut, -1)
    start, tangent, inner = np.empty((2 * n, 3)), np.empty((2 * n, 3)), np.empty((2 * n, 3))
    start[0::2], start[1::2] = corners + cut[:, None] * ahead, np.roll(corners - cut[:, None] * behind, -1, 0)
    tangent[0::2], tangent[1::2] = ahead, ahead
    inner[1::2] = np.roll(inward, -1, axis=0)
    inner[0::2] = _across(ahead)
    radii, turns = np.full(2 * n, np.inf), np.zeros(2 * n)
    radii[1::2] = np.roll(radius, -1)
    curved = np.isfinite(radii)
    turns[1::2] = np.roll(bend, -1)
    turns[~curved] = 0
    spans = np.empty(2 * n)
    spans[0::2] = np.maximum(straight, 0)
    spans[1::2] = (turns * np.where(curved, radii, 0))[1::2]
    normals, missing = _carried(tangent, inner, turns)
    return _Pieces(start, tangent, inner, normals, radii, np.concatenate([[0.0], np.cumsum(spans)]), missing)


def _carried(tangent: FloatArray, inward: FloatArray, turns: FloatArray) -> tuple[FloatArray, float]:
    """The frame where each piece begins, and the angle that it lacks after one round."""
    normal = _across(tangent[:1])[0]
    first = normal
    normals = np.empty_like(tangent)
    for k, (t, v, angle) in enumerate(zip(tangent, inward, turns, strict=True)):
        normals[k] = normal
        within = float(normal @ v)
        normal = normal - within * v + within * (np.cos(angle) * v - np.sin(angle) * t)
    last = tangent[0]
    return normals, -float(np.arctan2(np.cross(first, normal) @ last, first @ normal))


def _across(directions: FloatArray) -> FloatArray:
    """Unit vectors ``(n, 3)`` perpendicular to unit vectors."""
    least = np.eye(3)[np.abs(directions).argmin(axis=1)] if len(directions) else np.zeros((0, 3))
    result = np.cross(directions, least)
    result /= np.linalg.norm(result, axis=1, keepdims=True)
    return np.asarray(result, dtype=np.float64)
