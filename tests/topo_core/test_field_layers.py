"""Flow layers for training: the same field as elsewhere, restarts apart, and slopes that are kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from topo_core.errors import SpecError
from topo_core.field_layers import FieldLayer, confine, norms, shares, slopes
from topo_core.flow import Flow
from topo_core.networks import Network
from topo_core.penalties import jacobian_columns, layers_penalty
from topo_core.recipe import VectorFields
from topo_core.spec import NetworkSpec


def random_parts(
    rng: np.random.Generator, d: int, m: int, k: int = 3, n: int = 20
) -> tuple[torch.Tensor, ...]:
    """Points in columns, anchors, vectors and scales of k layers."""
    return (
        torch.tensor(rng.standard_normal((k, d, n))),
        torch.tensor(rng.standard_normal((k, m, d))),
        torch.tensor(rng.standard_normal((k, m, d))),
        torch.tensor(rng.uniform(0.3, 2.0, (k, 1, 1))),
    )


def made(restarts: int = 3, *, n: int = 40, d: int = 2, seed: int = 0, **options: Any) -> FieldLayer:
    """A layer among random points."""
    points = torch.tensor(np.random.default_rng(seed).standard_normal((d, n)))
    generators = [torch.Generator().manual_seed(r) for r in range(restarts)]
    return FieldLayer(points.expand(restarts, -1, -1), VectorFields(**options), generators)


def flows_in(layer: FieldLayer) -> list[Flow]:
    """The same layers by the module that traces use."""
    anchors, vectors, scales = (part.detach().numpy() for part in layer.parts)
    return [Flow(a, v, float(s[0, 0])) for a, v, s in zip(anchors, vectors, scales, strict=True)]


class TestField:
    @given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 10**6))
    @settings(max_examples=12, deadline=None)
    def test_it_is_the_one_of_flows(self, d: int, m: int, seed: int) -> None:
        h, anchors, vectors, scales = random_parts(np.random.default_rng(seed), d, m)
        jacobian = slopes(h, anchors, vectors, scales)
        for k in range(len(h)):
            flow = Flow(anchors[k].numpy(), vectors[k].numpy(), float(scales[k, 0, 0]))
            x = h[k].numpy().T
            assert_allclose(shares(h, anchors, scales)[k].numpy().T, flow.shares(x), rtol=1e-9, atol=1e-12)
            found = jacobian[k].permute(2, 0, 1).numpy()
            assert_allclose(found, flow.jacobian(x), rtol=1e-9, atol=1e-10)

    def test_it_begins_at_training_points_near_the_identity(self) -> None:
        points = torch.tensor(np.random.default_rng(0).standard_normal((2, 40)))
        layer = made(terms=5)
        moved = layer(points.expand(3, -1, -1)).detach()
        assert_allclose(moved, points.expand(3, -1, -1), atol=0.01)
        there = points.T[None, None] == layer.anchors.detach()[:, :, None]
        assert there.all(-1).any(-1).all()

    def test_far_away_and_at_one_anchor_it_has_a_closed_form(self) -> None:
        layer = made(1, terms=1, scale=0.5)
        with torch.no_grad():
            layer.anchors.zero_()
            layer.vectors.copy_(torch.tensor([[[0.2, -0.4]]]))
        h = torch.tensor([[[0.0, 0.5, 40.0], [0.0, 0.0, 0.0]]], dtype=torch.float64)
        f = np.exp(-0.5)
        expected = np.outer([0.2, -0.4], [0.5, f / (1 + f), 0.0])
        assert_allclose(layer(h).detach()[0] - h[0], expected, atol=1e-15)

    @pytest.mark.parametrize("d", [1, 2, 3, 4])
    def test_norms(self, d: int) -> None:
        matrices = np.random.default_rng(d).standard_normal((3, 7, d, d))
        exact = np.linalg.norm(matrices, ord=2, axis=(2, 3))
        found = norms(torch.tensor(matrices).permute(0, 2, 3, 1)).numpy()
        assert (found >= exact * (1 - 1e-12)).all()
        assert (found <= exact * d ** (1 / 16) * (1 + 1e-12)).all()
        if d <= 2:
            assert_allclose(found, exact, rtol=1e-9)


class TestConfined:
    @pytest.mark.parametrize("d", [1, 2, 3])
    def test_no_slope_is_above_where_it_was_looked(self, d: int) -> None:
        layers = [made(4, d=d, slope=0.5, seed=s) for s in range(3)]
        points = [torch.tensor(np.random.default_rng(9).standard_normal((4, d, 64)))] * 3
        with torch.no_grad():
            for layer in layers:
                layer.vectors.normal_(generator=torch.Generator().manual_seed(1))
        before = [layer.vectors.detach().clone() for layer in layers]
        confine(layers, points, torch.Generator().manual_seed(0))
        for layer, old, x in zip(layers, before, points, strict=True):
            largest = norms(slopes(x, *layer.parts)).amax(1)
            assert (largest <= 0.5 * (1 + 1e-9)).all()
            share = (layer.vectors / old).detach()  # one factor for each restart
            assert_allclose(share, share[:, :1, :1].expand_as(share), rtol=1e-12)
            assert (share <= 1).all()
            assert (share < 1).any()

    def test_gentle_layers_stay_as_they_are(self) -> None:
        layer = made(2)
        before = layer.vectors.detach().clone()
        confine([layer], [torch.zeros(2, 2, 8, dtype=torch.float64)], torch.Generator().manual_seed(0))
        assert_array_equal(layer.vectors.detach(), before)

    def test_widths_are_kept_within_their_limits(self) -> None:
        layer = made(2, scale=0.5, smallest_scale=0.4)
        with torch.no_grad():
            layer.log_scale.fill_(-9.0)
        confine([layer], [torch.zeros(2, 2, 8, dtype=torch.float64)], torch.Generator().manual_seed(0))
        assert_allclose(layer.log_scale.detach().exp(), 0.4)

    def test_without_flows_nothing_happens(self) -> None:
        confine([], [], torch.Generator().manual_seed(0))


POINTS = torch.tensor(np.random.default_rng(4).standard_normal((2, 30)))


class TestNetworks:
    def test_mixed_with_other_layers(self) -> None:
        network = Network(NetworkSpec.parse("2-3-3:flow*2-2:relu-2:flow"), restarts=2, points=POINTS)
        assert (len(network.weights), len(network.flows)) == (3, 3)
        columns = network.columns(POINTS)
        assert [c.shape[1] for c in columns] == [2, 3, 3, 3, 2, 2, 2]
        h = np.tanh(network.weights[0].detach().numpy()[1] @ POINTS.numpy())
        assert_allclose(columns[1][1].detach(), h)
        for flow in network.flows[:2]:
            h = flows_in(flow)[1](h.T).T
        assert_allclose(columns[3][1].detach(), h, atol=1e-12)

    def test_anchors_behind_a_layer_are_representations(self) -> None:
        network = Network(NetworkSpec.parse("2-3-3:flow"), restarts=2, points=POINTS)
        first = network.columns(POINTS)[1].detach()
        for r in range(2):
            apart = torch.cdist(network.flows[0].anchors.detach()[r], first[r].T)
            assert (apart.amin(1) < 1e-6).all()

    def test_more_restarts_leave_the_first_ones_as_they_were(self) -> None:
        spec = NetworkSpec.parse("2-2:flow-2")
        few, many = (Network(spec, restarts=r, seed=5, points=POINTS) for r in (2, 5))
        for a, b in zip(few.parameters(), many.parameters(), strict=True):
            assert_array_equal(a.detach(), b.detach()[:2])

    def test_points_stay_and_learned_anchors_move(self) -> None:
        for kind, moves in (("points", False), ("learned", True)):
            fields = VectorFields(anchors=kind)
            network = Network(NetworkSpec.parse("2-2:flow"), points=POINTS, fields=fields)
            assert network.flows[0].anchors.requires_grad == moves

    def test_without_points_there_are_no_anchors(self) -> None:
        with pytest.raises(SpecError, match="give the points"):
            Network(NetworkSpec.parse("2-2:flow"))

    def test_penalties_see_flows(self) -> None:
        network = Network(NetworkSpec.parse("2-2:flow-3-3:flow"), restarts=2, points=POINTS)
        with torch.no_grad():
            for flow in network.flows:
                flow.vectors.normal_()
        columns = network.columns(POINTS)
        found = jacobian_columns(network, columns)
        for r in (0, 1):
            expected = torch.autograd.functional.jacobian(
                lambda x, r=r: network.columns(x[:, None])[-2][r, :, 0], POINTS[:, 3].clone()
            )
            assert_allclose(found[r, :, :, 3].detach(), expected, atol=1e-10)
        one = Network(NetworkSpec.parse("2-2:flow"), points=POINTS)
        columns = one.columns(POINTS)
        whole = jacobian_columns(one, columns).square().sum((1, 2)).mean(1)
        assert_allclose(layers_penalty(one, columns).detach(), whole.detach(), rtol=1e-12)


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            ({"anchors": "nowhere"}, "anchors = 'nowhere': use one of points, learned"),
            ({"terms": 0}, "terms = 0: must be at least 1"),
            ({"scale": 0.2}, "give 0 < smallest_scale <= scale"),
            ({"slope": 1.0}, "slope = 1.0: must be above 0 and at most 0.95"),
        ],
    )
    def test_options(self, options: dict[str, Any], complaint: str) -> None:
        with pytest.raises(SpecError, match=complaint):
            VectorFields(**options)
