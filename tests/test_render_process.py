"""The program as a process: what it imports, what Ctrl-C leaves, and what a cache must not hide."""

import time
from pathlib import Path

import numpy as np
import pytest

from tests.clips import decode
from tests.processes import Interrupted, files_in, render
from tests.tiny_scene import times_played, write_tiny_scene

FAST = "-q", "l", "--fps", "5"

LONG_SCENE = """from pathlib import Path

from manim import RIGHT, Square
from scenes.kit import TraceScene

class Long(TraceScene):
    def construct(self):
        box = Square()
        for i in range(10_000):
            self.play(box.animate.shift(0.001 * RIGHT), run_time=1)
            if i == 1:
                Path("under way").touch()
"""

LONG_TRAINING = """from scenes.kit import TraceScene
from topo_core.datasets import TwoCurves
from topo_core.experiments import Experiment, Recipe
from topo_core.spec import NetworkSpec

class Long(TraceScene):
    experiment = Experiment(
        "long", "Long", TwoCurves(n_per_class=16), NetworkSpec.parse("2-2"), Recipe(steps=10_000_000)
    )

    def construct(self):
        self.wait(1)
"""


class TestCtrlC:
    def check(self, stopped: Interrupted) -> None:
        assert stopped.code == 1, stopped.shown
        assert "Traceback" not in stopped.shown
        assert "Aborted!" in stopped.shown
        assert stopped.seconds < 10

    def test_while_training(self, tmp_path: Path) -> None:
        (tmp_path / "long.py").write_text(LONG_TRAINING)
        stopped = Interrupted(
            *("video", "long.py:Long", *FAST), cwd=tmp_path, ready=lambda shown: "training long" in shown
        )
        self.check(stopped)
        assert {path for path in files_in(tmp_path) if "__pycache__" not in path} == {"long.py"}

    def test_while_rendering(self, tmp_path: Path) -> None:
        (tmp_path / "long.py").write_text(LONG_SCENE)
        (tmp_path / "media" / "videos").mkdir(parents=True)
        film = tmp_path / "media" / "videos" / "Long.mp4"
        film.write_text("an older film")
        stopped = Interrupted(
            *("video", "long.py:Long", *FAST),
            cwd=tmp_path,
            ready=lambda _: (tmp_path / "under way").exists(),
        )
        self.check(stopped)
        left = {path for path in files_in(tmp_path / "media") if not path.startswith(".cache/manim/")}
        assert left == {"videos/Long.mp4"}
        assert film.read_text() == "an older film"
        assert [path for path in (tmp_path / "media" / ".cache").iterdir() if path.name != "manim"] == []


class TestCache:
    """What only a new process can show: everything a user's modules did on import happens again."""

    def test_data_that_a_helper_reads_on_import(self, tmp_path: Path) -> None:
        target = write_tiny_scene(tmp_path)
        (tmp_path / "colour.txt").write_text("#ff0000")
        (tmp_path / "look.py").write_text(
            "from pathlib import Path\n\nCOLOUR = Path(__file__).with_name('colour.txt').read_text()\n"
        )
        assert render("video", target, *FAST, cwd=tmp_path).returncode == 0
        film = tmp_path / "media" / "videos" / "Tiny.mp4"
        before = decode(film).frames[-1].astype(int)
        began = time.monotonic()
        assert "from the cache" in render("video", target, *FAST, cwd=tmp_path).stdout
        assert time.monotonic() - began < 10
        (tmp_path / "colour.txt").write_text("#00ff00")
        again = render("video", target, *FAST, cwd=tmp_path)
        assert "from the cache" not in again.stdout
        assert np.abs(decode(film).frames[-1] - before).max() > 100
        assert times_played(tmp_path) == 2

    def test_scenes_with_helpers_of_the_same_name(self, tmp_path: Path) -> None:
        targets = []
        for name, colour in (("First", "#ff0000"), ("Second", "#0000ff")):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "palette.py").write_text(f'COLOUR = "{colour}"\n')
            (folder / "scene.py").write_text(
                "from manim import Scene, Square\nfrom palette import COLOUR\n\n"
                f"class {name}(Scene):\n    def construct(self):\n"
                "        self.add(Square(color=COLOUR, fill_opacity=1))\n        self.wait(0.2)\n"
            )
            targets.append(f"{name}/scene.py")
        result = render("video", *targets, *FAST, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        middles = [
            decode(tmp_path / "media" / "videos" / f"{name}.mp4").frames[0][240, 424].tolist()
            for name in ("First", "Second")
        ]
        assert middles == [pytest.approx([255, 0, 0], abs=6), pytest.approx([0, 0, 255], abs=6)]


class TestErrors:
    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
            ("class Mine(TraceScene)", "expected ':'"),
        ],
    )
    def test_a_file_that_does_not_import(self, line: str, problem: str, tmp_path: Path) -> None:
        (tmp_path / "mine.py").write_text(f"from scenes.kit import TraceScene\n{line}\n")
        result = render("video", "mine.py:Mine", cwd=tmp_path)
        assert (result.returncode, result.stdout) == (1, "")
        (told,) = [text for text in result.stderr.splitlines() if text.strip()]
        assert told.startswith("Error: ")
        assert told.endswith(f"mine.py:2: {problem}")
