"""The proof that a field changes slowly, against what is found by sampling and in closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.flow import Flow
from topo_core.lipschitz import _bounds, changes_slowly

FloatArray = NDArray[np.float64]


def random_flow(seed: int, d: int, anchors: int, strength: float, scale: float) -> Flow:
    rng = np.random.default_rng(seed)
    shape = anchors, d
    return Flow(2 * rng.standard_normal(shape), strength * rng.standard_normal(shape), scale)


def steepest(flow: Flow, count: int = 20_000) -> float:
    """The largest norm of the derivative at random places near the anchors."""
    rng = np.random.default_rng(3)
    near = flow.anchors[rng.integers(len(flow.anchors), size=count)]
    places = near + 1.5 * flow.scale * rng.standard_normal(near.shape)
    return float(np.linalg.norm(flow.jacobian(places), ord=2, axis=(1, 2)).max())


class TestOneAnchor:
    """``v f / (1 + f)`` changes fastest along the way to the anchor, at a distance found by maximising."""

    @staticmethod
    def slope(scale: float) -> float:
        u = np.linspace(0, 6, 600_001)
        f = np.exp(-(u**2) / 2)
        return float((u * f / (1 + f) ** 2).max() / scale)

    @pytest.mark.parametrize("d", [1, 2])
    @pytest.mark.parametrize("scale", [0.25, 1.0, 7.0])
    def test_the_limit_is_found(self, d: int, scale: float) -> None:
        vector = np.zeros((1, d))
        vector[0, 0] = 1 / self.slope(scale)  # Lipschitz constant 1
        anchor = np.full((1, d), 0.3)
        assert changes_slowly(Flow(anchor, 0.97 * vector, scale), 0.98)
        assert not changes_slowly(Flow(anchor, 0.99 * vector, scale), 0.98)
        assert not changes_slowly(Flow(anchor, 1.5 * vector, scale))

    def test_in_more_dimensions_the_constant_is_the_same(self) -> None:
        vector = np.array([[0.5 / self.slope(1.0), 0, 0, 0]])
        assert changes_slowly(Flow(np.zeros((1, 4)), vector, 1.0))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 30), st.floats(0.01, 1), st.floats(0.3, 2))
def test_nothing_is_proven_that_sampling_refutes(
    seed: int, d: int, anchors: int, strength: float, scale: float
) -> None:
    flow = random_flow(seed, d, anchors, strength, scale)
    found = steepest(flow, 4000)
    assert not changes_slowly(flow, 0.9 * found)
    small = Flow(flow.anchors, flow.vectors * 0.3 / found, scale)
    assert changes_slowly(small)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.floats(0.01, 2))
def test_bounds_hold_in_the_balls(seed: int, d: int, radius: float) -> None:
    flow = random_flow(seed, d, 8, 0.5, 1.0)
    rng = np.random.default_rng(seed)
    centres = 2 * rng.standard_normal((20, d))
    at_centre, bound = _bounds(flow, centres, radius)
    offsets = rng.standard_normal((200, 20, d))
    offsets *= radius * rng.random((200, 20, 1)) / np.linalg.norm(offsets, axis=2, keepdims=True)
    slopes = flow.jacobian((centres + offsets).reshape(-1, d))
    inside = np.linalg.norm(slopes, ord=2, axis=(1, 2)).reshape(200, 20).max(axis=0)
    assert (inside <= bound).all()
    np.testing.assert_allclose(at_centre, np.linalg.norm(flow.jacobian(centres), axis=(1, 2)), atol=1e-12)


def test_bounds_get_sharp_in_small_balls() -> None:
    flow = random_flow(1, 3, 10, 0.5, 1.0)
    centres = np.random.default_rng(0).standard_normal((30, 3))
    at_centre, bound = _bounds(flow, centres, 1e-4)
    np.testing.assert_allclose(bound, at_centre, rtol=0.01)


@pytest.mark.parametrize(
    "flow",
    [
        Flow(np.array([[0.0, 0, 0], [1e9, 0, 0]]), np.full((2, 3), 1e-3), 1.0),  # too far apart
        Flow(np.full((1, 3), 1e9), np.full((1, 3), 1e-3), 1.0),  # too far away for exact boxes
        Flow(np.zeros((2, 7)), np.full((2, 7), 1e-3), 1.0),  # too many dimensions
        Flow(np.zeros((2, 3)), np.array([[1e200, 0, 0], [-1e200, 0, 0]]), 1.0),  # cancelling
    ],
)
def test_what_is_not_attempted(flow: Flow) -> None:
    assert not changes_slowly(flow)
