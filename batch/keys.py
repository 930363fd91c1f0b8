"""What decides the outcome of a job, as one digest: with another key it is done again."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from batch.job import Job
from batch.user_files import file_of, sources_of
from batch.worker_check import source_digest
from topo_core.extras import installed_version

#: Packages that have a part in what a scene or figure looks like.
_PACKAGES = ("manim", "numpy", "scipy", "scikit-learn", "av", "pycairo", "pillow", "typst", "contourpy")


class Keys:
    """The keys of jobs; of a render it says which traces it shows, by the keys of their experiments."""

    def __init__(self, jobs: tuple[Job, ...]) -> None:
        self._trained = {
            job.name: job.experiment.key for job in jobs if job.experiment and job.kind == "train"
        }
        self._user_files: dict[str, dict[str, str]] = {}

    def of(self, job: Job) -> str:
        """The key of one job: SHA-256 of everything that decides its outcome.

        A training's is that of its experiment, of configuration and code. A video's or figure's has its
        options, the traces, all code of ``scenes`` and ``topo_core`` and the versions of packages; a user's
        own scene file and the modules beside it count, too, but not the data that these read.
        """
        if job.kind == "train":
            return _digest([job.kind, self._trained[job.name]])
        file = file_of(job.target)
        target: object = job.target
        if file is not None:
            target = [file.name, job.target.rpartition(":")[2], self._sources(job.target)]
        shown = [self._trained[name] for name in job.needs]
        own = job.experiment.key if job.experiment else ""
        options = dict(job.options)
        code = source_digest("scenes", "topo_core")
        return _digest([job.kind, target, options, list(job.formats), own, shown, code, versions()])

    def _sources(self, target: str) -> dict[str, str]:
        if target not in self._user_files:
            self._user_files[target] = {
                name: hashlib.sha256(content).hexdigest() for name, content in sources_of(target).items()
            }
        return self._user_files[target]


@cache
def versions() -> tuple[str, ...]:
    """Versions of the packages that have a part in pictures."""
    return tuple(f"{name} {installed_version(name) or 'none'}" for name in _PACKAGES)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
