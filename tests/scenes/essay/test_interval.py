"""The interval on the line: thresholds, levels and patterns of firing, recomputed."""

from functools import cache

import numpy as np
import pytest

from scenes.essay.interval import IntervalOnLine, fires, firing_of_a, level_of, unit_value
from scenes.output.look import faults
from tests.scenes.essay_scenes import Seen, learned
from topo_core.datasets import Interval
from topo_core.errors import TopoError
from topo_core.topology.firing import thresholds
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

DATA = Interval(n_per_class=12)
#: Both units fire to the right of their threshold, -0.5 and 0.45.
RIGHT = ([[4.0], [4.0]], [2.0, -1.8])
#: One to the right of -0.4 and one to the left of 0.5: both in A.
FACING = ([[5.0], [-4.0]], [2.0, 2.0])
#: Both inside A.
USELESS = ([[5.0], [4.0]], [0.5, 0.0])
CUT = ([[2.0, -2.0], [-2.0, 2.0]], [-1.8, 1.8])
FALLING = ([[-3.0]], [-1.0])


def two(layer: object, separated: bool = True) -> Trace:
    return learned(DATA, [layer], CUT, {"separated": separated})


def one(layers: list[object], accuracy: float, sign: float = 1.0) -> Trace:
    return learned(DATA, layers, ([[0.0], [sign]], [0.0, 0.3]), {"accuracy": accuracy})


@cache
def seen(case: str = "right") -> Seen:
    trace = {"right": two(RIGHT), "facing": two(FACING), "useless": two(USELESS, separated=False)}[case]
    single = one([FALLING], 0.7125), one([FALLING, ([[2.0]], [0.1])], 0.75)
    return Seen(
        IntervalOnLine, dict(zip(("interval", "interval-1", "interval-deep"), (trace, *single), strict=True))
    )


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_level_divides_values_as_the_network_does(sign: float) -> None:
    trace = one([FALLING], 0.7, sign)
    level = level_of(trace)
    x = np.linspace(-1, 1, 401)
    values = unit_value(trace, 0, x)
    assert values == pytest.approx(np.tanh(-3 * x - 1))
    answers = np.where(values > level.at, level.above, level.below)
    assert (answers == trace.predict(x[:, None])).all()


@pytest.mark.parametrize("layer", [RIGHT, FACING, USELESS])
def test_a_unit_fires_where_its_value_is_positive(layer: object) -> None:
    trace = two(layer)
    x = np.linspace(-1, 1, 400)
    for k, threshold in enumerate(thresholds(trace)):
        assert (fires(threshold, x) == (unit_value(trace, k, x) > 0)).all()


def test_a_unit_that_never_turns_never_fires() -> None:
    (threshold, _) = thresholds(two(([[0.0], [4.0]], [2.0, -1.8])))
    assert not fires(threshold, np.linspace(-1, 1, 9)).any()


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (RIGHT, "unit 1 fires, unit 2 does not"),
        (([[-4.0], [-4.0]], [-2.0, 1.8]), "unit 2 fires, unit 1 does not"),
        (FACING, "both units fire"),
        (([[-5.0], [4.0]], [-2.0, -2.0]), "neither unit fires"),
        (USELESS, ""),
    ],
)
def test_how_the_units_fire_in_a(layer: object, said: str) -> None:
    trace = two(layer)
    assert firing_of_a(trace, thresholds(trace)) == said


def test_sections_in_the_order_of_the_essay() -> None:
    assert seen().sections == [
        *("An interval", "One unit", "Two layers of one unit"),
        *("Two units", "What each unit learned", "Then it is A"),
    ]


def test_one_unit_is_held_against_the_best_threshold() -> None:
    x, labels = DATA.dense()
    tried = [np.mean((x[:, 0] > at) == (labels == 1)) for at in np.linspace(-1.1, 1.1, 800)]
    best = max(max(t, 1 - t) for t in tried)
    words = seen().words("One unit")
    assert "One unit: 71.2 % right." in words
    assert f"The best threshold: {100 * best:.1f} %." in words
    assert "Two layers: 75.0 %." in seen().words("Two layers of one unit")


def test_thresholds_are_those_of_the_weights() -> None:
    words = seen().words("What each unit learned")
    assert words[words.index("-0.50") - 2] == "unit 1 fires for"
    assert words[words.index("0.45") - 2] == "unit 2 fires for"
    facing = seen("facing").words("What each unit learned")
    at = facing.index("unit 2 fires for")
    assert facing[at + 1 : at + 3] == ["x <", "0.50"]


def test_the_conclusion_follows_the_units() -> None:
    assert "A: unit 1 fires, unit 2 does not" in seen().words("Then it is A")
    assert "close to the essay's" in seen().narration("Then it is A")
    assert "A: both units fire" in seen("facing").words("Then it is A")
    useless = seen("useless")
    assert "Nothing tells A alone." in useless.words("Then it is A")
    assert "close to the essay's" not in useless.narration("Then it is A")
    (graph,) = (m for m in useless.scene.mobjects if type(m).__name__ == "LineGraph")
    assert graph.band is None


def test_what_is_said_of_the_training_follows_the_outcome() -> None:
    assert "cuts A out" in seen().narration("Two units")
    assert "cuts A out" not in seen("useless").narration("Two units")
    assert "87.5 %" in seen().words("Two units")


def test_a_network_of_another_shape_is_refused() -> None:
    three = learned(DATA, [([[4.0], [4.0], [1.0]], [2.0, -1.8, 0.0])], ([[0.0] * 3] * 2, [0.0, 0.0]))
    with pytest.raises(
        TopoError, match=r"^IntervalOnLine shows two units .* give one of the experiment interval"
    ):
        Seen(IntervalOnLine, {"interval": three})


def test_it_can_be_read() -> None:
    assert not [fault for page in seen().pages.values() for fault in faults(page)]
    assert max(seen().speeds().values()) <= 18
    assert 50 <= seen().scene.renderer.time <= 70
