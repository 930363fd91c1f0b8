"""A clip is reused exactly while nothing that it was made from has changed."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenes.output import cache
from scenes.output.settings import Settings
from tests.processes import files_in

FAST = Settings("l", fps=5)
FACTS = {"name": "clip", "seconds": 1.0, "frames": 5, "sections": []}


def names(opened: Any) -> set[str]:
    """The names, without their folders, of the files that were read."""
    return {Path(os.fsdecode(path)).name for path in opened}


class TestFilesRead:
    def test_notes_every_way_of_opening(self, studio: Path) -> None:
        for name in ("open", "path", "array", "low"):
            (studio / name).write_text("1")
        np.save("numpy.npy", np.zeros(3))
        with cache.files_read() as opened:
            with open("open") as file:
                file.read()
            Path("path").read_bytes()
            np.loadtxt("array")
            np.load(studio / "numpy.npy")
            os.close(os.open("low", os.O_RDONLY))
        assert names(opened) >= {"open", "path", "array", "low", "numpy.npy"}

    def test_not_what_is_written_or_comes_later(self, studio: Path) -> None:
        (studio / "later").write_text("1")
        with cache.files_read() as opened:
            Path("written").write_text("1")
        Path("later").read_text()
        assert not {"written", "later"} & names(opened)

    def test_one_within_another(self, studio: Path) -> None:
        for name in ("first", "second"):
            (studio / name).write_text("1")
        with cache.files_read() as outer:
            Path("first").read_text()
            with cache.files_read() as inner:
                Path("second").read_text()
        assert names(outer) >= {"first", "second"}
        assert "second" in names(inner)
        assert "first" not in names(inner)


class TestRequest:
    def test_same_request_same_key(self, studio: Path) -> None:
        assert cache.request_key({"a": 1, "b": 2}) == cache.request_key({"b": 2, "a": 1})

    def test_depends_on_request_folder_and_packages(
        self, studio: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys = [cache.request_key({"target": "a"}), cache.request_key({"target": "b"})]
        monkeypatch.setattr(cache, "installed_version", lambda name: "9.9")
        keys.append(cache.request_key({"target": "a"}))
        monkeypatch.undo()
        os.makedirs(studio / "elsewhere")
        monkeypatch.chdir(studio / "elsewhere")
        keys.append(cache.request_key({"target": "a"}))
        assert len(set(keys)) == 4


class TestRecord:
    @pytest.fixture
    def remembered(self, studio: Path) -> Path:
        """A clip kept under the key ``key`` that was made from ``data``; its record."""
        (studio / "data").write_text("1")
        (studio / "made.mp4").write_bytes(b"clip")
        with cache.files_read() as opened:
            Path("data").read_text()
        cache.remember("key", Path("made.mp4"), opened, FACTS)
        return studio / "media" / ".cache" / "clips" / "key.json"

    def test_remembers(self, remembered: Path) -> None:
        known = cache.recall("key", "mp4")
        assert known is not None
        assert known[0].read_bytes() == b"clip"
        assert known[1] == FACTS
        assert cache.recall("other", "mp4") is None
        assert cache.recall("key", "webm") is None

    def test_depends_on_files_and_modules_but_not_on_installed_ones(
        self, remembered: Path, studio: Path
    ) -> None:
        files = json.loads(remembered.read_text())["files"]
        assert {str(studio / "data"), cache.__file__, __file__} <= set(files)
        assert np.__file__ not in files
        assert not [path for path in files if path.endswith(".pyc") or "/.cache/" in path]

    def test_files_that_the_request_says_enough_about(self, studio: Path) -> None:
        for name in ("data", "list"):
            (studio / name).write_text("1")
        (studio / "made.mp4").write_bytes(b"clip")
        with cache.files_read() as opened:
            Path("data").read_text()
            Path("list").read_text()
        cache.remember("key", Path("made.mp4"), opened, FACTS, frozenset([str(studio / "list")]))
        (studio / "list").write_text("2")
        assert cache.recall("key", "mp4") is not None
        (studio / "data").write_text("2")
        assert cache.recall("key", "mp4") is None

    def test_leaves_nothing_half_written(self, remembered: Path) -> None:
        assert files_in(remembered.parent) == {"key.json", "key.mp4"}

    def test_changed_and_changed_back(self, remembered: Path, studio: Path) -> None:
        (studio / "data").write_text("2")
        assert cache.recall("key", "mp4") is None
        (studio / "data").write_text("1")
        assert cache.recall("key", "mp4") is not None

    def test_a_file_that_is_gone(self, remembered: Path, studio: Path) -> None:
        (studio / "data").unlink()
        assert cache.recall("key", "mp4") is None

    def test_a_file_that_was_not_there(self, studio: Path) -> None:
        """A scene may look for a file and do without it; when it appears, the clip is another."""
        (studio / "made.mp4").write_bytes(b"clip")
        with cache.files_read() as opened, pytest.raises(OSError, match="optional"):
            Path("optional").read_text()
        cache.remember("key", Path("made.mp4"), opened, FACTS)
        assert cache.recall("key", "mp4") is not None
        (studio / "optional").write_text("here it is")
        assert cache.recall("key", "mp4") is None

    @pytest.mark.parametrize("damage", [b"", b"cli", b"CLIP", None])
    def test_a_damaged_clip(self, damage: bytes | None, remembered: Path) -> None:
        clip = remembered.with_suffix(".mp4")
        if damage is None:
            clip.unlink()
        else:
            clip.write_bytes(damage)
        assert cache.recall("key", "mp4") is None

    @pytest.mark.parametrize("content", ["", '{"clip": "', "\0", "null", "[]", "{}", "[" * 100_000])
    def test_a_record_that_is_none(self, content: str, remembered: Path) -> None:
        remembered.write_text(content)
        assert cache.recall("key", "mp4") is None

    @pytest.mark.parametrize("key", ["clip", "files", "facts"])
    @pytest.mark.parametrize("value", [None, 3, [], {"a\0b": ""}, "gone"])
    def test_a_record_with_something_else_in_it(self, key: str, value: Any, remembered: Path) -> None:
        noted = json.loads(remembered.read_text())
        del noted[key]
        remembered.write_text(json.dumps(noted))
        assert cache.recall("key", "mp4") is None
        if key != "facts":
            remembered.write_text(json.dumps({**noted, key: value}))
            assert cache.recall("key", "mp4") is None

    def test_a_file_that_changes_while_the_clip_is_made(self, studio: Path) -> None:
        """What was read is not what is there at the end, so the clip must not count as made from it."""
        (studio / "data").write_text("1")
        (studio / "made.mp4").write_bytes(b"clip")
        with cache.files_read() as opened:
            Path("data").read_text()
            after = (studio / "data").stat().st_mtime_ns + 1_000_000_000
            (studio / "data").write_text("2")
            os.utime("data", ns=(after, after))
        cache.remember("key", Path("made.mp4"), opened, FACTS)
        assert cache.recall("key", "mp4") is None


class TestPlace:
    def test_makes_folders_and_replaces(self, studio: Path) -> None:
        (studio / "new").write_text("new")
        (studio / "old").write_text("old")
        cache.place(Path("new"), Path("a/b/c"))
        cache.place(Path("new"), Path("old"))
        assert Path("a/b/c").read_text() == Path("old").read_text() == "new"
        assert files_in(studio) == {"new", "old", "a/b/c"}

    def test_an_interrupted_copy_leaves_the_old_file(
        self, studio: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (studio / "new").write_text("new")
        (studio / "old").write_text("old")

        def interrupted(source: Path, target: Path) -> None:
            Path(target).write_text("ne")
            raise KeyboardInterrupt

        monkeypatch.setattr(shutil, "copyfile", interrupted)
        with pytest.raises(KeyboardInterrupt):
            cache.place(Path("new"), Path("old"))
        assert Path("old").read_text() == "old"
        assert files_in(studio) == {"new", "old"}


def test_the_hook_survives_strange_paths(studio: Path) -> None:
    """Descriptors, bytes and paths that do not exist are opened too."""
    with cache.files_read() as opened:
        with pytest.raises(OSError, match="gone"):
            Path("gone").read_text()
        with open(os.open("/dev/null", os.O_RDONLY)) as file:
            file.read()
        with open(os.fsencode(sys.executable), "rb") as file:
            file.read(1)
    (studio / "made.mp4").write_bytes(b"clip")
    cache.remember("key", Path("made.mp4"), opened, FACTS)
    assert cache.recall("key", "mp4") is not None
