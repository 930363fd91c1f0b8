"""How a readout divides the plane: every point of a cell is won by its class."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.kit.readout import dividing_lines, readout_cells

WINDOW = np.array([[-1.0, 2.0], [-1.5, 1.0]])


def readouts(classes: int) -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    numbers = st.floats(-3, 3).map(lambda v: round(v, 3))
    return st.tuples(
        st.lists(st.tuples(numbers, numbers), min_size=classes, max_size=classes).map(np.array),
        st.lists(numbers, min_size=classes, max_size=classes).map(np.array),
    )


def area(polygon: np.ndarray) -> float:
    if len(polygon) < 3:
        return 0.0
    x, y = polygon.T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))


@given(st.integers(2, 4).flatmap(readouts))
@settings(deadline=None)
def test_cells_cover_the_window_and_their_class_leads_in_them(readout: tuple[np.ndarray, np.ndarray]) -> None:
    weight, bias = readout
    cells = readout_cells(weight, bias, WINDOW)
    distinct = len(np.unique(np.column_stack([weight, bias]), axis=0)) == len(bias)
    if distinct and len(np.unique(weight, axis=0)) == len(bias):
        assert (
            sum(map(area, cells)) == np.prod(WINDOW[:, 1] - WINDOW[:, 0]).round(9)
            or abs(sum(map(area, cells)) - np.prod(WINDOW[:, 1] - WINDOW[:, 0])) < 1e-6
        )
    for label, cell in enumerate(cells):
        if len(cell):
            logits = np.vstack([cell, cell.mean(axis=0)]) @ weight.T + bias
            assert (logits[:, label] >= logits.max(axis=1) - 1e-7).all()


@given(st.integers(2, 4).flatmap(readouts))
@settings(deadline=None)
def test_on_a_line_two_classes_tie_and_no_third_one_leads(readout: tuple[np.ndarray, np.ndarray]) -> None:
    weight, bias = readout
    if len(np.unique(weight, axis=0)) < len(bias):
        return
    for line in dividing_lines(weight, bias, np.zeros(2), 2.0):
        inside = line[0] + np.linspace(0.01, 0.99, 9)[:, None] * (line[1] - line[0])
        logits = np.sort(inside @ weight.T + bias, axis=1)
        size = 1 + np.abs(logits).max()
        np.testing.assert_allclose(logits[:, -1], logits[:, -2], atol=1e-6 * size)


def test_the_share_of_a_line_is_its_middle() -> None:
    weight, bias = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.zeros(2)
    (whole,), (half,) = (list(dividing_lines(weight, bias, np.zeros(2), 3.0, share)) for share in (1.0, 0.5))
    np.testing.assert_allclose(np.sort(whole[:, 1]), [-3, 3])
    np.testing.assert_allclose(np.sort(half[:, 1]), [-1.5, 1.5])
    np.testing.assert_allclose(whole[:, 0], 0)
