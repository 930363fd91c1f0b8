"""Runs of studies are kept, so that none is done twice and an interrupted study goes on where it was."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from topo_core.experiment import Experiment
from topo_core.results import Run
from topo_core.store import media_folder
from topo_core.trace import Trace


def kept_run(config: Mapping[str, Any], work: Callable[[], Run]) -> Run:
    """What ``work`` returns, or what it returned the last time with the same ``config``.

    Parameters
    ----------
    config
        All that decides the result, as plain JSON: settings, seed, data, code (``code_hash``), versions. Its
        digest is the name of a file in ``results/runs`` of the media folder.
    work
        Does the run. A file that is missing or damaged has it called again.
    """
    text = json.dumps(config, sort_keys=True)
    path = media_folder() / "results" / "runs" / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        kept = json.loads(path.read_text("utf-8"))["run"]
        measured = {str(name): float(value) for name, value in kept["measured"].items()}
        return Run(int(kept["seed"]), measured, float(kept["seconds"]))
    run = work()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        temporary.write_text(json.dumps({"config": config, "run": asdict(run)}, indent=1), "utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return run


def kept_training(study: str, experiment: Experiment, measure: Callable[[Trace], dict[str, float]]) -> Run:
    """The kept run of a study that trains an experiment and measures its trace.

    ``measure`` is not timed, and its code does not decide whether a kept run is used.
    """

    def work() -> Run:
        from topo_core.training import train

        began = time.process_time()
        trace = train(experiment)
        seconds = time.process_time() - began
        return Run(experiment.seed, measure(trace), seconds)

    config = {
        "study": study,
        "config": experiment.config(),
        "source": experiment.source_hash,
        "torch": version("torch"),
    }
    return kept_run(config, work)


def code_hash(files: Iterable[Path]) -> str:
    """SHA-256 of Python files without their comments, docstrings and layout."""
    whole = hashlib.sha256()
    for file in files:
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                node.body = node.body[1:]
        whole.update(ast.dump(tree).encode())
    return whole.hexdigest()
