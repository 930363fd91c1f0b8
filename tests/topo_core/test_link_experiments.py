"""Experiments for links: by name, from the tables, from files; what was trained of three components."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.topo_core.links.test_files import PAIR
from topo_core.datasets import NamedLink, PolygonalLink
from topo_core.errors import DataError, SpecError, TopoError, UnknownNameError
from topo_core.experiments import experiment_for
from topo_core.handmade import handmade
from topo_core.measures import measures
from topo_core.summary import metrics
from topo_core.trace import Trace
from topo_core.training import train


class TestTargets:
    def test_by_name(self) -> None:
        found = experiment_for("links/torus-2-8", tube=0.1)
        assert found.dataset == NamedLink(link="torus-2-8", tube_radius=0.1)
        assert (found.name, str(found.network)) == ("link-torus-2-8", "3-4-4")
        assert str(experiment_for("links/hopf", "3-3").network) == "3-3"

    def test_from_the_tables(self) -> None:
        found = experiment_for("links/8^3_2")
        assert isinstance(found.dataset, PolygonalLink)
        assert found.name == "link-8-3_2"
        assert found.dataset.n_classes == 3
        assert found.dataset.bounds.max() == pytest.approx(2)

    def test_from_files(self, tmp_path: Path) -> None:
        path = tmp_path / "two.json"
        path.write_text(json.dumps([{"comps": PAIR}, {"name": "The/second", "comps": PAIR}]))
        assert experiment_for(f"{path}#1").name == "link-two-1"
        assert experiment_for(f"{path}#2").name == "link-The-second"
        rows = [f"{k},{x},{y},{z}" for k, part in enumerate(PAIR) for x, y, z in part]
        (tmp_path / "mine.csv").write_text("\n".join(["component,x,y,z", *rows]))
        assert experiment_for(str(tmp_path / "mine.csv")).dataset.n_classes == 2

    @pytest.mark.parametrize(
        ("target", "kind", "complaint"),
        [
            ("links/hopff", UnknownNameError, "no link is called 'hopff'; did you mean hopf"),
            ("links/L99a1", SpecError, "SnapPy's tables have no link L99a1"),
            ("links/5_2", SpecError, "links/5_2 is a knot"),
            ("link/hopf", UnknownNameError, "did you mean links/hopf"),
            ("none.json", DataError, "none.json: no such file"),
        ],
    )
    def test_what_is_none(self, target: str, kind: type[TopoError], complaint: str) -> None:
        with pytest.raises(kind, match=complaint):
            experiment_for(target)

    def test_tubes_are_for_links(self) -> None:
        with pytest.raises(SpecError, match="spirals is no link"):
            experiment_for("spirals", tube=0.1)


class TestThreeComponents:
    def test_every_pair_is_followed(self) -> None:
        trace = handmade(
            [([[0.5, 0, 0], [0, 0.4, 0], [0, 0.2, 0.5]], [0.0, 0, 0])],
            "tanh",
            dataset=NamedLink(link="borromean"),
        )
        found = measures(trace)
        assert found["linking_pairs"] == {"A B": [0, 0], "A C": [0, 0], "B C": [0, 0]}
        assert 0 < found["smallest_distance"] < 1
        assert "linking" not in found
        rows = dict(metrics(replace(trace, outcome=found)))
        assert rows["linking number of A C, by layer"] in ("0, 0", "0 everywhere")

    @pytest.mark.slow
    def test_it_trains_and_loads(self, tmp_path: Path) -> None:
        chosen = experiment_for("links/borromean", "3-4").with_options(restarts=1)
        trace = train(replace(chosen, recipe=replace(chosen.recipe, steps=10, snapshots=2)))
        trace.save(tmp_path / "trace.npz")
        again = Trace.load(tmp_path / "trace.npz")
        assert again.dataset == chosen.dataset
        assert again.n_classes == 3
