"""Formulas with numbers in them that may change at every frame: pieces in a row, drawn on a canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import Glyphs, math_glyphs, number_glyphs, text_glyphs
from scenes.kit.text import number

FloatArray = NDArray[np.float64]

_SPACE = 0.0032  # between two pieces, per unit of font size
_ROW = 0.0125  # from baseline to baseline of a matrix
_COLUMN = 0.0075  # between two columns
_INSET = 0.0022  # from a bracket to its numbers


@dataclass(frozen=True)
class Matrix:
    """A matrix ``(m, n)`` or column vector ``(m,)`` in brackets.

    Columns are as wide as ``widest`` (by default the values themselves) needs, so that numbers that
    change do not move.
    """

    values: FloatArray
    digits: int = 2
    widest: FloatArray | None = None


@dataclass(frozen=True)
class Number:
    """A number as text, such as ``"−0.25"`` or ``"87.2 %"``; what follows it does not move as it changes.

    It takes at least the room of ``widest``.
    """

    content: str
    widest: str = ""


#: A word (plain text), a formula (``$...$``), a number or a matrix.
Piece = str | Number | Matrix


def _rows(values: FloatArray) -> FloatArray:
    return values[:, None] if values.ndim == 1 else values


@dataclass(frozen=True)
class _Placed:
    """Where the entries of a matrix go, from its left end and its middle line."""

    entries: tuple[tuple[Glyphs, float, float], ...]
    width: float
    height: float


def _place(matrix: Matrix, size: float) -> _Placed:
    values = _rows(np.asarray(matrix.values, dtype=np.float64))
    widest = values
    if matrix.widest is not None:  # on the way any entry may be negative for a while
        widest = np.vstack(
            [_rows(np.asarray(matrix.widest, dtype=np.float64)), np.full(values.shape[1], -0.5)]
        )
    shown = [[number_glyphs(number(v, matrix.digits), size) for v in row] for row in values]
    room = [
        max(number_glyphs(number(v, matrix.digits), size).width for v in (*wide, *now))
        for wide, now in zip(widest.T, values.T, strict=True)
    ]
    cap = number_glyphs("0", size).box[3]
    step = _ROW * size
    x, inset = _INSET * size * 2, _COLUMN * size
    entries = []
    for column, width in enumerate(room):
        for row, glyphs in enumerate(g[column] for g in shown):
            y = ((len(values) - 1) / 2 - row) * step - cap / 2
            entries.append((glyphs, x + width - glyphs.width, y))
        x += width + inset
    return _Placed(tuple(entries), x - inset + _INSET * size * 2, (len(values) - 1) * step + 1.75 * cap)


def _glyphs_of(piece: str | Number, size: float) -> Glyphs:
    if isinstance(piece, Number):
        return number_glyphs(piece.content, size)
    inside = piece.strip("$")
    return math_glyphs(inside, size) if piece.startswith("$") else text_glyphs(piece, size)


def _advance(piece: str | Number, glyphs: Glyphs, size: float) -> float:
    if isinstance(piece, Number) and piece.widest:
        return max(glyphs.width, number_glyphs(piece.widest, size).width)
    return glyphs.width


def formula_size(pieces: Sequence[Piece], size: float) -> tuple[float, float]:
    """Width and height of a row of pieces at a font size, in Manim units."""
    widths, heights = [], [0.0]
    for piece in pieces:
        if isinstance(piece, Matrix):
            placed = _place(piece, size)
            widths.append(placed.width)
            heights.append(placed.height)
        else:
            glyphs = _glyphs_of(piece, size)
            widths.append(_advance(piece, glyphs, size))
            heights.append(glyphs.height)
    return sum(widths) + _SPACE * size * (len(widths) - 1), max(heights)


def draw_formula(
    canvas: Canvas,
    pieces: Sequence[Piece],
    x: float,
    middle: float,
    size: float,
    colour: str,
    opacity: float = 1.0,
    halo: str = "",
) -> None:
    """Draw a row of pieces from ``x`` on, about the horizontal line ``middle``; ``halo`` as for glyphs."""
    for piece in pieces:
        if isinstance(piece, Matrix):
            placed = _place(piece, size)
            for glyphs, dx, y in placed.entries:
                canvas.glyphs(glyphs, x + dx, middle + y, colour, opacity, halo=halo)
            _brackets(canvas, x, middle, placed, size, colour, opacity)
            x += placed.width
        else:
            glyphs = _glyphs_of(piece, size)
            canvas.glyphs(glyphs, x, middle - _cap(size) / 2, colour, opacity, halo=halo)
            x += _advance(piece, glyphs, size)
        x += _SPACE * size


def _cap(size: float) -> float:
    return number_glyphs("0", size).box[3]


def _brackets(
    canvas: Canvas, x: float, middle: float, placed: _Placed, size: float, colour: str, opacity: float
) -> None:
    half, serif = placed.height / 2, 0.0022 * size
    lines = []
    for at, inward in ((x + _INSET * size / 2, serif), (x + placed.width - _INSET * size / 2, -serif)):
        corners = [
            (at + inward, middle + half),
            (at, middle + half),
            (at, middle - half),
            (at + inward, middle - half),
        ]
        lines.append(np.array(corners))
    canvas.stroke(lines, colour, 0.07 * size, opacity=opacity)
