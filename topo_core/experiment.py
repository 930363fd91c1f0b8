"""An experiment: a dataset, an architecture and a recipe, and the key under which its trace is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from topo_core.continuous.recipe import ContinuousTime
from topo_core.datasets import Dataset
from topo_core.errors import SpecError
from topo_core.knn.recipe import Fitting
from topo_core.recipe import Recipe
from topo_core.spec import NetworkSpec
from topo_core.unlinking.recipe import Unlinking

#: The modules whose source decides what a training run returns.
_TRAINING_SOURCES = (
    *("activations.py", "flow.py", "isotopy.py", "linear_path.py", "lipschitz.py", "measures.py"),
    *("continuous/layer.py", "continuous/recipe.py", "continuous/steps.py"),
    *("field_export.py", "field_layers.py", "gentle.py", "swaps.py"),
    *("networks.py", "penalties.py", "separation.py", "spec.py", "steps.py", "training.py"),
    *("datasets/annulus.py", "datasets/base.py", "datasets/links.py", "datasets/planar.py"),
    *("datasets/digit_points.py", "datasets/digits.py", "datasets/islands.py"),
    *("datasets/surfaces.py", "datasets/tubes.py", "datasets/user.py", "datasets/named_links.py"),
    *("datasets/link_curves.py", "datasets/rounded.py", "datasets/thickness.py", "links/polygons.py"),
    *("topology/distance.py", "topology/edges.py", "topology/firing.py", "topology/follow.py"),
    "topology/gap.py",
    *("topology/linking.py", "topology/passage.py", "topology/predicates.py", "topology/stretch.py"),
    *("topology/surrounding.py", "topology/winding.py"),
)

#: Those that decide, beside all of these, what comes of taking a link apart.
_UNLINKING_SOURCES = (
    *("inverse.py", "unlinking/collision.py", "unlinking/descent.py", "unlinking/energy.py"),
    *("unlinking/fit.py", "unlinking/plane.py", "unlinking/polygons.py", "unlinking/untangle.py"),
)
#: Those that decide what comes of a fitting.
_FITTING_SOURCES = (
    *("knn/film.py", "knn/fit.py", "knn/readouts.py", "knn/recipe.py", "knn/spec.py", "knn/vote.py"),
    "knn/weightings.py",
)
#: And those that decide what is counted layer by layer.
_HOMOLOGY_SOURCES = ("topology/homology.py",)


@dataclass(frozen=True)
class Experiment:
    """A dataset, a network and a recipe under one name.

    ``claim`` says what is expected of it; what was measured is in the trace. With an ``unlinking`` the
    data are two closed curves that are taken apart by as many flow layers as it takes; nothing is trained
    and the ``recipe`` is not used. With ``homology``, Betti numbers are estimated in every layer of what was
    trained (``topology.homology``). With a ``fitting`` it is trained in mini-batches for the readout that
    this names (``knn.film``), and the ``recipe`` is not used. With ``continuous``, flow layers are vector
    fields in continuous time, of which the trace has many small steps.
    """

    name: str
    title: str
    dataset: Dataset
    network: NetworkSpec
    recipe: Recipe = field(default_factory=Recipe)
    seed: int = 0
    claim: str = ""
    unlinking: Unlinking | None = None
    homology: bool = False
    fitting: Fitting | None = None
    continuous: ContinuousTime | None = None

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
        """Return the same experiment with another seed or number of restarts.

        Raises
        ------
        SpecError
            For restarts of what is not trained, or trained once.
        """
        if restarts is not None and self.unlinking is not None:
            raise SpecError(f"{self.name} is not trained and has no restarts: leave them out")
        if restarts is not None and self.fitting is not None:
            raise SpecError(f"{self.name} is trained once, in mini-batches: leave out restarts, give a seed")
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
            **({"unlinking": asdict(self.unlinking)} if self.unlinking else {}),
            **({"homology": True} if self.homology else {}),
            **({"fitting": asdict(self.fitting)} if self.fitting else {}),
            **({"continuous": asdict(self.continuous)} if self.continuous else {}),
        }

    @property
    def source_hash(self) -> str:
        """SHA-256 of the code that decides, beside the configuration, what the trace holds."""
        more = (_UNLINKING_SOURCES if self.unlinking else ()) + (_HOMOLOGY_SOURCES if self.homology else ())
        more += _FITTING_SOURCES if self.fitting else ()
        return source_hash(more)

    @property
    def key(self) -> str:
        """12 hex digits of the configuration and of the code that trains it."""
        return key_of(self.config(), self.source_hash)


def key_of(config: dict[str, Any], source: str) -> str:
    """The key of what a configuration gives, trained by the code with a hash, as traces note both."""
    return _digest(json.dumps(config, sort_keys=True).encode(), source.encode())[:12]


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@cache
def source_hash(more: tuple[str, ...] = ()) -> str:
    """SHA-256 of the modules that, beside the configuration, decide what training returns, and of more."""
    here = Path(__file__).parent
    return _digest(*((here / name).read_bytes() for name in (*_TRAINING_SOURCES, *more)))
