"""Circles coloured by how much the network stretches space there, found here by finite differences."""

import numpy as np
import pytest

from scenes.essay.parts.stretched import StretchedRings
from scenes.kit import Rect, Stage
from scenes.kit.theme import DARK, LIGHT, Theme
from tests.scenes.essay_scenes import READOUT, learned
from tests.scenes.pictures import looks, picture, pixel, texts
from topo_core.datasets import DiscInAnnulus

SCALE = Rect(3.0, -3.0, 6.0, -1.8)
#: Steep in x near x = 0.5, and nowhere else.
STEEP = ([[12.0, 0.0], [0.0, 1.0]], [-6.0, 0.0])


def rings(position: float = 0.0, theme: Theme = DARK) -> StretchedRings:
    trace = learned(DiscInAnnulus(n_per_class=20), [STEEP], READOUT)
    shown = StretchedRings(Stage(trace, theme, panel=False, grid=False).at(position), SCALE)
    shown.state.shown = 1.0
    return shown


def finite(trace: object, points: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Largest singular value of the map's Jacobian by central differences."""
    columns = []
    for axis in np.eye(2):
        ahead, behind = (trace.representations(points + sign * step * axis)[-1] for sign in (1, -1))
        columns.append((ahead - behind) / (2 * step))
    return np.linalg.norm(np.stack(columns, axis=2), 2, axis=(1, 2))


def test_the_stretch_is_that_of_small_steps() -> None:
    shown = rings()
    points = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    assert shown.stretched_by(points) == pytest.approx(finite(shown.stage.trace, points), rel=1e-4)


def test_the_scale_ends_at_the_largest_stretch_on_a_ring() -> None:
    shown = rings()
    assert shown.largest == pytest.approx(12, rel=0.01)  # the slope of tanh(12 x - 6) at its steepest
    said = [t.content for t in texts(shown)]
    assert said == ["stretched by", "1", "12"]


def test_every_piece_has_the_shade_of_its_stretch() -> None:
    shown = rings()
    points = np.concatenate(shown.lines)
    stretch = finite(shown.stage.trace, points)
    seen = 0
    for shade, runs in enumerate(shown.runs):
        for first, stop in runs:
            assert shown.shade(stretch[first:stop]).max() >= shade - 1
            assert shown.shade(stretch[first:stop]).min() <= shade
            seen += stop - first - 1
    assert seen == len(points) - len(shown.lines)  # every piece once, none between two rings
    assert shown.colour(0) == DARK.grid
    assert shown.colour(23) == DARK.accent


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_steep_strip_is_bright_and_the_rest_is_not(theme: Theme) -> None:
    shown = rings(theme=theme)
    image = picture(shown, background=theme.background, width=1280, height=720)
    bright = looks(image, theme.accent, 60)
    view = shown.stage.plane.view
    radius = shown.stage.plane.space.radii[-1]

    def around(x: float) -> bool:
        row, column = pixel(view(np.array([[x, np.sqrt(radius**2 - x**2)]]))[0], image.shape)
        return bool(bright[row - 3 : row + 4, column - 3 : column + 4].any())

    assert around(0.5)
    assert not around(-0.5)


def test_it_goes_where_the_stage_goes() -> None:
    shown = rings(1.0)
    image = picture(shown, background=DARK.background, width=1280, height=720)
    radius = shown.stage.plane.space.radii[-1]
    point = np.array([[0.5, np.sqrt(radius**2 - 0.25)]])  # where the stretch is largest
    row, column = pixel(shown.stage.plane.view(shown.stage.trace.representations(point)[-1])[0], image.shape)
    assert looks(image, DARK.accent, 60)[row - 4 : row + 5, column - 4 : column + 5].any()


def test_nothing_is_drawn_before_it_is_shown() -> None:
    shown = rings()
    shown.state.shown = 0.0
    assert texts(shown) == []
