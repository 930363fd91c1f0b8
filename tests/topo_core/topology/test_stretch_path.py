"""Stretching in the middle of a layer, against finite differences, representations and decompositions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from tests.topo_core.example_traces import FLOW_NETWORKS, NETWORKS, trace_fields
from topo_core.errors import TopoError
from topo_core.topology.stretch import jacobians
from topo_core.topology.stretch_path import largest_singular_values, path_jacobian
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


def layers(network: str) -> list[tuple[Trace, int]]:
    trace = Trace(**trace_fields(network))
    return [(trace, k) for k in range(trace.n_layers)]


@pytest.mark.parametrize(("trace", "k"), [case for n in (*NETWORKS, *FLOW_NETWORKS) for case in layers(n)])
def test_it_is_the_derivative_of_the_path(trace: Trace, k: int) -> None:
    path = trace.layers[k].path
    x = np.random.default_rng(3).uniform(-1, 1, (20, path.inputs))
    for t in (0.0, 0.2, 0.5, 0.8, 1.0):
        ends = (path(x + 1e-6 * e, t) - path(x - 1e-6 * e, t) for e in np.eye(path.inputs))
        assert_allclose(path_jacobian(path, x, t), np.stack([e / 2e-6 for e in ends], axis=2), atol=1e-6)


def test_at_the_end_it_is_that_of_the_layer() -> None:
    trace = Trace(**trace_fields("3-3-2:softplus"))
    x = np.random.default_rng(4).uniform(-1, 1, (30, 3))
    assert_allclose(path_jacobian(trace.layers[0].path, x, 1.0), jacobians(trace, x)[1], rtol=1e-12)


def test_there_is_nothing_beyond_the_layer() -> None:
    path = layers("2-2")[0][0].layers[0].path
    with pytest.raises(TopoError, match=r"^t = 1\.5: must be between 0 and 1"):
        path_jacobian(path, np.zeros((1, 2)), 1.5)


@given(
    seed=st.integers(0, 2**32), rows=st.integers(1, 5), columns=st.integers(1, 4), power=st.integers(-40, 40)
)
def test_the_largest_singular_value(seed: int, rows: int, columns: int, power: int) -> None:
    rng = np.random.default_rng(seed)
    squeezed = rng.standard_normal((8, rows, columns)) * 10.0 ** rng.integers(-12, 1, (8, 1, columns))
    matrices = 10.0**power * squeezed
    s = np.linalg.svd(matrices, compute_uv=False)
    found = largest_singular_values(matrices)
    assert_allclose(found, s[:, 0], rtol=1e-7)
    second = s[:, 1] if s.shape[1] > 1 else 0 * s[:, 0]
    clear = second < 0.99 * s[:, 0]
    assert_allclose(found[clear], s[clear, 0], rtol=1e-13)


def test_of_matrices_without_a_direction() -> None:
    rotation = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    matrices = np.stack([np.zeros((3, 3)), np.eye(3), 5 * rotation, np.diag([2.0, 2.0, 0.0])])
    with np.errstate(all="raise", under="ignore"):
        assert_allclose(largest_singular_values(matrices), [0, 1, 5, 2], rtol=1e-8, atol=1e-290)
