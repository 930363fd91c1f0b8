"""A scheduler that runs already, with workers in separate folders: checked, killed, and the same bytes."""

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from batch.cluster import scheduler_address
from batch.dask_import import distributed
from batch.perform import perform
from batch.worker_check import Facts, facts, may_need_opengl, what_differs
from tests.batch.batch_scenes import film, shown, training, write_scenes
from tests.batch.dask_processes import DaskProcesses, dask_processes, free_port, wait_until
from tests.batch.running import run_all
from topo_core import __version__
from topo_core.errors import SpecError, TopoError

#: Run by ``dask worker --preload``: it is as if another version were installed there.
OTHER_VERSION = "import topo_core\ntopo_core.__version__ = '0.0.9'\n"
#: Libraries for OpenGL are looked for where there are none.
NO_OPENGL = {"__EGL_VENDOR_LIBRARY_DIRS": "/nonexistent"}


@pytest.fixture
def file(studio: Path) -> Path:
    return write_scenes(studio / "mine")


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskProcesses]:
    with dask_processes(tmp_path / "cluster") as made:
        yield made


@pytest.mark.slow
def test_workers_are_checked_and_make_the_bytes_of_one_process(dask: DaskProcesses, file: Path) -> None:
    preload = dask.folder / "other.py"
    preload.write_text(OTHER_VERSION)
    dask.worker("good")
    dask.worker("no-opengl", **NO_OPENGL)
    dask.worker("other-version", "--preload", str(preload))
    dask.wait_for_workers(3)
    need = training()
    jobs = [
        need,
        shown(file, need, "a/shown"),
        film(file, "Sections", "split", split=True),
        film(file, "Space"),
        film(file, "Messy"),
        film(file, "Random"),
    ]
    ran = run_all(jobs, dask.address)
    assert list(ran.errors) == ["messy"], (ran, dask.logs())
    trace = {need.name: ran.outcomes[need.name].files["trained.npz"]}
    here = [perform(job, trace) for job in jobs if job.name != "messy"]
    assert ran.files() == {name: data for outcome in here for name, data in outcome.files.items()}
    assert ran.outcomes["split"].metrics["parts"] > 1

    other = [line for line in ran.lines if "version" in line]
    assert len(other) == 1
    wrong = f"has version 0.0.9, this is {__version__}; install the same version there; it gets no jobs"
    assert re.fullmatch(rf"worker (tcp://127\.0\.0\.1:\d+): {re.escape(wrong)}", other[0])
    lacking = [line for line in ran.lines if "OpenGL" in line]
    assert len(lacking) == 1
    assert "libegl1" in lacking[0]
    address = lacking[0].split(": ")[0].removeprefix("worker ")
    workers = {outcome.worker for outcome in ran.outcomes.values()}
    assert other[0].split(": ")[0].removeprefix("worker ") not in workers
    assert ran.outcomes["space"].worker != address


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(dask: DaskProcesses, file: Path) -> None:
    victims = {process.pid: process for process in (dask.worker("one"), dask.worker("two"))}
    dask.wait_for_workers(2)
    gate = file.parent / "gate"

    def kill() -> None:
        wait_until(lambda: list(gate.iterdir()), "a worker plays the scene")
        os.kill(int(next(gate.iterdir()).name), signal.SIGKILL)
        (gate / "open").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    need = training()
    ran = run_all([need, film(file, "Waits"), shown(file, need), film(file, "Random")], dask.address)
    killer.join()
    assert ran.errors == {}, dask.logs()
    assert sum(process.poll() is not None for process in victims.values()) == 1
    assert [line for line in ran.lines if "is gone" in line]
    played = {int(path.name) for path in gate.iterdir() if path.name != "open"}
    assert played == set(victims)


@pytest.mark.slow
def test_without_a_fit_worker_jobs_fail_and_say_why(dask: DaskProcesses, file: Path) -> None:
    ran = run_all([film(file, "Random")], dask.address, patience=0.5)
    assert "there was no worker for" in ran.errors["random"]
    assert ran.lines == [f"{dask.address}: has no workers now; waiting for some"]
    preload = dask.folder / "other.py"
    preload.write_text(OTHER_VERSION)
    dask.worker("other-version", "--preload", str(preload))
    dask.wait_for_workers(1)
    need = training()
    ran = run_all([need, shown(file, need)], dask.address)
    assert "has version 0.0.9" in ran.errors["trained"]
    assert set(ran.errors) == {"trained", "shown"}


@pytest.mark.parametrize(
    "text",
    ["", "host:8786", "tcp://host", "tcp://host:0", "tcp://host:99999", "http://host:1", "tcp://a b:1"],
)
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(SpecError, match=r"--scheduler .*give the address"):
        scheduler_address(text)


@pytest.mark.parametrize("text", ["tcp://127.0.0.1:8786", "tls://node-3.lab:1", "tcp://[::1]:8786"])
def test_addresses(text: str) -> None:
    assert scheduler_address(text) == text


def test_a_scheduler_that_is_not_there(file: Path) -> None:
    with pytest.raises(TopoError, match="no Dask scheduler answers there") as caught:
        run_all([film(file, "Random")], f"tcp://127.0.0.1:{free_port()}")
    assert "\n" not in str(caught.value)


def test_snappy_is_still_snappy_when_dask_is_imported() -> None:
    snappy = pytest.importorskip("snappy")
    assert hasattr(distributed(), "LocalCluster")
    assert sys.modules["snappy"] is snappy
    assert hasattr(snappy, "Manifold")


class TestFacts:
    def test_the_same_process_does_not_differ(self) -> None:
        assert what_differs(facts(), facts()) == ""

    def test_every_difference_is_said_with_what_to_do(self) -> None:
        here = Facts("1.0", "a", "3.11", (("numpy", "2.4"), ("torch", "2.13")))
        assert what_differs(Facts("1.0", "b", "3.11", here.packages), here).startswith("has another source")
        there = Facts("0.9", "b", "3.12", (("numpy", "2.3"), ("torch", "")))
        assert what_differs(there, here) == (
            "has version 0.9, this is 1.0; install the same version there; "
            "runs Python 3.12, this is 3.11; start it with that one; "
            "has numpy 2.3 (here 2.4), torch absent (here 2.13); install there with -c constraints.txt"
        )

    def test_which_scenes_may_need_opengl(self, file: Path) -> None:
        assert may_need_opengl("linked-tori")
        assert may_need_opengl("disc-in-space")
        assert not may_need_opengl("one-layer")
        assert not may_need_opengl("spirals-separate")
        assert may_need_opengl(f"{file}:Space")
