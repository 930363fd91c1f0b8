"""From PD codes to polygons and back: the same diagram, seen from above."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from tests.topo_core.links.example_diagrams import BORROMEAN, HOPF, TREFOIL, WHITEHEAD, random_links
from topo_core.errors import DataError
from topo_core.links.diagram import diagram
from topo_core.links.planar import PD, PlanarMap
from topo_core.links.realise import polygons_from_pd

FloatArray = NDArray[np.float64]
UP = (0, 0, 1)
Passes = Sequence[Sequence[tuple[int, bool]]]


def passes_of(code: PD) -> list[list[tuple[int, bool]]]:
    """For each component the crossings that it comes to, and whether above."""
    planar = PlanarMap(code)
    arrivals = [[planar.other_end[slot] for slot in walk] for walk in planar.components]
    return [[(c, i % 2 == 1) for c, i in walk] for walk in arrivals]


def same(ours: Passes, theirs: Passes, known: dict[int, int] | None = None) -> bool:
    """Whether components pass the same crossings in the same cyclic order, however these are numbered."""
    if not ours:
        return not theirs
    first, *rest = ours
    other, *others = theirs
    for turn in range(max(len(other), 1)):
        match = dict(known or {})
        turned = [*other[turn:], *other[:turn]]
        fits = len(first) == len(turned) and all(
            above == below and match.setdefault(a, b) == b
            for (a, above), (b, below) in zip(first, turned, strict=True)
        )
        if fits and len(set(match.values())) == len(match) and same(rest, others, match):
            return True
    return False


def checked(code: PD) -> tuple[FloatArray, ...]:
    polygons = polygons_from_pd(code)
    seen = diagram(polygons, UP)
    assert len(seen.crossings) == len(code)
    assert same(passes_of(code), seen.passes)
    return polygons


class TestThereAndBack:
    @pytest.mark.parametrize(
        "code", [TREFOIL, HOPF, WHITEHEAD, BORROMEAN], ids=["3_1", "Hopf", "5^2_1", "6^3_2"]
    )
    def test_the_knot_atlas(self, code: PD) -> None:
        polygons = checked(code)
        assert all((p * 4 == np.rint(p * 4)).all() for p in polygons)  # on the grid, or a quarter beside it
        assert max(len(p) for p in polygons) <= 30

    @given(random_links())
    @settings(max_examples=15, deadline=None)
    def test_any_link(self, polygons: list[FloatArray]) -> None:
        seen = diagram(polygons)
        again = diagram(checked(seen.pd_code()), UP)
        assert again.linking_matrix() == seen.linking_matrix()

    def test_kinks_and_parts_side_by_side(self) -> None:
        checked([(1, 2, 2, 1)])
        first, second = checked([(1, 1, 2, 2), (3, 4, 4, 3)])
        assert first[:, 0].max() < second[:, 0].min()

    def test_a_component_that_is_always_above_runs_as_it_is_numbered(self) -> None:
        over = [(1, 5, 2, 4), (2, 5, 3, 6), (3, 6, 1, 4)]  # arcs 4, 5, 6 pass above 1, 2, 3
        planar = PlanarMap(over)
        numbers = [[planar.code[c][i] for c, i in walk] for walk in planar.components]
        assert numbers == [[1, 2, 3], [4, 5, 6]]

    def test_the_same_code_gives_the_same_bytes(self) -> None:
        first, second = polygons_from_pd(BORROMEAN), polygons_from_pd([list(c) for c in BORROMEAN])
        assert all(a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ([], "give a list of 1 to 1000 crossings"),
        ("1234", "give a list"),
        (None, "give a list"),
        ([(1, 2, 3)], r"crossing 1 is \(1, 2, 3\); give four whole numbers"),
        ([(1, 2, 2, 1), (3, 3, 4, "4")], "crossing 2 is"),
        ([(1, 2, 2, True)], "crossing 1 is"),
        ([(1, 2, 3, 4)], r"arc 1 is there 1 time\(s\)"),
        ([(1, 1, 1, 2), (2, 3, 3, 4), (4, 5, 5, 6)], r"arc 1 is there 3 time\(s\)"),
        ([(1, 2, 1, 2)], "not of a diagram in the plane"),
        ([(1, 4, 2, 5), (3, 6, 4, 1), (2, 5, 3, 6)], "not of a diagram in the plane|runs both ways"),
        ([(1, 3, 2, 4), (1, 4, 2, 3)], "runs both ways below others"),
    ],
)
def test_what_is_no_code(code: object, complaint: str) -> None:
    with pytest.raises(DataError, match=f"^PD code: .*({complaint})"):
        polygons_from_pd(code)
