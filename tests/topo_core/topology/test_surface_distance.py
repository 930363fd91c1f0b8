"""The nearest points of two surfaces, against distances that are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topo_core.datasets import LinkedTori
from topo_core.datasets.tubes import Ring, Tube
from topo_core.errors import TopoError
from topo_core.topology.gap import gap
from topo_core.topology.surface_distance import nearest_on_surfaces


def surfaces(data: LinkedTori) -> list[Tube]:
    return [Tube(core, data.radius) for core in data.cores]


def test_linked_tori_are_apart_by_what_their_tubes_leave() -> None:
    """Every point of one core is at distance 1 from the other core."""
    for radius in (0.1, 0.3, 0.45):
        found = nearest_on_surfaces(*surfaces(LinkedTori(tube_radius=radius)))
        assert found.distance == pytest.approx(1 - 2 * radius, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.floats(2.2, 5.0), st.floats(-0.2, 0.2), st.integers(0, 1000))
def test_two_tori_side_by_side_turned_into_four_dimensions(gap_: float, lift: float, seed: int) -> None:
    """Tubes around two circles of one plane, moved apart by a fourth coordinate, and turned."""
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))[0]
    rings = [Ring((x, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 1.0) for x in (0.0, gap_)]
    tubes = [Tube(ring, 0.1) for ring in rings]

    def lifted(tube: Tube, height: float):  # type: ignore[no-untyped-def]
        return lambda u, v: np.pad(tube(u, v), ((0, 0), (0, 1)), constant_values=height) @ turn

    found = nearest_on_surfaces(lifted(tubes[0], 0.0), lifted(tubes[1], lift))
    assert found.distance == pytest.approx(np.hypot(gap_ - 2.2, lift), abs=1e-5)


def test_the_parameters_are_those_of_the_points() -> None:
    first, second = surfaces(LinkedTori())
    found = nearest_on_surfaces(first, second)
    p, q = (tube(*parameters[:, None]) for tube, parameters in ((first, found.first), (second, found.second)))
    assert np.linalg.norm(p - q) == pytest.approx(found.distance, abs=1e-12)
    assert ((found.first >= 0) & (found.first < 1) & (found.second >= 0) & (found.second < 1)).all()


def test_it_is_less_than_that_of_spread_points() -> None:
    data = LinkedTori()

    def bent(tube: Tube):  # type: ignore[no-untyped-def]
        return lambda u, v: np.tanh(tube(u, v) @ np.array([[1.0, 0.4, 0], [-0.3, 0.8, 0.5], [0.2, 0, 1.1]]))

    points, labels = data.dense()
    images = np.tanh(points @ np.array([[1.0, 0.4, 0], [-0.3, 0.8, 0.5], [0.2, 0, 1.1]]))
    found = nearest_on_surfaces(*map(bent, surfaces(data)))
    assert 0.9 * gap(images, labels) < found.distance < gap(images, labels)


def test_surfaces_of_different_spaces() -> None:
    tube = surfaces(LinkedTori())[0]
    with pytest.raises(TopoError, match="one dimension"):
        nearest_on_surfaces(tube, lambda u, v: np.pad(tube(u, v), ((0, 0), (0, 1))))
