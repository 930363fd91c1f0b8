"""The essay's examples against their closed forms."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from topo_core.datasets import Dataset, DiscInAnnulus, Interval, Spirals, TwoCurves
from topo_core.errors import DataError

SIZES = st.integers(2, 400)


def of(dataset: Dataset, label: int) -> NDArray[np.float64]:
    """The training points of a class."""
    points: NDArray[np.float64] = dataset.points[dataset.labels == label]
    return points


class TestTwoCurves:
    def test_default(self) -> None:
        data = TwoCurves()
        assert (data.n_per_class, data.seed, data.dimension, data.n_classes) == (128, 0, 2, 2)
        assert data.class_names == ("A", "B")
        assert data.majority_rate == 0.5

    def test_closed_form(self) -> None:
        data = TwoCurves(n_per_class=41)
        x = np.linspace(-1, 1, 41)
        assert_allclose(of(data, 0), np.c_[x, -0.4 - 0.5 * np.cos(np.pi * x)], atol=1e-15)
        assert_allclose(of(data, 1), np.c_[x, 0.4 - 0.5 * np.cos(np.pi * x)], atol=1e-15)

    def test_heights_of_the_picture(self) -> None:
        data = TwoCurves(n_per_class=3)
        assert_allclose(of(data, 1), [[-1, 0.9], [0, -0.1], [1, 0.9]])
        assert_allclose(of(data, 0), [[-1, 0.1], [0, -0.9], [1, 0.1]])

    def test_bounds(self) -> None:
        assert_allclose(TwoCurves(n_per_class=2).bounds, [[-1.0, 1.0], [-0.9, 0.9]], rtol=1e-15)


class TestSpirals:
    def test_default_is_the_slightly_entangled_pair(self) -> None:
        assert Spirals() == Spirals(0.75, n_per_class=128, seed=0)

    @given(st.floats(0, 100, exclude_min=True), SIZES)
    def test_closed_form(self, turns: float, n: int) -> None:
        data = Spirals(turns, n_per_class=n)
        t = np.linspace(0, 1, n)
        angle = 2 * np.pi * turns * t
        expected = (0.2 + t)[:, None] * np.c_[np.cos(angle), np.sin(angle)]
        assert_allclose(of(data, 0), expected, atol=1e-12)
        assert_array_equal(of(data, 1), -of(data, 0))
        assert_allclose(np.linalg.norm(of(data, 0), axis=1), 0.2 + t)

    def test_bounds_touch_the_last_turn(self) -> None:
        # turns 0.75 ends at (0, -1.2); turns 1 at (1.2, 0)
        assert_allclose(Spirals(0.75).bounds[1], [-1.2, 1.2], rtol=1e-15)
        assert_allclose(Spirals(1.0).bounds[0], [-1.2, 1.2], rtol=1e-15)

    @pytest.mark.parametrize("turns", [0.3, 0.75, 1.0, 2.6, 100.0])
    def test_inner_bounds_are_where_the_derivative_vanishes(self, turns: float) -> None:
        data = Spirals(turns)
        t = np.linspace(0, 1, 2_000_001)
        extreme = np.abs(data.components[0].curves[0].path(t)).max(axis=0)
        assert (data.bounds[:, 1] >= extreme - 1e-13).all()
        assert_allclose(data.bounds[:, 1], extreme, atol=1e-7)
        assert_allclose(data.bounds[:, 0], -data.bounds[:, 1], rtol=1e-14)

    def test_they_are_not_random(self) -> None:
        with pytest.raises(DataError, match="dataset spirals: its points are not drawn at random"):
            Spirals().draw(1)

    def test_whole_turns_are_the_same_description(self) -> None:
        assert Spirals(turns=1).describe() == Spirals(turns=1.0).describe()
        assert Spirals(turns=np.float64(1)).describe()["params"]["turns"] == 1.0


class TestDiscInAnnulus:
    def test_default(self) -> None:
        data = DiscInAnnulus()
        assert (data.balanced, data.n_per_class, data.seed) == (True, 500, 0)
        assert np.bincount(data.labels).tolist() == [500, 500]
        assert data.majority_rate == 0.5

    @given(SIZES, st.integers(0, 2**63 - 1), st.booleans())
    def test_points_lie_in_their_region(self, n: int, seed: int, balanced: bool) -> None:
        data = DiscInAnnulus(balanced, n_per_class=n, seed=seed)
        assert len(data.points) == 2 * n
        assert (np.linalg.norm(of(data, 0), axis=1) <= 1 / 3 + 1e-15).all()
        radius = np.linalg.norm(of(data, 1), axis=1)
        assert (radius >= 2 / 3 - 1e-15).all()
        assert (radius <= 1 + 1e-15).all()

    def test_unbalanced_points_are_shared_by_area(self) -> None:
        data = DiscInAnnulus(balanced=False, n_per_class=300)
        assert np.bincount(data.labels).tolist() == [100, 500]
        assert data.majority_rate == 5 / 6

    @pytest.mark.parametrize(("label", "inner", "outer"), [(0, 0, 1 / 3), (1, 2 / 3, 1)])
    def test_points_are_uniform_by_area(self, label: int, inner: float, outer: float) -> None:
        points = of(DiscInAnnulus(n_per_class=20_000, seed=7), label)
        area = (points**2).sum(axis=1)
        shares = [(area - inner**2) / (outer**2 - inner**2)]
        shares.append(np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) + 0.5)
        for share in shares:  # Kolmogorov-Smirnov distance; 1.95 / sqrt(n) is exceeded once in 1000
            rank = (np.arange(20_000) + 0.5) / 20_000
            assert np.abs(np.sort(share) - rank).max() < 1.95 / np.sqrt(20_000)

    def test_seed_decides_the_points(self) -> None:
        first, second = DiscInAnnulus(seed=1), DiscInAnnulus(seed=2)
        assert_array_equal(first.points, DiscInAnnulus(seed=1).points)
        assert not np.isin(first.points, second.points).any()

    @given(SIZES, st.integers(0, 2**40), st.lists(st.integers(0, 2**40), max_size=3), st.booleans())
    def test_points_drawn_afresh(self, n: int, seed: int, key: list[int], balanced: bool) -> None:
        data = DiscInAnnulus(balanced, n_per_class=n, seed=seed)
        points, labels = data.draw(*key)
        assert_array_equal(labels, data.labels)
        radius = np.linalg.norm(points, axis=1)
        assert (radius[labels == 0] <= 1 / 3 + 1e-15).all()
        assert ((radius[labels == 1] >= 2 / 3 - 1e-15) & (radius[labels == 1] <= 1 + 1e-15)).all()
        assert_array_equal(points, data.draw(*key)[0])
        others = [data.draw(*key, 1)[0], DiscInAnnulus(balanced, n_per_class=n, seed=seed + 1).draw(*key)[0]]
        assert not any(np.isin(points, other).any() for other in others)

    def test_without_a_key_they_are_the_training_points(self) -> None:
        data = DiscInAnnulus(n_per_class=30, seed=4)
        assert_array_equal(data.draw()[0], data.points)

    def test_global_random_state_is_left_alone(self) -> None:
        before = np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002
        assert len(DiscInAnnulus(seed=5).points) == 1000
        after = np.random.get_state(legacy=False)["state"]["key"]  # noqa: NPY002
        assert_array_equal(before, after)

    def test_components_are_regions_with_oriented_boundaries(self) -> None:
        disc, annulus = DiscInAnnulus().components
        assert disc.filled
        assert annulus.filled
        found = []
        for curve in (*disc.curves, *annulus.curves):
            p = curve.path(np.arange(400) / 400)
            q = np.roll(p, -1, axis=0)
            found.append(float((p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / 2))
        exact = [np.pi / 9, np.pi, -np.pi * 4 / 9]  # counterclockwise outside, clockwise holes
        assert_allclose(found, exact, rtol=1e-4)
        assert_array_equal(DiscInAnnulus().bounds, [[-1, 1], [-1, 1]])

    @given(SIZES, st.booleans())
    def test_dense_fills_the_closed_regions(self, n: int, balanced: bool) -> None:
        points, labels = DiscInAnnulus(balanced).dense(n)
        assert np.bincount(labels).tolist() == [n, n if balanced else 5 * n]
        radius = np.linalg.norm(points, axis=1)
        assert radius[labels == 0].max() == pytest.approx(1 / 3, rel=1e-15)
        assert radius[labels == 1].min() == pytest.approx(2 / 3, rel=1e-15)
        assert radius[labels == 1].max() == pytest.approx(1, rel=1e-15)
        assert len(np.unique(points, axis=0)) == len(points)

    def test_dense_leaves_no_gap(self) -> None:
        points, labels = DiscInAnnulus().dense(4000)
        rng = np.random.default_rng(0)
        for label, inner, outer in ((0, 0, 1 / 3), (1, 2 / 3, 1)):
            spacing = np.sqrt(np.pi * (outer**2 - inner**2) / 4000)
            angle, u = 2 * np.pi * rng.random(500), rng.random(500)
            radius = np.sqrt(inner**2 + u * (outer**2 - inner**2))
            probe = radius[:, None] * np.c_[np.cos(angle), np.sin(angle)]
            filling = points[labels == label]
            nearest = np.linalg.norm(probe[:, None] - filling[None], axis=-1).min(axis=1)
            assert nearest.max() < 1.2 * spacing


class TestInterval:
    def test_default(self) -> None:
        data = Interval()
        assert data.points.shape == (256, 1)
        assert np.bincount(data.labels).tolist() == [128, 128]

    @given(SIZES)
    def test_points_are_equally_spaced_on_the_segments(self, n: int) -> None:
        data = Interval(n_per_class=n)
        x = of(data, 1)[:, 0]
        assert_allclose(of(data, 0)[:, 0], np.linspace(-1 / 3, 1 / 3, n), atol=1e-15)
        assert_allclose(x[x < 0], np.linspace(-1, -2 / 3, n - n // 2), atol=1e-15)
        assert_allclose(x[x > 0], np.linspace(2 / 3, 1, n // 2), atol=1e-15)

    def test_components_are_three_segments(self) -> None:
        ends = [c.curves[0].path(np.array([0.0, 1.0]))[:, 0].tolist() for c in Interval().components]
        assert ends == [[-1 / 3, 1 / 3], [-1, -2 / 3], [2 / 3, 1]]
        assert [c.label for c in Interval().components] == [0, 1, 1]
        assert [c.name for c in Interval().components] == ["A", "B left", "B right"]
        assert_array_equal(Interval().bounds, [[-1, 1]])

    def test_dense_is_as_long_as_it_is_dense(self) -> None:
        points, labels = Interval().dense(101)
        assert np.bincount(labels).tolist() == [202, 202]
        assert np.count_nonzero(points > 0.5) == 101


KINDS: list[type[Any]] = [TwoCurves, Spirals, DiscInAnnulus, Interval]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *itertools.product(["n_per_class"], [1, 0, -1, 2.0, True, None, "8", 500_001]),
        *itertools.product(["seed"], [-1, 0.5, False, None, 2**63]),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_shared_fields_are_checked(kind: Any, field: str, value: object) -> None:
    with pytest.raises(DataError, match=rf"^dataset {kind.name}: {field} = .*: give a whole number"):
        kind(**{field: value})


@pytest.mark.parametrize("turns", [0, -1, np.nan, np.inf, 100.5, True, "1", None, 1j, 10**400])
def test_turns_are_checked(turns: Any) -> None:
    with pytest.raises(DataError, match=r"^dataset spirals: turns = .*: give a number above 0"):
        Spirals(turns)


@pytest.mark.parametrize("balanced", [0, "yes", None])
def test_balanced_is_checked(balanced: Any) -> None:
    with pytest.raises(DataError, match=r"^dataset disc-in-annulus: balanced = .*: give true or false"):
        DiscInAnnulus(balanced)


@pytest.mark.parametrize("kind", KINDS)
def test_numpy_integers_become_plain(kind: Any) -> None:
    data = kind(n_per_class=np.int64(9), seed=np.uint8(3))
    assert data == kind(n_per_class=9, seed=3)
    assert {type(v) for v in data.describe()["params"].values()} <= {int, float, bool}
