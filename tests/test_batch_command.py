"""``render.py batch``: what it says, its exit codes, and the folder that it leaves."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from render import main
from tests.batch.manifests import FakeRun, failed, write
from tests.commands import fails, run
from tests.processes import files_in

MANIFEST = """\
[[job]]
experiment = "curves"
grid.seed = [0, 1]
[[job]]
figure = "layers-in-motion"
experiment = "curves"
grid = { seed = [0, 1, 2], format = ["svg", "pdf"] }
"""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, studio: Path) -> FakeRun:
    monkeypatch.setattr("batch.batch.trained_before", lambda job: None)
    return FakeRun(monkeypatch)


def test_check_says_how_much_there_is_and_makes_nothing(studio: Path, fake: FakeRun) -> None:
    write(studio, MANIFEST)
    result = run("batch", "sweep.toml", "--check")
    assert result.stdout == "sweep.toml: 3 trainings, 0 videos, 3 figures in 6 files\n"
    assert files_in(studio) == {"sweep.toml"}
    assert fake.did == []


def test_everything_is_made_in_a_folder_called_like_the_manifest(studio: Path, fake: FakeRun) -> None:
    write(studio, MANIFEST)
    result = run("batch", "sweep.toml")
    assert re.fullmatch(r"media/batches/sweep/index\.html  \(6 jobs: 6 done, \d+\.\d s\)\n", result.stdout)
    assert result.stderr == ""  # nothing is drawn where there is no terminal
    assert {"curves/seed-0.npz", "layers-in-motion/seed-2.pdf", "metrics.csv"} <= files_in(
        studio / "media/batches/sweep"
    )
    assert "holds a batch already" in fails(1, "batch", "sweep.toml")
    assert "6 jobs: 0 done, 6 were done already" in run("batch", "sweep.toml", "--resume").stdout
    assert "6 jobs: 6 done" in run("batch", "sweep.toml", "-o", "other").stdout


def test_every_mistake_is_told_with_its_line(studio: Path, fake: FakeRun) -> None:
    write(studio, MANIFEST.replace('"curves"', '"curvs"') + "tehme = 3\n")
    for more in ((), ("--check",)):
        result = CliRunner().invoke(main, ["batch", "sweep.toml", *more])
        assert (result.exit_code, result.stdout) == (2, "")
        assert (
            result.stderr == "Error: sweep.toml:8: job[2].tehme: there is no such key; did you mean theme?\n"
        )
    write(studio, MANIFEST.replace('"curves"', '"curvs"'))
    result = CliRunner().invoke(main, ["batch", "sweep.toml"])
    assert result.exit_code == 2
    what = "no experiment is called 'curvs'; did you mean curves or curves-deep?"
    assert result.stderr.splitlines() == [
        f"Error: sweep.toml:2: job[1].experiment: {what}",
        f"Error: sweep.toml:6: job[2].experiment: {what}",
    ]
    assert files_in(studio) == {"sweep.toml"}


def test_failed_jobs_are_told_in_the_end_with_exit_code_1(studio: Path, fake: FakeRun) -> None:
    write(studio, MANIFEST)
    name = "layers-in-motion/seed-1"
    fake.instead[name] = failed(name, "its <b>text</b> is too small")
    result = CliRunner().invoke(main, ["batch", "sweep.toml"])
    assert result.exit_code == 1
    assert result.stderr == f"failed: {name}: its <b>text</b> is too small\n"
    assert "6 jobs: 5 done, 1 failed" in result.stdout
    report = json.loads(Path("media/batches/sweep/report.json").read_text())
    assert [job["error"] for job in report["jobs"] if job["state"] == "failed"] == [
        "its <b>text</b> is too small"
    ]
    assert "its &lt;b&gt;text&lt;/b&gt; is" in Path("media/batches/sweep/index.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["gone.toml"], 1, "gone.toml: No such file or directory"),
        (["sweep.toml", "--jobs", "0"], 2, "'--jobs': 0 is not in the range"),
        (["sweep.toml", "--scheduler", "localhost"], 2, "give the address of a Dask scheduler"),
        (["sweep.toml", "--scheduler", "tcp://a:1", "--jobs", "2"], 2, "leave it out with --scheduler"),
        (["sweep.toml", "-o", "sweep.toml"], 2, "is a file"),
    ],
)
def test_what_is_not_understood(
    studio: Path, fake: FakeRun, arguments: list[str], code: int, why: str
) -> None:
    write(studio, MANIFEST)
    assert why in fails(code, "batch", *arguments)
    assert fake.did == []


def test_the_example_of_the_documentation_is_right(studio: Path) -> None:
    example = Path(__file__).parents[1] / "docs" / "examples" / "widths.toml"
    result = run("batch", str(example), "--check")
    assert re.search(r"\d+ trainings, \d+ videos?, \d+ figures", result.stdout)
