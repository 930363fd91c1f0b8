"""The Jones polynomial of a link from its planar diagram, exactly.

Kauffman, "State models and the Jones polynomial", 1987: every crossing is smoothed in both ways, crossing
after crossing, and only how the loose ends are joined is kept. The effort grows with the number of loose
ends, not with that of crossings.
"""

from __future__ import annotations

from collections import defaultdict

from topo_core.errors import TopoError
from topo_core.links.planar import PD, PlanarMap, checked_pd

#: Coefficients by exponent.
Laurent = dict[int, int]
#: Which loose ends are joined: pairs in order.
_Joined = tuple[tuple[int, int], ...]

#: More states than this are given up.
_MOST_STATES = 20_000


def jones_polynomial(pd: PD, writhe: int | None = None) -> Laurent:
    """The Jones polynomial, of a circle 1.

    Parameters
    ----------
    pd
        A PD code; a link of no crossings has none.
    writhe
        Sum of the signs of the crossings, by default as the code says. A component that is never below
        another strand runs as its arcs are numbered.

    Returns
    -------
    Coefficients by the exponent of the square root of t: ``{2: 1, 6: 1, 8: -1}`` is ``t + t^3 - t^4``, that
    of the right-handed trefoil knot.

    Raises
    ------
    DataError
        When it is no PD code.
    TopoError
        When the diagram is too wide.
    """
    code = checked_pd(pd)
    if writhe is None:
        writhe = sum(crossing_signs(code))
    bracket = _bracket(code)
    # In A, with t = A^-4: (-A^3)^-writhe times the bracket; exponents of the square root of t are -A/2.
    sign = -1 if writhe % 2 else 1
    return {
        (3 * writhe - power) // 2: sign * count
        for power, count in sorted(bracket.items(), reverse=True)
        if count
    }


def crossing_signs(pd: PD) -> list[int]:
    """The sign of each crossing: 1 where the strand above comes from the right of the one below."""
    leaving = {slot for walk in PlanarMap(checked_pd(pd)).components for slot in walk}
    return [1 if (c, 1) in leaving else -1 for c in range(len(pd))]


def _bracket(code: PD) -> Laurent:
    """Kauffman's bracket, of a circle 1, by the power of A."""
    states: dict[_Joined, Laurent] = {(): {0: 1}}
    for a, b, c, d in _in_order(code):
        # Turned counterclockwise, the upper strand b d sweeps the regions between b, c and between d, a: with
        # a factor A these are opened to each other, with 1/A the other two.
        ways = ((1, ((a, b), (c, d))), (-1, ((a, d), (b, c))))
        following: dict[_Joined, Laurent] = defaultdict(lambda: defaultdict(int))
        for joined, value in states.items():
            for power, pairs in ways:
                after, circles = _join(joined, pairs)
                target = following[after]
                for exponent, count in value.items():
                    for k, binomial in enumerate(_circles(circles)):
                        target[exponent + power + 4 * k - 2 * circles] += count * binomial
        states = {joined: dict(value) for joined, value in following.items()}
        if len(states) > _MOST_STATES:
            raise TopoError("Jones polynomial: the diagram is too wide; simplify it first")
    (value,) = states.values()
    return _over_circle(value)


def _in_order(code: PD) -> PD:
    """The crossings, always one next that leaves as few loose ends as can be."""
    left, loose, order = list(code), set[int](), []
    while left:
        best = min(left, key=lambda crossing: (len(loose ^ _odd(crossing)), crossing))
        left.remove(best)
        loose ^= _odd(best)
        order.append(best)
    return order


def _odd(crossing: tuple[int, int, int, int]) -> set[int]:
    """The arcs that are once at a crossing."""
    return {arc for arc in crossing if crossing.count(arc) == 1}


def _join(joined: _Joined, pairs: tuple[tuple[int, int], ...]) -> tuple[_Joined, int]:
    """Loose ends after some more have been joined, and how many circles have closed."""
    partner = {x: y for a, b in joined for x, y in ((a, b), (b, a))}
    circles = 0
    for a, b in pairs:
        if a == b or partner.get(a) == b:  # an arc, or joined arcs, from this crossing to itself
            circles += 1
            partner.pop(a, None)
            partner.pop(b, None)
            continue
        first, second = partner.pop(a, a), partner.pop(b, b)
        partner[first], partner[second] = second, first
    return tuple(sorted((a, b) for a, b in partner.items() if a < b)), circles


def _circles(n: int) -> list[int]:
    """``(-A^2 - A^-2)^n`` as coefficients of ``A^(4 k - 2 n)``."""
    row = [1]
    for _ in range(n):
        row = [-(a + b) for a, b in zip([*row, 0], [0, *row], strict=True)]
    return row


def _over_circle(value: Laurent) -> Laurent:
    """A polynomial divided by ``-A^2 - A^-2``, which divides it."""
    left, result = {k: v for k, v in value.items() if v}, {}
    while left:
        top = max(left)
        count = -left.pop(top)
        result[top - 2] = count
        rest = left.get(top - 4, 0) + count
        if rest:
            left[top - 4] = rest
        else:
            left.pop(top - 4, None)
    return result
