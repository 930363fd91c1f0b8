"""Polygons that follow curves through networks that stretch them."""

import numpy as np
import pytest

from tests.topo_core.example_traces import example_trace
from topo_core.datasets import LinkedTori, Unlink
from topo_core.datasets.tubes import Ring
from topo_core.errors import TopoError
from topo_core.handmade import handmade
from topo_core.topology.distance import polygon_distance
from topo_core.topology.follow import follow_curves, followed, resolved
from topo_core.topology.linking import linking_number
from topo_core.trace import Trace


def rough(seed: int, layers: int = 3) -> Trace:
    """Rotations times 4 and tanh: homeomorphisms that press the cores against each other."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(layers):
        turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
        made.append((4 * np.sign(np.linalg.det(turn)) * turn, rng.standard_normal(3)))
    return handmade(made, "tanh", dataset=LinkedTori())


def test_equally_spaced_corners_would_get_the_linking_number_wrong() -> None:
    trace = rough(1)
    s = np.arange(600) / 600
    assert linking_number(*(trace.evaluate(core(s), 3) for core in LinkedTori().cores)) == 0
    curves = follow_curves(trace)
    ends = [trace.evaluate(curve, 3) for curve in curves]
    assert linking_number(*ends) == 1
    assert resolved(*ends)
    assert max(map(len, curves)) < 5000


def test_corners_are_on_the_curves_in_their_order() -> None:
    for curve, core in zip(follow_curves(rough(1)), LinkedTori().cores, strict=True):
        assert isinstance(core, Ring)
        x, y = np.array([core.first, core.second]) @ (curve - np.array(core.centre)).T
        np.testing.assert_allclose(np.hypot(x, y), 1, rtol=1e-12)
        angle = np.arctan2(y, x) % (2 * np.pi)
        assert (np.diff(angle) > 0).all()


def test_a_gentle_network_needs_no_more_corners() -> None:
    trace = handmade([(0.3 * np.eye(3), np.zeros(3))], "tanh", dataset=Unlink())
    assert [len(curve) for curve in follow_curves(trace)] == [600, 600]


def test_curves_that_meet_end_the_refinement() -> None:
    trace = handmade([(np.diag([1.0, 1, 0]), np.zeros(3))], "linear", dataset=LinkedTori())
    curves = follow_curves(trace, per_layer=2)
    assert [len(curve) for curve in curves] == [600, 600]
    assert not resolved(*(trace.evaluate(curve, 1) for curve in curves))
    assert not followed(trace, 1).resolved


def test_one_place_alone() -> None:
    trace = rough(1)
    for layer in range(4):
        pair = followed(trace, layer)
        assert pair.resolved
        assert linking_number(pair.first, pair.second) == 1


def test_resolved() -> None:
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    near, far = square + np.array([1.9, 0]), square + np.array([5.0, 0])
    assert resolved(square, far)
    assert not resolved(square, near)
    assert polygon_distance(square, near) > 0


def test_other_datasets() -> None:
    with pytest.raises(TopoError, match="give a dataset of two closed curves"):
        follow_curves(example_trace("2-2"))
