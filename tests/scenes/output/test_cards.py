"""Title cards: how long they are, what they show, and that all of it is in the frame and can be read."""

import numpy as np
import pytest

from scenes.kit.theme import theme_named
from scenes.output.cards import title_card
from scenes.output.parts import Card, film_parts
from tests.scenes.pictures import Picture, colour, film, looks, played

CARD = Card(3, "Layers are homeomorphisms", "Every step of a layer can be undone")


def rows(image: Picture, code: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The rows in which a colour is."""
    return np.flatnonzero(looks(image, code, 40).any(axis=1))


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_it_takes_two_and_a_half_seconds(fps: int) -> None:
    frames = film(title_card(CARD), width=80, height=48, fps=fps)
    assert len(frames) / fps == pytest.approx(2.5, abs=1.5 / fps)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_number_is_above_the_title_above_the_line(theme: str) -> None:
    colours = theme_named(theme)
    frames = film(title_card(CARD), width=480, height=272, fps=15, theme=theme)
    middle = frames[len(frames) // 2]
    number, about = rows(middle, colours.accent), rows(middle, colours.muted)
    assert number.max() < middle.shape[0] / 2 < about.max()
    assert rows(frames[0], colours.accent).size  # there from the beginning, for players' previews
    assert np.abs(frames[-1] - colour(colours.background)).max() < 60  # all but faded


@pytest.mark.parametrize(
    "card",
    [
        *(part.card for part in film_parts()),
        Card(12, "A title that is so long that it does not fit on a line of this size", "And so on " * 15),
        Card(1, "Alone", ""),
    ],
    ids=lambda card: f"{card.number}-{card.title[:20]}",
)
def test_nothing_leaves_the_frame(card: Card) -> None:
    scene = played(title_card(card), width=320, height=180, fps=5)
    background = colour(theme_named("dark").background)
    image = scene.renderer.stills[0].frame[..., :3].astype(float)
    edge = np.ones(image.shape[:2], dtype=bool)
    edge[8:-8, 8:-8] = False
    assert np.abs(image - background)[edge].max() < 3
    assert np.abs(image - background).max() > 100


def test_what_the_file_says() -> None:
    assert title_card(CARD).video_title() == "Layers are homeomorphisms"
    assert title_card(CARD).experiments() == ()
