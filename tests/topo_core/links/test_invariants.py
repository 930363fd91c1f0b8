"""What SnapPy says of polygons, against the tables; and the tables as polygons."""

import random
import sys

import pytest

from topo_core.datasets.link_curves import link_polygons
from topo_core.errors import DependencyError, SpecError
from topo_core.links.diagram import diagram
from topo_core.links.invariants import invariants, unlink_jones
from topo_core.links.jones import jones_polynomial
from topo_core.links.snappea import link_named, table_pd


class TestKnownLinks:
    @pytest.mark.parametrize(
        ("name", "table", "volume"),
        [("whitehead", "L5a1", 3.6638623767), ("borromean", "L6a4", 7.3277247534)],
    )
    def test_hyperbolic(self, name: str, table: str, volume: float) -> None:
        found = invariants(link_polygons(name, 60))
        assert table in found.names
        assert found.volume == pytest.approx(volume, abs=1e-9)
        assert found.unlink is False
        assert found.pieces == 1
        assert {n for row in found.linking for n in row} == {0}

    def test_torus_links(self) -> None:
        found = invariants(link_polygons("torus-2-6", 60))
        assert found.linking == ((0, 3), (3, 0))
        assert (found.unlink, found.volume, found.names) == (False, None, ())
        assert found.jones == jones_polynomial(diagram(link_polygons("torus-2-6", 40)).pd_code())

    def test_the_essays_unlink(self) -> None:
        found = invariants(link_polygons("essay-unlink", 60))
        assert (found.components, found.crossings, found.pieces, found.unlink) == (2, (4, 0), 2, True)
        assert found.jones == unlink_jones(2) == {-1: -1, 1: -1}

    def test_a_link_beside_a_circle(self) -> None:
        rings = [*link_polygons("hopf", 30), link_polygons("unlink", 30)[0] + [9, 0, 0]]
        found = invariants(rings)
        assert (found.components, found.pieces, found.unlink) == (3, 2, False)
        assert found.jones == jones_polynomial(diagram(rings).pd_code())

    def test_the_seed_is_all_that_is_random(self) -> None:
        state = random.getstate()
        assert invariants(link_polygons("whitehead", 30), 1) == invariants(link_polygons("whitehead", 30), 1)
        assert random.getstate() == state


class TestTables:
    @pytest.mark.parametrize(
        ("name", "components", "also"),
        [
            ("4_1", 1, "K4a1"),
            ("K5a1", 1, "5_2"),
            ("8^3_2", 3, "L8a17"),
            ("L6a4", 3, "6^3_2"),
            ("L10n113", 5, ""),
        ],
    )
    def test_there_and_back(self, name: str, components: int, also: str) -> None:
        polygons = link_named(name)
        assert len(polygons) == components
        found = invariants(polygons)
        assert {name, also} - {""} <= set(found.names)
        assert found.jones == jones_polynomial(table_pd(name))  # the very link, not its mirror image

    @pytest.mark.parametrize("name", ["L99a1", "5_99", "hopf", "", "../L6a4", "L6a4\n", "K0a1"])
    def test_no_such_name(self, name: str) -> None:
        with pytest.raises(SpecError, match="give one like 5_2, 8\\^3_2, K7a1 or L6a4"):
            link_named(name)


@pytest.mark.parametrize("module", ["snappy", "spherogram"])
def test_without_the_extra(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    for ask in (lambda: link_named("L6a4"), lambda: invariants(link_polygons("hopf", 20))):
        with pytest.raises(
            DependencyError, match=f"need {module}, .*pip install .*neural-topology\\[links\\]"
        ):
            ask()
