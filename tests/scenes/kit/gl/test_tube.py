"""Tubes: round everywhere, frames that do not twist, and nothing that depends on where a curve begins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scenes.kit.gl.tube import Tube, frames, tangents, tube

FloatArray = NDArray[np.float64]


def knot(n: int, wobble: float = 0.0) -> FloatArray:
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    x = np.sin(t) + 2 * np.sin(2 * t)
    return np.stack([x, np.cos(t) - 2 * np.cos(2 * t) + wobble * x, -np.sin(3 * t)], axis=1)


def helix(n: int) -> FloatArray:
    t = np.linspace(0, 4 * np.pi, n)
    return np.stack([np.cos(t), np.sin(t), 0.5 * t], axis=1)


@pytest.mark.parametrize("closed", [False, True])
@given(wobble=st.floats(-1, 1), n=st.integers(40, 90))
def test_frames_are_orthonormal_and_right_handed(closed: bool, wobble: float, n: int) -> None:
    curve = knot(n, wobble)
    normal, binormal = frames(curve, closed)
    basis = np.stack([normal, binormal, tangents(curve, closed)], axis=1)
    np.testing.assert_allclose(basis @ basis.swapaxes(1, 2), np.broadcast_to(np.eye(3), (n, 3, 3)), atol=1e-9)
    np.testing.assert_allclose(np.linalg.det(basis), 1, atol=1e-9)


def test_they_do_not_turn_about_the_curve() -> None:
    """On a helix a Frenet frame turns at the rate of its torsion; these do not turn at all."""
    curve = helix(800)
    normal, binormal = frames(curve, False)
    turning = np.abs((np.gradient(normal, axis=0) * binormal).sum(axis=1))
    assert turning.max() < 1e-4  # torsion would make it 0.4 * 1.1 * 4 pi / 800 = 7e-3


def test_in_a_plane_one_normal_stays_perpendicular_to_it() -> None:
    t = np.linspace(0, 1.9 * np.pi, 60)
    curve = np.stack([np.cos(t), np.sin(t), 0 * t], axis=1)
    normal, _ = frames(curve, False)
    np.testing.assert_allclose(normal[:, 2], normal[0, 2], atol=1e-12)


def test_a_closed_curve_ends_in_the_frame_it_began_with() -> None:
    normal, _ = frames(knot(300), True)
    step = np.linalg.norm(np.diff(np.concatenate([normal, normal[:1]]), axis=0), axis=1)
    assert step[-1] < 2 * np.median(step) + 0.02


@pytest.mark.parametrize("closed", [False, True])
def test_vertices_lie_on_circles_about_the_curve(closed: bool) -> None:
    curve = knot(100)
    radius = 0.1 + 0.05 * np.sin(np.arange(100))
    away = tube(curve, radius, 16, closed) - curve[:, None]
    np.testing.assert_allclose(np.linalg.norm(away, axis=2), np.repeat(radius[:, None], 16, axis=1))
    np.testing.assert_allclose((away * tangents(curve, closed)[:, None]).sum(axis=2), 0, atol=1e-12)


@pytest.mark.parametrize("closed", [False, True])
def test_normals_point_outwards(closed: bool) -> None:
    curve = knot(200)
    made = Tube(curve, 0.15, "#ffffff", closed=closed, sides=20)
    rings = made.points.reshape(-1, 20, 3)
    normals = made.normals.reshape(rings.shape)
    if not closed:
        along = tangents(curve, False)
        assert (normals[0] @ along[0] < -0.99).all()  # the caps
        assert (normals[-1] @ along[-1] > 0.99).all()
        rings, normals = rings[2:-2], normals[2:-2]
        curve = curve[1:-1]
    assert ((rings - curve[:, None]) * normals / 0.15).sum(axis=2).min() > 0.9


def test_a_tube_follows_its_curve() -> None:
    made = Tube(knot(120), 0.1, "#ffffff", closed=True)
    made.follow(knot(120, 0.5))
    assert np.array_equal(made.points, Tube(knot(120, 0.5), 0.1, "#ffffff", closed=True).points)


@pytest.mark.parametrize("closed", [False, True])
def test_colours_along_the_curve_go_around_it(closed: bool) -> None:
    shades = np.linspace(0, 1, 30)[:, None] * np.ones(3)
    made = Tube(knot(30), 0.1, shades, closed=closed, sides=8)
    rings = made.colours[:, 0].reshape(-1, 8)
    assert (rings == rings[:, :1]).all()
    inner = rings[:, 0] if closed else rings[1:-1, 0]
    assert inner.tolist() == np.rint(255 * shades[:, 0]).astype(int).tolist()
