"""Planar diagrams drawn on a grid, every strand along its lines.

Tamassia, "On embedding a graph in the grid with the minimum number of bends", 1987: first how often each
arc bends, a flow between the faces; then faces are cut into rectangles, where strands turn away from them;
then coordinates that make all lengths whole and the whole short.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from topo_core.links.planar import PlanarMap, Slot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: From a vertex into a direction: east, north, west or south, 0 to 3.
_Dart = tuple[int, int]


class Layout:
    """A connected part of a diagram on a grid.

    Attributes
    ----------
    chains
        For each place at a crossing the vertices along its arc, both crossings included.
    places
        ``(n, 2)`` whole coordinates of the vertices.
    """

    def __init__(self, planar: PlanarMap, piece: list[int]) -> None:
        """Lay out the crossings of one of the map's pieces."""
        self._ahead: dict[int, list[int | None]] = {}
        self.chains: dict[Slot, list[int]] = {}
        self._draw(planar, piece, _bends(planar, piece))
        self._real = {(v, k) for v, ways in self._ahead.items() for k in range(4) if ways[k] is not None}
        self._cut_into_rectangles()
        self.places = np.stack([self._coordinates(axis) for axis in (0, 1)], axis=1)

    def _new(self) -> int:
        self._ahead[len(self._ahead)] = [None] * 4
        return len(self._ahead) - 1

    def _join(self, v: int, way: int, w: int) -> None:
        self._ahead[v][way], self._ahead[w][(way + 2) % 4] = w, v

    def _draw(self, planar: PlanarMap, piece: list[int], bends: dict[Slot, int]) -> None:
        """The map of crossings and bends, each edge in one of four directions."""
        vertex = {c: self._new() for c in piece}
        east = {piece[0]: 0}  # the direction of each crossing's first place
        waiting = [piece[0]]
        while waiting:
            c = waiting.pop()
            for i in range(4):
                d, j = planar.other_end[c, i]
                if d not in east:
                    east[d] = (east[c] + i + bends[c, i] + 2 - j) % 4
                    waiting.append(d)
        for (c, i), turns in bends.items():
            end = planar.other_end[c, i]
            if (c, i) in self.chains:
                continue
            way = (east[c] + i) % 4
            chain = [vertex[c]]
            for _ in range(abs(turns)):
                chain.append(self._new())
                self._join(chain[-2], way, chain[-1])
                way = (way + (1 if turns > 0 else 3)) % 4
            chain.append(vertex[end[0]])
            self._join(chain[-2], way, chain[-1])
            self.chains[c, i], self.chains[end] = chain, chain[::-1]

    # -- Rectangles -------------------------------------------------------------

    def _face(self, start: _Dart) -> list[tuple[_Dart, int]]:
        """The edges around the face on the left of one, each with the turn after it: 1 is left."""
        found, (v, way) = [], start
        while True:
            w = self._ahead[v][way]
            assert w is not None
            turn = next(t for t in (1, 0, -1) if self._ahead[w][(way + t) % 4] is not None)
            found.append(((v, way), turn))
            v, way = w, (way + turn) % 4
            if (v, way) == start:
                return found

    def _cut_into_rectangles(self) -> None:
        waiting = self._framed()
        while waiting:
            face = self._face(waiting.pop())
            if sum(turn for _, turn in face) < 0:
                continue  # outside of the frame
            at = next((k for k, (_, turn) in enumerate(face) if turn == -1), None)
            if at is None:
                continue
            total, front = -1, at + 1
            while total != 1:  # the edge that one would run into, straight on
                total += face[front % len(face)][1]
                front += 1
            (v, way), (a, across) = face[at][0], face[front % len(face)][0]
            corner = self._ahead[v][way]
            assert corner is not None
            met = self._split(a, across)
            self._join(corner, way, met)
            waiting += [(corner, way), (met, (way + 2) % 4)]

    def _split(self, v: int, way: int) -> int:
        """A new vertex on the edge from v."""
        w, middle = self._ahead[v][way], self._new()
        assert w is not None
        if (v, way) in self._real:
            back = (way + 2) % 4
            self._real -= {(v, way), (w, back)}
            self._real |= {(v, way), (middle, way), (middle, back), (w, back)}
        self._join(v, way, middle)
        self._join(middle, way, w)
        return middle

    def _framed(self) -> list[_Dart]:
        """Put a rectangle around, joined to the outer face; return an edge on the left of every face."""
        darts = [(v, way) for v, ways in self._ahead.items() for way in range(4) if ways[way] is not None]
        seen: set[_Dart] = set()
        starts = []
        for dart in darts:
            if dart in seen:
                continue
            face = self._face(dart)
            seen.update(d for d, _ in face)
            if sum(turn for _, turn in face) > 0:
                starts.append(dart)
                continue
            # After its last highest direction it never turns left of it: straight on nothing is in the way.
            reached = np.concatenate([[0], np.cumsum([turn for _, turn in face[:-1]])])
            v, way = face[len(face) - 1 - int(reached[::-1].argmax())][0]
            corners = [self._new() for _ in range(4)]
            for k in range(4):  # counterclockwise from the lower left
                self._join(corners[k], k, corners[(k + 1) % 4])
            out = self._ahead[v][way]
            assert out is not None
            side = (way + 1) % 4
            met = self._split(corners[side], side)
            self._join(out, way, met)
            starts.append((out, way))
        return starts

    # -- Coordinates ------------------------------------------------------------

    def _coordinates(self, axis: int) -> IntArray:
        """Whole coordinates ``(n,)`` of all vertices in x or y, all edges at least 1 long."""
        import scipy.optimize  # slow to import
        import scipy.sparse

        way, n = axis, len(self._ahead)
        line = _lines(
            n, ((v, w) for v, ways in self._ahead.items() for w in (ways[1 - axis],) if w is not None)
        )
        edges = [(v, w) for v, ways in self._ahead.items() for w in (ways[way],) if w is not None]
        cost = np.zeros(int(line.max()) + 1)
        for v, w in edges:
            weight = 1.0 if (v, way) in self._real else 1e-3
            cost[line[w]] += weight
            cost[line[v]] -= weight
        rows = np.repeat(np.arange(len(edges)), 2)
        columns = line[np.array(edges)].ravel()
        values = np.tile([1.0, -1.0], len(edges))
        matrix = scipy.sparse.csr_array((values, (rows, columns)), shape=(len(edges), len(cost)))
        bounds = [(0, 0)] + [(None, None)] * (len(cost) - 1)
        done = scipy.optimize.linprog(
            cost, A_ub=matrix, b_ub=-np.ones(len(edges)), bounds=bounds, method="highs-ds"
        )
        whole: IntArray = np.rint(done.x).astype(np.int64)
        return whole[line]


def _bends(planar: PlanarMap, piece: list[int]) -> dict[Slot, int]:
    """How many times each arc turns left on its way from a place, negative for right: few in all.

    Around a face the four right angles of the plane must be turned, and each crossing makes one: what is
    missing are bends, which turn to the other side for the face beyond.
    """
    import scipy.optimize  # slow to import

    faces = planar.faces(piece)
    outer = max(range(len(faces)), key=lambda k: len(faces[k]))
    of = {slot: k for k, face in enumerate(faces) for slot in face}
    arcs = [slot for slot in of if slot < planar.other_end[slot]]
    balance = np.zeros((len(faces), 2 * len(arcs)))
    for k, slot in enumerate(arcs):
        for face, sign in ((of[slot], 1), (of[planar.other_end[slot]], -1)):
            balance[face, 2 * k] += sign
            balance[face, 2 * k + 1] -= sign
    missing = np.array([(-4 if k == outer else 4) - len(face) for k, face in enumerate(faces)])
    done = scipy.optimize.linprog(
        np.ones(2 * len(arcs)), A_eq=balance, b_eq=missing, bounds=(0, None), method="highs-ds"
    )
    turns = np.rint(done.x).astype(int).reshape(-1, 2)
    left = dict(zip(arcs, (turns[:, 0] - turns[:, 1]).tolist(), strict=True))
    return {**left, **{planar.other_end[slot]: -count for slot, count in left.items()}}


def _lines(n: int, joined: Iterator[tuple[int, int]]) -> IntArray:
    """Numbers, from 0, of the lines that vertices are on, ``(n,)``, from the pairs on one line."""
    import scipy.sparse

    pairs = np.array(list(joined), dtype=np.int64).reshape(-1, 2)
    graph = scipy.sparse.coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    labels: IntArray = scipy.sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return labels
