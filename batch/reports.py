"""What came of a batch, for programs: ``report.json``, and ``metrics.csv`` with a row a training."""

from __future__ import annotations

import csv
import io
import json
import math
import platform
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from batch.applied import facts
from batch.job import Job
from batch.keys import versions
from batch.user_files import file_of
from topo_core import __version__

if TYPE_CHECKING:
    from batch.batch import Batch

#: What a report holds of a training beside its metrics, in this order.
_FIRST = ("name", "state", "experiment", "key")


def report_json(batch: Batch) -> str:
    """Everything about a batch: its jobs in order, with parameters, files, digests, metrics, and errors."""
    jobs = batch.plan.jobs
    states = [batch.state(job) for job in jobs]
    report = {
        "format": "topo-batch",
        "version": 1,
        "manifest": {"name": batch.plan.manifest.file.name, "sha256": batch.plan.manifest.digest},
        "versions": {
            "neural-topology": __version__,
            "python": platform.python_version(),
            **dict(line.split(" ") for line in versions()),
        },
        "complete": batch.complete,
        "counts": {state: states.count(state) for state in ("done", "failed", "missing")},
        "seconds": round(batch.seconds, 3),
        "jobs": [_job(batch, job) for job in jobs],
    }
    return json.dumps(plain(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _job(batch: Batch, job: Job) -> dict[str, Any]:
    record = batch.records.get(job.name)
    files = record.files.items() if record else ()
    return {
        "name": job.name,
        "kind": job.kind,
        "state": batch.state(job),
        "parameters": dict(job.parameters),
        "experiment": _experiment(job),
        "target": _target(job.target),
        "options": dict(job.options),
        "needs": list(job.needs),
        **({"same_as": batch.plan.same[job.name]} if job.name in batch.plan.same else {}),
        "key": record.key if record else None,
        "files": [{"name": name, **asdict(digest)} for name, digest in files],
        "metrics": dict(record.metrics) if record else {},
        "seconds": round(record.seconds, 3) if record else None,
        "worker": record.worker if record else "",
        "cached": bool(record and record.cached),
        "error": batch.errors.get(job.name, ""),
        **({"traceback": batch.tracebacks[job.name]} if job.name in batch.tracebacks else {}),
    }


def _target(target: str) -> str:
    """A target without the folder that it is in here."""
    file = file_of(target)
    return target if file is None else file.name + target[len(str(file)) :]


def _experiment(job: Job) -> dict[str, Any] | None:
    if job.experiment is None:
        return None
    one = job.experiment
    return {"name": one.name, "dataset": one.dataset.name, "key": one.key, **facts(one)}


def metrics_csv(batch: Batch) -> str:
    """A row a training, in the order of the batch: its parameters, and all that was measured."""
    rows = [_row(batch, job) for job in batch.plan.of_kind("train") if job.name not in batch.plan.same]
    columns = list(dict.fromkeys((*_FIRST, *(name for row in rows for name in row))))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _row(batch: Batch, job: Job) -> dict[str, Any]:
    experiment = job.experiment
    assert experiment is not None
    record = batch.records.get(job.name)
    row: dict[str, Any] = {
        "name": job.name,
        "state": batch.state(job),
        "experiment": experiment.name,
        "key": experiment.key,
        **facts(experiment),
    }
    for name, value in (record.metrics if record else {}).items():
        if name not in row:
            row[name] = value
        elif row[name] != value:
            row[f"measured_{name}"] = value
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    """A value as a spreadsheet reads it, and never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(plain(value), sort_keys=True)
    text = " ".join(text.split())
    return f"'{text}" if text[:1] in "=+@" and text else text


def plain(value: Any) -> Any:
    """A value as JSON has it: what is not a finite number becomes a text."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return plain(value.item()) if hasattr(value, "item") else str(value)
