"""The rendering commands: what they write, what they say, and how they fail."""

from pathlib import Path

import pytest
from PIL import Image

from tests.clips import decode, decode_alpha, gif_comment
from tests.commands import FAST, fails, run
from tests.processes import files_in
from tests.tiny_scene import times_played, tiny_experiment, write_tiny_scene
from tests.topo_core.example_traces import example_trace
from topo_core.store import obtain_trace
from topo_core.trace import Trace


class TestVideo:
    def test_a_users_scene(self, tiny_scene: str, studio: Path) -> None:
        result = run("video", tiny_scene, *FAST)
        assert result.stdout.startswith("media/videos/Tiny.mp4  (1.2 s of film, 6 frames, ")
        assert "Open it with: " in result.stderr
        clip = decode(Path("media/videos/Tiny.mp4"))
        assert clip.frames.shape == (6, 480, 848, 3)
        assert (clip.title, clip.fps) == ("Two curves, hardly trained", 5)
        assert clip.sections == ["Raw data", "Layer 1", "Square"]
        assert "from the cache" in run("video", tiny_scene, *FAST).stdout
        assert times_played(studio) == 1

    def test_trains_what_is_missing(self, studio: Path) -> None:
        run("video", write_tiny_scene(studio), *FAST)
        assert (studio / obtain_trace(tiny_experiment())[0]).is_file()

    def test_a_given_trace(self, studio: Path) -> None:
        example_trace("2-2").save(Path("mine.npz"))
        run("video", write_tiny_scene(studio), *FAST, "--trace", "mine.npz")
        provenance = decode(Path("media/videos/Tiny.mp4")).provenance
        assert provenance["traces"][0]["hash"] == Trace.load("mine.npz").hash
        assert not Path("media/traces").exists()  # nothing was trained

    def test_formats(self, tiny_scene: str) -> None:
        run("video", tiny_scene, *FAST, "--format", "gif")
        run("video", tiny_scene, *FAST, "--format", "webm", "--transparent", "-o", "clear/film.webm")
        with Image.open("media/videos/Tiny.gif") as image:
            assert (image.size, image.format) == ((848, 480), "GIF")
        assert gif_comment(Path("media/videos/Tiny.gif"))["title"] == "Two curves, hardly trained"
        alpha = decode_alpha(Path("clear/film.webm"))[-1, ..., 3]
        assert alpha[0, 0] <= 2
        assert alpha.max() >= 253

    def test_the_format_that_the_output_says(self, tiny_scene: str) -> None:
        run("video", tiny_scene, *FAST, "-o", "film")
        assert decode(Path("film")).seconds > 1
        run("video", tiny_scene, *FAST, "-o", "film.mov")
        clip = decode(Path("film.mov"))
        assert clip.title == "Two curves, hardly trained"
        assert Path("film.mov").read_bytes()[4:12] == b"ftypqt  "

    def test_several_scenes(self, tiny_scene: str, studio: Path) -> None:
        (studio / "still.py").write_text(
            "from manim import Scene\nclass Still(Scene):\n    def construct(self): self.wait(0.2)\n"
        )
        shown = run("video", tiny_scene, "still.py", *FAST, "--theme", "light").stdout.splitlines()
        assert [line.split()[0] for line in shown] == [
            "media/videos/Tiny-light.mp4",
            "media/videos/Still-light.mp4",
        ]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["spirals-seperate"], "no scene is called 'spirals-seperate'; did you mean spirals-separate"),
            (["tiny.py:Tini"], "no scene in tiny.py is called 'Tini'; did you mean Tiny?"),
            (["tiny.py", "tiny.py", "-o", "film.mp4"], "-o names one file, but 2 scenes were given"),
            (
                ["tiny.py", "--transparent"],
                "--transparent: mp4 cannot carry transparency; use --format webm or mov",
            ),
            (["tiny.py", "--transparent", "--format", "gif"], "--transparent: gif cannot"),
            (["tiny.py", "--format", "webm", "-o", "film.mp4"], "-o film.mp4: the file will be of type webm"),
            (["tiny.py", "--format", "gif", "--fps", "60"], "--fps 60: players show a GIF at 50"),
            (["tiny.py", "--fps", "0"], "Invalid value for '--fps'"),
            (["tiny.py", "-q", "x"], "Invalid value for '-q'"),
            (["tiny.py", "--theme", "pink"], "Invalid value for '--theme'"),
            (["tiny.py", "-o", "."], "Invalid value for '-o'"),
            ([], "Missing argument 'SCENE...'"),
        ],
    )
    def test_wrong_usage(self, arguments: list[str], message: str, tiny_scene: str, studio: Path) -> None:
        before = files_in(studio)
        assert fails(2, "video", *arguments).startswith(message)
        assert {path for path in files_in(studio) - before if "__pycache__" not in path} == set()

    def test_a_trace_for_a_scene_that_shows_none(self, tmp_path: Path) -> None:
        said = fails(1, "video", "one-layer", *FAST, "--trace", str(tmp_path / "any.npz"))
        assert said == "--trace: OneLayer shows no trained network; leave it out"

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("raise ValueError('two\\nlines')", "ValueError: two lines"),
            ("open('gone')", "FileNotFoundError: "),
            ("self.play()", "ValueError: "),
            ("self.stage(colour=1)", "TypeError: "),
        ],
    )
    def test_an_error_in_the_scene(self, line: str, problem: str, tiny_scene: str, studio: Path) -> None:
        source = (studio / "tiny.py").read_text().replace("stage = self.stage(panel=False)", line)
        (studio / "tiny.py").write_text(source)
        number = 1 + source[: source.index(line)].count("\n")
        told = fails(1, "video", "tiny.py:Tiny", *FAST)
        assert f"tiny.py:{number}: {problem}" in told
        assert not Path("media/videos").exists()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["gone.py:Tiny"], "gone.py: no such file"),
            (["tiny.py", "--trace", "gone.npz"], "trace gone.npz: there is no such file"),
            (["tiny.py", "--trace", "wide.npz"], "network 2-3 has a layer of more than two units"),
        ],
    )
    def test_wrong_files(self, arguments: list[str], message: str, tiny_scene: str) -> None:
        example_trace("2-3").save(Path("wide.npz"))
        assert fails(1, "video", *arguments, *FAST).startswith(message)

    def test_unwritable_output(self, tiny_scene: str, studio: Path) -> None:
        Path("file").write_text("kept")
        assert "file" in fails(1, "video", tiny_scene, *FAST, "-o", "file/film.mp4")
        assert Path("file").read_text() == "kept"

    def test_unwritable_media(self, tiny_scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("file").write_text("kept")
        monkeypatch.setenv("TOPO_MEDIA", "file")
        assert "file" in fails(1, "video", tiny_scene, *FAST)
        assert Path("file").read_text() == "kept"

    def test_standard_output_is_the_answer_only(self, studio: Path) -> None:
        """Manim warns of plays shorter than a frame; that goes to standard error."""
        (studio / "short.py").write_text(
            "from manim import FadeIn, Scene, Square\nclass Short(Scene):\n"
            "    def construct(self): self.play(FadeIn(Square()), run_time=0.05)\n"
        )
        result = run("video", "short.py", *FAST)
        assert len(result.stdout.splitlines()) == 1
        assert "WARNING" in result.stderr

    def test_media_folder(self, tiny_scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TOPO_MEDIA", "elsewhere")
        assert run("video", tiny_scene, *FAST).stdout.startswith("elsewhere/videos/Tiny.mp4 ")


class TestStoryboard:
    def test_a_users_scene(self, tiny_scene: str) -> None:
        assert run("storyboard", tiny_scene).stdout == "media/storyboards/Tiny.png  (3 pictures)\n"
        with Image.open("media/storyboards/Tiny.png") as image:
            assert image.width > 3 * 848

    def test_unknown(self, studio: Path) -> None:
        assert "did you mean spirals-entangled" in fails(2, "storyboard", "spirals-entagled")
