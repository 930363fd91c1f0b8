"""Pointwise activations: values, shapes, in-place use and what is said about injectivity."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from topo_core.activations import ACTIVATIONS, LEAKY_SLOPE

FORMULAS: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "relu": lambda x: max(x, 0.0),
    "leaky_relu": lambda x: x if x > 0 else LEAKY_SLOPE * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "gelu": lambda x: 0.5 * x * math.erfc(-x / math.sqrt(2)),
    "linear": lambda x: x,
}


def test_every_activation_has_a_formula_here() -> None:
    assert set(ACTIVATIONS) == set(FORMULAS)
    assert all(name == activation.name for name, activation in ACTIVATIONS.items())


@pytest.mark.parametrize("name", FORMULAS)
class TestActivation:
    def test_it_follows_its_formula(self, name: str) -> None:
        x = np.linspace(-6, 6, 101)
        expected = [FORMULAS[name](value) for value in x.tolist()]
        np.testing.assert_allclose(ACTIVATIONS[name].apply(x), expected, rtol=1e-14, atol=1e-16)

    def test_it_keeps_shape_and_dtype_and_leaves_the_input_alone(self, name: str) -> None:
        x = np.linspace(-2, 2, 24).reshape(2, 3, 4)
        before = x.copy()
        y = ACTIVATIONS[name].apply(x)
        assert y.shape == x.shape
        assert y.dtype == np.float64
        assert not np.shares_memory(x, y)
        np.testing.assert_array_equal(x, before)

    def test_it_can_write_over_its_input(self, name: str) -> None:
        x = np.linspace(-2, 2, 12).reshape(4, 3)
        expected = ACTIVATIONS[name].apply(x)
        part = x[:, :2]  # not contiguous
        result = ACTIVATIONS[name].apply(part, out=part)
        assert result is part
        np.testing.assert_array_equal(x[:, :2], expected[:, :2])
        np.testing.assert_array_equal(x[:, 2], np.linspace(-2, 2, 12).reshape(4, 3)[:, 2])

    def test_large_inputs_stay_finite(self, name: str) -> None:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            y = ACTIVATIONS[name].apply(np.array([-1e300, -800.0, 800.0, 1e300]))
        assert np.isfinite(y).all()

    def test_injective_means_strictly_increasing_all_the_way(self, name: str) -> None:
        x = np.linspace(-8, 8, 2001)
        increasing = [
            bool((np.diff((1 - t) * x + t * ACTIVATIONS[name].apply(x)) > 0).all())
            for t in np.linspace(0, 1, 21)
        ]
        assert all(increasing) == ACTIVATIONS[name].injective


def test_relu_stops_being_injective_only_at_the_end() -> None:
    x = np.array([-2.0, -1.0])
    relu = ACTIVATIONS["relu"].apply(x)
    assert np.diff(0.01 * x + 0.99 * relu)[0] > 0
    assert np.diff(relu)[0] == 0
