"""The straight path to a matrix: where it is singular, and what its determinant does there."""

import numpy as np
import pytest
from hypothesis import given

from tests.topo_core.example_matrices import TIMES, FloatArray, dimensions, gaussian, seeds
from topo_core.errors import TopoError
from topo_core.linear_path import LinearPath, determinant_sign
from topo_core.straight_path import StraightPath

FINE = np.linspace(0, 1, 2001)


class TestStraightPath:
    @given(dimensions, seeds)
    def test_its_ends_and_its_determinant(self, d: int, seed: int) -> None:
        path = StraightPath(gaussian(d, seed))
        np.testing.assert_array_equal(path.matrix(0), np.eye(d))
        np.testing.assert_array_equal(path.matrix(1), path.target)
        scale = max(1.0, float(np.linalg.svd(path.target)[1][0])) ** d
        for t in TIMES:
            np.testing.assert_allclose(
                path.determinant(t), np.linalg.det(path.matrix(t)), rtol=0, atol=1e-12 * scale
            )

    @given(dimensions, seeds)
    def test_it_is_singular_where_it_says(self, d: int, seed: int) -> None:
        path = StraightPath(gaussian(d, seed))
        for t in path.singular_at:
            assert 0 < t < 1
            s = np.linalg.svd(path.matrix(t))[1]
            assert s[-1] <= 1e-10 * s[0]

    @given(dimensions, seeds)
    def test_and_nowhere_else(self, d: int, seed: int) -> None:
        path = StraightPath(gaussian(d, seed))
        signs = np.sign([path.determinant(t) for t in FINE])
        cuts = FINE[np.flatnonzero(np.diff(signs))]
        for cut in cuts:
            assert np.abs(path.singular_at - cut).min() <= 1 / 2000

    def test_a_positive_determinant_does_not_keep_it_invertible(self) -> None:
        path = StraightPath(np.array([[-1.0, 0.5], [0.0, -3.0]]))
        assert determinant_sign(path.target) == 1
        np.testing.assert_allclose(path.singular_at, [1 / 4, 1 / 2], rtol=1e-15)
        assert [np.sign(path.determinant(t)) for t in (0.2, 0.3, 0.6)] == [1, -1, 1]
        assert all(LinearPath(path.target).determinant(t) > 0 for t in TIMES)

    @pytest.mark.parametrize(
        "target", [np.eye(2), np.diag([2.0, 0.5]), np.array([[0.0, -1.0], [1.0, 0.0]]), np.zeros((2, 2))]
    )
    def test_without_negative_eigenvalues_it_is_invertible_on_the_way(self, target: FloatArray) -> None:
        path = StraightPath(target)
        assert len(path.singular_at) == 0
        assert all(path.determinant(t) > 0 for t in TIMES[:-1])

    def test_it_moves_points(self) -> None:
        path = StraightPath(np.array([[3.0, 0.0], [2.0, -1.0]]))
        np.testing.assert_allclose(path(np.array([[1.0, 1.0]]), 0.5), [[2.0, 1.0]])

    @pytest.mark.parametrize("target", [np.eye(2)[:1], np.ones(2), np.full((2, 2), np.inf)])
    def test_only_square_and_finite_matrices_have_one(self, target: FloatArray) -> None:
        with pytest.raises(TopoError, match="square and finite"):
            StraightPath(target)
