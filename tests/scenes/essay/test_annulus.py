"""The disc in the annulus: what the scene says of a network is recomputed here, in another way."""

from functools import cache

import numpy as np
import pytest

from scenes.essay.annulus import DiscInAnnulus, signed
from scenes.output.look import faults
from tests.scenes.essay_scenes import GENTLE, READOUT, Seen, learned
from topo_core.datasets import DiscInAnnulus as Data
from topo_core.datasets import TwoCurves
from topo_core.errors import TopoError
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

Layer = tuple[list[list[float]], list[float]]
SINGULAR = ([[1.0, 0.5], [2.0, 1.0]], [0.1, 0.2])
MIRRORED = ([[0.7, 1.4], [1.6, -0.9]], [-0.2, 0.3])


def trace(layer: Layer, accuracy: float = 0.8642, balanced: bool = True) -> Trace:
    data = Data(n_per_class=60, balanced=balanced)
    outcome = {"accuracy": accuracy, "majority_rate": data.majority_rate}
    return learned(data, [layer], READOUT, outcome)


#: A layer, and how accurate the network trained by area is.
CASES = {"gentle": (GENTLE, 0.8395), "singular": (SINGULAR, 0.8395), "mirrored": (MIRRORED, 0.95)}


@cache
def seen(case: str = "gentle") -> Seen:
    layer, area = CASES[case]
    return Seen(DiscInAnnulus, {"annulus": trace(layer), "annulus-area": trace(GENTLE, area, False)})


def carried(points: np.ndarray, layer: Layer = GENTLE) -> np.ndarray:
    return np.tanh(points @ np.array(layer[0]).T + np.array(layer[1]))


def circle(n: int, radius: float = 5 / 6) -> np.ndarray:
    angle = 2 * np.pi * np.arange(n) / n
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def turns(loop: np.ndarray, point: np.ndarray) -> float:
    angles = np.unwrap(np.arctan2(*(np.concatenate([loop, loop[:1]]) - point).T[::-1]))
    return float((angles[-1] - angles[0]) / (2 * np.pi))


def test_sections_in_the_order_of_the_proof() -> None:
    assert seen().sections == [
        *("A disc in an annulus", "No line", "Training", "What it reaches", "A point inside a curve"),
        *("Carried through the layer", "Every line", "Or a collapse", "Impossible"),
    ]


def test_no_line_does_better_than_the_best_one_shown() -> None:
    points, labels = Data().dense()
    best = 0.0
    for angle in np.linspace(0, np.pi, 7):
        along = points @ [np.cos(angle), np.sin(angle)]
        for at in np.linspace(-1.1, 1.1, 301):
            right = np.mean((along > at) == (labels == 1))
            best = max(best, right, 1 - right)
    (shown,) = (w for w in seen().words("No line") if w.startswith("gets"))
    assert float(shown.split()[1]) == pytest.approx(100 * best, abs=0.4)


def test_plots_end_with_what_was_measured() -> None:
    words = seen().words("Training")
    assert {"87.5 %", "0.300", "majority class"} <= set(words)


def test_it_is_held_against_one_answer_for_all() -> None:
    words = seen().words("What it reaches")
    assert {"86.4 %", "84.0 %", "one answer for all: 50.0 %", "one answer for all: 83.3 %"} <= set(words)
    assert "86.4 per cent" in seen().narration("What it reaches")


@pytest.mark.parametrize(
    ("case", "said"), [("gentle", "does almost as well."), ("mirrored", "does worse than that.")]
)
def test_by_area_it_says_whether_that_is_any_better(case: str, said: str) -> None:
    assert said in seen(case).words("What it reaches")


@pytest.mark.parametrize("case", ["gentle", "mirrored"])
def test_the_winding_number_is_that_of_the_carried_circle(case: str) -> None:
    layer = CASES[case][0]
    number = turns(carried(circle(5000), layer), carried(np.zeros((1, 2)), layer)[0])
    assert abs(number) == pytest.approx(1)
    words = seen(case).words("Carried through the layer")
    shown = f"{round(number):+d}" if number < 0 else f"{round(number)}"
    assert shown in words
    assert "The curve still goes" in words


def test_every_line_is_seen_to_cut_the_curve() -> None:
    words = seen().words("Every line")
    assert "it cuts B" in words
    (witness,) = (m for m in seen().scene.mobjects if type(m).__name__ == "Witness")
    assert witness.ends_apart() == pytest.approx(0, abs=1e-9)  # the last one, of the flattened layer
    crossings = int(words[words.index("it cuts B") + 1])
    assert crossings >= 2
    assert crossings % 2 == 0


def test_a_singular_layer_brings_points_of_b_to_the_centre_of_a() -> None:
    assert "0.00" in seen().words("Or a collapse")
    assert "not an isotopy: layer 1 collapses" in seen().words("Or a collapse")
    u, s, vh = np.linalg.svd(np.array(GENTLE[0]))
    flat = s[0] * u[:, :1] @ vh[:1]
    layer = flat.tolist(), GENTLE[1]
    ends = carried(5 / 6 * np.stack([vh[1], -vh[1]]), layer)
    assert ends == pytest.approx(np.repeat(carried(np.zeros((1, 2)), layer), 2, axis=0))


def test_a_network_that_flattens_is_not_said_to_keep_the_curve_around() -> None:
    played = seen("singular")
    words = played.words("Carried through the layer")
    assert "The plane was flattened:" in words
    assert "The curve still goes" not in words
    assert "−" in words  # for a winding number
    assert "stays" not in played.narration("Carried through the layer")


def test_a_trace_of_other_data_is_refused() -> None:
    curves = learned(TwoCurves(n_per_class=8), [GENTLE])
    with pytest.raises(TopoError, match=r"the trace is of 2-2 on 'two-curves'"):
        Seen(DiscInAnnulus, {"annulus": curves})
    with pytest.raises(
        TopoError, match=r"^DiscInAnnulus shows layers of two units, with half of the points in A,"
    ):
        Seen(DiscInAnnulus, {"annulus": trace(GENTLE, balanced=False)})


def test_signs_of_winding_numbers() -> None:
    assert [signed(n) for n in (1, -1, 0, None)] == ["+1", "-1", "0", "−"]


def test_it_can_be_read() -> None:
    played = seen()
    assert not [fault for page in played.pages.values() for fault in faults(page)]
    assert max(played.speeds().values()) <= 18
    assert 60 <= played.scene.renderer.time <= 90
