"""Where a trace comes from: what was asked for, by which code and versions."""

from __future__ import annotations

import platform
from typing import Any

import numpy as np

from topo_core import __version__
from topo_core.experiment import Experiment


def provenance(experiment: Experiment, **versions: str) -> dict[str, Any]:
    """The record of a run, as plain JSON; ``versions`` of further libraries by name."""
    return {
        "experiment": experiment.name,
        "title": experiment.title,
        "seed": experiment.seed,
        "config": experiment.config(),
        "source_hash": experiment.source_hash,
        "versions": {
            "neural-topology": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            **versions,
        },
    }
