"""Images of closed curves as polygons that are proven to be near enough.

A curve is cut into arcs. On an arc whose parameter goes from a to b, with derivatives in T, the image is
nowhere farther from the chord's point at the same share of the way than ``(b - a) (width of T) / 4``, in each
coordinate: the two parts of the way have average velocities in T. So the image and its straight deformation
into the polygon stay in a convex set, the chord widened by that much. If these sets of two curves are
disjoint, pair by pair, the deformation keeps the curves apart, and every number that such deformations keep
is that of the polygons.

Pairs that are not proven to be disjoint are looked at again with one arc cut in two. The halves lie in the
set of the whole, so pairs that are settled stay so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.verification.intervals import FloatArray, Interval, above, below, padded
from topo_core.verification.network import Jet, Network
from topo_core.verification.pieces import Piece

Indices = NDArray[np.intp]

#: Vertices are moved by so much of their size, at random, so that no three are in line.
_JITTER = 2.0**-36
#: Arcs this large may be of any size.
_HUGE = 1e100
#: Pairs of arcs that are compared at once.
_CHUNK = 100_000


class Arcs:
    """The image of a closed curve after some layers, cut into arcs ever more finely.

    Attributes
    ----------
    low, high
        Parameters ``(n,)`` of every arc that was ever made.
    start, end
        Vertices ``(n, d)`` near the images of both.
    reach
        ``(n, d)``, how far from the chord the image and its deformation are at most.
    halves
        ``(n, 2)``, the arcs that an arc was cut into, or -1.
    fine
        Whether all vertices are where they must be, which all else rests on.

    Raises
    ------
    TopoError
        For a piece that is not a closed curve.
    """

    def __init__(self, network: Network, layers: int, curve: Piece) -> None:
        if curve.closed != (True,):
            raise TopoError(f"piece {curve.name} is not a closed curve: give one that ends where it begins")
        self._network, self._layers, self._curve = network, layers, curve
        self._random = np.random.default_rng(0)
        low, high = (end[:, 0] for end in curve.start())
        image = self._image(low, low).value
        #: How far a vertex may be from the image of its parameter, ``(d,)``.
        self._slack = above(8 * (_JITTER * image.magnitude.max(axis=0) + image.split()[1].max(axis=0)))
        vertices, near = self._vertices(low)
        self.fine = bool(near.all())
        d = vertices.shape[1]
        self.low, self.high = low[:0], high[:0]
        self.start, self.end, self.reach = np.empty((3, 0, d))
        self.halves = np.empty((0, 2), dtype=np.intp)
        self._add(low, high, vertices, np.roll(vertices, -1, axis=0))

    @property
    def polygon(self) -> FloatArray:
        """The vertices ``(m, d)`` in their order."""
        whole = np.flatnonzero(self.halves[:, 0] < 0)
        result: FloatArray = self.start[whole[np.argsort(self.low[whole], kind="stable")]]
        return result

    def cut(self, arcs: Indices) -> None:
        """Cut those of these different arcs that are whole."""
        arcs = arcs[self.halves[arcs, 0] < 0]
        if not len(arcs):
            return
        low, high, n = self.low[arcs], self.high[arcs], len(self.low)
        middle = 0.5 * (low + high)
        vertices, near = self._vertices(middle)
        self.fine &= bool((near & (low < middle) & (middle < high)).all())
        self.halves[arcs] = n + np.arange(2 * len(arcs)).reshape(2, -1).T
        self._add(low, middle, self.start[arcs], vertices)
        self._add(middle, high, vertices, self.end[arcs])

    def _add(self, low: FloatArray, high: FloatArray, start: FloatArray, end: FloatArray) -> None:
        tangent = self._image(low, high).tangent[:, :, 0]
        width = above(tangent.hi - tangent.lo)
        reach = above(above(above(high - low)[:, None] * width) / 4 + above(2 * self._slack))
        self.low, self.high = np.concatenate([self.low, low]), np.concatenate([self.high, high])
        self.start, self.end = np.concatenate([self.start, start]), np.concatenate([self.end, end])
        self.reach = np.concatenate([self.reach, reach])
        self.halves = np.concatenate([self.halves, np.full((len(low), 2), -1, dtype=np.intp)])

    def _image(self, low: FloatArray, high: FloatArray) -> Jet:
        return self._network.representation(self._curve.jet(low[:, None], high[:, None]), self._layers)

    def _vertices(self, at: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Doubles ``(n, d)`` near the images of parameters, and whether they are within the slack."""
        image = self._image(at, at).value
        vertices = image.middle + (self._random.random(image.shape) - 0.5) * (self._slack / 4)
        off = above(np.maximum(image.hi - vertices, vertices - image.lo))
        return vertices, (off <= self._slack).all(axis=1)


class Place:
    """The image of a point, as an arc of no length; attributes as those of ``Arcs``, with one row."""

    def __init__(self, network: Network, layers: int, point: FloatArray) -> None:
        exact = Interval.of(np.asarray(point, dtype=np.float64)[None])
        nothing = np.zeros((1, 1))
        tangent = Interval.of(np.zeros((*exact.shape, 1)))
        image = network.representation(Jet(exact, exact, tangent, nothing), layers).value
        middle, radius = image.split()
        self.start, self.end, self.reach = middle, middle, radius


def apart(first: Arcs, second: Arcs | Place, budget: int) -> str | None:
    """Cut two curves until all pairs of arcs are proven to be apart; why that failed, or None."""
    i, j = _first_pairs(first, second)
    curves = [first, second] if isinstance(second, Arcs) else [first]
    while all(curve.fine for curve in curves):
        near = np.concatenate(
            [np.zeros(0, dtype=bool)]
            + [_near(first, second, i[k : k + _CHUNK], j[k : k + _CHUNK]) for k in range(0, len(i), _CHUNK)]
        )
        i, j = i[near], j[near]
        if not len(i):
            return None
        if isinstance(second, Arcs):
            ours = _size(first, i) >= _size(second, j)
            second.cut(np.unique(j[~ours]))
        else:
            ours = np.ones(len(i), dtype=bool)
        first.cut(np.unique(i[ours]))
        made = sum(len(curve.start) for curve in curves)
        if made > budget or len(i) > 20 * budget:
            return f"{len(i)} pairs of arcs are not proven to be apart after {made} arcs"
        parts_i = [first.halves[i[ours]].ravel(), np.repeat(i[~ours], 2)]
        others = second.halves[j[~ours]].ravel() if isinstance(second, Arcs) else j[:0]
        parts_j = [np.repeat(j[ours], 2), others]
        i, j = np.concatenate(parts_i), np.concatenate(parts_j)
    return "the images come too near to each other, or where they are is not known well enough"


def _first_pairs(first: Arcs, second: Arcs | Place) -> tuple[Indices, Indices]:
    """The pairs of arcs that their boxes do not prove to be apart: of all, in little memory."""
    ours = np.minimum(first.start, first.end), np.maximum(first.start, first.end)
    theirs = np.minimum(second.start, second.end), np.maximum(second.start, second.end)
    found = [np.zeros((0, 2), dtype=np.intp)]
    rows = max(1, _CHUNK // len(second.start))
    for k in range(0, len(first.start), rows):
        part = slice(k, k + rows)
        near = np.ones((len(first.start[part]), len(second.start)), dtype=bool)
        for axis in range(first.start.shape[1]):
            (low, high), (least, most) = ([end[..., axis] for end in ends] for ends in (ours, theirs))
            over = np.maximum(low[part, None] - most, least - high[part, None])
            near &= ~(below(over) > above(first.reach[part, axis, None] + second.reach[:, axis]))
        found.append(np.argwhere(near) + np.array([k, 0]))
    i, j = np.concatenate(found).T
    return i, j


def _size(arcs: Arcs, rows: Indices) -> FloatArray:
    """How large arcs are, or else how long; their reach, which cutting makes small, counts more."""
    chord = np.abs(arcs.end[rows] - arcs.start[rows])
    size = (chord / 8 + arcs.reach[rows]).max(axis=1)
    share = (arcs.high[rows] - arcs.low[rows]) / arcs.high.max()
    result: FloatArray = np.where(size < _HUGE, size, _HUGE * (1 + share))
    return result


def _near(first: Arcs, second: Arcs | Place, i: Indices, j: Indices) -> NDArray[np.bool_]:
    """Which pairs of arcs are not proven to be apart: by their boxes, or else along some direction."""
    a, b, c, d = first.start[i], first.end[i], second.start[j], second.end[j]
    reach = above(first.reach[i] + second.reach[j])
    over = np.maximum(np.minimum(a, b) - np.maximum(c, d), np.minimum(c, d) - np.maximum(a, b))
    near: NDArray[np.bool_] = ~((below(over) > reach).any(axis=1))
    rows = np.flatnonzero(near)
    direction = _between(a[rows], b[rows], c[rows], d[rows])
    gaps = [_along(direction, p[rows], q[rows]) for p in (a, b) for q in (c, d)]
    needed = np.abs(direction) * reach[rows]
    total = needed.sum(axis=1)
    near[rows] = ~(np.min(gaps, axis=0) > padded(total, total, needed.shape[1]))
    return near


def _along(direction: FloatArray, p: FloatArray, q: FloatArray) -> FloatArray:
    """Lower bounds ``(k,)`` on ``direction . (p - q)``, rows of ``(k, d)``."""
    products = (Interval.of(p) - Interval.of(q)) * Interval.of(direction)
    return products.sum().lo


def _between(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    """Nearly the shortest vectors ``(k, d)`` from segments c-d to segments a-b.

    Nothing depends on that: they are directions to try. By the closest points of the lines, cut to the
    segments (Ericson, "Real-Time Collision Detection", 2005).
    """
    u, v, w = b - a, d - c, a - c
    uu, vv, uv = ((x * y).sum(axis=1) for x, y in ((u, u), (v, v), (u, v)))
    uw, vw = (u * w).sum(axis=1), (v * w).sum(axis=1)
    tiny = np.finfo(np.float64).tiny
    s = np.clip((uv * vw - vv * uw) / np.maximum(uu * vv - uv * uv, tiny), 0, 1)
    t = np.clip((uv * s + vw) / np.maximum(vv, tiny), 0, 1)
    s = np.clip((uv * t - uw) / np.maximum(uu, tiny), 0, 1)
    vector: FloatArray = w + s[:, None] * u - t[:, None] * v
    return vector
