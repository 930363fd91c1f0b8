"""The store: a request is trained once, and nothing half-written is ever left."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from topo_core import training
from topo_core.certificates import certified
from topo_core.datasets import Spirals
from topo_core.errors import TopoError, TraceError
from topo_core.experiments import Experiment, Recipe, experiment_for
from topo_core.spec import NetworkSpec
from topo_core.store import find_trace, is_ready, locate_trace, media_folder, obtain_trace, trace_path
from topo_core.trace import Trace

ROOT = Path(__file__).parents[2]

QUICK = Experiment(
    "quick", "Quick", Spirals(n_per_class=8), NetworkSpec.parse("2-2"), Recipe(restarts=2, steps=10)
)


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A media folder that does not exist yet."""
    folder = tmp_path / "some" / "media"
    monkeypatch.setenv("TOPO_MEDIA", str(folder))
    return folder


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[Experiment]:
    """Every experiment that is trained from now on."""
    seen: list[Experiment] = []
    train = training.train

    def counted(experiment: Experiment, *args: Any) -> Trace:
        seen.append(experiment)
        return train(experiment, *args)

    monkeypatch.setattr(training, "train", counted)
    return seen


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


class TestLocate:
    @pytest.mark.parametrize("name", ["curves", "links/hopf", "links/torus-2-8"])
    def test_by_every_name_that_can_be_trained(self, media: Path, name: str) -> None:
        with pytest.raises(TraceError, match=f"render.py train {name}$"):
            locate_trace(name)
        path = trace_path(experiment_for(name))
        path.parent.mkdir(parents=True)
        path.touch()
        assert locate_trace(name) == path

    @pytest.mark.parametrize("name", ["curvs", "links/hopff"])
    def test_unknown_names(self, media: Path, name: str) -> None:
        with pytest.raises(TopoError, match=r"hopf|curves"):
            locate_trace(name)

    @pytest.mark.parametrize("name", ["some/where", "curves.npz", "links/hopf.npz", "."])
    def test_all_else_is_a_file(self, media: Path, name: str) -> None:
        assert locate_trace(name) == Path(name)


class TestMediaFolder:
    def test_the_environment_names_it(self, media: Path) -> None:
        assert media_folder() == media
        assert not media.exists()  # asking makes nothing

    @pytest.mark.parametrize("value", [None, ""])
    def test_by_default_it_is_media_where_the_command_runs(
        self, value: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if value is None:
            monkeypatch.delenv("TOPO_MEDIA", raising=False)
        else:
            monkeypatch.setenv("TOPO_MEDIA", value)
        assert media_folder() == Path("media")

    def test_traces_are_named_by_experiment_and_key(self, media: Path) -> None:
        assert trace_path(QUICK) == media / "traces" / f"quick-{QUICK.key}.npz"


class TestObtain:
    def test_it_trains_once(self, media: Path, trainings: list[Experiment]) -> None:
        assert find_trace(QUICK) is None
        path, trace = obtain_trace(QUICK)
        assert path == trace_path(QUICK) == find_trace(QUICK)
        assert files(media) == [path]
        written = path.stat().st_mtime_ns
        assert obtain_trace(QUICK) == (path, trace)
        assert trainings == [QUICK]
        assert path.stat().st_mtime_ns == written
        assert trace.provenance["experiment"] == "quick"

    def test_another_request_is_another_file(self, media: Path, trainings: list[Experiment]) -> None:
        others = [QUICK, QUICK.with_options(seed=1), QUICK.with_options(restarts=1)]
        paths = {obtain_trace(experiment)[0] for experiment in others}
        assert len(paths) == 3
        assert trainings == others
        assert sorted(files(media)) == sorted(paths)

    def test_progress_is_passed_on(self, media: Path) -> None:
        calls: list[tuple[int, int, float]] = []
        obtain_trace(QUICK, lambda *call: calls.append(call))
        assert [done for done, _, _ in calls] == list(range(11))
        obtain_trace(QUICK, lambda *call: pytest.fail("nothing is trained"))

    def test_what_is_obtained_is_what_was_stored(self, media: Path) -> None:
        path, trained = obtain_trace(QUICK)
        assert Trace.load(path) == trained == certified(training.train(QUICK))

    def test_a_certificate_by_another_version_is_made_anew(self, media: Path) -> None:
        path, plain = obtain_trace(QUICK, certify=False)
        assert plain.certificate == {}
        assert not is_ready(QUICK)
        whole = certified(plain)
        assert obtain_trace(QUICK)[1] == whole
        assert is_ready(QUICK)
        replace(plain, certificate={"by": "another", "claims": []}).save(path)
        assert not is_ready(QUICK)
        assert (
            obtain_trace(QUICK, lambda *_: pytest.fail("it is trained anew"))[1] == whole == Trace.load(path)
        )

    def test_a_folder_of_that_name_is_no_trace(self, media: Path) -> None:
        trace_path(QUICK).mkdir(parents=True)
        assert find_trace(QUICK) is None
        with pytest.raises(TraceError, match="cannot be written"):
            obtain_trace(QUICK)

    @pytest.mark.parametrize("damage", ["cut", "emptied", "altered"])
    def test_a_damaged_trace_is_trained_again(
        self, damage: str, media: Path, trainings: list[Experiment]
    ) -> None:
        # "train it again" is what the error about a damaged trace tells the user to do
        path, trace = obtain_trace(QUICK)
        good = path.read_bytes()
        middle = len(good) // 2
        path.write_bytes(
            {
                "cut": good[:-50],
                "emptied": b"",
                "altered": good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :],
            }[damage]
        )
        assert obtain_trace(QUICK) == (path, trace)
        assert path.read_bytes() == good
        assert trainings == [QUICK, QUICK]


class TestInterruption:
    @pytest.mark.parametrize("at", [0, 5, 10])
    def test_while_training(self, at: int, media: Path, trainings: list[Experiment]) -> None:
        def interrupt(done: int, total: int, loss: float) -> None:
            if done == at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            obtain_trace(QUICK, interrupt)
        assert files(media) == []
        assert find_trace(QUICK) is None
        path, _ = obtain_trace(QUICK)
        assert files(media) == [path]
        assert trainings == [QUICK, QUICK]

    @pytest.mark.parametrize("function", ["fsync", "replace"])
    def test_while_writing(self, function: str, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(os, function, interrupt)
            with pytest.raises(KeyboardInterrupt):
                obtain_trace(QUICK)
        assert files(media) == []
        assert obtain_trace(QUICK)[0].is_file()

    def test_by_a_signal_to_the_process(self, media: Path) -> None:
        code = (
            "from topo_core.store import obtain_trace;"
            "from topo_core.experiments import EXPERIMENTS;"
            "obtain_trace(EXPERIMENTS['spirals'], lambda *_: print('step', flush=True))"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "step\n"
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        assert process.returncode != 0
        assert "KeyboardInterrupt" in errors
        assert files(media) == []

    def test_the_trace_that_was_there_stays(self, media: Path) -> None:
        path, _ = obtain_trace(QUICK)
        before = path.read_bytes()

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            obtain_trace(replace(QUICK, seed=1), interrupt)
        assert files(media) == [path]
        assert path.read_bytes() == before
