"""Polygons in one array, their neighbours, pairs and distances."""

import numpy as np
import pytest

from tests.topo_core.unlinking.example_links import hopf, unlink
from topo_core.datasets import Unlink
from topo_core.topology.distance import polygon_distance
from topo_core.unlinking.polygons import Polygons, equally_long, joined


def test_neighbours_stay_within_a_polygon() -> None:
    polygons = Polygons((5, 6))
    assert polygons.n_vertices == 11
    assert polygons.following.tolist() == [1, 2, 3, 4, 0, 6, 7, 8, 9, 10, 5]
    assert polygons.apart.sum() == 11 * 11 - 11 - 22
    i, j = polygons.pairs
    assert (i < j).all()
    assert len(i) == polygons.apart.sum() / 2


def test_joining_and_splitting() -> None:
    parts = [np.random.default_rng(k).standard_normal((k, 3)) for k in (5, 7)]
    polygons, x = joined(parts)
    for part, again in zip(parts, polygons.split(x), strict=True):
        np.testing.assert_array_equal(part, again)
    np.testing.assert_array_equal(polygons.edges(x)[4], parts[0][0] - parts[0][4])


def test_edges_of_equal_length() -> None:
    for core in Unlink().cores:
        points = equally_long(core, 200)
        lengths = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
        assert lengths.max() / lengths.min() < 1.05  # chords of arcs of equal length


def test_the_smallest_distance() -> None:
    polygons, x = hopf()
    between = polygon_distance(*polygons.split(x))
    far = x.copy()
    far[30:] += [9, 0, 0]
    assert polygons.smallest_distance(far) < 0.3  # of edges with one between them
    squeezed = x * np.array([1, 1, 1e-3])
    assert polygons.smallest_distance(squeezed) < between


@pytest.mark.parametrize("reach", [0.2, 0.7])
def test_near_pairs_miss_none(reach: float) -> None:
    polygons, x = unlink(40)
    i, j = polygons.pairs
    distance = polygons.distances(x, i, j)[2]
    near = set(zip(*(part.tolist() for part in polygons.near_pairs(x, reach)), strict=True))
    assert {
        pair for pair, d in zip(zip(i.tolist(), j.tolist(), strict=True), distance, strict=True) if d < reach
    } <= near
    each = set(
        zip(*(part.tolist() for part in polygons.near_pairs(x, np.full(len(x), reach / 2))), strict=True)
    )
    assert each == near
