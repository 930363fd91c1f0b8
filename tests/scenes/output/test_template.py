"""The scene that ``render.py new`` writes is a good one, whatever it is called."""

import ast
from pathlib import Path

import pytest

from scenes.kit import TraceScene
from scenes.output.locate import locate
from scenes.output.settings import Settings
from scenes.output.template import write_scene
from scenes.output.video import render_video
from tests.clips import decode
from tests.tiny_scene import tiny_experiment
from topo_core.errors import SpecError, TopoError
from topo_core.training import train


class TestName:
    @pytest.mark.parametrize(
        ("name", "file", "class_name"),
        [
            ("my_scene", "my_scene.py", "MyScene"),
            ("my-scene.py", "my-scene.py", "MyScene"),
            ("Opening", "Opening.py", "Opening"),
            ("talk/part 2", "talk/part 2.py", "Part2"),
            ("KNN_demo", "KNN_demo.py", "KNNDemo"),
        ],
    )
    def test_file_and_class(self, name: str, file: str, class_name: str, studio: Path) -> None:
        path, found = write_scene(name)
        assert (path.as_posix(), found) == (file, class_name)
        located = locate(f"{path}:{found}")
        assert issubclass(located.scene, TraceScene)
        assert located.scene.construct is not TraceScene.construct

    @pytest.mark.parametrize("name", ["1st", "", "---", "_", "talk/", "true/2", "None"])
    def test_no_name_for_a_class(self, name: str, studio: Path) -> None:
        with pytest.raises(SpecError, match=r"cannot name a scene; .*for example my_scene"):
            write_scene(name)
        assert list(studio.iterdir()) == []

    @pytest.mark.parametrize("name", ["fade-in", "write", "UP", "trace-scene", "text", "class"])
    def test_a_name_that_the_scene_itself_uses(self, name: str, studio: Path) -> None:
        """The class must not hide what the file imports."""
        path, class_name = write_scene(name)
        tree = ast.parse(path.read_text())
        imported = {
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert class_name not in imported

    @pytest.mark.parametrize("name", ['a"""b', "a\\b", "a'b", "a{b}"])
    def test_strange_characters_do_no_harm(self, name: str, studio: Path) -> None:
        try:
            path, class_name = write_scene(name)
        except SpecError:
            assert list(studio.iterdir()) == []
        else:
            assert locate(f"{path}:{class_name}").name == class_name


class TestFile:
    def test_an_existing_file_is_left_alone(self, studio: Path) -> None:
        (studio / "mine.py").write_text("precious")
        with pytest.raises(TopoError, match=r"mine\.py: exists already; choose another name or remove it"):
            write_scene("mine")
        assert (studio / "mine.py").read_text() == "precious"

    def test_nothing_else_is_written(self, studio: Path) -> None:
        write_scene("mine")
        assert [path.name for path in studio.iterdir()] == ["mine.py"]

    def test_reads_well(self, studio: Path) -> None:
        source = write_scene("my_scene")[0].read_text()
        assert max(map(len, source.splitlines())) <= 110
        assert ast.get_docstring(ast.parse(source)).startswith("My scene: ")
        assert "python render.py video my_scene.py:MyScene" in source
        assert source.count("    # ") >= 4  # it explains itself

    def test_it_renders(self, studio: Path) -> None:
        train(tiny_experiment()).save(studio / "tiny.npz")
        path, class_name = write_scene("my_scene")
        film = render_video(f"{path}:{class_name}", Settings("l", fps=2), trace=Path("tiny.npz"))
        clip = decode(film.path)
        assert len({frame.tobytes() for frame in clip.frames}) > 10
        assert clip.title == "My scene"
        assert clip.sections == ["Raw data", "layer 1", "The line"]
        assert clip.seconds == pytest.approx(film.seconds)
