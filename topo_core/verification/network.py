"""A network as plain numbers, and enclosures of where it carries boxes of parameters.

The enclosure of a map over a box is its *jet*: the value at the centre, the values anywhere in the box, and
the derivative by the parameters anywhere in the box (forward mode). The values over the box are those of the
layer's own interval extension and of the mean value form ``f(c) + f'(box) (box - c)``, whose excess shrinks
with the square of the box (Moore, Kearfott and Cloud, "Introduction to Interval Analysis", 2009, 6.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from topo_core.errors import TopoError, shown
from topo_core.verification import elementary, gaussian
from topo_core.verification.fields import FlowStep, field
from topo_core.verification.intervals import FloatArray, Interval, affine, product, spread

__all__ = ["ACTIVATIONS", "Affine", "FlowStep", "Jet", "Layer", "Network", "carried", "linearly"]

#: Encloses the value and the derivative of an activation.
Enclosure = Callable[[Interval], tuple[Interval, Interval]]

#: Every activation by name.
ACTIVATIONS: dict[str, Enclosure] = {
    "tanh": elementary.tanh,
    "sigmoid": elementary.sigmoid,
    "softplus": elementary.softplus,
    "relu": elementary.relu,
    "leaky_relu": elementary.leaky_relu,
    "elu": elementary.elu,
    "gelu": gaussian.gelu,
    "linear": elementary.linear,
}


@dataclass(frozen=True, eq=False)
class Affine:
    """A layer ``sigma(W x + b)``.

    Attributes
    ----------
    weight, bias
        ``(out, in)`` and ``(out,)``, finite.
    activation
        A name in ``ACTIVATIONS``.

    Raises
    ------
    TopoError
        For an unknown activation, or shapes that do not fit.
    """

    weight: FloatArray
    bias: FloatArray
    activation: str

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise TopoError(f"activation {shown(self.activation)} has no enclosure; use one of {known}")
        if self.weight.ndim != 2 or self.bias.shape != self.weight.shape[:1]:
            raise TopoError(
                f"a layer with weight {self.weight.shape}, bias {self.bias.shape}: give (out, in) and (out,)"
            )


Layer = Affine | FlowStep


@dataclass(frozen=True, eq=False)
class Jet:
    """What is known of a map over k boxes of p parameters.

    Attributes
    ----------
    centre
        ``(k, d)``, the value at the box's centre, nearly exact.
    value
        ``(k, d)``, the values anywhere in the box.
    tangent
        ``(k, d, p)``, the derivatives anywhere in the box.
    radius
        ``(k, p)``, how far the parameters are from the centre at most.
    """

    centre: Interval
    value: Interval
    tangent: Interval
    radius: FloatArray

    def rows(self, part: slice) -> Jet:
        """That of some of the boxes."""
        return Jet(self.centre[part], self.value[part], self.tangent[part], self.radius[part])

    def tightened(self) -> Jet:
        """The same with values that are not wider than the mean value form."""
        reach = spread(self.tangent, self.radius)
        return replace(self, value=self.value.meet(self.centre + Interval(-reach, reach)))


@dataclass(frozen=True, eq=False)
class Network:
    """Hidden layers and a linear readout.

    Attributes
    ----------
    layers
        In their order.
    readout_weight, readout_bias
        ``(C, d)`` and ``(C,)``: the logits of C classes.
    """

    layers: tuple[Layer, ...]
    readout_weight: FloatArray
    readout_bias: FloatArray

    def representation(self, jet: Jet, layers: int | None = None) -> Jet:
        """The jet of the input ``(k, d_0)`` after so many layers; after all by default."""
        with np.errstate(all="ignore"):
            for layer in self.layers[:layers]:
                jet = carried(layer, jet)
        return jet


def carried(layer: Layer, jet: Jet) -> Jet:
    """The jet after one layer more."""
    if isinstance(layer, FlowStep):
        at_centre, moved, slope = field(layer, jet.centre, jet.value)
        after = Jet(
            jet.centre + at_centre, jet.value + moved, jet.tangent + product(slope, jet.tangent), jet.radius
        )
        return after.tightened()
    flat = linearly(layer.weight, layer.bias, jet)
    enclose = ACTIVATIONS[layer.activation]
    centre, _ = enclose(flat.centre)
    value, slope = enclose(flat.value)
    return Jet(centre, value, flat.tangent * slope[:, :, None], jet.radius).tightened()


def linearly(weight: FloatArray, bias: FloatArray, jet: Jet) -> Jet:
    """The jet of ``W x + b``."""
    k, d, p = jet.tangent.shape
    rows = [end.transpose(0, 2, 1).reshape(k * p, d) for end in (jet.tangent.lo, jet.tangent.hi)]
    turned = affine(weight, Interval(*rows))
    tangent = [end.reshape(k, p, -1).transpose(0, 2, 1) for end in (turned.lo, turned.hi)]
    centre, value = affine(weight, jet.centre, bias), affine(weight, jet.value, bias)
    return Jet(centre, value, Interval(*tangent), jet.radius).tightened()
