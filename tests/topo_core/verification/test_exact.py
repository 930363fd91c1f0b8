"""Signs of determinants and ranks against Leibniz's formula, and where floating point misleads."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topo_core.verification.claimed import leibniz
from topo_core.verification import exact
from topo_core.verification.exact import determinant_sign, full_rank, integers

RNG = np.random.default_rng(0)


def sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(
                st.sampled_from([0.0, 1.0, -1.0, 0.1, 3.0, 5e-324, -1e300, 1 + 2**-52]),
                min_size=n,
                max_size=n,
            ),
            min_size=n,
            max_size=n,
        )
    )
)
@settings(deadline=None, max_examples=100)
def test_signs_are_those_of_leibniz(rows: list[list[float]]) -> None:
    matrix = np.array(rows)
    assert determinant_sign(matrix) == sign(leibniz(matrix))
    assert full_rank(matrix) == (leibniz(matrix) != 0)


def test_what_rounding_cannot_tell() -> None:
    a = 1 + 2.0**-52
    matrix = np.array([[a, 1.0], [a * a - 2.0**-104, a]])  # a * a is rounded down to 1 + 2^-51
    assert determinant_sign(np.array([[a, 1.0], [1 + 2.0**-51, a]])) == 1
    assert determinant_sign(np.array([[0.1, 0.2], [0.3, 0.6]])) == sign(
        Fraction(0.1) * Fraction(0.6) - Fraction(0.2) * Fraction(0.3)
    )
    assert determinant_sign(matrix) == sign(leibniz(matrix))


@pytest.mark.parametrize("n", [9, 20, 60])
def test_large_matrices(n: int) -> None:
    matrix = RNG.standard_normal((n, n))
    found = determinant_sign(matrix)
    assert found == np.linalg.slogdet(matrix)[0]
    swapped = matrix[[1, 0, *range(2, n)]]
    assert determinant_sign(swapped) == -found
    flat = np.round(matrix * 4)
    flat[0] = flat[1] - 3 * flat[2]
    assert determinant_sign(flat) == 0
    assert full_rank(flat) is False


def test_proposed_factors_are_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = RNG.standard_normal((10, 10))
    true = determinant_sign(matrix)
    factors = exact._factors
    monkeypatch.setattr(exact, "_factors", lambda m: (factors(m)[0], factors(m)[1], -factors(m)[2]))
    assert exact._proposed_sign(matrix) == 0
    assert determinant_sign(matrix) == true


def test_elimination_agrees_with_the_proposal() -> None:
    for _ in range(10):
        matrix = RNG.standard_normal((9, 9))
        assert exact._proposed_sign(matrix) == exact._eliminate(integers(matrix)[0])[1] != 0


def test_ranks() -> None:
    tall = RNG.standard_normal((30, 12))
    assert full_rank(tall) is True
    assert full_rank(tall.T) is True
    tall[:, 3] = 0
    assert full_rank(tall) is False
    assert full_rank(np.array([[1.0, 2.0], [2.0, 4.0], [0.5, 1.0]])) is False
    assert full_rank(np.array([[1.0, 2.0], [2.0, 4.0], [0.5, 1.0 + 2**-52]])) is True


def test_too_large_to_tell() -> None:
    matrix = RNG.integers(-3, 4, (101, 101)).astype(float)
    matrix[0] = matrix[1] + matrix[2]
    assert determinant_sign(matrix) is None
    assert full_rank(matrix) is None
    matrix[:, 5] = 0
    assert determinant_sign(matrix) == 0


def test_numbers_of_very_different_sizes_are_not_eliminated_for_minutes() -> None:
    matrix = RNG.standard_normal((40, 40)) * 2.0 ** RNG.integers(-1000, 1000, (40, 40))
    matrix[:, 0] = matrix[:, 1]
    assert determinant_sign(matrix) is None
    assert full_rank(matrix) is None
    assert determinant_sign(matrix[:9, :9]) == 0
