"""Without OpenGL there is one clear message, and nothing slower in its place."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import glcontext
import pytest

from scenes.kit.gl.context import _opengl, _threads, draws_space, gl_context, renderer_name
from scenes.output.doctor import report
from tests.processes import RENDER, environment
from topo_core.errors import DependencyError

SCENE = """from scenes.kit import Sphere, TraceScene

class Ball(TraceScene):
    def construct(self):
        space = self.space3d()
        space.add(Sphere(1.0, self.theme.accent))
        self.add(space)
        self.wait(0.2)
"""


def test_the_message_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("eglGetDisplay:\n no display")

    for name in ("get_backend_by_name", "default_backend"):
        monkeypatch.setattr(glcontext, name, fails)
    with pytest.raises(DependencyError) as caught:
        _opengl.__wrapped__()  # as if for the first time
    message = str(caught.value)
    assert "eglGetDisplay: no display" in message
    if sys.platform == "linux":
        assert "libegl1" in message
        assert "libgl1-mesa-dri" in message
    assert "\n" not in message


def test_there_is_one_context() -> None:
    assert gl_context() is gl_context()
    assert draws_space()
    assert gl_context().version_code >= 330


def test_doctor_names_the_renderer_that_draws() -> None:
    check = next(check for check in report() if check.name == "OpenGL")
    assert check.status == "ok"
    assert renderer_name() in check.detail


@pytest.mark.parametrize(("cores", "threads"), [(1, 0), (2, 0), (3, 1), (4, 2), (16, 8)])
def test_llvmpipe_leaves_cores_to_the_encoder(
    cores: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(cores)), raising=False)
    assert _threads() == threads


@pytest.mark.skipif(sys.platform != "linux", reason="llvmpipe is what draws on Linux")
def test_the_number_of_cores_changes_no_pixel(tmp_path: Path) -> None:
    (tmp_path / "ball.py").write_text(SCENE)
    pictures = []
    for threads in ("0", "3"):
        subprocess.run(
            [sys.executable, str(RENDER), "storyboard", "ball.py:Ball"],
            cwd=tmp_path,
            env=environment(LP_NUM_THREADS=threads, TOPO_MEDIA=str(tmp_path / threads)),
            timeout=120,
            check=True,
        )
        pictures.append([path.read_bytes() for path in sorted((tmp_path / threads).rglob("*.png"))])
    assert pictures[0]
    assert pictures[0] == pictures[1]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="takes the drivers away as libglvnd looks for them")
def test_a_scene_on_a_machine_without_drivers(tmp_path: Path) -> None:
    (tmp_path / "ball.py").write_text(SCENE)
    nowhere = {"__EGL_VENDOR_LIBRARY_DIRS": str(tmp_path), "LIBGL_DRIVERS_PATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, str(RENDER), "storyboard", "ball.py:Ball"],
        cwd=tmp_path,
        env=environment(**nowhere),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "3-D surfaces need OpenGL" in run.stderr
    assert "libegl1" in run.stderr.replace("\n", " ")
    assert not list(tmp_path.rglob("*.png"))
    assert os.environ.get("LIBGL_DRIVERS_PATH") != str(tmp_path)
