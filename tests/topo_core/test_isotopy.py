"""The path through a layer: its ends, its steps, and what is no isotopy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topo_core.example_matrices import TIMES, FloatArray, gaussian, seeds
from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError, UnknownNameError
from topo_core.isotopy import LayerPath, determinant_sign, swap_neurons


@st.composite
def layers(draw: st.DrawFn) -> LayerPath:
    m, n = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(seeds))
    name = draw(st.sampled_from(sorted(ACTIVATIONS)))
    return LayerPath(rng.standard_normal((m, n)), rng.standard_normal(m), name)


def points(n: int, count: int = 50) -> FloatArray:
    return np.random.default_rng(5).uniform(-2, 2, (count, n))


class TestLayerPath:
    @given(layers())
    def test_it_begins_with_the_points_themselves(self, path: LayerPath) -> None:
        x = points(path.inputs)
        start = path(x, 0.0)
        assert start.shape == (50, path.dimension)
        np.testing.assert_array_equal(start[:, : path.inputs], x)
        np.testing.assert_array_equal(start[:, path.inputs :], 0)

    @given(layers())
    def test_it_ends_with_the_layer(self, path: LayerPath) -> None:
        x = points(path.inputs)
        end = path(x, 1.0)
        layer = ACTIVATIONS[path.activation].apply(x @ path.weight.T + path.bias)
        np.testing.assert_allclose(end[:, : path.outputs], layer, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(end[:, path.outputs :], 0)

    @given(layers(), st.floats(0, 1 - 1e-6))
    def test_it_is_continuous(self, path: LayerPath, t: float) -> None:
        x = points(path.inputs)
        s = abs(path.linear.singular_values[0])
        reach = np.abs(x).sum(axis=1).max() * (s + 1) * 5 + np.abs(path.bias).sum() + 1
        moved = np.abs(path(x, t + 1e-6) - path(x, t)).max()
        assert moved <= 1e-6 * 3 * reach * 2 + 1e-11

    @given(layers(), st.floats(0, 1))
    def test_it_is_pure(self, path: LayerPath, t: float) -> None:
        x = points(path.inputs)
        before = x.copy()
        first, second = path(x, t), path(x, t)
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(x, before)
        assert not np.shares_memory(first, x)

    @given(layers(), st.floats(0, 1))
    def test_points_move_independently(self, path: LayerPath, t: float) -> None:
        x = points(path.inputs)
        np.testing.assert_allclose(path(x, t)[7:9], path(x[7:9], t), rtol=0, atol=1e-12)

    @given(layers())
    def test_isotopic_is_what_the_steps_say(self, path: LayerPath) -> None:
        assert path.isotopic == all(step.homeomorphism for step in path.steps)
        assert path.isotopic == (path.reason == "")

    @given(st.integers(2, 4), st.integers(0, 2), seeds, st.floats(0, 1))
    def test_an_isotopy_keeps_different_points_apart(self, n: int, more: int, seed: int, t: float) -> None:
        rng = np.random.default_rng(seed)
        weight = gaussian(n, seed) if more == 0 else rng.standard_normal((n + more, n))
        path = LayerPath(weight, rng.standard_normal(n + more), "tanh")
        assert path.isotopic
        x = rng.uniform(-1, 1, (12, n))
        moved = path(x, t)
        distances = np.linalg.norm(moved[:, None] - moved[None], axis=-1) + np.eye(12)
        assert distances.min() > 0

    def test_steps_come_in_the_essays_order(self) -> None:
        path = LayerPath(np.eye(2), np.zeros(2), "tanh")
        assert [step.kind for step in path.steps] == ["linear", "translation", "activation"]
        assert [step.label for step in path.steps] == ["linear", "translation", "tanh"]

    def test_a_linear_layer_has_two_steps(self) -> None:
        path = LayerPath(np.diag([2.0, 3.0]), np.ones(2), "linear")
        assert [step.kind for step in path.steps] == ["linear", "translation"]
        np.testing.assert_array_equal(path(np.ones((1, 2)), 1.0), [[3.0, 4.0]])

    def test_time_is_shared_evenly(self) -> None:
        path = LayerPath(np.eye(2), np.zeros(2), "tanh")
        assert path.locate(0) == (0, 0)
        assert path.locate(0.5) == (1, 0.5)
        assert path.locate(1 / 3) == (1, 0)
        assert path.locate(2 / 3) == (2, 0)
        assert path.locate(1) == (2, 1)
        assert LayerPath(np.eye(2), np.zeros(2), "linear").locate(0.75) == (1, 0.5)

    def test_steps_join_up(self) -> None:
        path = LayerPath(gaussian(3, 1), np.array([1.0, -2.0, 0.5]), "softplus")
        x = points(3)
        for index in range(2):
            np.testing.assert_array_equal(path.step(x, index, 1.0), path.step(x, index + 1, 0.0))
        np.testing.assert_array_equal(path.step(x, 1, 0.5), path(x, 0.5))
        np.testing.assert_allclose(
            path.step(x, 1, 0.5), x @ path.weight.T + path.bias / 2, rtol=0, atol=1e-13
        )

    @pytest.mark.parametrize("t", [-0.001, 1.001, float("nan")])
    def test_time_outside_the_interval_is_refused(self, t: float) -> None:
        path = LayerPath(np.eye(2), np.zeros(2), "tanh")
        with pytest.raises(TopoError, match="between 0 and 1"):
            path(points(2), t)

    def test_wrong_calls_say_what_is_right(self) -> None:
        path = LayerPath(np.eye(2), np.zeros(2), "tanh")
        with pytest.raises(TopoError, match=r"this layer takes \(k, 2\)"):
            path(points(3), 0.5)
        with pytest.raises(TopoError, match="steps are 0 to 2"):
            path.step(points(2), 3, 0.0)
        with pytest.raises(UnknownNameError, match="did you mean tanh"):
            LayerPath(np.eye(2), np.zeros(2), "tan")
        with pytest.raises(TopoError, match="outputs, inputs"):
            LayerPath(np.eye(2), np.zeros(3), "tanh")
        with pytest.raises(TopoError, match="not finite"):
            LayerPath(np.full((2, 2), np.inf), np.zeros(2), "tanh")


class TestWhatIsNoIsotopy:
    def test_narrowing(self) -> None:
        path = LayerPath(np.ones((2, 3)) + np.eye(3)[:2], np.zeros(2), "tanh")
        assert not path.isotopic
        assert [step.homeomorphism for step in path.steps] == [False, True, True]
        assert "narrows from 3 to 2" in path.reason
        assert path.dimension == 3

    def test_a_singular_weight(self) -> None:
        path = LayerPath(np.array([[1.0, 2.0], [2.0, 4.0]]), np.zeros(2), "tanh")
        assert not path.isotopic
        assert "singular" in path.reason

    def test_a_rank_deficient_widening(self) -> None:
        path = LayerPath(np.array([[1.0, 2.0], [2.0, 4.0], [0.0, 0.0]]), np.zeros(3), "tanh")
        assert not path.isotopic
        assert "singular" in path.reason

    def test_the_last_bit_decides(self) -> None:
        weight = np.array([[1.0, 2.0], [2.0, 4.0]])
        weight[1, 1] = np.nextafter(4.0, 5.0)
        path = LayerPath(weight, np.zeros(2), "tanh")
        assert path.isotopic
        assert all(path.linear.determinant(t) > 0 for t in TIMES)

    def test_a_negative_determinant(self) -> None:
        path = LayerPath(np.diag([1.0, -1.0]), np.zeros(2), "tanh")
        assert not path.isotopic
        assert "swapped" in path.reason

    def test_a_single_negative_neuron(self) -> None:
        path = LayerPath(np.array([[-1.0]]), np.zeros(1), "tanh")
        assert not path.isotopic
        assert "none to swap with" in path.reason

    def test_relu(self) -> None:
        path = LayerPath(np.eye(2), np.zeros(2), "relu")
        assert [step.homeomorphism for step in path.steps] == [True, True, False]
        assert "ReLU is not injective" in path.reason

    def test_gelu(self) -> None:
        path = LayerPath(np.eye(2), np.zeros(2), "gelu")
        assert not path.isotopic
        assert path.reason == "GELU is not injective: it falls before it rises."

    def test_every_reason_is_given(self) -> None:
        reason = LayerPath(np.ones((1, 2)), np.zeros(1), "relu").reason
        assert "narrows" in reason
        assert "ReLU" in reason

    @pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "leaky_relu", "elu", "linear"])
    def test_the_others_are_isotopies(self, name: str) -> None:
        assert LayerPath(gaussian(3, 0), np.ones(3), name).isotopic
        assert LayerPath(np.array([[2.0]]), np.ones(1), name).isotopic
        assert LayerPath(np.array([[-2.0], [1.0]]), np.ones(2), name).isotopic


class TestSwapNeurons:
    @given(
        st.lists(st.integers(1, 4), min_size=1, max_size=6),
        st.sampled_from(["tanh", "sigmoid", "relu"]),
        seeds,
    )
    def test_the_function_is_unchanged(self, widths: list[int], name: str, seed: int) -> None:
        rng = np.random.default_rng(seed)
        sizes = [*widths, 3]
        stack = [(rng.standard_normal((m, n)), rng.standard_normal(m)) for n, m in pairwise(sizes)]
        copies = [(weight.copy(), bias.copy()) for weight, bias in stack]
        swapped, readout, swaps = swap_neurons(stack[:-1], stack[-1])

        x = points(widths[0])
        results = []
        for network in (stack, [*swapped, readout]):
            h = x
            for weight, bias in network[:-1]:
                h = ACTIVATIONS[name].apply(h @ weight.T + bias)
            results.append(h @ network[-1][0].T + network[-1][1])
        np.testing.assert_allclose(results[0], results[1], rtol=0, atol=1e-12)

        for (weight, _), swap in zip(swapped, swaps, strict=True):
            m, n = weight.shape
            if m == n > 1:
                assert determinant_sign(weight) == 1
            else:
                assert swap is None
        for (weight, bias), (weight_before, bias_before) in zip(stack, copies, strict=True):
            np.testing.assert_array_equal(weight, weight_before)
            np.testing.assert_array_equal(bias, bias_before)

    def test_a_swap_changes_the_next_determinant(self) -> None:
        mirror, zero = np.diag([1.0, -1.0]), np.zeros(2)
        layers, readout, swaps = swap_neurons(
            [(mirror, np.array([1.0, 2.0])), (mirror, zero)], (np.array([[1.0, 2.0]]), np.zeros(1))
        )
        assert swaps == ((0, 1), None)
        np.testing.assert_array_equal(layers[0][0], [[0, -1], [1, 0]])
        np.testing.assert_array_equal(layers[0][1], [2, 1])
        np.testing.assert_array_equal(layers[1][0], [[0, 1], [-1, 0]])
        np.testing.assert_array_equal(readout[0], [[1, 2]])

    def test_the_readout_follows_the_last_layer(self) -> None:
        _, readout, swaps = swap_neurons(
            [(np.diag([1.0, -1.0]), np.zeros(2))], (np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros(2))
        )
        assert swaps == ((0, 1),)
        np.testing.assert_array_equal(readout[0], [[2, 1], [4, 3]])

    def test_singular_layers_and_single_neurons_are_left_alone(self) -> None:
        readout = (np.eye(2), np.zeros(2))
        assert swap_neurons([(np.ones((2, 2)), np.zeros(2))], readout)[2] == (None,)
        single = (np.ones((2, 1)), np.zeros(2))
        assert swap_neurons([(-np.ones((1, 1)), np.zeros(1))], single)[2] == (None,)

    def test_no_hidden_layer(self) -> None:
        assert swap_neurons([], (np.eye(2), np.zeros(2)))[2] == ()
