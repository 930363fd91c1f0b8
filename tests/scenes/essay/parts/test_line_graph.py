"""The line with its classes and the graphs above it."""

import numpy as np
import pytest

from scenes.essay.parts.line_graph import Level, LineGraph, Unit
from scenes.kit import Rect
from scenes.kit.theme import DARK
from tests.scenes.pictures import Picture, looks, picture, pixel, texts
from topo_core.datasets import Interval

RECT = Rect(-6.0, -3.4, 2.0, 2.6)
GREEN = DARK.classes[2]


def graph(*units: Unit, level: Level | None = None, **state: float) -> LineGraph:
    shown = LineGraph(RECT, DARK, Interval(n_per_class=8), units, level=level, band=(-0.5, 0.5, 0))
    for name, value in state.items():
        assert hasattr(shown.state, name)
        setattr(shown.state, name, value)
    return shown


def seen(shown: LineGraph) -> Picture:
    return picture(shown, background=DARK.background, width=1280, height=720)


def at(shown: LineGraph, x: float, y: float, image: Picture) -> tuple[int, int]:
    return pixel(shown.place(np.array([x]), np.array([y]))[0], image.shape)


@pytest.mark.parametrize("lift", [0.0, 1.0])
def test_the_line_has_the_colours_of_its_classes(lift: float) -> None:
    shown = graph(strip=1.0, lift=lift)
    image = seen(shown)
    inner = shown.inner
    row = pixel((0, inner.y0 + lift * (inner.y1 - inner.y0) / 2), image.shape)[0]
    for x, colour in ((-0.8, 1), (-0.5, None), (0.0, 0), (0.5, None), (0.8, 1)):
        column = at(shown, x, 0, image)[1]
        for label in (0, 1):
            assert looks(image, DARK.classes[label])[row, column] == (label == colour)


def test_letters_go_as_the_line_comes_down() -> None:
    assert [t.content for t in texts(graph(strip=1.0, lift=1.0)) if t.opacity > 0][:3] == ["A", "B", "B"]
    assert not {"A", "B"} & {t.content for t in texts(graph(strip=1.0, lift=0.0))}


def test_a_graph_passes_through_its_values_in_the_classes_colours() -> None:
    shown = graph(Unit(np.tanh), drawn=1.0)
    image = seen(shown)
    for x, label in ((-0.8, 1), (0.0, 0), (0.9, 1)):
        assert looks(image, DARK.classes[label], 40)[at(shown, x, np.tanh(x), image)]
    assert not looks(image, DARK.classes[0], 40)[at(shown, 0.5, np.tanh(0.5), image)]


def test_half_drawn_it_ends_in_the_middle() -> None:
    shown = graph(Unit(np.tanh, GREEN), drawn=0.5)
    image = seen(shown)
    green = looks(image, GREEN, 40)
    assert green[at(shown, -0.5, np.tanh(-0.5), image)]
    assert not green[at(shown, 0.5, np.tanh(0.5), image)]


def test_a_level_tints_the_classes_above_and_below() -> None:
    shown = graph(level=Level(0.4, above=1, below=0))
    shown.state.level = 1.0
    image = seen(shown)
    assert looks(image, DARK.region_colour(1))[at(shown, 0.2, 0.6, image)]
    assert looks(image, DARK.region_colour(0))[at(shown, 0.2, 0.2, image)]
    assert looks(image, DARK.accent)[at(shown, 0.2, 0.4, image)]


def test_the_band_reaches_from_end_to_end() -> None:
    shown = graph(band=1.0)
    tinted = looks(seen(shown), DARK.region_colour(0))
    found = [tinted[at(shown, x, 0.0, tinted[..., None])] for x in (-0.52, -0.48, 0.48, 0.52)]
    assert found == [False, True, True, False]


def test_the_point_is_marked_on_every_graph() -> None:
    units = Unit(np.tanh, GREEN), Unit(np.negative, DARK.classes[3])
    shown = graph(*units, cursor=1.0, x=0.7)
    image = seen(shown)
    for unit in units:
        value = float(unit.value(np.array([0.7]))[0])
        assert looks(image, unit.colour, 20)[at(shown, 0.7, value, image)]


def test_numbers_stay_inside() -> None:
    boxes = np.array([t.box for t in texts(graph(strip=1.0, frame=1.0))])
    assert boxes[:, 0].min() >= RECT.x0
    assert boxes[:, 1].min() >= RECT.y0
    assert boxes[:, 2].max() <= RECT.x1
