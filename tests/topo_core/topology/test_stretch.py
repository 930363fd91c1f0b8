"""Stretching against closed forms, finite differences and rotations."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from tests.topo_core.example_traces import NETWORKS, example_trace, trace_fields
from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError
from topo_core.topology.stretch import (
    jacobians,
    layer_jacobians,
    layer_stretches,
    logit_gradients,
    singular_values,
    stretch,
    stretch_history,
    stretches,
)
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


def points(d: int, n: int = 40) -> FloatArray:
    return np.random.default_rng(3).uniform(-1, 1, (n, d))


def differences(f: Any, x: FloatArray, step: float = 1e-6) -> FloatArray:
    """Jacobians ``(k, m, d)`` of ``f`` by central differences."""
    columns = [(f(x + step * e) - f(x - step * e)) / (2 * step) for e in np.eye(x.shape[1])]
    return np.stack(columns, axis=2)


class TestSlopes:
    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_they_are_derivatives(self, name: str) -> None:
        sigma = ACTIVATIONS[name]
        x = np.concatenate([np.linspace(-6, 6, 50), [1e-3, -1e-3]])  # no corner of ReLU among them
        slope = (sigma.apply(x + 1e-5) - sigma.apply(x - 1e-5)) / 2e-5
        assert_allclose(sigma.slope(x), slope, atol=1e-8)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_far_out_they_neither_overflow_nor_vanish_too_early(self, name: str) -> None:
        with np.errstate(all="raise", under="ignore"):
            far = ACTIVATIONS[name].slope(np.array([-1e4, -30.0, 30.0, 1e4]))
        assert np.isfinite(far).all()
        if name == "tanh":  # 1 - tanh(30)^2 would be 0
            assert_allclose(far[1:3], 4 * np.exp(-60), rtol=1e-14)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_in_place(self, name: str) -> None:
        x = points(3)
        expected = ACTIVATIONS[name].slope(x.copy())
        assert ACTIVATIONS[name].slope(x, out=x) is x
        assert_allclose(x, expected, rtol=0, atol=0)


class TestJacobians:
    @pytest.mark.parametrize("network", NETWORKS)
    @pytest.mark.parametrize("snapshot", [0, -1])
    def test_against_differences(self, network: str, snapshot: int) -> None:
        trace = example_trace(network)
        x = points(trace.spec.widths[0])
        found = jacobians(trace, x, snapshot)
        assert len(found) == trace.n_layers + 1
        for k, jacobian in enumerate(found):
            numeric = differences(lambda p, k=k: trace.representations(p, snapshot)[k], x)
            assert_allclose(jacobian, numeric, atol=1e-7)

    @pytest.mark.parametrize("network", NETWORKS)
    def test_layers_on_their_own(self, network: str) -> None:
        trace = example_trace(network)
        x = points(trace.spec.widths[0])
        reached = trace.representations(x)
        for layer, h, own in zip(trace.layers, reached, layer_jacobians(trace, x), strict=False):
            assert_allclose(own, differences(layer, h), atol=1e-7)

    @pytest.mark.parametrize("network", NETWORKS)
    def test_logit_gradients(self, network: str) -> None:
        trace = example_trace(network)
        x = points(trace.spec.widths[0])

        def pairs(p: FloatArray) -> FloatArray:
            z = trace.logits(p)
            classes = range(z.shape[1])
            return np.stack([z[:, j] - z[:, i] for i in classes for j in classes if i < j], axis=1)

        assert_allclose(logit_gradients(trace, x), differences(pairs, x), atol=1e-6)

    def test_refusals(self) -> None:
        with pytest.raises(TopoError, match="takes"):
            jacobians(example_trace("2-2"), points(3))
        with pytest.raises(TopoError, match="snapshot 9"):
            jacobians(example_trace("2-2"), points(2), 9)


def linear_trace(*matrices: FloatArray, readout: FloatArray) -> Trace:
    """A network whose layers are the matrices."""
    widths = [matrices[0].shape[1], *(len(m) for m in matrices)]
    network = "-".join([str(widths[0]), *(f"{w}:linear" for w in widths[1:])])
    fields = trace_fields(network, snapshots=1)
    return Trace(
        **{
            **fields,
            "weights": tuple(m[None] for m in matrices),
            "readout_weight": readout[None],
        }
    )


class TestSingularValues:
    def test_of_known_matrices(self) -> None:
        known = np.array([[[3.0, 0.0], [0.0, -4.0]], [[1.0, 1.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]])
        golden = (1 + np.sqrt(5)) / 2
        assert_allclose(singular_values(known), [[4, 3], [golden, 1 / golden], [0, 0]], atol=1e-15)

    @given(st.floats(0, 7), st.floats(0, 7), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
    def test_rotations_change_nothing(self, a: float, b: float, s: float, t: float) -> None:
        def turn(angle: float) -> FloatArray:
            return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

        values = singular_values((turn(a) @ np.diag([s, t]) @ turn(b))[None])
        assert_allclose(values, [sorted([s, t], reverse=True)], rtol=1e-9, atol=1e-12)

    def test_through_the_layers_of_a_linear_network(self) -> None:
        first, second = np.diag([2.0, 0.5]), np.array([[0.0, 3.0], [-5.0, 0.0], [0.0, 0.0]])
        trace = linear_trace(first, second, readout=np.array([[1.0, 0.0, 0.0], [0.0, 4.0, 0.0]]))
        x = points(2, 5)
        whole = [s[0].tolist() for s in stretches(trace, x)]
        own = [s[0].tolist() for s in layer_stretches(trace, x)]
        assert whole == [[1, 1], [2, 0.5], [10, 1.5]]
        assert own == [[2, 0.5], [5, 3]]
        result = stretch(trace, points=x)
        assert (result.largest, result.mean) == (10, 10)
        assert result.rms == pytest.approx(np.hypot(10, 1.5))
        assert result.readout_norm == pytest.approx(np.hypot(1, 4))
        # z_B - z_A = (-x1 + 4 x2) of (1.5 y, -10 x)
        assert result.largest_logit_gradient == pytest.approx(np.hypot(1.5, 40))


class TestSummaries:
    @pytest.mark.parametrize("network", NETWORKS)
    def test_they_summarise_the_points(self, network: str) -> None:
        trace = example_trace(network)
        x = points(trace.spec.widths[0], 25_000)  # more than are looked at together
        values, gradients = stretches(trace, x)[-1], np.linalg.norm(logit_gradients(trace, x), axis=2)
        result = stretch(trace, points=x)
        assert result.largest == values[:, 0].max()
        assert result.mean == pytest.approx(values[:, 0].mean(), rel=1e-12)
        assert result.rms == pytest.approx(np.sqrt((values**2).sum(axis=1).mean()), rel=1e-12)
        assert result.largest_logit_gradient == pytest.approx(gradients.max(), rel=1e-12)
        assert result.mean_logit_gradient == pytest.approx(gradients.mean(), rel=1e-12)
        assert result.largest_logit_gradient <= result.largest * result.readout_norm * (1 + 1e-12)

    def test_dense_points_unless_others_are_given(self) -> None:
        trace = example_trace("2-2-2", snapshots=4)
        dense = trace.dataset.dense()[0]
        assert stretch(trace) == stretch(trace, points=dense) != stretch(trace, points=dense[:10])

    def test_a_history(self) -> None:
        trace = example_trace("2-2-2", snapshots=4)
        assert stretch_history(trace) == [stretch(trace, s) for s in range(4)]
        assert stretch_history(trace, [3, 0], points(2)) == [stretch(trace, s, points(2)) for s in (3, 0)]
