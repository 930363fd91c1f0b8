"""What a study found: a table of measurements over seeds, written as CSV, JSON and Markdown.

A study is an experiment that is repeated: the same settings for several seeds, and several settings side
by side. One row is one choice of settings, one run of it is one seed.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import platform
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from topo_core import __version__
from topo_core.errors import TopoError
from topo_core.store import media_folder

#: What is plain enough for every format.
Value = str | int | float | bool


@dataclass(frozen=True)
class Measure:
    """A column of measurements: its name, its unit, and the decimal places that tables show.

    ``better`` is ``"low"``, ``"high"`` or empty. A share (true or false for each run) is a measure with
    values 0 and 1.
    """

    name: str
    unit: str = ""
    digits: int = 2
    better: str = ""

    @property
    def heading(self) -> str:
        """Name and unit."""
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass(frozen=True)
class Run:
    """One seed: what was measured, by the measures' names, and how long it took.

    ``seconds`` is processor time (``time.process_time``), which other programs on the machine hardly change.
    """

    seed: int
    measured: Mapping[str, float]
    seconds: float


@dataclass(frozen=True)
class Row:
    """One choice of settings and its runs; ``note`` says what a reader must know of this row."""

    settings: Mapping[str, Value]
    runs: tuple[Run, ...]
    note: str = ""

    def values(self, measure: str) -> list[float]:
        """What the runs measured, in their order; runs that have no such measurement are left out."""
        return [float(run.measured[measure]) for run in self.runs if measure in run.measured]

    def mean(self, measure: str) -> float:
        """Mean over the runs, nan without any."""
        values = self.values(measure)
        return statistics.fmean(values) if values else math.nan

    def spread(self, measure: str) -> float:
        """Sample standard deviation over the runs (n - 1), nan of fewer than two."""
        values = self.values(measure)
        return statistics.stdev(values) if len(values) > 1 else math.nan


@dataclass(frozen=True)
class Results:
    """A study's table.

    Parameters
    ----------
    name, title
        Name of the study, which is also the files' name, and one line that says what is compared.
    measures
        The columns of measurements.
    rows
        One for each choice of settings; all have the same settings, in the same order.
    notes
        Sentences below the table: how choices were made, what was held out.
    provenance
        Further plain JSON: data, versions, configuration.

    Raises
    ------
    TopoError
        When rows differ in their settings, or a run measured what is no measure.
    """

    name: str
    title: str
    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {measure.name for measure in self.measures}
        for row in self.rows:
            if list(row.settings) != list(self.rows[0].settings):
                raise TopoError(
                    f"results {self.name}: a row has the settings {', '.join(row.settings)}, the first one "
                    f"{', '.join(self.rows[0].settings)}; give all rows the same"
                )
            for run in row.runs:
                if unknown := set(run.measured) - known:
                    raise TopoError(
                        f"results {self.name}: {', '.join(sorted(unknown))} is measured but is no measure; "
                        "add it to measures"
                    )

    def as_data(self) -> dict[str, Any]:
        """Everything, as plain JSON; numbers that are not finite become None."""
        return {
            "name": self.name,
            "title": self.title,
            "measures": [vars(measure) for measure in self.measures],
            "rows": [self._row_as_data(row) for row in self.rows],
            "notes": list(self.notes),
            "provenance": {
                "neural-topology": __version__,
                "python": platform.python_version(),
                "numpy": np.__version__,
                **self.provenance,
            },
        }

    def _row_as_data(self, row: Row) -> dict[str, Any]:
        summary = {m.name: {"mean": row.mean(m.name), "spread": row.spread(m.name)} for m in self.measures}
        runs = [{"seed": r.seed, "measured": dict(r.measured), "seconds": r.seconds} for r in row.runs]
        data = {"settings": dict(row.settings), "summary": summary, "runs": runs}
        return {key: _plain(value) for key, value in data.items()} | ({"note": row.note} if row.note else {})

    def as_csv(self) -> str:
        """One line for each row: settings, mean and spread of each measure, seeds, mean seconds."""
        settings = list(self.rows[0].settings) if self.rows else []
        heads = [f"{m.heading} {what}" for m in self.measures for what in ("mean", "spread")]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*settings, *heads, "seeds", "seconds mean", "note"])
        for row in self.rows:
            numbers = [f(m.name) for m in self.measures for f in (row.mean, row.spread)]
            cells = ["" if math.isnan(number) else repr(number) for number in numbers]
            seeds = " ".join(str(run.seed) for run in row.runs)
            writer.writerow([*row.settings.values(), *cells, seeds, f"{_seconds(row):.2f}", row.note])
        return text.getvalue()

    def as_markdown(self) -> str:
        """A table for people: mean ± spread of each measure, seeds and seconds."""
        settings = list(self.rows[0].settings) if self.rows else []
        heads = [*settings, *(m.heading for m in self.measures), "seeds", "seconds"]
        ruler = [*("---" for _ in settings), *("---:" for _ in range(len(self.measures) + 2))]
        lines = [heads, ruler]
        for row in self.rows:
            cells = [_shown(row, measure) for measure in self.measures]
            seeds = _ranges([run.seed for run in row.runs])
            marked = [str(value).replace("|", "\\|") for value in row.settings.values()]
            lines.append([*marked, *cells, seeds, f"{_seconds(row):.1f}"])
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        remarks = [
            *(f"{', '.join(map(str, row.settings.values()))}: {row.note}" for row in self.rows if row.note),
            *self.notes,
            "Mean ± sample standard deviation over the seeds; seconds of processor time, mean of a run.",
        ]
        return f"# {self.title}\n\n{table}\n\n" + "".join(f"- {remark}\n" for remark in remarks)

    def write(self, folder: Path | None = None) -> list[Path]:
        """Write ``NAME.csv``, ``NAME.json`` and ``NAME.md``, each whole or not at all.

        Parameters
        ----------
        folder
            By default ``results`` in the media folder.
        """
        folder = media_folder() / "results" if folder is None else folder
        folder.mkdir(parents=True, exist_ok=True)
        texts = {
            "csv": self.as_csv(),
            "json": json.dumps(self.as_data(), indent=2, ensure_ascii=False) + "\n",
            "md": self.as_markdown(),
        }
        paths = []
        for suffix, text in texts.items():
            path = folder / f"{self.name}.{suffix}"
            temporary = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                temporary.write_text(text, "utf-8")
                os.replace(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)
            paths.append(path)
        return paths


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _seconds(row: Row) -> float:
    return statistics.fmean(run.seconds for run in row.runs) if row.runs else math.nan


def _shown(row: Row, measure: Measure) -> str:
    mean, spread = row.mean(measure.name), row.spread(measure.name)
    if math.isnan(mean):
        return "–"
    text = f"{mean:.{measure.digits}f}"
    return text if math.isnan(spread) else f"{text} ± {spread:.{measure.digits}f}"


def _ranges(seeds: list[int]) -> str:
    """``0–4`` of consecutive seeds, else all of them."""
    if len(seeds) > 1 and seeds == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]}–{seeds[-1]}"
    return ", ".join(map(str, seeds))
