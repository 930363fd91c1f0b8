"""Graphs: the curve is where the function says, and changes with it."""

import numpy as np
import pytest

from scenes.kit.graph import Graph
from scenes.kit.theme import DARK
from scenes.kit.view import Rect
from tests.scenes.pictures import Picture, looks, picture, pixel, texts

RECT = Rect(-3.0, -2.0, 3.0, 2.0)


class Bend:
    """A function with a state."""

    share = 0.0

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return (1 - self.share) * x + self.share * np.tanh(x)


def graph(function: Bend) -> Graph:
    return Graph(RECT, DARK, "tanh", function, low=-3.0, high=3.0, bottom=-1.5)


def drawn(one: Graph) -> Picture:
    return picture(one, width=1280, height=720)


@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_the_curve_is_where_the_function_says(share: float) -> None:
    bend = Bend()
    one = graph(bend)
    bend.share = share
    image = drawn(one)
    x = np.array([-2.2, -1.0, -0.4, 0.3, 1.1, 1.7])
    y = bend(x)
    inside = (y > one.view.window[1, 0]) & (y < one.view.window[1, 1])
    assert inside.any()
    for point, shown in zip(one.view(np.stack([x, y], axis=1)), inside, strict=True):
        if shown:
            assert looks(image, DARK.accent, 30)[pixel(point, image.shape)]


def test_scales_are_equal_and_nothing_leaves_the_rectangle() -> None:
    one = graph(Bend())
    image = drawn(one)
    rows, columns = np.nonzero(image.max(axis=-1) > 0)
    top, left = pixel((RECT.x0, RECT.y1), image.shape)
    bottom, right = pixel((RECT.x1, RECT.y0), image.shape)
    assert top <= rows.min() <= rows.max() <= bottom
    assert left <= columns.min() <= columns.max() <= right
    assert one.view.window[0] == pytest.approx([-3, 3])
    assert one.view.window[1, 0] == pytest.approx(-1.5)


def test_its_words() -> None:
    notes = {note.content: note for note in texts(graph(Bend()))}
    assert notes.keys() == {"tanh", "1"}
    _, y0, x1, y1 = notes["1"].box
    at = graph(Bend()).view(np.array([[0.0, 1.0]]))[0]
    assert (y0 + y1) / 2 == pytest.approx(at[1], abs=0.02)
    assert x1 < at[0]
    assert notes["tanh"].box[3] == pytest.approx(RECT.y1, abs=0.1)
