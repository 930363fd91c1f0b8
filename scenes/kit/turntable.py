"""Curves and surfaces in space, seen without perspective from a turntable: far parts thinner and fainter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cairo
import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.theme import mix

FloatArray = NDArray[np.float64]

#: Depths that are told apart in colour.
_LEVELS = 24
#: How visible the farthest parts are, and how wide their lines, in shares of the nearest ones'.
_FAINT, _THIN = 0.3, 0.55
#: By how much an edge is nearer than the cell that it is an edge of.
_LIFT = 0.02


@dataclass(frozen=True)
class Turntable:
    """An orthographic view of space, its third axis upright in the picture.

    Attributes
    ----------
    centre
        Where the origin is in the frame, in Manim units.
    scale
        Manim units per data unit.
    reach
        Distance from the origin, in data units, at which points are nearest (1) or farthest (-1).
    azimuth, elevation
        By how much the table is turned counterclockwise as seen from above, and how far the eye is above
        its plane, in radians.
    """

    centre: tuple[float, float]
    scale: float
    reach: float
    azimuth: float = 0.0
    elevation: float = 0.4

    def __call__(self, points: FloatArray) -> FloatArray:
        """Points ``(..., 3)`` as x and y in Manim units, and nearness."""
        cos, sin = np.cos(self.azimuth), np.sin(self.azimuth)
        x = cos * points[..., 0] - sin * points[..., 1]
        away = sin * points[..., 0] + cos * points[..., 1]
        up, tilt = np.cos(self.elevation), np.sin(self.elevation)
        y = up * points[..., 2] + tilt * away
        near = tilt * points[..., 2] - up * away
        placed = [self.centre[0] + self.scale * x, self.centre[1] + self.scale * y, near / self.reach]
        return np.stack(placed, axis=-1)


def _visible(nearness: FloatArray) -> FloatArray:
    """From ``_FAINT`` for the farthest to 1 for the nearest."""
    result: FloatArray = _FAINT + (1 - _FAINT) * np.clip((nearness + 1) / 2, 0, 1)
    return result


@lru_cache(maxsize=64)
def _shades(background: str, colour: str) -> tuple[str, ...]:
    """From the background to the colour."""
    return tuple(mix(background, colour, level / _LEVELS) for level in range(_LEVELS + 1))


def _faded(background: str, colour: str, shares: FloatArray) -> list[str]:
    """The colour, mixed into the background in these shares."""
    shades = _shades(background, colour)
    return [shades[level] for level in np.rint(_LEVELS * shares).astype(int).ravel().tolist()]


@dataclass(frozen=True, slots=True)
class Piece:
    """A small part of a curve or surface: drawn whole, before all that is nearer.

    Attributes
    ----------
    nearness
        Of its middle.
    points
        ``(n, 2)``: of a line, or around a cell.
    colour, width
        Of the line.
    fill
        The colour of a cell; empty for a line.
    """

    nearness: float
    points: FloatArray
    colour: str
    width: float
    fill: str = ""


def curve_pieces(
    placed: FloatArray, colour: str, width: float, background: str, *, stride: int = 4
) -> list[Piece]:
    """The pieces of a curve, from points ``(n, 3)`` that a turntable has placed.

    Parameters
    ----------
    placed, colour, width, background
        ``colour`` fades into ``background``, and ``width`` shrinks, with distance.
    stride
        Steps in a piece.
    """
    starts = range(0, len(placed) - 1, stride)
    nearness = np.array([placed[k : k + stride + 1, 2].mean() for k in starts])
    visible = _visible(nearness)
    widths = width * (_THIN + (1 - _THIN) * visible)
    return [
        Piece(near, placed[k : k + stride + 1, :2], shade, wide)
        for k, near, shade, wide in zip(
            starts, nearness.tolist(), _faded(background, colour, visible), widths.tolist(), strict=True
        )
    ]


def surface_pieces(
    placed: FloatArray, colour: str, width: float, background: str, *, edge: float = 0.0, stride: int = 3
) -> list[Piece]:
    """The cells of a surface, from a grid of points ``(m, n, 3)`` that a turntable has placed.

    The curve of the grid's first column is drawn on it, each piece right after its cell.

    Parameters
    ----------
    placed, colour, width, background
        As for curves; ``m - 1`` is a multiple of ``stride``.
    edge
        Width of the curve; 0 for none.
    stride
        Steps along the first axis in a cell.
    """
    corners = placed[::stride]
    near = (corners[:-1, :-1] + corners[1:, :-1] + corners[:-1, 1:] + corners[1:, 1:])[..., 2] / 4
    visible = _visible(near)
    fills = _faded(background, colour, (0.16 + 0.4 * _lit(corners)) * visible)
    lines = _faded(background, colour, 0.75 * visible)
    cells = [
        np.concatenate([placed[i : i + stride + 1, j, :2], placed[i : i + stride + 1, j + 1, :2][::-1]])
        for i in range(0, len(placed) - 1, stride)
        for j in range(placed.shape[1] - 1)
    ]
    pieces = [
        Piece(nearness, cell, line, width, fill)
        for nearness, cell, line, fill in zip(near.ravel().tolist(), cells, lines, fills, strict=True)
    ]
    if edge:
        curve = curve_pieces(placed[:, 0], colour, edge, background, stride=stride)
        pieces += [
            replace(piece, nearness=nearness + _LIFT)
            for piece, nearness in zip(curve, near[:, 0].tolist(), strict=True)
        ]
    return pieces


def _lit(grid: FloatArray) -> FloatArray:
    """How squarely each cell of a placed grid faces the light, from 0 to 1: ``(m - 1, n - 1)``."""
    scaled = grid * np.array([1, 1, np.abs(grid[..., :2]).max()])
    normal = np.cross(scaled[1:, :-1] - scaled[:-1, :-1], scaled[:-1, 1:] - scaled[:-1, :-1])
    light = np.array([0.3, 0.5, 0.81])
    result: FloatArray = np.abs(normal @ light) / np.maximum(np.linalg.norm(normal, axis=-1), 1e-12)
    return result


def draw_pieces(canvas: Canvas, pieces: list[Piece]) -> None:
    """Draw pieces, the farthest first."""
    context = canvas.context
    context.set_line_cap(cairo.LINE_CAP_ROUND)
    context.set_line_join(cairo.LINE_JOIN_BEVEL)
    antialias = context.get_antialias()
    for piece in sorted(pieces, key=_nearness):
        canvas.polyline(piece.points, close=bool(piece.fill))
        if piece.fill:
            canvas.set_colour(piece.fill)
            context.set_antialias(cairo.ANTIALIAS_NONE)  # its edges come from the line around it
            context.fill_preserve()
            context.set_antialias(antialias)
        canvas.set_colour(piece.colour)
        context.set_line_width(piece.width * canvas.WIDTH_UNIT)
        context.stroke()


def _nearness(piece: Piece) -> float:
    return piece.nearness
