"""Links: from a dataset's description to its curves in space."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable
from typing import Any

import numpy as np

from topo_core.errors import DataError, shown
from topo_core.verification.intervals import FloatArray
from topo_core.verification.pieces import Piece, Polygon
from topo_core.verification.rounded import Rounded
from topo_core.verification.space import Core, Ring, Trigonometric, Winding

A, B = 0, 1

Description = dict[str, Any]
#: The curves of a link, one a class, and the radius of the tubes around them, or 0.
Link = tuple[list[Piece], float]

#: Corners of a link of polygons, of all components together, and components, at most.
_MOST_CORNERS, _MOST_COMPONENTS = 50_000, 100
_X, _Y, _Z, _ZERO = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 0.0)
_DOWN = (0.0, 0.0, -1.0)


def number(params: Description, key: str, low: float, high: float) -> float:
    """A parameter that must be a number from low to high, or a DataError."""
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise DataError(f"dataset: {key} = {shown(value)}: give a number from {low:g} to {high:g}")
    return float(value)


def name_of(label: int) -> str:
    """A, B, C and so on; numbers after Z."""
    return string.ascii_uppercase[label] if label < 26 else str(label + 1)


def _tori(params: Description) -> Link:
    """Two circles that go through each other's centres."""
    r = number(params, "core_radius", 1e-9, 100)
    first = Ring(A, "A", (-r / 2, 0.0, 0.0), _X, _Y, r)
    return [first, Ring(B, "B", (r / 2, 0.0, 0.0), _X, _DOWN, r)], number(params, "tube_radius", 0, r / 2)


def _unlink(params: Description) -> Link:
    """A circle, and a curve that winds around it and back."""
    curves = _essay(number(params, "turns", 0, 3))
    return [*curves], number(params, "tube_radius", 0, 0.3)


def _essay(turns: float) -> list[Core]:
    return [Ring(A, "A", _ZERO, _X, _Y, 2.0), Winding(B, "B", turns)]


def _named(params: Description) -> Link:
    name, radius = params.get("link"), number(params, "tube_radius", 0, 100)
    found = re.fullmatch(r"torus-2-(-?\d{1,4})", name) if isinstance(name, str) else None
    if found and int(found[1]) % 2 == 0 and 2 <= abs(int(found[1])) <= 24:
        return [*_torus(int(found[1]) // 2)], radius
    if not isinstance(name, str) or name not in _NAMED:
        raise DataError(f"dataset: link = {shown(name)} is not known; give one of {', '.join(_NAMED)}")
    return [*_NAMED[name]()], radius


def _level(label: int, x: float) -> Ring:
    return Ring(label, name_of(label), (x, 0.0, 0.0), _X, _Y, 1.0)


def _whitehead() -> list[Core]:
    """A circle of radius 1.5, bent up and down by 0.5, and a figure of eight."""
    bent = ((1, (1.5, 0.0, 0.0), (0.0, 1.5, 0.0)), (2, _ZERO, (0.0, 0.0, 0.5)))
    eight = ((1, _ZERO, (2.0, 0.0, 0.0)), (2, _ZERO, _Y), (3, (0.0, 0.0, 0.5), _ZERO))
    return [Trigonometric(A, "A", bent), Trigonometric(B, "B", eight)]


def _borromean() -> list[Core]:
    """Ellipses with half-axes 2 and 1.2 in the planes z = 0, x = 0 and y = 0."""
    long, short = np.eye(3) * 2.0, np.eye(3) * 1.2
    curves: list[Core] = []
    for k, reference in enumerate((_Z, _X, _Y)):
        terms = ((1, tuple(long[k].tolist()), tuple(short[(k + 1) % 3].tolist())),)
        curves.append(Trigonometric(k, name_of(k), terms, reference))
    return curves


def _torus(k: int) -> list[Core]:
    """Curves ``(R cos a, R sin a, -+ r sin ka)`` with ``R = 2 +- r cos ka``, where ``r = 0.75``."""
    curves: list[Core] = []
    for label, side in ((A, 0.75), (B, -0.75)):
        half = side / 2
        terms = (
            (1, (2.0, 0.0, 0.0), (0.0, 2.0, 0.0)),
            (k + 1, (half, 0.0, 0.0), (0.0, half, 0.0)),
            (k - 1, (half, 0.0, 0.0), (0.0, -half, 0.0)),
            (k, _ZERO, (0.0, 0.0, -side)),
        )
        curves.append(Trigonometric(label, name_of(label), terms))
    return curves


def _polygonal(params: Description) -> Link:
    """Polygons; with rounded corners if there are tubes around them."""
    radius, parts = number(params, "tube_radius", 0, math.inf), params.get("corners")
    if not isinstance(parts, list) or not 1 <= len(parts) <= _MOST_COMPONENTS:
        raise DataError(f"dataset: corners must be a list of 1 to {_MOST_COMPONENTS} polygons")
    polygons = [_corners(part) for part in parts]
    if sum(map(len, polygons)) > _MOST_CORNERS:
        raise DataError(f"dataset: the polygons have more than {_MOST_CORNERS:,} corners; give fewer")
    kind = Rounded if radius else Polygon
    return [kind(k, name_of(k), corners) for k, corners in enumerate(polygons)], radius


def _corners(part: object) -> FloatArray:
    try:
        corners = np.array(part, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError("dataset: a polygon is not a list of corners [x, y, z]") from error
    if corners.ndim != 2 or corners.shape[1] != 3 or len(corners) < 3 or not np.isfinite(corners).all():
        raise DataError(f"dataset: corners of shape {corners.shape}; give (n, 3) with n from 3, all finite")
    if (corners == np.roll(corners, 1, axis=0)).all(axis=1).any():
        raise DataError("dataset: a corner of a polygon repeats the one before it; remove it")
    return corners


_NAMED: dict[str, Callable[[], list[Core]]] = {
    "unlink": lambda: [_level(A, -1.25), _level(B, 1.25)],
    "essay-unlink": lambda: _essay(1.5),
    "hopf": lambda: [_level(A, -0.5), Ring(B, "B", (0.5, 0.0, 0.0), _X, _DOWN, 1.0)],
    "whitehead": _whitehead,
    "borromean": _borromean,
}

#: What reads the parameters of a link, by the dataset's name.
LINKS: dict[str, Callable[[Description], Link]] = {
    "linked-tori": _tori,
    "unlink": _unlink,
    "named-link": _named,
    "polygonal-link": _polygonal,
}
