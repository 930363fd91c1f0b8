"""The studies of neighbours on digits, made small: what is compared, and by what choices are made."""

from pathlib import Path
from typing import Any

import pytest

from topo_core.knn import studies as module
from topo_core.knn.fit import FitRecipe
from topo_core.knn.jobs import Job, outcome
from topo_core.results import Results, Run
from topo_core.studies import study_named

TINY = module._Setting(
    "4s3-8", "64-8:linear", FitRecipe(epochs=2, batch=100, learning_rate=0.02), (0.001, 0.02), (1,), tuning=1
)


@pytest.fixture(autouse=True)
def _tiny(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module._SETTINGS, "digits", TINY)
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path_factory.getbasetemp() / "studies"))  # runs are shared


def run(name: str, **options: Any) -> tuple[Results, list[str]]:
    lines: list[str] = []
    return study_named(name).run(2, report=lines.append, **options), lines


def test_softmax() -> None:
    found, lines = run("softmax")
    assert [row.settings["network"] for row in found.rows] == ["4s3-8", "64-8:linear"]
    assert all(0 < row.mean("test error") < 90 for row in found.rows)
    assert lines[1] == "4s3-8 > softmax, rate 0.02, test, seed 1"
    assert found.notes[0].startswith("digits: 1,197 training and 600 test images; 2 epochs")


def test_after_softmax() -> None:
    found, _ = run("knn-after-softmax")
    assert [row.settings["epochs"] for row in found.rows] == [1, 2]
    for row in found.rows:
        for before, after, gain in zip(*map(row.values, [m.name for m in found.measures]), strict=True):
            assert gain == before - after
    assert found.rows[1].values("softmax") == run("softmax")[0].rows[0].values("test error")


def test_essay() -> None:
    found, _ = run("knn-essay")
    assert [list(row.settings.values()) for row in found.rows] == [
        *(["4s3-8", n] for n in (1, 2)),
        *(["64-8:linear", n] for n in (1, 2)),
    ]
    one, two = (row.values("test error") for row in found.rows[:2])
    assert one != two


def test_exponents() -> None:
    found, _ = run("knn-exponents")
    assert [row.settings["weight"] for row in found.rows][:3] == ["1/d", "1/d^2", "1/d^4"]
    assert len({tuple(row.values("test error")) for row in found.rows}) > 6


def test_best_is_chosen_on_held_out_images(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[Job] = []

    def told(job: Job, data: Any) -> Run:
        jobs.append(job)
        if not job.validation:
            return outcome(job, data)
        return Run(0, {"error": 10 * job.recipe.learning_rate + len(str(job.spec))}, 0.0)

    monkeypatch.setattr(module, "outcome", told)
    found, _ = run("knn-best")
    assert {row.settings["learning rate"] for row in found.rows} == {0.001}  # the one with the least error
    assert {job.recipe.learning_rate for job in jobs if not job.validation} == {0.001}
    assert [row.note for row in found.rows] == ["", "least validation error", ""]
    softmax = found.rows[0].values("test error")
    for row in found.rows:
        gains = [a - b for a, b in zip(softmax, row.values("test error"), strict=True)]
        assert row.values("better than softmax by") == gains


def test_a_folder_without_mnist(tmp_path: Path) -> None:
    from topo_core.errors import DataError

    with pytest.raises(DataError, match="train-images-idx3-ubyte is missing"):
        run("softmax", data=tmp_path)
