"""What is known of a link of polygons: from its own diagram, and from SnapPy (optional extra ``links``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from topo_core.errors import TopoError
from topo_core.links.diagram import Diagram, diagram
from topo_core.links.jones import Laurent, jones_polynomial
from topo_core.links.snappea import TABLE_NAME, seeded, spherogram


@dataclass(frozen=True)
class Invariants:
    """A link, as far as it is known.

    Attributes
    ----------
    components
        How many.
    crossings
        Of the diagram that was looked at, and how many are left after SnapPy has simplified it.
    linking
        Linking numbers of all pairs of components, exact.
    pieces
        In so many parts that lie beside each other the simplified diagram falls; the link has at least as
        many.
    unlink
        True where nothing but circles beside each other is left, which is found by moves that do not change
        the link; False where an invariant tells that it is linked or knotted; None where neither is known.
    jones
        The Jones polynomial, coefficients by the exponent of the square root of t, exact
        (``jones.jones_polynomial``); None where the simplified diagram is too wide.
    volume
        Hyperbolic volume of the complement, in floating point; None where none was found.
    names
        Names in the tables of links with the same complement; mirror images have the same one.
    """

    components: int
    crossings: tuple[int, int]
    linking: tuple[tuple[int, ...], ...]
    pieces: int
    unlink: bool | None
    jones: Laurent | None
    volume: float | None
    names: tuple[str, ...]


def invariants(polygons: Iterable[ArrayLike], seed: int = 0) -> Invariants:
    """Ask all that can be asked about a link of polygons.

    Parameters
    ----------
    polygons
        Corners ``(n, 3)`` of each component.
    seed
        Of the direction along which they are seen, and of SnapPy's simplification.

    Raises
    ------
    DataError
        When the polygons are no link.
    DependencyError
        When SnapPy is not installed.
    """
    library = spherogram()
    seen = diagram(polygons, seed=seed)
    code = seen.pd_code()
    link = library.Link(code, check_planarity=False)
    with seeded(seed):
        link.simplify("global")
    linking = seen.linking_matrix()
    left = len(link.crossings)
    jones = _jones(seen, link)
    n = len(seen.passes)
    volume, names = _complement(link) if left else (None, ())
    return Invariants(
        components=n,
        crossings=(len(seen.crossings), left),
        linking=tuple(map(tuple, linking)),
        pieces=link.unlinked_unknot_components + (len(link.split_link_diagram()) if left else 0),
        unlink=True if not left else _surely_not(linking, jones, n),
        jones=jones,
        volume=volume,
        names=names,
    )


def _surely_not(linking: list[list[int]], jones: Laurent | None, n: int) -> bool | None:
    """False if the linking numbers or the Jones polynomial are not those of n circles."""
    same = not np.any(linking) and (jones is None or jones == unlink_jones(n))
    return None if same else False


def unlink_jones(n: int) -> Laurent:
    """The Jones polynomial of n circles beside each other: ``(-t^(1/2) - t^(-1/2))^(n - 1)``."""
    row = [1]
    for _ in range(n - 1):
        row = [-(a + b) for a, b in zip([*row, 0], [0, *row], strict=True)]
    return {2 * k - (n - 1): count for k, count in enumerate(row)}


def _jones(seen: Diagram, link: Any) -> Laurent | None:
    """From the simplified diagram, the components in the directions of the polygons."""
    loops = link.unlinked_unknot_components
    if not link.crossings:
        return unlink_jones(loops)
    owner = {
        entry: k for k, component in enumerate(link.link_components) for entry in _crossings_of(component)
    }
    own = sum(c.sign for c in link.crossings if owner[c.label, True] == owner[c.label, False])
    between = sum(sum(row) for row in seen.linking_matrix())  # every pair twice, each half its signs
    try:
        jones = jones_polynomial(link.PD_code(min_strand_index=1), writhe=own + between)
    except TopoError:
        return None
    for _ in range(loops):
        more: Laurent = {}
        for exponent, count in jones.items():
            for shift in (-1, 1):
                more[exponent + shift] = more.get(exponent + shift, 0) - count
        jones = {exponent: more[exponent] for exponent in sorted(more) if more[exponent]}
    return jones


def _crossings_of(component: Any) -> list[tuple[Any, bool]]:
    """The crossings that one component passes, and whether above."""
    return [(entry.crossing.label, entry.is_over_crossing()) for entry in component]


def _complement(link: Any) -> tuple[float | None, tuple[str, ...]]:
    """Volume of the complement, and its names in the tables."""
    if len(link.split_link_diagram()) > 1 or link.unlinked_unknot_components:
        return None, ()
    exterior = link.exterior()
    if exterior.solution_type() != "all tetrahedra positively oriented":
        return None, ()
    names = [manifold.name() for manifold in exterior.identify()]
    return float(exterior.volume()), tuple(name for name in names if TABLE_NAME.fullmatch(name))
