"""From what a user types to a scene class, and what they are told when there is none."""

import os
from pathlib import Path

import pytest

from scenes.catalogue import SCENES, scene_named
from scenes.output.locate import locate
from topo_core.errors import TopoError, UnknownNameError

ONE = "from manim import Scene\n\nclass One(Scene):\n    pass\n"
TWO = ONE + "\nclass Two(One):\n    pass\n"


def message(target: str) -> str:
    """The error of a target that does not lead to a scene; it is one line."""
    with pytest.raises(TopoError) as caught:
        locate(target)
    text = str(caught.value)
    assert "\n" not in text
    return text


class TestCatalogue:
    @pytest.mark.parametrize("name", SCENES)
    def test_entries_agree_with_their_classes(self, name: str) -> None:
        entry = SCENES[name]
        found = locate(name)
        assert (found.name, found.scene.__name__) == (name, entry.class_name)
        assert tuple(e.name for e in found.scene.experiments()) == entry.experiments
        assert found.scene.video_title() == entry.title

    def test_by_class_name(self) -> None:
        assert scene_named("SpiralsSeparate").name == "spirals-separate"
        assert locate("SpiralsSeparate").name == "spirals-separate"

    def test_unknown_name(self) -> None:
        with pytest.raises(UnknownNameError, match="'spirals-seperate'; did you mean spirals-separate"):
            locate("spirals-seperate")
        assert all(name in message("") for name in SCENES)


class TestFile:
    @pytest.mark.parametrize("target", ["one.py", "one.py:One", "./one.py:One", "{folder}/one.py:One"])
    def test_the_only_scene(self, target: str, studio: Path) -> None:
        (studio / "one.py").write_text(ONE)
        found = locate(target.format(folder=studio))
        assert (found.name, found.scene.__name__) == ("One", "One")

    def test_a_folder_with_spaces_and_colons(self, studio: Path) -> None:
        file = studio / "my talk: part 2" / "one.py"
        file.parent.mkdir()
        file.write_text(ONE)
        assert locate(f"{file}:One").name == "One"

    def test_one_of_several(self, studio: Path) -> None:
        (studio / "two.py").write_text(TWO)
        assert locate("two.py:Two").name == "Two"
        assert message("two.py") == "two.py: several scenes; choose one: two.py:One (One, Two)"
        assert message("two.py:Tow") == "no scene in two.py is called 'Tow'; did you mean Two?"

    def test_what_is_only_imported_does_not_count(self, studio: Path) -> None:
        (studio / "none.py").write_text("from manim import Scene\nfrom scenes.kit import TraceScene\n")
        assert message("none.py").startswith("none.py: no scene class in this file; derive one from")

    def test_is_read_again_each_time(self, studio: Path) -> None:
        (studio / "one.py").write_text(ONE)
        locate("one.py")
        (studio / "one.py").write_text(ONE.replace("One", "Another"))
        assert locate("one.py").name == "Another"

    @pytest.mark.parametrize("target", ["gone.py", "gone.py:One", "gone:One"])
    def test_missing(self, target: str, studio: Path) -> None:
        assert message(target).endswith(": no such file; give an existing FILE.py:ClassName")

    def test_a_folder_or_another_kind_of_file(self, studio: Path) -> None:
        (studio / "folder.py").mkdir()
        assert "no such file" in message("folder.py")
        (studio / "data.csv").write_text("x,y,label\n")
        assert message("data.csv:One") == "data.csv: not a Python file; give FILE.py:ClassName"

    def test_syntax_error(self, studio: Path) -> None:
        (studio / "bad.py").write_text("from manim import Scene\nclass One(Scene)\n    pass\n")
        assert message("bad.py").endswith("bad.py:2: expected ':'")
        (studio / "latin.py").write_bytes(b"name = '\xe4'\n")
        assert "latin.py:1: " in message("latin.py")

    def test_syntax_error_in_a_helper(self, studio: Path) -> None:
        (studio / "helper.py").write_text("good = 1\nbad = = 2\n")
        (studio / "one.py").write_text("import helper\n" + ONE)
        assert message("one.py").endswith("helper.py:2: invalid syntax")

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("open('gone.json')", "FileNotFoundError"),
            ("raise SystemExit(0)", "SystemExit: 0"),
        ],
    )
    def test_an_error_on_import(self, line: str, problem: str, studio: Path) -> None:
        """What happens while the file is imported is the user's as well: a line, not a traceback."""
        (studio / "fails.py").write_text(f"from manim import Scene\n{line}\n")
        told = message("fails.py")
        assert "fails.py:2: " in told
        assert problem in told


class TestHelpers:
    def test_modules_beside_the_scene(self, studio: Path) -> None:
        folder = studio / "talk"
        folder.mkdir()
        (folder / "palette.py").write_text("NAME = 'red'\n")
        (folder / "one.py").write_text("from palette import NAME\n" + ONE + "    name = NAME\n")
        assert locate("talk/one.py").scene.name == "red"

    def test_two_folders_with_helpers_of_the_same_name(self, studio: Path) -> None:
        for folder in ("first", "second"):
            os.mkdir(folder)
            (studio / folder / "palette.py").write_text(f"NAME = {folder!r}\n")
            (studio / folder / "one.py").write_text("from palette import NAME\n" + ONE + "    name = NAME\n")
        assert locate("first/one.py").scene.name == "first"
        assert locate("second/one.py").scene.name == "second"
