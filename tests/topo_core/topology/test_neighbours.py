"""Agreement with neighbours against all pairs of distances; ties and duplicates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.datasets import Spirals
from topo_core.errors import TopoError
from topo_core.topology.neighbours import Agreement, neighbour_agreement

FloatArray = NDArray[np.float64]


def slowly(points: NDArray[np.int64], labels: NDArray[np.int64], k: int) -> Agreement:
    """The definition on whole numbers, where squares of distances are exact."""
    unanimous = majority = 0
    for i, (x, own) in enumerate(zip(points, labels, strict=True)):
        square = np.square(points - x).sum(axis=1)
        others = np.delete(square, i)
        asked = np.delete(labels, i)[others <= np.sort(others)[k - 1]].tolist()
        unanimous += all(label == own for label in asked)
        majority += all(asked.count(own) > asked.count(other) for other in set(labels.tolist()) - {own})
    return Agreement(k, unanimous / len(points), majority / len(points))


@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(2, 30), st.integers(1, 5))
def test_against_the_definition(seed: int, d: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    points, labels = rng.integers(-3, 4, (n, d)), rng.integers(0, 3, n)
    k = min(k, n - 1)
    expected = slowly(points, labels, k)
    assert neighbour_agreement(points, labels, k) == expected
    order = rng.permutation(n)
    assert neighbour_agreement(points[order] * 1e-170, labels[order] + 7, k) == expected


def test_ties_are_all_asked() -> None:
    # 0 and 2 are equally far from 1: whichever comes first, one of them disagrees
    for labels in ([0, 0, 1], [1, 0, 0]):
        found = neighbour_agreement([[0.0], [1.0], [2.0]], labels, 1)
        assert found.majority == found.unanimous == pytest.approx(1 / 3)


def test_duplicates_are_neighbours() -> None:
    assert neighbour_agreement([[1.0, 1]] * 3, [0, 0, 0], 1) == Agreement(1, 1, 1)
    # two of one label and one of another at the same place: each of the two has a tie, which is wrong
    assert neighbour_agreement([[1.0, 1]] * 3, [0, 0, 1], 1) == Agreement(1, 0, 0)


def test_spirals_that_no_line_separates() -> None:
    points, labels = Spirals().dense(500)
    assert neighbour_agreement(points, labels, 5) == Agreement(5, 1, 1)


@pytest.mark.parametrize(
    ("points", "labels", "k", "complaint"),
    [
        ([[0.0], [1]], [0, 1], 2, "k = 2 of 2 points; give a whole number from 1 to 1"),
        ([[0.0], [1]], [0, 1], 0, "k = 0"),
        ([[0.0], [1]], [0, 1], True, "k = True"),
        ([[0.0], [np.nan]], [0, 1], 1, "not finite"),
        ([[0.0], [1]], [0.5, 1], 1, "whole numbers"),
        ([0.0, 1], [0, 1], 1, "give"),
        ([[0.0], [1]], [0], 1, "give"),
    ],
)
def test_what_does_not_fit(points: FloatArray, labels: list[float], k: int, complaint: str) -> None:
    with pytest.raises(TopoError, match=complaint):
        neighbour_agreement(points, labels, k)
