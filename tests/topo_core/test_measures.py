"""What an outcome says of stretching, gaps, winding and thresholds, recomputed."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.topo_core.example_traces import NETWORKS, example_trace
from topo_core.datasets import DiscInAnnulus, Interval
from topo_core.measures import measures
from topo_core.topology.gap import relative_gap
from topo_core.topology.stretch import logit_gradients, stretches


@pytest.mark.parametrize("network", [n for n in NETWORKS if n[0] != "3"])
def test_they_are_those_of_the_dense_points(network: str) -> None:
    trace = example_trace(network)
    points, labels = trace.dataset.dense()
    found = measures(trace)
    whole = stretches(trace, points)[-1][:, 0]
    gradients = np.linalg.norm(logit_gradients(trace, points), axis=2)
    assert found["largest_stretch"] == whole.max()
    assert found["mean_stretch"] == pytest.approx(whole.mean())
    assert found["largest_logit_gradient"] == pytest.approx(gradients.max())
    assert found["mean_logit_gradient"] == pytest.approx(gradients.mean())
    assert found["readout_norm"] == pytest.approx(np.linalg.norm(np.diff(trace.readout_weight[-1], axis=0)))
    assert len(found["gaps"]) == trace.n_layers + 1
    assert found["gaps"] == [relative_gap(h, labels) for h in trace.representations(points)]
    assert found["gap"] == found["gaps"][-1]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_disc_in_the_annulus() -> None:
    found = measures(example_trace("2-2-3", dataset=DiscInAnnulus(n_per_class=10)))
    assert_allclose(found["gaps"][0], 1 / 6, rtol=1e-3)  # 1/3 of a diameter of 2
    assert found["winding"][0] == 1
    assert found["winding"][2] is None
    assert found["winding_reasons"][::2] == ["", "Representation 2 has 3 dimensions: not a plane."]
    assert "thresholds" not in found


def test_the_interval() -> None:
    trace = example_trace("1-2", dataset=Interval(n_per_class=8))
    found = measures(trace)
    at = -trace.biases[0][-1] / trace.weights[0][-1][:, 0]
    assert [threshold["at"] for threshold in found["thresholds"]] == pytest.approx(at)
    assert "winding" not in found


def test_points_of_unknown_origin_are_not_measured() -> None:
    assert measures(example_trace("3-3-2:softplus")) == {}
