"""Links in space: where their curves and surfaces are, how points are spread over them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from topo_core.datasets import Dataset, LinkedTori, Unlink
from topo_core.datasets.links import Link
from topo_core.datasets.surfaces import Surface
from topo_core.datasets.tubes import Ring, Tube
from topo_core.errors import DataError
from topo_core.topology.distance import polygon_distance

FloatArray = NDArray[np.float64]


def of(dataset: Dataset, label: int) -> FloatArray:
    points: FloatArray = dataset.points[dataset.labels == label]
    return points


def equations(points: FloatArray, label: int, radius: float = 1.0) -> FloatArray:
    """Distance of points to the core circle of a torus, from its equation."""
    x, y, z = points.T
    if label == 0:
        return np.hypot(np.hypot(x + radius / 2, y) - radius, z)
    return np.hypot(np.hypot(x - radius / 2, z) - radius, y)


TUBES: list[Link] = [
    LinkedTori(),
    LinkedTori(core_radius=3.0, tube_radius=0.5),
    Unlink(tube_radius=0.2),
    Unlink(turns=3.0, tube_radius=0.1),
]


class TestLinkedTori:
    def test_default(self) -> None:
        data = LinkedTori()
        assert (data.core_radius, data.tube_radius, data.n_per_class, data.seed) == (1.0, 0.3, 500, 0)
        assert (data.dimension, data.n_classes, data.majority_rate) == (3, 2, 0.5)
        assert data.points.shape == (1000, 3)

    @given(st.integers(0, 2**63 - 1), st.floats(0.1, 100), st.floats(0.01, 0.49))
    def test_points_are_on_the_surfaces(self, seed: int, radius: float, share: float) -> None:
        data = LinkedTori(radius, share * radius, n_per_class=50, seed=seed)
        for label in (0, 1):
            for points in (of(data, label), data.dense(50)[0][50 * label : 50 * (label + 1)]):
                assert_allclose(equations(points, label, radius), share * radius, rtol=1e-9)

    def test_bounds_of_the_closed_form(self) -> None:
        assert_allclose(LinkedTori().bounds, [[-1.8, 1.8], [-1.3, 1.3], [-1.3, 1.3]], atol=1e-12)

    @pytest.mark.parametrize("label", [0, 1])
    def test_points_are_uniform_by_area(self, label: int) -> None:
        """Kolmogorov and Smirnov's distance; 1.95 / sqrt(n) is exceeded once in 1000."""
        n = 20_000
        x, y, z = of(LinkedTori(n_per_class=n, seed=11), label).T
        x, y, z = (x + 0.5, y, z) if label == 0 else (x - 0.5, -z, y)
        along = np.arctan2(y, x) / (2 * np.pi) % 1
        around = np.arctan2(z, np.hypot(x, y) - 1) % (2 * np.pi)
        share = (around + 0.3 * np.sin(around)) / (2 * np.pi)  # integral of 1 + 0.3 cos
        for values in (along, share):
            assert np.abs(np.sort(values) - (np.arange(n) + 0.5) / n).max() < 1.95 / np.sqrt(n)

    def test_seed_and_key_decide_the_points(self) -> None:
        data = LinkedTori(seed=1)
        assert_array_equal(data.draw()[0], data.points)
        assert_array_equal(data.draw(4, 2)[0], data.draw(4, 2)[0])
        for other in (data.draw(4, 3)[0], LinkedTori(seed=2).points):
            assert not np.isin(other, data.points).any()

    def test_each_core_goes_through_the_others_centre(self) -> None:
        first, second = (core(np.linspace(0, 1, 1001)) for core in LinkedTori(core_radius=2.0).cores)
        assert np.linalg.norm(first - [1, 0, 0], axis=1).min() == pytest.approx(0, abs=1e-12)
        assert np.linalg.norm(second - [-1, 0, 0], axis=1).min() == pytest.approx(0, abs=1e-12)


class TestUnlink:
    def test_the_curves_of_the_findings(self) -> None:
        data = Unlink(n_per_class=401)
        a = 2 * np.pi * np.linspace(0, 1, 401)
        assert_allclose(of(data, 0), 2 * np.c_[np.cos(a), np.sin(a), 0 * a], atol=1e-14)
        blue = of(data, 1)
        away = blue - of(data, 0)
        assert_allclose(np.linalg.norm(away, axis=1), 1, rtol=1e-12)  # a tube of radius 1 around the red one
        f = np.unwrap(np.arctan2(blue[:, 2], np.hypot(blue[:, 0], blue[:, 1]) - 2))
        assert_allclose(f[[0, 40, 160, 240, 360, 400]] / np.pi, [0.5, 0.5, 3.5, 3.5, 0.5, 0.5], atol=1e-12)
        assert f[100] == pytest.approx(2 * np.pi)  # half-way up, with s = 1/4
        assert (np.diff(f[40:161]) > 0).all()

    def test_bare_curves_are_not_random(self) -> None:
        assert all(component.surface is None for component in Unlink().components)
        with pytest.raises(DataError, match="dataset unlink: its points are not drawn at random"):
            Unlink().draw(1)

    def test_tubes_are(self) -> None:
        data = Unlink(tube_radius=0.1)
        assert data.points.shape == (256, 3)
        assert not np.isin(data.draw(1)[0], data.points).any()

    @pytest.mark.parametrize("turns", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0])
    def test_the_thickest_tube_does_not_cut_into_itself(self, turns: float) -> None:
        """Its radius is below those of curvature, and below half of every distance across."""
        radius = round(0.3 / max(turns, 1), 3)
        assert Unlink(turns=turns, tube_radius=radius)
        n = 12_000
        p = Unlink(turns=turns).cores[1](np.arange(n) / n)
        ahead, behind = np.roll(p, -1, axis=0), np.roll(p, 1, axis=0)
        first, second = (ahead - behind) / 2, ahead - 2 * p + behind
        speed = np.linalg.norm(first, axis=1)
        bend = np.linalg.norm(np.cross(first, second), axis=1) / speed**3
        assert radius < 1 / bend.max()
        q, tangent = p[::10], (first / speed[:, None])[::10]
        across = q[None] - q[:, None]
        distance = np.linalg.norm(across, axis=-1) + 9 * np.eye(len(q))
        # the shortest ways across are perpendicular to the curve at both ends
        square = np.abs(np.einsum("ijk,jk->ij", across, tangent)) < 0.2 * distance
        assert radius < distance[square & square.T].min() / 2


@pytest.mark.parametrize("data", TUBES, ids=str)
class TestTubes:
    def test_components(self, data: Link) -> None:
        assert [(c.label, c.name, c.filled) for c in data.components] == [(0, "A", False), (1, "B", False)]
        assert [c.curves[0].path for c in data.components] == list(data.cores)
        assert all(
            c.curves[0].closed and c.surface and c.surface.closed == (True, True) for c in data.components
        )

    def test_frames_are_perpendicular_to_the_curve(self, data: Link) -> None:
        s = np.linspace(0.003, 0.997, 500)
        for core in data.cores:
            tangent = core(s + 1e-6) - core(s - 1e-6)
            tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
            normal, across = core.frame(s)
            assert_allclose(np.cross(normal, tangent), across, atol=1e-6)
            assert_allclose(np.linalg.norm(normal, axis=1), 1, rtol=1e-12)
            assert_allclose(np.einsum("ij,ij->i", normal, tangent), 0, atol=1e-6)

    def test_surfaces_close(self, data: Link) -> None:
        s = np.linspace(0, 1, 50)
        for component in data.components:
            assert component.surface is not None
            patch = component.surface.patch
            assert_allclose(patch(0 * s, s), patch(0 * s + 1, s), atol=1e-12)
            assert_allclose(patch(s, 0 * s), patch(s, 0 * s + 1), atol=1e-12)

    def test_the_cross_product_of_the_derivatives_points_outwards(self, data: Link) -> None:
        rng = np.random.default_rng(0)
        u, v = rng.uniform(0.01, 0.99, (2, 300))
        h = 1e-6
        for component in data.components:
            assert component.surface is not None
            patch = component.surface.patch
            cross = np.cross(patch(u + h, v) - patch(u - h, v), patch(u, v + h) - patch(u, v - h))
            outwards = patch(u, v) - component.curves[0].path(u)
            angle = np.einsum("ij,ij->i", cross, outwards)
            angle /= np.linalg.norm(cross, axis=1) * np.linalg.norm(outwards, axis=1)
            assert_allclose(angle, 1, atol=1e-6)

    def test_the_tubes_keep_apart(self, data: Link) -> None:
        first, second = (core(np.arange(1000) / 1000) for core in data.cores)
        assert polygon_distance(first, second) > 2 * data.radius

    def test_dense_points_leave_no_hole(self, data: Link) -> None:
        """Every point of a surface is near to a dense one, for the size of the surface."""
        dense, labels = data.dense(4000)
        for component, shares in zip(
            data.components, np.random.default_rng(5).random((2, 500, 2)), strict=True
        ):
            assert component.surface is not None
            near = dense[labels == component.label]
            far = np.linalg.norm(component.surface.at(shares)[:, None] - near, axis=-1).min(axis=1).max()
            length = np.linalg.norm(
                np.diff(component.curves[0].path(np.linspace(0, 1, 2000)), axis=0), axis=1
            ).sum()
            area = length * 2 * np.pi * data.radius
            assert far < 2 * np.sqrt(area / 4000)


class TestSurface:
    def test_extent_of_a_tilted_torus(self) -> None:
        up = (0.6, 0.0, 0.8)
        tube = Tube(Ring((1.0, 2.0, 3.0), up, (0.0, 1.0, 0.0), 2.0), 0.5)
        axis = np.cross(up, (0.0, 1.0, 0.0))
        expected = 2 * np.sqrt(1 - axis**2) + 0.5  # of the circle along each axis, and of the ball
        extent = Surface(tube, (True, True)).extent()
        assert_allclose(extent[:, 1] - [1, 2, 3], expected, atol=1e-9)
        assert_allclose([1, 2, 3] - extent[:, 0], expected, atol=1e-9)

    def test_a_flat_patch_is_covered_evenly(self) -> None:
        def patch(u: FloatArray, v: FloatArray) -> FloatArray:
            return np.stack([u**2, v], axis=1)  # twice as dense near u = 0 unless areas count

        points = Surface(patch, (False, False)).spread(4000)
        counts, _, _ = np.histogram2d(*points.T, bins=10, range=[[0, 1], [0, 1]])
        assert np.abs(counts - 40).max() <= 4


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf, True, "1", None, [1.0]])
@pytest.mark.parametrize(
    ("kind", "name"),
    [(LinkedTori, "core_radius"), (LinkedTori, "tube_radius"), (Unlink, "turns"), (Unlink, "tube_radius")],
)
def test_numbers_out_of_range(kind: type[Link], name: str, bad: Any) -> None:
    with pytest.raises(DataError, match=rf"dataset {kind.name}: {name} = .*: give a number "):
        kind(**{name: bad})


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: LinkedTori(tube_radius=0.5), "less than half of core_radius, 0.5"),
        (lambda: LinkedTori(core_radius=101), "at most 100"),
        (lambda: LinkedTori(core_radius=0), "above 0"),
        (lambda: LinkedTori(tube_radius=0), "above 0"),
        (lambda: Unlink(turns=3.1), "from 0 to 3"),
        (lambda: Unlink(tube_radius=0.21), "from 0 to 0.2$"),
        (lambda: Unlink(seed=-1), "seed = -1"),
        (lambda: LinkedTori(n_per_class=1), "n_per_class = 1"),
    ],
)
def test_what_does_not_fit(make: Any, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        make()
