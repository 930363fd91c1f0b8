"""The scene that counts holes says what was counted, and what is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenes.essay.layer_by_layer import MeasuredLayerByLayer
from scenes.essay.parts.growing_balls import GrowingBalls
from scenes.kit import Rect
from scenes.kit.theme import DARK
from tests.scenes.essay_scenes import Seen
from topo_core.datasets import DiscInAnnulus
from topo_core.errors import TopoError
from topo_core.handmade import handmade
from topo_core.topology.homology import described, homology_of_layers
from topo_core.trace import Trace

LIFT = (np.array([[1.0, 0.2], [-0.3, 0.9], [0.5, 0.5]]), np.zeros(3))
TURN = (np.array([[0.9, 0.1, 0.0], [-0.1, 0.8, 0.2], [0.0, 0.1, 1.0]]), np.zeros(3))


def counted(activation: str) -> Trace:
    trace = handmade([LIFT, TURN], activation, dataset=DiscInAnnulus(n_per_class=150))
    return replace(trace, outcome={"homology": described(homology_of_layers(trace, n_points=800))})


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen(MeasuredLayerByLayer, {"layers-tanh": counted("tanh"), "layers-relu": counted("relu")})


def test_sections_in_order(seen: Seen) -> None:
    assert seen.sections == [
        "How holes are found",
        "Two networks",
        "Layer 1",
        "Layer 2",
        "True and estimated",
    ]


def test_the_panels_say_what_was_counted(seen: Seen) -> None:
    for layer, section in ((0, "Two networks"), (1, "Layer 1"), (2, "Layer 2")):
        said = seen.words(section)
        for side in seen.scene.sides:
            last = side.counted[layer][1]
            assert str(last["betti"][1]) in said
            assert f"{last['hole_sizes'][1]:.2g}" in said


def test_homeomorphisms_keep_the_hole_and_others_need_not(seen: Seen) -> None:
    said = " ".join(seen.words("True and estimated"))
    assert "True: 1 loop, for every layer is a homeomorphism." in said
    assert "True: not known, for layer 1 is no homeomorphism." in said
    assert "The hole of B is still there" in seen.narration("True and estimated")


def test_what_is_no_homeomorphism_is_not_said_to_keep_the_hole() -> None:
    flat = handmade([LIFT, (np.zeros((3, 3)), np.zeros(3))], "tanh", dataset=DiscInAnnulus(n_per_class=150))
    flat = replace(flat, outcome={"homology": described(homology_of_layers(flat, n_points=400))})
    seen = Seen(MeasuredLayerByLayer, {"layers-tanh": flat, "layers-relu": counted("relu")})
    assert "no homeomorphism" in seen.narration("True and estimated")
    assert "still there" not in seen.narration("True and estimated")


def test_balls_merge_and_fill_the_hole() -> None:
    balls = GrowingBalls(DiscInAnnulus(), Rect(-3, -3, 3, 3), DARK)
    born, dies = balls.bar
    assert (balls.pieces(), balls.loops()) == (120, 0)
    balls.state.radius = (born + dies) / 2
    assert (balls.pieces(), balls.loops()) == (1, 1)
    balls.state.radius = dies
    assert balls.loops() == 0
    # The annulus goes from 2/3 to 1, so that its hole is filled from about 2/3 on.
    assert 0.6 < dies < 0.75


def test_another_trace_is_refused() -> None:
    wide = handmade([(np.ones((4, 2)), np.zeros(4))], "tanh", dataset=DiscInAnnulus())
    with pytest.raises(TopoError, match="two or three units"):
        Seen(MeasuredLayerByLayer, {"layers-tanh": wide, "layers-relu": wide})
