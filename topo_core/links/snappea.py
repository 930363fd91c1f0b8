"""Links from the tables that SnapPy brings along (optional extra ``links``).

SnapPy and spherogram (Culler, Dunfield, Goerner, Weeks; GPL) are imported where they are used and nowhere
else. What they do at random is made repeatable by a seed.
"""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import SpecError, shown
from topo_core.extras import optional
from topo_core.links.planar import PD
from topo_core.links.realise import polygons_from_pd

FloatArray = NDArray[np.float64]

#: Names of the tables: Rolfsen's (5_2, 8^3_2), and Hoste and Thistlethwaite's (K5a1, L6a4).
TABLE_NAME = re.compile(r"\d{1,2}_\d{1,3}|\d{1,2}\^\d{1,2}_\d{1,3}|[KL]\d{1,2}[an]\d{1,5}", re.ASCII)


def spherogram() -> Any:
    """The library, or a DependencyError that says how to get it; SnapPy is loaded with it.

    Raises
    ------
    DependencyError
        When the extra is not installed.
    """
    purpose = "Links from tables and their invariants"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no window to draw in
        optional("snappy", "links", purpose)  # whom spherogram asks for exteriors
        return optional("spherogram", "links", purpose)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Python's own random numbers from a seed, and afterwards as if nothing had been."""
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)


def link_named(name: str) -> tuple[FloatArray, ...]:
    """The polygons of a knot or link of the tables: ``"5_2"``, ``"8^3_2"``, ``"K7a1"``, ``"L6a4"``.

    Returns
    -------
    Corners ``(n, 3)`` of each component; see ``polygons_from_pd``.

    Raises
    ------
    SpecError
        When the tables have no such name.
    DependencyError
        When SnapPy is not installed.
    """
    return polygons_from_pd(table_pd(name))


def table_pd(name: str) -> PD:
    """The PD code of a knot or link of the tables; see ``link_named``."""
    if not TABLE_NAME.fullmatch(name):
        raise SpecError(
            f"{shown(name)} is no name of SnapPy's tables: give one like 5_2, 8^3_2, K7a1 or L6a4"
        )
    library = spherogram()
    try:
        link = library.Link(name)
    except (KeyError, ValueError, OSError, RuntimeError) as error:
        raise SpecError(
            f"SnapPy's tables have no link {name}: give one like 5_2, 8^3_2, K7a1 or L6a4"
        ) from error
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in link.PD_code(min_strand_index=1)]
