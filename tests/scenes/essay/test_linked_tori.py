"""The scene of the linked tori: what it says of a network that fails, in numbers."""

from functools import cache

import numpy as np
import pytest

from scenes.essay import linked_tori
from scenes.essay.linked_tori import LinkedTori
from scenes.essay.parts import moving_tori
from scenes.kit.theme import DARK, rgb
from scenes.output.look import faults
from tests.scenes.essay_scenes import Seen, learned
from topo_core.datasets import LinkedTori as Data
from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

DATA = Data(n_per_class=12)
BENT = ([[2.5, 0.4, -0.3], [0.2, 1.2, 0.8], [-0.6, 0.3, 1.0]], [0.3, -0.2, 0.1])
CUT = ([[0.0, 0.0, 0.0], [3.0, 0.5, 0.4]], [0.0, -0.2])
OUTCOME = {
    "wrong": 99,
    "dense_points": 8000,
    "accuracy": 0.987625,
    "majority_rate": 0.5,
    "separated": False,
    "solved_restarts": 0,
    "restarts": 16,
    "path_distances": [0.4, 0.000014],
}


def trace(weight: object = BENT) -> Trace:
    return learned(DATA, [weight], CUT, OUTCOME)


@cache
def seen() -> Seen:
    before = linked_tori._SAMPLES, moving_tori._PIECES, moving_tori._LINES
    linked_tori._SAMPLES, moving_tori._PIECES, moving_tori._LINES = 4, 128, 12
    try:
        return Seen(LinkedTori, {"tori-3": trace()})
    finally:
        linked_tori._SAMPLES, moving_tori._PIECES, moving_tori._LINES = before


def test_sections_in_order() -> None:
    assert seen().sections == [
        *("Two linked tori", "Linking number", "Three units learn"),
        *("Carried through the layers", "Where it is wrong", "Not unlinked"),
    ]


def test_signs_and_half_their_sum() -> None:
    words = seen().words("Linking number")
    at = words.index("half their sum:")
    signs = words[words.index("crossings:") + 1 : at]
    assert len(signs) == 4
    numbers = [int(sign.replace("−", "-")) for sign in signs]
    assert words[at + 1] == "+1"
    assert sum(numbers) / 2 == linking_number(*(core(np.arange(300) / 300) for core in DATA.cores)) == 1


def test_accuracy_is_reported_beside_guessing() -> None:
    words = seen().words("Three units learn")
    assert "7901 of 8000" in words
    assert "(98.8 %; guessing: 50.0 %)" in words
    assert "0 of 16 restarts succeed" in words
    assert "never gets all of it" in seen().narration("Three units learn")


def test_the_linking_number_is_that_of_the_moved_curves() -> None:
    network = trace()
    s = np.arange(2000) / 2000
    number = linking_number(*(network.evaluate(core(s), 1) for core in DATA.cores))
    words = seen().words("Carried through the layers")
    assert words[words.index("linking number") + 1] == f"{number:+d}"
    assert "but linked at every instant." in words
    for section in ("Where it is wrong", "Not unlinked"):
        words = seen().words(section)
        assert words[words.index("linking number:") + 1] == f"{number:+d}"


def test_what_is_wrong_closes_around_a_tube() -> None:
    assert "99 of 8000 points" in seen().words("Where it is wrong")
    assert "98.8 % is not unlinking" in seen().words("Not unlinked")
    assert any(line in ("On A it closes", "On B it closes") for line in seen().words("Not unlinked"))


def test_the_wrong_side_is_marked_in_the_end() -> None:
    shown = seen().scene.shown
    network = trace()
    for label, surface in enumerate(shown.surfaces):
        own, accent = (np.array(rgb(c)) for c in (DARK.class_colour(label), DARK.accent))
        toward = (surface.colours[:, :3] / 255 - own) @ (accent - own) / np.square(accent - own).sum()
        marked = toward > 0.5
        lead = network.logits(shown.tori.inputs[label])
        wrong = lead[:, label] < lead[:, 1 - label]
        assert np.mean(marked == wrong) > 0.97
        assert marked.any() == wrong.any()


def test_it_can_be_read() -> None:
    assert not [fault for page in seen().pages.values() for fault in faults(page)]
    assert max(seen().speeds().values()) < 19


@pytest.mark.parametrize("other", [learned(Spirals(), [([[1.0, 0], [0, 1.0]], [0.0, 0.0])])])
def test_other_traces_are_refused(other: Trace) -> None:
    with pytest.raises(TopoError, match="layers of three units"):
        Seen(LinkedTori, {"tori-3": other})
