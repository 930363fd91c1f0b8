"""A whole batch with jobs that cost nothing: what is done, kept, resumed, refused, and left behind."""

import errno
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batch.batch import Batch, run_batch
from batch.job import Job, Outcome
from batch.plan import Plan
from batch.store import FullDiskError, OutputFolder
from tests.batch.manifests import FakeRun, failed, outcome_of, planned, raising
from tests.processes import files_in
from topo_core.errors import TopoError

MANIFEST = """
[[job]]
experiment = "curves"
name = "nets/curves-{seed}"
grid.seed = [0, 1]
[[job]]
experiment = "curves"
name = "copy"
[[job]]
figure = "layers-in-motion"
experiment = "curves"
name = "seed-{seed}"
grid = { seed = [0, 1, 2], format = ["svg", "pdf"] }
[[job]]
scene = "one-layer"
"""
NETS = "nets/curves-0", "nets/curves-1"
FILES = {
    *("nets/curves-0.npz", "nets/curves-1.npz", "copy.npz", "one-layer.mp4"),
    *(f"seed-{seed}.{suffix}" for seed in range(3) for suffix in ("svg", "pdf")),
    *("report.json", "metrics.csv", "index.html"),
}


@pytest.fixture(autouse=True)
def _studio(studio: Path) -> None:
    """Nothing but what a test does."""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeRun:
    monkeypatch.setattr("batch.batch.trained_before", lambda job: None)
    return FakeRun(monkeypatch)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return planned(tmp_path, MANIFEST)


def made(root: Path) -> set[str]:
    """The files of a batch, without its journal."""
    return {name for name in files_in(root) if not name.startswith(".batch/")}


def seed_2(plan: Plan) -> str:
    """The training that only figures ask for."""
    return next(job.name for job in plan.jobs if job.name.startswith("traces/"))


def report(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "report.json").read_text("utf-8"))
    return found


def states(root: Path) -> dict[str, str]:
    return {job["name"]: job["state"] for job in report(root)["jobs"]}


def test_everything_is_made_and_each_training_once(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    root = tmp_path / "deep" / "out"
    batch = run_batch(plan, root)
    assert batch.complete
    assert not batch.errors
    hidden = seed_2(plan)
    assert made(root) == FILES | {f"{hidden}.npz"}
    assert fake.did == [*NETS, hidden, "seed-0", "seed-1", "seed-2", "one-layer"]
    assert (root / "copy.npz").read_bytes() == (root / "nets/curves-0.npz").read_bytes()
    assert set(states(root).values()) == {"done"}
    assert {path.name for path in (tmp_path / "media/traces").iterdir()} == {
        f"{job.experiment.name}-{job.experiment.key}.npz" for job in plan.of_kind("train") if job.experiment
    }
    assert batch.summary() == "8 jobs: 8 done"


def test_a_batch_that_is_there_is_not_touched_without_resume(
    tmp_path: Path, plan: Plan, fake: FakeRun
) -> None:
    run_batch(plan, tmp_path / "out")
    before = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in files_in(tmp_path / "out")}
    with pytest.raises(
        TopoError, match="holds a batch already; go on with it by --resume, or choose another"
    ):
        run_batch(plan, tmp_path / "out")
    assert before == {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in before}
    assert len(fake.did) == 7


def test_resuming_does_nothing_again(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    root = tmp_path / "out"
    run_batch(plan, root)
    first = (root / "report.json").read_bytes(), (root / "metrics.csv").read_bytes()
    fake.did.clear()
    batch = run_batch(plan, root, resume=True)
    assert fake.did == []
    assert batch.summary() == "8 jobs: 0 done, 8 were done already"
    again = report(root)
    assert {**json.loads(first[0]), "seconds": 0} == {**again, "seconds": 0}
    assert (root / "metrics.csv").read_bytes() == first[1]


@pytest.mark.parametrize(
    ("harm", "redone"),
    [
        (lambda root: (root / "seed-1.pdf").unlink(), ["seed-1"]),
        (lambda root: (root / "seed-1.svg").write_bytes(b"x"), ["seed-1"]),
        (lambda root: _flip(root / "seed-2.svg"), ["seed-2"]),
        (lambda root: _link(root / "seed-1.pdf"), ["seed-1"]),
        (lambda root: (root / "nets/curves-1.npz").unlink(), ["nets/curves-1"]),
        (lambda root: (root / "copy.npz").unlink(), []),
        (lambda root: [path.write_bytes(b"{") for path in _records(root, "seed-0")], ["seed-0"]),
        (lambda root: [path.write_bytes(b"[" * 10**5) for path in _records(root, "seed-0")], ["seed-0"]),
        (lambda root: [path.write_bytes(b"{}") for path in _records(root, "one-layer")], ["one-layer"]),
        (lambda root: [path.unlink() for path in _records(root, "one-layer")], ["one-layer"]),
    ],
)
def test_resuming_does_what_is_missing_or_damaged(
    tmp_path: Path, plan: Plan, fake: FakeRun, harm: Callable[[Path], Any], redone: list[str]
) -> None:
    root = tmp_path / "out"
    run_batch(plan, root)
    contents = {name: (root / name).read_bytes() for name in made(root) if name != "report.json"}
    fake.did.clear()
    harm(root)
    batch = run_batch(plan, root, resume=True)
    assert fake.did == redone
    assert batch.complete
    assert {name: (root / name).read_bytes() for name in contents} == contents
    assert not any((root / name).is_symlink() for name in contents)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


def _link(path: Path) -> None:
    """The same content, but elsewhere."""
    other = path.parent.parent / "elsewhere"
    path.rename(other)
    path.symlink_to(other)


def _records(root: Path, name: str) -> list[Path]:
    return [path for path in (root / ".batch/jobs").iterdir() if json.loads(path.read_bytes())["job"] == name]


def test_traces_that_are_there_are_given_to_the_jobs_that_are_left(
    tmp_path: Path, plan: Plan, fake: FakeRun
) -> None:
    root = tmp_path / "out"
    run_batch(plan, root)
    (root / "seed-1.pdf").unlink()
    run_batch(plan, root, resume=True)
    assert fake.traces["nets/curves-1"] == root / "nets/curves-1.npz"


def test_changed_code_redoes_what_it_draws(
    tmp_path: Path, plan: Plan, fake: FakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "out"
    run_batch(plan, root)
    fake.did.clear()
    monkeypatch.setattr("batch.keys.source_digest", lambda *packages: f"others of {packages}")
    run_batch(plan, root, resume=True)
    assert fake.did == ["seed-0", "seed-1", "seed-2", "one-layer"]


def test_a_changed_manifest_redoes_what_changed(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    root = tmp_path / "out"
    run_batch(plan, root)
    fake.did.clear()
    text = MANIFEST.replace("[0, 1, 2], format", "[0, 1], dpi = [600], format") + 'theme = "light"\n'
    batch = run_batch(planned(tmp_path, text), root, resume=True)
    assert fake.did == ["seed-0", "seed-1", "one-layer"]
    assert batch.complete
    assert (root / "seed-2.pdf").exists()  # nothing is ever removed
    assert "seed-2" not in states(root)


def test_a_failed_job_stops_no_other_and_is_done_again(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    root = tmp_path / "out"
    fake.instead["seed-1"] = failed("seed-1", "too\nlarge")
    fake.instead["one-layer"] = lambda: Outcome("one-layer", {}, {}, 0.0)
    batch = run_batch(plan, root)
    assert batch.errors == {"seed-1": "too large", "one-layer": "one-layer: one-layer.mp4 was not made"}
    assert not batch.complete
    assert made(root) == FILES - {"seed-1.svg", "seed-1.pdf", "one-layer.mp4"} | {f"{seed_2(plan)}.npz"}
    assert report(root)["counts"] == {"done": 6, "failed": 2, "missing": 0}
    fake.instead.clear()
    fake.did.clear()
    assert run_batch(plan, root, resume=True).complete
    assert fake.did == ["seed-1", "one-layer"]


def test_a_failed_training_fails_its_copy_too(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    fake.instead[NETS[0]] = failed(NETS[0], "no")
    batch = run_batch(plan, tmp_path / "out")
    assert batch.errors == {NETS[0]: "no", "copy": "no"}


@pytest.mark.parametrize("signal_", [None, signal.SIGTERM])
def test_an_interruption_leaves_reports_and_goes_on(
    tmp_path: Path, plan: Plan, fake: FakeRun, signal_: signal.Signals | None
) -> None:
    root = tmp_path / "out"
    fake.instead["seed-1"] = (
        raising(KeyboardInterrupt()) if signal_ is None else lambda: os.kill(os.getpid(), signal_)
    )
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        run_batch(plan, root)
    assert signal.getsignal(signal.SIGTERM) is before
    assert states(root)["seed-0"] == "done"
    assert states(root)["seed-1"] == states(root)["one-layer"] == "missing"
    assert "seed-1" not in (root / "index.html").read_text()
    fake.instead.clear()
    fake.did.clear()
    assert run_batch(plan, root, resume=True).complete
    assert fake.did == ["seed-1", "seed-2", "one-layer"]


def test_whatever_an_interrupted_process_was_writing_is_removed(
    tmp_path: Path, plan: Plan, fake: FakeRun
) -> None:
    root = tmp_path / "out"
    (root / ".batch/new").mkdir(parents=True)
    (root / ".batch/new/half").write_bytes(b"x" * 1000)
    run_batch(plan, root, resume=True)
    assert not (root / ".batch/new").exists()


class Disk:
    """A disk that is full after so many files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room, self.replace = room, os.replace
        monkeypatch.setattr("os.replace", self)

    def __call__(self, source: Any, target: Any) -> None:
        self.room -= 1
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        self.replace(source, target)


@pytest.mark.parametrize("room", range(0, 22, 3))
def test_a_full_disk_leaves_nothing_half_written_and_goes_on(
    tmp_path: Path, plan: Plan, fake: FakeRun, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    root = tmp_path / "out"
    with monkeypatch.context() as patch:
        Disk(patch, room)
        with pytest.raises(FullDiskError) as error:
            run_batch(plan, root)
    message = str(error.value)
    assert message.startswith(f"{tmp_path}/") or message.startswith("media/")
    assert message.endswith(": No space left on device; free some, and go on with --resume")
    assert made(root) <= FILES | {f"{seed_2(plan)}.npz"}
    assert not list((root / ".batch").glob("new/*"))
    done = fake.did[:-1]
    fake.did.clear()
    assert run_batch(plan, root, resume=True).complete
    assert set(done).isdisjoint(fake.did)
    assert made(root) == FILES | {f"{seed_2(plan)}.npz"}


def test_a_file_that_cannot_be_written_fails_its_job_only(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    root = tmp_path / "out"

    def in_the_way() -> None:
        (root / "seed-1.pdf").mkdir()

    fake.instead["seed-1"] = in_the_way
    batch = run_batch(plan, root)
    assert batch.errors.keys() == {"seed-1"}
    assert "directory" in batch.errors["seed-1"]


def test_links_in_the_folder_lead_nowhere(tmp_path: Path, fake: FakeRun) -> None:
    root, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    root.mkdir()
    (root / "sub").symlink_to(outside)
    (root / ".batch").mkdir()
    (root / "one.mp4").symlink_to(outside / "kept")
    text = '[[job]]\nscene = "one-layer"\nname = "sub/x"\n[[job]]\nscene = "one-layer"\nname = "one"'
    batch = run_batch(planned(tmp_path, text), root, resume=True)
    assert batch.errors == {
        "sub/x": f"{root}/sub: is a link, which may lead out of the output folder; remove it"
    }
    assert files_in(outside) == {"kept"}
    assert (outside / "kept").read_text() == "kept"
    assert not (root / "one.mp4").is_symlink()


@pytest.mark.parametrize("link", [".batch", ".batch/jobs", ".batch/new"])
def test_nor_does_the_journal(tmp_path: Path, plan: Plan, fake: FakeRun, link: str) -> None:
    root, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)
    with pytest.raises(TopoError, match="is a link"):
        run_batch(plan, root, resume=True)
    assert files_in(outside) == set()


@pytest.mark.parametrize(
    "name", ["../evil.pdf", "/tmp/evil.pdf", "seed-2.pdf", "seed-1/../../evil", ".batch/x"]
)
def test_files_that_a_worker_invents_are_not_written(
    tmp_path: Path, plan: Plan, fake: FakeRun, name: str
) -> None:
    root = tmp_path / "out"

    def invent() -> Outcome:
        job = next(job for job in plan.jobs if job.name == "seed-1")
        good = outcome_of(job)
        return Outcome(job.name, {name: b"evil", **good.files}, {}, 0.0)

    fake.instead["seed-1"] = invent
    batch = run_batch(plan, root)
    assert batch.errors.keys() == {"seed-1"}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"evil"]


def test_a_trace_that_cannot_be_kept_fails_what_needs_it(
    tmp_path: Path, plan: Plan, fake: FakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "out"
    (root / "nets").parent.mkdir()
    (root / "nets").symlink_to(tmp_path)
    (root / ".batch").mkdir()
    monkeypatch.setattr("batch.batch.trained_before", outcome_of)
    batch = run_batch(plan, root, resume=True)
    told = f"{root}/nets: is a link, which may lead out of the output folder; remove it"
    assert batch.errors == {
        **dict.fromkeys(NETS, told),
        **dict.fromkeys(("seed-0", "seed-1"), f"its training failed: {told}"),
    }
    assert fake.did == ["seed-2", "one-layer"]


def test_a_media_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, plan: Plan, fake: FakeRun, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("media").write_text("a file")
    assert run_batch(plan, tmp_path / "out").complete
    assert made(tmp_path / "out") >= FILES
    assert "nets/curves-0: its trace is not kept for other commands: " in capfd.readouterr().err


def test_one_after_another_jobs_are_done_in_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str, dict[str, bytes]]] = []

    def perform(job: Job, traces: dict[str, bytes]) -> Outcome:
        given.append((job.name, traces))
        return outcome_of(job)

    monkeypatch.setattr("batch.batch.trained_before", lambda job: None)
    monkeypatch.setattr("batch.perform.perform", perform)
    text = '[[job]]\nfigure = "layers"\nexperiment = "curves"\n'
    plan = planned(tmp_path, text)
    assert run_batch(plan, tmp_path / "out").complete
    name = plan.jobs[0].name
    trace = outcome_of(plan.jobs[0]).files[f"{name}.npz"]
    assert given == [(name, {}), ("layers", {name: trace})]
    (tmp_path / "out/layers.pdf").unlink()
    assert run_batch(plan, tmp_path / "out", resume=True).complete
    assert given[2:] == [("layers", {name: trace})]
    monkeypatch.setattr("batch.perform.perform", lambda job, traces: Outcome(job.name, {}, {}, 0.0, "no"))
    failing = run_batch(plan, tmp_path / "other")
    assert failing.errors == {name: "no", "layers": "its training failed: no"}


def test_subtitles_are_kept_beside_a_video(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    files = {"one-layer.mp4": b"film", "one-layer.srt": b"words"}
    fake.instead["one-layer"] = lambda: Outcome("one-layer", files, {}, 0.0)
    run_batch(plan, tmp_path / "out")
    assert (tmp_path / "out/one-layer.srt").read_bytes() == b"words"
    (tmp_path / "out/one-layer.srt").unlink()
    fake.did.clear()
    run_batch(plan, tmp_path / "out", resume=True)
    assert fake.did == ["one-layer"]


def test_files_that_are_not_of_a_batch_are_not_written_over(
    tmp_path: Path, plan: Plan, fake: FakeRun
) -> None:
    root = tmp_path / "out"
    root.mkdir()
    (root / "index.html").write_text("mine")
    for resume in (False, True):
        with pytest.raises(
            TopoError, match=r"index\.html: is there and not of a batch; choose another folder"
        ):
            run_batch(plan, root, resume=resume)
    assert files_in(root) == {"index.html"}
    assert fake.did == []


def test_two_batches_do_not_write_to_one_folder(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    root = tmp_path / "out"
    with (
        OutputFolder(root, resume=True),
        pytest.raises(TopoError, match="another batch is writing to it"),
    ):
        run_batch(plan, root, resume=True)
    assert run_batch(plan, root, resume=True).complete


def test_the_folder_may_be_no_file(tmp_path: Path, plan: Plan, fake: FakeRun) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(TopoError, match="is no folder; choose another with -o"):
        run_batch(plan, tmp_path / "out")


def test_networks_that_were_trained_before_are_not_trained_again(
    tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeRun(monkeypatch)

    def before(job: Job) -> Outcome | None:
        return outcome_of(job) if job.name == NETS[0] else None

    monkeypatch.setattr("batch.batch.trained_before", before)
    batch = run_batch(plan, tmp_path / "out")
    assert isinstance(batch, Batch)
    assert NETS[0] not in fake.did
    assert NETS[1] in fake.did
    assert fake.traces.keys() == {NETS[0], "copy"}
    assert [job["name"] for job in report(tmp_path / "out")["jobs"] if job["cached"]] == [NETS[0], "copy"]
    assert batch.summary() == "8 jobs: 8 done, 2 of these were trained before"
