"""The planar map of a PD code: crossings, arcs and faces, and which way the components run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from topo_core.errors import DataError, shown

PD = list[tuple[int, int, int, int]]

#: A place at a crossing: its number, and which of its four arcs, counterclockwise from the one that arrives
#: below.
Slot = tuple[int, int]

#: More crossings than this are refused.
MAX_CROSSINGS = 1000


def checked_pd(pd: object) -> PD:
    """Make sure that each crossing has four arcs, and that each arc is there twice.

    Raises
    ------
    DataError
        When it is not so, or there are no or too many crossings.
    """
    if not isinstance(pd, Sequence) or isinstance(pd, str) or not 1 <= len(pd) <= MAX_CROSSINGS:
        raise DataError(f"PD code: give a list of 1 to {MAX_CROSSINGS} crossings")
    code: PD = []
    count: dict[int, int] = {}
    for k, crossing in enumerate(pd):
        whole = isinstance(crossing, list | tuple) and all(
            isinstance(arc, int | np.integer) and not isinstance(arc, bool) for arc in crossing
        )
        if not whole or len(crossing) != 4:
            raise DataError(f"PD code: crossing {k + 1} is {shown(crossing)}; give four whole numbers")
        a, b, c, d = map(int, crossing)
        code.append((a, b, c, d))
        for arc in code[-1]:
            count[arc] = count.get(arc, 0) + 1
    for arc, times in count.items():
        if times != 2:
            raise DataError(f"PD code: arc {arc} is there {times} time(s); each is there at its two ends")
    return code


@dataclass(frozen=True)
class PlanarMap:
    """Crossings joined by arcs in the plane.

    Attributes
    ----------
    code
        A PD code that ``checked_pd`` returned.
    """

    code: PD

    @cached_property
    def other_end(self) -> dict[Slot, Slot]:
        """For each place the other end of its arc."""
        ends: dict[int, list[Slot]] = {}
        for c, crossing in enumerate(self.code):
            for i, arc in enumerate(crossing):
                ends.setdefault(arc, []).append((c, i))
        pairs = [(a, b) for a, b in ends.values()]
        return {**dict(pairs), **{b: a for a, b in pairs}}

    @cached_property
    def pieces(self) -> list[list[int]]:
        """The crossings of each connected part."""
        left, found = dict.fromkeys(range(len(self.code))), []
        while left:
            waiting, piece = [next(iter(left))], []
            del left[waiting[0]]
            while waiting:
                c = waiting.pop()
                piece.append(c)
                for i in range(4):
                    neighbour = self.other_end[c, i][0]
                    if neighbour in left:
                        del left[neighbour]
                        waiting.append(neighbour)
            found.append(sorted(piece))
        return found

    def faces(self, piece: list[int]) -> list[list[Slot]]:
        """The faces of a connected part: the places from which one walks around with the face on the left.

        Raises
        ------
        DataError
            When it cannot be drawn in the plane: there are not two faces more than crossings (Euler).
        """
        left, found = dict.fromkeys((c, i) for c in piece for i in range(4)), []
        while left:
            face, slot = [], next(iter(left))
            while slot in left:
                del left[slot]
                face.append(slot)
                c, i = self.other_end[slot]
                slot = c, (i + 3) % 4
            found.append(face)
        if len(found) != len(piece) + 2:
            raise DataError("PD code: it is not of a diagram in the plane; check the order of the arcs")
        return found

    @cached_property
    def components(self) -> list[list[Slot]]:
        """For each component, by its smallest arc, the places at which it leaves crossings, in order.

        The first is where its smallest arc begins. An under-crossing says which way a component runs; one
        that is never below runs as its arcs are numbered.
        """
        walks = []
        left = dict.fromkeys(sorted(self.other_end, key=lambda s: (self.code[s[0]][s[1]], s)))
        while left:
            walk = self._walk(next(iter(left)))
            back = self._walk(self.other_end[walk[0]])
            for slot in (*walk, *back):
                left.pop(slot, None)
            below = {self._arrival(slot) for slot in walk} & {0, 2}
            if below == {0, 2}:
                raise DataError("PD code: a component runs both ways below others; check the first arcs")
            numbers = [self.code[c][i] for c, i in walk]
            falls = not below and len(walk) > 2 and numbers[1] > numbers[-1]
            walks.append(back if below == {2} or falls else walk)
        return walks

    def _walk(self, slot: Slot) -> list[Slot]:
        """The places at which one leaves crossings, straight ahead from one on."""
        walk = [slot]
        while (after := self._ahead(walk[-1])) != slot:
            walk.append(after)
        return walk

    def _ahead(self, slot: Slot) -> Slot:
        c, i = self.other_end[slot]
        return c, (i + 2) % 4

    def _arrival(self, slot: Slot) -> int:
        return self.other_end[slot][1]
