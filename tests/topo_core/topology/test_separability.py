"""Always a hyperplane or a witness, never both; each checked here by plain rational arithmetic."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.datasets import DiscInAnnulus, LinkedTori
from topo_core.errors import TopoError
from topo_core.topology.rational_lp import Refusal, Solution, solve
from topo_core.topology.separability import (
    Hyperplane,
    Witness,
    _exactly,
    pairwise_separability,
    separability,
)

FloatArray = NDArray[np.float64]


def checked(found: Hyperplane | Witness, first: FloatArray, second: FloatArray) -> Hyperplane | Witness:
    """The definitions, written out."""
    a, b = ([[Fraction(x) for x in row] for row in points.tolist()] for points in (first, second))
    if isinstance(found, Hyperplane):
        values = [
            [sum(n * x for n, x in zip(found.normal, p, strict=True)) - found.offset for p in points]
            for points in (a, b)
        ]
        assert min(values[0]) > 0 > max(values[1])
        assert found.margin > 0
        assert found.separates(first, second)
        return found
    assert len(found.first) + len(found.second) <= first.shape[1] + 2
    sums = []
    for indices, weights, points in (
        (found.first, found.first_weights, a),
        (found.second, found.second_weights, b),
    ):
        assert len(set(indices)) == len(indices) == len(weights)
        assert min(weights) > 0
        assert sum(weights) == 1
        sums.append(
            [sum(w * points[k][i] for k, w in zip(indices, weights, strict=True)) for i in range(len(a[0]))]
        )
    assert sums[0] == sums[1] == list(found.point(first))
    assert found.holds(first, second)
    return found


@st.composite
def point_sets(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    """Two sets in one to four dimensions: spread or degenerate, sharing points or just not."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    d, n, m = draw(st.integers(1, 4)), draw(st.integers(1, 10)), draw(st.integers(1, 10))
    kind = draw(st.sampled_from(["normal", "grid", "line", "shared", "touching"]))
    a, b = rng.standard_normal((n, d)), rng.standard_normal((m, d))
    if kind == "grid":
        a, b = rng.integers(-2, 3, (n, d)).astype(float), rng.integers(-2, 3, (m, d)).astype(float)
    elif kind == "line":
        a, b = (np.outer(rng.integers(-4, 5, k), rng.standard_normal(d)) for k in (n, m))
    elif kind == "shared":
        a, b = np.repeat(a, 2, axis=0), np.concatenate([a[:1], b])
    elif kind == "touching":  # a corner in the middle of others, or beside it by a rounding error
        b = np.concatenate([b + 5, (a[:1] + a[-1:]) / 2])
    return a, b + draw(st.sampled_from([0.0, 1e-17, 1e-9, 2.0, 5.0]))


class TestOneOrTheOther:
    @given(point_sets())
    @settings(max_examples=80, deadline=None)
    def test_always(self, pair: tuple[FloatArray, FloatArray]) -> None:
        found = checked(separability(*pair), *pair)
        exact = checked(_exactly(*pair, ([0], [0])), *pair)  # without any floating point
        assert type(found) is type(exact)

    @given(point_sets(), st.integers(0, 2**32))
    @settings(max_examples=25, deadline=None)
    def test_neither_order_nor_scale_matters(self, pair: tuple[FloatArray, FloatArray], seed: int) -> None:
        first, second = pair
        rng = np.random.default_rng(seed)
        found = separability(first, second)
        for other in (
            separability(second, first),
            separability(rng.permutation(first), rng.permutation(second)),
            separability(first * 2.0**-300, second * 2.0**-300),
            separability(first * 2.0**300, second * 2.0**300),
        ):
            assert type(other) is type(found)

    @pytest.mark.parametrize("data", [LinkedTori(), DiscInAnnulus()], ids=["tori", "annulus"])
    def test_the_inputs_that_the_essay_calls_hard(self, data: LinkedTori | DiscInAnnulus) -> None:
        points, labels = data.dense()
        pair = points[labels == 0], points[labels == 1]
        assert isinstance(checked(separability(*pair), *pair), Witness)


class TestHyperplanes:
    def test_the_widest(self) -> None:
        found = separability([[0.0, 0], [0, 2]], [[3.0, 1], [4, 0], [4, 2]])
        assert isinstance(found, Hyperplane)
        assert found.margin == pytest.approx(1.5, rel=1e-9)
        assert float(found.offset / found.normal[0]) == pytest.approx(1.5)

    @pytest.mark.parametrize("gap", [1, 2**-40, 2**-52])
    def test_a_gap_of_the_size_of_rounding(self, gap: float) -> None:
        found = separability([[1.0]], [[1.0 + gap]])
        assert isinstance(found, Hyperplane)
        assert found.margin == pytest.approx(gap / 2, rel=1e-6)

    @pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-160, 1e160, 1e308])
    def test_neither_overflow_nor_underflow_matters(self, size: float) -> None:
        pair = np.array([[size, 0], [size, size]]), np.array([[-size, 0.0], [-size, size]])
        found = checked(separability(*pair), *pair)
        assert isinstance(found, Hyperplane)
        assert found.margin == pytest.approx(size, rel=1e-6)

    def test_another_hyperplane_does_not_separate(self) -> None:
        pair = np.array([[0.0, 0]]), np.array([[1.0, 0]])
        half = Hyperplane((Fraction(-1), Fraction(0)), Fraction(-1, 2), 0.5)
        assert half.separates(*pair)
        for offset in (0, 1, 2, -2):  # through one of them, or beyond both
            assert not replace(half, offset=Fraction(-offset)).separates(*pair)


class TestWitnesses:
    def test_radon(self) -> None:
        """The diagonals of a square cross in its middle."""
        pair = np.array([[0.0, 0], [2, 2]]), np.array([[0.0, 2], [2, 0]])
        found = separability(*pair)
        assert isinstance(found, Witness)
        assert found.point(pair[0]) == (1, 1)
        assert found.first_weights == found.second_weights == (Fraction(1, 2),) * 2

    def test_a_shared_point_is_enough(self) -> None:
        found = separability([[0.1, 0.7], [5, 5]], [[0.1, 0.7]])
        assert found == Witness((0,), (0,), (Fraction(1),), (Fraction(1),))

    def test_what_is_none(self) -> None:
        pair = np.array([[0.0], [2.0]]), np.array([[1.0], [7.0]])
        half = Fraction(1, 2)
        true = Witness((0, 1), (0,), (half, half), (Fraction(1),))
        assert true.holds(*pair)
        for false in (
            replace(true, second=(1,)),
            replace(true, first=(0, 0)),
            replace(true, first=(0, 2)),
            replace(true, first=(0, -1)),
            replace(true, first_weights=(Fraction(1, 3), Fraction(2, 3))),
            replace(true, first_weights=(half, half + 1)),
            replace(true, first_weights=(half,)),
            replace(true, first=(0, 1), first_weights=(Fraction(3, 2), Fraction(-1, 2))),
            Witness((), (), (), ()),
        ):
            assert not false.holds(*pair)


class TestSeveralClasses:
    def test_each_pair(self) -> None:
        points = np.array([[0.0, 0], [9, 0], [2, 2], [1, 0], [0, 2], [2, 0]])
        found = pairwise_separability(points, np.array([3, 5, 3, 5, 4, 4]))
        assert list(found) == [(3, 4), (3, 5), (4, 5)]
        crossed = found[3, 4]
        assert isinstance(crossed, Witness)
        assert sorted(crossed.first) == [0, 2]
        assert sorted(crossed.second) == [4, 5]
        assert isinstance(found[3, 5], Hyperplane)
        shared = found[4, 5]  # (2, 0) is between (1, 0) and (9, 0)
        assert isinstance(shared, Witness)
        assert shared.first == (5,)
        assert sorted(shared.second) == [1, 3]

    @pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1], [0.0, 1.0, 1.0]])
    def test_labels_that_do_not_fit(self, labels: list[float]) -> None:
        with pytest.raises(TopoError, match="give each point a whole number"):
            pairwise_separability(np.zeros((3, 2)), labels)


@pytest.mark.parametrize(
    ("first", "second", "complaint"),
    [
        ([[0.0, 1]], [[0.0]], r"shapes \(1, 2\) and \(1, 1\): give"),
        (np.zeros((0, 2)), [[0.0, 1]], "give"),
        ([0.0, 1], [[0.0, 1]], "give"),
        ([[math.nan]], [[0.0]], "not finite"),
        ([[0.0]], [[math.inf]], "not finite"),
    ],
)
def test_what_is_no_points(first: FloatArray, second: FloatArray, complaint: str) -> None:
    with pytest.raises(TopoError, match=complaint):
        separability(first, second)


class TestRationalProgramming:
    @given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 8))
    @settings(deadline=None)
    def test_a_solution_or_why_not(self, seed: int, m: int, n: int) -> None:
        rng = np.random.default_rng(seed)
        columns = [[Fraction(int(x)) for x in column] for column in rng.integers(-3, 4, (n, m))]
        right = [Fraction(int(x)) for x in rng.integers(0, 3, m)]
        found = solve(columns, right)
        if isinstance(found, Solution):
            assert len(found.positive) <= m
            assert all(value > 0 for value in found.positive.values())
            total = [sum(columns[j][i] * x for j, x in found.positive.items()) for i in range(m)]
            assert total == right
        else:
            assert isinstance(found, Refusal)
            y = found.multipliers
            assert all(sum(a * b for a, b in zip(y, column, strict=True)) <= 0 for column in columns)
            assert sum(a * b for a, b in zip(y, right, strict=True)) > 0

    def test_where_the_steepest_rule_would_cycle(self) -> None:
        """Beale's example of degenerate pivots, its optimum 1/20 demanded as a further row."""
        rows = [
            ["1/4", "-60", "-1/25", "9", "1", "0", "0", "0"],
            ["1/2", "-90", "-1/50", "3", "0", "1", "0", "0"],
            ["0", "0", "1", "0", "0", "0", "1", "0"],
            ["3/4", "-150", "1/50", "-6", "0", "0", "0", "-1"],
        ]
        columns = [[Fraction(row[j]) for row in rows] for j in range(8)]
        for demanded, kind in (("1/20", Solution), ("51/1000", Refusal)):
            right = [Fraction(0), Fraction(0), Fraction(1), Fraction(demanded)]
            assert isinstance(solve(columns, right), kind)
