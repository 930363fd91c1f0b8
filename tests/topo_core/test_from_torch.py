"""A network of one's own becomes a trace that computes the same, or is refused in one clear line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from topo_core.errors import DataError, SpecError, TopoError, TraceError
from topo_core.from_torch import trace_of, trace_of_files
from topo_core.plain_modules import SUPPORTED, plain_module
from topo_core.plain_states import read_checkpoints

RNG = np.random.default_rng(0)
POINTS, LABELS = RNG.standard_normal((12, 2)), np.arange(12) % 3
TWO = np.arange(12) % 2

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
}


def normalisation(width: int, seed: int = 0) -> nn.BatchNorm1d:
    """One that has seen data."""
    module, generator = nn.BatchNorm1d(width), torch.Generator().manual_seed(seed)
    for values in (module.running_mean, module.weight.data, module.bias.data):
        assert values is not None
        values.normal_(generator=generator)
    assert module.running_var is not None
    module.running_var.uniform_(0.5, 2, generator=generator)
    return module.eval()


def sequence(seed: int = 0, outputs: int = 3) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, outputs))


def answers(model: nn.Module, points: Any = POINTS) -> Any:
    with torch.no_grad():
        return model.double()(torch.tensor(points)).numpy()


class TestAModule:
    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_every_activation(self, name: str) -> None:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(2, 5), ACTIVATIONS[name](), nn.Linear(5, 3))
        trace = trace_of(model, POINTS, LABELS)
        assert trace.spec.activations == (name,)
        assert np.abs(trace.logits(POINTS) - answers(model)).max() < 3e-9  # Softplus is exact only here

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 2**32), st.data())
    def test_any_order_of_supported_modules(self, seed: int, data: Any) -> None:
        """Normalisation before, between and after, dropout, nesting, linear layers in a row."""
        torch.manual_seed(seed)
        width, modules = 2, []
        for k in range(data.draw(st.integers(0, 3))):
            if data.draw(st.booleans()):
                modules.append(normalisation(width, seed % 100 + k))
            after = data.draw(st.integers(1, 5))
            modules.append(nn.Linear(width, after, bias=data.draw(st.booleans())))
            width = after
            if data.draw(st.booleans()):
                modules += [normalisation(width, seed % 97 + k), nn.Dropout(0.5)]
            if data.draw(st.booleans()):
                modules.append(
                    nn.Sequential(ACTIVATIONS[data.draw(st.sampled_from([*ACTIVATIONS]))](), nn.Identity())
                )
        modules += [normalisation(width, 5)] * data.draw(st.integers(0, 1)) + [nn.Linear(width, 3)]
        model = nn.Sequential(*modules).eval()
        expected = answers(model)
        ours = trace_of(model, POINTS, LABELS).logits(POINTS)
        assert np.abs(ours - expected).max() <= 1e-8 * (1 + np.abs(expected).max())

    def test_normalisation_alone_between_activations_is_a_layer(self) -> None:
        model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), normalisation(3), nn.ReLU(), nn.Linear(3, 3)).eval()
        trace = trace_of(model, POINTS, LABELS)
        assert str(trace.spec) == "2-3-3:relu"
        np.testing.assert_allclose(trace.logits(POINTS), answers(model), rtol=1e-12)

    def test_one_output_decides_between_two_classes_by_its_sign(self) -> None:
        model = sequence(outputs=1)
        trace = trace_of(model, POINTS, TWO)
        positive = answers(model)[:, 0] > 0
        assert trace.predict(POINTS).tolist() == positive.astype(int).tolist()
        assert trace.outcome["wrong"] == int((positive != TWO).sum())

    def test_a_module_used_twice(self) -> None:
        torch.manual_seed(0)
        act, square = nn.Tanh(), nn.Linear(2, 2)
        model = nn.Sequential(square, act, square, act, nn.Linear(2, 3))
        np.testing.assert_allclose(trace_of(model, POINTS, LABELS).logits(POINTS), answers(model), rtol=1e-12)

    @pytest.mark.parametrize(
        ("modules", "message"),
        [
            (
                [nn.Linear(2, 2), nn.Conv1d(1, 1, 1)],
                "module 1 is Conv1d, which is not supported; use one of Seq",
            ),
            ([nn.Sequential(nn.Linear(2, 2), nn.Softmax(1))], "module 0.1 is Softmax"),
            ([nn.Linear(2, 2), nn.Tanh()], "it ends in tanh; the last module must be the Linear"),
            ([nn.Linear(2, 2), nn.Tanh(), nn.Tanh()], "module 2 (Tanh) follows another activation"),
            ([nn.Tanh(), nn.Linear(2, 2)], "module 0 (Tanh) follows no Linear"),
            ([nn.Identity()], "it has no Linear"),
            (
                [nn.Linear(2, 2), nn.Linear(3, 2)],
                "module 1 (Linear) takes 3 inputs, but the one before gives 2",
            ),
            ([nn.Linear(2, 2), nn.BatchNorm1d(3).eval()], "takes 3 inputs, but the one before gives 2"),
            ([nn.Linear(2, 2), nn.Dropout()], "module 1 (Dropout) is in training mode"),
            ([nn.Linear(2, 2), nn.BatchNorm1d(2)], "call model.eval() first"),
            ([nn.Linear(2, 2), nn.ELU(2.0), nn.Linear(2, 2)], "has alpha = 2.0; only 1.0 is supported"),
            ([nn.Linear(2, 2), nn.GELU("tanh"), nn.Linear(2, 2)], "has approximate = 'tanh'"),
            ([nn.Linear(2, 2), nn.LeakyReLU(0.2), nn.Linear(2, 2)], "has negative_slope = 0.2"),
            (
                [nn.Linear(2, 2), nn.BatchNorm1d(2, track_running_stats=False).eval()],
                "keeps no running statistics",
            ),
        ],
    )
    def test_what_is_refused(self, modules: list[nn.Module], message: str) -> None:
        with pytest.raises(SpecError) as error:
            plain_module(nn.Sequential(*modules))
        assert message in str(error.value)
        assert "\n" not in str(error.value)

    def test_the_error_names_all_that_is_supported(self) -> None:
        with pytest.raises(SpecError) as error:
            plain_module(nn.Sequential(nn.Linear(2, 2), nn.Mish()))
        assert all(name in str(error.value) for name in SUPPORTED)
        assert {"Linear", "Tanh", "Softplus", "GELU", "Identity", "BatchNorm1d"} <= {*SUPPORTED}

    def test_other_modules_and_hooks(self) -> None:
        with pytest.raises(SpecError, match=r"Linear is no torch\.nn\.Sequential"):
            plain_module(nn.Linear(2, 2))
        model = sequence()
        model[0].register_forward_hook(lambda *_: None)
        with pytest.raises(SpecError, match="hooks"):
            plain_module(model)


class TestThePoints:
    def test_labels_by_name_are_sorted(self) -> None:
        names = np.array(["b", "c", "a"])[LABELS]
        trace = trace_of(sequence(), POINTS, names)
        assert trace.dataset.class_names == ("a", "b", "c")
        assert trace.dataset.labels.tolist() == [{"a": 0, "b": 1, "c": 2}[name] for name in names]

    def test_or_in_the_order_of_the_outputs(self) -> None:
        names = np.array(["b", "c", "a"])[LABELS]
        trace = trace_of(sequence(), torch.tensor(POINTS), names, class_names=("b", "c", "a"))
        assert trace.dataset.labels.tolist() == LABELS.tolist()
        with pytest.raises(DataError, match="label 'a' is none of class_names"):
            trace_of(sequence(), POINTS, names, class_names=("b", "c", "d"))

    def test_what_does_not_fit(self) -> None:
        with pytest.raises(SpecError, match="takes 2 inputs, but the points have 3"):
            trace_of(sequence(), RNG.standard_normal((12, 3)), LABELS)
        with pytest.raises(SpecError, match="tells 3 classes apart, but the labels name 2"):
            trace_of(sequence(), POINTS, TWO)
        with pytest.raises(DataError, match="12 points"):
            trace_of(sequence(), POINTS, LABELS[:-1])

    def test_wide_points(self) -> None:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 2))
        images = RNG.random((10, 784))
        trace = trace_of(model, images, np.arange(10) % 2)
        np.testing.assert_allclose(trace.logits(images), answers(model, images), rtol=1e-9)
        assert trace.dataset.dimension == 784

    def test_what_is_measured(self) -> None:
        trace = trace_of(sequence(), POINTS, LABELS)
        z = torch.tensor(trace.logits(POINTS))
        expected = nn.functional.cross_entropy(z, torch.tensor(LABELS)).item()
        assert trace.losses[0] == pytest.approx(expected, rel=1e-12)
        assert trace.accuracies[0] == (trace.predict(POINTS) == LABELS).mean()


class TestCheckpoints:
    def test_they_become_snapshots_that_compute_what_each_did(self) -> None:
        models = [sequence(seed) for seed in range(3)]
        trace = trace_of(models, POINTS, LABELS, steps=[0, 10, 50])
        assert trace.steps.tolist() == [0, 10, 50]
        for s, model in enumerate(models):
            np.testing.assert_allclose(trace.logits(POINTS, s), answers(model), rtol=1e-9)

    def test_state_dicts_with_text_or_a_module(self) -> None:
        states = [sequence(seed).state_dict() for seed in range(2)]
        expected = trace_of([sequence(0), sequence(1)], POINTS, LABELS)
        for network in ("2-4-2:relu-3", "2-4-2:relu", sequence(9)):
            assert trace_of(states, POINTS, LABELS, network=network) == expected
        with pytest.raises(SpecError, match="for example with network 2-4-2-3"):
            trace_of(states, POINTS, LABELS)

    @pytest.mark.parametrize(
        ("network", "message"),
        [
            ("2-4", "does not fit 3 weight matrices"),
            ("2-5-2:relu-3", "'0.weight' has the shape (4, 2), but network '2-5-2:relu-3' needs 5 rows"),
            ("2-4-2:relu-3:relu", "its last layer is the readout"),
            ("2-4:sine-3", "no activation is called 'sine'"),
        ],
    )
    def test_an_architecture_that_does_not_fit(self, network: str, message: str) -> None:
        with pytest.raises(TopoError) as error:
            trace_of(sequence().state_dict(), POINTS, LABELS, network=network)
        assert message in str(error.value)

    def test_state_dicts_with_normalisation_need_the_module(self) -> None:
        model = nn.Sequential(nn.Linear(2, 3), normalisation(3), nn.ReLU(), nn.Linear(3, 3)).eval()
        state = model.state_dict()
        with pytest.raises(SpecError, match=r"'1\.weight' belongs to no linear layer; build the network"):
            trace_of(state, POINTS, LABELS, network="2-3:relu-3")
        trace = trace_of(state, POINTS, LABELS, network=model)
        np.testing.assert_allclose(trace.logits(POINTS), answers(model), rtol=1e-9)

    def test_of_different_networks(self) -> None:
        with pytest.raises(SpecError, match="checkpoint 1 is a network 2 with 3 outputs, the first one"):
            trace_of([sequence(), nn.Sequential(nn.Linear(2, 3))], POINTS, LABELS)
        with pytest.raises(TraceError, match="increasing"):
            trace_of([sequence(), sequence(1)], POINTS, LABELS, steps=[5, 5])


class Evil:
    """Unpickling it would run code."""

    def __reduce__(self) -> Any:
        return eval, ("open('it-ran', 'w')",)


class TestFiles:
    @pytest.fixture
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        np.savez("points.npz", points=POINTS, labels=np.array(["b", "c", "a"])[LABELS])
        return tmp_path

    def test_a_state_dict(self, here: Path) -> None:
        torch.save(sequence().state_dict(), "w.pt")
        trace = trace_of_files([Path("w.pt")], Path("points.npz"), "2-4-2:relu-3")
        np.testing.assert_allclose(trace.logits(POINTS), answers(sequence()), rtol=1e-9)
        assert trace.certificate["claims"]

    def test_checkpoints_that_know_their_network_and_step(self, here: Path) -> None:
        for k in range(2):
            held = {"state_dict": sequence(k).state_dict(), "network": "2-4-2:relu-3", "epoch": 7 * k}
            torch.save(held, f"{k}.pt")
        found, steps = read_checkpoints([Path("0.pt"), Path("1.pt")], None)
        assert (len(found), steps) == (2, [0, 7])
        torch.save([sequence(k).state_dict() for k in range(3)], "list.pt")
        found, steps = read_checkpoints([Path("list.pt")], "2-4-2:relu-3")
        assert (len(found), steps) == (3, None)

    def test_weights_alone(self, here: Path) -> None:
        torch.save(sequence().state_dict(), "w.pt")
        with pytest.raises(SpecError, match=r"w\.pt holds weights only: .* --network 2-4-2-3"):
            read_checkpoints([Path("w.pt")], None)

    @pytest.mark.parametrize("thing", [sequence(), Evil(), {"model": Evil()}])
    def test_nothing_in_a_file_is_run(self, here: Path, thing: object) -> None:
        torch.save(thing, "w.pt")
        with pytest.raises(DataError) as error:
            read_checkpoints([Path("w.pt")], "2-4-2:relu-3")
        assert "holds a whole pickled module" in str(error.value)
        assert "torch.save(model.state_dict()" in str(error.value)
        assert "\n" not in str(error.value)
        assert not (here / "it-ran").exists()

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "no file that torch.save wrote"),
            (b"hello", "no file that torch.save wrote"),
            ({"a": 1}, "holds no state dict"),
            ([], "holds no checkpoints"),
            ({"0.weight": torch.zeros(2)}, "holds no weight matrices"),
            ({"0.weight": torch.zeros(1).expand(90_000, 90_000)}, "which no layer has"),
        ],
    )
    def test_other_files(self, here: Path, content: Any, message: str) -> None:
        if isinstance(content, bytes):
            Path("w.pt").write_bytes(content)
        else:
            torch.save(content, "w.pt")
        with pytest.raises(TopoError, match=message):
            read_checkpoints([Path("w.pt")], "2-3")
        with pytest.raises(DataError, match="no such file"):
            read_checkpoints([Path("missing.pt")], "2-3")
