"""The scene of four dimensions: distances, the crossing that is none, the hyperplane, both outcomes."""

from functools import cache

import numpy as np
import pytest

from scenes.essay import tori_unlink
from scenes.essay.parts import moving_tori
from scenes.essay.parts.shadow import undecided
from scenes.essay.tori_unlink import ToriUnlink
from scenes.output.look import faults
from tests.scenes.essay.parts.test_shadow import LAYERS, READOUT
from tests.scenes.essay_scenes import Seen, learned
from topo_core.datasets import LinkedTori as Data
from topo_core.errors import TopoError
from topo_core.topology.surface_distance import nearest_on_surfaces
from topo_core.trace import Trace

pytestmark = pytest.mark.slow

DATA = Data(n_per_class=12)
FAILED = {
    "wrong": 812,
    "dense_points": 8000,
    "accuracy": 0.8985,
    "majority_rate": 0.5,
    "separated": False,
    "margin": -0.4,
}
WORKED = FAILED | {"wrong": 0, "accuracy": 1.0, "separated": True, "margin": 0.1164}


def trace(worked: bool = True) -> Trace:
    return learned(DATA, LAYERS, READOUT, WORKED if worked else FAILED)


@cache
def seen(worked: bool = True) -> Seen:
    before = tori_unlink._SAMPLES, tori_unlink._LOOKS, moving_tori._PIECES, moving_tori._LINES
    tori_unlink._SAMPLES, tori_unlink._LOOKS, moving_tori._PIECES, moving_tori._LINES = 4, 4, 128, 12
    try:
        return Seen(ToriUnlink, {"tori-4": trace(worked)})
    finally:
        tori_unlink._SAMPLES, tori_unlink._LOOKS, moving_tori._PIECES, moving_tori._LINES = before


def distance(position: float) -> float:
    layer, network = int(position), trace()
    first, second = (
        lambda u, v, c=c: network.evaluate(c.surface.patch(u, v), layer, position - layer)
        for c in DATA.components
    )
    return nearest_on_surfaces(first, second).distance


def test_sections_in_order() -> None:
    assert [name for name in seen().sections if name != "A crossing that is none"] == [
        *("Four coordinates", "The first layer", "The last layer"),
        *("A turn in four dimensions", "A hyperplane separates them"),
    ]


def test_the_distance_in_four_dimensions_is_on_screen() -> None:
    for section, position in (("The first layer", 1.0), ("The last layer", 2.0)):
        words = seen().words(section)
        assert words[words.index("distance in 4-D") + 1] == f"{distance(position):.2f}"
    turned = seen().words("A turn in four dimensions")
    assert turned[turned.index("distance in 4-D") + 1] == f"{distance(2.0):.2f}"


def test_the_least_distance_is_stated() -> None:
    least = min(distance(p) for p in np.arange(9) / 4)
    words = seen().words("The last layer")
    assert f"Never nearer than {least:.2f}" in words
    assert "at the 9 instants measured." in words


def test_a_pair_that_seems_one_is_apart() -> None:
    assert "A crossing that is none" in seen().sections
    words = seen().words("A crossing that is none")
    apart = float(words[words.index("the pair, in 4-D:") + 1])
    in_picture = float(words[words.index("in the picture:") + 1])
    assert 0 < in_picture <= apart
    assert apart >= min(distance(p) for p in np.arange(4, 9) / 4)


def test_the_plane_is_the_hyperplane() -> None:
    scene = seen().scene
    normal, bias = undecided(trace())
    plane = scene.space.shapes[-2]
    assert plane.points[:, 0] == pytest.approx(-bias)
    assert scene.shadow.turn == 1.0
    assert scene.shadow.rotation[0] == pytest.approx(normal)
    assert scene.shadow.position == 2.0


def test_the_outcome_is_reported() -> None:
    words = seen().words("A hyperplane separates them")
    assert "8000 of 8000 points right," in words
    assert "0.12 or more from it." in words


def test_a_training_that_failed_is_reported() -> None:
    failed = seen(worked=False)
    assert "A hyperplane separates them" not in failed.sections
    words = failed.words("Not separated")
    assert "7188 of 8000 points right" in words
    assert "(guessing: 50.0 %)." in words
    assert "separates them" not in failed.narration("Not separated")


def test_it_can_be_read() -> None:
    assert not [fault for page in seen().pages.values() for fault in faults(page)]
    assert max(seen().speeds().values()) < 19


def test_other_traces_are_refused() -> None:
    three = learned(DATA, [(np.eye(3), np.zeros(3))], ([[0.0] * 3, [1.0, 0, 0]], [0.0, 0.0]))
    with pytest.raises(TopoError, match="layers of four units"):
        Seen(ToriUnlink, {"tori-4": three})
