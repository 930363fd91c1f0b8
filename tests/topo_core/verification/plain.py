"""Networks evaluated in plain NumPy, to compare enclosures with."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from topo_core.verification.fields import FlowStep
from topo_core.verification.network import Affine, Network

FloatArray = NDArray[np.float64]

SIGMA = {
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.maximum(x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    "gelu": lambda x: x * ndtr(x),
    "linear": lambda x: x,
}


def field(step: FlowStep, x: FloatArray) -> FloatArray:
    f = np.exp(-np.square(x[:, None] - step.anchors).sum(axis=-1) / (2 * step.scale**2))
    result: FloatArray = (f / (1 + f.sum(axis=1, keepdims=True))) @ step.vectors
    return result


def representation(network: Network, x: FloatArray) -> FloatArray:
    for layer in network.layers:
        if isinstance(layer, Affine):
            x = SIGMA[layer.activation](x @ layer.weight.T + layer.bias)
        else:
            x = x + field(layer, x)
    return x


def logits(network: Network, x: FloatArray) -> FloatArray:
    return representation(network, x) @ network.readout_weight.T + network.readout_bias


def random_network(seed: int, widths: tuple[int, ...], activation: str = "tanh", classes: int = 2) -> Network:
    """Layers of these widths; ``"flow"`` makes flow layers of five anchors."""
    rng = np.random.default_rng(seed)
    layers = []
    for n, m in pairwise(widths):
        if activation == "flow":
            layers.append(FlowStep(rng.standard_normal((5, n)), 0.3 * rng.standard_normal((5, n)), 0.8))
        else:
            layers.append(Affine(rng.standard_normal((m, n)), rng.standard_normal(m), activation))
    return Network(tuple(layers), rng.standard_normal((classes, widths[-1])), rng.standard_normal(classes))
