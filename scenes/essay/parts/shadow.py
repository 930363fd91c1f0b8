"""Two tori in four dimensions, shown by a projection that turns in four dimensions, and a colour.

The projection is orthogonal: of a rotated space the first three coordinates are drawn, and the fourth, which
is lost, is a colour. At turn 0 the coordinates are the network's own; at turn 1 the first is the one across
the hyperplane that classifies. In between the rotation takes the shortest way.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.moving_tori import MovingTori
from scenes.kit import Space3D, Surface, tint
from topo_core.linear_path import LinearPath
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: The scale of colours goes to the largest fourth coordinate there is now, and at least so far.
_LEAST = 0.5


def undecided(trace: Trace) -> tuple[FloatArray, float]:
    """Unit normal towards B and bias of the hyperplane on which the readout is undecided."""
    weight, bias = trace.readout_weight[-1], trace.readout_bias[-1]
    normal = weight[1] - weight[0]
    length = float(np.linalg.norm(normal))
    return normal / length, float(bias[1] - bias[0]) / length


def final_view(trace: Trace, representation: FloatArray) -> FloatArray:
    """The rotation ``(4, 4)`` to the coordinates in which the hyperplane is seen edge-on.

    The first goes across the hyperplane, towards B. The others are principal components of what is left of a
    representation ``(n, 4)``, the one of least variance last; of the directions in which they may point those
    that are least turned.
    """
    normal, _ = undecided(trace)
    left = representation - representation.mean(axis=0)
    left = left - np.outer(left @ normal, normal)
    components = np.linalg.svd(left, full_matrices=False)[2][:3]
    found = [
        np.concatenate([normal[None], np.array(signs)[:, None] * components])
        for signs in product((1.0, -1.0), repeat=3)
    ]
    turns = [rotation for rotation in found if np.linalg.det(rotation) > 0]
    return max(turns, key=lambda rotation: float(np.trace(rotation)))


class Shadow:
    """The two tori in a space: three of four coordinates, and the fourth as a tint of each class's colour.

    Parameters
    ----------
    space
        Where they are drawn.
    trace
        Of layers of four units on two tori.
    detail
        Vertices along each core and around each tube.

    Attributes
    ----------
    position
        How many layers they have been carried through.
    turn
        How far the projection has turned, from 0 to 1.
    """

    def __init__(self, space: Space3D, trace: Trace, detail: tuple[int, int] = (224, 80)) -> None:
        self.space, self.trace, self.theme = space, trace, space.theme
        self.tori = MovingTori(trace, detail)
        self.position, self.turn = 0.0, 0.0
        points, _ = trace.dataset.dense()
        self._way = LinearPath(final_view(trace, trace.evaluate(points, trace.n_layers)))
        self._fourth = 0.0
        self.surfaces = tuple(
            space.add(Surface(self.tori.grid(x), "#000000", closed=(True, True), solid=False))
            for x in self.tori.inputs
        )
        self.place()

    @property
    def rotation(self) -> FloatArray:
        """The rotation ``(4, 4)`` to the coordinates that are shown."""
        return self._way.matrix(self.turn)

    def seen(self, points: FloatArray) -> FloatArray:
        """Points ``(n, 4)`` of the representation in the coordinates that are shown."""
        turned: FloatArray = points @ self.rotation.T
        return turned

    def place(self, position: float | None = None, turn: float | None = None) -> None:
        """Show them at another position, or by another projection."""
        self.position = self.position if position is None else position
        self.turn = self.turn if turn is None else turn
        seen = [self.seen(points) for points in self.tori.vertices(self.position)]
        self._fourth = max(float(np.abs(points[:, 3]).max()) for points in seen)
        low, high = self.ends()
        for label, (surface, points) in enumerate(zip(self.surfaces, seen, strict=True)):
            surface.move(points[:, :3])
            surface.paint(tint(points[:, 3], low, high, self.theme.class_colour(label)))

    def ends(self) -> tuple[float, float]:
        """The fourth coordinates at the ends of the scale of colours."""
        reach = max(self._fourth, _LEAST)
        return -reach, reach

    def distance(self, position: float | None = None) -> float:
        """The smallest distance between the two surfaces, in four dimensions."""
        return self.tori.nearest(self.position if position is None else position).distance
