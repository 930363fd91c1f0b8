"""Diagrams of polygons: crossings, signs and PD codes, the same link from every direction."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.topo_core.links.example_diagrams import HOPF, random_links
from topo_core.datasets.link_curves import LINK_TITLES, link_polygons
from topo_core.errors import TopoError
from topo_core.links.diagram import diagram, pd_code
from topo_core.links.jones import crossing_signs, jones_polynomial
from topo_core.links.planar import PlanarMap, checked_pd
from topo_core.topology.linking import linking_number

FloatArray = NDArray[np.float64]


def linked(polygons: list[FloatArray] | tuple[FloatArray, ...]) -> list[list[int]]:
    """The linking numbers by another way: symbolic perturbation (``topology.linking``)."""
    return [[0 if a is b else linking_number(a, b) for b in polygons] for a in polygons]


class TestKnownLinks:
    @pytest.mark.parametrize("name", LINK_TITLES)
    @pytest.mark.parametrize("direction", [None, (3.0, -1.0, 0.5), (0.1, 1.0, -0.2)])
    def test_linking_numbers(self, name: str, direction: tuple[float, float, float] | None) -> None:
        polygons = link_polygons(name, 60)
        assert diagram(polygons, direction).linking_matrix() == linked(polygons)

    def test_the_hopf_link(self) -> None:
        """Two squares: the second goes down through the first, so the crossings are left-handed."""
        flat = [[1.0, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]]
        upright = [[0.0, 0.1, 1], [0.2, 0.1, -1], [3, 0, -1], [3, 0.5, 1]]
        seen = diagram([flat, upright], (0, 0, 1))
        assert [c.sign for c in seen.crossings] == [-1, -1]
        assert seen.writhe == -2
        assert [sorted(above for _, above in along) for along in seen.passes] == [[False, True]] * 2
        assert jones_polynomial(seen.pd_code()) == jones_polynomial(HOPF, writhe=-2)

    def test_components_without_a_crossing_get_a_kink(self) -> None:
        square = np.array([[0.0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0]])
        seen = diagram([square, square + np.array([5, 0, 0])])
        assert seen.crossings == ()
        assert seen.pd_code() == [(1, 2, 2, 1), (3, 4, 4, 3)]
        assert jones_polynomial(seen.pd_code()) == {-1: -1, 1: -1}


class TestAnyLink:
    @given(random_links(), st.integers(0, 2**32))
    @settings(max_examples=15, deadline=None)
    def test_the_same_from_two_directions(self, polygons: list[FloatArray], seed: int) -> None:
        first = diagram(polygons, seed=seed)
        second = diagram(polygons, tuple(np.random.default_rng(seed).standard_normal(3)))
        assert first.linking_matrix() == second.linking_matrix() == linked(polygons)
        assert jones_polynomial(first.pd_code()) == jones_polynomial(second.pd_code())

    @given(random_links())
    @settings(max_examples=15, deadline=None)
    def test_the_code_is_one_of_a_planar_diagram(self, polygons: list[FloatArray]) -> None:
        seen = diagram(polygons)
        code = checked_pd(seen.pd_code())
        planar = PlanarMap(code)
        for piece in planar.pieces:
            assert len(planar.faces(piece)) == len(piece) + 2
        assert len(planar.components) == len(polygons)
        told = [len(along) > 2 or not all(above for _, above in along) for along in seen.passes]
        if all(told):  # of two arcs that are always above, nothing says which way they run
            assert crossing_signs(code) == [c.sign for c in seen.crossings]

    @given(random_links())
    @settings(max_examples=15, deadline=None)
    def test_mirrors_and_directions(self, polygons: list[FloatArray]) -> None:
        seen, mirrored = diagram(polygons), diagram([p * [1, 1, -1] for p in polygons])
        jones = jones_polynomial(seen.pd_code())
        assert {-k: v for k, v in jones.items()} == jones_polynomial(mirrored.pd_code())
        assert jones == jones_polynomial(pd_code([p[::-1] for p in polygons]))  # all components turned around

    def test_the_seed_decides(self) -> None:
        polygons = link_polygons("whitehead", 40)
        assert diagram(polygons, seed=3) == diagram(polygons, seed=3)
        assert diagram(polygons, seed=3).direction != diagram(polygons, seed=4).direction


class TestPosition:
    SQUARE = np.array([[0.0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0]])

    @pytest.mark.parametrize(
        "other",
        [
            [[1.0, 0, 1], [5, 1, 1], [5, -1, 1]],  # a corner over an edge
            [[0.0, 0, 1], [-3, 1, 1], [-3, -1, 1]],  # corner over corner
            [[0.5, 0, 1], [1.5, 0, 1], [1, -4, 1]],  # edge over edge
            [[1.0, 1, 1], [1, 1, 2], [9, 9, 2]],  # an edge seen end-on
        ],
    )
    def test_not_general(self, other: list[list[float]]) -> None:
        with pytest.raises(TopoError, match="choose another direction or leave it out"):
            diagram([self.SQUARE, other], (0, 0, 1))
        assert diagram([self.SQUARE, other]).linking_matrix() == [[0, 0], [0, 0]]

    def test_three_edges_through_one_point(self) -> None:
        strands = [
            [[-1.0, 0, 1], [1, 0, 1], [0, -9, 1]],
            [[0.0, -1, 2], [0, 1, 2], [9, 0, 2]],
            [[-1.0, -1, 3], [1, 1, 3], [-9, 9, 3]],
        ]
        with pytest.raises(TopoError, match="edges cross in one point"):
            diagram(strands, (0, 0, 1))
        diagram(strands)

    def test_nearly_is_general(self) -> None:
        """A corner beside an edge by less than rounding, seen from above."""
        edge = [[-3.0, 0, 0], [3, 0, 0], [0, -9, 0]]
        for beyond, crossings in ((-1e-300, 2), (1e-300, 0)):
            spike = [[0.0, beyond, 1], [4, 9, 1], [-4, 9, 1]]
            assert len(diagram([edge, spike], (0, 0, 1)).crossings) == crossings

    @pytest.mark.parametrize("bad", [(0, 0, 0), (1, 2), (0, 0, np.nan), ("x", 0, 1), (0, 0, np.inf)])
    def test_no_direction(self, bad: tuple[float, ...]) -> None:
        with pytest.raises(TopoError, match="give"):
            diagram([self.SQUARE], bad)


def test_thousands_of_corners_take_less_than_a_second() -> None:
    polygons = link_polygons("essay-unlink", 2000)
    started = time.process_time()
    assert diagram(polygons).linking_matrix() == [[0, 0], [0, 0]]
    assert time.process_time() - started < 1
