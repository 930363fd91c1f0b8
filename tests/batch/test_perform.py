"""A job in this process: its files, its errors, and that nothing before it shows."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from batch.job import Job
from batch.perform import perform
from batch.user_files import sources_of
from tests.batch.batch_scenes import film, shown, training, write_scenes
from topo_core.errors import TopoError
from topo_core.store import obtain_trace
from topo_core.trace import Trace


@pytest.fixture
def file(studio: Path) -> Path:
    return write_scenes(studio / "mine")


def contents(job: Job, traces: dict[str, bytes] | None = None) -> dict[str, bytes]:
    outcome = perform(job, traces or {})
    assert outcome.error == ""
    return dict(outcome.files)


class TestTraining:
    def test_gives_the_bytes_that_the_store_keeps(self, studio: Path) -> None:
        job = training("a/b")
        path, trace = obtain_trace(job.experiment)  # type: ignore[arg-type]
        outcome = perform(job, {})
        assert outcome.files == {"a/b.npz": path.read_bytes()}
        assert outcome.metrics["hash"] == trace.hash
        assert outcome.metrics["accuracy"] == trace.outcome["accuracy"]

    def test_leaves_nothing_behind(self, studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TOPO_MEDIA", "elsewhere")
        perform(training(), {}, folder=studio)
        assert os.environ["TOPO_MEDIA"] == "elsewhere"
        assert list(studio.iterdir()) == []


class TestVideo:
    def test_shows_the_trace_that_it_is_given(self, file: Path, tmp_path: Path) -> None:
        needs = [training(f"seed-{seed}", seed) for seed in (0, 1)]
        traces = {need.name: next(iter(contents(need).values())) for need in needs}
        made = [contents(shown(file, need, "a/video"), traces) for need in needs]
        assert [set(files) for files in made] == [{"a/video.mp4", "a/video.srt", "a/video.vtt"}] * 2
        for need, files in zip(needs, made, strict=True):
            (tmp_path / "trace.npz").write_bytes(traces[need.name])
            assert Trace.load(tmp_path / "trace.npz").hash.encode() in files["a/video.mp4"]

    def test_does_not_depend_on_what_ran_before(self, file: Path) -> None:
        job = film(file, "Random")
        alone = contents(job)
        assert "ZeroDivisionError" in perform(film(file, "Messy"), {}).error
        assert contents(job) == alone

    def test_is_the_same_from_sources_that_were_sent(self, file: Path) -> None:
        job = film(file, "Sections")
        sources = sources_of(job.target)
        assert set(sources) == {"film.py", "shade.py"}
        here = contents(job)
        moved = replace(job, target=job.target.replace(str(file), "/not/here/film.py"))
        assert perform(moved, {}, sources=sources).files == here


class TestErrors:
    def test_of_a_user_are_one_line(self, file: Path) -> None:
        outcome = perform(film(file, "Nonesuch"), {})
        assert "no scene in" in outcome.error
        assert "\n" not in outcome.error
        assert outcome.files == {}
        assert "traceback" not in outcome.metrics

    def test_of_a_scene_say_where(self, file: Path) -> None:
        outcome = perform(film(file, "Messy"), {})
        line = (
            file.read_text().splitlines().index('        raise ZeroDivisionError("a mistake in a scene")') + 1
        )
        assert outcome.error == f"{file}:{line}: ZeroDivisionError: a mistake in a scene"

    def test_of_ours_keep_their_traceback(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> None:
            raise KeyError("x")

        monkeypatch.setattr("topo_core.store.obtain_trace", broken)
        outcome = perform(training(), {})
        assert outcome.error == "bug: KeyError: 'x'"
        assert "in broken" in outcome.metrics["traceback"]

    def test_of_settings_that_do_not_fit(self, file: Path) -> None:
        assert "--transparent" in perform(film(file, "Random", transparent=True), {}).error


class TestUserFiles:
    def test_packages_are_sent_whole_and_the_rest_is_not(self, tmp_path: Path) -> None:
        for name, source in {
            "film.py": "import helper\nimport numpy\n",
            "helper.py": "from parts.one import x\n",
            "parts/__init__.py": "",
            "parts/one.py": "",
            "parts/two.py": "",
            "other.py": "",
        }.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(source)
        sent = sources_of(f"{tmp_path / 'film.py'}:Scene")
        assert set(sent) == {"film.py", "helper.py", "parts/__init__.py", "parts/one.py", "parts/two.py"}

    def test_a_missing_file_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(TopoError, match="no such file"):
            sources_of(f"{tmp_path}/none.py:Scene")

    def test_a_name_of_the_catalogue_has_none(self) -> None:
        assert sources_of("one-layer") == {}
