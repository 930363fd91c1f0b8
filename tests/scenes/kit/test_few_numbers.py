"""Bars, plots of few measurements, and tables: what they draw and where."""

from itertools import combinations

import numpy as np
import pytest

from scenes.kit import Axis, Rect, Series
from scenes.kit.bars import Bar, Bars
from scenes.kit.marked import MarkedPlot
from scenes.kit.table import Table
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, pixel, texts

RECT = Rect(-5.0, -3.0, 5.0, 3.0)
GREEN = DARK.classes[2]


class TestBars:
    def bars(self, grown: float = 1.0) -> Bars:
        given = [Bar("first", 0.25, "25.0 %", GREEN), Bar("second", 0.75, "75.0 %", GREEN, 0.5, "half")]
        drawn = Bars(RECT, DARK, given, Axis(0, 1))
        drawn.state.grown = grown
        return drawn

    @pytest.mark.parametrize("grown", [1.0, 0.4])
    def test_they_are_as_long_as_their_values(self, grown: float) -> None:
        green = looks(picture(self.bars(grown), width=1280, height=720), GREEN, 20)
        lengths = []
        for rows in (slice(0, 360), slice(360, 720)):
            thick = green[rows, :640].sum(axis=1).max(), green[rows].sum(axis=1).max()
            lengths.append(max(thick) / 90)
        assert lengths == pytest.approx([2.5 * grown, 7.5 * grown], abs=0.25)

    def test_names_values_and_marks_are_written(self) -> None:
        assert [t.content for t in texts(self.bars())] == ["first", "25.0 %", "second", "75.0 %", "half"]

    def test_a_mark_stands_at_its_value(self) -> None:
        image = picture(self.bars(), width=1280, height=720)
        assert looks(image, DARK.ink)[360:, 638:643].any(axis=1).sum() > 20

    def test_growing_starts_from_nothing(self) -> None:
        drawn = self.bars()
        animation = drawn.grow()
        animation.begin()
        assert drawn.state.grown == 0
        animation.finish()
        assert drawn.state.grown == 1


class TestMarkedPlot:
    X, Y = np.array([400.0, 170.0, 20.0, 3.0]), np.array([99.0, 98.8, 95.0, 90.0])

    def plot(self, count: float = 4.0, **options: object) -> MarkedPlot:
        series = Series(self.X, self.Y, GREEN)
        axes = Axis(1, 1000, log=True), Axis(85, 100)
        drawn = MarkedPlot(RECT, DARK, "accuracy", series, *axes, **options)
        drawn.state.count = count
        return drawn

    def test_measurements_come_in_their_order_whatever_their_x(self) -> None:
        for count in (0, 1, 3, 4):
            drawn = self.plot(count)
            image = picture(drawn, width=1280, height=720)
            green = looks(image, GREEN, 40)
            shown = [green[pixel(at, image.shape)] for at in drawn.place(self.X, self.Y)]
            assert shown == [k < count for k in range(4)]

    def test_in_between_the_line_is_on_its_way(self) -> None:
        drawn = self.plot(2.5)
        first, second = drawn.place(self.X, self.Y)[1:3]
        image = picture(drawn, width=1280, height=720)
        green = looks(image, GREEN, 60)
        assert green[pixel(0.6 * first + 0.4 * second, image.shape)]
        assert not green[pixel(0.4 * first + 0.6 * second, image.shape)]

    def test_the_value_is_one_that_was_measured(self) -> None:
        said = [self.plot(c, form="{:.1f} %").now_written() for c in (0, 1, 1.9, 4)]
        assert said == ["", "99.0 %", "99.0 %", "90.0 %"]

    def test_words_do_not_overlap_and_stay_inside(self) -> None:
        words = ("0", "1e-4", "1e-2", "1e-1")
        drawn = self.plot(labels=words)
        boxes = [t.box for t in texts(drawn) if t.content in words]
        assert len(boxes) >= 4
        for a, b in combinations(boxes[-4:], 2):
            assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])
        assert max(box[2] for box in boxes) <= RECT.x1

    def test_words_come_with_their_measurements_and_stay(self) -> None:
        words = ("zero", "one", "two", "three")
        first, all_of_them = (
            {t.content: t.box for t in texts(self.plot(count, labels=words)) if t.content in words}
            for count in (2, 4)
        )
        assert list(first) == ["zero", "one"]
        assert all(all_of_them[word] == box for word, box in first.items())

    def test_it_is_revealed_up_to_a_count(self) -> None:
        drawn = self.plot(1.0)
        animation = drawn.reveal(3)
        animation.begin()
        animation.interpolate(0.5)
        assert 1 < drawn.state.count < 3
        animation.finish()
        assert drawn.state.count == 3


class TestTable:
    def test_rows_stand_on_one_line_and_columns_end_alike(self) -> None:
        rows = [("gap", "71.8", "3.9"), ("loss", "9.1", "139.8")]
        drawn = Table(RECT, DARK, ("without", "with"), rows)
        boxes = {t.content: t.box for t in texts(drawn)}
        assert list(boxes) == ["without", "with", "gap", "71.8", "3.9", "loss", "9.1", "139.8"]
        assert boxes["71.8"][1] == pytest.approx(boxes["3.9"][1], abs=0.01)
        assert boxes["71.8"][2] == pytest.approx(boxes["without"][2], abs=0.03)
        assert boxes["3.9"][2] == pytest.approx(boxes["139.8"][2], abs=0.01)
        assert boxes["139.8"][2] <= RECT.x1 + 0.01
        assert boxes["gap"][0] == pytest.approx(RECT.x0, abs=0.05)
        assert boxes["gap"][1] > boxes["loss"][3]
