"""The contact sheet: which pictures, where they are, and what becomes of the file."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from scenes.kit.theme import theme_named
from scenes.output.renderers import Still
from scenes.output.settings import Settings
from scenes.output.storyboard import contact_sheet, storyboard
from scenes.output.video import render_video
from tests.clips import decode
from topo_core.errors import TopoError

SCENE = """from manim import RIGHT, Square
from scenes.kit import TraceScene

class Board(TraceScene):
    def construct(self):
        box = Square(2, fill_opacity=1)
        with self.section("Raw data"):
            self.add(box)
            self.wait(1)
        with self.section("Layer 1"):
            self.play(box.animate.shift(RIGHT), run_time=0.6)
            self.wait(0.4)
            self.play(box.animate.shift(RIGHT), run_time=1)
            self.wait(0.2)
"""


@pytest.fixture
def target(studio: Path) -> str:
    (studio / "board.py").write_text(SCENE)
    return "board.py:Board"


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        return np.asarray(image)


def where(sheet: NDArray[np.uint8], colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Left, top, width and height of the pixels of a colour; they fill a rectangle."""
    ys, xs = np.nonzero((sheet == colour).all(axis=2))
    width, height = np.ptp(xs) + 1, np.ptp(ys) + 1
    assert len(xs) == width * height
    return int(xs.min()), int(ys.min()), int(width), int(height)


class TestSheet:
    @pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (3, 3, 1), (7, 3, 3)])
    def test_rows_of_three_whole_pictures(self, count: int, columns: int, rows: int) -> None:
        settings = Settings("l")
        width, height = settings.size
        colours = [(200, 10 * i, 30) for i in range(count)]
        stills = [
            Still(i / 2, "part", False, np.full((height, width, 4), (*colour, 255), np.uint8))
            for i, colour in enumerate(colours)
        ]
        sheet = np.asarray(contact_sheet(stills, settings))
        places = [where(sheet, colour) for colour in colours]
        assert {place[2:] for place in places} == {(width, height)}
        lefts, tops = (sorted({place[k] for place in places}) for k in (0, 1))
        assert (len(lefts), len(tops)) == (columns, rows)
        assert [(lefts.index(x), tops.index(y)) for x, y, _, _ in places] == [
            (i % 3, i // 3) for i in range(count)
        ]
        gap = lefts[0]
        assert sheet.shape[1] == columns * (width + gap) + gap
        assert all(b - a > height + 20 for a, b in pairwise(tops))  # room for captions
        assert sheet.shape[0] - tops[-1] > height + 20

    def test_captions_have_ink_and_mark_the_ends_of_sections(self) -> None:
        settings = Settings("l")
        frame = np.zeros((480, 848, 4), np.uint8)

        def ink(last: bool) -> int:
            stills = [Still(1, "part", last, frame), Still(2, "next", False, frame)]
            sheet = np.asarray(contact_sheet(stills, settings))
            captions = sheet[12 + 480 :, : 12 + 848]
            colour = [int(theme_named("dark").ink[k : k + 2], 16) for k in (1, 3, 5)]
            return int((np.abs(captions.astype(int) - colour).max(axis=2) < 40).sum())

        assert 0 < ink(last=False) < ink(last=True)


class TestFile:
    def test_pictures_times_and_sections(self, target: str) -> None:
        board = storyboard(target, Settings("l"))
        assert board.path == Path("media/storyboards/Board.png")
        assert [still.time for still in board.stills] == pytest.approx([1, 1.6, 2, 3, 3.2])
        assert [still.section for still in board.stills] == ["Raw data", *["Layer 1"] * 4]
        assert [still.last_of_section for still in board.stills[:-1]] == [True, False, False, False]
        sheet = pixels(board.path)
        assert sheet.shape == np.asarray(contact_sheet(list(board.stills), Settings("l"))).shape
        shown = board.stills[1].frame[..., :3]
        assert np.array_equal(sheet[12 : 12 + 480, 2 * 12 + 848 : 2 * (12 + 848)], shown)

    def test_the_video_shows_the_same_at_these_times(self, target: str) -> None:
        board = storyboard(target, Settings("l"))
        clip = decode(render_video(target, Settings("l")).path)
        for still in board.stills:
            frame = clip.frames[min(round(still.time * 15), len(clip.frames) - 1)]
            # What is left is H.264's loss; two neighbouring stills differ by 255 in many pixels.
            assert np.abs(frame.astype(int) - still.frame[..., :3]).max() < 80

    def test_same_bytes_twice(self, target: str) -> None:
        first = storyboard(target, Settings("l"), Path("a.png")).path.read_bytes()
        assert storyboard(target, Settings("l"), Path("b.png")).path.read_bytes() == first

    def test_theme(self, target: str) -> None:
        board = storyboard(target, Settings("l", theme="light"))
        assert board.path == Path("media/storyboards/Board-light.png")
        assert pixels(board.path)[20, 20].tolist() == [255, 255, 255]

    def test_an_error_leaves_no_file(self, studio: Path) -> None:
        (studio / "bad.py").write_text(SCENE.replace("self.wait(0.4)", "self.wait(1 / 0)"))
        with pytest.raises(TopoError, match=r"bad\.py:\d+: ZeroDivisionError"):
            storyboard("bad.py:Board", Settings("l"))
        assert not Path("media/storyboards").exists()
