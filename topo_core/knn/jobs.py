"""One run of a study: train a classifier and judge it."""

from __future__ import annotations

import hashlib
import platform
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from topo_core.datasets.mnist import LabelledImages
from topo_core.kept import code_hash, kept_run
from topo_core.knn.fit import FitRecipe, IntArray, fit
from topo_core.knn.spec import ClassifierSpec
from topo_core.knn.vote import NeighbourVote
from topo_core.knn.weightings import InverseDistance
from topo_core.results import Run

#: Neighbours that are asked, everywhere in the studies.
NEIGHBOURS = 10

#: What a run measures: the error of its own readout, and, after softmax, that of neighbours weighted 1/d.
ERROR, NEIGHBOUR_ERROR = "error", "neighbour error"

_SOURCES = ("fit.py", "jobs.py", "readouts.py", "vote.py", "weightings.py")


@dataclass(frozen=True)
class Job:
    """What is trained, and whether it is judged by held-out training images instead of the test set."""

    spec: ClassifierSpec
    recipe: FitRecipe
    seed: int
    validation: bool = False

    def __str__(self) -> str:
        where = "validation" if self.validation else "test"
        return f"{self.spec}, rate {self.recipe.learning_rate:g}, {where}, seed {self.seed}"

    def config(self, data: LabelledImages) -> dict[str, Any]:
        """All that decides the result, as plain JSON."""
        return {
            "spec": str(self.spec),
            "recipe": asdict(self.recipe),
            "seed": self.seed,
            "validation": self.validation,
            "data": [data.name, _digest(data)],
            "source": _source_hash(),
            "versions": [platform.python_version(), np.__version__, str(torch.__version__)],
        }


def outcome(job: Job, data: LabelledImages) -> Run:
    """Errors in per cent, and the processor time of training, remembering and judging; kept for next time."""
    return kept_run(job.config(data), lambda: _carried_out(job, data))


def _carried_out(job: Job, data: LabelledImages) -> Run:
    began = time.process_time()
    x, y, test, labels = data.split(validation=job.validation)
    trained = fit(job.spec, x, y, job.recipe, seed=job.seed)
    features = trained.features(x)
    asked = trained.features(test)
    weighting = job.spec.readout
    vote = NeighbourVote(features, y, weighting or InverseDistance(), NEIGHBOURS, trained.n_classes)
    error = _error(vote.predict(asked), labels)
    if weighting is not None:
        return Run(job.seed, {ERROR: error}, time.process_time() - began)
    seconds = time.process_time() - began
    measured = {ERROR: _error(trained.predict(test), labels), NEIGHBOUR_ERROR: error}
    return Run(job.seed, measured, seconds)


def _error(found: IntArray, labels: IntArray) -> float:
    """Per cent."""
    return 100 * float(np.mean(found != labels))


def _digest(data: LabelledImages) -> str:
    parts = (data.train, data.train_labels, data.test, data.test_labels)
    whole = hashlib.sha256(f"{data.name} {data.held_out}".encode())
    for part in parts:
        whole.update(np.ascontiguousarray(part).tobytes())
    return whole.hexdigest()


@cache
def _source_hash() -> str:
    return code_hash(Path(__file__).parent / name for name in _SOURCES)
