"""The loss of neighbours against sums written out, its gradient, and what is left out of it."""

import math

import pytest
import torch
from torch import Tensor, nn

from topo_core.errors import TopoError
from topo_core.knn.readouts import (
    NeighbourReadout,
    SoftmaxReadout,
    log_weights,
    neighbour_loss,
    squared_distances,
)
from topo_core.knn.weightings import Cosine, Gaussian, InverseDistance, StudentT, Weighting

ALL = [InverseDistance(), InverseDistance(4), Gaussian(), Cosine(0.3), StudentT(2)]

X = torch.randn(9, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 0])
OTHERS = torch.randn(7, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
OTHER_LABELS = torch.tensor([2, 1, 0, 0, 1, 2, 2])


def plain_weight(kind: Weighting, a: Tensor, b: Tensor) -> Tensor:
    if isinstance(kind, Cosine):
        return torch.exp((a @ b / (a.norm() * b.norm()) - 1) / kind.temperature)
    d = (a - b).norm()
    if isinstance(kind, Gaussian):
        return torch.exp(-(d**2))
    if isinstance(kind, StudentT):
        return (1 + d**2 / kind.freedom) ** (-(kind.freedom + 1) / 2)
    assert isinstance(kind, InverseDistance)
    return (d**2 + kind.floor**2) ** (-kind.p / 2)


def plain_loss(kind: Weighting, x: Tensor, labels: Tensor, others: Tensor | None, other: Tensor) -> Tensor:
    total = []
    for i in range(len(x)):
        around = x if others is None else others
        asked = [j for j in range(len(around)) if others is not None or j != i]
        weights = torch.stack([plain_weight(kind, x[i], around[j]) for j in asked])
        same = torch.tensor([bool(other[j] == labels[i]) for j in asked])
        if same.any():
            total.append(-torch.log(weights[same].sum() / weights.sum()))
    return torch.stack(total).mean()


def gradients(loss: Tensor, *of: Tensor) -> tuple[Tensor, ...]:
    return torch.autograd.grad(loss, of)


@pytest.mark.parametrize("kind", ALL, ids=str)
class TestTheLoss:
    def test_within_a_batch(self, kind: Weighting) -> None:
        x, y = X.clone().requires_grad_(), X.clone().requires_grad_()
        ours, plain = neighbour_loss(kind, x, LABELS), plain_loss(kind, y, LABELS, None, LABELS)
        torch.testing.assert_close(ours, plain)
        torch.testing.assert_close(gradients(ours, x), gradients(plain, y))

    def test_between_two_batches(self, kind: Weighting) -> None:
        x, u, y, v = (t.clone().requires_grad_() for t in (X, OTHERS, X, OTHERS))
        ours = NeighbourReadout(kind).loss(x, LABELS, u, OTHER_LABELS)
        there = plain_loss(kind, y, LABELS, v, OTHER_LABELS)
        plain = (there + plain_loss(kind, v, OTHER_LABELS, y, LABELS)) / 2
        torch.testing.assert_close(ours, plain)
        torch.testing.assert_close(gradients(ours, x, u), gradients(plain, y, v))

    def test_coincident_and_far_points_have_finite_gradients(self, kind: Weighting) -> None:
        x = torch.cat([X, X, 1e6 * X]).requires_grad_()
        loss = neighbour_loss(kind, x, torch.cat([LABELS, LABELS.flip(0), LABELS]))
        assert torch.isfinite(loss)
        assert torch.isfinite(gradients(loss, x)[0]).all()

    def test_shares_sum_to_one(self, kind: Weighting) -> None:
        logs = NeighbourReadout(kind)(X, OTHERS, OTHER_LABELS, 4)
        torch.testing.assert_close(logs.exp().sum(1), torch.ones(9, dtype=torch.float64))
        assert (logs[:, 3] == -torch.inf).all()


def test_two_points_by_hand() -> None:
    """Neighbours at distances 1 (same class) and 2 (another): the share is 2/3 with 1/d."""
    x = torch.tensor([[0.0], [1.0], [-2.0]])
    labels = torch.tensor([0, 0, 1])
    loss = neighbour_loss(InverseDistance(floor=1e-6), x, labels)
    assert loss.item() == pytest.approx(-(math.log(2 / 3) + math.log(3 / 4)) / 2, rel=1e-6)


def test_nobody_votes_for_oneself() -> None:
    """With oneself among the neighbours, at distance 0, every loss here would be close to 0."""
    x = torch.tensor([[0.0], [10.0], [0.1], [10.1]])
    assert neighbour_loss(Gaussian(), x, torch.tensor([0, 0, 1, 1])).item() > 50


def test_a_class_of_one_is_left_out() -> None:
    whole = neighbour_loss(Gaussian(), X[:3], torch.tensor([0, 0, 1]))
    plain = plain_loss(Gaussian(), X[:3], torch.tensor([0, 0, 1]), None, torch.tensor([0, 0, 1]))
    torch.testing.assert_close(whole, plain)
    with pytest.raises(TopoError, match="a batch of 3 points in which no two have the same class"):
        neighbour_loss(Gaussian(), X[:3], torch.tensor([0, 1, 2]))


def test_distances_of_single_precision_far_from_the_origin() -> None:
    x = (X + 1000).float()
    direct = (x.double()[:, None] - x.double()).square().sum(2)
    torch.testing.assert_close(squared_distances(x, x), direct, rtol=1e-10, atol=1e-9)


def test_the_origin_has_no_direction() -> None:
    x = torch.tensor([[0.0, 0.0], [3.0, 0.0]])
    found = log_weights(Cosine(0.5), x, x)
    torch.testing.assert_close(found, torch.tensor([[0.0, -1.0], [-1.0, 0.0]], dtype=torch.float64))


def test_it_stands_where_softmax_stands() -> None:
    """One step of gradient descent brings either loss down."""
    for readout in (SoftmaxReadout(3, 3), NeighbourReadout(Gaussian())):
        torch.manual_seed(0)
        body = nn.Linear(3, 3)
        before = readout.loss(body(X.float()), LABELS)
        before.backward()
        with torch.no_grad():
            for parameter in body.parameters():
                parameter -= 0.1 * parameter.grad
        assert readout.loss(body(X.float()), LABELS) < before


def test_softmax_of_two_batches_is_that_of_both() -> None:
    readout = SoftmaxReadout(3, 3)
    x = X.float()
    halves = readout.loss(x[:4], LABELS[:4], x[4:], LABELS[4:])
    torch.testing.assert_close(halves, readout.loss(x, LABELS))
