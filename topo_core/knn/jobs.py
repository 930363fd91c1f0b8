"""One run of a study: train a classifier and judge it. Each run is kept, so that none is done twice."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch

from topo_core.datasets.mnist import LabelledImages
from topo_core.knn.fit import FitRecipe, IntArray, fit
from topo_core.knn.spec import ClassifierSpec
from topo_core.knn.vote import NeighbourVote
from topo_core.knn.weightings import InverseDistance
from topo_core.results import Run
from topo_core.store import media_folder

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

    def key(self, data: LabelledImages) -> str:
        """16 hex digits of all that decides the result."""
        config = {
            "spec": str(self.spec),
            "recipe": asdict(self.recipe),
            "seed": self.seed,
            "validation": self.validation,
            "data": _digest(data),
            "source": source_hash(),
            "versions": [platform.python_version(), np.__version__, torch.__version__],
        }
        return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:16]


def outcome(job: Job, data: LabelledImages) -> Run:
    """Errors in per cent, and the processor time of training, remembering and judging.

    The answer is kept in ``results/runs`` of the media folder and taken from there the next time.
    """
    path = media_folder() / "results" / "runs" / f"{job.key(data)}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_text("utf-8"))
        return Run(
            int(kept["seed"]), {k: float(v) for k, v in kept["measured"].items()}, float(kept["seconds"])
        )
    run = _carried_out(job, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"job": str(job), "data": data.name, **asdict(run)}), "utf-8")
    os.replace(temporary, path)
    return run


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
def source_hash() -> str:
    """SHA-256 of the code that decides a run, without its comments and docstrings."""
    here = Path(__file__).parent
    whole = hashlib.sha256()
    for name in _SOURCES:
        tree = ast.parse((here / name).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                node.body = node.body[1:]
        whole.update(ast.dump(tree).encode())
    return whole.hexdigest()
