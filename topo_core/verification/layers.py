"""Which layers are homeomorphisms, and where the animation of a network is an ambient isotopy.

A layer ``sigma(W x + b)`` from n to n dimensions is a homeomorphism onto its image if det W is not 0 and
sigma is strictly increasing and continuous; one that widens is injective if W has rank n, and then
``x -> (x, 0)`` followed by a completed W of positive determinant moves the larger space. A flow
``x -> x + F(x)`` is a homeomorphism of space if F's Lipschitz constant is below 1 (Banach).

The animation (essay, theorem on ambient isotopies) goes, in each layer, from I to the completed W = Q S along
``exp(t log Q) ((1 - t) I + t S)``, whose determinant ``prod(1 - t + t s_i)`` is above 0 for all t in [0, 1]
exactly if det W is; then it translates; then it goes along ``(1 - t) x + t sigma(x)``, strictly increasing
for all t if sigma is. A flow goes along ``x + t F(x)``, and t F has a Lipschitz constant below 1 if F has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from topo_core.verification.exact import determinant_sign, full_rank
from topo_core.verification.flows import prove_slow
from topo_core.verification.intervals import FloatArray
from topo_core.verification.margins import Verdict
from topo_core.verification.network import Affine, FlowStep, Layer

#: Strictly increasing and continuous, by their formulas.
INCREASING = ("tanh", "sigmoid", "softplus", "leaky_relu", "elu", "linear")
#: Activations that send some different numbers to one, whatever their layer, and why.
FOLDING = {
    "relu": "W x + b < 0 for an open set, which ReLU sends to 0",
    "gelu": "W x + b takes every value, and GELU some values twice, for it falls before it rises",
}
#: Widths above which ranks are not looked at.
_WIDEST = 256


@dataclass(frozen=True)
class LayerFact:
    """What is proven of one layer.

    Attributes
    ----------
    homeomorphism
        ``"proven"``: onto its image; ``"refuted"``: two points are sent to one; or ``"undecided"``.
    inputs, outputs
        Its dimensions.
    activation
        Its name, or ``"flow"``.
    sign
        Of the determinant, where W is square and not too large to tell, else None.
    independent
        Whether W has the rank of the smaller dimension; None if that is not known.
    lipschitz
        Of a flow, a proven bound below 1, else None.
    why
        In words.
    """

    homeomorphism: Verdict
    inputs: int
    outputs: int
    activation: str
    sign: int | None
    independent: bool | None
    lipschitz: float | None
    why: str

    @property
    def cause(self) -> str:
        """Why the layer is known not to be a homeomorphism: narrows, singular, relu, gelu; or empty."""
        if self.homeomorphism != "refuted":
            return ""
        if self.outputs < self.inputs:
            return "narrows"
        return "singular" if self.independent is False else self.activation

    @property
    def obstacle(self) -> tuple[str, str]:
        """Step and cause of the first step of its motion that is no isotopy; empty if none is known."""
        if self.activation == "flow":
            return "", ""
        if self.outputs < self.inputs:
            return "linear", "narrows"
        if self.independent is False:
            return "linear", "singular"
        if self.inputs == self.outputs and self.sign == -1:
            return "linear", "mirrors"
        return (
            ("activation", self.activation) if self.activation in FOLDING and self.independent else ("", "")
        )

    @property
    def isotopy(self) -> Verdict:
        """Whether its motion is an ambient isotopy."""
        if self.obstacle[0]:
            return "refuted"
        return "proven" if self.homeomorphism == "proven" else "undecided"


def layer_fact(layer: Layer, budget: int) -> LayerFact:
    """Find out about one layer."""
    if isinstance(layer, FlowStep):
        return _flow_fact(layer, budget)
    m, n = layer.weight.shape
    small = max(m, n) <= _WIDEST
    independent = full_rank(layer.weight) if small else None
    sign = determinant_sign(layer.weight) if small and m == n else None
    verdict, why = _judged(layer, independent, sign)
    return LayerFact(verdict, n, m, layer.activation, sign, independent, None, why)


def _judged(layer: Affine, independent: bool | None, sign: int | None) -> tuple[Verdict, str]:
    m, n = layer.weight.shape
    if m < n:
        return "refuted", f"it narrows from {n} to {m} dimensions, so W x = 0 for some x other than 0"
    if independent is False:
        return "refuted", "the rank of W is too small, so W x = 0 for some x other than 0"
    if independent is None:
        return "undecided", "W is too large, or too close to singular to tell"
    known = f"det W {'>' if sign == 1 else '<'} 0" if m == n else f"W has rank {n}"
    if layer.activation in INCREASING:
        return "proven", f"{known} exactly, and {layer.activation} is continuous and strictly increasing"
    if layer.activation in FOLDING and m == n:
        return "refuted", f"{known} exactly, so that {FOLDING[layer.activation]}"
    return (
        "undecided",
        f"{known} exactly; whether {layer.activation} sends two points to one depends on where",
    )


def _flow_fact(layer: FlowStep, budget: int) -> LayerFact:
    d = int(layer.anchors.shape[1])
    proof = prove_slow(layer, budget=budget)
    bound = proof.bound if proof.verdict == "proven" else None
    if bound is not None:
        why = f"the field's Lipschitz constant is at most {bound:.4g}, below 1"
        return LayerFact("proven", d, d, "flow", None, None, bound, why)
    why = "its field is not proven to change more slowly than points move"
    return LayerFact("undecided", d, d, "flow", None, None, None, why)


def folds_at(layer: Layer, point: Sequence[float]) -> bool:
    """Whether a ReLU layer is proven to send points near this one to the same: an exact decision.

    The units that are not off at the point (``W_i x + b_i >= 0``) have a rank below the number of inputs, so
    in some direction none of them changes, and the others stay off for a little way.
    """
    if not isinstance(layer, Affine) or layer.activation != "relu":
        return False
    x = [Fraction(value) for value in point]
    if len(x) != layer.weight.shape[1]:
        return False
    rows = zip(layer.weight.tolist(), layer.bias.tolist(), strict=True)
    on = [sum((Fraction(w) * c for w, c in zip(row, x, strict=True)), Fraction(b)) >= 0 for row, b in rows]
    active: FloatArray = layer.weight[np.array(on, dtype=bool)]
    return len(active) < len(x) or full_rank(active) is False


@dataclass(frozen=True)
class Obstacle:
    """The first step that is no isotopy, or is not proven to be one: layer from 1, its step and why."""

    layer: int
    step: str
    cause: str


def isotopy(facts: Sequence[LayerFact]) -> tuple[Verdict, Obstacle | None]:
    """Whether the animation of all layers is an ambient isotopy, and else where it first is not.

    ``"refuted"`` means that the layers before the obstacle are proven to be isotopies.
    """
    for k, fact in enumerate(facts, 1):
        if fact.isotopy == "refuted":
            return "refuted", Obstacle(k, *fact.obstacle)
        if fact.isotopy == "undecided":
            return "undecided", Obstacle(k, "flow" if fact.activation == "flow" else "linear", "unknown")
    return "proven", None
