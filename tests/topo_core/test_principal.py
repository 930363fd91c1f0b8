"""Principal components are those of points whose answer is known, and always the same ones."""

import numpy as np
import pytest
from numpy.typing import NDArray

from topo_core.errors import DataError
from topo_core.principal import PrincipalComponents

FloatArray = NDArray[np.float64]


def spread(deviations: list[float], n: int = 40, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Points about a middle, with exactly these deviations along the rows of a rotation, and the rotation."""
    rng = np.random.default_rng(seed)
    d = len(deviations)
    uncorrelated = np.linalg.qr(rng.standard_normal((n, d)) - rng.standard_normal(d))[0]
    uncorrelated = np.linalg.qr(uncorrelated - uncorrelated.mean(axis=0))[0]
    rotation = np.linalg.qr(rng.standard_normal((d, d)))[0]
    return uncorrelated * deviations @ rotation + rng.standard_normal(d), rotation


def test_axes_and_shares_of_points_with_known_ones() -> None:
    points, rotation = spread([4, 2, 1, 0.5])
    found = PrincipalComponents.of(points, 3)
    assert np.abs(found.axes @ rotation.T) == pytest.approx(np.eye(3, 4), abs=1e-12)
    assert found.shares == pytest.approx(np.array([16, 4, 1]) / 21.25)
    assert found.mean == pytest.approx(points.mean(axis=0))


def test_coordinates_are_distances_within_the_space_of_the_axes() -> None:
    points, _ = spread([3, 2, 0, 0])
    flat = PrincipalComponents.of(points, 2)(points)
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert np.linalg.norm(flat[:, None] - flat[None], axis=-1) == pytest.approx(apart, abs=1e-12)


def test_the_share_of_other_points() -> None:
    points, rotation = spread([4, 2, 1])
    found = PrincipalComponents.of(points, 2)
    assert found.share_of(points) == pytest.approx(float(found.shares.sum()))
    others = np.array([[0, 0, 0], [0, 3, 0], [0, 0, 4.0]]) @ rotation
    centred = others - others.mean(axis=0)
    carried = ((centred @ rotation[1]) ** 2).sum() / (centred**2).sum()
    assert found.share_of(others) == pytest.approx(carried)


@pytest.mark.parametrize("seed", range(5))
def test_tied_components_follow_the_anchors(seed: int) -> None:
    """The same points in another order, or mirrored in memory, give the same axes."""
    points, _ = spread([3, 3, 1, 1], seed=seed)
    anchors = points[[5, 9]]
    first = PrincipalComponents.of(points, 4, anchors)
    again = PrincipalComponents.of(np.random.default_rng(seed).permutation(points), 4, anchors)
    assert again.axes == pytest.approx(first.axes, abs=1e-9)
    for pair in (slice(0, 2), slice(2, 4)):
        a, b = first(anchors)[:, pair]
        assert a[0] > 0
        assert a[1] == pytest.approx(0, abs=1e-12)
        assert b[1] > 0


def test_a_pair_is_settled_although_only_one_of_it_is_asked_for() -> None:
    points, _ = spread([3, 1, 1])
    found = PrincipalComponents.of(points, 2, points[7:9])
    whole = PrincipalComponents.of(points, 3, points[7:9])
    assert found.axes == pytest.approx(whole.axes[:2])
    assert whole(points[7])[2] == pytest.approx(0, abs=1e-12)


def test_fewer_anchors_than_tied_components() -> None:
    points, _ = spread([2, 2, 2])
    found = PrincipalComponents.of(points, 3, points[:1])
    assert found.axes @ found.axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert found(points[0]) == pytest.approx([np.linalg.norm(points[0] - found.mean), 0, 0], abs=1e-12)


@pytest.mark.parametrize("count", [0, 3])
def test_more_than_there_are_is_refused(count: int) -> None:
    points, _ = spread([2, 1, 0])
    with pytest.raises(DataError, match="they vary in 2 directions; ask for 1 to 2"):
        PrincipalComponents.of(points, count)
