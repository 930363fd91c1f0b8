"""Title cards: a number, a title and a line about the scene that follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from manim import DOWN, FadeIn, FadeOut, Group, config

import scenes.catalogue
from scenes.kit import TraceScene, text
from scenes.kit.text import fitted
from scenes.output.clips import Clip, make_clip
from scenes.output.parts import Card
from scenes.output.settings import Settings
from scenes.output.takes import record


class TitleCard(TraceScene):
    """A title card of 2.5 seconds; its title is there from the first frame, which players show as preview."""

    card: ClassVar[Card]

    def construct(self) -> None:
        """The number and the title, then the line about it; all fade out."""
        theme = self.theme
        width = config.frame_width - 2
        title = Group(
            text(str(self.card.number), 96, weight="bold", color=theme.accent),
            fitted(text(self.card.title, 80, weight="bold", color=theme.ink), width),
        ).arrange(DOWN, buff=0.5)
        about = Group()
        if self.card.about:
            about.add(fitted(text(self.card.about, theme.title_size, color=theme.muted), width))
        Group(title, *about).arrange(DOWN, buff=0.5)
        self.add(title)
        self.play(FadeIn(about), run_time=0.5)
        self.wait(1.6)
        self.play(FadeOut(title), FadeOut(about), run_time=0.4)


def title_card(card: Card) -> type[TitleCard]:
    """The scene of a title card."""
    return type("TitleCard", (TitleCard,), {"card": card, "title": card.title})


def make_card(card: Card, settings: Settings) -> Clip:
    """Render a title card and keep it in the cache."""

    def make(folder: Path) -> tuple[Path, dict[str, Any]]:
        return record(title_card(card), f"card-{card.number}", settings, folder)

    return make_clip(card.key(settings), make, frozenset([scenes.catalogue.__file__]))
