"""The planar diagram of a link of polygons, seen along a direction: every crossing exact.

Corners are projected in whole numbers, without rounding; floating point only sorts out edges that are
plainly apart. Where the picture is not in general position (a corner on an edge, three edges through one
point) another direction is taken.

A diagram is written as a PD code: one 4-tuple of arcs a crossing, from the arc that arrives below and
then counterclockwise, arcs numbered from 1 along one component after the other. KnotTheory and SnapPy
read it (http://katlas.org/wiki/Planar_Diagrams).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm

import numpy as np
from numpy.typing import ArrayLike, NDArray

from topo_core.errors import TopoError
from topo_core.links.planar import PD
from topo_core.links.polygons import checked_link, joined_edges
from topo_core.topology.edges import Edges, Indices

FloatArray = NDArray[np.float64]
Whole = tuple[int, int, int]

_EPS = np.finfo(np.float64).eps
#: Directions that are tried; they are near the z axis at first, in which most links are drawn flat.
_TRIES, _TILT, _UPRIGHT = 40, 60, 1000


@dataclass(frozen=True)
class Crossing:
    """One strand above another.

    Attributes
    ----------
    over, under
        The component above and the one below.
    sign
        1 for a right-handed crossing, else -1.
    """

    over: int
    under: int
    sign: int


@dataclass(frozen=True)
class Diagram:
    """A link seen along a direction.

    Attributes
    ----------
    direction
        Whole numbers; the eye looks against it.
    crossings
        In no particular order.
    passes
        For each component, from its first corner on, the crossings that it goes through, and whether above.
    """

    direction: Whole
    crossings: tuple[Crossing, ...]
    passes: tuple[tuple[tuple[int, bool], ...], ...]

    @property
    def writhe(self) -> int:
        """Sum of the signs of all crossings."""
        return sum(c.sign for c in self.crossings)

    def linking_matrix(self) -> list[list[int]]:
        """Linking numbers of all pairs of components, half the sums of signs; 0 on the diagonal."""
        n = len(self.passes)
        doubled = [[0] * n for _ in range(n)]
        for c in self.crossings:
            if c.over != c.under:
                doubled[c.over][c.under] += c.sign
                doubled[c.under][c.over] += c.sign
        return [[value // 2 for value in row] for row in doubled]

    def pd_code(self) -> PD:
        """The diagram as a PD code.

        A component that goes through no crossing has no arc to be named by: it gets a kink, one crossing with
        itself, which changes the link in no way.
        """
        arcs: dict[tuple[int, bool], tuple[int, int]] = {}
        kinks: PD = []
        base = 1
        for passes in self.passes:
            n = len(passes)
            for k, place in enumerate(passes):
                arcs[place] = (base + k, base + (k + 1) % n)
            if not n:
                kinks.append((base, base + 1, base + 1, base))
            base += n or 2
        code: PD = []
        for k, crossing in enumerate(self.crossings):
            (below, ahead), (over, beyond) = arcs[k, False], arcs[k, True]
            code.append((below, beyond, ahead, over) if crossing.sign > 0 else (below, over, ahead, beyond))
        return code + kinks


def pd_code(polygons: Iterable[ArrayLike], direction: Sequence[float] | None = None, seed: int = 0) -> PD:
    """The PD code of a link of polygons; see ``diagram``."""
    return diagram(polygons, direction, seed).pd_code()


def diagram(
    polygons: Iterable[ArrayLike], direction: Sequence[float] | None = None, seed: int = 0
) -> Diagram:
    """Look at a link of polygons.

    Parameters
    ----------
    polygons
        Corners ``(n, 3)`` of each component.
    direction
        Towards the eye, ``(3,)``; by default one near the z axis in which the picture is in general position.
    seed
        Of that one.

    Raises
    ------
    DataError
        When the polygons are no link; see ``checked_link``.
    TopoError
        When the direction is none, or the picture along it is not in general position.
    """
    parts = checked_link(polygons)
    if direction is not None:
        found = _seen(parts, _whole(direction))
        if found is None:
            raise TopoError(
                f"diagram along {tuple(direction)}: a corner lies on an edge, or edges cross in one point; "
                "choose another direction or leave it out"
            )
        return found
    rng = np.random.default_rng(seed)
    for k in range(1, _TRIES + 1):
        x, y = rng.integers(-_TILT * k, _TILT * k + 1, 2).tolist()
        found = _seen(parts, (x, y, _UPRIGHT))
        if found is not None:
            return found
    raise TopoError(f"diagram: none of {_TRIES} directions shows the link in general position; give one")


def _whole(direction: Sequence[float]) -> Whole:
    try:
        x, y, z = (Fraction(float(value)) for value in direction)
    except (TypeError, ValueError, OverflowError) as error:
        raise TopoError(f"diagram along {direction}: give three finite numbers") from error
    if not any((x, y, z)):
        raise TopoError("diagram along (0, 0, 0): give a direction")
    scale = lcm(x.denominator, y.denominator, z.denominator)
    return int(x * scale), int(y * scale), int(z * scale)


def _axes(direction: Whole) -> tuple[Whole, Whole]:
    """Two whole vectors across a direction: with it they are a right-handed frame, seen right way up."""
    a, b, c = direction
    x = (c, 0, -a) if c > 0 or (c == 0 and a) else (-c, 0, a) if c else (1, 0, 0)
    y = (b * x[2] - c * x[1], c * x[0] - a * x[2], a * x[1] - b * x[0])
    return x, y


def _integers(parts: Sequence[FloatArray]) -> list[Whole]:
    """All corners times a common power of two, which makes them whole."""
    rows = [[value.as_integer_ratio() for value in row] for part in parts for row in part.tolist()]
    scale = max(denominator for row in rows for _, denominator in row)
    return [(x * (scale // p), y * (scale // q), z * (scale // r)) for (x, p), (y, q), (z, r) in rows]


def _candidates(parts: Sequence[FloatArray], axes: tuple[Whole, Whole]) -> list[tuple[int, int]]:
    """Pairs i < j of edges that do not follow one another and may cross in the picture."""
    largest = max(float(np.abs(part).max()) for part in parts) or 1.0
    steep = max(abs(value) for axis in axes for value in axis)
    across = np.array([[float(Fraction(value, steep)) for value in axis] for axis in axes])
    flat = [np.ldexp(part, -int(np.frexp(largest)[1])) @ across.T for part in parts]
    start, end, following = joined_edges(flat)
    error = 32 * _EPS  # of a coordinate: no number is above 1 before the product, nor above 3 after it
    edges = Edges(start, end, slack=error)
    pairs: list[tuple[int, int]] = []
    for i, j in edges.overlapping(edges, range(2)):
        apart = (i < j) & (following[i] != j) & (following[j] != i)
        i, j = i[apart], j[apart]
        maybe = ~(_aside(start, end, i, j, error) | _aside(start, end, j, i, error))
        pairs += zip(i[maybe].tolist(), j[maybe].tolist(), strict=True)
    return pairs


def _aside(start: FloatArray, end: FloatArray, i: Indices, j: Indices, error: float) -> NDArray[np.bool_]:
    """Whether edge j is surely on one side of edge i's line, in the picture."""
    u = end[i] - start[i]
    p, q = start[j] - start[i], end[j] - start[i]
    first, second = (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0] for w in (p, q))
    # Each difference is off by 2 errors and a rounding, and every number is below 8.
    bound = 80 * error
    sure = np.minimum(np.abs(first), np.abs(second)) > bound
    result: NDArray[np.bool_] = sure & ((first > 0) == (second > 0))
    return result


def _seen(parts: Sequence[FloatArray], direction: Whole) -> Diagram | None:
    """The diagram along a direction; None where the picture is not in general position."""
    axes = _axes(direction)
    corners = [(_product(axes[0], x), _product(axes[1], x), _product(direction, x)) for x in _integers(parts)]
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts]).tolist()
    following = joined_edges(parts)[2].tolist()
    if not _plain_corners(corners, following):
        return None
    crossings: list[Crossing] = []
    passes: list[list[tuple[int, Fraction, int, bool]]] = [[] for _ in parts]
    for i, j in _candidates(parts, axes):
        meeting = _meeting(corners[i], corners[following[i]], corners[j], corners[following[j]])
        if meeting is None:
            return None
        if meeting:
            s, t, turn, first_above = meeting
            over, under = (i, j) if first_above else (j, i)
            sign = turn if first_above else -turn
            for edge, at in ((i, s), (j, t)):
                passes[owner[edge]].append((edge, at, len(crossings), edge == over))
            crossings.append(Crossing(owner[over], owner[under], sign))
    for along in passes:
        along.sort(key=lambda item: item[:2])
        if any(a[:2] == b[:2] for a, b in pairwise(along)):
            return None  # three edges through one point
    return Diagram(
        direction, tuple(crossings), tuple(tuple((k, over) for _, _, k, over in along) for along in passes)
    )


def _product(u: Whole, v: Whole) -> int:
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2]


def _turn(o: Whole, a: Whole, b: Whole) -> int:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _plain_corners(corners: list[Whole], following: list[int]) -> bool:
    """Whether no edge is seen end-on and none is seen to turn back along the one before it."""
    for k, after in enumerate(following):
        a, b, c = corners[k], corners[after], corners[following[after]]
        if a[:2] == b[:2]:
            return False
        if _turn(a, b, c) == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) <= 0:
            return False
    return True


def _meeting(
    a: Whole, b: Whole, c: Whole, d: Whole
) -> tuple[Fraction, Fraction, int, bool] | tuple[()] | None:
    """Where the edges from a to b and from c to d cross: parameters, which way they turn, which is above.

    Empty if they do not cross, None if they touch but do not cross. The turn is 1 if the second goes from the
    right of the first to its left.
    """
    before, after, start, end = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if (before > 0) == (after > 0) and before and after:
        return ()
    if (start > 0) == (end > 0) and start and end:
        return ()
    if not (before and after and start and end):
        return () if _apart_on_line(a, b, c, d) else None
    s, t = Fraction(start, start - end), Fraction(before, before - after)
    height = a[2] + s * (b[2] - a[2]) - (c[2] + t * (d[2] - c[2]))
    return s, t, 1 if after > 0 else -1, height > 0


def _apart_on_line(a: Whole, b: Whole, c: Whole, d: Whole) -> bool:
    """Whether two edges, a corner of one on the other's line, have no point of the picture in common."""
    return any(
        max(a[k], b[k]) < min(c[k], d[k]) or max(c[k], d[k]) < min(a[k], b[k]) for k in range(2)
    ) or not _touch(a, b, c, d)


def _touch(a: Whole, b: Whole, c: Whole, d: Whole) -> bool:
    """Whether a corner of one edge lies on the other one."""
    return any(
        _turn(p, q, o) == 0 and all(min(p[k], q[k]) <= o[k] <= max(p[k], q[k]) for k in range(2))
        for p, q, o in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    )
