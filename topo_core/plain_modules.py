"""PyTorch modules as plain numbers: hidden layers ``sigma(W x + b)`` and a readout, in float64."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from topo_core.activations import LEAKY_SLOPE
from topo_core.errors import SpecError
from topo_core.spec import NetworkSpec

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plain:
    """A network as plain numbers.

    Attributes
    ----------
    weights, biases
        ``(out, in)`` and ``(out,)`` of every hidden layer, then of the readout.
    activations
        A name in ``topo_core.activations.ACTIVATIONS`` for every hidden layer.
    """

    weights: tuple[FloatArray, ...]
    biases: tuple[FloatArray, ...]
    activations: tuple[str, ...]

    @property
    def spec(self) -> NetworkSpec:
        """Its architecture, without the readout."""
        return NetworkSpec(tuple(int(w.shape[1]) for w in self.weights), self.activations)

    @property
    def outputs(self) -> int:
        """Rows of the readout."""
        return len(self.weights[-1])

    def with_two_outputs(self) -> Plain:
        """The same decision by two logits, where it was by the sign of a single one."""
        if self.outputs != 1:
            return self
        weight, bias = self.weights[-1], self.biases[-1]
        return replace(
            self,
            weights=(*self.weights[:-1], np.concatenate([0 * weight, weight])),
            biases=(*self.biases[:-1], np.concatenate([0 * bias, bias])),
        )


#: Options of an activation module that are supported, as ``{name: value}``.
_OPTIONS: dict[Any, tuple[str, dict[str, Any]]] = {
    nn.Tanh: ("tanh", {}),
    nn.Sigmoid: ("sigmoid", {}),
    nn.Softplus: ("softplus", {"beta": 1.0, "threshold": 20.0}),
    nn.ReLU: ("relu", {}),
    nn.LeakyReLU: ("leaky_relu", {"negative_slope": LEAKY_SLOPE}),
    nn.ELU: ("elu", {"alpha": 1.0}),
    nn.GELU: ("gelu", {"approximate": "none"}),
}
_PASSING = (nn.Identity, nn.Dropout)
#: Names of the modules that a network may consist of.
SUPPORTED = tuple(
    kind.__name__ for kind in (nn.Sequential, nn.Linear, *_OPTIONS, nn.Identity, nn.Dropout, nn.BatchNorm1d)
)


def plain_module(model: nn.Module) -> Plain:
    """A ``torch.nn.Sequential`` of supported modules as plain numbers.

    The last ``Linear`` is the readout. Two of them in a row make a layer with activation ``"linear"``; batch
    normalisation between an activation and an activation, a layer with a diagonal weight. Softplus is
    taken as the exact function, from which PyTorch's differs by at most ``exp(-20)``.

    Raises
    ------
    SpecError
        For a module that is not supported, with its position, and what is.
    """
    if type(model) is not nn.Sequential:
        raise SpecError(
            f"{type(model).__name__} is no torch.nn.Sequential: put its modules into one, "
            f"of {', '.join(SUPPORTED[1:])}"
        )
    build = _Build()
    for where, module in _flat(model):
        build.add(where, module)
    return build.finished()


def _flat(model: nn.Sequential, prefix: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The modules in their order, those of nested sequences too, with where they are."""
    for name, module in model._modules.items():
        assert module is not None
        if type(module) is nn.Sequential:
            yield from _flat(module, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", module


class _Build:
    """Layers as they are put together from modules."""

    def __init__(self) -> None:
        self.weights: list[FloatArray] = []
        self.biases: list[FloatArray] = []
        self.activations: list[str] = []
        #: An affine map that no activation follows yet, and whether a Linear is in it.
        self.pending: tuple[FloatArray, FloatArray] | None = None
        self.linear = False
        self.width: int | None = None

    def add(self, where: str, module: nn.Module) -> None:
        """Put the next module on."""
        name = type(module).__name__
        if module._forward_hooks or module._forward_pre_hooks:
            raise SpecError(f"module {where} ({name}) has hooks, which are not taken over: remove them")
        if isinstance(module, nn.Dropout | nn.BatchNorm1d) and module.training:
            raise SpecError(
                f"module {where} ({name}) is in training mode, where what it does is random or depends on "
                "the batch: call model.eval() first"
            )
        if type(module) is nn.Linear:
            self._check_width(where, name, module.in_features)
            self.width = module.out_features
            self._multiply(_numbers(module.weight), _bias(module))
        elif type(module) is nn.BatchNorm1d:
            self._check_width(where, name, module.num_features)
            self._scale(*_normalisation(where, module))
        elif type(module) in _OPTIONS:
            self._activate(where, module)
        elif type(module) not in _PASSING:
            raise SpecError(
                f"module {where} is {name}, which is not supported; use one of {', '.join(SUPPORTED)}"
            )

    def _check_width(self, where: str, name: str, inputs: int) -> None:
        if self.width not in (None, inputs):
            raise SpecError(
                f"module {where} ({name}) takes {inputs} inputs, but the one before gives {self.width}: "
                "make them fit"
            )
        self.width = inputs

    def _multiply(self, weight: FloatArray, bias: FloatArray) -> None:
        if self.linear:
            self._close("linear")
        if self.pending is None:
            self.pending = weight, bias
        else:
            scale, offset = self.pending  # of a normalisation before: W (S x + c) + b
            self.pending = weight @ scale, weight @ offset + bias
        self.linear = True

    def _scale(self, scale: FloatArray, offset: FloatArray) -> None:
        if self.pending is None:
            self.pending = np.diag(scale), offset
        else:
            weight, bias = self.pending
            self.pending = scale[:, None] * weight, scale * bias + offset

    def _activate(self, where: str, module: nn.Module) -> None:
        name, options = _OPTIONS[type(module)]
        for option, value in options.items():
            if getattr(module, option) != value:
                raise SpecError(
                    f"module {where} ({type(module).__name__}) has {option} = {getattr(module, option)!r}; "
                    f"only {value!r} is supported"
                )
        if self.pending is None:
            what = "another activation" if self.weights else "no Linear"
            raise SpecError(
                f"module {where} ({type(module).__name__}) follows {what}; put a Linear before every "
                "activation"
            )
        self._close(name)

    def _close(self, activation: str) -> None:
        assert self.pending is not None
        weight, bias = self.pending
        self.weights.append(weight)
        self.biases.append(bias)
        self.activations.append(activation)
        self.pending, self.linear = None, False

    def finished(self) -> Plain:
        """The network; what is pending is its readout."""
        if self.pending is None or not self.linear:
            last = f"it ends in {self.activations[-1]}" if self.activations else "it has no Linear"
            raise SpecError(
                f"the network has no readout: {last}; the last module must be the Linear that gives the "
                "logits (leave out a final sigmoid or softmax: the largest logit stays the largest)"
            )
        weight, bias = self.pending
        return Plain((*self.weights, weight), (*self.biases, bias), tuple(self.activations))


def _numbers(values: Tensor) -> FloatArray:
    return values.detach().cpu().double().numpy().copy()


def _bias(module: nn.Linear) -> FloatArray:
    return np.zeros(module.out_features) if module.bias is None else _numbers(module.bias)


def _normalisation(where: str, module: nn.BatchNorm1d) -> tuple[FloatArray, FloatArray]:
    """Scale and offset ``(d,)`` of batch normalisation in evaluation."""
    if module.running_mean is None or module.running_var is None:
        raise SpecError(
            f"module {where} (BatchNorm1d) keeps no running statistics, so that what it does depends on the "
            "batch: train it with track_running_stats=True"
        )
    scale = 1 / np.sqrt(_numbers(module.running_var) + module.eps)
    if module.weight is not None:
        scale = scale * _numbers(module.weight)
    offset = -scale * _numbers(module.running_mean)
    return scale, offset if module.bias is None else offset + _numbers(module.bias)
