"""Layers undone: the round trip, how exact it is, and what has no inverse."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.topo_core.example_matrices import seeds
from tests.topo_core.example_traces import example_trace
from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError
from topo_core.inverse import INVERSES, LayerInverse, recovered
from topo_core.trace_layer import TraceLayer, affine

FloatArray = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)
invertible = st.sampled_from(sorted(INVERSES))


def layer(weight: object, bias: object, activation: str = "tanh") -> TraceLayer:
    w, b = np.asarray(weight, dtype=np.float64), np.asarray(bias, dtype=np.float64)
    return TraceLayer(1, "layer 2", w, b, activation, None)


def random_layer(d: int, seed: int, activation: str, scale: float = 1.0) -> TraceLayer:
    rng = np.random.default_rng(seed)
    return layer(scale * rng.standard_normal((d, d)), rng.standard_normal(d), activation)


def rounding(of: TraceLayer, x: FloatArray) -> FloatArray:
    """Bound ``(k, 1)`` on what rounding does to a round trip, up to a small factor.

    Each coordinate of the output is off by a unit in its last place, which the activation's inverse divides
    by its slope; ``W^-1`` multiplies that, and solving with W is off by the condition of W.
    """
    z = affine(x, of.weight, of.bias)
    sigma = ACTIVATIONS[of.activation]
    off = EPS * (
        np.abs(sigma.apply(z)) / sigma.slope(z)
        + np.abs(z)
        + np.abs(of.bias)
        + np.abs(x) @ np.abs(of.weight).T
    )
    largest = np.linalg.norm(np.linalg.inv(of.weight), 2)
    bound: FloatArray = largest * np.linalg.norm(off, axis=1) + EPS * np.linalg.cond(of.weight) * (
        1 + np.linalg.norm(x, axis=1)
    )
    return bound[:, None]


class TestActivations:
    def test_every_increasing_activation_has_one(self) -> None:
        assert set(INVERSES) == {a.name for a in ACTIVATIONS.values() if a.injective}
        assert all(name == inverse.name for name, inverse in INVERSES.items())

    @given(invertible, st.lists(st.floats(-15, 15), min_size=1, max_size=20))
    def test_they_undo_the_activation(self, name: str, numbers: list[float]) -> None:
        x = np.array(numbers)
        y = ACTIVATIONS[name].apply(x)
        slope = ACTIVATIONS[name].slope(x)
        back = INVERSES[name].apply(y)
        assert (np.abs(back - x) <= 4 * EPS * (np.abs(y) / slope + np.abs(x)) + 1e-300).all()

    @pytest.mark.parametrize(
        ("name", "y", "x"),
        [
            ("tanh", 0.5, 0.5 * np.log(3.0)),
            ("sigmoid", 0.75, np.log(3.0)),
            ("softplus", np.log(2.0), 0.0),
            ("softplus", 1e-12, np.log(np.expm1(1e-12))),
            ("softplus", 800.0, 800.0),
            ("leaky_relu", -0.02, -2.0),
            ("leaky_relu", 3.0, 3.0),
            ("elu", -0.5, -np.log(2.0)),
            ("elu", 3.0, 3.0),
            ("linear", -7.0, -7.0),
        ],
    )
    def test_known_values(self, name: str, y: float, x: float) -> None:
        np.testing.assert_allclose(INVERSES[name].apply(np.array([y])), [x], rtol=1e-14, atol=1e-15)

    @given(invertible)
    def test_the_range_is_open_and_reached_up_to_its_ends(self, name: str) -> None:
        low, high = INVERSES[name].low, INVERSES[name].high
        values = ACTIVATIONS[name].apply(np.linspace(-15, 15, 301))
        assert (low < values).all()
        assert (values < high).all()
        for end in (low, high):
            gap = np.abs(values - end).min()
            assert gap < 1e-6 if np.isfinite(end) else np.abs(values).max() >= 0.14


class TestALayer:
    @given(st.integers(1, 6), seeds, invertible)
    def test_the_round_trip_is_as_exact_as_rounding_lets_it_be(self, d: int, seed: int, name: str) -> None:
        of = random_layer(d, seed, name)
        assume(np.linalg.cond(of.weight) < 1e8)
        x = np.random.default_rng(seed + 1).uniform(-2, 2, (50, d))
        y = of(x)
        inverse = INVERSES[name]
        inside = ((inverse.low < y) & (y < inverse.high)).all(axis=1)  # the others were saturated
        assume(inside.any())
        back = LayerInverse(of)(y[inside])
        assert (np.abs(back - x[inside]) <= 30 * rounding(of, x[inside])).all()

    @given(st.integers(1, 6), seeds, invertible)
    def test_so_is_that_of_the_range(self, d: int, seed: int, name: str) -> None:
        of = random_layer(d, seed, name)
        assume(np.linalg.cond(of.weight) < 1e4)
        inverse = INVERSES[name]
        low, high = max(inverse.low, -3.0), min(inverse.high, 3.0)
        y = low + (high - low) * np.random.default_rng(seed + 1).uniform(0.05, 0.95, (50, d))
        np.testing.assert_allclose(of(LayerInverse(of)(y)), y, rtol=0, atol=1e-10)

    def test_it_is_the_inverse_of_each_step_in_the_other_order(self) -> None:
        of = layer([[2.0, 0.0], [0.0, -0.5]], [1.0, -3.0])
        y = np.array([[0.5, -0.25]])
        expected = [[(np.arctanh(0.5) - 1) / 2, (np.arctanh(-0.25) + 3) / -0.5]]
        np.testing.assert_allclose(LayerInverse(of)(y), expected, rtol=1e-15)

    def test_what_it_is_given_is_not_changed(self) -> None:
        y = np.array([[0.5, -0.25]])
        for name in INVERSES:
            LayerInverse(layer(np.eye(2), [1.0, 1.0], name))(np.abs(y))
        np.testing.assert_array_equal(y, [[0.5, -0.25]])

    def test_no_points_are_no_trouble(self) -> None:
        assert LayerInverse(layer(np.eye(2), [0.0, 0.0]))(np.empty((0, 2))).shape == (0, 2)

    def test_a_saturated_point_is_lost_and_said_to_be(self) -> None:
        of = layer([[1.0]], [0.0])
        assert of(np.array([[20.0]]))[0, 0] == of(np.array([[21.0]]))[0, 0] == 1.0
        with pytest.raises(TopoError, match=r"coordinate .*1\.0.* outside of the range of layer 2"):
            LayerInverse(of)(of(np.array([[20.0]])))


class TestWhatHasNoInverse:
    @pytest.mark.parametrize(
        ("of", "message"),
        [
            (layer([[1.25, 0.625], [0.75, 0.375]], [0.0, 0.0]), "layer 2 has a singular weight"),
            (layer([[0.0]], [0.0]), "layer 2 has a singular weight"),
            (layer([[1.0, 2.0]], [0.0]), "layer 2 goes from 2 to 1 dimensions"),
            (layer([[1.0], [2.0]], [0.0, 0.0]), "layer 2 goes from 1 to 2 dimensions"),
            (layer(np.eye(2), [0.0, 0.0], "relu"), "layer 2 has the activation ReLU"),
        ],
    )
    def test_layers(self, of: TraceLayer, message: str) -> None:
        with pytest.raises(TopoError, match=message):
            LayerInverse(of)

    @pytest.mark.parametrize(
        ("name", "bad"),
        [
            ("tanh", -1.0),
            ("tanh", 1.5),
            ("sigmoid", 0.0),
            ("sigmoid", 1.0),
            ("softplus", 0.0),
            ("softplus", -1e-9),
            ("linear", np.inf),
            ("leaky_relu", np.nan),
        ],
    )
    def test_points_outside_of_the_range(self, name: str, bad: float) -> None:
        good = np.full((3, 2), 0.5)
        inverse = LayerInverse(layer(np.eye(2), [0.0, 0.0], name))
        inverse(good)
        points = good.copy()
        points[1, 0] = bad
        with pytest.raises(TopoError, match=r"point 1 has the coordinate .*layer 2") as error:
            inverse(points)
        assert "\n" not in str(error.value)

    @pytest.mark.parametrize("shape", [(2,), (4, 3), (1, 1)])
    def test_points_of_another_dimension(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(TopoError, match=r"the range of layer 2 has points \(k, 2\)"):
            LayerInverse(layer(np.eye(2), [0.0, 0.0]))(np.zeros(shape))

    def test_a_weight_that_only_just_has_one(self) -> None:
        of = layer([[1e-320, 0.0], [0.0, 1.0]], [0.5, 0.0])
        with pytest.raises(TopoError, match="too nearly singular to undo"):
            LayerInverse(of)(np.array([[0.5, 0.25]]))


class TestATrace:
    @pytest.mark.parametrize(
        "network", ["2-2-2-2", "2-2:sigmoid-2:softplus-2:leaky_relu", "1-1:sigmoid", "3-3"]
    )
    def test_representations_come_back_from_the_last(self, network: str) -> None:
        trace = example_trace(network)
        points = np.random.default_rng(0).uniform(-1, 1, (3000, trace.dataset.dimension))
        forward = trace.representations(points)
        back = recovered(trace, forward[-1])
        assert len(back) == trace.n_layers + 1
        np.testing.assert_array_equal(back[-1], forward[-1])
        for found, true in zip(back, forward, strict=True):
            np.testing.assert_allclose(found, true, rtol=0, atol=1e-7)

    def test_each_snapshot_has_its_own_inverse(self) -> None:
        trace = example_trace("2-2", snapshots=3)
        points = np.array([[0.25, -0.5]])
        for s in range(3):
            h = trace.evaluate(points, 1, snapshot=s)
            np.testing.assert_allclose(recovered(trace, h, snapshot=s)[0], points, atol=1e-12)
            assert np.abs(recovered(trace, h, snapshot=(s + 1) % 3)[0] - points).max() > 1e-3

    def test_without_hidden_layers_the_input_is_the_representation(self) -> None:
        points = np.array([[3.0, 4.0]])
        (only,) = recovered(example_trace("2"), points)
        np.testing.assert_array_equal(only, points)
        assert only is not points

    def test_a_layer_that_changes_the_dimension_is_named(self) -> None:
        with pytest.raises(TopoError, match="layer 2 goes from 2 to 3 dimensions"):
            recovered(example_trace("2-2-3"), np.zeros((1, 3)))
