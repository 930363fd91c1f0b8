"""``batch`` as a process: killed or stopped in the middle, it goes on where it was."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import RENDER, Interrupted, environment, files_in, render

pytestmark = pytest.mark.slow

SCENES = '''
import time
from pathlib import Path

from manim import Circle, Scene

HERE = Path(__file__).parent


class Quick(Scene):
    """A circle."""

    def construct(self):
        (HERE / "played").open("a").write("quick ")
        self.add(Circle())
        self.wait(0.4)


class Slow(Quick):
    """A circle that waits until it may go on."""

    def construct(self):
        (HERE / "played").open("a").write("slow ")
        while not (HERE / "go").exists():
            time.sleep(0.05)
        self.add(Circle())
        self.wait(0.4)
'''
MANIFEST = """
defaults = { quality = "l", fps = 5 }
job = [{ scene = ["scenes.py:Quick", "scenes.py:Slow"], name = "{scene}" }]
"""
BATCH = "batch", "sweep.toml", "-o", "out", "--jobs", "1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scenes.py").write_text(SCENES)
    (tmp_path / "sweep.toml").write_text(MANIFEST)
    return tmp_path


def played(folder: Path) -> list[str]:
    path = folder / "played"
    return path.read_text().split() if path.exists() else []


def begun(folder: Path) -> bool:
    """The first video is done and the second one under way."""
    return len(list(folder.glob("out/.batch/jobs/*.json"))) == 1 and "slow" in played(folder)


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_killed_it_goes_on_where_it_was(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(RENDER), *BATCH],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: begun(folder))
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert "Slow.mp4" not in files_in(folder / "out")
    first = (folder / "out/Quick.mp4").stat().st_mtime_ns
    (folder / "go").touch()
    run = render(*BATCH, "--resume", cwd=folder)
    assert run.returncode == 0, run.stderr
    assert "2 jobs: 1 done, 1 were done already" in run.stdout
    assert (folder / "out/Quick.mp4").stat().st_mtime_ns == first
    assert played(folder).count("quick") == 1
    assert {name for name in files_in(folder / "out") if not name.startswith(".batch/jobs/")} == {
        *("Quick.mp4", "Slow.mp4", "report.json", "metrics.csv", "index.html", ".batch/lock")
    }


def test_stopped_on_a_terminal_it_still_reports(folder: Path) -> None:
    stopped = Interrupted(*BATCH, cwd=folder, ready=lambda shown: begun(folder) and "1 of 2 jobs" in shown)
    assert stopped.code == 1
    assert "Traceback" not in stopped.shown
    report = json.loads((folder / "out/report.json").read_text())
    assert [job["state"] for job in report["jobs"]] == ["done", "missing"]
    assert "1 of 2 jobs done, 1 not begun or interrupted" in (folder / "out/index.html").read_text()
    assert not [name for name in files_in(folder / "out") if "Slow" in name or "new/" in name]
