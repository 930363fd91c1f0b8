"""Scenes for films that cost next to nothing, each in its own file, and a program that knows only them."""

from pathlib import Path

from scenes.catalogue import Entry
from tests.processes import ROOT

SOURCE = '''from pathlib import Path

from manim import RIGHT, Square

from scenes.kit import TraceScene


class {name}(TraceScene):
    """{title}."""

    def construct(self):
        Path("played-{name}").open("a").write("once ")
        box = Square(side_length=3, color="{colour}", fill_opacity=1)
        self.add(box)
        with self.section("Still", narration="{narration}"):
            self.wait(2)
        with self.section("Moving"):
            self.play(box.animate.shift(2 * RIGHT), run_time=0.6)
'''

PROGRAM = """import sys

sys.path.insert(0, {root!r})

from scenes.catalogue import Entry
from scenes.output import parts

parts.SCENES = {scenes!r}

from render import main

main()
"""

#: Name, colour and narration of each scene, by the name of its file.
SCENES = {
    "one": ("One", "#ff0000", "A red square."),
    "two": ("Two", "#0000ff", "A blue square, and < & > here."),
}


def write_scenes(folder: Path) -> dict[str, Entry]:
    """Write the scenes into a folder; returns the catalogue of them."""
    catalogue = {}
    for file, (name, colour, narration) in SCENES.items():
        path = folder / f"{file}.py"
        title = f"Scene {file}"
        path.write_text(SOURCE.format(name=name, colour=colour, narration=narration, title=title))
        target = f"{path}:{name}"
        catalogue[target] = Entry(target, "", "", f"{title}: a square", ())
    return catalogue


def write_program(folder: Path) -> Path:
    """Write the scenes, and ``render.py`` with their catalogue; returns its path."""
    program = folder / "program.py"
    program.write_text(PROGRAM.format(root=str(ROOT), scenes=write_scenes(folder)))
    return program


def played(folder: Path) -> dict[str, int]:
    """How often each scene has been played with ``folder`` as the working directory."""
    files = {name: folder / f"played-{name}" for name, _, _ in SCENES.values()}
    return {name: len(f.read_text().split()) if f.exists() else 0 for name, f in files.items()}
