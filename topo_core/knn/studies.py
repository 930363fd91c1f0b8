"""The essay's experiments with neighbours, over several seeds, on MNIST or on scikit-learn's digits.

Essay, "K-Nearest Neighbor Layers". Every choice is made by held-out training images; the test set is looked
at once for each row of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from topo_core.datasets.mnist import LabelledImages, images_for
from topo_core.knn.fit import FitRecipe
from topo_core.knn.jobs import ERROR, NEIGHBOUR_ERROR, NEIGHBOURS, Job, outcome
from topo_core.knn.spec import ClassifierSpec
from topo_core.results import Measure, Results, Row, Run

Report = Callable[[str], None]

_TEST = Measure("test error", "%", better="low")
_VALIDATION = "validation error [%]"
_GAIN = Measure("better than softmax by", "points", better="high")
_K = f"Classified by the {NEIGHBOURS} nearest of all training points."


@dataclass(frozen=True)
class _Setting:
    """How a data set is learned: two convolutions, a simpler network, and what there is to choose from.

    ``short`` are numbers of epochs that leave a weaker network; ``tuning`` is how many seeds a choice is
    made by.
    """

    body: str
    simple: str
    recipe: FitRecipe
    rates: tuple[float, ...]
    short: tuple[int, ...]
    tuning: int


_SETTINGS = {
    "mnist": _Setting(
        "16c5-32c5-64",
        "784-128:relu-64:linear",
        FitRecipe(),
        (2e-3, 4e-3, 8e-3, 16e-3, 32e-3),
        (1, 2),
        tuning=1,
    ),
    "digits": _Setting(
        "16s3-32s3-64",
        "64-64:relu-32:linear",
        FitRecipe(epochs=15, batch=100, learning_rate=2e-2),
        (5e-3, 1e-2, 2e-2, 4e-2, 8e-2),
        (2, 5),
        tuning=5,
    ),
}


class _Bench:
    """Data, its setting, and the seeds of a study."""

    def __init__(self, seeds: Sequence[int], report: Report, data: Path | None) -> None:
        self.seeds, self.report = seeds, report
        self.data: LabelledImages = images_for(data)
        self.setting = _SETTINGS[self.data.name]

    def spec(self, readout: str, body: str | None = None) -> ClassifierSpec:
        return ClassifierSpec.parse(f"{body or self.setting.body} > {readout}")

    def runs(
        self, spec: ClassifierSpec, recipe: FitRecipe | None = None, *, tune: bool = False
    ) -> tuple[Run, ...]:
        """The runs for all seeds on the test set, or, to ``tune``, for few on what is held out."""
        jobs = [
            Job(spec, recipe or self.setting.recipe, seed, tune)
            for seed in (range(self.setting.tuning) if tune else self.seeds)
        ]
        done = []
        for job in jobs:
            self.report(str(job))
            done.append(outcome(job, self.data))
        return tuple(done)

    def results(
        self, name: str, title: str, measures: tuple[Measure, ...], rows: list[Row], *notes: str
    ) -> Results:
        recipe = self.setting.recipe
        how = (
            f"{self.data.name}: {len(self.data.train):,} training and {len(self.data.test):,} test images; "
            f"{recipe.epochs} epochs unless another number is given, batches of {recipe.batch}, highest "
            f"learning rate {recipe.learning_rate:g} unless another one is given."
        )
        name = name if self.data.name == "digits" else f"{name}-{self.data.name}"
        where = {"data": self.data.name, "torch": str(torch.__version__)}
        return Results(name, title, measures, tuple(rows), (how, *notes), where)


def _named(runs: tuple[Run, ...], names: dict[str, str]) -> tuple[Run, ...]:
    """The same runs with their measurements under the names of measures."""
    return tuple(replace(r, measured={new: r.measured[old] for old, new in names.items()}) for r in runs)


def softmax(seeds: Sequence[int], report: Report, data: Path | None) -> Results:
    """A convolutional network with two layers and softmax, and a simpler one."""
    bench = _Bench(seeds, report, data)
    rows = []
    for body in (bench.setting.body, bench.setting.simple):
        runs = bench.runs(bench.spec("softmax", body))
        rows.append(Row({"network": body, "readout": "softmax"}, _named(runs, {ERROR: _TEST.name})))
    return bench.results("softmax", "Softmax on a convolutional network", (_TEST,), rows)


def after_softmax(seeds: Sequence[int], report: Report, data: Path | None) -> Results:
    """Neighbours instead of softmax, on the representation that was trained for softmax."""
    bench = _Bench(seeds, report, data)
    before, after = Measure("softmax", "%", better="low"), Measure("neighbours", "%", better="low")
    rows = []
    for epochs in (*bench.setting.short, bench.setting.recipe.epochs):
        runs = bench.runs(bench.spec("softmax"), replace(bench.setting.recipe, epochs=epochs))
        both = _named(runs, {ERROR: before.name, NEIGHBOUR_ERROR: after.name})
        rows.append(Row({"epochs": epochs}, tuple(_with_gain(run, before, after) for run in both)))
    title = "Neighbours instead of softmax, on softmax's own representation"
    note = f"Test errors. {_K} Weights 1/d, as in the essay; nothing was chosen."
    return bench.results("knn-after-softmax", title, (before, after, _GAIN), rows, note)


def _with_gain(run: Run, before: Measure, after: Measure) -> Run:
    gain = run.measured[before.name] - run.measured[after.name]
    return replace(run, measured={**run.measured, _GAIN.name: gain})


def essay(seeds: Sequence[int], report: Report, data: Path | None) -> Results:
    """Trained for neighbours with the weight 1/d, in one batch and in two."""
    bench = _Bench(seeds, report, data)
    rows = []
    for body in (bench.setting.body, bench.setting.simple):
        for two in (False, True):
            recipe = replace(bench.setting.recipe, two_batches=two)
            runs = _named(bench.runs(bench.spec("1/d", body), recipe), {ERROR: _TEST.name})
            rows.append(Row({"network": body, "batches": 2 if two else 1}, runs))
    note = f"{_K} Of two batches, each has half the size."
    return bench.results(
        "knn-essay", "Trained for neighbours with the essay's weight 1/d", (_TEST,), rows, note
    )


def exponents(seeds: Sequence[int], report: Report, data: Path | None) -> Results:
    """The weight 1/d^p for several p, and other weightings, trained alike."""
    bench = _Bench(seeds, report, data)
    rows = []
    for readout in ("1/d", "1/d^2", "1/d^4", "1/d^8", "1/d^16", "student:1", "gaussian", "cosine:0.1"):
        runs = _named(bench.runs(bench.spec(readout)), {ERROR: _TEST.name})
        rows.append(Row({"weight": readout}, runs))
    note = f"{_K} Trained alike: nothing was chosen."
    return bench.results("knn-exponents", "How fast a neighbour's weight has to fall", (_TEST,), rows, note)


def best(seeds: Sequence[int], report: Report, data: Path | None) -> Results:
    """Softmax and neighbours, each with the learning rate that held-out images choose."""
    bench = _Bench(seeds, report, data)
    rows: list[Row] = []
    softmax_runs: tuple[Run, ...] = ()
    for readout in ("softmax", "1/d^8", "cosine:0.1"):
        spec = bench.spec(readout)
        tried = {}
        for rate in bench.setting.rates:
            runs = bench.runs(spec, replace(bench.setting.recipe, learning_rate=rate), tune=True)
            tried[rate] = sum(run.measured[ERROR] for run in runs) / len(runs)
        rate = min(tried, key=lambda r: (tried[r], r))
        runs = bench.runs(spec, replace(bench.setting.recipe, learning_rate=rate))
        softmax_runs = softmax_runs or runs
        judged = tuple(
            replace(run, measured=_compared(run, base)) for run, base in zip(runs, softmax_runs, strict=True)
        )
        settings = {"readout": readout, "learning rate": rate, _VALIDATION: round(tried[rate], 2)}
        rows.append(Row(settings, judged))
    chosen = min(rows, key=lambda row: row.settings[_VALIDATION])
    rows = [replace(row, note="least validation error") if row is chosen else row for row in rows]
    notes = (
        _K,
        f"For each readout the learning rate of {', '.join(f'{r:g}' for r in bench.setting.rates)} with the "
        f"least error on the last {bench.data.held_out:,} training images, trained on the others, mean of "
        f"{bench.setting.tuning} seed{'s' * (bench.setting.tuning > 1)}; then trained on all of them.",
        "Comparisons are paired: with the same seed, networks begin alike and see the same batches.",
    )
    title = "Softmax against neighbours, learning rates chosen on held-out images"
    return bench.results("knn-best", title, (_TEST, _GAIN), rows, *notes)


def _compared(run: Run, base: Run) -> dict[str, float]:
    gain = base.measured[ERROR] - run.measured[ERROR]
    return {_TEST.name: run.measured[ERROR], _GAIN.name: gain}
