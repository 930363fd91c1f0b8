"""Playing a scene: under the settings of its video, and as if nothing had been when it is over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from manim import Scene, Square, VMobject, config
from threadpoolctl import threadpool_info, threadpool_limits

from scenes.kit import TraceScene
from scenes.output.play import play_scene
from scenes.output.renderers import FilmRenderer
from scenes.output.settings import Settings
from topo_core.errors import TopoError

pytestmark = pytest.mark.usefixtures("studio")


class Plain(Scene):
    def construct(self) -> None:
        self.add(Square())
        self.wait(0.2)


class Noting(TraceScene):
    """Notes the settings that hold while it plays."""

    def construct(self) -> None:
        self.width, self.threads = config.pixel_width, blas_threads()
        self.wait(0.2)


class Failing(TraceScene):
    def construct(self) -> None:
        raise RuntimeError("on purpose")


def blas_threads() -> set[int]:
    """How many threads the libraries for linear algebra use."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def played(scene: type[Scene], trace: Path | None = None, **settings: Any) -> Any:
    return play_scene(
        scene, lambda: FilmRenderer(lambda frame, count: None), Settings("l", 5, **settings), trace
    )


def test_a_plain_scene_shows_no_trace() -> None:
    with pytest.raises(TopoError, match="--trace: Plain is not a TraceScene"):
        played(Plain, Path("x.npz"))


def test_the_settings_hold_while_it_plays() -> None:
    assert played(Noting).width == 848


def test_linear_algebra_has_one_thread_while_it_plays() -> None:
    with threadpool_limits(2, "blas"):
        assert played(Noting).threads == {1}
        assert blas_threads() == {2}


class TestManimIsLeftAsItWas:
    @pytest.fixture(autouse=True)
    def _settings_come_back(self) -> Iterator[None]:
        before = dict(config), blas_threads()
        yield
        assert (dict(config), blas_threads()) == before
        assert VMobject().get_color().to_hex().upper() == "#FFFFFF"

    def test_after_a_scene(self) -> None:
        played(Noting, theme="light")

    def test_after_an_error(self) -> None:
        with pytest.raises(TopoError, match=r"test_play\.py:\d+: RuntimeError: on purpose"):
            played(Failing, theme="light")
