"""Linked tori: at every pixel the torus must be seen that a ray through it meets first."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.kit.gl.bodies import Torus
from scenes.kit.gl.camera import DEGREE, Camera3D
from tests.scenes.kit.gl.raster import draw, near_changes, raster, rays

FloatArray = NDArray[np.float64]

RADIUS, TUBE = 1.0, 0.3
#: Centre and axis of each torus.
HOPF = (((0.0, 0.0, 0.0), (0.0, 0.0, 1.0)), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
VIEWS = [
    Camera3D(phi * DEGREE, theta * DEGREE, gamma * DEGREE, 1.2, focal, (0.5, 0.0, 0.0))
    for (phi, theta), (gamma, focal) in itertools.product(
        ((65, -60), (20, 15), (90, 35), (130, 200)), ((0, 20.0), (25, 4.0))
    )
]


def first_hit(start: FloatArray, along: FloatArray, centre: FloatArray, axis: FloatArray) -> FloatArray:
    """Where rays ``(n, 3)`` first meet a torus, as multiples of their directions; inf where they miss.

    In the torus's own axes its equation is (|p|^2 + R^2 - r^2)^2 = 4 R^2 (|p|^2 - (p w)^2), of degree four.
    """
    p = start - centre
    w = np.broadcast_to(axis, p.shape)
    aa, ab, bb = ((x * y).sum(-1) for x, y in ((along, along), (along, p), (p, p)))
    wa, wb = (along * w).sum(-1), (p * w).sum(-1)
    k = bb + RADIUS**2 - TUBE**2
    coefficients = np.stack(
        [
            aa**2,
            4 * aa * ab,
            4 * ab**2 + 2 * aa * k - 4 * RADIUS**2 * (aa - wa**2),
            4 * ab * k - 8 * RADIUS**2 * (ab - wa * wb),
            k**2 - 4 * RADIUS**2 * (bb - wb**2),
        ],
        axis=-1,
    )
    companion = np.zeros((len(p), 4, 4))
    companion[:, 0] = -coefficients[:, 1:] / coefficients[:, :1]
    companion[:, [1, 2, 3], [0, 1, 2]] = 1
    roots = np.linalg.eigvals(companion)
    real = np.abs(roots.imag) < 1e-7 * np.maximum(1, np.abs(roots.real))
    return np.where(real, roots.real, np.inf).min(axis=-1)


def test_the_reference_knows_where_a_torus_is() -> None:
    start = np.array([[5.0, 0, 0], [0, 0, 5.0], [1.0, 0, 5.0]])
    along = np.array([[-1.0, 0, 0], [0, 0, -1.0], [0, 0, -1.0]])
    hit = first_hit(start, along, np.zeros(3), np.array([0.0, 0, 1.0]))
    np.testing.assert_allclose(hit, [5 - 1.3, np.inf, 5 - 0.3], atol=1e-6)


@pytest.mark.parametrize("camera", VIEWS, ids=lambda c: f"{c.phi:.1f},{c.theta:.1f},{c.focal_distance:g}")
def test_what_is_in_front_is_seen_at_every_pixel(camera: Camera3D) -> None:
    where = raster(240, 180, 50)
    tori = [
        Torus(RADIUS, TUBE, code, centre=centre, axis=axis)
        for code, (centre, axis) in zip(("#ff0000", "#0000ff"), HOPF, strict=True)
    ]
    seen = draw(tori, camera, where)
    start, along = (a.reshape(-1, 3) for a in rays(camera, where))
    hits = np.stack([first_hit(start, along, *(np.array(v) for v in pose)) for pose in HOPF], axis=-1)
    expected = np.where(np.isfinite(hits).any(-1), 1 + hits.argmin(-1), 0).reshape(where.height, where.width)
    actual = np.select([seen[..., 0] > 127, seen[..., 2] > 127], [1, 2], 0)
    inner = ~near_changes(expected)
    assert np.array_equal(actual[inner], expected[inner])
    both = np.isfinite(hits).all(-1).reshape(expected.shape) & inner
    assert inner.mean() > 0.8
    assert both.sum() > 300
    if camera.phi > 1:  # from higher up, the only place where the first is in front is itself covered
        assert {1, 2} == set(expected[both].tolist())


def test_drawing_them_in_another_order_changes_nothing() -> None:
    first, second = (Torus(RADIUS, TUBE, "#ff8800", centre=centre, axis=axis) for centre, axis in HOPF)
    assert np.array_equal(draw([first, second], VIEWS[0]), draw([second, first], VIEWS[0]))
