"""The best single threshold, against trying all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topo_core.datasets import DiscInAnnulus, Interval
from topo_core.errors import TopoError
from topo_core.topology.threshold import best_cut, cut_accuracy

CASES = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(-9, 9), min_size=n, max_size=n),
        st.lists(st.integers(0, 1), min_size=n, max_size=n),
    )
)


@given(CASES)
def test_no_other_threshold_is_better_and_this_one_is_as_good(case: tuple[list[int], list[int]]) -> None:
    values, labels = np.array(case[0], dtype=float), np.array(case[1])
    found = best_cut(values, labels)
    every = [cut_accuracy(values, labels, at) for at in np.arange(-10, 10.5, 0.5)]
    assert found.accuracy == pytest.approx(max(every))
    assert cut_accuracy(values, labels, found.at) == pytest.approx(found.accuracy)


@given(CASES)
def test_monotone_functions_change_nothing(case: tuple[list[int], list[int]]) -> None:
    values, labels = np.array(case[0], dtype=float), np.array(case[1])
    best = best_cut(values, labels).accuracy
    for moved in (np.tanh(values / 5), -(values**3), np.exp(-values)):
        assert best_cut(moved, labels).accuracy == pytest.approx(best)


def test_of_the_interval_three_quarters() -> None:
    points, labels = Interval().dense()
    assert best_cut(points[:, 0], labels).accuracy == 0.75


def test_of_the_disc_no_more_than_geometry_allows() -> None:
    points, labels = DiscInAnnulus().dense()

    # A line that touches the disc: all of it on one side, and on the other the caps that it cuts off.
    def cap(radius: float) -> float:
        return radius**2 * np.arccos(1 / 3 / radius) - np.sqrt(radius**2 - 1 / 9) / 3

    share = (cap(1) - cap(2 / 3)) / (np.pi * 5 / 9)
    assert best_cut(points[:, 1], labels).accuracy == pytest.approx((1 + share) / 2, abs=0.003)


@pytest.mark.parametrize("labels", [[], [0, 2], [-1, 0]])
def test_other_labels_are_refused(labels: list[int]) -> None:
    with pytest.raises(TopoError, match=f"best threshold of {len(labels)} points"):
        best_cut(np.zeros(len(labels)), np.array(labels, dtype=int))
