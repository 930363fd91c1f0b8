"""Betti numbers of shapes that are known, at any size and place, and what is refused."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.datasets import DiscInAnnulus
from topo_core.errors import DependencyError, TopoError
from topo_core.handmade import handmade
from topo_core.topology.homology import Homology, described, homology, homology_of_layers

FloatArray = NDArray[np.float64]


def circle(n: int, radius: float = 1.0) -> FloatArray:
    angle = 2 * np.pi * np.arange(n) / n
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def sphere(n: int) -> FloatArray:
    height = 1 - (2 * np.arange(n) + 1) / n
    angle = np.pi * (3 - 5**0.5) * np.arange(n)
    width = np.sqrt(1 - height**2)
    return np.stack([width * np.cos(angle), width * np.sin(angle), height], axis=1)


def torus(n: int) -> FloatArray:
    u, v = np.random.default_rng(0).uniform(0, 2 * np.pi, (2, n))
    out = 1 + 0.4 * np.cos(v)
    return np.stack([out * np.cos(u), out * np.sin(u), 0.4 * np.sin(v)], axis=1)


SHAPES = {
    "circle": (circle(200), (1, 1)),
    "two circles": (np.concatenate([circle(200), np.add(circle(200), [3, 0])]), (2, 2)),
    "circle in space": (np.pad(circle(200), ((0, 0), (0, 1))), (1, 1, 0)),
    "sphere": (sphere(1500), (1, 0, 1)),
    "torus": (torus(4000), (1, 2, 1)),
    "points on a line": (np.array([[0.0], [0.1], [0.11], [5.0]]), (2,)),
    "points of the plane on a line": (np.outer(np.linspace(0, 1, 300), [1, 2]), (1, 0)),
    "circle in five dimensions": (np.pad(circle(150), ((0, 0), (1, 2))), (1, 1)),
    "one point": (np.full((5, 2), 0.3), (1, 0)),
    "one point of four dimensions": (np.zeros((3, 4)), (1, 0)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_are_known(name: str) -> None:
    points, expected = SHAPES[name]
    assert homology(points).betti() == expected


def test_the_hole_of_a_circle_is_born_at_half_an_edge_and_dies_at_its_radius() -> None:
    found = homology(circle(100, radius=2.0))
    assert found.complex == "alpha"
    assert found.n_points == 100
    assert found.diameter == pytest.approx(4)
    np.testing.assert_allclose(found.bars[1][0], [2 * np.sin(np.pi / 100), 2], rtol=1e-6)
    assert found.hole_size() == pytest.approx((2 - 2 * np.sin(np.pi / 100)) / 4, rel=1e-6)
    assert found.hole_size(0) == pytest.approx(2 * np.sin(np.pi / 100) / 4, rel=1e-6)


def test_radii_of_a_rips_complex_are_half_its_edges() -> None:
    found = homology(np.pad(circle(99), ((0, 0), (0, 2))))
    assert found.complex == "rips"
    # A loop is filled by the first triangle that goes around its centre: an equilateral one.
    np.testing.assert_allclose(found.bars[1][0], [np.sin(np.pi / 99), np.sqrt(3) / 2], rtol=1e-5)


@settings(max_examples=10, deadline=None)
@given(
    st.floats(-12, 12), st.floats(-1e3, 1e3), st.floats(0, 6.3), st.sampled_from(["circle", "two circles"])
)
def test_place_size_and_direction_change_nothing(power: float, shift: float, angle: float, name: str) -> None:
    points, expected = SHAPES[name]
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = homology(10.0**power * (points @ turn.T + shift))
    assert found.betti() == expected
    assert found.hole_size() == pytest.approx(homology(points).hole_size(), rel=1e-5)


def test_duplicates_and_near_duplicates_count_once() -> None:
    points = circle(100)
    twice = np.concatenate([points, points, points + 1e-14])
    assert homology(twice).n_points <= 110
    assert homology(twice).betti() == (1, 1)


def test_a_seed_chooses_among_more_points_than_are_used() -> None:
    points = torus(3000)
    first, again, other = (homology(points, n_points=500, seed=seed) for seed in (0, 0, 1))
    assert first.n_points == 500
    np.testing.assert_array_equal(first.bars[1], again.bars[1])
    assert not np.array_equal(first.bars[1], other.bars[1])


def test_what_counts_is_longer_than_both_thresholds() -> None:
    bars = (np.array([[0, np.inf]]), np.array([[0.1, 0.5], [0.1, 0.29], [0.001, 0.02]]))
    found = Homology(bars, 1.0, 10, "alpha")
    assert found.betti() == (1, 1)
    assert found.betti(ratio=2) == (1, 2)
    assert found.betti(ratio=2, share=0.01) == (1, 3)
    assert found.hole_size() == pytest.approx(0.4)


def test_layers_that_are_homeomorphisms_keep_the_numbers_and_squeeze_the_hole() -> None:
    trace = handmade([(3.0 * np.eye(2), np.zeros(2))], "tanh", dataset=DiscInAnnulus())
    layers = homology_of_layers(trace, n_points=1500)
    assert [[one.betti() for one in classes] for classes in layers] == [[(1, 0), (1, 1)]] * 2
    noted = described(layers)
    assert noted[1][1]["betti"] == [1, 1]
    assert noted[1][1]["points"] == 1500
    assert noted[0][1]["hole_sizes"][1] == pytest.approx(layers[0][1].hole_size())


@pytest.mark.parametrize("points", [np.zeros(3), np.zeros((0, 2)), np.array([[np.nan, 0.0]])])
def test_what_is_no_cloud_of_points_is_refused(points: FloatArray) -> None:
    with pytest.raises(TopoError, match="give"):
        homology(points)


@pytest.mark.parametrize("options", [{"n_points": 0}, {"n_points": -1}, {"max_dimension": -1}])
def test_numbers_below_the_least_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(TopoError, match="give 1 or more, and 0 or more"):
        homology(circle(9), **options)


@pytest.mark.parametrize("width", [1, 2, 4])
def test_distances_that_overflow_are_refused(width: int) -> None:
    with pytest.raises(TopoError, match="larger units"):
        homology(np.array([[-1.7e308] * width, [1.7e308] * width]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("width", range(1, 7))
def test_few_points_in_any_dimension(width: int) -> None:
    pair = np.repeat(np.zeros((2, width)), 3, axis=0)
    assert homology(pair).betti()[0] == 1
    pair[3:] = 1
    found = homology(pair)
    assert found.betti()[0] == 2
    assert found.hole_size() == 0


@pytest.mark.parametrize(("library", "width"), [("gudhi", 2), ("ripser", 4)])
def test_a_missing_library_is_one_line(monkeypatch: pytest.MonkeyPatch, library: str, width: int) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(DependencyError, match=rf"need {library}.*neural-topology\[homology\]"):
        homology(np.random.default_rng(0).normal(size=(10, width)))
