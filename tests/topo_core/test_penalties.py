"""Contractive penalties against Jacobians by automatic differentiation, one restart and point at a time."""

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor

from topo_core import activations, training
from topo_core.datasets import DiscInAnnulus
from topo_core.experiments import Experiment, Recipe
from topo_core.networks import ACTIVATIONS, Network
from topo_core.penalties import PENALTIES, SLOPES, jacobian_columns
from topo_core.recipe import PENALTIES as NAMES
from topo_core.spec import NetworkSpec
from topo_core.topology.stretch import stretch

NETWORKS = ["2", "2-2", "2-3:relu-2", "3-2:softplus-4:leaky_relu", "1-2:sigmoid-1", "2-2-2:linear-2"]


def network_and_points(spec: str, n_classes: int = 2) -> tuple[Network, Tensor]:
    network = Network(NetworkSpec.parse(spec), n_classes, restarts=3, seed=4, init="orthogonal", gain=1.5)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for bias in network.biases:
            bias.normal_(generator=generator)
    x = torch.randn(network.spec.widths[0], 7, generator=generator, dtype=torch.float64)
    return network, x


def layers_of(network: Network, restart: int) -> list[Any]:
    """One restart's hidden layers and readout as plain functions of one point."""

    def layer(k: int) -> Any:
        sigma = (lambda z: z) if k == network.spec.n_layers else ACTIVATIONS[network.spec.activations[k]]
        return lambda h: sigma(network.weights[k][restart] @ h + network.biases[k][restart, :, 0])

    return [layer(k) for k in range(network.spec.n_layers + 1)]


def plainly(kind: str, network: Network, x: Tensor) -> Tensor:
    """The penalty as its definition says, ``(restarts,)``, differentiable."""
    result = []
    jacobian = lambda f, p: torch.autograd.functional.jacobian(f, p, create_graph=True)  # noqa: E731
    for restart in range(len(network.weights[0])):
        *hidden, readout = layers_of(network, restart)
        total = torch.zeros((), dtype=torch.float64)
        for point in x.T:
            whole = point
            if kind == "layers":
                for layer in hidden:
                    total = total + jacobian(layer, whole).square().sum()
                    whole = layer(whole)
                continue

            def representation(p: Tensor, hidden: list[Any] = hidden) -> Tensor:
                for layer in hidden:
                    p = layer(p)
                return p

            if kind == "representation":
                total = total + jacobian(representation, point).square().sum()
            else:
                rows = jacobian(lambda p, f=representation, g=readout: g(f(p)), point)
                for i, j in itertools.combinations(range(network.n_classes), 2):
                    total = total + (rows[i] - rows[j]).square().sum()
        result.append(total / x.shape[1])
    return torch.stack(result)


def test_the_names_are_those_of_recipes() -> None:
    assert tuple(PENALTIES) == NAMES


@pytest.mark.parametrize("name", [name for name in activations.ACTIVATIONS if name != "gelu"])
def test_slopes_are_functions_of_the_output(name: str) -> None:
    z = torch.linspace(-4, 4, 40, dtype=torch.float64)
    expected = torch.tensor(activations.ACTIVATIONS[name].slope(z.numpy()))
    torch.testing.assert_close(SLOPES[name](ACTIVATIONS[name](z)), expected)


@pytest.mark.parametrize("spec", NETWORKS)
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("kind", NAMES)
class TestAgainstTheDefinition:
    def test_value(self, kind: str, spec: str, n_classes: int) -> None:
        network, x = network_and_points(spec, n_classes)
        found = PENALTIES[kind](network, network.columns(x))
        torch.testing.assert_close(found, plainly(kind, network, x))

    def test_gradient(self, kind: str, spec: str, n_classes: int) -> None:
        network, x = network_and_points(spec, n_classes)
        parameters = list(network.parameters())
        results = [PENALTIES[kind](network, network.columns(x)), plainly(kind, network, x)]
        if not results[1].requires_grad:  # no hidden layer: nothing depends on the weights
            assert not results[0].requires_grad
            return
        ours, plain = (torch.autograd.grad(r.sum(), parameters, allow_unused=True) for r in results)
        for a, b, parameter in zip(ours, plain, parameters, strict=True):
            zero = torch.zeros_like(parameter)
            torch.testing.assert_close(zero if a is None else a, zero if b is None else b)


def test_the_jacobian_columns() -> None:
    network, x = network_and_points("2-3-2")
    found = jacobian_columns(network, network.columns(x))
    assert found.shape == (3, 2, 2, 7)
    *hidden, _ = layers_of(network, 1)
    whole = torch.autograd.functional.jacobian(lambda p: hidden[1](hidden[0](p)), x[:, 4])
    torch.testing.assert_close(found[1, :, :, 4], whole)


POINTS = DiscInAnnulus().dense(200)[0]


def trained(**recipe: Any) -> Any:
    options = {"restarts": 4, "steps": 150, "decay": 0.0, "init": "orthogonal", "gain": 1.5, **recipe}
    spec, data = NetworkSpec.parse("2-2-2"), DiscInAnnulus(n_per_class=64)
    return training.train(Experiment("short", "Short", data, spec, Recipe(**options)))


class TestInTraining:
    def test_strength_zero_is_no_penalty(self) -> None:
        plain, zero = trained(steps=20), trained(steps=20, penalty="logit")
        assert plain.losses.tobytes() == zero.losses.tobytes()

    @pytest.mark.parametrize("kind", NAMES)
    def test_what_is_penalised_becomes_small(self, kind: str) -> None:
        free, held = (stretch(trained(penalty=kind, penalty_strength=s), points=POINTS) for s in (0.0, 1.0))
        measured = "mean_logit_gradient" if kind == "logit" else "rms"
        assert getattr(held, measured) < 0.5 * getattr(free, measured)

    def test_the_losses_are_still_cross_entropies(self) -> None:
        held, free = (trained(steps=20, restarts=1, penalty="logit", penalty_strength=s) for s in (9.0, 0.0))
        assert held.losses[0] == free.losses[0]
        assert held.losses[-1] != free.losses[-1]

    def test_it_is_weighed_by_its_strength(self) -> None:
        network, x = network_and_points("2-3-2")
        one_hot = torch.eye(2, dtype=torch.float64)[:, [0, 1, 1, 0, 1, 0, 0]]
        free, held = (
            training._objective(network, x, one_hot, Recipe(penalty="layers", penalty_strength=s))
            for s in (0.0, 0.25)
        )
        expected = 0.25 * plainly("layers", network, x).sum()
        torch.testing.assert_close(held - free, expected)
