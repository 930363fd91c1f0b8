"""Polygonal links for tests."""

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets import LinkedTori, Unlink
from topo_core.unlinking.polygons import Polygons, equally_long, joined

FloatArray = NDArray[np.float64]


def unlink(n: int = 60, noise: float = 1e-3, seed: int = 0) -> tuple[Polygons, FloatArray]:
    """The essay's two curves that only look linked."""
    polygons, x = joined([equally_long(core, n) for core in Unlink().cores])
    return polygons, x + noise * np.random.default_rng(seed).standard_normal(x.shape)


def hopf(n: int = 30) -> tuple[Polygons, FloatArray]:
    """Two linked circles."""
    return joined([equally_long(core, n) for core in LinkedTori().cores])


def whitehead(n: int = 60) -> tuple[Polygons, FloatArray]:
    """Two curves with linking number 0 that cannot be taken apart."""
    bends = np.array([0, 0.4, np.pi - 0.4, np.pi, np.pi + 0.4, 2 * np.pi - 0.4, 2 * np.pi])

    def ring(s: FloatArray) -> FloatArray:
        a = 2 * np.pi * s
        return 1.06 * np.stack([np.cos(a), np.sin(a), 0 * a], axis=1)

    def eight(s: FloatArray) -> FloatArray:
        t = 2 * np.pi * s
        height = np.interp(t, bends, [1, -1, 1, -1, 1, -1, 1])
        return np.stack([2 * np.sin(t), np.sin(2 * t), height], axis=1)

    return joined([equally_long(ring, n), equally_long(eight, n)])
