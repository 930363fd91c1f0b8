"""Scenes for any trace: they play, say what was measured, and fit whatever they are given."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from render import main
from scenes.catalogue import ANY_TRACE, SCENES
from scenes.generic.boundary import DecisionBoundary
from scenes.generic.layers import LayersInMotion
from scenes.generic.training import TrainingFilm
from scenes.listing import as_data
from scenes.output.locate import locate
from scenes.output.look import faults, look
from scenes.output.settings import Settings
from scenes.output.subtitles import too_fast
from tests.scenes.pictures import played
from tests.topo_core.example_traces import example_trace
from topo_core.certificates import certified
from topo_core.datasets import UserPoints
from topo_core.errors import TopoError
from topo_core.trace import Trace

SHOWN = {
    LayersInMotion: "layers-in-motion",
    DecisionBoundary: "decision-boundary",
    TrainingFilm: "training-film",
}
#: A plane, a line, no layer, many dimensions with many classes, layers of flow.
PLAYED = [
    ("2-2", 2, TrainingFilm),
    ("1-2", 2, DecisionBoundary),
    ("2", 2, LayersInMotion),
    ("20-6-3", 7, LayersInMotion),
    ("3-3:flow*9", 3, LayersInMotion),
]


def trace_of(network: str, classes: int = 2) -> Trace:
    dimension = int(network.split("-")[0])
    points = np.random.default_rng(0).standard_normal((21, dimension))
    trace = example_trace(network, 3, dataset=UserPoints(points, np.arange(21) % classes))
    right = int((trace.predict(points) == trace.dataset.labels).sum())
    measured = {"separated": right == 21, "wrong": 21 - right, "dense_points": 21, "margin": None}
    rates = {"accuracy": right / 21, "majority_rate": trace.dataset.majority_rate}
    object.__setattr__(trace, "outcome", {**measured, **rates})
    return trace


class TestCatalogue:
    def test_they_are_listed_and_no_part_of_the_film(self) -> None:
        assert [entry["name"] for entry in as_data()["scenes_for_any_trace"]] == list(SHOWN.values())
        assert not ANY_TRACE.keys() & SCENES.keys()
        assert "training-film" in CliRunner().invoke(main, ["list"]).output

    @pytest.mark.parametrize("scene", SHOWN)
    def test_entries_agree_with_their_classes(self, scene: type[LayersInMotion]) -> None:
        found = locate(SHOWN[scene])
        assert found.scene is scene
        assert found.scene.video_title() == ANY_TRACE[SHOWN[scene]].title

    @pytest.mark.parametrize("scene", SHOWN)
    def test_without_a_trace_they_say_how_to_give_one(self, scene: type[LayersInMotion]) -> None:
        with pytest.raises(TopoError, match="shows any trace: give it one with --trace FILE"):
            played(scene)


@pytest.mark.parametrize(("network", "classes", "scene"), PLAYED)
def test_every_kind_of_network_plays(network: str, classes: int, scene: type[LayersInMotion]) -> None:
    trace = trace_of(network, classes)
    shown = played(scene, trace, width=64, height=36)
    assert all(mark.narration for mark in shown.marks)
    assert not too_fast(shown.marks, float(shown.renderer.time))
    if scene is LayersInMotion and trace.n_layers <= 8:
        assert [m.name for m in shown.marks][1:-2] == [layer.name.capitalize() for layer in trace.layers]


def test_a_film_of_a_training_needs_one() -> None:
    trace = example_trace("2-2", 1)
    with pytest.raises(TopoError, match="needs a trace of several checkpoints"):
        played(TrainingFilm, trace)


def test_what_is_said_follows_the_trace() -> None:
    shown = played(LayersInMotion, trace_of("2-7:relu-4", 3), width=64, height=36)
    said = {mark.name: mark.narration for mark in shown.marks}
    assert said["The data"].startswith("21 points in a plane, of 3 classes.")
    assert said["Layer 1"].endswith("a vector, and relu. It leads from 2 to 7 dimensions.")
    assert "not every point is on its side" in said["The border"]
    assert said["What is proven"] == "Whether every step can be undone is not proven for this trace."


def test_what_is_proven_is_that_of_the_certificate() -> None:
    proven = {
        network: played(LayersInMotion, certified(trace_of(network)), width=64, height=36).marks[-1].narration
        for network in ("2-3:elu", "2-3:gelu")
    }
    assert proven["2-3:elu"].startswith("Every step can be undone")
    assert proven["2-3:gelu"].startswith("Some step cannot be undone")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "theme"),
    [("layers-in-motion", "dark"), ("decision-boundary", "light"), ("training-film", "dark")],
)
def test_they_can_be_read(name: str, theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path / "media"))
    trace_of("8-4-3", 7).save(tmp_path / "t.npz")
    pages, scene = look(name, Settings("l", theme=theme), tmp_path / "t.npz")
    assert len(pages) == len(scene.marks)
    assert [str(fault) for page in pages for fault in faults(page)] == []
