"""The film and the videos of its scenes, decoded; what is rendered again, and what goes wrong how."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from render import main
from scenes.catalogue import Entry
from scenes.output import film, parts, workers
from scenes.output.clips import recall_clip
from scenes.output.parts import film_parts
from scenes.output.settings import Settings
from tests.clips import Clip, decode, subtitles
from tests.commands import FAST, fails, run
from tests.film_scenes import played, write_scenes
from tests.processes import files_in

pytestmark = pytest.mark.slow

SETTINGS = Settings("l", fps=5)
VIDEOS = Path("media/videos")


@pytest.fixture
def catalogue(studio: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Entry]:
    """Two scenes in the working directory, and nothing else in the catalogue."""
    entries = write_scenes(studio)
    monkeypatch.setattr(parts, "SCENES", entries)
    return entries


def change(file: str, old: str, new: str) -> None:
    """Edit a scene."""
    path = Path(file)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    """The film of two scenes, made once."""
    folder = tmp_path_factory.mktemp("film")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("TOPO_MEDIA", raising=False)
        patch.setattr(parts, "SCENES", write_scenes(folder))
        yield run("film", *FAST)


@pytest.fixture(scope="module")
def clip(made: Result) -> Clip:
    return decode(VIDEOS / "film.mp4")


class TestWhatItHolds:
    def test_what_is_said(self, made: Result) -> None:
        lines = made.stdout.splitlines()
        assert [line.split("  ")[0] for line in lines] == [
            f"media/videos/{name}.mp4" for name in ("One", "Two", "film")
        ]
        assert re.fullmatch(r".*  \(10\.\d s of film, 2 scenes, \d+\.\d s\)", lines[-1])
        assert "Warning" not in made.stderr

    def test_every_picture_of_cards_and_scenes(self, clip: Clip) -> None:
        pieces = []
        for part, name in zip(film_parts(), ("One", "Two"), strict=True):
            card = recall_clip(part.card.key(SETTINGS), SETTINGS)
            assert card is not None
            pieces += [decode(card.path).frames, decode(VIDEOS / f"{name}.mp4").frames]
        assert [len(piece) for piece in pieces] == [len(pieces[0]), 13, len(pieces[0]), 13]
        assert len(pieces[0]) == pytest.approx(12.5, abs=1)
        assert np.array_equal(clip.frames, np.concatenate(pieces))
        assert clip.times == pytest.approx([i / 5 for i in range(len(clip.frames))])

    def test_a_chapter_for_each_scene(self, clip: Clip) -> None:
        half = clip.seconds / 2
        assert clip.chapters == (
            ("1. Scene one", 0, pytest.approx(half)),
            ("2. Scene two", pytest.approx(half), pytest.approx(clip.seconds)),
        )

    def test_subtitles_inside_and_beside(self, clip: Clip) -> None:
        card = clip.seconds / 2 - 2.6
        track = subtitles(VIDEOS / "film.mp4")
        assert track is not None
        assert (track.language, track.default) == ("eng", True)
        second = clip.seconds / 2 + card
        assert track.cues == (
            (pytest.approx(card), pytest.approx(card + 2), "A red square."),
            (pytest.approx(second), pytest.approx(second + 2), "A blue square, and < & > here."),
        )
        assert (VIDEOS / "film.srt").read_text().count(" --> ") == 2
        assert "A blue square, and &lt; &amp; &gt; here." in (VIDEOS / "film.vtt").read_text()

    @pytest.mark.parametrize(
        ("name", "said"), [("One", "A red square."), ("Two", "A blue square, and < & >")]
    )
    def test_each_scene_has_its_own(self, name: str, said: str, made: Result) -> None:
        track = subtitles(VIDEOS / f"{name}.mp4")
        assert track is not None
        ((start, end, text),) = track.cues
        assert (start, end) == (0, 2)
        assert text.startswith(said)
        assert "00:00:00,000 --> 00:00:02,000\n" + said in (VIDEOS / f"{name}.srt").read_text()
        assert decode(VIDEOS / f"{name}.mp4").sections == ["Still", "Moving"]

    def test_what_the_file_says_of_itself(self, clip: Clip) -> None:
        assert clip.title == film.TITLE
        assert clip.provenance["theme"] == "dark"
        assert clip.provenance["scenes"] == [
            {"number": 1, "scene": "One", "traces": []},
            {"number": 2, "scene": "Two", "traces": []},
        ]

    def test_nothing_else_is_left(self, made: Result) -> None:
        left = files_in(Path("media"))
        assert {path for path in left if not path.startswith(".cache/clips/")} == {
            f"videos/{name}{suffix}" for name in ("One", "Two", "film") for suffix in (".mp4", ".srt", ".vtt")
        }
        assert len(left) == 9 + 2 * 4

    def test_the_second_time_nothing_is_rendered(self, made: Result, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_process(*arguments: object) -> None:
            raise AssertionError("a process was started")

        before = (VIDEOS / "film.mp4").read_bytes()
        monkeypatch.setattr(workers.subprocess, "Popen", no_process)
        shown = run("film", *FAST).stdout.splitlines()
        assert ["from the cache" in line for line in shown] == [True, True, False]
        assert (VIDEOS / "film.mp4").read_bytes() == before

    def test_video_takes_a_scene_from_the_same_cache(self, made: Result) -> None:
        assert "from the cache" in run("video", film_parts()[0].target, *FAST).stdout


@pytest.mark.usefixtures("catalogue")
class TestWhatIsRenderedAgain:
    def test_only_what_changed(self, studio: Path) -> None:
        run("film", *FAST)
        before = decode(VIDEOS / "film.mp4").frames
        change("two.py", "#0000ff", "#00ff00")
        shown = run("film", *FAST).stdout
        assert played(studio) == {"One": 1, "Two": 2}
        assert shown.count("from the cache") == 1
        after = decode(VIDEOS / "film.mp4").frames
        changed = np.abs(after.astype(int) - before).max(axis=(1, 2, 3)) > 100
        half = len(after) // 2
        assert not changed[:half].any()
        assert changed[-13:].all()

    def test_a_new_title_is_a_new_card(
        self, catalogue: dict[str, Entry], studio: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run("film", *FAST)
        renamed = {
            name: Entry(name, "", "", entry.title.replace("one", "first"), ())
            for name, entry in catalogue.items()
        }
        monkeypatch.setattr(parts, "SCENES", renamed)
        run("film", *FAST)
        assert played(studio) == {"One": 1, "Two": 1}
        assert decode(VIDEOS / "film.mp4").sections == ["1. Scene first", "2. Scene two"]

    def test_the_same_bytes_however_many_at_a_time(self, studio: Path) -> None:
        run("film", *FAST, "--jobs", "1", "-o", "first.mp4")
        for clip in (studio / "media" / ".cache" / "clips").iterdir():
            clip.unlink()
        run("film", *FAST, "--jobs", "3", "-o", "second.mp4")
        assert played(studio) == {"One": 2, "Two": 2}
        for suffix in (".mp4", ".srt", ".vtt"):
            assert (
                Path("first").with_suffix(suffix).read_bytes()
                == Path("second").with_suffix(suffix).read_bytes()
            )

    def test_a_narration_that_is_gone(self) -> None:
        run("film", *FAST, "--only", "1")
        assert Path("media/videos/One.srt").exists()
        change("one.py", "A red square.", "")
        run("film", *FAST, "--only", "1")
        assert not Path("media/videos/One.srt").exists()
        assert subtitles(VIDEOS / "One.mp4") is None
        assert subtitles(VIDEOS / "film-1.mp4") is None


@pytest.mark.usefixtures("catalogue")
class TestOptions:
    def test_only_and_theme(self) -> None:
        shown = run("film", *FAST, "--only", "2", "--theme", "light").stdout.splitlines()
        assert [line.split("  ")[0] for line in shown] == [
            "media/videos/Two-light.mp4",
            "media/videos/film-2-light.mp4",
        ]
        clip = decode(VIDEOS / "film-2-light.mp4")
        assert clip.sections == ["2. Scene two"]
        assert clip.frames[-1][0, 0].min() > 240

    def test_an_output(self) -> None:
        assert "cut/mine.mp4  (" in run("film", *FAST, "--only", "1", "-o", "cut/mine.mp4").stdout
        assert files_in(Path("cut")) == {"mine.mp4", "mine.srt", "mine.vtt"}
        assert (VIDEOS / "One.mp4").exists()
        assert not (VIDEOS / "film-1.mp4").exists()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--only", "3"], "--only '3': there is no scene 3; choose from 1 to 2"),
            (["--only", "1,x"], "--only '1,x': give numbers of scenes and ranges, for example 1,3-5"),
            (["--jobs", "0"], "Invalid value for '--jobs'"),
            (["-o", "film.mov"], "-o film.mov: the file will be of type mp4"),
            (["-q", "x"], "Invalid value for '-q'"),
            (["two"], "Got unexpected extra argument (two)"),
        ],
    )
    def test_wrong_usage(self, arguments: list[str], message: str, studio: Path) -> None:
        assert fails(2, "film", *arguments).startswith(message)
        assert not (studio / "media").exists()


@pytest.mark.usefixtures("catalogue")
def test_a_film_that_cannot_be_written_is_not_begun(studio: Path) -> None:
    (studio / "notes").write_text("a file")
    said = fails(1, "film", *FAST, "-o", "notes/film.mp4")
    assert said == "notes/film.mp4: notes cannot be a folder, for a file is in its way"
    assert not list(studio.rglob("clips/*.mp4"))


@pytest.mark.usefixtures("catalogue")
class TestSideBySide:
    MEETING = """
        import time
        Path("{here}").touch()
        deadline = time.monotonic() + 60
        while not Path("{there}").exists():
            assert time.monotonic() < deadline, "alone"
            time.sleep(0.02)
"""

    def test_scenes_are_rendered_at_the_same_time(self) -> None:
        """Each waits until the other is under way too."""
        for file, here, there in (("one.py", "a", "b"), ("two.py", "b", "a")):
            change(file, "        self.add(box)\n", self.MEETING.format(here=here, there=there))
        run("film", *FAST, "--jobs", "2")

    def test_what_a_scene_prints(self) -> None:
        """It is neither the answer nor part of what the processes tell each other."""
        change(
            "one.py", "        self.add(box)\n", "        print('{\"seconds\": 0}')\n        self.add(box)\n"
        )
        result = run("film", *FAST, "--only", "1")
        assert '{"seconds": 0}' not in result.stdout
        assert '{"seconds": 0}' in result.stderr

    def test_an_error_in_a_scene(self, studio: Path) -> None:
        change("two.py", "self.wait(2)", "1 / 0")
        told = fails(1, "film", *FAST, "--jobs", "1", "--only", "2")
        assert told.startswith("2. Scene two: ")
        assert "two.py:" in told
        assert told.endswith("ZeroDivisionError: division by zero")
        assert not (studio / VIDEOS).exists()

    def test_what_is_finished_before_an_error_is_kept(self, studio: Path) -> None:
        change("two.py", "self.wait(2)", "1 / 0")
        failed = CliRunner().invoke(main, ["film", *FAST, "--jobs", "1"])
        assert failed.exit_code == 1
        first, second = failed.stderr.splitlines()
        assert first == "rendered 1. Scene one (1 of 2 scenes)"
        assert second.startswith("Error: 2. Scene two: ")
        change("two.py", "1 / 0", "self.wait(2)")
        assert "rendered 2. Scene two (2 of 2 scenes)" in run("film", *FAST).stderr
        assert played(studio)["One"] == 1

    @pytest.mark.parametrize(
        ("line", "code", "message"),
        [
            (
                "import os; os.kill(os.getpid(), 9)",
                1,
                "was ended by signal 9; if memory was short, use --jobs 1",
            ),
            ("raise OSError(28, 'No space left on device', 'clip')", 1, "No space left on device"),
        ],
    )
    def test_a_process_that_fails(self, line: str, code: int, message: str, studio: Path) -> None:
        change("one.py", "self.wait(2)", line)
        told = fails(code, "film", *FAST, "--only", "1")
        assert told.startswith("1. Scene one: ")
        assert message in told
        assert not (studio / VIDEOS).exists()

    def test_a_bug_is_not_hidden(self) -> None:
        change("one.py", "self.wait(2)", "import os; os._exit(3)")
        with pytest.raises(RuntimeError, match=r"1\. Scene one: .* failed with exit code 3"):
            run("film", *FAST, "--only", "1")


@pytest.mark.usefixtures("catalogue")
def test_words_that_nobody_can_read_in_time() -> None:
    words = " ".join(["bent"] * 40)
    change("one.py", "A red square.", words)
    result = run("film", *FAST, "--only", "1")
    warning = " ".join(result.stderr.split())
    assert "Warning: One, section 'Still': reading its narration takes 9.8 s, but the section" in warning
    track = subtitles(VIDEOS / "One.mp4")
    assert track is not None
    assert " ".join(text for _, _, text in track.cues).split() == words.split()
    assert track.cues[-1][1] == pytest.approx(2.6)  # until the end of the scene
