"""The widest plane between two sets of points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topo_core.unlinking.plane import widest_plane


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 60), st.integers(1, 4))
def test_no_other_plane_is_farther(seed: int, n: int, m: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.standard_normal((n, d)), rng.standard_normal((m, d)) + 3
    plane = widest_plane(first, second)
    assert np.linalg.norm(plane.normal) == pytest.approx(1)
    sides = (first @ plane.normal - plane.offset, plane.offset - second @ plane.normal)
    if plane.margin > 0:
        assert min(sides[0].min(), sides[1].min()) == pytest.approx(plane.margin, rel=1e-9)
    ways = rng.standard_normal((500, d))
    ways /= np.linalg.norm(ways, axis=1)[:, None]
    widest = ((first @ ways.T).min(axis=0) - (second @ ways.T).max(axis=0)).max() / 2
    assert widest <= plane.margin + 1e-9


def test_the_closed_form_of_two_balls() -> None:
    rng = np.random.default_rng(0)
    balls = rng.standard_normal((2, 5000, 3))
    balls /= np.linalg.norm(balls, axis=2, keepdims=True)
    plane = widest_plane(balls[0] + [3, 0, 0], balls[1] - [1, 0, 0])
    assert plane.margin == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(plane.normal, [1, 0, 0], atol=0.05)
    assert plane.offset == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("shift", [0.0, 0.5, 0.999])
def test_sets_that_overlap(shift: float) -> None:
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    plane = widest_plane(square, square + shift)
    assert plane.margin == 0
    assert np.isfinite(plane.normal).all()


def test_points_that_coincide() -> None:
    plane = widest_plane(np.zeros((2, 3)), np.zeros((3, 3)))
    assert plane.margin == 0
