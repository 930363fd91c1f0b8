"""Collisions of polygons that move: none is missed, and what keeps clear is let through."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topo_core.unlinking.example_links import FloatArray, hopf, unlink
from topo_core.topology.distance import polygon_distance
from topo_core.unlinking.collision import collides
from topo_core.unlinking.polygons import Polygons


def test_what_rests_does_not_collide() -> None:
    for polygons, x in (hopf(), unlink()):
        assert not collides(polygons, x, x)


def test_linked_rings_cannot_leave_each_other() -> None:
    polygons, x = hopf()
    away = x.copy()
    away[30:] += [5, 0, 0]
    assert collides(polygons, x, away)
    assert collides(polygons, away, x)


def test_a_rigid_motion_is_let_through() -> None:
    polygons, x = unlink()
    assert not collides(polygons, x, x + np.array([7.0, -3, 2]))


def test_near_misses_and_hits_are_told_apart() -> None:
    """One ring passes a hair above the other one, or through it."""
    polygons, x = hopf()
    for height, hits in ((1e-4, False), (-1e-4, True), (0.0, True)):
        before = x.copy()
        before[:30, 2] = 0
        before[30:] = x[:30]
        before[30:, 2] = height
        after = before.copy()
        after[30:] += [0.1, 0.05, 1 if height > 0 else 0.2]
        assert collides(polygons, before, after) is hits


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 1))
def test_no_crossing_is_missed(seed: int, size: float) -> None:
    """Wherever the linking number could have changed, the polygons met."""
    rng = np.random.default_rng(seed)
    polygons = Polygons((6, 6))
    before = rng.standard_normal((12, 3))
    after = before + size * rng.standard_normal((12, 3))
    if collides(polygons, before, after):
        return
    for t in np.linspace(0, 1, 41):
        x = (1 - t) * before + t * after
        assert polygon_distance(*polygons.split(x)) > 0
        assert polygons.smallest_distance(x) > 0


@pytest.mark.parametrize("angle", [3.0, 3.2])
def test_folds(angle: float) -> None:
    """An edge that turns back on the one before it."""
    polygons = Polygons((5,))
    start = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [1.5, 2, 0], [0, 2, 1]])
    end = start.copy()
    end[2] = end[1] + [np.cos(angle), -np.sin(angle), 0]

    def swung(a: float) -> FloatArray:
        x = start.copy()
        x[2] = x[1] + np.array([np.cos(a), 0, -np.sin(a)])
        return x

    steps = np.linspace(0, angle, 40)
    found = [collides(polygons, swung(a), swung(b)) for a, b in itertools.pairwise(steps)]
    assert any(found) is (angle > np.pi)
