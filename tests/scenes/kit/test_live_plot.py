"""A plot that measures at the instant that is shown."""

import numpy as np
import pytest

from scenes.kit import Axis, Rect
from scenes.kit.live_plot import LivePlot
from scenes.kit.theme import DARK
from tests.scenes.pictures import texts

RECT = Rect(-3.0, -2.0, 3.0, 2.0)


def plot(now: list[float], missing: float | None = None) -> LivePlot:
    def measure(x: float) -> float | None:
        return None if missing is not None and x > missing else x**2 - 0.5

    return LivePlot(
        RECT,
        DARK,
        "height",
        np.linspace(0, 1, 5),
        measure,
        Axis(0.0, 1.0),
        Axis(-1.0, 1.0),
        now=lambda: now[0],
        form="{:+.2f}",
    )


@pytest.mark.parametrize("at", [0.0, 0.1, 0.5, 0.83, 1.0])
def test_it_ends_at_what_is_measured_now(at: float) -> None:
    made = plot([at])
    said = [t.content for t in texts(made)]
    assert f"{at**2 - 0.5:+.2f}".replace("-", "−") in said
    (series,) = made.series
    assert series.x[-1] == at
    assert series.y == pytest.approx(series.x**2 - 0.5)
    assert len(series.x) == np.count_nonzero(np.linspace(0, 1, 5) < at - 1e-9) + 1


def test_it_can_go_back() -> None:
    now = [1.0]
    made = plot(now)
    texts(made)
    now[0] = 0.3
    texts(made)
    assert made.series[0].x.tolist() == [0.0, 0.25, 0.3]


def test_where_there_is_no_value_it_says_so() -> None:
    made = plot([0.9], missing=0.6)
    assert "..." in [t.content for t in texts(made)]
    assert made.series[0].x.tolist() == [0.0, 0.25, 0.5]
