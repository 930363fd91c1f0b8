"""A scene of a second and a half, of which tests make figures, and the same with something wrong."""

from dataclasses import replace
from pathlib import Path

from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, Line

from scenes.kit import TraceScene, text
from tests.scenes.example_films import written_trace


class Short(TraceScene):
    """Two layers, and the line."""

    experiment = "curves"

    def construct(self) -> None:
        stage = self.stage(panel=False)
        words = text("two layers", 48, color=self.theme.ink).to_corner(UP + RIGHT)
        with self.section("At the input"):
            self.add(stage.at(0.0), words)
            self.wait(0.2)
        with self.section("On the way"):
            self.play(stage.deform(self.trace.layers[0], run_time=0.5), Create(self.line(), run_time=0.5))
            self.play(stage.deform(self.trace.layers[1], run_time=0.5))
        with self.section("Divided"):
            self.play(stage.show_hyperplane(run_time=0.2), FadeIn(words.copy().to_edge(LEFT), run_time=0.1))
            self.wait(0.1)

    def line(self) -> Line:
        return Line(DOWN + 3 * RIGHT, UP + 6 * RIGHT, color=self.theme.accent)


class Missing(Short):
    """Without its line."""

    def line(self) -> Line:
        return super().line().set_stroke(width=0)


class Swapped(Short):
    """With the colours of its classes exchanged."""

    def construct(self) -> None:
        a, b, *more = self.theme.classes
        self.theme = replace(self.theme, classes=(b, a, *more))
        super().construct()


class Still(TraceScene):
    """Nothing is played."""

    def construct(self) -> None:
        self.add(text("still", 48, color=self.theme.ink))


class Spinning(TraceScene):
    """A space that turns by a radian a second, after a tenth of a second of rest."""

    def construct(self) -> None:
        space = self.space3d()
        self.add(space)
        self.wait(0.1)
        space.spin(1.0)
        self.wait(1.0)


class Full(TraceScene):
    """No plane, and a line of text across most of the frame."""

    def construct(self) -> None:
        self.add(text("from the left of the frame to the right of it", self.theme.text_size))
        self.wait(0.2)


def short_trace(folder: Path) -> Path:
    """The trace that it shows."""
    path = folder / "short.npz"
    written_trace().save(path)
    return path
