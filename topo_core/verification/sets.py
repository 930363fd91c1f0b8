"""The whole sets that a trace's data are samples of: from a dataset's description to its pieces."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import DataError, shown
from topo_core.verification.intervals import FloatArray, Interval
from topo_core.verification.links import LINKS, A, B, Description, Link, number
from topo_core.verification.pieces import Circle, Disc, Piece, Points, Region, Segment, Spiral, Wave
from topo_core.verification.space import Core, Tube

__all__ = ["NEAR", "Piece", "belongs", "cores", "pieces"]

#: How far a stored point may be from the set that it is said to be from, in data units.
NEAR = 1e-9


def pieces(description: Description, points: FloatArray, labels: NDArray[np.int64]) -> list[Piece]:
    """The whole sets of a dataset, closed.

    Parameters
    ----------
    description
        ``{"name": ..., "params": {...}}``, from a file that nobody vouches for.
    points, labels
        ``(n, d)`` and ``(n,)``: of user points and images, which are their own sets; not looked at otherwise.

    Raises
    ------
    DataError
        For a dataset whose sets are not known here, and parameters that are missing or out of range.
    """
    name, params = _read(description)
    if name in _SINGLE:
        classes = np.unique(labels).tolist()
        return [
            Points(label, f"class {label}", np.ascontiguousarray(points[labels == label]))
            for label in classes
        ]
    if name not in _PIECES:
        raise DataError(f"dataset {shown(name)}: its whole sets are not known to the verification")
    return _PIECES[name](params)


def cores(description: Description) -> list[Piece]:
    """The closed curves that linking and winding numbers are about, one for each class.

    Of a link its two curves, or those in the middle of its tubes; of the disc in the annulus the edge of the
    disc and the inner edge of the annulus, counterclockwise; empty for all else.

    Raises
    ------
    DataError
        As ``pieces`` does.
    """
    name, params = _read(description)
    if name == "disc-in-annulus":
        return [Circle(A, "edge of A", 1 / 3), Circle(B, "inner edge of B", 2 / 3)]
    return [*LINKS[name](params)[0]] if name in LINKS else []


def belongs(description: Description, points: FloatArray, labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Indices ``(m,)`` of the points that are not proven to be within 1e-9 of a piece with their label.

    Raises
    ------
    DataError
        As ``pieces`` does.
    """
    astray = np.ones(len(points), dtype=bool)
    with np.errstate(all="ignore"):
        for piece in pieces(description, points, labels):
            rows = np.flatnonzero(astray & (labels == piece.label) & np.isfinite(points).all(axis=1))
            for some in np.array_split(rows, len(rows) // 4096 + 1):
                parameters = piece.guess(points[some])
                away = piece.enclose(Interval.of(parameters))[0] - points[some]
                astray[some] = ~(away.square().sum().sqrt().hi <= NEAR)
    return np.flatnonzero(astray)


def _read(description: Description) -> tuple[str, Description]:
    name, params = description.get("name"), description.get("params")
    if not isinstance(name, str) or not isinstance(params, dict):
        raise DataError('dataset description: "name" must be text and "params" an object')
    return name, params


def _waves(params: Description) -> list[Piece]:
    return [Wave(A, "A", -0.4), Wave(B, "B", 0.4)]


def _spirals(params: Description) -> list[Piece]:
    turns = number(params, "turns", math.ulp(0.0), 100)
    return [Spiral(A, "A", turns, 1), Spiral(B, "B", turns, -1)]


def _intervals(params: Description) -> list[Piece]:
    return [
        Segment(A, "A", -1 / 3, 1 / 3),
        Segment(B, "B left", -1.0, -2 / 3),
        Segment(B, "B right", 2 / 3, 1.0),
    ]


def _annulus(params: Description) -> list[Piece]:
    return [Region(A, "A", 0.0, 1 / 3), Region(B, "B", 2 / 3, 1.0)]


def _islands(params: Description) -> list[Piece]:
    side, radius = number(params, "side", 2, 9), number(params, "radius", 0, 0.5)
    if side != int(side):
        raise DataError(f"dataset: side = {side:g}: give a whole number")
    middle = (side - 1) / 2
    return [
        Disc((row + column) % 2, f"island {row + 1}-{column + 1}", (column - middle, row - middle), radius)
        for row in range(int(side))
        for column in range(int(side))
    ]


def _link(read: Callable[[Description], Link]) -> Callable[[Description], list[Piece]]:
    def surfaces(params: Description) -> list[Piece]:
        curves, radius = read(params)
        return [Tube(c.label, c.name, c, radius) if isinstance(c, Core) and radius else c for c in curves]

    return surfaces


#: Datasets of single points.
_SINGLE = {"points", "digits"}
_PIECES: dict[str, Callable[[Description], list[Piece]]] = {
    "two-curves": _waves,
    "spirals": _spirals,
    "interval": _intervals,
    "disc-in-annulus": _annulus,
    "islands": _islands,
    **{name: _link(read) for name, read in LINKS.items()},
}
