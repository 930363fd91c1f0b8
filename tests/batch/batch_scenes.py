"""Scenes and experiments for tests of batches: quick, with all that could make one job depend on another."""

from pathlib import Path

from batch.job import Job
from tests.tiny_scene import tiny_experiment

SCENES = '''"""Scenes for tests."""

import os
import random
import time
from pathlib import Path

import numpy as np
from manim import DOWN, UP, Circle, Dot, FadeOut, Scene, Square, Text, config
from manim.utils.color import RED

from scenes.kit import Sphere, TraceScene
from shade import COLOUR


class Shown(TraceScene):
    """A trace, deformed by its layer."""

    any_trace = True

    def construct(self):
        stage = self.stage(panel=False)
        with self.section("Raw data", narration="Two curves."):
            self.play(stage.create(run_time=0.3))
        with self.section("Layer"):
            self.play(stage.deform(self.trace.layers[0], run_time=0.3))


class Sections(Scene):
    """Sections without frames, with one, and with a state that depends on every step of time before."""

    def construct(self):
        dot, square = Dot(), Square(color=COLOUR, fill_opacity=0.5)
        self.add(dot)
        self.wait(1 / 15)
        self.next_section("empty")
        self.next_section("one frame")
        self.wait(1 / 15)
        self.next_section("turning")
        turned = [0.0]

        def turn(mobject, dt):
            turned[0] += dt
            mobject.rotate(dt * (1 + np.sin(7 * turned[0]))).shift(0.1 * dt * UP)

        square.add_updater(turn)
        self.add(square)
        self.play(dot.animate.shift(2 * UP), run_time=0.5)
        self.next_section("resting")
        self.wait(0.4)
        self.play(FadeOut(dot), run_time=0.3)
        self.next_section("last")
        self.play(square.animate.shift(DOWN), run_time=0.3)


class Random(Scene):
    """Shows whatever random numbers it finds, and a circle as Manim draws it by itself."""

    def construct(self):
        self.add(Circle().shift([random.random(), np.random.rand(), 0]), Text("as it is").to_edge(DOWN))
        self.wait(0.2)


class Messy(Scene):
    """Leaves everything behind that a scene can."""

    def construct(self):
        random.random()
        np.random.rand(5)
        Circle.set_default(color=RED, stroke_width=40)
        Text.set_default(font_size=90)
        config.background_color = "#445566"
        self.add(Circle())
        self.wait(0.2)
        raise ZeroDivisionError("a mistake in a scene")


class Space(TraceScene):
    """A sphere, which needs OpenGL."""

    def construct(self):
        space = self.space3d()
        space.add(Sphere(1.0, "#4488ff"))
        self.add(space)
        self.wait(0.2)


class Waits(Scene):
    """Says which process plays it, and goes on when a file is there."""

    def construct(self):
        gate = Path(GATE)
        (gate / str(os.getpid())).touch()
        while not (gate / "open").exists():
            time.sleep(0.02)
        self.add(Dot())
        self.wait(0.2)
'''

QUICK = {"quality": "l", "fps": 15}


def write_scenes(folder: Path) -> Path:
    """Write the scenes, and the module that they import, into a folder; returns the file."""
    gate = folder / "gate"
    gate.mkdir(parents=True)
    (folder / "shade.py").write_text('COLOUR = "#ff8800"\n')
    path = folder / "film.py"
    path.write_text(SCENES.replace("Path(GATE)", f"Path({str(gate)!r})"))
    return path


def training(name: str = "trained", seed: int = 0) -> Job:
    """A training that takes no time."""
    return Job(name, "train", tiny_experiment(seed))


def film(file: Path, scene: str, name: str = "", **options: object) -> Job:
    """A video of one of the scenes."""
    return Job(name or scene.lower(), "video", None, f"{file}:{scene}", {**QUICK, **options})


def shown(file: Path, need: Job, name: str = "shown") -> Job:
    """A video of a trace."""
    return Job(name, "video", need.experiment, f"{file}:Shown", dict(QUICK), needs=(need.name,))
