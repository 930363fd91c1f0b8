"""The evidence panel says what was measured, and no more than is known now."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.kit import Rect, Stage, TrainingStage
from scenes.kit.evidence import Evidence
from scenes.kit.theme import DARK
from tests.scenes.pictures import looks, picture, texts
from tests.topo_core.example_traces import example_trace
from topo_core.along import Along, along_layers, along_training
from topo_core.datasets import DiscInAnnulus, Spirals

RECT = Rect(-4.0, -3.0, 4.0, 3.0)
X = np.array([0.0, 0.5, 1.0, 1.5, 2.0])


class Clock:
    position = 0.0


def panel(clock: Clock, *measured: Along) -> Evidence:
    return Evidence(measured, RECT, DARK, lambda: clock.position)


def test_numbers_are_those_of_the_last_instant_that_was_measured() -> None:
    clock = Clock()
    shown = panel(clock, Along("stretch", "positive", X, np.array([1.0, 2.5, 20.0, 1234.5, 5e-7])))
    said = {}
    for clock.position in (0.0, 0.4, 0.5, 1.9, 2.0):
        said[clock.position] = texts(shown)[-1].content
    assert said == {0.0: "1", 0.4: "1", 0.5: "2.5", 1.9: "1234", 2.0: "5.0e-7"}


def test_counts_have_signs_only_where_some_are_negative_and_shares_say_all_only_of_all() -> None:
    clock = Clock()
    clock.position = 2.0
    signed = Along("linking", "count", X, np.array([-1.0, 1, 1, 1, 1]))
    plain = Along("winding", "count", X, np.array([1.0, 1, 1, 1, 1]))
    share = Along("accuracy", "share", X, np.array([0.5, 0.5, 0.5, 1, 0.99999]), (0.5, "majority"))
    said = [text.content for text in texts(panel(clock, signed, plain, share))]
    assert said == ["linking", "+1", "winding", "1", "accuracy", "99.9 %", "(majority 50 %)"]


def test_what_is_not_known_is_a_dash_and_leaves_a_gap() -> None:
    clock = Clock()
    broken = Along("winding", "count", X, np.array([1.0, 1, np.nan, np.nan, np.nan]))
    shown = panel(clock, broken)
    clock.position = 1.0
    assert texts(shown)[-1].content == "−"
    before = picture(shown)
    clock.position = 2.0
    np.testing.assert_array_equal(picture(shown), before)


def test_curves_grow_with_the_position() -> None:
    clock = Clock()
    shown = panel(clock, Along("gap", "positive", X, np.array([1.0, 0.1, 0.01, 0.1, 1.0])))
    inked = []
    for clock.position in (0.5, 1.0, 2.0):
        inked.append(int(looks(picture(shown, width=960, height=540), DARK.accent, 40).sum()))
    assert inked[0] < inked[1] < inked[2]


def test_classes_have_their_colours_and_a_number_each() -> None:
    clock = Clock()
    values = np.array([[0, 1], [0, 1], [0, 1], [0, 1], [2, 0]], dtype=float)
    said = texts(panel(clock, Along("loops", "count", X, values)))
    assert {(t.content, t.colour) for t in said[1:]} == {
        ("0", DARK.class_colour(0)),
        ("1", DARK.class_colour(1)),
    }


def test_a_stage_makes_one_in_step_with_itself() -> None:
    trace = example_trace("2-2-2", dataset=DiscInAnnulus(n_per_class=20))
    stage = Stage(trace, DARK, panel=False)
    shown = stage.evidence("stretch", "winding", rect=RECT)
    stage.at(1.25)
    expected = along_layers(trace, "stretch")
    assert [row.measured.name for row in shown.rows] == ["largest stretch", "winding number"]
    assert shown.rows[0].numbers(shown.now())[0] == shown.rows[0].number(expected.values[15])
    training = TrainingStage(trace, DARK)
    history = training.evidence("accuracy", rect=RECT)
    training.at(1.5)
    assert history.rows[0].numbers(history.now()) == [
        history.rows[0].number(along_training(trace, "accuracy").values[1])
    ]


@pytest.mark.parametrize("name", ["stretch", "gap", "det", "hole"])
def test_rows_stay_in_their_rectangle(name: str) -> None:
    trace = example_trace("2-2-2", dataset=DiscInAnnulus(n_per_class=20) if name == "hole" else Spirals())
    stage = Stage(trace, DARK, panel=False)
    shown = stage.evidence(name, rect=RECT)
    stage.at(2.0)
    for text in texts(shown):
        x0, y0, x1, y1 = text.box
        assert RECT.x0 - 1e-9 <= x0 < x1 <= RECT.x1 + 0.05
        assert RECT.y0 <= y0 < y1 <= RECT.y1
