"""The easy way out: every number on screen is one that was measured, and words follow the numbers."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scenes.essay.easy_way_out import EasyWayOut
from scenes.essay.parts.pages import measured
from scenes.output.look import faults
from tests.scenes.essay_scenes import GENTLE, READOUT, Seen, learned
from topo_core.datasets import DiscInAnnulus
from topo_core.errors import TopoError
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

#: Accuracy and largest stretch of one layer to six.
DEPTHS = ((0.861, 8.7), (0.932, 19.1), (0.987, 32.3), (0.9894, 71.8), (0.992, 89.1), (0.996, 305.6))
#: Accuracy and largest gradient without a penalty, and with ever stronger ones.
PENALTIES = ((0.9894, 462.0), (0.987, 173.0), (0.974, 56.2), (0.946, 16.3), (0.908, 3.58))
STRENGTHS = ("1e-4", "1e-3", "1e-2", "1e-1")


def trace(depth: int, accuracy: float, stretch: float, gradient: float, **outcome: object) -> Trace:
    measured_of_it = {
        "accuracy": accuracy,
        "largest_stretch": stretch,
        "largest_logit_gradient": gradient,
        "readout_norm": 9.14,
        "gaps": [0.17, *(10.0 ** -(k + 2) for k in range(depth))],
        "winding": [1] * (depth + 1),
    } | outcome
    return learned(DiscInAnnulus(n_per_class=20), [GENTLE] * depth, READOUT, measured_of_it, snapshots=1)


def traces(otherwise: bool = False) -> dict[str, Trace]:
    """One for each experiment of the scene; ``otherwise``, none behaves as is expected."""
    found = {
        f"annulus-depth-{k}": trace(min(k, 2), accuracy, stretch, PENALTIES[0][1])
        for k, (accuracy, stretch) in enumerate(DEPTHS, 1)
    }
    strengths = reversed(STRENGTHS) if otherwise else STRENGTHS
    for strength, (accuracy, gradient) in zip(strengths, PENALTIES[1:], strict=True):
        found[f"annulus-contractive-{strength}"] = trace(1, accuracy, 20.0, gradient)
    norm = 5.0 if otherwise else 39.78
    found["annulus-loophole"] = trace(1, 0.9851, 3.875, 154.1, readout_norm=norm)
    if otherwise:
        found["annulus-depth-4"] = trace(2, 0.9894, 71.8, 462.0, winding=[1, 1, None])
    return found


@cache
def seen(otherwise: bool = False) -> Seen:
    return Seen(EasyWayOut, traces(otherwise))


def test_sections_in_the_order_of_the_essay() -> None:
    assert seen().sections == [
        *("One layer to six", "A channel through B", "A thin bridge"),
        *("A contractive penalty", "A loophole", "The same in small", "No solution"),
    ]


def test_depth_by_depth_what_was_measured() -> None:
    words = seen().words("One layer to six")
    said = [f"{k} layer{'s' * (k > 1)}: {100 * a:.1f} %" for k, (a, _) in enumerate(DEPTHS, 1)]
    assert [w for w in words if "layer" in w and ":" in w] == said
    assert {"99.6 %", "306"} <= set(words)  # the last of each plot
    assert "99.6 per cent" in seen().narration("One layer to six")


def test_the_gap_and_the_winding_number_of_four_layers() -> None:
    words = seen().words("A thin bridge")
    assert words[words.index("winding number") + 1] == "+1"
    assert "but B still goes around A" in seen().narration("A thin bridge")
    (plot,) = (m for m in seen().scene.mobjects if type(m).__name__ == "Table")
    assert [row[0] for row in plot.rows] == ["representation", "readout", "gradient", "accuracy"]


def test_where_the_winding_number_is_not_known_it_is_not_claimed() -> None:
    played = seen(otherwise=True)
    words = played.words("A thin bridge")
    assert words[words.index("winding number") + 1] == "−"
    assert "still goes around" not in played.narration("A thin bridge")


def test_penalties_are_named_on_pictures_and_plot() -> None:
    words = seen().words("A contractive penalty")
    for strength in ("0", *STRENGTHS):
        assert f"penalty {strength}" in words
        assert strength in words
    assert "the channel widens." in words
    assert "is not always gentler." in seen(otherwise=True).words("A contractive penalty")
    assert "is traded against" in seen().narration("A contractive penalty")
    assert "is traded against" not in seen(otherwise=True).narration("A contractive penalty")


def test_the_loophole_in_numbers() -> None:
    words = seen().words("A loophole")
    rows = [("71.8", "3.9"), ("9.1", "39.8"), ("462", "154"), ("98.9 %", "98.5 %")]
    names = ("representation", "readout", "gradient", "accuracy")
    for name, row in zip(names, rows, strict=True):
        at = words.index(name)
        assert tuple(words[at + 1 : at + 3]) == row
    assert "the readout grows instead." in seen().words("The same in small")
    assert "is not evaded." in seen(otherwise=True).words("The same in small")
    assert "The readout makes up for it." in seen().narration("A loophole")
    assert "makes up" not in seen(otherwise=True).narration("A loophole")
    assert "only moved" not in seen(otherwise=True).narration("The same in small")


def test_a_network_with_a_penalty_is_not_shown_as_one_without() -> None:
    penalised = replace(trace(2, 0.95, 12.0, 16.0), provenance={"config": {"recipe": {"penalty": "logit"}}})
    with pytest.raises(TopoError, match="trained without a penalty,"):
        Seen(EasyWayOut, traces() | {"annulus-depth-4": penalised})


def test_under_the_magnifying_glass_is_the_disc() -> None:
    scene = seen().scene
    stage = max((m for m in scene.mobjects if hasattr(m, "plane")), key=lambda m: m.plane.rect.x0)
    disc = stage.trace.representations(stage.trace.dataset.dense()[0])[-1][
        stage.trace.dataset.dense()[1] == 0
    ]
    low, high = disc.min(axis=0), disc.max(axis=0)
    assert stage.plane.view.centre == pytest.approx((low + high) / 2)
    assert ((high - low) * stage.plane.view.scale).max() == pytest.approx(1.1 * 4.1, rel=1e-6)
    assert stage.trace.outcome["readout_norm"] == 39.78


def test_it_can_be_read() -> None:
    assert not [fault for page in seen().pages.values() for fault in faults(page)]
    assert max(seen().speeds().values()) <= 18
    assert 60 <= seen().scene.renderer.time <= 90


def test_what_was_not_measured_is_asked_for() -> None:
    bare = learned(DiscInAnnulus(n_per_class=20), [GENTLE])
    with pytest.raises(TopoError, match=r"^written: its outcome has no gaps; train it again"):
        measured(bare, "gaps")
    assert np.isclose(measured(traces()["annulus-depth-1"], "accuracy"), 0.861)
