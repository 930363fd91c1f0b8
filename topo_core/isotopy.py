"""The continuous path through a layer: linear map, translation, activation; or a flow.

Source: essay, "Theorem: There is an ambient isotopy between the input and a network layer's
representation if: a) W isn't singular, b) we are willing to permute the neurons in the hidden
layer, and c) there is more than 1 hidden unit". Its proof only says that the matrices of positive
determinant are path-connected; ``LinearPath`` is an explicit path. A layer that widens, which the
theorem leaves out, is completed to an invertible map of the larger space.

Every step is a pure function of the points and of an absolute ``t`` in [0, 1].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.activations import ACTIVATIONS
from topo_core.errors import TopoError, UnknownNameError
from topo_core.flow import Flow
from topo_core.linear_path import LinearPath, completed, determinant_sign
from topo_core.steps import ActivationStep, FlowStep, LinearStep, Step, TranslationStep, embed

__all__ = [
    "ActivationStep",
    "FlowStep",
    "LayerPath",
    "LinearPath",
    "LinearStep",
    "Step",
    "TranslationStep",
    "completed",
    "determinant_sign",
    "embed",
    "swap_neurons",
]

FloatArray = NDArray[np.float64]

#: A layer's weight ``(m, n)`` and bias ``(m,)``.
Affine = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, eq=False)
class LayerPath:
    """The motion ``F_t`` that carries a layer's input to its output.

    ``F_0`` is the embedding ``x -> (x, 0)`` of the inputs into R^d, exactly; ``F_1`` has
    ``sigma(W x + b)`` in its first ``outputs`` coordinates and 0 in the others. The steps share
    [0, 1] evenly. With a flow, the only step is ``x -> x + t F(x)``.

    Parameters
    ----------
    weight, bias
        ``(m, n)`` and ``(m,)``, finite.
    activation
        A name in ``topo_core.activations.ACTIVATIONS``; ``"linear"`` has no step of its own.
    flow
        Takes the place of the rest, which is then the identity.

    Raises
    ------
    TopoError
        For shapes that do not fit, values that are not finite, or an unknown activation.
    """

    weight: FloatArray
    bias: FloatArray
    activation: str
    flow: Flow | None = None

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            raise UnknownNameError("activation", self.activation, ACTIVATIONS)
        for name in ("weight", "bias"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        shape = self.weight.shape
        if len(shape) != 2 or 0 in shape or self.bias.shape != shape[:1]:
            raise TopoError(
                f"a layer with weight of shape {shape} and bias of shape {self.bias.shape}: "
                "give (outputs, inputs) and (outputs,)"
            )
        if not (np.isfinite(self.weight).all() and np.isfinite(self.bias).all()):
            raise TopoError("a layer's weight or bias is not finite: there is no path to it")

    @property
    def inputs(self) -> int:
        """Dimension of the input."""
        return int(self.weight.shape[1])

    @property
    def outputs(self) -> int:
        """Dimension of the output."""
        return int(self.weight.shape[0])

    @property
    def dimension(self) -> int:
        """Dimension of the space in which the motion takes place: the larger of the two."""
        return max(self.inputs, self.outputs)

    @cached_property
    def linear(self) -> LinearPath:
        """The path of matrices to the completed weight."""
        return LinearPath(completed(self.weight))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Linear map, translation and, unless it is ``"linear"``, activation; or the flow alone."""
        if self.flow is not None:
            return (FlowStep(self.flow),)
        offset = np.concatenate([self.bias, np.zeros(self.dimension - self.outputs)])
        steps: list[Step] = [
            LinearStep(self.linear, self._linear_reason()),
            TranslationStep(offset),
        ]
        if self.activation != "linear":
            steps.append(ActivationStep(ACTIVATIONS[self.activation], self.outputs))
        return tuple(steps)

    def _linear_reason(self) -> str:
        if self.outputs < self.inputs:
            return (
                f"The layer narrows from {self.inputs} to {self.outputs} dimensions, "
                "so different points may become one."
            )
        if self.linear.sign == 0:
            return "The weight matrix is singular (or, if large, too close to it to tell): it flattens space."
        if self.linear.sign > 0:
            return ""
        if self.dimension == 1:
            return "The weight is negative and a single neuron has none to swap with."
        return "The determinant is negative until two neurons are swapped."

    @property
    def isotopic(self) -> bool:
        """Whether every step is a homeomorphism onto its range for all t in [0, 1]."""
        return all(step.homeomorphism for step in self.steps)

    @property
    def reason(self) -> str:
        """Why the path is not an ambient isotopy, in sentences; empty if it is one."""
        return " ".join(step.reason for step in self.steps if step.reason)

    def locate(self, t: float) -> tuple[int, float]:
        """Which step is under way at ``t``, and how far it is.

        Raises
        ------
        TopoError
            When ``t`` is outside [0, 1].
        """
        if not 0 <= t <= 1:
            raise TopoError(f"t = {t}: must be between 0 and 1")
        count = len(self.steps)
        index = min(int(t * count), count - 1)
        return index, float(min(t * count - index, 1.0))

    def step(self, x: FloatArray, index: int, u: float) -> FloatArray:
        """The points with the first ``index`` steps complete and the next one at ``u`` in [0, 1].

        Parameters
        ----------
        x
            ``(k, inputs)``, float64.

        Returns
        -------
        ``(k, dimension)``, float64, newly allocated.

        Raises
        ------
        TopoError
            When there is no such step, ``u`` is outside [0, 1] or the points do not fit.
        """
        if not (0 <= index < len(self.steps) and 0 <= u <= 1):
            raise TopoError(
                f"step {index} at u = {u}: the steps are 0 to {len(self.steps) - 1}, u from 0 to 1"
            )
        if x.ndim != 2 or x.shape[1] != self.inputs:
            raise TopoError(f"points of shape {x.shape}: this layer takes (k, {self.inputs})")
        moved = embed(x, self.dimension)
        for complete in self.steps[:index]:
            moved = complete(moved, 1.0)
        return moved if u == 0 else self.steps[index](moved, u)

    def __call__(self, x: FloatArray, t: float) -> FloatArray:
        """``F_t`` of points ``(k, inputs)``, as ``(k, dimension)``."""
        return self.step(x, *self.locate(t))


def swap_neurons(
    layers: Sequence[Affine], readout: Affine
) -> tuple[list[Affine], Affine, tuple[tuple[int, int] | None, ...]]:
    """Swap two neurons wherever that makes a negative determinant positive.

    In each hidden layer with a square weight of negative determinant (decided exactly) and at least
    two units, units 0 and 1 change places: two rows of its weight and bias and two columns of what
    reads them. The network computes the same function, and its layer satisfies condition b) of the
    essay's theorem. Layers are taken in order, for each swap changes the next determinant.

    Parameters
    ----------
    layers
        Weight ``(out, in)`` and bias ``(out,)`` of each hidden layer; not modified.
    readout
        Weight and bias of the linear readout; not modified.

    Returns
    -------
    The new layers, the new readout, and for each layer the pair that was swapped, or None.
    """
    stack = [(weight.copy(), bias.copy()) for weight, bias in (*layers, readout)]
    swaps: list[tuple[int, int] | None] = []
    for k, (weight, bias) in enumerate(stack[:-1]):
        m, n = weight.shape
        if m != n or m < 2 or determinant_sign(weight) >= 0:
            swaps.append(None)
            continue
        weight[[0, 1]] = weight[[1, 0]]
        bias[[0, 1]] = bias[[1, 0]]
        following = stack[k + 1][0]
        following[:, [0, 1]] = following[:, [1, 0]]
        swaps.append((0, 1))
    return stack[:-1], stack[-1], tuple(swaps)
