"""Where a network is wrong about two linked tori: on one of them, all the way around the tube.

If all layers are homeomorphisms of space, the two sides of the hyperplane are, at the input, two separate
regions without a hole that matters: no curve in one is linked with a curve in the other. But every curve
that runs along A is linked with every curve that runs along B. So on one of the two tori every such curve
leaves its side, and what is wrong there closes around the tube.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topo_core.trace import Trace

FloatArray = NDArray[np.float64]
Marks = NDArray[np.bool_]

#: Points on each torus, along it and around the tube.
_ALONG, _AROUND = 1024, 96


@dataclass(frozen=True)
class WrongRing:
    """What is wrong on one torus and closes around its tube.

    Attributes
    ----------
    label
        Which torus.
    centre
        The point ``(3,)`` of the core that is nearest to its middle, at the input.
    """

    label: int
    centre: FloatArray


def wrong_ring(trace: Trace) -> WrongRing | None:
    """The longest ring of points on the wrong side; None if there is none.

    It is looked for on a grid, and closes on it: every step goes to a neighbour on the grid.
    """
    u, v = np.meshgrid(np.arange(_ALONG) / _ALONG, np.arange(_AROUND) / _AROUND, indexing="ij")
    found: list[tuple[int, WrongRing]] = []
    for component in trace.dataset.components:
        if component.surface is None:
            continue
        points = component.surface.patch(u.ravel(), v.ravel())
        wrong = (trace.predict(points) != component.label).reshape(u.shape)
        part = _around(wrong)
        if part.any():
            place = points[part.ravel()].mean(axis=0)
            core = component.curves[0].path(u[:, 0])
            k = int(np.linalg.norm(core - place, axis=1).argmin())
            found.append((int(part.sum()), WrongRing(component.label, core[k])))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _around(wrong: Marks) -> Marks:
    """The connected parts ``(m, n)`` of a grid, closed in both directions, that go around the second one."""
    from scipy.ndimage import label  # slow to import

    m, n = wrong.shape
    numbers, count = label(np.tile(wrong, (2, 3)))  # what goes around meets all three copies
    result = np.zeros_like(wrong)
    for number in range(1, count + 1):
        part = numbers == number
        if part.any(axis=0).all():
            result |= part.reshape(2, m, 3, n).any(axis=(0, 2))
    return result
