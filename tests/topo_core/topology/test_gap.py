"""Gaps and diameters against all pairs."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.topology.gap import diameter, gap, relative_gap

FloatArray = NDArray[np.float64]


def all_distances(h: FloatArray) -> FloatArray:
    distances: FloatArray = np.linalg.norm(h[:, None] - h[None], axis=2)
    return distances


def clouds(seed: int, n: int, d: int, flat: bool) -> tuple[FloatArray, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    h = rng.standard_normal((n, d)) * 10.0 ** rng.uniform(-6, 6, d if flat else 1)
    return h, rng.integers(0, 3, n)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([2, 3, 10, 700]), st.integers(1, 5), st.booleans())
def test_any_points(seed: int, n: int, d: int, flat: bool) -> None:
    h, labels = clouds(seed, n, d, flat)
    distances = all_distances(h)
    assert diameter(h) == pytest.approx(distances.max(), rel=1e-12)
    between = labels[:, None] != labels[None]
    expected = distances[between].min() if between.any() else math.inf
    assert gap(h, labels) == pytest.approx(expected, rel=1e-12)
    if between.any():
        assert relative_gap(h, labels) == pytest.approx(expected / distances.max(), rel=1e-12)


@pytest.mark.parametrize("n", [2, 900])
def test_points_on_a_line_have_no_hull(n: int) -> None:
    h = np.linspace(0, 1, n)[:, None] * np.array([3.0, 4.0])
    assert diameter(h) == pytest.approx(5)
    assert diameter(np.zeros((n, 2))) == 0
    assert diameter(np.repeat([[0.0, 0.0], [3.0, 4.0]], n, axis=0)) == pytest.approx(5)


def test_there_is_none_without_two_places_or_two_classes() -> None:
    assert relative_gap(np.zeros((4, 2)), np.array([0, 1, 0, 1])) is None
    assert relative_gap(np.eye(4), np.zeros(4, dtype=np.int64)) is None
    assert relative_gap(np.array([[0.0], [0.0], [1.0]]), np.array([0, 1, 1])) == 0


def test_thousands_of_points_in_a_moment() -> None:
    rng = np.random.default_rng(0)
    h = rng.standard_normal((8000, 3))
    h /= np.linalg.norm(h, axis=1, keepdims=True)  # every point is a corner of the hull
    began = time.perf_counter()
    assert relative_gap(h[:, :2], (h[:, 2] > 0).astype(np.int64)) is not None
    assert time.perf_counter() - began < 2  # 0.02 s on an idle machine
