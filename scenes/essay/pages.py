"""Scenes of several pages, each with a heading of its own."""

from __future__ import annotations

from manim import FadeIn, FadeOut, Mobject

from scenes.essay.common import EssayScene
from scenes.kit import Live
from scenes.kit.live import Content
from scenes.kit.stage import PANEL


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
