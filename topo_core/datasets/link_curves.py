"""Well-known links as smooth closed curves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.tubes import Core, Ring, Winding
from topo_core.errors import UnknownNameError

FloatArray = NDArray[np.float64]
Vector = tuple[float, float, float]

#: Half-turns of a torus link around its torus, at most: more are too tight to tell apart.
_MOST_TURNS = 24
_TORUS = re.compile(r"torus-2-(-?[1-9][0-9]?)")


@dataclass(frozen=True)
class Trigonometric:
    """The closed curve ``sum of c cos(2 pi k s) + d sin(2 pi k s)``.

    Attributes
    ----------
    terms
        Triples of a frequency k and the vectors c and d.
    reference
        A direction that no tangent has: the frame is perpendicular to it and to the tangent.
    """

    terms: tuple[tuple[int, Vector, Vector], ...]
    reference: Vector = (0.0, 0.0, 1.0)

    def __call__(self, s: FloatArray) -> FloatArray:
        """Points ``(n, 3)`` at s in [0, 1], ``(n,)``."""
        return self._sum(s, 0)

    def frame(self, s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The unit vector N along ``reference x T``, and ``N x T``."""
        tangent = self._sum(s, 1)
        tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
        normal = np.cross(self.reference, tangent)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        return normal, np.cross(normal, tangent)

    def _sum(self, s: FloatArray, derivative: int) -> FloatArray:
        angle = 2 * np.pi * s[:, None]
        result = np.zeros((len(s), 3))
        for k, c, d in self.terms:
            cos, sin = np.cos(k * angle), np.sin(k * angle)
            if derivative:
                cos, sin = -2 * np.pi * k * sin, 2 * np.pi * k * cos
            result += cos * np.array(c) + sin * np.array(d)
        return result


def _unlink() -> tuple[Core, ...]:
    """Two circles side by side."""
    return _level_ring(-1.25, 1.0), _level_ring(1.25, 1.0)


def _hopf() -> tuple[Core, ...]:
    """Two circles, each through the other's centre; linking number 1."""
    return _level_ring(-0.5, 1.0), Ring((0.5, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), 1.0)


def _whitehead() -> tuple[Core, ...]:
    """A bent circle and a figure of eight with five alternating crossings: linked, with linking number 0."""
    zero = (0.0, 0.0, 0.0)
    bent = Trigonometric(((1, (1.5, 0.0, 0.0), (0.0, 1.5, 0.0)), (2, zero, (0.0, 0.0, 0.5))))
    eight = Trigonometric(
        ((1, zero, (2.0, 0.0, 0.0)), (2, zero, (0.0, 1.0, 0.0)), (3, (0.0, 0.0, 0.5), zero))
    )
    return bent, eight


def _borromean() -> tuple[Core, ...]:
    """Three ellipses in the coordinate planes: linked, though no two of them are."""
    a, b, zero = 2.0, 1.2, 0.0
    x, y, z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
    return (
        Trigonometric(((1, (a, zero, zero), (zero, b, zero)),), z),
        Trigonometric(((1, (zero, a, zero), (zero, zero, b)),), x),
        Trigonometric(((1, (zero, zero, a), (b, zero, zero)),), y),
    )


def _essay() -> tuple[Core, ...]:
    """The two curves that only look linked (essay, picture "unlink-2spiral")."""
    return _level_ring(0.0, 2.0), Winding(1.5)


def _torus(half_turns: int) -> tuple[Core, ...]:
    """Two curves once along a torus and half as often around it, opposite to each other.

    Their linking number is half of ``half_turns``, an even number.
    """
    k = half_turns // 2
    far, near, zero = 2.0, 0.75, 0.0

    def curve(side: float) -> Core:
        r = side * near / 2
        return Trigonometric(
            (
                (1, (far, zero, zero), (zero, far, zero)),
                (k + 1, (r, zero, zero), (zero, r, zero)),
                (k - 1, (r, zero, zero), (zero, -r, zero)),
                (k, (zero, zero, zero), (zero, zero, -2 * r)),
            )
        )

    return curve(1.0), curve(-1.0)


def _level_ring(x: float, radius: float) -> Ring:
    return Ring((x, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), radius)


_LINKS: dict[str, tuple[str, Callable[[], tuple[Core, ...]]]] = {
    "unlink": ("Two circles side by side", _unlink),
    "essay-unlink": ("Two curves that only look linked", _essay),
    "hopf": ("The Hopf link: two circles, linked once", _hopf),
    "torus-2-4": ("Two curves around a torus, linked twice", lambda: _torus(4)),
    "torus-2-6": ("Two curves around a torus, linked three times", lambda: _torus(6)),
    "whitehead": ("The Whitehead link: linked, with linking number 0", _whitehead),
    "borromean": ("The Borromean rings: three, no two of them linked", _borromean),
}

#: What the well-known links are, by name; ``torus-2-N`` is one for every even N.
LINK_TITLES: dict[str, str] = {name: title for name, (title, _) in _LINKS.items()}


def is_known(name: str) -> bool:
    """Whether ``link_curves`` has a link of this name."""
    found = _TORUS.fullmatch(name)
    turns = int(found[1]) if found else 0
    return name in _LINKS or (turns % 2 == 0 and 2 <= abs(turns) <= _MOST_TURNS)


def link_curves(name: str) -> tuple[Core, ...]:
    """The components of a link that is known by name, as smooth closed curves.

    Parameters
    ----------
    name
        One of ``LINK_TITLES``, or ``torus-2-N`` with N even, 2 to 24 or -2 to -24, whose components have the
        linking number N/2.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    if not is_known(name):
        raise UnknownNameError("link", name, LINK_TITLES)
    return _LINKS[name][1]() if name in _LINKS else _torus(int(name.removeprefix("torus-2-")))


def link_polygons(name: str, corners: int = 100) -> tuple[FloatArray, ...]:
    """The components of a link that is known by name as polygons ``(corners, 3)``, equally spaced in s."""
    s = np.arange(corners) / corners
    return tuple(curve(s) for curve in link_curves(name))
