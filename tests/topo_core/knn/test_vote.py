"""Votes of the nearest training points against sums written out; ties and duplicates."""

import numpy as np
import pytest
import torch

from topo_core.errors import TopoError
from topo_core.knn.readouts import NeighbourReadout
from topo_core.knn.vote import NeighbourVote
from topo_core.knn.weightings import Cosine, Gaussian, InverseDistance, StudentT, Weighting

ALL = [InverseDistance(), InverseDistance(8), Gaussian(), Cosine(0.3), StudentT(2)]
RANDOM = np.random.default_rng(0)
POINTS, LABELS, NEW = RANDOM.normal(size=(60, 3)), RANDOM.integers(0, 4, 60), RANDOM.normal(size=(8, 3))


@pytest.mark.parametrize("kind", ALL, ids=str)
@pytest.mark.parametrize("dimension", [3, 12])  # a tree, and comparison with all
class TestShares:
    def test_of_the_nearest(self, kind: Weighting, dimension: int) -> None:
        points, new = RANDOM.normal(size=(60, dimension)), RANDOM.normal(size=(8, dimension))
        found = np.exp(NeighbourVote(points, LABELS, kind, 5).log_shares(new))
        if kind.on_sphere:
            points, new = (a / np.linalg.norm(a, axis=1, keepdims=True) for a in (points, new))
        for x, shares in zip(new, found, strict=True):
            d = np.linalg.norm(points - x, axis=1)
            near = np.argsort(d)[:5]
            weights = np.exp(kind.log_weights(d[near] ** 2, np.log1p))
            expected = np.bincount(LABELS[near], weights, 4) / weights.sum()
            np.testing.assert_allclose(shares, expected, rtol=1e-9)

    def test_of_all_agree_with_the_readout(self, kind: Weighting, dimension: int) -> None:
        points, new = RANDOM.normal(size=(60, dimension)), RANDOM.normal(size=(8, dimension))
        found = NeighbourVote(points, LABELS, kind, None).log_shares(new)
        memory = torch.tensor(points), torch.tensor(LABELS)
        plain = NeighbourReadout(kind)(torch.tensor(new), *memory, 4).numpy()
        np.testing.assert_allclose(found, plain, rtol=1e-7, atol=1e-9)


def test_the_order_of_points_decides_nothing() -> None:
    """On a lattice the k-th place has many candidates."""
    grid = np.stack(np.meshgrid(*[np.arange(5.0)] * 2), -1).reshape(-1, 2)
    labels = RANDOM.integers(0, 3, len(grid))
    for k in (1, 2, 3, 6):
        first = NeighbourVote(grid, labels, Gaussian(2.0), k).log_shares(grid)
        order = RANDOM.permutation(len(grid))
        second = NeighbourVote(grid[order], labels[order], Gaussian(2.0), k).log_shares(grid)
        np.testing.assert_allclose(np.exp(first), np.exp(second), atol=1e-12)


def test_those_equally_far_share_the_last_places() -> None:
    points, labels = [[0.0], [1.0], [-1.0], [1.0], [5.0]], [2, 0, 1, 1, 0]
    shares = np.exp(NeighbourVote(points, labels, InverseDistance(1, 1.0), 2).log_shares([[0.0]]))[0]
    far = 2**-0.5  # one place for three points: one votes for 0, two for 1
    np.testing.assert_allclose(shares, np.array([far / 3, 2 * far / 3, 1]) / (1 + far))


def test_duplicates_all_count() -> None:
    points, labels = [[0.0]] * 7 + [[1.0]], [0, 0, 0, 1, 1, 1, 1, 2]
    vote = NeighbourVote(points, labels, InverseDistance(8), 4)
    np.testing.assert_allclose(np.exp(vote.log_shares([[0.0]]))[0], [3 / 7, 4 / 7, 0])
    assert vote.predict([[0.0], [0.9]]).tolist() == [1, 2]


def test_every_training_point_may_be_asked() -> None:
    vote = NeighbourVote(POINTS, LABELS, StudentT(), len(POINTS))
    np.testing.assert_array_equal(
        vote.log_shares(NEW), NeighbourVote(POINTS, LABELS, StudentT(), None).log_shares(NEW)
    )


def test_weights_that_underflow_still_vote() -> None:
    vote = NeighbourVote([[0.0], [1.0]], [0, 1], Gaussian(1e-3), 2)
    assert vote.predict([[40.0], [-40.0]]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("points", "labels", "k", "message"),
    [
        (np.zeros((0, 2)), [], 1, "at least one"),
        (np.zeros(3), [0, 0, 0], 1, r"points of shape \(3,\)"),
        ([[np.nan]], [0], 1, "not finite"),
        ([[0.0]], [0.5], 1, "a whole number for each"),
        ([[0.0]], [0, 1], 1, "a whole number for each"),
        ([[0.0]], [-1], 1, "give labels from 0 to"),
        ([[0.0]], [0], 2, "k = 2 of 1 points"),
        ([[0.0]], [0], 0, "k = 0 of 1 points"),
        ([[0.0]], [0], True, "k = True of 1 points"),
    ],
)
def test_what_is_refused(points: object, labels: object, k: int, message: str) -> None:
    with pytest.raises(TopoError, match=message):
        NeighbourVote(points, labels, Gaussian(), k)  # type: ignore[arg-type]


def test_points_of_another_dimension_are_refused() -> None:
    with pytest.raises(TopoError, match="neighbours in 3 dimensions of points in 2"):
        NeighbourVote(POINTS, LABELS, Gaussian()).log_shares(NEW[:, :2])
