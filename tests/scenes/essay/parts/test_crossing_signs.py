"""Crossings of two curves in a picture, and their signs, against the linking number."""

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.essay.parts.crossing_signs import CrossingSigns, crossings
from scenes.kit import Camera3D, Space3D
from scenes.kit.theme import DARK
from tests.scenes.pictures import texts
from topo_core.datasets import LinkedTori, Unlink
from topo_core.topology.linking import linking_number

FloatArray = NDArray[np.float64]

S = np.arange(150) / 150
HOPF = [core(S) for core in LinkedTori().cores]
UNLINK = [core(S) for core in Unlink().cores]
MIRROR = np.array([1.0, 1.0, -1.0])


@pytest.mark.parametrize(
    ("curves", "number"), [(HOPF, 1), ([curve * MIRROR for curve in HOPF], -1), (UNLINK, 0)]
)
def test_half_the_sum_is_the_linking_number_from_everywhere(curves: list[FloatArray], number: int) -> None:
    assert linking_number(*curves) == number
    random, counts = np.random.default_rng(1), set()
    for phi, theta, gamma in random.uniform(-3, 3, (60, 3)):
        camera = Camera3D(phi=phi, theta=theta, gamma=gamma)
        first, second = (camera.project(curve) for curve in curves)
        counts.add(len(crossings(first, second).at))
        assert crossings(first, second).signs.sum() == 2 * number
        assert crossings(second, first).signs.sum() == 2 * number
    assert len(counts) > 1


def test_a_crossing_of_two_squares() -> None:
    """Of the upper one an edge runs to the right; it is turned counterclockwise onto one that runs up."""
    upper = np.array([[-2.0, 0, 1], [2, 0, 1], [2, -9, 1], [-2, -9, 1]])
    lower = np.array([[0.5, -1.0, 0], [0.5, 1, 0], [9, 1, 0], [9, -1, 0]])
    found = crossings(upper, lower)
    places = {tuple(at): sign for at, sign in zip(found.at.tolist(), found.signs.tolist(), strict=True)}
    assert places[0.5, 0.0] == 1
    assert places[2.0, -1.0] == -1
    assert len(places) == 2
    upside_down = crossings(upper * MIRROR, lower * MIRROR)
    assert (upside_down.signs == -found.signs).all()


def test_each_sign_is_written_beside_its_crossing() -> None:
    space = Space3D(DARK, camera=Camera3D(phi=1.1, theta=-0.4, zoom=1.5))
    signs = CrossingSigns(space, lambda: (HOPF[0], HOPF[1]))
    assert texts(signs) == []
    signs.state.shown = 1.0
    found = signs.now()
    assert sorted(t.content for t in texts(signs)) == sorted(f"{s:+d}".replace("-", "−") for s in found.signs)
    assert (np.diff(found.at[:, 0]) >= 0).all()
    assert signs.half_sum() == 1
    for text in texts(signs):
        middle = np.array([text.box[0] + text.box[2], text.box[1] + text.box[3]]) / 2
        assert np.linalg.norm(found.at - middle, axis=1).min() < 0.8
    place = space.place(HOPF[0])
    assert np.min(np.linalg.norm(place[:, None] - found.at[None], axis=2), axis=0) == pytest.approx(
        0, abs=0.05
    )
