"""What scenes for any trace have in common: a stage that fits it, and what can be said of it."""

from __future__ import annotations

from typing import Any

from manim import DOWN, LEFT, UP, Group, Mobject

from scenes.essay.parts.common import EssayScene
from scenes.kit import Rect, text
from scenes.kit.stage import PANEL, PLANE, Stage
from scenes.kit.text import fitted
from topo_core.trace import Trace

#: More classes than this stand in two columns.
_COLUMN = 5
#: Classes whose hyperplanes are all seen edge-on in a plane.
_EDGE_ON = 3


class AnyTrace(EssayScene):
    """The base of scenes that show the trace they are given."""

    any_trace = True

    @property
    def wide(self) -> bool:
        """Whether some representation has more dimensions than are seen."""
        return max(self.trace.spec.widths) > 2

    @property
    def wide_input(self) -> bool:
        """Whether the input has."""
        return self.trace.spec.widths[0] > 2

    @property
    def edge_on(self) -> bool:
        """Whether a hyperplane that is drawn divides points as it divides their shadows."""
        return self.trace.spec.widths[-1] <= 2 or self.trace.n_classes <= _EDGE_ON

    @property
    def projection(self) -> str | None:
        """How more than two dimensions are seen."""
        return "facing" if self.wide else None

    @property
    def rect(self) -> Rect:
        """Where the plane is in the frame: lower, if it has a caption."""
        return Rect(PLANE.x0, PLANE.y0, PLANE.x1, PLANE.y1 - 0.3) if self.wide else PLANE

    def verdict(self, trace: Trace) -> list[str]:
        """What was measured of the network at its points, in words."""
        line = "to the line" if trace.spec.widths[-1] <= 2 and trace.n_classes == 2 else "to a border"
        return [words.replace("to the line", line) for words in super().verdict(trace)]

    def any_stage(self, **options: Any) -> Stage:
        """A stage for the trace: with the input's grid if the input is a plane or a line."""
        plain = not self.wide_input
        known = {"grid": plain, "boundary": plain, "projection": self.projection, "rect": self.rect}
        options = known | options
        return self.stage(**options)

    def class_legend(self) -> Mobject:
        """The classes in their colours, in the right column."""
        names = self.trace.dataset.class_names
        if len(names) <= _COLUMN:
            return self.legend(self.trace)
        words = [
            text(name, self.theme.small_size, weight="bold", color=self.theme.class_colour(label))
            for label, name in enumerate(names)
        ]
        room = (PANEL.x1 - PANEL.x0) / 2
        half = (len(words) + 1) // 2
        columns: list[Any] = [
            Group(*[fitted(word, room - 0.3) for word in part]).arrange(DOWN, aligned_edge=LEFT, buff=0.18)
            for part in (words[:half], words[half:])
        ]
        columns[1].next_to(columns[0], buff=0).align_to(columns[0], UP)
        columns[1].shift((columns[0].get_left()[0] + room - columns[1].get_left()[0], 0, 0))
        group = Group(*columns)
        group.scale(min(1.0, 3.2 / group.height))
        return group.move_to((PANEL.x0, PANEL.y1 - 2.3, 0.0), aligned_edge=UP + LEFT)

    def about_data(self) -> str:
        """The data in a sentence."""
        trace = self.trace
        d = trace.spec.widths[0]
        where = f"in {d} dimensions" if d > 2 else "in a plane" if d == 2 else "on a line"
        return f"{len(trace.dataset.points)} points {where}, of {trace.n_classes} classes."

    @property
    def separated(self) -> bool:
        """Whether every point that was judged is on its side."""
        return self.trace.outcome.get("separated") is True

    def borders(self) -> str:
        """What divides the classes in the last representation."""
        if self.trace.n_classes > 2:
            return "straight borders"
        return "a hyperplane" if self.trace.spec.widths[-1] > 2 else "a straight line"
