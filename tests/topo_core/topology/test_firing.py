"""Where the units of a network on the line fire."""

import numpy as np
import pytest

from tests.topo_core.example_traces import example_trace, trace_fields
from topo_core.errors import TopoError
from topo_core.topology.firing import Threshold, thresholds
from topo_core.trace import Trace


def test_thresholds_are_the_zeros() -> None:
    fields = trace_fields("1-3-2", snapshots=2)
    weight = np.array([[[2.0], [-4.0], [0.0]], [[1.0], [1.0], [1.0]]])
    bias = np.array([[1.0, 1.0, 3.0], [0.0, -0.5, 0.5]])
    trace = Trace(
        **{**fields, "weights": (weight, fields["weights"][1]), "biases": (bias, fields["biases"][1])}
    )
    assert thresholds(trace, 0) == (
        Threshold(0, -0.5, "right"),
        Threshold(1, 0.25, "left"),
        Threshold(2, None, ""),
    )
    assert [t.at for t in thresholds(trace)] == [0.0, 0.5, -0.5]


def test_a_unit_is_positive_on_its_side() -> None:
    trace = example_trace("1-2")
    for threshold in thresholds(trace):
        assert threshold.at is not None
        sides = np.array([[threshold.at - 0.1], [threshold.at], [threshold.at + 0.1]])
        h = trace.representations(sides)[1][:, threshold.unit]
        assert h[1] == pytest.approx(0, abs=1e-12)
        assert (h[2] > 0 > h[0]) == (threshold.side == "right")
        assert (h[0] > 0 > h[2]) == (threshold.side == "left")


@pytest.mark.parametrize("network", ["2-2", "2"])
def test_only_on_the_line(network: str) -> None:
    with pytest.raises(TopoError, match=f"network {network}: thresholds need one input and a hidden layer"):
        thresholds(example_trace(network))
