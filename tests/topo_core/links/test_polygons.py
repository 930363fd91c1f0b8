"""What is a link, and one clear line for everything that is not."""

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from topo_core.datasets import Unlink
from topo_core.errors import DataError
from topo_core.links.polygons import checked_link

FloatArray = NDArray[np.float64]

SQUARE = np.array([[0.0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0]])


def test_a_last_corner_may_repeat_the_first() -> None:
    (part,) = checked_link([[*SQUARE, SQUARE[0]]])
    np.testing.assert_array_equal(part, SQUARE)


@pytest.mark.parametrize(
    ("polygons", "complaint"),
    [
        ([], "here: 0 components; give 1 to 100"),
        ([SQUARE, SQUARE[:2]], "component 2: 2 different corners; a closed polygon has at least 3"),
        ([[SQUARE[0], SQUARE[1], SQUARE[0]]], "component 1: 2 different corners"),
        ([SQUARE[:, :2]], r"component 1: corners of shape \(4, 2\); give \(n, 3\)"),
        ([5], r"component 1: corners of shape \(\)"),
        (["abc"], "component 1: is not a list of corners"),
        ([[[0, 0, 0], [1, 0]]], "component 1: is not a list of corners"),
        ([[[10**400, 0, 0]] * 3], "component 1: is not a list of corners"),
        ([[[0, 0, 0], [1, 0, np.nan], [0, 1, 0]]], "component 1: corner 2 is not finite"),
        ([[[0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0]]], "corner 3 repeats the one before it"),
        ([[[0, 0, 0], [2, 0, 0], [1, 0, 0], [0, 1, 0]]], "edge 2 of component 1 turns back along"),
        (
            [[[0, 0, 0], [2, 0, 0], [2, 2, 0], [1, 0, 0], [0, 1, 0]]],
            r"a component touches itself \(edge 1 of component 1 and edge 3 of component 1\)",
        ),
        (
            [SQUARE, SQUARE + np.array([1, 1, 0])],
            r"two components meet \(edge 2 of component 1 and edge 1 of component 2",
        ),
        ([SQUARE, SQUARE], "two components meet"),
        ([SQUARE + 5 * k for k in range(101)], "101 components"),
    ],
)
def test_what_is_none(polygons: list[FloatArray], complaint: str) -> None:
    with pytest.raises(DataError, match=f"^here: .*{complaint}|^{complaint}") as raised:
        checked_link(polygons, "here")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("gap", [2.0**-1000, 2.0**-50, 1.0])
def test_touching_is_exact(gap: float) -> None:
    """A corner over the middle of an edge: within less than rounding, or on it."""
    spike = np.array([[1.0, 0, gap], [1, -1, 5], [1, 1, 5]])
    assert len(checked_link([SQUARE, spike])) == 2
    with pytest.raises(DataError, match="two components meet"):
        checked_link([SQUARE, spike - [0, 0, gap]])


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_size_does_not_matter(size: float) -> None:
    far = (SQUARE + np.array([0.0, 0, 1])) * size
    assert len(checked_link([SQUARE * size, far])) == 2
    with pytest.raises(DataError, match="turns back"):
        checked_link([np.array([[0.0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5], [0, 1, 0]]) * size])


def test_thousands_of_corners_take_less_than_a_second() -> None:
    s = np.arange(2000) / 2000
    started = time.process_time()
    assert len(checked_link([core(s) for core in Unlink().cores])) == 2
    assert time.process_time() - started < 1
