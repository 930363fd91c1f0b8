"""Swaps of two units that make determinants positive, the same in every snapshot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from topo_core.isotopy import swap_neurons

FloatArray = NDArray[np.float64]


def swap_in_all(weights: list[FloatArray], biases: list[FloatArray]) -> tuple[tuple[int, int] | None, ...]:
    """Apply the last snapshot's neuron swaps to every snapshot ``(S, out, in)`` and ``(S, out)``, in place.

    Swapping two units of a layer and the columns that read them changes no network function. It must
    be the same in all snapshots, or a training film would jump.
    """
    layers = [(w[-1], b[-1]) for w, b in zip(weights[:-1], biases[:-1], strict=True)]
    swaps = tuple(swap_neurons(layers, (weights[-1][-1], biases[-1][-1]))[2])
    for k, swap in enumerate(swaps):
        if swap is not None:
            there, back = list(swap), list(swap)[::-1]
            weights[k][:, there] = weights[k][:, back]
            biases[k][:, there] = biases[k][:, back]
            weights[k + 1][:, :, there] = weights[k + 1][:, :, back]
    return swaps
