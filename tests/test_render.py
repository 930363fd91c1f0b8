"""The commands beside the rendering ones: what they print, what they write, and how they fail."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from render import main
from scenes.catalogue import SCENES
from tests.commands import fails, run
from tests.processes import files_in
from tests.tiny_scene import tiny_experiment
from tests.topo_core.example_traces import example_trace, trace_fields
from topo_core.certificates import certified
from topo_core.datasets.link_curves import LINK_TITLES
from topo_core.experiments import EXPERIMENTS
from topo_core.store import obtain_trace
from topo_core.studies import STUDIES
from topo_core.trace import Trace

COMMANDS = (
    *("list", "train", "video", "film", "figure", "storyboard", "batch"),
    *("inspect", "verify", "trace", "results", "new", "doctor"),
)


class TestHelp:
    def test_names_every_command(self) -> None:
        shown = run("--help").stdout
        for command in COMMANDS:
            assert f"\n  {command} " in shown

    def test_examples_keep_their_lines(self) -> None:
        shown = run("--help").stdout
        assert "\n    python render.py train spirals\n" in shown
        assert "\\b" not in shown

    @pytest.mark.parametrize("command", COMMANDS)
    def test_of_a_command(self, command: str) -> None:
        assert run(command, "-h").stdout == run(command, "--help").stdout

    def test_version(self) -> None:
        assert run("--version").stdout.startswith("neural-topology, version ")

    def test_unknown_command(self) -> None:
        assert fails(2, "vidoe") == "no command is called 'vidoe'; did you mean video?"


class TestList:
    def test_for_people(self) -> None:
        shown = run("list").stdout
        for name in EXPERIMENTS:
            assert f"\n  {name} " in shown
        for name in LINK_TITLES:
            assert f"\n  links/{name} " in shown
        for number, name in enumerate(SCENES, 1):
            assert f"\n  {number:2}  {name} " in shown

    def test_json(self) -> None:
        listed = json.loads(run("list", "--json").stdout)
        assert set(listed) == {
            *("experiments", "links", "studies", "scenes", "scenes_for_any_trace", "figures"),
        }
        assert [study["name"] for study in listed["studies"]] == list(STUDIES)
        assert [link["name"] for link in listed["links"]] == [f"links/{name}" for name in LINK_TITLES]
        assert [e["name"] for e in listed["experiments"]] == list(EXPERIMENTS)
        assert [s["name"] for s in listed["scenes"]] == list(SCENES)
        assert [s["number"] for s in listed["scenes"]] == list(range(1, len(SCENES) + 1))
        for experiment in listed["experiments"]:
            assert set(experiment) == {"name", "title", "network", "dataset", "claim"}
            assert set(experiment["dataset"]) == {"name", "params"}
            assert experiment["title"]
            assert experiment["claim"]
        for scene in listed["scenes"]:
            assert set(scene) == {
                *("number", "name", "title", "about"),
                *("module", "class_name", "experiments"),
            }
            assert set(scene["experiments"]) <= set(EXPERIMENTS)


class TestTrain:
    TINY = ("train", "tiny", "--seed", "3", "--restarts", "1")

    @pytest.fixture(autouse=True)
    def _tiny(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An experiment that takes no time."""
        monkeypatch.setitem(EXPERIMENTS, "tiny", tiny_experiment())

    def test_json(self, studio: Path) -> None:
        known = json.loads(run(*self.TINY, "--json").stdout)
        assert set(known) == {
            *("experiment", "seed", "network", "dataset", "hash", "snapshots"),
            *("outcome", "layers", "claims", "versions", "path"),
        }
        assert (known["experiment"], known["seed"], known["network"]) == ("tiny", 3, "2-2")
        assert known["outcome"]["restarts"] == 1
        assert not known["outcome"]["separated"]  # after 20 steps
        trace = Trace.load(known["path"])
        assert trace.hash == known["hash"]
        assert files_in(studio) == {known["path"]}

    def test_the_same_request_is_trained_once(self, studio: Path) -> None:
        shown = run(*self.TINY).stdout
        assert shown.startswith("Not separated: ")
        (path,) = files_in(studio)
        assert f"Trace: {path}" in shown
        before = (studio / path).stat().st_mtime_ns
        run(*self.TINY)
        assert (studio / path).stat().st_mtime_ns == before
        run("train", "tiny", "--seed", "4", "--restarts", "1")
        assert len(files_in(studio)) == 2

    def test_output(self, studio: Path) -> None:
        shown = run(*self.TINY, "-o", "results/mine.npz").stdout
        assert "Trace: results/mine.npz" in shown
        assert Trace.load("results/mine.npz").provenance["seed"] == 3
        assert files_in(studio / "results") == {"mine.npz"}

    def test_own_points(self, studio: Path) -> None:
        rng = np.random.default_rng(0)
        rows = [f"{x + 3 * k},{y},{'ab'[k]}" for k in (0, 1) for x, y in rng.normal(0, 0.3, (8, 2))]
        Path("my points.csv").write_text("x,y,label\n" + "\n".join(rows) + "\n")
        known = json.loads(
            run("train", "my points.csv", "--network", "2", "--restarts", "1", "--json").stdout
        )
        assert known["experiment"] == "my-points"
        assert known["dataset"]["params"] == {"source": "my points", "class_names": ["a", "b"]}
        assert known["outcome"]["separated"]

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            ("x,y,label\n1,2,a\n1,2\n", "line 3"),
            ("x,y,label\n1,nan,a\n1,2,b\n", "line 2"),
            ("x,y,label\n1,2,a\n1,2,a\n", "all points have the label 'a'"),
            ("", "points.csv"),
            ("\0\0", "points.csv"),
        ],
    )
    def test_bad_points(self, content: str, problem: str, studio: Path) -> None:
        Path("points.csv").write_text(content)
        told = fails(1, "train", "points.csv")
        assert told.startswith("points.csv")
        assert problem in told
        assert files_in(studio) == {"points.csv"}

    def test_bad_links(self, studio: Path) -> None:
        Path("link.json").write_text("[[[0, 0, 0], [1, 0, 0]]]")
        told = fails(1, "train", "link.json")
        assert told == "link.json: component 1: 2 different corners; a closed polygon has at least 3"
        assert fails(1, "train", "links/hopf", "--tube", "1").endswith("where tubes would touch")
        assert files_in(studio) == {"link.json"}

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["anulus"], "no experiment is called 'anulus'; did you mean annulus"),
            (
                ["spirals", "--network", "3-2"],
                "network 3-2 takes 3 inputs, but the points of 'spirals'",
            ),
            (["spirals", "--network", "2-x"], "network '2-x'"),
            (["links/hopff"], "no link is called 'hopff'; did you mean hopf"),
            (["links/hopf", "--network", "2-2"], "network 2-2 takes 2 inputs"),
            (["spirals", "--tube", "0.1"], "spirals is no link"),
            (["links/hopf", "--tube", "-1"], "Invalid value for '--tube'"),
            (["spirals", "--restarts", "0"], "Invalid value for '--restarts'"),
            (["spirals", "--seed", "-1"], "Invalid value for '--seed'"),
            ([], "Missing argument 'EXPERIMENT'"),
        ],
    )
    def test_wrong_usage(self, arguments: list[str], message: str, studio: Path) -> None:
        assert fails(2, "train", *arguments).startswith(message)
        assert files_in(studio) == set()

    def test_an_output_that_says_something_else(self, studio: Path) -> None:
        assert "end its name in .npz" in fails(2, *self.TINY, "-o", "mine.csv")
        assert files_in(studio) == set()

    def test_unwritable_output(self, studio: Path) -> None:
        Path("file").write_text("")
        assert "file" in fails(1, *self.TINY, "-o", "file/mine.npz")


class TestInspect:
    def test_for_people_and_programs(self, tiny_scene: str) -> None:
        path, trace = obtain_trace(tiny_experiment())
        shown = run("inspect", str(path)).stdout
        for part in (str(path), trace.hash, "tiny", "network 2-2", "layer 1   tanh: ", "separate"):
            assert part in shown
        known = json.loads(run("inspect", str(path), "--json").stdout)
        assert known["hash"] == trace.hash
        assert known["outcome"] == trace.outcome
        assert [layer["activation"] for layer in known["layers"]] == ["tanh"]
        assert known["claims"] == trace.certificate["claims"] != []
        assert "  claims    homeomorphism, isotopy, data, accuracy" in shown

    def test_control_characters_do_not_reach_the_terminal(self, studio: Path) -> None:
        fields = {**trace_fields(), "provenance": {"experiment": "\x1b[2J\x07", "seed": "\n"}}
        Trace(**fields).save(Path("odd.npz"))
        shown = run("inspect", "odd.npz").stdout
        assert shown.replace("\n", "").isprintable()

    @pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"\x80\x04\x95\x05\x00\x00\x00."])
    def test_no_trace(self, damage: bytes, studio: Path) -> None:
        Path("bad.npz").write_bytes(damage)
        assert fails(1, "inspect", "bad.npz").startswith("trace bad.npz: ")

    def test_missing_cut_or_altered(self, studio: Path) -> None:
        assert fails(1, "inspect", "gone.npz").startswith("trace gone.npz: there is no such file")
        example_trace().save(Path("whole.npz"))
        content = Path("whole.npz").read_bytes()
        for damaged in (
            content[:-30],
            content[: len(content) // 2],
            content.replace(b"topo-trace", b"topo-trick"),
        ):
            Path("bad.npz").write_bytes(damaged)
            assert fails(1, "inspect", "bad.npz").startswith("trace bad.npz: ")
        assert fails(2, "inspect", ".").startswith("Invalid value for 'TRACE'")

    def test_pickle_is_never_loaded(self, studio: Path) -> None:
        np.savez("pickled.npz", weights=np.array([print], dtype=object))
        assert fails(1, "inspect", "pickled.npz").startswith("trace pickled.npz: ")

    @pytest.mark.parametrize(
        "outcome",
        [{}, {"separated": True}, {"separated": "?", "margin": [], "restarts": {}, "solved_restarts": None}],
    )
    def test_an_outcome_from_elsewhere(self, outcome: dict[str, Any], studio: Path) -> None:
        """A valid trace whose outcome some other program wrote."""
        Trace(**{**trace_fields(), "outcome": outcome}).save(Path("other.npz"))
        assert "2-2-3:relu-2" in run("inspect", "other.npz").stdout
        assert json.loads(run("inspect", "other.npz", "--json").stdout)["outcome"] == outcome


class TestVerify:
    def test_for_people_and_programs(self, tiny_scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
        path, trace = obtain_trace(tiny_experiment())
        shown = run("verify", str(path)).stdout
        claims = trace.certificate["claims"]
        assert shown.startswith(f"{path}: {len(claims)} claims, {len(claims)} proven (")
        assert "Layer 1 is a homeomorphism onto its image: its determinant is positive" in shown
        known = json.loads(run("verify", str(path), "--json").stdout)
        assert known["proven"] is True
        assert known["trace"] == str(path)
        assert [claim["claim"] for claim in known["claims"]] == claims
        assert {claim["verdict"] for claim in known["claims"]} == {"proven"}
        monkeypatch.setitem(EXPERIMENTS, "tiny", tiny_experiment())
        assert run("verify", "tiny").stdout.startswith(f"{path}: ")

    def test_what_is_not_proven(self, studio: Path) -> None:
        trace = certified(example_trace("2-2"))
        claims = [dict(claim) for claim in trace.certificate["claims"]]
        claims[0]["layer"] = 2
        replace(trace, certificate={"claims": claims}).save(Path("edited.npz"))
        done = CliRunner().invoke(main, ["verify", "edited.npz"])
        assert done.exit_code == 1
        assert "refuted" in done.stdout
        assert "its sentence is not what its numbers say" in done.stdout

    def test_a_trace_without_claims(self, studio: Path) -> None:
        example_trace().save(Path("silent.npz"))
        done = CliRunner().invoke(main, ["verify", "silent.npz"])
        assert done.exit_code == 1
        assert done.stdout == (
            "silent.npz: it makes no claims, so nothing is proven. Train it again to have it certified.\n"
        )
        assert not json.loads(CliRunner().invoke(main, ["verify", "silent.npz", "--json"]).stdout)["proven"]

    def test_no_trace(self, studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("bad.npz").write_bytes(b"PK\x03\x04")
        assert fails(1, "verify", "bad.npz").startswith("trace bad.npz: ")
        assert fails(1, "verify", "gone.npz").startswith("trace gone.npz: there is no such file")
        assert fails(2, "verify", ".").startswith("Invalid value for 'TRACE'")
        assert fails(2, "verify", "spiral").startswith("no trace file or experiment is called 'spiral'")
        assert fails(1, "verify", "spirals") == (
            "experiment 'spirals' is not trained yet; do so with: render.py train spirals"
        )


class TestNew:
    def test_writes_a_scene(self, studio: Path) -> None:
        shown = run("new", "my_scene").stdout
        assert "python render.py video my_scene.py:MyScene" in shown
        assert files_in(studio) == {"my_scene.py"}
        assert fails(1, "new", "my_scene").startswith("my_scene.py: exists already")
        assert fails(2, "new", "1st").startswith("'1st': cannot name a scene")


class TestDoctor:
    def test_runs(self) -> None:
        shown = run("doctor").stdout
        checks = json.loads(run("doctor", "--json").stdout)
        assert all(set(check) == {"name", "status", "detail", "remedy"} for check in checks)
        assert all(check["name"] in shown for check in checks)
