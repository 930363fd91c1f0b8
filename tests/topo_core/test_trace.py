"""Traces: what they hold, what they refuse to be, and what they evaluate to."""

import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from tests.topo_core.example_traces import (
    NETWORKS,
    example_trace,
    trace_fields,
)
from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError, TraceError
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace, TraceLayer


def points(trace: Trace, count: int = 20) -> np.ndarray:
    return np.random.default_rng(2).uniform(-1, 1, (count, trace.dataset.dimension))


def by_hand(trace: Trace, x: np.ndarray, snapshot: int) -> list[np.ndarray]:
    """Every representation, in the plainest way."""
    result = [x]
    for w, b, name in zip(trace.weights, trace.biases, trace.spec.activations, strict=True):
        rows = [w[snapshot] @ row + b[snapshot] for row in result[-1]]
        result.append(ACTIVATIONS[name].apply(np.array(rows)))
    return result


class TestContent:
    def test_it_counts_layers_snapshots_and_classes(self) -> None:
        trace = example_trace("2-2-3:relu-2", snapshots=4)
        assert (trace.n_layers, trace.n_snapshots, trace.n_classes) == (3, 4, 2)
        assert example_trace("3-3-2").n_classes == 3

    def test_layers_are_those_of_the_last_snapshot(self) -> None:
        trace = example_trace()
        layers = trace.layers
        assert [layer.name for layer in layers] == ["layer 1", "layer 2", "layer 3"]
        assert [layer.index for layer in layers] == [0, 1, 2]
        assert [layer.activation for layer in layers] == ["tanh", "relu", "tanh"]
        assert [layer.swap for layer in layers] == [(0, 1)] * 3
        for layer, weights, biases in zip(layers, trace.weights, trace.biases, strict=True):
            np.testing.assert_array_equal(layer.weight, weights[-1])
            np.testing.assert_array_equal(layer.bias, biases[-1])
            np.testing.assert_array_equal(layer.path.weight, layer.weight)

    def test_layers_at_any_snapshot_are_made_once(self) -> None:
        trace = example_trace()
        assert trace.layers_at(0) is trace.layers_at(-3)
        assert trace.layers is trace.layers_at(2)
        np.testing.assert_array_equal(trace.layers_at(1)[2].weight, trace.weights[2][1])
        assert isinstance(trace.layers_at(1)[0], TraceLayer)
        assert trace.layers_at(1)[0].path is trace.layers_at(1)[0].path

    def test_without_hidden_layers(self) -> None:
        trace = example_trace("2")
        assert trace.layers == ()
        x = points(trace)
        np.testing.assert_array_equal(trace.evaluate(x), x)
        assert trace.logits(x).shape == (20, 2)

    def test_it_cannot_be_changed(self) -> None:
        trace = example_trace()
        for array in (*trace.weights, *trace.biases, trace.readout_weight, trace.steps):
            assert array.flags.c_contiguous
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
        with pytest.raises(FrozenInstanceError):
            trace.steps = np.arange(3)  # type: ignore[misc]

    def test_it_copies_what_it_is_given(self) -> None:
        fields = trace_fields()
        trace = Trace(**fields)
        before = trace.hash
        fields["weights"][0][:] = 0
        fields["outcome"]["margin"] = 1
        assert trace.outcome["margin"] == -0.125
        assert Trace(**trace_fields()).hash == before == replace(trace).hash

    def test_copies_share_it(self) -> None:
        trace = example_trace()
        assert copy.deepcopy({"trace": trace})["trace"] is trace
        assert pickle.loads(pickle.dumps(trace)) == trace

    def test_it_takes_lists_and_other_number_types(self) -> None:
        fields = trace_fields("2-2")
        fields["weights"] = [fields["weights"][0].astype(np.float32)]
        fields["biases"] = [fields["biases"][0].tolist()]
        fields["steps"] = [0, 5, 9]
        fields["swaps"] = [[1, 0]]
        trace = Trace(**fields)
        assert trace.weights[0].dtype == np.float64
        assert trace.steps.dtype == np.int64
        assert trace.swaps == ((1, 0),)


def broken(name: str, value: Any) -> dict[str, Any]:
    return {**trace_fields("2-2-2"), name: value}


class TestValidation:
    @pytest.mark.parametrize(
        ("name", "value", "complaint"),
        [
            ("spec", NetworkSpec.parse("3-2-2"), "does not fit points of dimension 2"),
            ("spec", NetworkSpec.parse("2-2"), "weights: one is needed for each of 1 hidden"),
            ("weights", (np.ones((3, 2, 2)),), "weights: one is needed"),
            ("weights", (np.ones((3, 2, 2)), np.ones((3, 2, 3))), r"weight of layer 2: shape"),
            ("weights", (np.ones((2, 2, 2)),) * 2, r"\(2, 2, 2\) does not fit, \(3, 2, 2\)"),
            ("weights", (np.full((3, 2, 2), np.nan),) * 2, "weight of layer 1: not all .* finite"),
            ("weights", (np.full((3, 2, 2), None),) * 2, "numbers of type object"),
            ("weights", (np.ones((3, 2, 2), complex),) * 2, "numbers of type complex128"),
            ("biases", (np.ones((3, 2, 1)),) * 2, "bias of layer 1: shape"),
            ("biases", (np.full((3, 2), -np.inf),) * 2, "bias of layer 1: not all .* finite"),
            ("readout_weight", np.ones((3, 3, 2)), "readout weight: shape"),
            ("readout_bias", np.ones((3, 3)), "readout bias: shape"),
            ("steps", np.array([0, 2, 2]), "increasing"),
            ("steps", np.array([-1, 0, 1]), "from 0 up"),
            ("steps", np.array([0, 2**63 - 1, -(2**63)]), "increasing"),
            ("steps", np.array([], int), "one or more"),
            ("steps", np.array([0.0, 1.0, 2.0]), "steps: numbers of type float64"),
            ("steps", np.zeros((3, 1), int), "steps: shape"),
            ("losses", np.ones(2), "losses: shape"),
            ("losses", np.full(3, np.nan), "losses: not all"),
            ("accuracies", np.full(3, 1.5), "accuracies: give shares"),
            ("swaps", (None,), "swaps: one is needed"),
            ("swaps", ((0, 2), None), "not a pair of the 2 neurons"),
            ("swaps", ((0,), None), "not a pair"),
            ("swaps", ((0, 1.0), None), "not a pair"),
            ("swaps", ("01", None), "not a pair"),
            ("swaps", ((1, 1), None), "not a pair"),
            ("swaps", ((True, 0), None), "not a pair"),
            ("swaps", (([], 0), None), "not a pair"),
            ("swaps", ((0, 1, 0), None), "not a pair"),
            ("outcome", {"margin": float("nan")}, "outcome cannot be written as JSON"),
            ("outcome", {"margin": np.ones(2)}, "outcome cannot be written as JSON"),
            ("certificate", [1], "certificate is not a JSON object"),
            ("provenance", {1, 2}, "provenance cannot be written"),
        ],
    )
    def test_what_does_not_fit_is_named(self, name: str, value: Any, complaint: str) -> None:
        with pytest.raises(TraceError, match=complaint) as caught:
            Trace(**broken(name, value))
        assert "\n" not in str(caught.value)

    def test_json_may_not_be_bottomless(self) -> None:
        deep: dict[str, Any] = {}
        for _ in range(100):
            deep = {"a": deep}
        with pytest.raises(TraceError, match="nested more than 32"):
            Trace(**broken("certificate", deep))
        deep["self"] = deep
        with pytest.raises(TraceError, match="cannot be written as JSON"):
            Trace(**broken("certificate", deep))


@pytest.mark.parametrize("network", NETWORKS)
class TestEvaluation:
    def test_whole_layers_are_the_network(self, network: str) -> None:
        trace = example_trace(network)
        x = points(trace)
        for snapshot in (0, 1, -1):
            expected = by_hand(trace, x, snapshot)
            representations = trace.representations(x, snapshot)
            assert len(representations) == trace.n_layers + 1
            for layer, (h, value) in enumerate(zip(representations, expected, strict=True)):
                np.testing.assert_allclose(h, value, rtol=0, atol=1e-12)
                evaluated = trace.evaluate(x, layer, snapshot=snapshot)
                np.testing.assert_allclose(evaluated[:, : value.shape[1]], value, rtol=0, atol=1e-12)
                np.testing.assert_array_equal(evaluated[:, value.shape[1] :], 0)
            logits = expected[-1] @ trace.readout_weight[snapshot].T + trace.readout_bias[snapshot]
            np.testing.assert_allclose(trace.logits(x, snapshot), logits, rtol=0, atol=1e-12)
            np.testing.assert_array_equal(
                trace.readout(representations[-1], snapshot), trace.logits(x, snapshot)
            )
            predicted = trace.predict(x, snapshot)
            assert predicted.dtype == np.int64
            np.testing.assert_array_equal(predicted, logits.argmax(axis=1))

    def test_in_between_it_follows_the_layers_path(self, network: str) -> None:
        trace = example_trace(network)
        x = points(trace)
        before = trace.representations(x)
        for layer, h in zip(trace.layers, before[:-1], strict=True):
            for t in (0.0, 0.2, 1 / 3, 0.5, 0.9, 1.0):
                moved = trace.evaluate(x, layer.index, t)
                assert moved.shape == (20, layer.path.dimension)
                np.testing.assert_array_equal(moved, layer.path(h, t))
            width = layer.weight.shape[0]
            np.testing.assert_allclose(
                trace.evaluate(x, layer.index, 1.0)[:, :width],
                trace.evaluate(x, layer.index + 1)[:, :width],
                rtol=0,
                atol=1e-12,
            )

    def test_results_are_new_arrays(self, network: str) -> None:
        trace = example_trace(network)
        x = points(trace)
        kept = x.copy()
        for h in (trace.evaluate(x), *trace.representations(x), trace.evaluate(x, trace.n_layers)):
            h[:] = 0
        np.testing.assert_array_equal(x, kept)

    def test_no_points_are_no_problem(self, network: str) -> None:
        trace = example_trace(network)
        x = np.empty((0, trace.dataset.dimension))
        assert trace.logits(x).shape == (0, trace.n_classes)
        assert trace.evaluate(x).shape[0] == 0


class TestWrongPlaces:
    @pytest.mark.parametrize(
        ("layer", "t"), [(-1, 0.0), (4, 0.0), (3, 0.5), (0, -0.1), (0, 1.1), (0, float("nan"))]
    )
    def test_outside_the_network(self, layer: int, t: float) -> None:
        trace = example_trace()
        with pytest.raises(TopoError, match="this trace goes from layer 0 to layer 3"):
            trace.evaluate(points(trace), layer, t)

    @pytest.mark.parametrize("snapshot", [3, -4])
    def test_outside_the_snapshots(self, snapshot: int) -> None:
        trace = example_trace()
        with pytest.raises(TopoError, match="has snapshots 0 to 2"):
            trace.logits(points(trace), snapshot)
        with pytest.raises(TopoError, match="has snapshots 0 to 2"):
            trace.layers_at(snapshot)

    @pytest.mark.parametrize("shape", [(2,), (5, 3), (5, 1), (1, 5, 2)])
    def test_points_of_another_space(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(TopoError, match=r"this trace takes \(k, 2\)"):
            example_trace().evaluate(np.zeros(shape))
