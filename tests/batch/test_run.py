"""Jobs on the processes of this machine: all are done, whatever happens to some, and nothing is left."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import cast

import pytest

from batch.job import Job
from batch.perform import perform
from tests.batch.batch_scenes import film, shown, training, write_scenes
from tests.batch.dask_processes import LONG, ROOT, is_running, wait_until
from tests.batch.running import run_all
from topo_core.errors import SpecError, TopoError
from topo_core.experiments import Experiment


@pytest.fixture
def file(studio: Path) -> Path:
    return write_scenes(studio / "mine")


def open_after_a_kill(gate: Path, victims: list[int]) -> threading.Thread:
    """Kill the process that first plays the scene that waits, then let the scene go on."""

    def kill() -> None:
        wait_until(lambda: list(gate.iterdir()), "a worker plays the scene")
        victims.append(int(next(gate.iterdir()).name))
        os.kill(victims[0], signal.SIGKILL)
        (gate / "open").touch()

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


@pytest.mark.slow
def test_everything_that_can_be_done_is(file: Path, tmp_path: Path) -> None:
    kept = training("kept", seed=1)
    (tmp_path / "kept.npz").write_bytes(perform(kept, {}).files["kept.npz"])
    need = training("a/new")
    failing = Job("failing", "train", None)
    jobs = [
        shown(file, need, "a/first"),
        shown(file, failing, "never"),
        need,
        failing,
        shown(file, kept, "second"),
        film(file, "Messy"),
        film(file, "Sections", split=True),
    ]
    ran = run_all(jobs, traces={"kept": tmp_path / "kept.npz"})
    assert set(ran.errors) == {"never", "failing", "messy"}
    assert ran.errors["never"] == f"its training failed: {ran.errors['failing']}"
    assert list(ran.outcomes).index("a/new") < list(ran.outcomes).index("a/first")
    traces = {
        "a/new": ran.outcomes["a/new"].files["a/new.npz"],
        "kept": (tmp_path / "kept.npz").read_bytes(),
    }
    here = [perform(job, traces) for job in jobs if job.name not in ran.errors]
    assert ran.files() == {name: data for outcome in here for name, data in outcome.files.items()}


@pytest.mark.slow
def test_killed_processes_are_replaced(file: Path) -> None:
    victims: list[int] = []
    killer = open_after_a_kill(file.parent / "gate", victims)
    ran = run_all([film(file, "Waits"), film(file, "Random")], workers=1)
    killer.join()
    assert ran.errors == {}
    assert ran.lines == ["a worker process was killed by signal 9; another one does what it was doing"]
    assert len(list((file.parent / "gate").iterdir())) == 3  # it was played twice


class Deadly:
    """In the place of an experiment: whoever asks for its name is killed."""

    @property
    def name(self) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


@pytest.mark.slow
def test_a_job_that_brings_down_its_process_stops_no_other(file: Path) -> None:
    killing = Job("kills", "train", cast(Experiment, Deadly()))
    ran = run_all([killing, film(file, "Random")], workers=1)
    assert set(ran.errors) == {"kills"}
    assert ran.errors["kills"].startswith("4 workers were killed while they did it")


def test_processes_that_cannot_begin_end_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batch.local_workers._PROGRAM", "raise SystemExit(3)")
    monkeypatch.setattr("batch.work._LOOK", 0.05)
    with pytest.raises(TopoError, match=r"end as soon as they begin .*exit code 3.*render.py doctor"):
        run_all([film(file, "Random")], workers=1)


def test_what_is_needed_must_be_there(file: Path) -> None:
    with pytest.raises(SpecError, match="shown: needs the training trained, which is not among the jobs"):
        run_all([shown(file, training())])
    run_all([])


#: As a user's script: without ``if __name__ == "__main__"``.
SCRIPT = """
import sys
from pathlib import Path
from batch.run import run
from tests.batch.batch_scenes import film

jobs = [film(Path(sys.argv[1]), "Waits", name) for name in ("one", "two")]
run(jobs, scheduler=None, workers=2, done=lambda job, outcome: None, report=print)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_when_it_is_stopped_nothing_is_left(file: Path, tmp_path: Path, how: signal.Signals) -> None:
    script, temporary, gate = tmp_path / "script.py", tmp_path / "temporary", file.parent / "gate"
    script.write_text(SCRIPT)
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(script), str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: len(list(gate.iterdir())) == 2, "both workers play their scene")
        workers = [int(path.name) for path in gate.iterdir()]
        process.send_signal(how)
        written, errors = process.communicate(timeout=LONG)
    finally:
        process.kill()
        (gate / "open").touch()
    assert written == ""
    if how == signal.SIGINT:
        assert errors.strip().endswith("KeyboardInterrupt")
        assert errors.count("Traceback") == 1
        assert not [pid for pid in workers if is_running(pid)]
    wait_until(lambda: not [pid for pid in workers if is_running(pid)], "the workers end")
    wait_until(lambda: not list(temporary.iterdir()), "the temporary files are removed")
