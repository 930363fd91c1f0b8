"""The essay's experiments by name: a dataset, an architecture and a training recipe, all frozen."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from topo_core.datasets import Dataset, DiscInAnnulus, Interval, Spirals, TwoCurves, load_points
from topo_core.errors import SpecError, UnknownNameError
from topo_core.spec import NetworkSpec

#: The modules whose source decides what a training run returns.
_TRAINING_SOURCES = (
    *("activations.py", "isotopy.py", "linear_path.py", "networks.py"),
    *("separation.py", "spec.py", "training.py"),
    *("datasets/base.py", "datasets/planar.py", "datasets/user.py"),
)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: Adam, cosine decay after a linear warm-up, clipped gradients.

    Attributes
    ----------
    restarts
        Independent initialisations trained side by side; the best one is kept.
    steps
        Full-batch gradient steps.
    learning_rate
        Peak learning rate of Adam (Kingma and Ba, 2015).
    betas
        Adam's decay rates of the first and second moment.
    warmup
        Steps over which the learning rate rises linearly.
    clip
        Largest Euclidean norm of one restart's gradient.
    init, gain
        Initialiser of the weights (see ``topo_core.networks``); biases start at 0.
    decay
        Strength of the pull of every hidden weight matrix towards the identity (and, a tenth as strong,
        of the readout towards 0). It keeps layers gentle: space moves no more than it has to.
    snapshots
        About how many snapshots of the weights are kept, densely at first.
    """

    restarts: int = 16
    steps: int = 5000
    learning_rate: float = 0.02
    betas: tuple[float, float] = (0.9, 0.99)
    warmup: int = 100
    clip: float = 1.0
    init: str = "xavier"
    gain: float = 1.0
    decay: float = 2e-3
    snapshots: int = 120

    def __post_init__(self) -> None:
        for name in ("restarts", "steps", "snapshots"):
            if getattr(self, name) < 1:
                raise SpecError(f"{name} = {getattr(self, name)}: must be at least 1")
        for name in ("learning_rate", "clip", "gain"):
            if not 0 < getattr(self, name) < math.inf:
                raise SpecError(f"{name} = {getattr(self, name)}: must be positive and finite")
        if not 0 <= self.decay < math.inf:
            raise SpecError(f"decay = {self.decay}: must be 0 or more, and finite")
        if not all(0 <= beta < 1 for beta in self.betas):
            raise SpecError(f"betas = {self.betas}: each must be at least 0 and below 1")


@dataclass(frozen=True)
class Experiment:
    """A dataset, a network and a recipe under one name.

    ``claim`` says what is expected of it; what was measured is in the trace.
    """

    name: str
    title: str
    dataset: Dataset
    network: NetworkSpec
    recipe: Recipe = field(default_factory=Recipe)
    seed: int = 0
    claim: str = ""

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise SpecError(f"seed = {self.seed}: must be 0 or more")
        if self.network.widths[0] != self.dataset.dimension:
            raise SpecError(
                f"network {self.network} takes {self.network.widths[0]} inputs, but the points of "
                f"{self.dataset.name!r} have {self.dataset.dimension}: "
                f"start the spec with {self.dataset.dimension}"
            )

    def with_options(self, *, seed: int | None = None, restarts: int | None = None) -> Experiment:
        """Return the same experiment with another seed or number of restarts."""
        recipe = self.recipe if restarts is None else replace(self.recipe, restarts=restarts)
        return replace(self, recipe=recipe, seed=self.seed if seed is None else seed)

    def config(self) -> dict[str, Any]:
        """Everything that decides the result of training, as plain JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "claim": self.claim,
            "dataset": self.dataset.describe(),
            "points": _digest(self.dataset.points.tobytes(), self.dataset.labels.tobytes()),
            "network": str(self.network),
            "recipe": json.loads(json.dumps(asdict(self.recipe))),
            "seed": self.seed,
        }

    @property
    def key(self) -> str:
        """12 hex digits of the configuration and of the code that trains it."""
        config = json.dumps(self.config(), sort_keys=True).encode()
        return _digest(config, source_hash().encode())[:12]


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@cache
def source_hash() -> str:
    """SHA-256 of the modules that, beside the configuration, decide what training returns."""
    here = Path(__file__).parent
    return _digest(*((here / name).read_bytes() for name in _TRAINING_SOURCES))


_FOUR_LAYERS = NetworkSpec.parse("2-2-2-2-2")

#: The recipe with which about one restart in five separates the more entangled spirals.
_WIDE_SEARCH = Recipe(
    restarts=32,
    steps=15_000,
    learning_rate=0.1,
    init="orthogonal",
    gain=2.0,
    decay=1e-4,
    snapshots=160,
)

_ALL = (
    Experiment(
        "curves-linear",
        "Two curves, no hidden layer",
        TwoCurves(),
        NetworkSpec.parse("2"),
        Recipe(restarts=1, steps=2000),
        claim="Without a hidden layer the boundary is a line, which cannot separate the curves.",
    ),
    Experiment(
        "curves",
        "Two curves, one hidden layer",
        TwoCurves(),
        NetworkSpec.parse("2-2"),
        Recipe(steps=3000),
        claim="One hidden layer of two tanh units bends the boundary around both curves.",
    ),
    Experiment(
        "curves-deep",
        "Two curves, three hidden layers",
        TwoCurves(),
        NetworkSpec.parse("2-2-2-2"),
        Recipe(steps=4000),
        claim="Deeper representations draw the curves further apart.",
    ),
    Experiment(
        "spirals",
        "Two spirals, slightly entangled",
        Spirals(turns=0.75, n_per_class=64),
        _FOUR_LAYERS,
        claim="Four hidden layers of two tanh units separate the spirals.",
    ),
    Experiment(
        "spirals-entangled",
        "Two spirals, more entangled",
        Spirals(turns=1.0, n_per_class=64),
        _FOUR_LAYERS,
        claim="Trained as the slightly entangled pair is, the network fails.",
    ),
    Experiment(
        "spirals-entangled-wide",
        "Two spirals, more entangled: a wider search",
        Spirals(turns=1.0, n_per_class=128),
        _FOUR_LAYERS,
        _WIDE_SEARCH,
        claim="The same architecture separates them: the failure was one of search.",
    ),
    Experiment(
        "annulus",
        "Disc in annulus, two units",
        DiscInAnnulus(),
        NetworkSpec.parse("2-2"),
        Recipe(steps=3000, restarts=8),
        claim="Topologically impossible: A stays surrounded by B in every layer.",
    ),
    Experiment(
        "annulus-3",
        "Disc in annulus, three units",
        DiscInAnnulus(),
        NetworkSpec.parse("2-3"),
        Recipe(steps=3000),
        claim="A third unit lifts the disc out of the plane.",
    ),
    Experiment(
        "interval",
        "Interval, two units",
        Interval(),
        NetworkSpec.parse("1-2"),
        Recipe(steps=3000, restarts=8),
        claim="Two units bend the line into a curve that a line cuts.",
    ),
)

#: Endings of the files that hold a user's own points.
POINT_FILES = (".csv", ".tsv", ".txt", ".npz")

#: Every named experiment, in the essay's order.
EXPERIMENTS: dict[str, Experiment] = {experiment.name: experiment for experiment in _ALL}


def experiment_named(name: str) -> Experiment:
    """Return the experiment called ``name``.

    Raises
    ------
    UnknownNameError
        With the nearest names, when there is none.
    """
    if name not in EXPERIMENTS:
        raise UnknownNameError("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name]


def experiment_for(target: str, network: str | None = None) -> Experiment:
    """A named experiment, or one for a file of points; ``network`` replaces the architecture.

    Raises
    ------
    DataError, SpecError, UnknownNameError
        When the file, the architecture or the name is not right.
    """
    if Path(target).suffix.lower() not in POINT_FILES:
        known = experiment_named(target)
        return known if network is None else replace(known, network=NetworkSpec.parse(network))
    points = load_points(Path(target))
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(target).stem).strip("-") or "points"
    spec = NetworkSpec.parse(network or "-".join([str(points.dimension)] * 5))
    return Experiment(name, Path(target).stem, points, spec)
