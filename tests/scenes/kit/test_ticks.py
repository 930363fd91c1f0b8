"""Numbers along the edges: apart from each other however small the picture, and where they say."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas, DrawnText
from scenes.kit.theme import DARK
from scenes.kit.ticks import Ticks
from scenes.kit.view import Rect, View
from tests.scenes.pictures import texts


class Edges(Drawable):
    def __init__(self, view: View) -> None:
        super().__init__()
        self.view, self.ticks = view, Ticks(view.rect, DARK)
        self.points = np.zeros((1, 3))

    def draw(self, canvas: Canvas) -> None:
        self.ticks.draw_edges(canvas, self.view, 1.0)


def numbers(view: View) -> list[list[DrawnText]]:
    """The numbers below the picture from the left, and those beside it from below."""
    notes = texts(Edges(view))
    below = [note for note in notes if note.box[3] < view.rect.y0]
    beside = [note for note in notes if note.box[2] < view.rect.x0]
    assert len(below) + len(beside) == len(notes)
    return [sorted(below, key=lambda n: n.box[0]), sorted(beside, key=lambda n: n.box[1])]


def view(width: float, height: float, centre: tuple[float, float], scale: float) -> View:
    return View(Rect(-width / 2, -height / 2, width / 2, height / 2), np.array(centre), scale)


@settings(max_examples=50, deadline=None)
@given(
    st.floats(1.5, 8),
    st.floats(1.5, 6),
    st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    st.floats(-2, 3).map(lambda e: 10**e),
)
def test_they_never_touch(width: float, height: float, centre: tuple[float, float], scale: float) -> None:
    below, beside = numbers(view(width, height, centre, scale))
    assert all(b.box[0] - a.box[2] > 0.08 for a, b in pairwise(below))
    assert all(b.box[1] > a.box[3] for a, b in pairwise(beside))


@pytest.mark.parametrize(
    ("size", "expected"), [(6.2, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]), (2.6, ["-1", "0", "1"])]
)
def test_a_small_picture_has_fewer(size: float, expected: list[str]) -> None:
    below, beside = numbers(view(size, size, (0.0, 0.0), size / 2.5))
    assert [note.content for note in below] == expected
    assert [note.content for note in beside] == expected


def test_they_stand_where_they_say() -> None:
    shown = view(6.0, 4.0, (1.3, -0.4), 1.7)
    below, beside = numbers(shown)
    for note in below:
        right_end_of_figures = shown(np.array([[float(note.content), 0.0]]))[0, 0]
        figures = (note.box[2] - note.box[0]) / len(note.content)
        assert note.box[0] < right_end_of_figures < note.box[2] + figures
    for note in beside:
        y = shown(np.array([[0.0, float(note.content)]]))[0, 1]
        assert (note.box[1] + note.box[3]) / 2 == pytest.approx(y, abs=0.03)
