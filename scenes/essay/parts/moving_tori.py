"""Two tori on their way through a network: the vertices of their surfaces, and their core curves.

Essay, "Links And Homotopy": the picture "link" and what becomes of it.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.surfaces import Patch
from topo_core.isotopy import embed
from topo_core.topology.follow import follow_curves, followed, resolved
from topo_core.topology.linking import linking_number
from topo_core.topology.surface_distance import NearestOnSurfaces, nearest_on_surfaces
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Instants in each layer at which corners of the core curves are chosen.
_INSTANTS = 24
#: Pieces of the lines, and lines, whose images are measured to choose vertices.
_PIECES, _LINES = 1536, 96


class Pair(NamedTuple):
    """One of A and one of B."""

    a: FloatArray
    b: FloatArray


class MovingTori:
    """Tubes around two closed curves, carried through the layers of a network.

    A position of 1.5 is half-way through the second layer.

    Parameters
    ----------
    trace
        Of two components, each the tube around a closed curve.
    detail
        Vertices along each core and around each tube; they crowd where the network stretches the surface.

    Attributes
    ----------
    patches
        The surfaces' parametrisations at the input.
    parameters
        For each torus u and v of its vertices, ``(m * n,)`` each.
    dimension
        Of the largest representation; others are embedded as ``(x, 0)``.
    """

    def __init__(self, trace: Trace, detail: tuple[int, int] = (320, 96)) -> None:
        self.trace, self.detail = trace, detail
        self.dimension = max(trace.spec.widths)
        surfaces = [c.surface for c in trace.dataset.components if c.surface is not None]
        self.patches: tuple[Patch, Patch] = surfaces[0].patch, surfaces[1].patch
        self.parameters = tuple(_parameters(trace, patch, detail) for patch in self.patches)
        self.inputs = Pair(*(patch(*uv) for patch, uv in zip(self.patches, self.parameters, strict=True)))
        self._nearest = lru_cache(maxsize=4096)(self._find_nearest)
        self._linking = lru_cache(maxsize=4096)(self._find_linking)
        self._starts: dict[int, Pair] = {}

    @property
    def length(self) -> float:
        """The last position."""
        return float(self.trace.n_layers)

    def instants(self, per_layer: int) -> FloatArray:
        """Positions equally spaced, ``per_layer`` in each layer, and the last."""
        return np.arange(self.trace.n_layers * per_layer + 1) / per_layer

    def carried(self, x: FloatArray, position: float) -> FloatArray:
        """Where points ``(n, d_0)`` of the input are at a position: ``(n, dimension)``."""
        layer = min(int(position), self.trace.n_layers)
        return embed(self.trace.evaluate(x, layer, position - layer), self.dimension)

    def vertices(self, position: float) -> Pair:
        """The vertices of both surfaces at a position, ``(m * n, dimension)`` each."""
        layer = min(int(position), self.trace.n_layers)
        if layer not in self._starts:
            self._starts[layer] = Pair(*(self.trace.evaluate(x, layer) for x in self.inputs))
        start = self._starts[layer]
        if position > layer:
            path, width = self.trace.layers[layer].path, self.trace.spec.widths[layer]
            start = Pair(*(path(h[:, :width], position - layer) for h in start))
        return Pair(*(embed(h, self.dimension) for h in start))

    def grid(self, points: FloatArray) -> FloatArray:
        """Vertices in the rows and columns of their surface, ``(m, n, d)``."""
        return points.reshape(*self.detail, -1)

    # -- what is measured ------------------------------------------------------------------------

    @cached_property
    def _corners(self) -> Pair:
        return Pair(*follow_curves(self.trace, _INSTANTS))

    def cores(self, position: float) -> Pair:
        """Polygons that stand for the core curves at a position, ``(k, dimension)`` each."""
        return Pair(*(self.carried(corners, position) for corners in self._corners))

    def linking(self, position: float) -> int | None:
        """The linking number of the core curves at a position of a network of three units a layer.

        None where the curves are so near to each other that polygons do not resolve them.
        """
        return self._linking(position)

    def _find_linking(self, position: float) -> int | None:
        first, second = self.cores(position)
        if not resolved(first, second):
            layer = min(int(position), self.trace.n_layers)
            finer = followed(self.trace, layer, position - layer)
            if not finer.resolved:
                return None
            first, second = finer.first, finer.second
        return linking_number(first, second)

    def nearest(self, position: float) -> NearestOnSurfaces:
        """Where the two surfaces come nearest at a position, in all of its dimensions."""
        return self._nearest(position)

    def _find_nearest(self, position: float) -> NearestOnSurfaces:
        first, second = (self._moved(patch, position) for patch in self.patches)
        return nearest_on_surfaces(first, second)

    def _moved(self, patch: Patch, position: float) -> Patch:
        return lambda u, v: self.carried(patch(u, v), position)

    def moved(self, position: float) -> tuple[Patch, Patch]:
        """The parametrisations of both surfaces at a position."""
        return self._moved(self.patches[0], position), self._moved(self.patches[1], position)


def _parameters(trace: Trace, patch: Patch, detail: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """The parameters ``(m * n,)``, u and v, of a grid of vertices; on each line of one v, u has its own."""
    m, n = detail
    fine = np.arange(_PIECES + 1) / _PIECES
    across = np.arange(_LINES) / _LINES
    density = _stretched(trace, patch, np.broadcast_to(across, (len(fine), _LINES)), fine[:, None])
    v = _crowded(density.max(axis=1, keepdims=True), n)[:, 0]
    u = _crowded(_stretched(trace, patch, fine[:, None], v[None]), m)
    return u.ravel(), np.tile(v, m)


def _stretched(trace: Trace, patch: Patch, u: FloatArray, v: FloatArray) -> FloatArray:
    """How long the pieces of lines (columns of u and v) are, summed over the representations: ``(k, l)``."""
    u, v = np.broadcast_arrays(u, v)
    density = np.zeros((len(u) - 1, u.shape[1]))
    for h in trace.representations(patch(u.ravel(), v.ravel())):
        pieces = np.linalg.norm(np.diff(h.reshape(*u.shape, -1), axis=0), axis=2)
        density += pieces / max(float(pieces.sum(axis=0).max()), 1e-300)
    return density + 1 / len(density)


def _crowded(density: FloatArray, n: int) -> FloatArray:
    """For every column of a density ``(k, l)`` on [0, 1], ``n`` parameters: ``(n, l)``."""
    fine = np.arange(len(density) + 1) / len(density)
    reached = np.pad(np.cumsum(density, axis=0), ((1, 0), (0, 0)))
    shares = np.arange(n) / n
    columns = [np.interp(shares * column[-1], column, fine) for column in reached.T]
    return np.stack(columns, axis=1)
