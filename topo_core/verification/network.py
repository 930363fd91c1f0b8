"""A network as plain numbers, and enclosures of where it carries boxes of parameters.

The enclosure of a map over a box is its *jet*: the value at the centre, the value anywhere in the box, and
the derivative by the parameters anywhere in the box (forward mode). Each layer's value over the box is the
intersection of its own interval extension and the mean value form ``f(c) + f'(box) (box - c)``, whose excess
shrinks with the square of the box (Moore, Kearfott and Cloud, "Introduction to Interval Analysis", 2009, 6.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Affine:
    """A layer ``sigma(W x + b)``.

    Attributes
    ----------
    weight, bias
        ``(out, in)`` and ``(out,)``, finite.
    activation
        A name in ``ACTIVATIONS``.
    """

    weight: FloatArray
    bias: FloatArray
    activation: str


@dataclass(frozen=True, eq=False)
class FlowStep:
    """A layer ``x -> x + F(x)`` with ``F(x) = sum v_i f_i / (1 + sum f_i)``.

    Attributes
    ----------
    anchors, vectors
        a_i and v_i, ``(m, d)`` each, finite.
    scale
        s in ``f_i = exp(-|x - a_i|^2 / (2 s^2))``, above 0.
    """

    anchors: FloatArray
    vectors: FloatArray
    scale: float


Layer = Affine | FlowStep


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
