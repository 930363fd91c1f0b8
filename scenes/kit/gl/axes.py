"""The axes of space, with ticks, numbers and names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.kit.formulas import Number, Piece
from scenes.kit.gl.labels import Label
from scenes.kit.gl.lines import Lines
from scenes.kit.theme import Theme
from scenes.kit.view import nice_step

FloatArray = NDArray[np.float64]

#: Length of a tick and distance of an axis's name from its end, in shares of the longest axis.
_TICK, _NAME = 0.02, 0.06


class Axes3D(NamedTuple):
    """Lines and labels of three axes."""

    lines: Lines
    labels: tuple[Label, ...]


def axes(
    bounds: FloatArray,
    theme: Theme,
    *,
    names: Sequence[str] = ("$x$", "$y$", "$z$"),
    numbers: bool = True,
    step: float | None = None,
    origin: Sequence[float] = (0.0, 0.0, 0.0),
) -> Axes3D:
    """Three axes through a point.

    Parameters
    ----------
    bounds
        ``(3, 2)``: where each begins and ends.
    theme
        Colours and sizes.
    names
        At their ends: words or formulas; none for an empty string.
    numbers
        Whether numbers stand at the ticks (not at 0, where the axes meet).
    step
        From tick to tick in data units, by default about a quarter of the longest axis.
    origin
        Where they meet.
    """
    box, meet = np.asarray(bounds, dtype=np.float64), np.asarray(origin, dtype=np.float64)
    reach = float((box[:, 1] - box[:, 0]).max())
    step = step or nice_step(reach, 4)
    lines: list[FloatArray] = []
    labels: list[Label] = []

    def write(piece: Piece, place: FloatArray, size: float, colour: str, down: float) -> None:
        labels.append(Label(lambda: [piece], lambda: place, size, colour, (0.0, down)))

    for axis, ((low, high), name) in enumerate(zip(box.tolist(), names, strict=True)):
        along, across = np.eye(3)[axis], np.eye(3)[1 if axis == 0 else 0]
        base = meet - meet[axis] * along
        lines.append(np.array([base + low * along, base + high * along]))
        for value in np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step:
            if abs(value - meet[axis]) < 1e-9 * reach:
                continue
            at = base + value * along
            lines.append(np.array([at - _TICK * reach * across, at + _TICK * reach * across]))
            if numbers and not (name and high - value < _NAME * reach):  # there stands its name
                write(Number(f"{value + 0.0:g}"), at, theme.tick_size, theme.muted, -0.28)
        if name:
            write(name, base + (high + _NAME * reach) * along, theme.small_size, theme.ink, 0.0)
    return Axes3D(Lines(lines, theme.axis, theme.grid_width * 1.4), tuple(labels))
