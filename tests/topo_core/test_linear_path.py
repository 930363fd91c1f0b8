"""Paths of matrices: their ends, their determinant all the way, and its exact sign."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topo_core.example_matrices import (
    TIMES,
    FloatArray,
    dimensions,
    gaussian,
    orthogonal,
    seeds,
)
from topo_core.errors import TopoError
from topo_core.isotopy import LinearPath, completed, determinant_sign


def nearly_singular(d: int, seed: int, smallest: float) -> FloatArray:
    """A random matrix with one tiny singular value and a positive determinant."""
    s = np.linspace(3, 1, d)
    s[-1] = smallest
    matrix = orthogonal(d, seed) @ np.diag(s) @ orthogonal(d, seed + 1)
    sign = determinant_sign(matrix)
    if sign == 0:
        matrix[0, 0] = np.nextafter(matrix[0, 0], 9)
    if determinant_sign(matrix) < 0:
        matrix[[0, 1]] = matrix[[1, 0]]
    return matrix


def half_turn(d: int, seed: int, planes: int) -> FloatArray:
    """A rotation by pi in ``planes`` planes, in a random basis."""
    signs = np.ones(d)
    signs[: 2 * planes] = -1
    basis = orthogonal(d, seed)
    matrix = basis @ np.diag(signs) @ basis.T
    return (matrix + matrix.T) / 2


def exact_determinant(matrix: FloatArray) -> Fraction:
    """Leibniz's formula over the rationals."""
    rows = [[Fraction(value) for value in row] for row in matrix.tolist()]
    total = Fraction(0)
    for order in permutations(range(len(rows))):
        inversions = sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
        term = Fraction((-1) ** inversions)
        for i, j in enumerate(order):
            term *= rows[i][j]
        total += term
    return total


def assert_isotopy(path: LinearPath) -> None:
    """Everything that is claimed of a path to a matrix of positive determinant."""
    d = len(path.target)
    np.testing.assert_array_equal(path.matrix(0), np.eye(d))
    np.testing.assert_array_equal(path.matrix(1), path.target)
    targets = np.linalg.svd(path.target)[1]
    scale = max(1.0, targets[0])
    for t in TIMES:
        matrix = path.matrix(t)
        assert path.determinant(t) > 0
        measured = np.linalg.svd(matrix)[1]
        expected = np.sort(1 - t + t * targets)[::-1]
        np.testing.assert_allclose(measured, expected, atol=1e-12 * scale)
        if t < 1:  # at t = 1 it is the target itself, whose sign is decided exactly
            assert determinant_sign(matrix) == 1
            np.testing.assert_allclose(np.linalg.det(matrix), path.determinant(t), rtol=1e-10, atol=1e-300)
    assert determinant_sign(path.matrix(1)) == 1
    np.testing.assert_allclose(path.rotation(1) @ path.rotation(1).T, np.eye(d), atol=1e-13)
    _, s, right = np.linalg.svd(path.target)
    np.testing.assert_allclose(
        path.rotation(1) @ right.T @ np.diag(s) @ right, path.target, atol=1e-12 * scale
    )


class TestLinearPath:
    @given(dimensions, seeds)
    def test_random_matrices(self, d: int, seed: int) -> None:
        assert_isotopy(LinearPath(gaussian(d, seed)))

    @given(dimensions, seeds, st.sampled_from([1e-3, 1e-9, 1e-14, 1e-16, 1e-17, 1e-20]))
    def test_nearly_singular_matrices(self, d: int, seed: int, smallest: float) -> None:
        assert_isotopy(LinearPath(nearly_singular(d, seed, smallest)))

    @given(dimensions, seeds, st.data())
    def test_half_turns(self, d: int, seed: int, data: st.DataObject) -> None:
        planes = data.draw(st.integers(1, d // 2))
        path = LinearPath(half_turn(d, seed, planes))
        assert_isotopy(path)
        np.testing.assert_allclose(np.sort(np.abs(path.angles))[-planes:], np.pi, atol=1e-7)

    @given(dimensions, seeds, st.data())
    def test_stretched_half_turns(self, d: int, seed: int, data: st.DataObject) -> None:
        planes = data.draw(st.integers(1, d // 2))
        stretch = np.diag(np.random.default_rng(seed).uniform(0.1, 5, d))
        basis = orthogonal(d, seed + 7)
        assert_isotopy(LinearPath(half_turn(d, seed, planes) @ basis @ stretch @ basis.T))

    @pytest.mark.parametrize("d", range(2, 7))
    def test_exact_half_turns(self, d: int) -> None:
        for planes in range(1, d // 2 + 1):
            signs = np.ones(d)
            signs[d - 2 * planes :] = -1
            assert_isotopy(LinearPath(np.diag(signs)))

    @given(st.floats(-np.pi, np.pi), st.floats(0.05, 20), st.floats(0.05, 20))
    def test_plane_rotations_turn_by_their_angle(self, angle: float, a: float, b: float) -> None:
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        path = LinearPath(turn @ np.diag([a, b]))
        half = path.rotation(0.5)
        expected = np.array(
            [
                [np.cos(angle / 2), -np.sin(angle / 2)],
                [np.sin(angle / 2), np.cos(angle / 2)],
            ]
        )
        if np.pi - abs(angle) > 1e-9:  # a half turn may go either way
            np.testing.assert_allclose(half, expected, atol=1e-9)
        np.testing.assert_allclose(half @ half, turn, atol=1e-12)

    @given(st.sampled_from([0.0, 1e-18, 1e-16, 1e-12, 1e-9, 1e-6]), st.booleans(), seeds)
    def test_angles_next_to_zero_and_pi(self, off: float, opposite: bool, seed: int) -> None:
        angle = np.pi - off if opposite else off
        turn = np.eye(4)
        turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        basis = orthogonal(4, seed)
        matrix = basis @ turn @ basis.T @ np.diag([2.0, 1.0, 0.5, 3.0])
        assert_isotopy(LinearPath(matrix))

    @given(dimensions, seeds)
    def test_it_is_continuous(self, d: int, seed: int) -> None:
        path = LinearPath(gaussian(d, seed))
        speed = np.pi * max(1, path.singular_values[0]) + path.singular_values[0] + 1
        dt = 1e-4
        for t in np.linspace(0, 1 - dt, 60):
            change = np.linalg.norm(path.matrix(t + dt) - path.matrix(t), 2)
            assert change <= speed * dt + 1e-12

    @given(dimensions, seeds)
    def test_negative_determinants_collapse_one_direction_once(self, d: int, seed: int) -> None:
        path = LinearPath(gaussian(d, seed, sign=-1))
        assert path.sign == -1
        assert path.singular_values[-1] < 0
        determinants = [path.determinant(t) for t in TIMES]
        assert np.count_nonzero(np.diff(np.sign(determinants))) == 1
        np.testing.assert_allclose(
            [np.linalg.det(path.matrix(t)) for t in TIMES], determinants, rtol=1e-9, atol=1e-11
        )
        almost = path.matrix(1 - 1e-9)
        np.testing.assert_allclose(almost, path.target, atol=1e-7)

    def test_a_negative_number_is_reached_on_a_straight_line(self) -> None:
        path = LinearPath(np.array([[-2.0]]))
        np.testing.assert_allclose([path.matrix(t)[0, 0] for t in TIMES], 1 - 3 * TIMES, atol=1e-15)

    def test_singular_matrices_are_reached_at_the_end_only(self) -> None:
        path = LinearPath(np.array([[1.0, 2.0], [2.0, 4.0]]))
        assert path.sign == 0
        assert path.determinant(1) == 0
        assert all(path.determinant(t) > 0 for t in TIMES[:-1])
        np.testing.assert_allclose(path.matrix(1 - 1e-9), path.target, atol=1e-7)

    def test_the_zero_matrix_shrinks_without_turning(self) -> None:
        path = LinearPath(np.zeros((3, 3)))
        np.testing.assert_allclose(path.matrix(0.25), 0.75 * np.eye(3), atol=1e-15)

    @given(dimensions, seeds)
    def test_singular_values_never_overshoot(self, d: int, seed: int) -> None:
        path = LinearPath(gaussian(d, seed))
        for t in TIMES:
            s = np.linalg.svd(path.matrix(t))[1]
            assert s.max() <= max(1, path.singular_values.max()) * (1 + 1e-12)
            assert s.min() >= min(1, path.singular_values.min()) - 1e-12

    def test_the_target_is_copied_and_read_only(self) -> None:
        matrix = np.eye(2)
        path = LinearPath(matrix)
        matrix[0, 0] = 5
        assert path.matrix(1)[0, 0] == 1
        with pytest.raises(ValueError, match="read-only"):
            path.target[0, 0] = 5


class TestDeterminantSign:
    @pytest.mark.parametrize(
        ("matrix", "sign"),
        [
            ([[3.0]], 1),
            ([[-1e-300]], -1),
            ([[0.0]], 0),
            ([[1.0, 2.0], [2.0, 4.0]], 0),
            ([[0.0, 1.0], [1.0, 0.0]], -1),
            ([[0.1, 0.3], [0.2, 0.6]], 0),  # doubling is exact
            ([[0.1, 0.3], [0.3, 0.9]], 1),  # 0.3 is not 3 * 0.1 in doubles
            ([[1.0, 1.0], [1.0, 1.0 + 2**-52]], 1),
            ([[1.0, 1.0 + 2**-52], [1.0, 1.0]], -1),
            ([[5e-324, 0.0], [0.0, 1.7e308]], 1),
            ([[5e-324, 0.0], [0.0, -5e-324]], -1),
            ([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], 1),
            ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], 0),
            ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0 + 2**-40]], -1),
        ],
    )
    def test_known_cases(self, matrix: list[list[float]], sign: int) -> None:
        array = np.array(matrix)
        expected = exact_determinant(array)
        assert (expected > 0) - (expected < 0) == sign
        assert determinant_sign(array) == sign

    @given(st.integers(1, 4), st.data())
    def test_it_is_that_of_leibniz(self, d: int, data: st.DataObject) -> None:
        finite = st.floats(allow_nan=False, allow_infinity=False)
        number = st.integers(-2, 2).map(float) | finite
        rows = data.draw(st.lists(st.lists(number, min_size=d, max_size=d), min_size=d, max_size=d))
        exact = exact_determinant(np.array(rows))
        assert determinant_sign(np.array(rows)) == (exact > 0) - (exact < 0)

    @given(st.integers(9, 24), seeds, st.sampled_from([0.0, 2.0**-60, 2.0**-46, 2.0**-20, 1.0]))
    @settings(max_examples=60, deadline=None)
    def test_large_matrices_agree_with_elimination(self, d: int, seed: int, gap: float) -> None:
        from topo_core.linear_path import _clear_sign, _eliminated_sign

        rng = np.random.default_rng(seed)
        matrix = rng.integers(-9, 10, (d, d)).astype(float)
        matrix[-1] = matrix[:3].sum(axis=0)
        matrix[-1, rng.integers(d)] += gap * rng.choice([-1, 1])
        exact = _eliminated_sign(matrix)
        assert determinant_sign(matrix) == exact
        assert _clear_sign(matrix) in (0, exact)

    def test_large_well_conditioned_matrices_are_quick(self) -> None:
        from topo_core.linear_path import _clear_sign

        matrix = orthogonal(300, 0)
        matrix[0] *= 1 if np.linalg.slogdet(matrix)[0] > 0 else -1
        assert _clear_sign(matrix) == 1
        matrix[[4, 200]] = matrix[[200, 4]]
        assert determinant_sign(matrix) == -1
        assert determinant_sign(1e-200 * np.eye(12)) == 1  # too small to estimate safely

    @pytest.mark.parametrize("matrix", [np.eye(2)[:1], np.ones(3), np.full((2, 2), np.nan)])
    def test_only_square_and_finite_matrices_have_one(self, matrix: FloatArray) -> None:
        with pytest.raises(TopoError, match="square and finite"):
            determinant_sign(matrix)


class TestCompleted:
    @given(st.integers(1, 5), st.integers(1, 3), seeds)
    def test_widening_gives_a_positive_determinant(self, n: int, more: int, seed: int) -> None:
        weight = np.random.default_rng(seed).standard_normal((n + more, n))
        matrix = completed(weight)
        np.testing.assert_array_equal(matrix[:, :n], weight)
        assert determinant_sign(matrix) == 1
        added = matrix[:, n:]
        np.testing.assert_allclose(added.T @ added, np.eye(more), atol=1e-13)
        np.testing.assert_allclose(added.T @ weight, 0, atol=1e-12)

    def test_the_added_axes_stay_where_they_can(self) -> None:
        weight = np.array([[2.0, 0.0], [1.0, 3.0], [0.0, 0.0], [0.0, 0.0]])
        np.testing.assert_allclose(completed(weight)[:, 2:], np.eye(4)[:, 2:], atol=1e-14)

    def test_narrowing_gives_rows_of_zeros(self) -> None:
        weight = np.arange(1.0, 7.0).reshape(2, 3)
        matrix = completed(weight)
        np.testing.assert_array_equal(matrix, [*weight, [0, 0, 0]])
        assert determinant_sign(matrix) == 0

    def test_dependent_columns_stay_singular(self) -> None:
        assert determinant_sign(completed(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))) == 0
