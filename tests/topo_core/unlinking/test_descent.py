"""The descent: what it keeps, where it leads, and what it never takes apart."""

from itertools import islice, pairwise

import numpy as np
import pytest

from tests.topo_core.unlinking.example_links import FloatArray, hopf, unlink, whitehead
from topo_core.topology.linking import linking_number
from topo_core.unlinking.collision import collides
from topo_core.unlinking.descent import descent
from topo_core.unlinking.energy import Energy
from topo_core.unlinking.plane import widest_plane
from topo_core.unlinking.polygons import Polygons


def steps(polygons: Polygons, x: FloatArray, count: int) -> list[FloatArray]:
    reach = 0.6 * float(np.linalg.norm(polygons.edges(x), axis=1).mean())
    return list(islice(descent(Energy(polygons, reach), x), count))


def test_it_falls_and_keeps_lengths_and_the_barycentre() -> None:
    polygons, x = unlink(40)
    motion = steps(polygons, x, 12)
    energy = Energy(polygons)
    values = [energy(y) for y in motion]
    assert all(b < a for a, b in pairwise(values))
    lengths = np.linalg.norm(polygons.edges(x), axis=1)
    for y in motion:
        np.testing.assert_allclose(np.linalg.norm(polygons.edges(y), axis=1), lengths, rtol=2e-3)
        np.testing.assert_allclose(y.mean(axis=0), x.mean(axis=0), atol=1e-3)
    np.testing.assert_array_equal(motion[0], x)


def test_no_step_lets_edges_meet() -> None:
    polygons, x = unlink(40)
    motion = steps(polygons, x, 12)
    for before, after in pairwise(motion):
        assert not collides(polygons, before, after)
        assert linking_number(*polygons.split(after)) == 0


@pytest.mark.slow
def test_the_unlink_comes_apart() -> None:
    polygons, x = unlink(60)
    margins = [widest_plane(*polygons.split(y)).margin for y in steps(polygons, x, 80)]
    assert margins[0] == 0
    assert max(margins) > 1.5


@pytest.mark.parametrize(("make", "number"), [(hopf, 1), (whitehead, 0)])
def test_what_is_linked_stays_linked(make: object, number: int) -> None:
    polygons, x = make(30)  # type: ignore[operator]
    for y in steps(polygons, x, 40):
        assert widest_plane(*polygons.split(y)).margin == 0
        assert linking_number(*polygons.split(y)) == number
