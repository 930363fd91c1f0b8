"""Jones polynomials against published ones (KnotInfo, LinkInfo)."""

import pytest

from tests.topo_core.links.example_diagrams import BORROMEAN, TREFOIL, WHITEHEAD
from topo_core.datasets.link_curves import link_polygons
from topo_core.errors import DataError, TopoError
from topo_core.links import jones
from topo_core.links.diagram import pd_code
from topo_core.links.jones import crossing_signs, jones_polynomial
from topo_core.links.planar import PD

BORROMEAN_JONES = {-6: -1, -4: 3, -2: -2, 0: 4, 2: -2, 4: 3, 6: -1}


class TestPublished:
    def test_trefoil(self) -> None:
        assert crossing_signs(TREFOIL) == [-1, -1, -1]
        assert jones_polynomial(TREFOIL) == {-8: -1, -6: 1, -2: 1}

    def test_figure_eight_knot(self) -> None:
        code = [(4, 2, 5, 1), (8, 6, 1, 5), (6, 3, 7, 4), (2, 7, 3, 8)]
        assert jones_polynomial(code) == {-4: 1, -2: -1, 0: 1, 2: -1, 4: 1}

    def test_borromean_rings(self) -> None:
        assert jones_polynomial(BORROMEAN) == BORROMEAN_JONES
        assert jones_polynomial(pd_code(link_polygons("borromean", 40))) == BORROMEAN_JONES

    def test_whitehead(self) -> None:
        left = {-7: 1, -5: -2, -3: 1, -1: -2, 1: 1, 3: -1}
        right = {-k: v for k, v in left.items()}
        assert jones_polynomial(WHITEHEAD) in (left, right)
        assert jones_polynomial(pd_code(link_polygons("whitehead", 60))) in (left, right)

    @pytest.mark.parametrize("k", [1, 2, 3, 6])
    def test_torus_links(self, k: int) -> None:
        """Jones, 1985: ``-t^(k - 1/2) - t^(k + 3/2) (1 - t + ... +- t^(2k - 2))``, both in one direction."""
        expected = {2 * k - 1: -1, **{2 * k + 3 + 2 * j: -((-1) ** j) for j in range(2 * k - 1)}}
        assert jones_polynomial(pd_code(link_polygons(f"torus-2-{2 * k}", 60))) == expected
        mirrored = {-exponent: count for exponent, count in expected.items()}
        assert jones_polynomial(pd_code(link_polygons(f"torus-2-{-2 * k}", 60))) == mirrored

    @pytest.mark.parametrize("code", [[(1, 2, 2, 1)], [(1, 1, 2, 2)], [(2, 1, 1, 2)], [(2, 2, 1, 1)]])
    def test_a_kink_is_no_knot(self, code: PD) -> None:
        assert jones_polynomial(code) == {0: 1}


def test_what_is_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jones, "_MOST_STATES", 4)
    with pytest.raises(TopoError, match="too wide; simplify it first"):
        jones_polynomial(BORROMEAN)
    with pytest.raises(DataError, match="PD code"):
        jones_polynomial([])
