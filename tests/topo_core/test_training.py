"""Training: its schedule, its arithmetic against a plain loop, and that it reports what is true."""

import itertools
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from torch import nn

from topo_core import swaps, training
from topo_core.datasets import Dataset, DiscInAnnulus, Interval, Spirals, TwoCurves, UserPoints
from topo_core.errors import DataError, SpecError, TopoError
from topo_core.experiments import Experiment, Recipe
from topo_core.isotopy import determinant_sign
from topo_core.networks import Network
from topo_core.separation import Separation
from topo_core.spec import NetworkSpec
from topo_core.trace import Trace
from topo_core.training import learning_rate, snapshot_steps, train

FloatArray = NDArray[np.float64]
Build = Callable[..., Network]

ROOT = Path(__file__).parents[2]
SPIRALS = Spirals(turns=0.75, n_per_class=16)


def short(network: str = "2-2-2", dataset: Dataset = SPIRALS, *, seed: int = 0, **recipe: Any) -> Experiment:
    """A training run of a fraction of a second."""
    options = {"restarts": 4, "steps": 60, "snapshots": 12, "warmup": 10, **recipe}
    spec = NetworkSpec.parse(network)
    return Experiment("short", "A short training", dataset, spec, Recipe(**options), seed)


def three_classes() -> UserPoints:
    """Three clusters in space."""
    rng = np.random.default_rng(0)
    labels = np.arange(30) % 3
    return UserPoints(
        points=np.eye(3)[labels] + 0.2 * rng.standard_normal((30, 3)), labels=labels, source="clusters"
    )


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """As ``train`` does: on a busy machine a second thread makes small tensors many times slower."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


#: Networks of every shape on data of every dimension.
EXAMPLES = [
    short(),
    short("2"),
    short("2-3-2:relu", TwoCurves(n_per_class=16)),
    short("2-2:sigmoid-2:softplus", DiscInAnnulus(n_per_class=16)),
    short("1-1-2", Interval(n_per_class=16)),
    short("3-2-4:leaky_relu", three_classes()),
    short("2-2-2", DiscInAnnulus(n_per_class=16), fresh=True, penalty="logit", penalty_strength=0.01),
]
examples = pytest.mark.parametrize("experiment", EXAMPLES, ids=lambda e: f"{e.dataset.name} {e.network}")


class TestSnapshotSteps:
    @given(st.integers(1, 20_000), st.integers(1, 400))
    @example(steps=5000, count=1)
    @example(steps=5000, count=2)
    @example(steps=1, count=1)
    @example(steps=400, count=400)
    def test_it_begins_at_the_start_and_ends_with_the_result(self, steps: int, count: int) -> None:
        schedule = snapshot_steps(steps, count)
        assert schedule.dtype == np.int64
        assert schedule[0] == 0
        assert schedule[-1] == steps
        assert (np.diff(schedule) > 0).all()

    @given(st.integers(1, 20_000), st.integers(2, 400))
    def test_about_as_many_as_asked_for(self, steps: int, count: int) -> None:
        kept = len(snapshot_steps(steps, count))
        assert kept <= count + 1
        assert kept >= min(steps, count) / 2

    @given(st.integers(1, 20_000), st.integers(2, 400))
    def test_dense_at_first_then_ever_sparser(self, steps: int, count: int) -> None:
        gaps = np.diff(snapshot_steps(steps, count))
        assert (np.diff(gaps) >= -1).all()  # but for rounding
        assert gaps[0] == gaps.min() or count < 4

    @given(st.integers(1, 300), st.integers(0, 100))
    def test_every_step_of_a_short_run(self, steps: int, more: int) -> None:
        assert_array_equal(snapshot_steps(steps, steps + more), np.arange(steps + 1))

    def test_the_default(self) -> None:
        schedule = snapshot_steps(Recipe().steps, Recipe().snapshots)
        assert len(schedule) == Recipe().snapshots
        assert_array_equal(schedule[:20], np.arange(20))


class TestLearningRate:
    RECIPE = Recipe(steps=1000, learning_rate=0.08, warmup=100)

    @pytest.mark.parametrize(
        ("step", "expected"),
        [
            (0, 0.08 / 100),
            (100, 0.08 * (1 + math.cos(math.pi / 10)) / 2),
            (250, 0.08 * (2 + math.sqrt(2)) / 4),
            (500, 0.08 / 2),
            (750, 0.08 * (2 - math.sqrt(2)) / 4),
            (1000, 0.0),
        ],
    )
    def test_closed_form(self, step: int, expected: float) -> None:
        assert learning_rate(self.RECIPE, step) == pytest.approx(expected, abs=1e-15)

    def test_it_rises_while_warming_up_then_falls(self) -> None:
        rates = np.array([learning_rate(self.RECIPE, step) for step in range(1001)])
        peak = int(rates.argmax())
        assert peak == 99
        assert (np.diff(rates[: peak + 1]) > 0).all()
        assert (np.diff(rates[peak:]) < 0).all()
        assert rates.max() < 0.08

    def test_without_warm_up_it_starts_at_the_peak(self) -> None:
        assert learning_rate(replace(self.RECIPE, warmup=0), 0) == 0.08

    @given(st.integers(1, 5000), st.integers(0, 6000), st.data())
    def test_between_zero_and_the_peak(self, steps: int, warmup: int, data: st.DataObject) -> None:
        recipe = Recipe(steps=steps, warmup=warmup, learning_rate=0.1)
        assert 0 <= learning_rate(recipe, data.draw(st.integers(0, steps))) <= 0.1


def plainly_trained(experiment: Experiment, restart: int) -> tuple[list[FloatArray], list[float]]:
    """Train one restart with PyTorch's own parts: the loss at every step, and the last parameters."""
    recipe, data = experiment.recipe, experiment.dataset
    start = Network(
        experiment.network,
        data.n_classes,
        restarts=restart + 1,
        seed=experiment.seed,
        init=recipe.init,
        gain=recipe.gain,
    )
    layers = []
    for weight, bias in zip(start.weights, start.biases, strict=True):
        layer = nn.Linear(weight.shape[2], weight.shape[1], dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(weight[restart])
            layer.bias.copy_(bias[restart, :, 0])
        layers.append(layer)
    model = nn.Sequential(*itertools.chain(*((layer, nn.Tanh()) for layer in layers[:-1])), layers[-1])
    optimiser = torch.optim.Adam(model.parameters(), lr=1.0, betas=recipe.betas)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: learning_rate(recipe, step))
    x, labels = torch.tensor(data.points.copy()), torch.tensor(data.labels.copy())
    losses = []
    for step in range(recipe.steps + 1):
        loss = nn.functional.cross_entropy(model(x), labels)
        losses.append(float(loss.detach()))
        if step == recipe.steps:
            break
        if recipe.fresh:
            drawn, same = data.draw(experiment.seed, step)
            assert_array_equal(same, labels.numpy())
            loss = nn.functional.cross_entropy(model(torch.tensor(drawn)), labels)
        pull = 0.1 * torch.linalg.matrix_norm(layers[-1].weight) ** 2
        for layer in layers[:-1]:
            pull = pull + ((layer.weight - torch.eye(*layer.weight.shape)) ** 2).sum()
        optimiser.zero_grad()
        (loss + recipe.decay * pull).backward()
        gradients = [p.grad for p in model.parameters() if p.grad is not None]
        norm = math.sqrt(sum(float((g**2).sum()) for g in gradients))
        for gradient in gradients:
            gradient *= min(1.0, recipe.clip / norm)
        optimiser.step()
        schedule.step()
    return [p.detach().numpy() for layer in layers for p in (layer.weight, layer.bias)], losses


def one_restart_only(restart: int) -> Build:
    """A ``Network`` that starts with one of the restarts alone."""

    def build(*args: Any, restarts: int, **options: Any) -> Network:
        network = Network(*args, restarts=restart + 1, **options)
        for parameters in (network.weights, network.biases):
            for i, parameter in enumerate(parameters):
                parameters[i] = nn.Parameter(parameter[restart:].detach().clone())
        return network

    return build


class TestOptimisation:
    @pytest.mark.parametrize("restart", [0, 2])
    @pytest.mark.parametrize(
        "recipe",
        [
            {},
            {"clip": 1e-2, "decay": 0.1},
            {"init": "orthogonal", "gain": 2.0, "learning_rate": 0.1, "betas": (0.8, 0.95)},
            {"fresh": True, "decay": 0.0},
        ],
        ids=["default", "clipped", "strong", "fresh"],
    )
    def test_every_restart_is_trained_as_a_plain_loop_would(
        self, restart: int, recipe: dict[str, Any]
    ) -> None:
        # Not the spirals: they are point-symmetric, so at first the biases' gradients are rounding errors,
        # which Adam blows up until two ways of adding up have drifted apart.
        experiment = short("2-2-3-2", DiscInAnnulus(n_per_class=16), steps=40, snapshots=40, **recipe)
        run = training._optimise(experiment, None)
        parameters, losses = plainly_trained(experiment, restart)
        assert_allclose(run.losses[:, restart], losses, rtol=1e-9)
        n = len(run.network.weights)
        for k in range(n):
            assert_allclose(run.parameters[-1][k][restart], parameters[2 * k], rtol=1e-7, atol=1e-9)
            bias = run.parameters[-1][n + k][restart, :, 0]
            assert_allclose(bias, parameters[2 * k + 1], rtol=1e-7, atol=1e-9)

    @pytest.mark.parametrize("restart", [0, 1, 3])
    @pytest.mark.parametrize("clip", [1.0, 1e-2])
    def test_restarts_do_not_influence_each_other(
        self, restart: int, clip: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        experiment = short(dataset=DiscInAnnulus(n_per_class=16), clip=clip)
        together = training._optimise(experiment, None)
        monkeypatch.setattr(training, "Network", one_restart_only(restart))
        alone = training._optimise(experiment.with_options(restarts=1), None)
        assert alone.losses.shape[1] == 1
        assert_allclose(together.losses[:, restart], alone.losses[:, 0], rtol=1e-9)
        for ours, theirs in zip(together.parameters, alone.parameters, strict=True):
            for a, b in zip(ours, theirs, strict=True):
                assert_allclose(a[restart], b[0], rtol=1e-7, atol=1e-9)

    def test_more_restarts_leave_the_first_ones_as_they_were(self) -> None:
        few, many = train(short(restarts=3)), train(short(restarts=7))
        assert_allclose(many.outcome["restart_accuracies"][:3], few.outcome["restart_accuracies"], atol=1e-3)
        assert many.outcome["wrong"] <= few.outcome["wrong"]

    def test_the_first_snapshot_is_the_initialisation(self) -> None:
        run = training._optimise(short(), None)
        start = Network(NetworkSpec.parse("2-2-2"), restarts=4, seed=0)
        for kept, parameter in zip(run.parameters[0], start.parameters(), strict=True):
            assert_array_equal(kept, parameter.detach().numpy())

    def test_the_last_snapshot_is_what_is_judged(self) -> None:
        run = training._optimise(short(), None)
        for kept, parameter in zip(run.parameters[-1], run.network.parameters(), strict=True):
            assert_array_equal(kept, parameter.detach().numpy())

    def test_a_strong_pull_ends_at_the_identity(self) -> None:
        trace = train(short("2-2-3", decay=1e4, steps=1500, learning_rate=0.05))
        for weight in trace.weights:
            assert_allclose(weight[-1], np.eye(*weight[-1].shape), rtol=0, atol=1e-2)
        assert_allclose(trace.readout_weight[-1], 0, rtol=0, atol=1e-2)

    def test_points_that_are_not_random_cannot_be_fresh(self) -> None:
        with pytest.raises(DataError, match="spirals: its points are not drawn at random; train with fresh"):
            train(short(fresh=True))

    def test_training_learns(self) -> None:
        trace = train(short("2-4", TwoCurves(n_per_class=16), steps=400))
        assert trace.losses[-1] < 0.2 * trace.losses[0]
        assert trace.accuracies[-1] > trace.accuracies[0]


class TestDeterminism:
    @examples
    def test_twice_gives_the_same_bytes(self, experiment: Experiment, tmp_path: Path) -> None:
        for name in ("a", "b"):
            train(experiment).save(tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_so_does_another_process_with_other_threads(self, tmp_path: Path) -> None:
        code = (
            "from tests.topo_core.test_training import short, train;"
            f"train(short()).save({str(tmp_path / 'a')!r})"
        )
        environment = {**os.environ, "OMP_NUM_THREADS": "3", "PYTHONHASHSEED": "7"}
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
        train(short()).save(tmp_path / "b")
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

    def test_the_global_generator_does_not_matter(self) -> None:
        torch.manual_seed(1)
        first = train(short())
        torch.manual_seed(2)
        assert train(short()) == first

    def test_the_seed_does(self) -> None:
        hashes = {train(short(seed=seed)).losses.tobytes() for seed in range(3)}
        assert len(hashes) == 3


def dense_logits(trace: Trace, snapshot: int = -1) -> tuple[FloatArray, NDArray[np.int64]]:
    """Logits of the dense points, the plainest way, and their labels."""
    points, labels = trace.dataset.dense()
    h = points
    known = {
        "tanh": np.tanh,
        "relu": lambda x: np.where(x > 0, x, 0),
        "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        "softplus": lambda x: np.log(1 + np.exp(x)),
    }
    for weight, bias, name in zip(trace.weights, trace.biases, trace.spec.activations, strict=True):
        h = known[name](h @ weight[snapshot].T + bias[snapshot])
    return h @ trace.readout_weight[snapshot].T + trace.readout_bias[snapshot], labels


def wrong_points(logits: FloatArray, labels: NDArray[np.int64]) -> int:
    """Points whose own logit is not the only largest one."""
    rivals = logits.copy()
    own = rivals[np.arange(len(labels)), labels].copy()
    rivals[np.arange(len(labels)), labels] = -np.inf
    return int((own <= rivals.max(axis=1)).sum())


def check_outcome(trace: Trace) -> None:
    """Recompute everything an outcome claims of the network that the trace holds."""
    outcome = trace.outcome
    logits, labels = dense_logits(trace)
    wrong = wrong_points(logits, labels)
    margin = math.inf
    for i in range(trace.n_classes):
        for j in set(range(trace.n_classes)) - {i}:
            normal = trace.readout_weight[-1][i] - trace.readout_weight[-1][j]
            signed = (logits[labels == i, i] - logits[labels == i, j]) / math.hypot(*normal)
            margin = min(margin, signed.min())
    assert outcome["wrong"] == wrong
    assert outcome["dense_points"] == len(labels)
    assert outcome["accuracy"] == pytest.approx(1 - wrong / len(labels), abs=1e-12)
    assert outcome["separated"] == (wrong == 0) == (margin > 0)
    assert outcome["margin"] == pytest.approx(margin, rel=1e-9, abs=1e-12)
    assert outcome["majority_rate"] == trace.dataset.majority_rate
    accuracies = outcome["restart_accuracies"]
    assert len(accuracies) == outcome["restarts"] == trace.provenance["config"]["recipe"]["restarts"]
    assert accuracies[outcome["best_restart"]] == max(accuracies) == outcome["accuracy"]
    assert outcome["solved_restarts"] == accuracies.count(1.0)
    assert trace.accuracies[-1] == pytest.approx(outcome["accuracy"], abs=1e-12)


class TestMeasuredValues:
    @examples
    def test_losses(self, experiment: Experiment) -> None:
        trace = train(experiment)
        points, labels = trace.dataset.points, trace.dataset.labels
        for snapshot, measured in enumerate(trace.losses):
            z = trace.logits(points, snapshot)
            log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
            assert measured == pytest.approx(-log_p[np.arange(len(labels)), labels].mean(), rel=1e-9)

    @examples
    def test_accuracies_are_those_of_the_dense_points(self, experiment: Experiment) -> None:
        trace = train(experiment)
        for snapshot, measured in enumerate(trace.accuracies):
            logits, labels = dense_logits(trace, snapshot)
            wrong = wrong_points(logits, labels)
            assert measured == pytest.approx(1 - wrong / len(labels), abs=1.5 / len(labels))

    @examples
    def test_the_outcome(self, experiment: Experiment) -> None:
        check_outcome(train(experiment))

    @pytest.mark.parametrize("snapshots", [1, 2, 5, 60, 200])
    def test_the_outcome_is_that_of_the_last_snapshot(self, snapshots: int) -> None:
        trace = train(short(snapshots=snapshots))
        assert_array_equal(trace.steps, snapshot_steps(60, snapshots))
        assert trace.steps[-1] == 60
        check_outcome(trace)

    def test_where_it_comes_from(self) -> None:
        experiment = short(seed=5)
        provenance = train(experiment).provenance
        assert provenance["experiment"] == "short"
        assert provenance["title"] == "A short training"
        assert provenance["seed"] == 5
        assert provenance["config"] == experiment.config()
        assert provenance["versions"]["torch"] == str(torch.__version__)


class TestBestRestart:
    @pytest.mark.parametrize(
        ("judged", "best"),
        [
            ([(3, 10, -0.1), (2, 10, -0.5), (4, 10, -0.01), (3, 10, -0.2)], 1),
            ([(0, 10, 0.1), (0, 10, 0.3), (0, 10, 0.2), (5, 10, -1.0)], 1),
            ([(2, 10, -0.3), (2, 10, -0.3), (2, 10, -0.1), (2, 10, -0.1)], 2),
            ([(1, 10, -math.inf), (1, 10, -9.0), (1, 10, -math.inf), (1, 10, -10.0)], 1),
            ([(0, 10, 1e-9), (1, 10, 0.0), (1, 10, -0.1), (1, 10, -0.1)], 0),
        ],
        ids=["fewest wrong", "then the margin", "then the first", "no hyperplane", "separation first"],
    )
    def test_rule(
        self, judged: list[tuple[int, int, float]], best: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        verdicts = [Separation(*each) for each in judged]
        monkeypatch.setattr(training, "_judge", lambda run, dataset: verdicts)
        trace = train(short())
        assert trace.outcome["best_restart"] == best
        assert trace.outcome["solved_restarts"] == sum(v.wrong == 0 for v in verdicts)
        run = training._optimise(short(), None)
        assert_array_equal(trace.losses, run.losses[:, best])

    def test_a_readout_without_hyperplane_has_no_margin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        verdicts = [Separation(5, 10, -math.inf)] * 4
        monkeypatch.setattr(training, "_judge", lambda run, dataset: verdicts)
        assert train(short()).outcome["margin"] is None


def poisoned(*restarts_to_spoil: int) -> Build:
    """A ``Network`` some of whose restarts start at weights that are no numbers."""

    def build(*args: Any, **options: Any) -> Network:
        network = Network(*args, **options)
        with torch.no_grad():
            network.weights[0][list(restarts_to_spoil)] = math.nan
        return network

    return build


class TestDivergence:
    @pytest.mark.parametrize("rate", [1e200, 1e307])
    def test_it_is_an_error_when_every_restart_diverges(self, rate: float) -> None:
        experiment = short("2-2:linear-2:linear", learning_rate=rate, restarts=3)
        with pytest.raises(TopoError, match="short: all 3 restarts diverged; lower the learning rate") as e:
            train(experiment)
        assert str(rate) in str(e.value)
        assert "\n" not in str(e.value)

    def test_a_restart_that_diverges_is_never_the_best_and_harms_no_other(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        healthy = training._optimise(short(), None)
        monkeypatch.setattr(training, "Network", poisoned(0, 2))
        run = training._optimise(short(), None)
        assert np.isnan(run.losses[:, [0, 2]]).all()
        assert_array_equal(run.losses[:, [1, 3]], healthy.losses[:, [1, 3]])
        trace = train(short())
        assert trace.outcome["best_restart"] in (1, 3)
        assert trace.outcome["restarts"] == 4
        assert [trace.outcome["restart_accuracies"][r] for r in (0, 2)] == [0, 0]

    def test_progress_shows_the_loss_of_those_that_did_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(training, "Network", poisoned(1))
        shown: list[float] = []
        train(short(), lambda done, total, loss: shown.append(loss))
        assert np.isfinite(shown).all()

    def test_an_unknown_initialiser(self) -> None:
        with pytest.raises(SpecError, match="use one of xavier, orthogonal"):
            train(short(init="xavir"))


class TestProgress:
    def test_it_is_called_at_every_snapshot(self) -> None:
        calls: list[tuple[int, int, float]] = []
        experiment = short(steps=80, snapshots=9)
        train(experiment, lambda *call: calls.append(call))
        losses = training._optimise(experiment, None).losses
        assert [done for done, _, _ in calls] == snapshot_steps(80, 9).tolist()
        assert {total for _, total, _ in calls} == {80}
        assert [loss for _, _, loss in calls] == losses.min(axis=1).tolist()


def denormals_survive() -> bool:
    """Whether arithmetic keeps numbers below the smallest normal one."""
    return float(torch.tensor(1e-310, dtype=torch.float64) * 0.5) > 0


class TestArithmeticSettings:
    @pytest.fixture(autouse=True)
    def _two_threads(self, _one_thread: None) -> None:
        torch.set_num_threads(2)

    def test_they_are_put_back(self) -> None:
        seen: list[tuple[int, bool]] = []
        train(short(), lambda *_: seen.append((torch.get_num_threads(), denormals_survive())))
        assert set(seen) == {(1, False)}
        assert torch.get_num_threads() == 2
        assert denormals_survive()

    @pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
    def test_also_when_training_is_broken_off(self, error: type[BaseException]) -> None:
        def stop(done: int, total: int, loss: float) -> None:
            raise error

        with pytest.raises(error):
            train(short(), stop)
        assert torch.get_num_threads() == 2
        assert denormals_survive()


class TestSwaps:
    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("network", ["2-2-2-2-2", "2-2-3-3-2-2"])
    def test_the_function_is_the_same_at_every_snapshot(
        self, network: str, seed: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        experiment = short(network, seed=seed)
        trace = train(experiment)
        nothing = [None] * trace.n_layers
        monkeypatch.setattr(swaps, "swap_neurons", lambda layers, readout: (layers, readout, nothing))
        plain = train(experiment)
        x = np.random.default_rng(0).uniform(-2, 2, (50, 2))
        for snapshot in range(trace.n_snapshots):
            assert_allclose(trace.logits(x, snapshot), plain.logits(x, snapshot), rtol=0, atol=1e-12)
            for k, h in enumerate(trace.representations(x, snapshot)[1:]):
                order = list(range(h.shape[1]))
                if trace.swaps[k] is not None:
                    order[:2] = [1, 0]
                unswapped = plain.representations(x, snapshot)[k + 1]
                assert_allclose(h, unswapped[:, order], rtol=0, atol=1e-12)
        assert_array_equal(trace.losses, plain.losses)
        assert_allclose(trace.accuracies, plain.accuracies, rtol=0, atol=1e-3)

    def test_afterwards_every_square_layer_has_a_positive_determinant(self) -> None:
        swapped = set()
        for seed in range(6):
            trace = train(short("2-2-2-2-2", seed=seed))
            assert [determinant_sign(w[-1]) for w in trace.weights] == [1] * 4
            assert all(layer.path.isotopic for layer in trace.layers)
            swapped.update(trace.swaps)
        assert swapped == {None, (0, 1)}  # so that these tests test something


_TRAINED: dict[tuple[str, int], Trace] = {}


def trained(name: str, seed: int = 0) -> Trace:
    """The trace of a named experiment, trained once for all tests here."""
    from topo_core.experiments import EXPERIMENTS

    if (name, seed) not in _TRAINED:
        _TRAINED[name, seed] = train(EXPERIMENTS[name].with_options(seed=seed))
    return _TRAINED[name, seed]


def finely_wrong(trace: Trace) -> int:
    """How many of ten times as many dense points are wrong."""
    points, labels = trace.dataset.dense(40_000)
    return wrong_points(trace.logits(points), labels)


@pytest.mark.slow
class TestTheEssaysSpirals:
    @pytest.mark.parametrize("seed", range(10))
    def test_the_slightly_entangled_pair_is_separated_from_every_seed(self, seed: int) -> None:
        trace = trained("spirals", seed)
        check_outcome(trace)
        assert trace.outcome["separated"]
        assert trace.outcome["wrong"] == 0
        assert trace.outcome["dense_points"] == 8000
        assert finely_wrong(trace) == 0
        assert str(trace.spec) == "2-2-2-2-2"
        assert all(layer.path.isotopic for layer in trace.layers)

    def test_the_more_entangled_pair_fails_and_the_outcome_says_by_how_much(self) -> None:
        trace = trained("spirals-entangled")
        check_outcome(trace)
        assert not trace.outcome["separated"]
        assert trace.outcome["solved_restarts"] == 0
        assert trace.outcome["wrong"] > 0
        assert trace.outcome["margin"] < 0
        assert trace.outcome["majority_rate"] == 0.5
        assert 0.5 < trace.outcome["accuracy"] < 1
        assert 9 < finely_wrong(trace) / trace.outcome["wrong"] < 11

    def test_a_wider_search_separates_the_more_entangled_pair(self) -> None:
        trace, failed = trained("spirals-entangled-wide"), trained("spirals-entangled")
        check_outcome(trace)
        assert trace.outcome["separated"]
        assert trace.outcome["solved_restarts"] >= 1
        assert finely_wrong(trace) == 0
        assert trace.spec == failed.spec  # so the failure was one of search
        assert_array_equal(trace.dataset.dense()[0], failed.dataset.dense()[0])
        assert all(layer.path.isotopic for layer in trace.layers)
