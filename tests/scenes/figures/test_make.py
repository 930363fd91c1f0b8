"""Figures as files: formats, bytes, colours, sizes of text, and traces that are given."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from scenes.figures.make import default_stem, make_figure
from scenes.figures.options import FORMATS, FigureOptions
from scenes.kit.theme import GREYSCALE, LIGHT
from tests.scenes.figures.documents import rasterised
from tests.scenes.figures.made_traces import pretend_trained
from tests.scenes.pictures import load_picture, looks
from tests.topo_core.example_traces import example_trace
from topo_core.errors import SpecError, TopoError, UnknownNameError
from topo_core.experiments import experiment_named

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _traces() -> None:
    pretend_trained(experiment_named("curves"), experiment_named("spirals"))


def made(target: str, path: Path, **options: object) -> Path:
    make_figure(target, FigureOptions(**options), [path])  # type: ignore[arg-type]
    return path


class TestFiles:
    def test_all_formats_at_once_and_the_same_again(self, tmp_path: Path) -> None:
        names = [f"simple2-1.{ending}" for ending in FORMATS]
        options = FigureOptions(dpi=72)
        first = make_figure("simple2-1", options, [tmp_path / "a" / name for name in names])
        made("grid-vec", tmp_path / "other.svg")  # numbers its parts further on
        second = make_figure("simple2-1", options, [tmp_path / "b" / name for name in names])
        assert first.size == second.size
        assert first.size[0] == pytest.approx(2.6 * 72)
        for one, other in zip(first.paths, second.paths, strict=True):
            assert one.read_bytes() == other.read_bytes()
        root = ET.parse(first.paths[1]).getroot()
        assert len(list(root.iter(f"{SVG}path"))) > 20
        assert not list(root.iter(f"{SVG}image"))

    def test_eps_is_made_of_lines_too(self, tmp_path: Path) -> None:
        content = made("simple2-0", tmp_path / "figure.eps").read_bytes()
        assert b"%%BoundingBox: " in content
        assert b"CreationDate" not in content
        assert b"/ImageType" not in content

    def test_width_and_background(self, tmp_path: Path) -> None:
        path = made("simple2-data", tmp_path / "a.png", width="144pt", dpi=100, theme="dark")
        assert load_picture(path).shape[1] == 200
        clear, opaque = (
            made("simple2-data", tmp_path / f"{k}.pdf", theme="dark", transparent=not k) for k in (0, 1)
        )
        assert rasterised(clear, 100, 100)[0, 0].tolist() == [255, 255, 255]
        assert rasterised(opaque, 100, 100)[0, 0].mean() < 30

    def test_colours(self, tmp_path: Path) -> None:
        for theme, options in ((LIGHT, {}), (GREYSCALE, {"greyscale": True})):
            image = load_picture(made("simple2-data", tmp_path / "a.png", dpi=100, **options))
            for label in (0, 1):
                assert looks(image, theme.class_colour(label)).sum() > 100

    def test_where_files_go(self, scratch_folder: Path) -> None:
        folder = scratch_folder / "figures"
        assert default_stem("spirals-separate", FigureOptions(at="layer:2/0.5")) == (
            folder / "spirals-separate-layer-2-0.5"
        )
        assert default_stem("a/my.py:Mine", FigureOptions(greyscale=True)) == folder / "Mine-grey"
        stem = default_stem("filmstrip", FigureOptions(), {"experiment": "../annulus", "instants": 6})
        assert stem == folder / "filmstrip-experiment-..-annulus-instants-6"


class TestTextSizes:
    def test_text_is_as_large_as_asked_for(self, tmp_path: Path) -> None:
        """Numbers of the axes are 31/32 of labels, and their figures 0.65 of that high."""
        heights = []
        for size in (8.0, 16.0):
            path = made("topology-1d", tmp_path / f"{size}.png", font_size=size, width="4in", dpi=144)
            rows = np.flatnonzero((load_picture(path).mean(axis=2) < 250).any(axis=1))
            heights.append(rows[-1] - rows[0])
        assert heights[1] / heights[0] == pytest.approx(2, rel=0.1)

    def test_axes_are_never_below_six_points(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match=r"text of axes would be 5.8 pt high.* use 6.2 or more"):
            made("simple2-1", tmp_path / "a.pdf", font_size=6.0)
        made("simple2-1", tmp_path / "a.pdf", font_size=6.2)

    def test_no_room_for_it(self, tmp_path: Path) -> None:
        with pytest.raises(SpecError, match=r"has no room|have no room|overlaps"):
            made("filmstrip", tmp_path / "a.pdf", font_size=30.0, width="1in")
        with pytest.raises(SpecError, match=r"overlaps|no room"):
            made("simple2-data", tmp_path / "a.pdf", font_size=20.0, width="1.2in")
        assert not list(tmp_path.iterdir())


class TestTargets:
    def test_a_figure_of_the_users_own(self, tmp_path: Path) -> None:
        (tmp_path / "plots.py").write_text(
            '"""Figures of a paper."""\n'
            "from dataclasses import dataclass\n"
            "from scenes.figures.page import Figure, Page\n"
            "@dataclass(frozen=True)\n"
            "class Mine(Figure):\n"
            '    """Two words."""\n'
            '    word: str = "one"\n'
            "    def draw(self, page: Page) -> None:\n"
            "        page.write(self.word, 1.0, -0.5)\n"
            "        page.reach(-1.0)\n"
            "class Needy(Mine):\n"
            "    def __init__(self, more): ...\n"
            "class Empty(Mine):\n"
            "    def draw(self, page): pass\n"
            "class Broken(Mine):\n"
            "    def draw(self, page): page.nothing()\n"
            "SHORT = Mine('short')\n"
        )
        target = f"{tmp_path / 'plots.py'}:Mine"
        plain = made(target, tmp_path / "a.svg").read_bytes()
        make_figure(target, FigureOptions(), [tmp_path / "b.svg"], fields={"word": "two"})
        assert (tmp_path / "b.svg").read_bytes() != plain
        with pytest.raises(TopoError, match="give every field of a figure a default"):
            made(f"{tmp_path / 'plots.py'}:Needy", tmp_path / "c.svg")
        with pytest.raises(TopoError, match=r"plots.py:16: AttributeError: .*nothing"):
            made(f"{tmp_path / 'plots.py'}:Broken", tmp_path / "c.svg")
        with pytest.raises(SpecError, match="Empty: nothing is on its page"):
            made(f"{tmp_path / 'plots.py'}:Empty", tmp_path / "c.svg")
        with pytest.raises(
            UnknownNameError, match=r"no figure in .*plots.py is called 'Short'; did you mean SHORT"
        ):
            made(f"{tmp_path / 'plots.py'}:Short", tmp_path / "c.svg")
        with pytest.raises(
            TopoError, match=r"several figures; choose one: .*plots.py:Mine \(Mine, Needy, Empty, Broken"
        ):
            made(f"{tmp_path / 'plots.py'}", tmp_path / "c.svg")
        made(f"{tmp_path / 'plots.py'}:SHORT", tmp_path / "c.svg")

    @pytest.mark.parametrize("kind", ["ThreeDScene", "ZoomedScene"])
    def test_a_scene_that_is_not_seen_straight_on(self, kind: str, tmp_path: Path) -> None:
        (tmp_path / "plain.py").write_text(
            f"from manim import *\nclass Mine({kind}):\n    def construct(self): self.add(Square())\n"
        )
        with pytest.raises(SpecError, match=r"Mine: Manim's (ThreeDCamera|MultiCamera) has no vectors"):
            made(f"{tmp_path / 'plain.py'}:Mine", tmp_path / "a.pdf")

    def test_colours_of_plain_manim_are_not_made_grey(self, tmp_path: Path) -> None:
        (tmp_path / "plain.py").write_text("from manim import *\nclass Mine(Scene): pass\n")
        with pytest.raises(SpecError, match="--greyscale: Mine is no TraceScene and has its own colours"):
            made(f"{tmp_path / 'plain.py'}:Mine", tmp_path / "a.pdf", greyscale=True)

    def test_a_scene_that_ends_python(self, tmp_path: Path) -> None:
        (tmp_path / "plain.py").write_text(
            "from manim import *\nclass Mine(Scene):\n    def construct(self): raise SystemExit(0)\n"
        )
        with pytest.raises(TopoError, match=r"plain\.py:3: SystemExit: 0"):
            made(f"{tmp_path / 'plain.py'}:Mine", tmp_path / "a.pdf")

    def test_a_given_trace(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.npz"
        example_trace("2-2-2-2").save(path)
        make_figure("layers", FigureOptions(), [tmp_path / "a.pdf"], trace=path)
        for name in ("seeds", "grid-vec"):
            with pytest.raises(SpecError, match="does not show one trained network"):
                make_figure(name, FigureOptions(), [tmp_path / "b.pdf"], trace=path)

    def test_what_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownNameError, match="did you mean filmstrip"):
            made("filmstripe", tmp_path / "a.pdf")
        with pytest.raises(SpecError, match="is a figure, not a scene"):
            made("filmstrip", tmp_path / "a.pdf", at="2s")
        with pytest.raises(SpecError, match="is a scene and has no fields"):
            make_figure("spirals-separate", FigureOptions(), [], fields={"a": 1})
