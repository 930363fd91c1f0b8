"""Fixtures of several test files."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiny_scene import tiny_experiment, write_tiny_scene
from topo_core.store import obtain_trace


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working directory, with no settings in the environment.

    What is imported from it is forgotten afterwards, as if every test were a process of its own.
    """
    monkeypatch.chdir(tmp_path)
    for name in ("TOPO_MEDIA", "TOPO_THEME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    forget_modules_in(tmp_path)


@pytest.fixture(scope="session")
def essay_studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One working directory for all tests of the essay's scenes, so that each network is trained once."""
    return tmp_path_factory.mktemp("essay")


@pytest.fixture
def tiny_scene(studio: Path) -> str:
    """A user's scene in the working directory, its network trained: a target for ``video``."""
    obtain_trace(tiny_experiment())
    return write_tiny_scene(studio)


def forget_modules_in(folder: Path) -> None:
    """Take the modules of a folder out of Python's memory."""
    for name, module in list(sys.modules.copy().items()):
        if str(getattr(module, "__file__", None) or "").startswith(str(folder)):
            del sys.modules[name]


def pytest_runtest_teardown() -> None:
    """Give Manim its own background again: a scene that was made and not rendered leaves its theme's."""
    if "manim" in sys.modules:
        manim = sys.modules["manim"]
        manim.config.background_color = manim.BLACK
