"""Components on their way through a network: how far apart, and how often linked."""

import numpy as np
import pytest

from tests.topo_core.example_traces import example_trace
from topo_core.datasets import LinkedTori, Unlink
from topo_core.errors import TopoError
from topo_core.handmade import handmade
from topo_core.measures import measures
from topo_core.topology.gap import gap
from topo_core.topology.passage import passage


def test_a_rotation_and_a_shift_change_nothing() -> None:
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    trace = handmade([(turn, [1, 2, 3]), (np.eye(3), [0, 0, 0])], "linear", dataset=LinkedTori())
    way = passage(trace, 4)
    np.testing.assert_allclose(way.positions, np.arange(9) / 4)
    assert way.linking == (1,) * 9
    np.testing.assert_allclose(way.distances, 0.4, atol=0.01)


def test_curves_are_followed_as_polygons() -> None:
    trace = handmade([(2 * np.eye(3), [0, 0, 0])], "linear", dataset=Unlink())
    way = passage(trace, 2)
    np.testing.assert_allclose(way.distances, [1, 2, 2], atol=1e-2)
    assert way.linking == (0, 0, 0)


def test_in_four_dimensions_there_is_no_linking_number() -> None:
    lift = np.vstack([np.eye(3), [[1.0, 0, 0]]])
    way = passage(handmade([(lift, np.zeros(4))], "tanh", dataset=LinkedTori()), 3)
    assert way.linking == (1, None, None, None)
    assert (way.distances > 0.2).all()


@pytest.mark.parametrize("network", ["3-3-3-3", "3-4-4", "3-3:softplus-5"])
def test_homeomorphisms_keep_them_apart_and_linked(network: str) -> None:
    trace = example_trace(network, dataset=LinkedTori(n_per_class=9), seed=3)
    gentle = [
        (np.eye(*w[-1].shape) + 0.3 * w[-1], b[-1]) for w, b in zip(trace.weights, trace.biases, strict=True)
    ]
    made = handmade(gentle, trace.spec.activations, dataset=LinkedTori())
    assert all(layer.path.isotopic for layer in made.layers)
    way = passage(made, 6)
    assert (way.distances > 0).all()
    assert set(way.linking) <= {1, None}
    assert way.linking[0] == 1
    points, labels = made.dataset.dense()
    for k, h in enumerate(made.representations(points)):
        assert way.distances[6 * k] == pytest.approx(gap(h, labels))


def test_a_projection_lets_them_meet() -> None:
    flat = np.diag([1.0, 1, 0])
    way = passage(handmade([(flat, np.zeros(3))], "linear", dataset=LinkedTori()), 4)
    assert way.linking == (1, 1, None, None, None)  # flat from half-way on
    assert way.distances[-1] < 0.02


def test_measures_of_a_link() -> None:
    trace = handmade([(np.eye(3), np.zeros(3))] * 2, "tanh", dataset=LinkedTori())
    found = measures(trace)
    assert found["linking"] == [1, 1, 1]
    assert found["path_linking"] == [1] * 25
    assert found["path_positions"][12] == 1.0
    assert found["smallest_distance"] == min(found["path_distances"])
    assert 0 < found["smallest_distance"] < 0.4


def test_other_datasets_have_no_passage() -> None:
    with pytest.raises(TopoError, match="give a dataset of two closed curves"):
        passage(example_trace("2-2"))
