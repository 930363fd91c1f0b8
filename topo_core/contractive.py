"""Contractive penalties for any training: squared norms of Jacobians at the data points, differentiable.

Rifai, Vincent, Muller, Glorot and Bengio, "Contractive auto-encoders", 2011; essay, "The Easy Way Out". Here
the map is any function of a batch: a module, a part of one, or several layers, each on its own. (The batches
of small networks that make traces have their own, faster formulas: ``topo_core.penalties``.)

Exact norms take a copy of the batch for each output, which small layers can afford. For large ones they are
estimated from random projections: if the entries of v are independent signs, ``E |J' v|^2 = |J|^2``
(Hutchinson, 1989, of the trace of ``J J'``; Hoffman, Roberts and Yaida, 2019, as a penalty). That is
unbiased whatever the number of projections, so one for each step is enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from topo_core.errors import SpecError, UnknownNameError
from topo_core.knn.fit import Classifier
from topo_core.knn.readouts import SoftmaxReadout

#: A function of a batch ``(n, ...)`` that treats every point by itself.
Map = Callable[[Tensor], Tensor]

#: Up to so many outputs norms are exact where nothing else is asked for.
MOST_EXACT = 16

#: Outputs, or projections, that are pulled back together: so many copies of the batch are fed forward.
_AT_ONCE = 16

#: What may be penalised.
KINDS = ("representation", "logit", "layers")


def squared_norms(
    function: Map, x: Tensor, projections: int | None = 0, generator: torch.Generator | None = None
) -> Tensor:
    """Squared Frobenius norms of the Jacobian of ``function`` at each point of a batch, ``(n,)``.

    Parameters
    ----------
    function
        Maps ``(n, ...)`` to ``(n, ...)``, each point by itself: no batch normalisation in training mode.
    x
        ``(n, ...)``; if it was computed from parameters, gradients reach them, too.
    projections
        0 computes them exactly, at the cost of a copy of the batch for each output; a positive number
        estimates them by so many random projections; None does the former up to ``MOST_EXACT`` outputs,
        and the latter, with one projection, beyond.
    generator
        Of the projections; by default torch's own.

    Raises
    ------
    SpecError
        For a negative number of projections.
    """
    if projections is not None and projections < 0:
        raise SpecError(f"projections = {projections}: give 0 for exact norms, or a positive number")
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    y = function(x)
    outputs = math.prod(y.shape[1:])
    if projections is None:
        projections = 0 if outputs <= MOST_EXACT else 1
    total = torch.zeros(len(x), dtype=x.dtype)
    if not y.requires_grad:  # a constant
        return total
    count = projections or outputs
    for start in range(0, count, _AT_ONCE):
        some = min(_AT_ONCE, count - start)
        if projections:
            v = 2 * torch.randint(0, 2, (some, *y.shape), generator=generator, dtype=y.dtype) - 1
        else:  # unit vectors
            v = torch.zeros(some, len(y), outputs, dtype=y.dtype)
            v[torch.arange(some), :, torch.arange(start, start + some)] = 1
        copies = x.repeat(some, *(1 for _ in x.shape[1:]))
        directions = v.view(-1, *y.shape[1:])
        options = {"create_graph": True, "allow_unused": True}
        (pulled,) = torch.autograd.grad(function(copies), copies, directions, **options)
        if pulled is not None:
            total = total + pulled.flatten(1).square().sum(1).view(some, -1).sum(0)
    return total / (projections or 1)


def logit_squared_norms(
    logits: Map, x: Tensor, projections: int | None = 0, generator: torch.Generator | None = None
) -> Tensor:
    """Squared norms of the gradients of ``z_j - z_i``, summed over the pairs of classes, ``(n,)``.

    By Lagrange's identity that is the number of classes times the squared norm of the Jacobian of the
    logits less their mean. Parameters and errors are those of ``squared_norms``.
    """
    classes = 0

    def centred(points: Tensor) -> Tensor:
        nonlocal classes
        z = logits(points)
        classes = z.shape[1]
        return z - z.mean(1, keepdim=True)

    return squared_norms(centred, x, projections, generator) * classes


def layer_squared_norms(
    layers: Sequence[Map], x: Tensor, projections: int | None = 0, generator: torch.Generator | None = None
) -> list[Tensor]:
    """Squared norms of each layer's own Jacobian, where the points are when they reach it: one ``(n,)`` each.

    Gradients reach the layers before, too. Parameters and errors are those of ``squared_norms``.
    """
    norms = []
    for layer in layers:
        norms.append(squared_norms(layer, x, projections, generator))
        x = layer(x)
    return norms


def layers_of(body: nn.Sequential) -> list[nn.Sequential]:
    """The layers of a body: each begins with a module that has parameters, the first with all before it."""
    parts: list[list[nn.Module]] = [[]]
    for module in body:
        weighty = any(True for _ in module.parameters())
        if weighty and any(any(True for _ in m.parameters()) for m in parts[-1]):
            parts.append([])
        parts[-1].append(module)
    return [nn.Sequential(*part) for part in parts]


@dataclass(frozen=True)
class ContractivePenalty:
    """A penalty for ``topo_core.knn.fit.fit``: ``strength`` times a squared norm, mean over the batch.

    Parameters
    ----------
    kind
        ``"representation"``: of the whole body's Jacobian. ``"layers"``: of each layer's own, summed.
        ``"logit"``: of the gradients of the logits' differences, which the readout cannot evade by growing
        while the representation shrinks; only for softmax.
    strength
        0 or more.
    projections
        As in ``squared_norms``.
    seed
        Of the random projections.

    Raises
    ------
    SpecError, UnknownNameError
        For parameters out of range and another kind.
    """

    kind: str
    strength: float
    projections: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownNameError("penalty", self.kind, KINDS)
        if not 0 <= self.strength < math.inf:
            raise SpecError(f"strength = {self.strength}: must be 0 or more, and finite")
        if self.projections is not None and self.projections < 0:
            raise SpecError(f"projections = {self.projections}: give 0 for exact norms, or a positive number")
        object.__setattr__(self, "_generator", torch.Generator().manual_seed(self.seed))

    def __call__(self, made: Classifier, batch: Tensor) -> Tensor:
        """The penalty at a prepared batch, a scalar."""
        return self.strength * self._norms(made, batch).mean()

    def _norms(self, made: Classifier, batch: Tensor) -> Tensor:
        generator: torch.Generator = getattr(self, "_generator")  # noqa: B009 (no field of the dataclass)
        options = (self.projections, generator)
        if self.kind == "representation":
            return squared_norms(made.body, batch, *options)
        if self.kind == "layers":
            return torch.stack(layer_squared_norms(layers_of(made.body), batch, *options)).sum(0)
        readout = made.readout
        if not isinstance(readout, SoftmaxReadout):
            raise SpecError(
                f"network {made.spec}: a readout by neighbours has no logits; penalise the representation, "
                "whose distances are all that it sees"
            )
        return logit_squared_norms(lambda x: readout(made.body(x)), batch, *options)
