"""Contractive penalties of any map: against definitions, other formulas, and their own expectation."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from topo_core.contractive import (
    MOST_EXACT,
    ContractivePenalty,
    layer_squared_norms,
    layers_of,
    logit_squared_norms,
    squared_norms,
)
from topo_core.errors import SpecError, UnknownNameError
from topo_core.knn.fit import Classifier, FitRecipe, fit
from topo_core.knn.spec import ClassifierSpec
from topo_core.networks import Network
from topo_core.penalties import PENALTIES
from topo_core.spec import NetworkSpec


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def body(*widths: int) -> nn.Sequential:
    layers = [m for n, k in itertools.pairwise(widths) for m in (nn.Linear(n, k), nn.Tanh())]
    return nn.Sequential(*layers).double()


def points(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64)


def plainly(function: Any, x: Tensor) -> Tensor:
    jacobian = torch.autograd.functional.jacobian
    return torch.stack(
        [jacobian(lambda p: function(p[None])[0], p, create_graph=True).square().sum() for p in x]
    )


class TestExact:
    def test_value_and_gradient(self) -> None:
        net, x = body(3, 5, 4), points(6, 3)
        ours, plain = squared_norms(net, x), plainly(net, x)
        torch.testing.assert_close(ours, plain)
        parameters = list(net.parameters())
        grads = [torch.autograd.grad(r.sum(), parameters, allow_unused=True) for r in (ours, plain)]
        for a, b in zip(*grads, strict=True):
            assert (a is None) == (b is None)
            if a is not None:
                torch.testing.assert_close(a, b)

    def test_of_a_linear_map(self) -> None:
        net = nn.Linear(4, 7).double()
        torch.testing.assert_close(squared_norms(net, points(3, 4)), net.weight.square().sum().expand(3))

    def test_of_images(self) -> None:
        net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2), nn.Tanh()).double()
        x = points(3, 1, 6, 6)
        torch.testing.assert_close(squared_norms(net, x), plainly(net, x))

    def test_of_a_constant(self) -> None:
        bias = torch.ones(2, requires_grad=True)
        for function in (lambda x: torch.ones(len(x), 2), lambda x: bias.expand(len(x), -1)):
            assert squared_norms(function, points(3, 2)).tolist() == [0, 0, 0]

    @pytest.mark.parametrize("classes", [2, 4])
    def test_logits(self, classes: int) -> None:
        net, x = body(3, 4, classes), points(5, 3)
        pairs = itertools.combinations(range(classes), 2)
        plain = sum(plainly(lambda p, i=i, j=j: net(p)[:, [i]] - net(p)[:, [j]], x) for i, j in pairs)
        torch.testing.assert_close(logit_squared_norms(net, x), plain)

    def test_the_same_as_the_formulas_of_small_networks(self) -> None:
        network = Network(NetworkSpec.parse("2-3-2"), 3, seed=4)
        net = body(2, 3, 2)
        readout = nn.Linear(2, 3).double()
        with torch.no_grad():
            for layer, weight in zip([net[0], net[2], readout], network.weights, strict=True):
                layer.weight.copy_(weight[0])
                layer.bias.zero_()
        x = points(6, 2)
        columns = network.columns(x.T)
        found = {
            "representation": squared_norms(net, x),
            "logit": logit_squared_norms(lambda p: readout(net(p)), x),
            "layers": torch.stack(layer_squared_norms(layers_of(net), x)).sum(0),
        }
        for kind, norms in found.items():
            torch.testing.assert_close(norms.mean(), PENALTIES[kind](network, columns)[0])


class TestLayers:
    def test_each_at_its_own_place(self) -> None:
        net, x = body(3, 5, 2), points(4, 3)
        first, second = layers_of(net)
        found = layer_squared_norms([first, second], x)
        torch.testing.assert_close(found[0], plainly(first, x))
        torch.testing.assert_close(found[1], plainly(second, first(x).detach()))

    def test_gradients_reach_the_layers_before(self) -> None:
        net, x = body(3, 5, 2), points(4, 3)
        first, second = layers_of(net)
        ours = torch.autograd.grad(layer_squared_norms([first, second], x)[1].sum(), first[0].weight)[0]
        h = first(x)
        slopes = 1 - second(h).square()
        plain = (slopes.square() @ second[0].weight.square().sum(1)).sum()
        torch.testing.assert_close(ours, torch.autograd.grad(plain, first[0].weight)[0])

    def test_what_a_layer_is(self) -> None:
        net = nn.Sequential(
            nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 3), nn.Linear(3, 2), nn.ReLU()
        )
        kinds = [[type(module).__name__ for module in layer] for layer in layers_of(net)]
        assert kinds == [["Flatten", "Linear", "Tanh"], ["Linear"], ["Linear", "ReLU"]]


class TestProjections:
    def test_the_expectation_is_the_norm(self) -> None:
        """Within five standard errors, which the variance of signs, at most 2 |J J'|^2, bounds."""
        net, x = body(4, 8, 20), points(3, 4)
        exact = squared_norms(net, x).detach()
        count = 20_000
        for point, norm in zip(x, exact, strict=True):
            found = (
                squared_norms(net, point.expand(count, -1), 1, torch.Generator().manual_seed(1))
                .mean()
                .detach()
            )
            jacobian = torch.autograd.functional.jacobian(lambda p: net(p[None])[0], point)
            error = math.sqrt(2 * float((jacobian @ jacobian.T).square().sum()) / count)
            assert abs(float(found - norm)) < 5 * error
            assert 5 * error < 0.1 * float(norm)  # so that this says something

    def test_several_are_averaged(self) -> None:
        net, x = body(4, 8, 20), points(3, 4)
        torch.testing.assert_close(squared_norms(net, x, 1000), squared_norms(net, x), rtol=0.2, atol=0)

    def test_one_output_needs_no_luck(self) -> None:
        net, x = body(5, 6, 1), points(4, 5)
        torch.testing.assert_close(squared_norms(net, x, 1), squared_norms(net, x))

    def test_points_are_projected_independently(self) -> None:
        net, x = body(4, 20), points(1, 4).expand(50, 4)
        assert len(set(squared_norms(net, x, 1).tolist())) > 25

    @pytest.mark.parametrize(("outputs", "exact"), [(MOST_EXACT, True), (MOST_EXACT + 1, False)])
    def test_large_maps_are_estimated(self, outputs: int, exact: bool) -> None:
        net, x = body(3, outputs), points(4, 3)
        assert torch.allclose(squared_norms(net, x, None), squared_norms(net, x)) == exact

    def test_a_seed_decides(self) -> None:
        net, x = body(3, 30), points(4, 3)
        first, again, other = (squared_norms(net, x, 2, torch.Generator().manual_seed(s)) for s in (1, 1, 2))
        assert torch.equal(first, again)
        assert not torch.equal(first, other)


LABELS = np.arange(80) % 2
POINTS = np.random.default_rng(0).normal(size=(80, 2)) + 2 * LABELS[:, None]


def trained(
    strength: float, kind: str = "representation", readout: str = "softmax", **options: Any
) -> Classifier:
    spec = ClassifierSpec.parse(f"2-8-12 > {readout}")
    penalty = ContractivePenalty(kind, strength, **options)
    return fit(spec, POINTS, LABELS, FitRecipe(10, 40, 0.05), penalty=penalty)


class TestInTraining:
    @pytest.mark.parametrize("kind", ["representation", "logit", "layers"])
    @pytest.mark.parametrize("projections", [0, 1])
    def test_what_is_penalised_becomes_small(self, kind: str, projections: int) -> None:
        made = [trained(s, kind, projections=projections) for s in (0.0, 1.0)]
        free, held = (float(ContractivePenalty(kind, 1.0, 0)(m, m.prepare(POINTS)).detach()) for m in made)
        assert held < 0.5 * free

    def test_for_neighbours_too(self) -> None:
        made = [trained(s, "representation", "gaussian") for s in (0.0, 1.0)]
        free, held = (float(squared_norms(m.body, m.prepare(POINTS)).mean().detach()) for m in made)
        assert held < 0.5 * free

    def test_the_same_twice(self) -> None:
        first, again = (trained(0.1).features(POINTS) for _ in range(2))
        assert first.tobytes() == again.tobytes()

    def test_neighbours_have_no_logits(self) -> None:
        with pytest.raises(SpecError, match="a readout by neighbours has no logits"):
            trained(1.0, "logit", "gaussian")


def test_what_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no penalty is called 'layer'; did you mean layers"):
        ContractivePenalty("layer", 1.0)
    for strength in (-1.0, math.nan, math.inf):
        with pytest.raises(SpecError, match="strength = "):
            ContractivePenalty("layers", strength)
    for make in (
        lambda: ContractivePenalty("layers", 1.0, -1),
        lambda: squared_norms(body(2, 2), points(1, 2), -1),
    ):
        with pytest.raises(SpecError, match="projections = -1"):
            make()
