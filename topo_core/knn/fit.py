"""Train a classifier of images, with softmax or for its neighbours; the recipe is the same for both."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from topo_core.errors import SpecError, TopoError
from topo_core.knn.readouts import NeighbourReadout, SoftmaxReadout
from topo_core.knn.spec import ClassifierSpec, ConvolutionalSpec
from topo_core.knn.vote import NeighbourVote
from topo_core.networks import ACTIVATIONS

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

#: Points that are fed forward at once where nothing is learned.
_CHUNK = 1000

#: Something to add to the loss of a mini-batch, for example a contractive penalty: of classifier and batch.
Penalty = Callable[["Classifier", Tensor], Tensor]


@dataclass(frozen=True)
class FitRecipe:
    """How a classifier is trained: AdamW, one cycle of the learning rate (Smith and Topin, 2018).

    Attributes
    ----------
    epochs, batch
        Passes over the training set, and points of a mini-batch.
    learning_rate, weight_decay
        The highest learning rate, and AdamW's decay (Loshchilov and Hutter, 2019).
    two_batches
        Whether each step feeds two batches of half the size forward and classifies them from each other
        (the essay's footnote), instead of one from itself. It makes no difference to softmax.

    Raises
    ------
    SpecError
        For a value out of range.
    """

    epochs: int = 6
    batch: int = 200
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    two_batches: bool = False

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 4:
            raise SpecError(f"epochs = {self.epochs}, batch = {self.batch}: give at least 1 and 4")
        if not 0 < self.learning_rate < math.inf or not 0 <= self.weight_decay < math.inf:
            raise SpecError(
                f"learning_rate = {self.learning_rate}, weight_decay = {self.weight_decay}: "
                "give a positive number, and 0 or more"
            )


class _Activation(nn.Module):
    """One of ``networks.ACTIVATIONS`` as a module."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._sigma = ACTIVATIONS[name]

    def forward(self, x: Tensor) -> Tensor:
        return self._sigma(x)


def make_body(spec: ClassifierSpec, shape: tuple[int, ...]) -> nn.Sequential:
    """Build the body for points ``(h, w)`` or ``(d,)``, freshly initialised by torch's generator.

    Raises
    ------
    SpecError
        When the points do not fit the spec.
    """
    layers: list[nn.Module] = []
    if isinstance(spec.body, ConvolutionalSpec):
        if len(shape) != 2 or shape[0] != shape[1]:
            raise SpecError(f"network {spec}: convolutions take square images, not points of shape {shape}")
        side, before = spec.body.side(shape[0]), 1
        for layer in spec.body.layers:
            padding = layer.kernel // 2 if layer.same else 0
            layers += [nn.Conv2d(before, layer.channels, layer.kernel, padding=padding)]
            layers += [nn.MaxPool2d(2), nn.ReLU()]
            before = layer.channels
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * side**2, spec.body.width))
    widths = spec.body.widths
    if math.prod(shape) != widths[0]:
        raise SpecError(
            f"network {spec} takes {widths[0]} inputs, but the points have {math.prod(shape)}: "
            f"start it with {math.prod(shape)}"
        )
    layers.append(nn.Flatten())
    for n_in, n_out, name in zip(widths, widths[1:], spec.body.activations, strict=False):
        layers += [nn.Linear(n_in, n_out), _Activation(name)]
    return nn.Sequential(*layers)


@dataclass(eq=False)
class Classifier:
    """A trained classifier.

    Attributes
    ----------
    spec
        What it is made of.
    body, readout
        Its two parts; the body takes what ``prepare`` returns.
    n_classes
        How many classes it tells apart.
    mean, scale
        Of the grey values of the training set, which are subtracted and divided by.
    """

    spec: ClassifierSpec
    body: nn.Sequential
    readout: SoftmaxReadout | NeighbourReadout
    n_classes: int
    mean: float
    scale: float
    losses: list[float] = field(default_factory=list)

    def prepare(self, points: ArrayLike) -> Tensor:
        """Points ``(n, h, w)`` or ``(n, d)`` as the body takes them."""
        x = torch.as_tensor(np.array(points, dtype=np.float32))
        x = (x - self.mean) / self.scale
        if not isinstance(self.spec.body, ConvolutionalSpec):
            return x
        return x[:, None].contiguous(memory_format=torch.channels_last)

    @torch.no_grad()
    def features(self, points: ArrayLike) -> FloatArray:
        """Representations ``(n, width)``."""
        given = np.asarray(points)
        with one_thread():
            parts = [
                self.body(self.prepare(given[i : i + _CHUNK])).numpy() for i in range(0, len(given), _CHUNK)
            ]
        return np.concatenate(parts)

    @torch.no_grad()
    def predict(self, points: ArrayLike, memory: NeighbourVote | None = None) -> IntArray:
        """Classes ``(n,)``: softmax's, or those of the neighbours in ``memory``.

        Raises
        ------
        TopoError
            When the readout asks for neighbours, and there is no memory.
        """
        features = self.features(points)
        if memory is not None:
            return memory.predict(features)
        if isinstance(self.readout, NeighbourReadout):
            raise TopoError(f"network {self.spec}: needs the training points; give memory = remember(...)")
        found: IntArray = self.readout(torch.from_numpy(features)).argmax(1).numpy()
        return found

    def remember(self, points: ArrayLike, labels: ArrayLike, k: int | None = 10) -> NeighbourVote:
        """The training points as they are represented, ready to vote with the readout's weighting.

        Raises
        ------
        TopoError
            For softmax, which has no weighting, and for what ``NeighbourVote`` refuses.
        """
        if self.spec.readout is None:
            raise TopoError(f"network {self.spec}: softmax has no weighting; use NeighbourVote with one")
        return NeighbourVote(self.features(points), labels, self.spec.readout, k, self.n_classes)


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread: times can be compared, and sums do not depend on how many cores there are."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fit(
    spec: ClassifierSpec,
    points: ArrayLike,
    labels: ArrayLike,
    recipe: FitRecipe | None = None,
    *,
    seed: int = 0,
    penalty: Penalty | None = None,
    snapshot: Callable[[int, Classifier], None] | None = None,
) -> Classifier:
    """Train a classifier.

    Parameters
    ----------
    spec
        Body and readout.
    points, labels
        ``(n, h, w)`` images or ``(n, d)`` points, and classes ``(n,)`` from 0.
    recipe
        How it is trained.
    seed
        Decides the initial weights and the order of the points. With the same seed, bodies begin alike
        and see the same batches whatever the readout is: comparisons are paired.
    penalty
        Added to the loss: a function of the classifier and a prepared batch (see ``topo_core.contractive``).
    snapshot
        Called with (steps done, classifier) before the first step and after each one.

    Raises
    ------
    SpecError
        When the points do not fit the spec.
    TopoError
        When there are fewer points than a batch has, or the loss ceases to be finite.
    """
    recipe = recipe or FitRecipe()
    x, y = np.asarray(points), torch.as_tensor(np.array(labels, dtype=np.int64))
    if len(x) < recipe.batch or len(y) != len(x):
        raise TopoError(
            f"{len(x)} points with {len(y)} labels for batches of {recipe.batch}: give a label for each, and "
            "at least as many as a batch has"
        )
    with one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body = make_body(spec, x.shape[1:]).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        n_classes = int(y.max()) + 1
        readout = (
            SoftmaxReadout(spec.width, n_classes) if spec.readout is None else NeighbourReadout(spec.readout)
        )
        scale = float(x.std(dtype=np.float64)) or 1.0
        made = Classifier(spec, body, readout, n_classes, float(x.mean(dtype=np.float64)), scale)
        _optimise(made, x, y, recipe, np.random.default_rng([seed, 1]), penalty, snapshot)
    return made


def _optimise(
    made: Classifier,
    x: NDArray[np.generic],
    y: Tensor,
    recipe: FitRecipe,
    random: np.random.Generator,
    penalty: Penalty | None,
    snapshot: Callable[[int, Classifier], None] | None,
) -> None:
    parameters = [*made.body.parameters(), *made.readout.parameters()]
    optimiser = torch.optim.AdamW(parameters, recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * (len(x) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=max(steps, 2), cycle_momentum=True
    )
    step = 0
    for _ in range(recipe.epochs):
        order = random.permutation(len(x))
        for start in range(0, len(x) - recipe.batch + 1, recipe.batch):
            if snapshot is not None and step == 0:
                snapshot(0, made)
            chosen = order[start : start + recipe.batch]
            batch = made.prepare(x[chosen])
            features, own = made.body(batch), y[chosen]
            if recipe.two_batches:
                half = recipe.batch // 2
                loss = made.readout.loss(features[:half], own[:half], features[half:], own[half:])
            else:
                loss = made.readout.loss(features, own)
            if penalty is not None:
                loss = loss + penalty(made, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            if step + 1 < steps:
                schedule.step()
            step += 1
            made.losses.append(float(loss.detach()))
            if not math.isfinite(made.losses[-1]):
                raise TopoError(
                    f"network {made.spec}: the loss is {made.losses[-1]} at step {step} of {steps}; "
                    f"lower the learning rate (now {recipe.learning_rate:g})"
                )
            if snapshot is not None:
                snapshot(step, made)
