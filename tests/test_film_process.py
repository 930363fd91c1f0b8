"""``film`` as a process: what an interruption leaves, how it goes on, and who else ends with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clips import decode
from tests.film_scenes import played, write_program
from tests.processes import Interrupted, environment, files_in

pytestmark = pytest.mark.slow

FILM = "film", "-q", "l", "--fps", "5", "--jobs", "1"

#: For a minute, the scene says at every frame that it is still there.
LONG = """
        def still_here(mobject, dt):
            Path("heartbeat").open("a").write("x")
        box.add_updater(still_here)
        for _ in range(60):
            self.wait(50)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program, with a second scene that would take very long."""
    path = write_program(tmp_path)
    scene = tmp_path / "two.py"
    scene.write_text(scene.read_text().replace("        self.add(box)\n", "        self.add(box)\n" + LONG))
    return path


def heart(folder: Path) -> int:
    beats = folder / "heartbeat"
    return beats.stat().st_size if beats.exists() else 0


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stands_still(folder: Path) -> bool:
    before = heart(folder)
    time.sleep(1.5)
    return heart(folder) == before


def goes_on(program: Path, folder: Path) -> None:
    """Make the long scene short: the film is finished, and the first scene is not played again."""
    scene = folder / "two.py"
    scene.write_text(scene.read_text().replace(LONG, ""))
    result = subprocess.run(
        [sys.executable, str(program), *FILM],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("from the cache") == 1
    assert played(folder)["One"] == 1
    assert decode(folder / "media" / "videos" / "film.mp4").sections == ["1. Scene one", "2. Scene two"]


def unfinished(folder: Path) -> set[str]:
    """Files that are neither whole clips in the cache nor temporary ones that a later run removes."""
    left = files_in(folder / "media")
    return {path for path in left if not path.startswith((".cache/clips/", ".cache/render-"))}


def test_kill_9(program: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(program), *FILM],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: heart(tmp_path) > 3)
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: stands_still(tmp_path), 20)  # the process that rendered ends by itself
    assert unfinished(tmp_path) == set()
    goes_on(program, tmp_path)


def test_terminated(program: Path, tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, str(program), *FILM], cwd=tmp_path, env=environment())
    try:
        wait_until(lambda: heart(tmp_path) > 3)
        os.kill(process.pid, signal.SIGTERM)
        process.wait(20)
    finally:
        process.kill()
        process.wait()
    wait_until(lambda: stands_still(tmp_path), 20)
    assert unfinished(tmp_path) == set()


def test_ctrl_c(program: Path, tmp_path: Path) -> None:
    (tmp_path / "media" / "videos").mkdir(parents=True)
    older = tmp_path / "media" / "videos" / "film.mp4"
    older.write_text("an older film")
    stopped = Interrupted(*FILM, cwd=tmp_path, ready=lambda _: heart(tmp_path) > 3, program=program)
    assert stopped.code == 1, stopped.shown
    assert "Traceback" not in stopped.shown
    assert "Aborted!" in stopped.shown
    assert stopped.seconds < 10
    assert stands_still(tmp_path)
    assert unfinished(tmp_path) == {"videos/film.mp4"}
    assert older.read_text() == "an older film"
    assert [path.name for path in (tmp_path / "media" / ".cache").iterdir()] == ["clips"]
    # One display: the scene under way, and how many are done.
    assert "2. Scene two" in stopped.shown
    assert "1 of 2 scenes" in stopped.shown
    goes_on(program, tmp_path)
