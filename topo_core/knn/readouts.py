"""Readouts that classify a representation: by neighbours, or by a linear map with softmax.

Essay, "K-Nearest Neighbor Layers": "classify each element of the mini-batch based on the classes of other
elements of the mini-batch"; or, its footnote, "feedforward two different batches at the same time, and
classify them based on each other". The loss is that of neighbourhood components analysis, minus the
logarithm of the share of all weights that the own class has.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from topo_core.errors import TopoError
from topo_core.knn.weightings import Weighting


def squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """Squared Euclidean distances ``(n, m)`` of points ``(n, d)`` and ``(m, d)``, in float64.

    By the identity ``|x|^2 - 2 x.y + |y|^2``, about the mean of ``y``, whose rounding is near 1e-16 of the
    squared diameter.
    """
    centre = y.detach().double().mean(0)
    a, b = x.double() - centre, y.double() - centre
    squares = a.square().sum(1)[:, None] + b.square().sum(1) - 2 * a @ b.T
    return squares.clamp_min(0)


def on_sphere(x: Tensor) -> Tensor:
    """Points divided by their norms; the origin stays where it is."""
    return nn.functional.normalize(x.double(), dim=1, eps=1e-12)


def log_weights(weighting: Weighting, x: Tensor, y: Tensor) -> Tensor:
    """Logarithms of the weights that points ``y (m, d)`` have for points ``x (n, d)``: ``(n, m)``."""
    if weighting.on_sphere:
        x, y = on_sphere(x), on_sphere(y)
    return weighting.log_weights(squared_distances(x, y), torch.log1p)


def neighbour_loss(
    weighting: Weighting,
    x: Tensor,
    labels: Tensor,
    others: Tensor | None = None,
    other_labels: Tensor | None = None,
) -> Tensor:
    """Mean of ``-log(sum of the weights of the same class / sum of all weights)``, a scalar of float64.

    Parameters
    ----------
    weighting
        What a neighbour counts.
    x, labels
        Representations ``(n, d)`` of a mini-batch and their classes ``(n,)``.
    others, other_labels
        A second batch ``(m, d)``, ``(m,)``, whose points are the neighbours. Without it the neighbours are
        the other points of the first, each left out of its own vote.

    A point whose class nobody else has can only be classified wrongly, whatever the representation: it is
    left out of the mean.

    Raises
    ------
    TopoError
        When that leaves no point.
    """
    alone = others is None
    around = x if others is None else others
    classes = labels if other_labels is None else other_labels
    logs = log_weights(weighting, x, around)
    same = labels[:, None] == classes
    if alone:
        oneself = torch.eye(len(x), dtype=torch.bool)
        logs = logs.masked_fill(oneself, -torch.inf)
        same = same & ~oneself
    heard = same.any(1)
    if not heard.any():
        raise TopoError(f"a batch of {len(x)} points in which no two have the same class: use larger batches")
    logs, same = logs[heard], same[heard]
    own = logs.masked_fill(~same, -torch.inf)
    return (logs.logsumexp(1) - own.logsumexp(1)).mean()


class NeighbourReadout(nn.Module):
    """Stands where softmax stands: no parameters, the representation itself is asked for neighbours.

    Parameters
    ----------
    weighting
        What a neighbour counts, see ``topo_core.knn.weightings``.

    Examples
    --------
    >>> readout = NeighbourReadout(weighting("1/d^8"))
    >>> loss = readout.loss(body(x), labels)  # in a mini-batch
    >>> loss = readout.loss(body(x), labels, body(x2), labels2)  # against a second one
    """

    def __init__(self, weighting: Weighting) -> None:
        super().__init__()
        self.weighting = weighting

    def loss(
        self, x: Tensor, labels: Tensor, others: Tensor | None = None, other_labels: Tensor | None = None
    ) -> Tensor:
        """Loss of a mini-batch, or of two that are classified from each other, half of it from each."""
        if others is None or other_labels is None:
            return neighbour_loss(self.weighting, x, labels)
        there = neighbour_loss(self.weighting, x, labels, others, other_labels)
        return (there + neighbour_loss(self.weighting, others, other_labels, x, labels)) / 2

    def forward(self, x: Tensor, memory: Tensor, labels: Tensor, n_classes: int) -> Tensor:
        """Logarithms of the classes' shares of all weights, ``(n, n_classes)``, as of remembered points.

        ``memory`` is ``(m, d)``, its ``labels`` are ``(m,)``. A class that nobody has gets ``-inf``.
        """
        logs = log_weights(self.weighting, x, memory)
        columns = [
            logs.masked_fill(labels != c, -torch.inf).logsumexp(1, keepdim=True) for c in range(n_classes)
        ]
        return torch.cat(columns, 1) - logs.logsumexp(1, keepdim=True)


class SoftmaxReadout(nn.Module):
    """A linear map to the classes' logits; its loss is the cross-entropy.

    Parameters
    ----------
    width, n_classes
        Dimension of the representation, and how many classes there are.
    """

    def __init__(self, width: int, n_classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(n, n_classes)`` of representations ``(n, d)``."""
        logits: Tensor = self.linear(x)
        return logits

    def loss(
        self, x: Tensor, labels: Tensor, others: Tensor | None = None, other_labels: Tensor | None = None
    ) -> Tensor:
        """Cross-entropy of a mini-batch, or of two."""
        if others is not None and other_labels is not None:
            x, labels = torch.cat([x, others]), torch.cat([labels, other_labels])
        return nn.functional.cross_entropy(self(x), labels)
