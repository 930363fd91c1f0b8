"""Studies by name: experiments over several seeds whose results are a table (``topo_core.results``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from topo_core.errors import SpecError, UnknownNameError

if TYPE_CHECKING:
    from topo_core.results import Results

#: Called before every run with what is about to be done: one short line.
Report = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """A study: what it compares, and the function that runs it, imported only then.

    Attributes
    ----------
    name, title
        As they are listed.
    function
        ``"package.module:function"``, called as ``function(seeds, report)``, or, if the study takes
        ``data``, as ``function(seeds, report, data)``; it returns the ``Results``.
    seeds
        How many seeds there are by default.
    takes_data
        Whether it can be run on other data than its own.
    """

    name: str
    title: str
    function: str
    seeds: int = 5
    takes_data: bool = False

    def run(
        self, seeds: int | None = None, data: Path | None = None, report: Report | None = None
    ) -> Results:
        """Run the study for the seeds 0, 1, ... and return its table.

        Raises
        ------
        SpecError
            For fewer than one seed, and for data that the study does not take.
        """
        if seeds is not None and seeds < 1:
            raise SpecError(f"seeds = {seeds}: give at least 1")
        if data is not None and not self.takes_data:
            raise SpecError(f"{self.name} makes its own data: leave out --data")
        module, _, function = self.function.partition(":")
        work = cast("Callable[..., Results]", getattr(import_module(module), function))
        chosen: Sequence[int] = range(self.seeds if seeds is None else seeds)
        tell = report or (lambda line: None)
        return work(chosen, tell, data) if self.takes_data else work(chosen, tell)


#: Every study by name, in the essay's order.
STUDIES: dict[str, Study] = {
    study.name: study
    for study in (
        Study(
            "contractive",
            "Contractive penalties: accuracy against stretch, and a loophole",
            "topo_core.easy_way_out:study",
            seeds=3,
        ),
        Study(
            "fields",
            "Spirals: turns against layers of vector fields, and whether training separates them",
            "topo_core.field_study:study",
        ),
        Study(
            "softmax",
            "A convolutional network of two layers with softmax",
            "topo_core.knn.studies:softmax",
            takes_data=True,
        ),
        Study(
            "knn-after-softmax",
            "Neighbours instead of softmax, on softmax's own representation",
            "topo_core.knn.studies:after_softmax",
            takes_data=True,
        ),
        Study(
            "knn-essay",
            "Trained for neighbours with the weight 1/d",
            "topo_core.knn.studies:essay",
            takes_data=True,
        ),
        Study(
            "knn-exponents",
            "Weights that fall faster",
            "topo_core.knn.studies:exponents",
            takes_data=True,
        ),
        Study(
            "knn-best",
            "Softmax against neighbours, learning rates chosen on held-out images",
            "topo_core.knn.studies:best",
            takes_data=True,
        ),
    )
}


def study_named(name: str) -> Study:
    """Return the study called ``name``.

    Raises
    ------
    UnknownNameError
        With the nearest names, when there is none.
    """
    if name not in STUDIES:
        raise UnknownNameError("study", name, STUDIES)
    return STUDIES[name]
