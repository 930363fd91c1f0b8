"""Fields separate spirals: what is on screen is what the traces hold, whichever way training went."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from scenes.essay.fields_separate import FieldsSeparate, Onward, checked, moved_by_fields, spoken_turns
from scenes.kit.motion import LayerMotion, moved
from scenes.output.look import faults
from tests.scenes.essay_scenes import Seen
from topo_core.certificates import certified
from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.flow import Flow
from topo_core.handmade import handmade
from topo_core.topology.stretch import jacobians
from topo_core.trace import Trace

#: So little turned that a line does it, unless a readout is on the wrong side.
TURNS = 0.1
FLOWS = [
    Flow(np.array([[0.5, 0.2], [-0.5, -0.2]]), np.array([[0.2, -0.1], [-0.2, 0.1]]), 0.6),
    Flow(
        np.array([[0.8, 0.0], [0.0, 0.4], [-0.8, 0.0]]), np.array([[0.1, 0.2], [0.1, 0.0], [-0.1, 0.2]]), 0.7
    ),
    Flow(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.1, 0.1], [0.2, 0.0]]), 0.8),
]


def pushed(turns: float = TURNS, *, right: bool = True, restarts: tuple[int, int] = (5, 8)) -> Trace:
    """Three flow layers; ``right`` is whether the readout has the classes on their sides."""
    readout = np.array([[1.0, 0.0], [-1.0, 0.0]]) if right else np.array([[0.0, 1.0], [0.0, -1.0]])
    trace = handmade(FLOWS, dataset=Spirals(turns=turns, n_per_class=16), readout=(readout, np.zeros(2)))
    points, labels = trace.dataset.dense()
    wrong = int((trace.predict(points) != labels).sum())
    outcome: dict[str, Any] = {
        "wrong": wrong,
        "dense_points": len(points),
        "accuracy": 1 - wrong / len(points),
        "majority_rate": 0.5,
        "separated": wrong == 0,
        "margin": 0.25,
        "solved_restarts": restarts[0],
        "restarts": restarts[1],
    }
    return replace(trace, outcome=outcome)


def squashed(turns: float = TURNS) -> Trace:
    trace = handmade([(np.eye(2), np.zeros(2))] * 4, dataset=Spirals(turns=turns, n_per_class=16))
    return replace(trace, outcome={"solved_restarts": 3, "restarts": 64})


def traces(**other: Trace) -> dict[str, Trace]:
    return {
        "field-spirals": pushed(),
        "field-spirals-1.5": pushed(0.12, restarts=(2, 8)),
        "spirals-entangled": squashed(),
        "spirals-entangled-wide": replace(squashed(), outcome={"solved_restarts": 9, "restarts": 32}),
    } | {name.replace("_", "-"): trace for name, trace in other.items()}


class Played(FieldsSeparate):
    """The scene on traces that are given."""

    given: dict[str, Trace]

    @property
    def trace(self) -> Trace:
        return self.given["field-spirals"]


def play(given: dict[str, Trace]) -> Seen:
    return Seen(type("FieldsSeparate", (Played,), {"given": given}), given)


@cache
def seen() -> Seen:
    given = traces()
    given["field-spirals"] = certified(given["field-spirals"])
    given["field-spirals-1.5"] = pushed(0.12, right=False, restarts=(2, 8))
    return play(given)


@pytest.mark.slow
class TestTheScene:
    def test_sections_of_a_network_that_separates_and_of_one_that_does_not(self) -> None:
        assert seen().sections == [
            *("More entangled spirals", "Layer 1", "Layer 2", "All layers", "A line separates"),
            *("The line at the input", "Further around", "No line separates again"),
            *("The line at the input again", "Turns, layers and success"),
        ]

    def test_the_tanh_network_is_counted(self) -> None:
        assert "3 of 64 restarts succeed" in seen().words("More entangled spirals")
        assert "tried 64 times, and 61 of them fail" in seen().narration("More entangled spirals")

    def test_layers_and_gaussians_are_counted(self) -> None:
        assert "each of 3 layers" in seen().narration("Layer 1")
        assert "made of 2 to 3 Gaussians" in seen().narration("Layer 1")

    def test_the_evidence_is_that_of_the_whole_way(self) -> None:
        trace = traces()["field-spirals"]
        whole = jacobians(trace, trace.dataset.dense()[0])[-1]
        words = seen().words("All layers")
        det = float(words[words.index("smallest det") + 1])
        stretch = float(words[words.index("largest stretch") + 1])
        assert det == pytest.approx(np.linalg.det(whole).min(), rel=0.06)
        assert stretch == pytest.approx(np.linalg.norm(whole, ord=2, axis=(1, 2)).max(), rel=0.06)
        assert "nothing is folded" in seen().narration("All layers")

    def test_only_what_is_proven_is_called_so(self) -> None:
        assert "separation proven" in seen().words("A line separates")
        assert "proven for all of both curves" in seen().narration("A line separates")
        assert "separation not proven" in seen().words("No line separates again")

    def test_what_was_checked(self) -> None:
        good, bad = pushed(), pushed(0.12, right=False)
        n = good.outcome["dense_points"]
        assert {f"{n} of {n} right", "nearest to the line: 0.25"} <= set(seen().words("A line separates"))
        assert f"{n - bad.outcome['wrong']} of {n} right" in seen().words("No line separates again")

    def test_the_table(self) -> None:
        words = seen().words("Turns, layers and success")
        start = words.index("tanh, 2 units")
        assert words[start : start + 16] == [
            *("tanh, 2 units", "0.1", "4", "3/64"),
            *("tanh, a wider search", "0.1", "4", "9/32"),
            *("vector fields", "0.1", "3", "5/8"),
            *("vector fields", "0.12", "3", "2/8"),
        ]

    def test_it_can_be_read(self) -> None:
        assert not [fault for page in seen().pages.values() for fault in faults(page)]
        assert 60 <= seen().scene.renderer.time <= 100

    def test_other_networks_are_refused(self) -> None:
        with pytest.raises(TopoError, match="shows spirals moved by flow layers of two units"):
            play(traces(field_spirals=squashed()))

    def test_spirals_of_other_turns_are_no_comparison(self) -> None:
        with pytest.raises(TopoError, match=r"but spirals-entangled has 0\.3 turns and field-spirals 0\.1"):
            play(traces(spirals_entangled=squashed(0.3)))


class TestParts:
    @pytest.mark.parametrize("order", [(0.0, 0.5, 1.25, 3.0), (3.0, 0.25, 2.5)])
    def test_it_moves_as_the_layers_do(self, order: tuple[float, ...]) -> None:
        trace = pushed()
        x = trace.dataset.points
        mine, plain = Onward(trace), LayerMotion(trace)
        for position in order:
            np.testing.assert_allclose(moved(mine, x, position), moved(plain, x, position), atol=1e-13)

    def test_points_of_another_array_start_anew(self) -> None:
        trace = pushed()
        motion = Onward(trace)
        motion.start(trace.dataset.points, 2)
        other = trace.dataset.points + 0.1
        np.testing.assert_allclose(motion.start(other, 2), trace.evaluate(other, 2), atol=1e-13)

    def test_networks_of_fields(self) -> None:
        assert moved_by_fields(pushed())
        assert not moved_by_fields(squashed())
        assert not moved_by_fields(handmade(FLOWS[:1], dataset=Spirals(n_per_class=8)))

    def test_turns_in_words(self) -> None:
        assert spoken_turns(squashed(1.0)) == "once around"
        assert spoken_turns(squashed(1.5)) == "one and a half times around"
        assert spoken_turns(squashed(0.75)) == "0.75 times around"

    def test_what_was_not_measured_is_not_claimed(self) -> None:
        assert checked(replace(pushed(), outcome={})) == ["not measured"]
        assert checked(pushed(right=False))[1].endswith("guessing: 50.0 %")
