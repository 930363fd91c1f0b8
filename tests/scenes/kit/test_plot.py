"""Plots draw what was measured, where it belongs, and no further than now."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.kit import Axis, Live, Matrix, Number, Plot, Rect, Series
from scenes.kit.formulas import formula_size
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, scratch, texts

RECT = Rect(-5.0, -3.0, 5.0, 3.0)
X = np.arange(5.0)
Y = np.array([0.0, 1.0, 4.0, 2.0, 3.0])


def plot(now: float | None = None, **options: object) -> Plot:
    options.setdefault("value", None)
    return Plot(
        RECT,
        DARK,
        "height",
        [Series(X, Y, DARK.accent)],
        Axis(0, 4),
        Axis(0, 5),
        now=None if now is None else lambda: now,
        **options,
    )


class TestSeries:
    def test_the_last_value_is_one_that_was_measured(self) -> None:
        series = Series(X, Y, DARK.accent)
        assert [series.last(x) for x in (-1, 0, 0.9, 1, 3.5, 9)] == [0, 0, 0, 1, 2, 3]

    @given(st.floats(-2, 7))
    def test_never_one_in_between(self, x: float) -> None:
        assert Series(X, Y, DARK.accent).last(x) in Y


class TestAxis:
    def test_linear_and_logarithmic_shares(self) -> None:
        np.testing.assert_allclose(Axis(2, 4).share(np.array([2, 3, 4])), [0, 0.5, 1])
        np.testing.assert_allclose(Axis(1, 100, log=True).share(np.array([1.0, 10, 100])), [0, 0.5, 1])

    def test_numbers_stand_at_round_values_inside(self) -> None:
        assert Axis(0.13, 0.87).marks() == pytest.approx([0.2, 0.4, 0.6, 0.8])
        assert Axis(1, 3000, log=True).marks() == [1, 10, 100, 1000]
        assert Axis(0, 1, ticks=(0.5,)).marks() == [0.5]

    def test_a_zero_has_no_sign(self) -> None:
        assert [Axis(-1, 1).number(v) for v in Axis(-1, 1).marks()] == ["−1", "−0.5", "0", "0.5", "1"]

    def test_powers_beyond_everyday_numbers(self) -> None:
        assert Axis(1e-7, 1e7, log=True).number(1e-5) == "1e-5"


class TestDrawing:
    def place(self, drawn: Plot, x: float, y: float, shape: tuple[int, ...]) -> tuple[int, int]:
        at = drawn.place(np.array([x]), np.array([y]))[0]
        return int((4 - at[1]) * shape[0] / 8), int((at[0] * shape[0] / 8) + shape[1] / 2)

    def test_it_passes_through_the_measurements_and_stops_at_now(self) -> None:
        for now, known in ((2.0, 3), (2.7, 3), (4.0, 5)):
            drawn = plot(now)
            image = picture(drawn, width=1280, height=720)
            bright = looks(image, DARK.accent, 60)
            for k, (x, y) in enumerate(zip(X, Y, strict=True)):
                row, column = self.place(drawn, x, y, image.shape)
                assert bright[row - 3 : row + 4, column - 3 : column + 4].any() == (k < known), (now, k)

    def test_title_value_references_and_names(self) -> None:
        drawn = plot(2.0, value=lambda: "4.0", references=[(2.5, "half")], x_name="step")
        said = [t.content for t in texts(drawn)]
        assert {"height", "4.0", "half", "step"} <= set(said)

    def test_everything_stays_inside_its_place(self) -> None:
        drawn = plot(4.0, value=lambda: "3.0", references=[(2.5, "half")], x_name="step")
        boxes = np.array([t.box for t in texts(drawn)])
        assert boxes[:, 0].min() >= RECT.x0 - 1e-6
        assert boxes[:, 1].min() >= RECT.y0 - 1e-6
        assert boxes[:, 2].max() <= RECT.x1 + 1e-6
        assert boxes[:, 3].max() <= RECT.y1 + 1e-6


class TestLive:
    def test_it_says_what_is_so_now(self) -> None:
        with scratch():
            now = [1.0]
            line = Live(lambda: ["area", Number(f"{now[0]:.1f}", widest="-00.0")], 0, 0, 40, DARK.ink)
        assert [t.content for t in texts(line)] == ["area", "1.0"]
        now[0] = -2.5
        assert [t.content for t in texts(line)] == ["area", "-2.5"]

    def test_what_follows_a_number_stays_where_it_is(self) -> None:
        with scratch():
            places = []
            for content in ("1.0", "-10.5", "8"):
                line = Live(lambda c=content: [Number(c, widest="-00.0"), "m"], 0, 0, 40, DARK.ink)
                places.append(next(t.box[0] for t in texts(line) if t.content == "m"))
        assert places == pytest.approx([places[0]] * 3)

    def test_it_becomes_smaller_rather_than_wider(self) -> None:
        with scratch():
            line = Live(lambda: ["much too long a line"], 0, 0, 40, DARK.ink, room=1.0)
            (drawn,) = texts(line)
        assert drawn.box[2] - drawn.box[0] == pytest.approx(1.0, abs=0.02)

    def test_entries_of_a_matrix_stay_in_their_columns(self) -> None:
        target = np.array([[1.37, -0.62], [-1.5, 10.0]])
        with scratch():
            sizes, rights = [], []
            for t in (0.0, 0.3, 1.0):
                matrix = Matrix((1 - t) * np.eye(2) + t * target, widest=target)
                sizes.append(formula_size([matrix], 36))
                line = Live(lambda m=matrix: [m], 0, 0, 36, DARK.ink)
                rights.append([round(box.box[2], 6) for box in texts(line)])
        assert sizes == [sizes[0]] * 3
        assert rights == [rights[0]] * 3
        assert len(set(rights[0])) == 2
