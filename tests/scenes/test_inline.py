"""Figures and videos as values, shown as IPython and Jupyter show them."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from manim import Scene
from PIL import Image

import scenes
from scenes import figure, film, storyboard, video
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

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            *(({"width": "5"}, "--width '5'"), ({"width": 8}, "--width 8: give a text, such as '8.5cm'")),
            *(({"at": 3}, "--at 3: give a text"), ({"font_size": "8"}, "--font-size '8': give a number")),
            *(({"dpi": 99.5}, "--dpi 99.5: give a whole"), ({"trace": 3}, "3: give a trace, or the name")),
            ({"font": 8}, "no option is called 'font'; did you mean font_size?"),
        ],
    )
    def test_options_are_checked(self, options: dict[str, Any], said: str) -> None:
        with pytest.raises(TopoError, match=re.escape(said)):
            figure(Cells(), **options)

    def test_a_class_will_do_and_other_things_will_not(self, studio: Path) -> None:
        assert figure(Cells).svg == figure(Cells()).svg
        for thing in (3, None, object):
            with pytest.raises(SpecError, match="give the name of a figure or scene, a Figure, or a class"):
                figure(thing)  # type: ignore[arg-type]

    def test_several_on_one_page_are_not_confused(self, studio: Path, trace: Trace) -> None:
        """Cairo numbers clips, masks and gradients in each file; a page has one space of names."""
        pages = [shown(figure(Moves, trace=trace, at=at))["image/svg+xml"] for at in ("0s", "end")]
        names = [set(re.findall(r'\bid="([^"]+)"', page)) for page in pages]
        assert all(names)
        assert not names[0] & names[1]
        for own, page in zip(names, pages, strict=True):
            assert set(re.findall(r'(?:url\(#|href="#)([^")]+)', page)) <= own

    def test_as_text_it_is_short(self, studio: Path, trace: Trace) -> None:
        assert len(shown(figure(Moves, trace=trace))["text/plain"]) < 500


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

    def test_the_ending_is_the_format(self, studio: Path, trace: Trace) -> None:
        played = video(Moves, "moves.webm", trace=trace, quality="l", fps=5)
        assert "data:video/webm" in shown(played)["text/html"]
        with pytest.raises(SpecError, match=r"moves.mp4: a video in this format ends in .webm"):
            video(Moves, "moves.mp4", trace=trace, format="webm")

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            *(({"quality": "z"}, "no quality is called 'z'"), ({"fps": "9"}, "--fps 9: choose 1 to 120")),
            *(({"format": "avi"}, "no format is called 'avi'"), ({"output": "a.avi"}, "called 'avi'")),
            ({"qualty": "l"}, "no option is called 'qualty'; did you mean quality?"),
        ],
    )
    def test_options_are_checked(self, options: dict[str, Any], said: str) -> None:
        with pytest.raises(TopoError, match=said):
            video(Moves, **options)

    def test_an_error_in_a_scene_of_the_notebook_is_shown_where_it_is(self, studio: Path) -> None:
        names: dict[str, Any] = {"__name__": "a_cell", "Scene": Scene}
        exec("class Fails(Scene):\n    def construct(self):\n        1 / 0", names)
        with pytest.raises(ZeroDivisionError):
            video(names["Fails"], quality="l")

    def test_what_is_no_scene(self) -> None:
        calls: list[Callable[[], object]] = [
            lambda: video(Cells),  # type: ignore[arg-type]
            lambda: storyboard(Moves),  # type: ignore[arg-type]
            lambda: film(3),  # type: ignore[arg-type]
        ]
        for call in calls:
            with pytest.raises(SpecError, match="give the "):
                call()

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
