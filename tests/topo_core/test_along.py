"""What is measured along a motion agrees with closed forms and with the measures it is made of."""

from __future__ import annotations

import numpy as np
import pytest

from tests.topo_core.example_traces import example_trace
from topo_core.along import along_layers, along_training
from topo_core.datasets import DiscInAnnulus, Spirals
from topo_core.datasets.links import LinkedTori
from topo_core.errors import TopoError, UnknownNameError
from topo_core.handmade import handmade
from topo_core.topology.gap import relative_gap
from topo_core.topology.passage import passage
from topo_core.trace import Trace

SCALE = np.diag([2.0, 0.5])


def linear(dataset: object = None, matrix: object = SCALE) -> Trace:
    return handmade([(matrix, np.zeros(2))] * 2, "linear", dataset=dataset or DiscInAnnulus())


def test_determinant_and_stretch_of_matrices_that_stretch() -> None:
    stretch, det = (along_layers(linear(), name, per_layer=12) for name in ("stretch", "det"))
    np.testing.assert_allclose(stretch.values[[0, 12, 24]], [1, 2, 4])
    np.testing.assert_allclose(det.values[[0, 12, 24]], [1, 1, 1])
    assert (np.diff(stretch.values) >= -1e-12).all()
    assert (det.values > 1 - 1e-12).all()  # (1 + t)(1 - t / 2) on the way
    assert det.values.max() == pytest.approx(1.125)
    np.testing.assert_allclose(stretch.positions, np.arange(25) / 12)


def test_a_determinant_exists_only_where_the_dimension_stays() -> None:
    trace = handmade([(np.ones((3, 2)), np.zeros(3))], "tanh", dataset=DiscInAnnulus())
    assert np.isnan(along_layers(trace, "det").values[1:]).all()
    assert np.isfinite(along_layers(trace, "stretch").values).all()


@pytest.mark.parametrize("mirror", [1.0, -1.0])
def test_the_winding_number_is_one_until_the_plane_is_left(mirror: float) -> None:
    trace = linear(matrix=np.diag([1.0, 1.0]))
    assert (along_layers(trace, "winding", per_layer=4).values == 1).all()
    turned = handmade([(np.diag([mirror, 1.0]), np.zeros(2))], "linear", dataset=DiscInAnnulus())
    assert along_layers(turned, "winding", per_layer=1).values[-1] == mirror
    lifted = handmade([(np.eye(3)[:, :2], np.zeros(3))], "tanh", dataset=DiscInAnnulus())
    np.testing.assert_array_equal(along_layers(lifted, "winding", per_layer=1).values, [np.nan, np.nan])


def test_the_gap_is_that_of_the_representations() -> None:
    trace = linear(Spirals(turns=0.5))
    found = along_layers(trace, "gap", per_layer=3)
    points, labels = trace.dataset.dense()
    chosen = np.linspace(0, len(points) - 1, 2000).round().astype(int)
    for layer, h in enumerate(trace.representations(points[chosen])):
        assert found.values[3 * layer] == relative_gap(h, labels[chosen])


def test_linking_and_distance_are_those_of_the_passage() -> None:
    trace = handmade([(np.eye(3), np.zeros(3)), (np.eye(4)[:, :3], np.zeros(4))], dataset=LinkedTori())
    linking, distance = (along_layers(trace, name, per_layer=2) for name in ("linking", "distance"))
    way = passage(trace, 2)
    np.testing.assert_array_equal(distance.values, way.distances)
    assert [None if np.isnan(v) else v for v in linking.values] == list(way.linking)
    assert abs(linking.values[0]) == 1
    assert np.isnan(linking.values[-1])


def test_betti_numbers_have_a_value_for_each_class() -> None:
    found = along_layers(linear(), "betti")
    np.testing.assert_array_equal(found.values[:2], [[0, 1]] * 2)
    holes = along_layers(linear(), "hole").values
    assert (holes[:, 1] > holes[:, 0]).all()
    assert holes[0, 1] > holes[1, 1] > holes[2, 1]  # it is squeezed


def test_what_is_measured_while_it_is_trained() -> None:
    trace = example_trace("2-2-2", dataset=Spirals(turns=0.5))
    accuracy = along_training(trace, "accuracy")
    np.testing.assert_array_equal(accuracy.values, trace.accuracies)
    assert accuracy.reference == (0.5, "majority")
    for name in ("loss", "stretch", "gap"):
        found = along_training(trace, name)
        assert found.values.shape == accuracy.positions.shape == (trace.n_snapshots,)
        assert np.isfinite(found.values).all()


def test_the_end_of_the_layers_is_the_last_snapshot_of_the_training() -> None:
    trace = example_trace("2-2-2", dataset=Spirals(turns=0.5))
    for name in ("stretch", "gap", "accuracy"):
        end = along_layers(trace, name, per_layer=1).values[-1]
        assert end == pytest.approx(along_training(trace, name).values[-1], rel=1e-12)


def test_what_does_not_exist_is_refused_in_one_line() -> None:
    with pytest.raises(UnknownNameError, match="stretch"):
        along_layers(linear(), "strech")
    with pytest.raises(UnknownNameError, match="accuracy"):
        along_training(linear(), "acuracy")
    with pytest.raises(TopoError, match="winding number on spirals"):
        along_layers(linear(Spirals(turns=0.5)), "winding")
    with pytest.raises(TopoError, match="two closed curves"):
        along_layers(linear(), "linking")
