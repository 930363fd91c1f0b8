"""Curves and surfaces in space, seen without perspective from a turntable: far parts thinner and fainter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.theme import mix

FloatArray = NDArray[np.float64]

#: Depths that are told apart in colour.
_LEVELS = 24
#: How visible the farthest parts are, and how wide their lines, in shares of the nearest ones'.
_FAINT, _THIN = 0.3, 0.55


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


@lru_cache(maxsize=4096)
def _blend(background: str, colour: str, level: int) -> str:
    return mix(background, colour, level / _LEVELS)


def _faded(background: str, colour: str, visible: float) -> str:
    return _blend(background, colour, round(_LEVELS * visible))


def _visible(nearness: float) -> float:
    """From ``_FAINT`` for the farthest to 1 for the nearest."""
    share = min(max((nearness + 1) / 2, 0.0), 1.0)
    return _FAINT + (1 - _FAINT) * share


@dataclass(frozen=True)
class Piece:
    """A small part of a curve or surface: drawn whole, before all that is nearer.

    Attributes
    ----------
    nearness
        Of its middle.
    lines
        Polylines ``(n, 2)`` with colours and widths.
    outline, fill
        Of a cell of a surface: the polygon ``(n, 2)`` and its colour.
    """

    nearness: float
    lines: tuple[tuple[FloatArray, str, float], ...]
    outline: FloatArray | None = None
    fill: str = ""


def curve_pieces(placed: FloatArray, colour: str, width: float, background: str) -> Iterator[Piece]:
    """The pieces of a curve, from points ``(n, 3)`` that a turntable has placed."""
    middle = (placed[:-1, 2] + placed[1:, 2]) / 2
    for k, nearness in enumerate(middle.tolist()):
        visible = _visible(nearness)
        weight = width * (_THIN + (1 - _THIN) * visible)
        yield Piece(nearness, ((placed[k : k + 2, :2], _faded(background, colour, visible), weight),))


def surface_pieces(
    placed: FloatArray, stride: int, colour: str, widths: tuple[float, float], background: str
) -> Iterator[Piece]:
    """The cells of a surface, from a grid of points ``(m, n, 3)`` that a turntable has placed.

    Parameters
    ----------
    placed
        ``m - 1`` is a multiple of ``stride``: this many steps along the first axis make a cell.
    widths
        Of the lines between cells, and of the edge where the second index is 0.
    """
    thin, bold = widths
    shade = _shades(placed[::stride])
    for i in range(0, placed.shape[0] - 1, stride):
        strip = placed[i : i + stride + 1]
        for j in range(placed.shape[1] - 1):
            left, right = strip[:, j], strip[:, j + 1]
            outline = np.concatenate([left, right[::-1]])
            nearness = float(outline[:, 2].mean())
            visible = _visible(nearness)
            line = _faded(background, colour, 0.75 * visible)
            lines = [(strip[0, j : j + 2, :2], line, thin), (right[:, :2], line, thin)]
            if j == 0:
                lines.append((left[:, :2], _faded(background, colour, visible), bold))
            fill = _faded(background, colour, (0.16 + 0.4 * shade[i // stride, j]) * visible)
            yield Piece(nearness, tuple(lines), outline[:, :2], fill)


def _shades(grid: FloatArray) -> FloatArray:
    """How squarely each cell faces the light, from 0 to 1: ``(m - 1, n - 1)``."""
    scaled = grid * np.array([1, 1, np.abs(grid[..., :2]).max()])
    along, across = scaled[1:, :-1] - scaled[:-1, :-1], scaled[:-1, 1:] - scaled[:-1, :-1]
    normal = np.cross(along, across)
    light = np.array([0.3, 0.5, 0.81])
    length = np.maximum(np.linalg.norm(normal, axis=-1), 1e-12)
    result: FloatArray = np.abs(normal @ light) / length
    return result


def draw_pieces(canvas: Canvas, pieces: list[Piece], opacity: float = 1.0) -> None:
    """Draw pieces, the farthest first; cells let a little shine through if ``opacity`` is below 1."""
    for piece in sorted(pieces, key=lambda piece: piece.nearness):
        if piece.outline is not None:
            canvas.fill([piece.outline], piece.fill, opacity)
        for points, colour, width in piece.lines:
            canvas.stroke([points], colour, width, round_caps=True)
