"""Flow layers that are trained by backpropagation, for all restarts at once.

Essay, "Neural Network Layers for Manipulating Manifolds"; the formula is in ``topo_core.flow``. With a term
more, whose exponent and vector are 0, the shares ``f_i / (1 + sum f_j)`` are a softmax of exponents that are
linear in ``(x, |x|^2, 1)``.

F is linear in its vectors. So a layer whose derivative is too large somewhere is brought back by one factor:
this projection follows every step of the training (``confine``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from topo_core.recipe import VectorFields

FloatArray = NDArray[np.float64]

#: Standard deviation of the vectors at first: layers begin near the identity.
_FIRST_VECTORS = 1e-3
#: Training points, and places around each anchor in scales, at which slopes are looked at.
_POINTS, _PLACES, _AROUND = 64, 16, 1.2
#: The largest width that is learned.
_WIDEST = 4.0


class FieldLayer(nn.Module):
    """``restarts`` independent layers ``x + F(x)``.

    Parameters
    ----------
    points
        Representations ``(restarts, d, n)`` of training points: where anchors begin.
    fields
        How.
    generators
        One for each restart, of all that is random in it.
    """

    def __init__(self, points: Tensor, fields: VectorFields, generators: Sequence[torch.Generator]) -> None:
        super().__init__()
        self.fields = fields
        d, n = points.shape[1:]
        anchors, vectors = [], []
        for own, generator in zip(points, generators, strict=True):
            chosen = torch.randint(n, (fields.terms,), generator=generator)
            anchors.append(own[:, chosen].T)
            vectors.append(torch.randn(fields.terms, d, generator=generator, dtype=points.dtype))
        self.vectors = nn.Parameter(_FIRST_VECTORS * torch.stack(vectors))
        self.anchors = nn.Parameter(torch.stack(anchors).contiguous(), fields.anchors == "learned")
        start = math.log(fields.scale)
        self.log_scale = nn.Parameter(points.new_full((len(points), 1, 1), start))

    @property
    def parts(self) -> tuple[Tensor, Tensor, Tensor]:
        """Anchors ``(restarts, m, d)``, vectors ``(restarts, m, d)`` and scales ``(restarts, 1, 1)``."""
        return self.anchors, self.vectors, self.log_scale.exp()

    def forward(self, h: Tensor) -> Tensor:
        """Move points in columns ``(restarts, d, n)``."""
        anchors, vectors, scales = self.parts
        return torch.baddbmm(h, vectors.mT, shares(h, anchors, scales))

    def jacobian(self, h: Tensor) -> Tensor:
        """Derivative of F at points in columns: ``(restarts, d, d, n)``, the output's coordinate first."""
        return slopes(h, *self.parts)

    def confine(self, h: Tensor, generator: torch.Generator) -> None:
        """Do what the function ``confine`` does, for this layer alone."""
        with torch.no_grad():
            factors = confine_parts(h, self.parts, self.fields.slope, generator)
            self.vectors.mul_(factors.view(-1, 1, 1))

    def keep_width(self) -> None:
        """Keep what was learned within the widths that are allowed."""
        low, high = self.fields.smallest_scale, max(_WIDEST, self.fields.scale)
        with torch.no_grad():
            self.log_scale.clamp_(math.log(low), math.log(high))


def shares(h: Tensor, anchors: Tensor, scales: Tensor) -> Tensor:
    """``f_i / (1 + sum f_j)`` of ``(k, m, d)`` anchors at points in columns ``(k, d, n)``: ``(k, m, n)``."""
    weight = 1 / scales.square()
    lifted = torch.cat([h, h.square().sum(1, keepdim=True)], 1)
    square = anchors.square().sum(2, keepdim=True)
    rows = torch.cat([anchors * weight, (-0.5 * weight).expand(-1, anchors.shape[1], 1)], 2)
    exponents = torch.baddbmm(-0.5 * weight * square, rows, lifted)
    return torch.softmax(nn.functional.pad(exponents, (0, 0, 0, 1)), 1)[:, :-1]


def slopes(h: Tensor, anchors: Tensor, vectors: Tensor, scales: Tensor) -> Tensor:
    """``J = sum p_i (v_i - F) (a_i - x)' / s^2`` at points in columns ``(k, d, n)``: ``(k, d, d, n)``."""
    k, d, n = h.shape
    p = shares(h, anchors, scales)
    field = torch.bmm(vectors.mT, p)
    pairs = (vectors[:, :, :, None] * anchors[:, :, None, :]).flatten(2)
    moment = torch.bmm(pairs.mT, p).view(k, d, d, n)
    pull = torch.bmm(anchors.mT, p) - h * p.sum(1, keepdim=True)
    whole = moment - field[:, :, None] * h[:, None] - field[:, :, None] * pull[:, None]
    return whole / scales.square()[..., None]


def norms(jacobian: Tensor) -> Tensor:
    """Spectral norms ``(k, n)`` of ``(k, d, d, n)``: exact up to two dimensions, else a little above.

    For more, ``|A|^8 <= |(A'A)^4|`` in the Frobenius norm, which is larger by at most ``d^(1/16)``.
    """
    if jacobian.shape[1] == 2:
        square = jacobian.square().sum((1, 2))
        det = jacobian[:, 0, 0] * jacobian[:, 1, 1] - jacobian[:, 0, 1] * jacobian[:, 1, 0]
        return ((square + (square.square() - 4 * det.square()).clamp(min=0).sqrt()) / 2).sqrt()
    matrices = jacobian.permute(0, 3, 1, 2)
    power = matrices.mT @ matrices
    for _ in range(2):
        power = power @ power
    return power.square().sum((2, 3)).pow(1 / 16)


def confine(layers: Sequence[FieldLayer], inputs: Sequence[Tensor], generator: torch.Generator) -> None:
    """Shorten the vectors of every layer whose slope is too large somewhere, so that it just is not.

    It is looked at training points and at random places around the anchors.

    Parameters
    ----------
    layers
        Flow layers with equally many terms; plain ones of one dimension are done all at once.
    inputs
        What each got, points in columns ``(restarts, d, n)``.
    generator
        Of the places; all layers and restarts share them.
    """
    groups: dict[int, list[int]] = {}
    for k, layer in enumerate(layers):
        layer.keep_width()
        if type(layer) is FieldLayer:
            groups.setdefault(layer.vectors.shape[2], []).append(k)
        else:
            layer.confine(inputs[k], generator)
    with torch.no_grad():
        for members in groups.values():
            of_all = zip(*(layers[k].parts for k in members), strict=True)
            anchors, vectors, scales = (torch.cat(part) for part in of_all)
            parts, seen = (anchors, vectors, scales), torch.cat([inputs[k] for k in members])
            factors = confine_parts(seen, parts, layers[members[0]].fields.slope, generator)
            for k, factor in zip(members, factors.view(len(members), -1, 1, 1), strict=True):
                layers[k].vectors.mul_(factor)


def confine_parts(
    h: Tensor, parts: tuple[Tensor, Tensor, Tensor], most: float, generator: torch.Generator
) -> Tensor:
    """By which factors ``(k,)``, at most 1, vectors must be multiplied, given k anchors, vectors and scales.

    ``h`` are training points in columns ``(k, d, n)``, of which some are looked at.
    """
    anchors, vectors, scales = parts
    offsets = torch.randn(_PLACES, 1, anchors.shape[2], generator=generator, dtype=anchors.dtype)
    around = (anchors[:, None] + _AROUND * scales[:, None] * offsets).flatten(1, 2).mT
    seen = h[:, :, :: max(1, h.shape[2] // _POINTS)]
    largest = norms(slopes(torch.cat([seen, anchors.mT, around], 2), anchors, vectors, scales)).amax(1)
    return (most / largest).clamp(max=1.0)
