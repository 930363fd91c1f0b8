"""Vector fields in continuous time: closed forms, the trace's steps, and a missing library."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from topo_core.continuous.layer import ContinuousLayer, between
from topo_core.continuous.recipe import ContinuousTime
from topo_core.continuous.steps import euler_steps, expanded
from topo_core.datasets import Spirals
from topo_core.errors import DependencyError, SpecError
from topo_core.experiments import Experiment, Recipe
from topo_core.field_layers import norms, slopes
from topo_core.flow import Flows
from topo_core.recipe import VectorFields
from topo_core.spec import NetworkSpec
from topo_core.training import train


def layer(time: ContinuousTime, terms: int = 1) -> ContinuousLayer:
    """One restart, on the line."""
    points = torch.linspace(-1, 1, 5, dtype=torch.float64).view(1, 1, 5)
    generators = [torch.Generator().manual_seed(0)]
    return ContinuousLayer(points, VectorFields(terms=terms, scale=1.0), generators, time)


def still(one: ContinuousLayer, *vectors: float) -> None:
    """Put the only centre at 0, with a vector at each knot."""
    with torch.no_grad():
        one.anchors.zero_()
        one.vectors.copy_(torch.tensor(vectors, dtype=torch.float64).view(1, -1, 1))


def arrival(x: float, v: float) -> float:
    """Where ``dx/dt = v f / (1 + f)`` takes x in time 1: by the inverse function, ``t = integral dx / F``."""
    places = np.linspace(x, x + v, 200_001)
    slowness = (1 + np.exp(places**2 / 2)) / v
    times = np.concatenate([[0], np.cumsum((slowness[1:] + slowness[:-1]) / 2 * np.diff(places))])
    return float(np.interp(1.0, times, places))


class TestLayer:
    @pytest.mark.parametrize("solver", ["dopri5", "rk4"])
    def test_it_is_the_solution(self, solver: str) -> None:
        one = layer(ContinuousTime(knots=1, solver=solver, rtol=1e-8, atol=1e-8, steps=40))
        still(one, 0.9)
        x = torch.tensor([[[-0.7, 0.0, 0.4]]], dtype=torch.float64)
        expected = [arrival(float(value), 0.9) for value in x.flatten()]
        assert_allclose(one(x).detach().flatten(), expected, atol=1e-6)
        assert_allclose(one.exact(x).detach().flatten(), expected, atol=1e-6)

    def test_there_and_back_with_the_opposite_field(self) -> None:
        there, back = (layer(ContinuousTime(knots=2, rtol=1e-7, atol=1e-7)) for _ in range(2))
        still(there, 0.5, 2.0)
        still(back, -2.0, -0.5)
        x = torch.linspace(-2, 2, 9, dtype=torch.float64).view(1, 1, 9)
        assert_allclose(back(there(x)).detach(), x, atol=1e-4)

    def test_between_knots_it_is_linear(self) -> None:
        knots = torch.tensor([0.0, 1.0, 5.0]).view(1, 3, 1, 1)
        for t, expected in ((0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.75, 3.0), (1.0, 5.0), (1.1, 5.0)):
            assert float(between(knots, t)) == pytest.approx(expected)
        assert float(between(knots[:, 2:], 0.3)) == 5.0

    def test_gradients_are_those_of_differences(self) -> None:
        one = layer(ContinuousTime(knots=2, solver="rk4", steps=4), terms=2)
        x = torch.tensor([[[0.3, -0.5]]], dtype=torch.float64)
        gradient = torch.autograd.grad(one(x).square().sum(), one.vectors)[0]
        for i in range(gradient.numel()):
            sides = []
            for sign in (1, -1):
                with torch.no_grad():
                    one.vectors.view(-1)[i] += sign * 1e-5
                    sides.append(float(one(x).square().sum()))
                    one.vectors.view(-1)[i] -= sign * 1e-5
            assert float(gradient.view(-1)[i]) == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-8)

    def test_its_speed_is_kept(self) -> None:
        one = layer(ContinuousTime(knots=2, speed=3.0))
        still(one, 50.0, 1.0)
        x = torch.linspace(-2, 2, 64, dtype=torch.float64).view(1, 1, 64)
        one.confine(x, torch.Generator().manual_seed(0))
        first, last = one.vectors.detach().flatten().tolist()
        assert first / last == pytest.approx(50)
        slope = norms(slopes(x, one.anchors, one.vectors[:, :1], one.log_scale.exp()))
        assert 2.0 < float(slope.detach().max()) <= 3 + 1e-9

    def test_penalties_are_refused(self) -> None:
        with pytest.raises(SpecError, match="no penalty knows layers in continuous time"):
            layer(ContinuousTime()).jacobian(torch.zeros(1, 1, 1))

    def test_without_torchdiffeq(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "torchdiffeq", None)
        with pytest.raises(DependencyError) as caught:
            layer(ContinuousTime())
        message = str(caught.value)
        assert message.startswith("Vector fields in continuous time need torchdiffeq, which is not installed")
        assert message.endswith("pip install 'neural-topology[ode]'")


class TestSteps:
    def test_every_flow_layer_becomes_many(self) -> None:
        spec = expanded(NetworkSpec.parse("2-3-3:flow-2"), 5)
        assert str(spec) == "2-3-3:flow*5-2"

    def test_they_come_near_to_the_motion_at_second_order_in_time_and_first_in_space(self) -> None:
        apart = []
        for layers in (40, 80):
            time = ContinuousTime(knots=2, layers=layers, rtol=1e-7, atol=1e-7)
            one = layer(time)
            still(one, 0.5, 2.0)
            parts = (one.anchors, one.vectors, one.log_scale.exp()[..., 0, 0])
            flows = Flows(*(part.detach().numpy() for part in parts))
            x = np.linspace(-2, 2, 9)[:, None]
            exact = one(torch.tensor(x.T[None])).detach().numpy()[0].T
            for step in euler_steps(flows, time):
                x = step.at(0)(x)
            apart.append(float(np.abs(x - exact).max()))
        assert apart[0] < 0.02
        assert 1.7 < apart[0] / apart[1] < 2.3


class TestTrained:
    def test_a_short_training(self) -> None:
        recipe = Recipe(restarts=1, steps=20, snapshots=2, decay=0.0, learning_rate=0.1, batch=40, warmup=5)
        data, network = Spirals(turns=0.4, n_per_class=60), NetworkSpec.parse("2-2:flow")
        short = Experiment("short", "Short", data, network, recipe)
        short = replace(
            short, continuous=ContinuousTime(knots=2, solver="rk4", steps=4, layers=10, speed=8.0)
        )
        trace = train(short)
        assert str(trace.spec) == "2-2:flow*10"
        assert trace.outcome["separated"]
        assert trace.outcome["fields"]["shortened_layers"] == 0
        assert all(layer.path.isotopic for layer in trace.layers)
        noted = trace.outcome["continuous"]
        assert (noted["solver"], noted["steps"], noted["layers"]) == ("rk4", 4, 10)
        assert 0 < noted["solver_difference"] < 0.05
        assert noted["solver_difference"] < noted["step_difference"] < 0.5


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            ({"solver": "dopri6"}, "no solver is called 'dopri6'; did you mean dopri5"),
            ({"knots": 0}, "knots = 0: must be at least 1"),
            ({"rtol": 0.0}, r"rtol = 0.0: must be positive and finite"),
            ({"speed": 96.0}, "speed = 96.0 in 96 layers: steps of a trace must be shorter"),
        ],
    )
    def test_options(self, options: dict[str, Any], complaint: str) -> None:
        with pytest.raises(SpecError, match=complaint):
            ContinuousTime(**options)
