"""A user's scene that costs next to nothing, with all that a scene can depend on."""

from pathlib import Path

from topo_core.datasets import TwoCurves
from topo_core.experiments import Experiment, Recipe
from topo_core.spec import NetworkSpec

SOURCE = '''"""A film for tests."""

import json
from pathlib import Path

import look
from manim import Square

from scenes.kit import TraceScene
from topo_core.datasets import TwoCurves
from topo_core.experiments import Experiment, Recipe
from topo_core.spec import NetworkSpec


class Tiny(TraceScene):
    """Two curves, hardly trained."""

    experiment = Experiment(
        "tiny",
        "Tiny",
        TwoCurves(n_per_class=16),
        NetworkSpec.parse("2-2"),
        Recipe(steps=20, restarts=2),
    )

    def construct(self):
        Path("played").open("a").write("once ")
        side = json.loads(Path(__file__).with_name("data.json").read_text())["side"]
        stage = self.stage(panel=False)
        with self.section("Raw data"):
            self.play(stage.create(run_time=0.4))
        with self.section("Layer 1"):
            self.play(stage.deform(self.trace.layers[0], run_time=0.4))
        with self.section("Square"):
            self.add(Square(side, color=look.COLOUR, fill_opacity=1))
            self.wait(0.4)
'''

HELPER = """import json
from pathlib import Path

COLOUR = "#ff0000"
"""


def tiny_experiment(seed: int = 0) -> Experiment:
    """The experiment of the scene."""
    recipe = Recipe(steps=20, restarts=2)
    return Experiment("tiny", "Tiny", TwoCurves(n_per_class=16), NetworkSpec.parse("2-2"), recipe, seed)


def write_tiny_scene(folder: Path) -> str:
    """Write the scene, its helper module and its data; returns the target for the command line."""
    (folder / "tiny.py").write_text(SOURCE)
    (folder / "look.py").write_text(HELPER)
    (folder / "data.json").write_text('{"side": 1}')
    return f"{folder / 'tiny.py'}:Tiny"


def times_played(folder: Path) -> int:
    """How often ``construct`` has run with ``folder`` as the working directory."""
    played = folder / "played"
    return len(played.read_text().split()) if played.exists() else 0
