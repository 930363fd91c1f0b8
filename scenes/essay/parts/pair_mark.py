"""Two points that seem to be one, and what becomes of them when the view turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.essay.parts.shadow import Shadow
from scenes.essay.parts.shadow_crossings import ShadowCrossings, shadow_crossings
from scenes.kit import Canvas, Drawable

FloatArray = NDArray[np.float64]

#: Diameters of the dots on a crossing, of the marks of the pair and of what is in them, in stroke units.
_DOT, _MARK, _HEART = 6.5, 26.0, 17.0
#: Points of the surfaces so near to each other, for the picture's size, promise a crossing.
_PROMISING = 0.06


@dataclass
class PairState:
    """How visible the curve of crossings and the pair are, from 0 to 1."""

    curve: float = 0.0
    pair: float = 0.0


class PairMark(Drawable):
    """The places where two surfaces seem to cross, and one pair of points there, over everything else.

    Parameters
    ----------
    shadow
        What is shown.
    found
        Pairs in the coordinates of the representation, ``(n, 4)`` each.
    chosen
        Which pair to mark.
    """

    def __init__(self, shadow: Shadow, found: ShadowCrossings, chosen: int, **options: Any) -> None:
        super().__init__(**options)
        self.shadow, self.found = shadow, found
        self.state = PairState()
        self.pair: FloatArray = np.stack([found.first[chosen], found.second[chosen]])
        self.points = shadow.space.points.copy()

    def apart(self) -> float:
        """How far the two points are from each other in four dimensions."""
        return float(np.linalg.norm(self.pair[1] - self.pair[0]))

    def apart_in_picture(self) -> float:
        """How far they are from each other in the three dimensions that are shown now."""
        first, second = self.shadow.seen(self.pair)[:, :3]
        return float(np.linalg.norm(second - first))

    def draw(self, canvas: Canvas) -> None:
        """Draw the crossings as dots, and the pair with a line from one to the other."""
        theme, space, state = self.shadow.theme, self.shadow.space, self.state
        if state.curve > 0:
            for points in self.found:
                at = space.place(self.shadow.seen(points)[:, :3])
                canvas.dots(at, theme.accent, _DOT, state.curve)
        if state.pair > 0:
            at = space.place(self.shadow.seen(self.pair)[:, :3])
            canvas.stroke([at], theme.accent, 5.0, opacity=state.pair, round_caps=True)
            canvas.dots(at, theme.accent, _MARK, state.pair)
            for label, place in enumerate(at):
                canvas.dots(place[None], theme.class_colour(label), _HEART, state.pair)


def crossing_instant(shadow: Shadow, instants: FloatArray) -> tuple[float, ShadowCrossings] | None:
    """The instant at which the picture, as it is turned now, shows most crossings; None if it shows none.

    The pairs are given in the coordinates of the representation.
    """
    from scipy.spatial import cKDTree  # slow to import

    rotation = shadow.rotation
    best: tuple[float, ShadowCrossings] | None = None
    for position in instants.tolist():
        first, second = ((points @ rotation.T)[::5, :3] for points in shadow.tori.vertices(position))
        size = float(np.ptp(np.concatenate([first, second]), axis=0).max())
        if cKDTree(first).query(second)[0].min() > _PROMISING * size:
            continue
        patches = [lambda u, v, p=patch: p(u, v) @ rotation.T for patch in shadow.tori.moved(position)]
        found = shadow_crossings(patches[0], patches[1])
        if len(found.first) and (best is None or len(found.first) > len(best[1].first)):
            best = position, ShadowCrossings(found.first @ rotation, found.second @ rotation)
    return best
