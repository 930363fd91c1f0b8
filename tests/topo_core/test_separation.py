"""Margins against closed forms and plain geometry; ties and absent hyperplanes are not separation."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from topo_core.separation import Separation, separation

FloatArray = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)


def judge(h: FloatArray, labels: list[int], weight: FloatArray, bias: FloatArray) -> Separation:
    """Judge representations ``(n, d)`` under a linear readout."""
    return separation(h @ weight.T + bias, np.array(labels), weight)


def problem(seed: int) -> tuple[FloatArray, list[int], FloatArray, FloatArray]:
    """Representations with every class among them, and a readout that gets some of them right."""
    rng = np.random.default_rng(seed)
    n_classes, d = int(rng.integers(2, 6)), int(rng.integers(1, 5))
    weight, bias = rng.standard_normal((n_classes, d)), rng.standard_normal(n_classes)
    h = rng.standard_normal((30, d))
    labels = np.argmax(h @ weight.T + bias, axis=1)
    labels[:n_classes] = np.arange(n_classes)
    return h, labels.tolist(), weight, bias


class TestClosedForms:
    def test_points_on_a_line_either_side_of_a_threshold(self) -> None:
        # class 0 is where x > 1/4: margin is the distance of the nearest point to 1/4
        weight, bias = np.array([[1.0], [-1.0]]), np.array([-0.25, 0.25])
        result = judge(np.array([[1.0], [0.75], [-0.5], [0.0]]), [0, 0, 1, 1], weight, bias)
        assert result == Separation(wrong=0, points=4, margin=0.25)
        assert result.separated
        assert result.accuracy == 1

    def test_a_wrong_point_counts_with_its_distance_beyond_the_line(self) -> None:
        weight = np.array([[3.0, 4.0], [0.0, 0.0]])
        h = np.array([[3.0, 4.0], [-0.6, -0.8], [-3.0, -4.0]])
        result = judge(h, [0, 0, 1], weight, np.zeros(2))
        assert (result.wrong, result.points) == (1, 3)
        assert result.margin == pytest.approx(-1)
        assert result.accuracy == pytest.approx(2 / 3)
        assert not result.separated

    def test_three_sectors(self) -> None:
        # readout rows at 120 degrees: the borders are the rays between them
        angle = 2 * np.pi * np.arange(3) / 3
        weight = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        result = judge(2 * weight, [0, 1, 2], weight, np.zeros(3))
        assert result.separated
        assert result.margin == pytest.approx(2 * math.sin(math.pi / 3))

    def test_only_borders_of_a_points_own_class_count(self) -> None:
        # class 2 and class 1 share a border through the class-0 point; it is none of its business
        weight = np.array([[0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]])
        result = judge(np.array([[0.0, 2.0]]), [0], weight, np.zeros(3))
        assert result.margin == pytest.approx(math.sqrt(2))

    def test_every_point_wrong(self) -> None:
        weight = np.array([[1.0], [-1.0]])
        result = judge(np.array([[1.0], [-2.0]]), [1, 0], weight, np.zeros(2))
        assert (result.wrong, result.accuracy, result.margin) == (2, 0, -2)


class TestTies:
    def test_a_tie_is_wrong_for_both_classes(self) -> None:
        weight = np.array([[1.0], [-1.0]])
        for label in (0, 1):
            result = judge(np.array([[0.0]]), [label], weight, np.zeros(2))
            assert (result.wrong, result.margin) == (1, 0)
            assert not result.separated

    def test_argmax_would_call_it_right(self) -> None:
        logits = np.zeros((4, 2))
        labels = np.zeros(4, dtype=np.int64)
        assert (logits.argmax(axis=1) == labels).all()
        assert separation(logits, labels, np.eye(2)).wrong == 4

    def test_a_tie_with_one_of_several_classes_is_enough(self) -> None:
        logits = np.array([[1.0, 1.0, 0.0], [1.0, 0.5, 0.0]])
        assert separation(logits, np.zeros(2, dtype=np.int64), np.eye(3)).wrong == 1


class TestEqualReadoutRows:
    def test_there_is_no_hyperplane(self) -> None:
        weight = np.ones((2, 2))
        result = judge(np.array([[1.0, 0.0], [0.0, 1.0]]), [0, 1], weight, np.array([1.0, 0.0]))
        assert (result.wrong, result.margin) == (1, -math.inf)
        assert judge(np.ones((2, 2)), [0, 1], weight, np.zeros(2)).wrong == 2

    def test_two_of_three_rows(self) -> None:
        weight = np.array([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
        h = np.array([[1.0, 0.0], [1.0, 1.0], [-1.0, 0.0]])
        result = judge(h, [0, 1, 2], weight, np.zeros(3))
        assert (result.wrong, result.margin) == (2, -math.inf)


@pytest.mark.parametrize("bad", [math.nan, -math.inf])
def test_logits_that_are_no_numbers_are_wrong(bad: float) -> None:
    logits = np.array([[bad, bad], [bad, 0.0], [1.0, 0.0]])
    result = separation(logits, np.zeros(3, dtype=np.int64), np.eye(2))
    assert (result.wrong, result.points) == (2, 3)


class TestGeometry:
    @given(seeds)
    def test_it_is_what_plain_geometry_says(self, seed: int) -> None:
        h, labels, weight, bias = problem(seed)
        distances, wrong = [], 0
        for x, i in zip(h, labels, strict=True):
            signed = [
                (np.dot(weight[i] - weight[j], x) + bias[i] - bias[j]) / math.dist(weight[i], weight[j])
                for j in range(len(weight))
                if j != i
            ]
            distances.append(min(signed))
            wrong += min(signed) <= 0
        result = judge(h, labels, weight, bias)
        assert (result.wrong, result.points) == (wrong, len(h))
        assert_allclose(result.margin, min(distances), rtol=1e-9, atol=1e-12)

    @given(seeds)
    def test_the_margin_is_positive_exactly_when_all_are_right(self, seed: int) -> None:
        h, labels, weight, bias = problem(seed)
        result = judge(h, labels, weight, bias)
        assert (result.margin > 0) == result.separated == (result.wrong == 0)
        right = judge(h, np.argmax(h @ weight.T + bias, axis=1).tolist(), weight, bias)
        assert right.separated
        assert right.margin > 0
        assert right.accuracy == 1

    @given(seeds, st.floats(1e-3, 1e3))
    def test_the_readouts_scale_and_a_common_row_do_not_matter(self, seed: int, scale: float) -> None:
        h, labels, weight, bias = problem(seed)
        rng = np.random.default_rng(seed + 1)
        common = rng.standard_normal(weight.shape[1])
        before = judge(h, labels, weight, bias)
        assume(abs(before.margin) > 1e-6)
        after = judge(h, labels, scale * (weight + common), scale * (bias + rng.standard_normal()))
        assert after.wrong == before.wrong
        assert_allclose(after.margin, before.margin, rtol=1e-6)

    @given(seeds, st.floats(0.01, 100))
    def test_it_has_the_units_of_the_representation(self, seed: int, scale: float) -> None:
        h, labels, weight, bias = problem(seed)
        before = judge(h, labels, weight, bias)
        assert_allclose(
            judge(scale * h, labels, weight, scale * bias).margin,
            scale * before.margin,
            rtol=1e-6,
            atol=1e-9 * scale,
        )

    @given(seeds)
    def test_the_order_of_points_and_classes_does_not_matter(self, seed: int) -> None:
        h, labels, weight, bias = problem(seed)
        rng = np.random.default_rng(seed)
        points, classes = rng.permutation(len(h)), rng.permutation(len(weight))
        renamed = [int(np.flatnonzero(classes == labels[p])[0]) for p in points]
        before, after = (
            judge(h, labels, weight, bias),
            judge(h[points], renamed, weight[classes], bias[classes]),
        )
        assert after.wrong == before.wrong
        assert_allclose(after.margin, before.margin, rtol=1e-12, atol=1e-12)


@given(st.integers(1, 10**6), st.data())
def test_accuracy_is_the_share_of_right_points(points: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, points))
    result = Separation(wrong, points, 0.0)
    assert result.accuracy == pytest.approx(float(Fraction(points - wrong, points)))
    assert (result.accuracy == 1) == result.separated
