"""Batched networks: the same numbers as a trace, and restarts that know nothing of each other."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import Tensor

from tests.topo_core.example_traces import NETWORKS, trace_fields
from topo_core import activations
from topo_core.errors import SpecError
from topo_core.networks import ACTIVATIONS, INITIALISERS, Network
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace

EVERY_ACTIVATION = [f"2-3:{name}-2:{name}" for name in ACTIVATIONS]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """On a busy machine a second thread makes small tensors many times slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network(text: str, *, scale: float = 1.0, **options: Any) -> Network:
    """A network with random biases too; ``scale`` multiplies every parameter."""
    result = Network(NetworkSpec.parse(text), **options)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for bias in result.biases:
            bias.normal_(generator=generator)
        for parameter in result.parameters():
            parameter *= scale
    return result


def points(dimension: int, count: int = 30) -> Tensor:
    return torch.tensor(np.random.default_rng(2).uniform(-1, 1, (count, dimension)))


def as_trace(net: Network, text: str, restart: int) -> Trace:
    """The trace of one restart, with a single snapshot."""
    weights = [w[restart].detach().numpy()[None] for w in net.weights]
    biases = [b[restart].detach().numpy()[None, :, 0] for b in net.biases]
    return Trace(
        **{
            **trace_fields(text, snapshots=1),
            "weights": tuple(weights[:-1]),
            "biases": tuple(biases[:-1]),
            "readout_weight": weights[-1],
            "readout_bias": biases[-1],
        }
    )


class TestAgreementWithTraces:
    @pytest.mark.parametrize("scale", [1.0, 10.0])
    @pytest.mark.parametrize("text", [*NETWORKS, *EVERY_ACTIVATION, "2-2-2-2-2"])
    def test_every_representation_and_the_logits(self, text: str, scale: float) -> None:
        classes = len(set(trace_fields(text)["dataset"].labels.tolist()))
        net = network(text, n_classes=classes, restarts=3, seed=1, scale=scale)
        x = points(net.spec.widths[0])
        with torch.no_grad():
            representations, logits = net.representations(x), net(x).numpy()
        for restart in range(3):
            trace = as_trace(net, text, restart)
            for layer, h in enumerate(representations):
                expected = trace.evaluate(x.numpy(), layer)[:, : h.shape[2]]
                assert_allclose(h[restart].numpy(), expected, rtol=1e-12, atol=1e-12)
            assert_allclose(logits[restart], trace.logits(x.numpy()), rtol=1e-12, atol=1e-12)

    def test_both_know_the_same_activations(self) -> None:
        assert set(ACTIVATIONS) == set(activations.ACTIVATIONS)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_activations_agree_far_out_too(self, name: str) -> None:
        x = np.concatenate([np.linspace(-60, 60, 1201), [-1e300, -800.0, 800.0, 1e300]])
        ours = ACTIVATIONS[name](torch.tensor(x)).numpy()
        assert_allclose(ours, activations.ACTIVATIONS[name].apply(x), rtol=1e-12, atol=1e-12)


class TestShapes:
    def test_parameters(self) -> None:
        net = Network(NetworkSpec.parse("2-3-4:relu"), n_classes=5, restarts=6)
        assert [tuple(w.shape) for w in net.weights] == [(6, 3, 2), (6, 4, 3), (6, 5, 4)]
        assert [tuple(b.shape) for b in net.biases] == [(6, 3, 1), (6, 4, 1), (6, 5, 1)]
        assert {p.dtype for p in net.parameters()} == {torch.float64}
        assert all(p.requires_grad for p in net.parameters())

    def test_the_default_is_one_network_of_two_classes(self) -> None:
        net = Network(NetworkSpec.parse("2-2"))
        assert (net.n_classes, len(net.weights[0]), net.spec) == (2, 1, NetworkSpec.parse("2-2"))

    def test_representations_logits_and_columns(self) -> None:
        net = network("2-3-4:relu", n_classes=5, restarts=6)
        x = points(2, 7)
        shapes = [tuple(h.shape) for h in net.representations(x)]
        assert shapes == [(6, 7, 2), (6, 7, 3), (6, 7, 4)]
        assert net(x).shape == (6, 7, 5)
        assert torch.equal(net.logit_columns(x.mT), net(x).mT)

    def test_the_first_representation_is_the_input(self) -> None:
        x = points(2)
        for h in network("2-3", restarts=4).representations(x)[0]:
            assert torch.equal(h, x)

    def test_without_hidden_layers(self) -> None:
        net = network("2", n_classes=3, restarts=2)
        x = points(2)
        assert len(net.representations(x)) == 1
        expected = x @ net.weights[0].mT + net.biases[0].mT
        assert_allclose(net(x).detach().numpy(), expected.detach().numpy(), rtol=0, atol=1e-12)


class TestInitialisation:
    @pytest.mark.parametrize("init", INITIALISERS)
    def test_a_restart_does_not_depend_on_how_many_there_are(self, init: str) -> None:
        spec = NetworkSpec.parse("2-3-2")
        many = Network(spec, 3, restarts=9, seed=4, init=init, gain=2.0)
        for restarts in (1, 2, 5):
            few = Network(spec, 3, restarts=restarts, seed=4, init=init, gain=2.0)
            for a, b in zip(few.parameters(), many.parameters(), strict=True):
                assert torch.equal(a, b[:restarts])

    @pytest.mark.parametrize("init", INITIALISERS)
    def test_restarts_and_seeds_differ(self, init: str) -> None:
        spec = NetworkSpec.parse("2-2")
        weights = [Network(spec, restarts=8, seed=s, init=init).weights[0] for s in range(3)]
        rows = torch.cat([w.flatten(1) for w in weights]).detach().numpy()
        assert len(np.unique(rows, axis=0)) == 24

    def test_neither_takes_from_nor_moves_the_global_generator(self) -> None:
        spec = NetworkSpec.parse("2-2")
        torch.manual_seed(1)
        first, state = Network(spec, seed=3), torch.random.get_rng_state()
        torch.manual_seed(2)
        other = torch.random.get_rng_state()
        second = Network(spec, seed=3)
        assert torch.equal(first.weights[0], second.weights[0])
        assert torch.equal(torch.random.get_rng_state(), other)
        assert not torch.equal(state, other)

    def test_biases_are_zero(self) -> None:
        for bias in Network(NetworkSpec.parse("2-3-2"), restarts=4).biases:
            assert_array_equal(bias.detach().numpy(), 0)

    def test_xavier_has_the_variance_of_glorot_and_bengio(self) -> None:
        net = Network(NetworkSpec.parse("2-3-5"), 4, restarts=2000, seed=0, gain=1.5)
        for weight in net.weights:
            n_out, n_in = weight.shape[1:]
            values = weight.detach().numpy()
            assert values.var() == pytest.approx(1.5**2 * 2 / (n_in + n_out), rel=0.05)
            assert abs(values.mean()) < 0.03

    @pytest.mark.parametrize("text", ["2-2-2", "2-5-3"])
    def test_orthogonal_is_orthogonal_times_the_gain(self, text: str) -> None:
        net = Network(NetworkSpec.parse(text), 3, restarts=5, init="orthogonal", gain=2.0)
        for weight in net.weights:
            singular_values = np.linalg.svd(weight.detach().numpy(), compute_uv=False)
            assert_allclose(singular_values, 2.0, rtol=0, atol=1e-12)

    def test_the_seed_may_be_as_large_as_one_likes(self) -> None:
        spec = NetworkSpec.parse("2-2")
        large = Network(spec, seed=2**63 - 1).weights[0]
        assert torch.equal(large, Network(spec, seed=2**63 - 1).weights[0])
        assert not torch.equal(large, Network(spec, seed=2**63 - 2).weights[0])


class TestErrors:
    @pytest.mark.parametrize("n_classes", [1, 0, -1])
    def test_too_few_classes(self, n_classes: int) -> None:
        with pytest.raises(SpecError, match=f"n_classes = {n_classes}: .* at least 2"):
            Network(NetworkSpec.parse("2-2"), n_classes)

    def test_an_unknown_initialiser_is_named_with_those_there_are(self) -> None:
        with pytest.raises(SpecError, match="init = 'xavir': use one of xavier, orthogonal") as caught:
            Network(NetworkSpec.parse("2-2"), init="xavir")
        assert "\n" not in str(caught.value)


def test_restarts_have_gradients_of_their_own() -> None:
    net = network("2-2-2", restarts=4)
    net(points(2))[1].square().sum().backward()
    for parameter in net.parameters():
        assert parameter.grad is not None
        assert_array_equal(parameter.grad[[0, 2, 3]].numpy(), 0)
        assert parameter.grad[1].abs().sum() > 0
