"""Flows: their field, its derivative, their inverse, and the layer that they make."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.flow import Flow, Flows
from topo_core.isotopy import LayerPath

FloatArray = NDArray[np.float64]


@st.composite
def flows(draw: st.DrawFn, strength: float = 1.0) -> Flow:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.integers(1, 12)), draw(st.integers(1, 5))
    scale = draw(st.floats(0.3, 3))
    return Flow(rng.standard_normal(shape), strength * rng.standard_normal(shape), scale)


def points(flow: Flow, count: int = 40) -> FloatArray:
    return np.random.default_rng(7).uniform(-3, 3, (count, flow.dimension))


def gentle(d: int = 3, seed: int = 0) -> Flow:
    rng = np.random.default_rng(seed)
    return Flow(rng.standard_normal((6, d)), 0.2 * rng.standard_normal((6, d)), 1.0)


class TestField:
    def test_the_essays_formula(self) -> None:
        a, b = np.array([0.0, 0.0]), np.array([1.0, 0.5])
        u, v = np.array([0.3, 0.1]), np.array([-0.2, 0.4])
        flow = Flow(np.array([a, b]), np.array([u, v]), 0.7)
        for x in points(flow):
            f, g = (np.exp(-np.sum((x - at) ** 2) / (2 * 0.7**2)) for at in (a, b))
            np.testing.assert_allclose(flow.field(x[None])[0], (u * f + v * g) / (1 + f + g), atol=1e-15)

    @given(flows())
    def test_no_point_moves_further_than_the_longest_vector(self, flow: Flow) -> None:
        longest = np.linalg.norm(flow.vectors, axis=1).max()
        assert (np.linalg.norm(flow.field(points(flow)), axis=1) <= longest).all()

    @given(flows())
    def test_the_derivative(self, flow: Flow) -> None:
        x, h = points(flow), 1e-6
        steps = h * np.eye(flow.dimension)
        slopes = [(flow.field(x + step) - flow.field(x - step)) / (2 * h) for step in steps]
        np.testing.assert_allclose(flow.jacobian(x), np.stack(slopes, axis=2), atol=1e-6)

    def test_many_points_are_taken_in_parts(self) -> None:
        flow = gentle()
        x = points(flow, 30_000)
        for function in (flow.field, flow.jacobian):
            parts = np.concatenate([function(x[k : k + 1000]) for k in range(0, len(x), 1000)])
            np.testing.assert_allclose(function(x), parts, atol=1e-15)
        assert flow.field(x[:0]).shape == (0, 3)

    @pytest.mark.parametrize("far", [1e3, 1e200])
    def test_far_away_nothing_moves(self, far: float) -> None:
        flow = gentle()
        x = np.array([[far, 0, 0], [-far, far, far]])
        np.testing.assert_array_equal(flow(x), x)


class TestInverse:
    @given(flows(strength=0.05), st.floats(0, 1))
    def test_the_round_trip(self, flow: Flow, t: float) -> None:
        x = points(flow)
        np.testing.assert_allclose(flow.inverse(flow(x, t), t), x, atol=1e-12)

    def test_what_folds_has_none(self) -> None:
        flow = Flow(np.zeros((1, 1)), np.array([[9.0]]), 0.3)
        with pytest.raises(TopoError, match="changes too fast to be undone"):
            flow.inverse(np.linspace(-2, 5, 50)[:, None])


class TestRefusals:
    @pytest.mark.parametrize(
        ("anchors", "vectors", "scale", "complaint"),
        [
            (np.zeros((2, 3)), np.zeros((3, 3)), 1.0, "give"),
            (np.zeros((0, 3)), np.zeros((0, 3)), 1.0, "give"),
            (np.zeros(3), np.zeros(3), 1.0, "give"),
            (np.zeros((1, 2)), np.array([[np.nan, 0]]), 1.0, "not finite"),
            (np.array([[np.inf, 0]]), np.zeros((1, 2)), 1.0, "not finite"),
            (np.zeros((1, 2)), np.zeros((1, 2)), 0.0, "scale is 0"),
            (np.zeros((1, 2)), np.zeros((1, 2)), np.inf, "scale is inf"),
        ],
    )
    def test_what_is_no_flow(self, anchors: Any, vectors: Any, scale: float, complaint: str) -> None:
        with pytest.raises(TopoError, match=complaint):
            Flow(anchors, vectors, scale)

    def test_points_of_another_dimension(self) -> None:
        for function in (gentle().field, gentle().jacobian, gentle().inverse, gentle()):
            with pytest.raises(TopoError, match=r"this flow takes \(k, 3\)"):
                function(np.zeros((2, 2)))


class TestPath:
    """The layer ``x -> x + t F(x)`` as ``isotopy.LayerPath`` has it."""

    @staticmethod
    def path(flow: Flow) -> LayerPath:
        d = flow.dimension
        return LayerPath(np.eye(d), np.zeros(d), "linear", flow)

    @given(flows(), st.floats(0, 1))
    def test_it_is_a_straight_motion_of_every_point(self, flow: Flow, t: float) -> None:
        x, path = points(flow), self.path(flow)
        np.testing.assert_array_equal(path(x, 0.0), x)
        np.testing.assert_array_equal(path(x, 1.0), flow(x))
        np.testing.assert_allclose(path(x, t), x + t * (flow(x) - x), atol=1e-13)
        assert path(x, 0.0) is not x

    def test_it_has_one_step(self) -> None:
        path = self.path(gentle())
        assert [(step.kind, step.label) for step in path.steps] == [("flow", "flow")]
        assert path.locate(0.25) == (0, 0.25)
        assert (path.inputs, path.outputs, path.dimension) == (3, 3, 3)

    def test_gentle_ones_are_isotopies_and_others_say_why_not(self) -> None:
        assert self.path(gentle()).isotopic
        assert self.path(gentle()).reason == ""
        flow = gentle()
        wild = self.path(Flow(flow.anchors, 30 * flow.vectors, 1.0))
        assert not wild.isotopic
        assert "not proven to change more slowly" in wild.reason

    def test_every_instant_of_a_gentle_one_is_injective(self) -> None:
        flow = gentle(2)
        grid = np.stack(np.meshgrid(*[np.linspace(-4, 4, 60)] * 2), axis=-1).reshape(-1, 2)
        path = self.path(flow)
        assert path.isotopic
        for t in (0.3, 1.0):
            assert (np.linalg.det(np.eye(2) + t * flow.jacobian(grid)) > 0).all()


def test_flows_of_snapshots() -> None:
    flow = gentle()
    both = Flows(
        np.stack([flow.anchors, flow.anchors + 1]), np.stack([flow.vectors] * 2), np.array([1.0, 2.0])
    )
    x = points(flow)
    np.testing.assert_array_equal(both.at(0)(x), flow(x))
    np.testing.assert_array_equal(both.at(-1)(x), Flow(flow.anchors + 1, flow.vectors, 2.0)(x))
    np.testing.assert_array_equal(Flows.of(flow).at(0)(x), flow(x))
