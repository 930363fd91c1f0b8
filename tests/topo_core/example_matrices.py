"""Random matrices of known properties, for tests."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from topo_core.isotopy import determinant_sign

FloatArray = NDArray[np.float64]

TIMES = np.linspace(0, 1, 21)
dimensions = st.integers(2, 6)
seeds = st.integers(0, 2**32 - 1)


def orthogonal(d: int, seed: int) -> FloatArray:
    """A rotation or reflection."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]


def gaussian(d: int, seed: int, sign: int = 1) -> FloatArray:
    """A random matrix whose determinant has the sign."""
    matrix = np.random.default_rng(seed).standard_normal((d, d))
    if determinant_sign(matrix) != sign:
        matrix[[0, 1]] = matrix[[1, 0]]
    return matrix
