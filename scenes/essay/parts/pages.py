"""Scenes of several pages, each with a heading of its own."""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut, Mobject

from scenes.essay.parts.common import EssayScene
from scenes.kit import Live, Rect, Stage, text
from scenes.kit.live import Content
from scenes.kit.stage import PANEL
from topo_core.errors import TopoError
from topo_core.trace import Trace


class PagedScene(EssayScene):
    """An essay scene whose pages stand complete until the next one comes."""

    #: The heading of the present page, and what else leaves with it.
    page_title: Mobject | None = None
    page: tuple[Mobject, ...] = ()

    def turn(self, heading: str, run_time: float = 0.7) -> None:
        """Let go of the present page; the first one's heading is there from the start."""
        title = self.heading(heading)
        if self.page_title is None:
            self.add(title)
        else:
            leaving = map(FadeOut, (self.page_title, *self.page))
            self.play(*leaving, FadeIn(title), run_time=run_time)
        self.page_title, self.page = title, ()

    def live(self, content: Content, row: float, *, room: float | None = None) -> Live:
        """A line of the right column that says at every frame what is so; rows count from the top."""
        y = PANEL.y1 - 1.7 - 0.9 * row
        return Live(content, PANEL.x0, y, self.theme.text_size, self.theme.accent, room=room)

    def tiles(self, traces: list[Trace], per_row: int, side: float, **options: Any) -> list[Stage]:
        """A small picture of each trace, at the input, in rows from the upper left."""
        step = (8.6 - side) / max(per_row - 1, 1)
        tiles = []
        for k, trace in enumerate(traces):
            x = -6.75 + (k % per_row) * step
            y = 2.75 - side - (k // per_row) * (side + 0.72)
            stage = self.stage(
                trace,
                rect=Rect(x, y, x + side, y + side),
                grid=False,
                fills=True,
                points=False,
                panel=False,
                boundary=False,
                **options,
            ).at(0.0)
            stage.state.ticks = 0.0
            tiles.append(stage)
        return tiles

    def caption(self, stage: Stage, words: str) -> Mobject:
        """Words below a small picture."""
        rect = stage.plane.rect
        line = text(words, self.theme.small_size)
        return line.move_to((rect.centre[0], rect.y0 - 0.32, 0.0))


def measured(trace: Trace, name: str) -> Any:
    """What was measured of a trained network.

    Raises
    ------
    TopoError
        When the trace does not have it.
    """
    if name not in trace.outcome:
        title = trace.provenance.get("experiment", "a trace")
        raise TopoError(f"{title}: its outcome has no {name}; train it again with this version")
    return trace.outcome[name]
