"""Training for a readout of choice, as part of an experiment."""

from __future__ import annotations

import math
from dataclasses import dataclass

from topo_core.errors import SpecError
from topo_core.knn.spec import SOFTMAX
from topo_core.knn.weightings import Weighting, weighting


@dataclass(frozen=True)
class Fitting:
    """Training in mini-batches for a readout of choice, and the snapshots that a trace keeps of it.

    Attributes
    ----------
    readout
        ``"softmax"``, or a weighting of neighbours as ``weightings.weighting`` reads it.
    epochs, batch, learning_rate
        As for ``knn.fit.FitRecipe``.
    k
        How many of all training points vote where accuracy is measured; none do for softmax.
    snapshots
        About how many are kept, densely at first.

    Raises
    ------
    SpecError
        For an unknown readout and for numbers out of range.
    """

    readout: str
    epochs: int = 30
    batch: int = 100
    learning_rate: float = 1e-2
    k: int = 10
    snapshots: int = 60

    def __post_init__(self) -> None:
        for name, least in (("epochs", 1), ("batch", 4), ("k", 1), ("snapshots", 2)):
            if getattr(self, name) < least:
                raise SpecError(f"{name} = {getattr(self, name)}: must be at least {least}")
        if not 0 < self.learning_rate < math.inf:
            raise SpecError(f"learning_rate = {self.learning_rate}: must be positive and finite")
        if self.readout != SOFTMAX:
            weighting(self.readout)

    @property
    def weighting(self) -> Weighting | None:
        """What a neighbour counts; None for softmax."""
        return None if self.readout == SOFTMAX else weighting(self.readout)
