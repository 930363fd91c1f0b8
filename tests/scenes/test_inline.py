"""Figures and videos as values, shown as IPython and Jupyter show them."""

import base64
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

import scenes
from scenes import figure, storyboard, video
from scenes.figures.page import Figure, Page
from scenes.kit import TraceScene
from tests.clips import decode
from tests.topo_core.example_traces import example_trace
from topo_core.errors import SpecError, TopoError
from topo_core.trace import Trace


@pytest.fixture
def trace() -> Trace:
    return example_trace("2-2:tanh-2")


class Moves(TraceScene):
    """Whatever it is given moves."""

    any_trace = True

    def construct(self) -> None:
        stage = self.stage(panel=False, points=True)
        self.play(stage.create(run_time=0.2))
        self.play(stage.push_forward(run_time=0.4))


@dataclass(frozen=True)
class Cells(Figure):
    """Some pictures in a row."""

    count: int = 2

    def draw(self, page: Page) -> None:
        for k, cell in enumerate(page.cells(self.count, below=2)):
            page.write(f"number {k}", cell.centre[0], cell.y0 - page.em)


def shown(value: object) -> dict[str, str]:
    """What IPython hands to a notebook, by MIME type."""
    data, _ = DisplayFormatter().format(value)
    return dict(data)


class TestFigure:
    def test_a_notebook_shows_vectors(self, studio: Path) -> None:
        content = shown(figure(Cells(3), width="10cm"))["image/svg+xml"]
        assert re.search(r'<svg [^>]*width="283\.46\d*pt"', content)
        assert "<path" in content
        assert "<image" not in content

    @pytest.mark.parametrize("suffix", ["pdf", "svg", "eps", "png"])
    def test_it_is_saved_in_every_format(self, studio: Path, suffix: str) -> None:
        path = figure(Cells()).save(studio / "paper" / f"cells.{suffix}")
        start = path.read_bytes()[:20]
        assert start.startswith({"pdf": b"%PDF", "svg": b"<?xml", "eps": b"%!PS", "png": b"\x89PNG"}[suffix])

    def test_an_instant_of_a_scene_that_has_no_file(self, studio: Path, trace: Trace) -> None:
        early, late = (figure(Moves, trace=trace, at=at) for at in ("layer:1/0.5", "end"))
        assert early.made.seconds is not None
        assert early.made.seconds < (late.made.seconds or 0)
        assert early.svg != late.svg

    def test_saving_shows_the_same_trace(self, studio: Path, trace: Trace) -> None:
        drawn = figure(Moves, trace=trace)
        assert drawn.save("again.svg").read_text() == drawn.svg

    def test_options_are_checked(self) -> None:
        with pytest.raises(SpecError, match="--width"):
            figure(Cells(), width="5")


class TestVideo:
    def test_a_notebook_plays_the_file_itself(self, studio: Path, trace: Trace) -> None:
        played = video(Moves, trace=trace, quality="l", fps=10)
        content = shown(played)["text/html"]
        source = re.search(r'<video src="data:video/mp4;base64,([^"]+)" controls', content)
        assert source is not None
        assert base64.b64decode(source[1]) == played.path.read_bytes()
        assert played.path.resolve() == studio / "media" / "videos" / "Moves.mp4"
        assert len(decode(played.path).frames) == round(10 * played.seconds) == 6

    def test_a_gif_is_a_picture(self, studio: Path, trace: Trace) -> None:
        played = video(Moves, "moves.gif", trace=trace, quality="l", fps=10, format="gif")
        assert shown(played)["text/html"].startswith('<img src="data:image/gif;base64,')

    def test_a_large_one_is_shown_from_its_file(
        self, studio: Path, trace: Trace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("scenes.inline._LARGEST", 10)
        played = video(Moves, "a & b.mp4", trace=trace, quality="l", fps=10)
        assert 'src="a &amp; b.mp4"' in shown(played)["text/html"]

    def test_a_scene_by_name_comes_from_the_cache(self, tiny_scene: str, studio: Path) -> None:
        first, second = (video(tiny_scene, quality="l", fps=10) for _ in range(2))
        assert first == second  # the second from the cache
        assert (studio / "played").read_text() == "once "


def test_a_storyboard_is_a_picture(tiny_scene: str, studio: Path) -> None:
    sheet = storyboard(tiny_scene)
    assert shown(sheet)["image/png"]
    assert np.asarray(Image.open(sheet.path)).std() > 0


def test_errors_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell.instance()
    shell.run_cell("from scenes import figure\nfigure('filmstrp')")
    InteractiveShell.clear_instance()
    printed = capsys.readouterr()
    assert (
        "Error: no figure or scene is called 'filmstrp'; did you mean filmstrip" in printed.out + printed.err
    )
    assert "Traceback" not in printed.out + printed.err


def test_a_missing_trace_names_the_command(studio: Path) -> None:
    with pytest.raises(TopoError, match=r"python render\.py train spirals"):
        figure("spirals-separate")


def test_nothing_else_is_in_the_package() -> None:
    with pytest.raises(AttributeError, match="no attribute 'films'"):
        _ = scenes.films
