"""Circles in the colours of how much a network stretches space where they pass.

Essay, "The Easy Way Out": a network that cannot take two classes apart stretches what lies between them as
thin as it can, and very high derivatives give it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Rect, Stage
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.motion import moved
from scenes.kit.sampling import Samples, circles, sample
from scenes.kit.theme import mix
from topo_core.topology.stretch import stretches

FloatArray = NDArray[np.float64]

_SHADES = 24
#: First and last sample of a run of pieces of one shade.
Run = tuple[int, int]


@dataclass
class StretchState:
    """How much is shown, from 0 to 1."""

    shown: float = 0.0


class StretchedRings(Drawable):
    """The rings of a stage, wherever it is, coloured by the stretch of the whole network.

    The stretch at a point is the largest singular value of the Jacobian from the input to the last
    representation, on a logarithmic scale from 1 (and less) to the largest on any ring. What is stretched
    more is drawn above what is stretched less.

    Parameters
    ----------
    stage
        Of a dataset with regions, which has rings.
    scale
        Where the scale of colours goes.
    """

    def __init__(self, stage: Stage, scale: Rect, **options: Any) -> None:
        super().__init__(**options)
        self.stage, self.scale_rect, self.state = stage, scale, StretchState()
        rect = stage.plane.rect
        self.points = np.array(
            [[min(rect.x0, scale.x0), min(rect.y0, scale.y0), 0.0], [scale.x1, rect.y1, 0.0]]
        )
        space = stage.plane.space
        ends = 0.0, space.motion.length

        def placed(x: FloatArray) -> FloatArray:
            return np.stack([space.follow(p)(moved(space.motion, x, p)) for p in ends])

        samples = sample(circles(space.radii), len(space.radii), placed, initial=361)
        self.lines = tuple(samples.split(samples.points))
        stretch = self.stretched_by(samples.points)
        self.largest = float(stretch.max())
        self.runs = self._runs(samples, self.shade(stretch))

    def stretched_by(self, x: FloatArray) -> FloatArray:
        """Of input points ``(n, 2)``, ``(n,)``."""
        values: FloatArray = stretches(self.stage.trace, x)[-1][:, 0]
        return values

    def shade(self, stretch: FloatArray) -> NDArray[np.int64]:
        """Number of the colour of each stretch, 0 up to one less than there are."""
        share = np.log(np.maximum(stretch, 1.0)) / max(np.log(self.largest), 1e-9)
        shades: NDArray[np.int64] = np.clip(share * _SHADES, 0, _SHADES - 1).astype(np.int64)
        return shades

    def colour(self, shade: int) -> str:
        """From the grid's colour to the accent."""
        return mix(self.stage.theme.grid, self.stage.theme.accent, shade / (_SHADES - 1))

    @staticmethod
    def _runs(samples: Samples, shades: NDArray[np.int64]) -> list[list[Run]]:
        """For every shade the runs of samples, counted over all rings, that are drawn in it."""
        pieces = np.maximum(shades[:-1], shades[1:])
        pieces[samples.starts[1:-1] - 1] = -1  # from one ring to the next there is nothing
        cuts = np.concatenate([[0], np.flatnonzero(np.diff(pieces)) + 1, [len(pieces)]])
        runs: list[list[Run]] = [[] for _ in range(_SHADES)]
        for first, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            if pieces[first] >= 0:
                runs[pieces[first]].append((first, stop + 1))
        return runs

    def draw(self, canvas: Canvas) -> None:
        """Draw the rings and the scale."""
        plane, opacity = self.stage.plane, self.state.shown
        if opacity <= 0:
            return
        position, rect = self.stage.state.position, plane.rect
        placed = np.concatenate(plane.space.carried("stretched rings", self.lines, position))
        canvas.context.save()
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        for shade, runs in enumerate(self.runs):
            width = 2.0 + shade / (_SHADES - 1)
            lines = [placed[first:stop] for first, stop in runs]
            canvas.stroke(lines, self.colour(shade), width, opacity=opacity)
        canvas.context.restore()
        self._draw_scale(canvas, opacity)

    def _draw_scale(self, canvas: Canvas, opacity: float) -> None:
        theme, box = self.stage.theme, self.scale_rect
        title = text_glyphs("stretched by", theme.small_size)
        canvas.glyphs(title, box.x0, box.y1 - title.box[3], theme.ink, opacity)
        middle = box.y1 - 0.6
        edges = np.linspace(box.x0, box.x1, _SHADES + 1)
        for shade, (a, b) in enumerate(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)):
            piece = np.array([[a, middle], [b + 0.01, middle]])
            canvas.stroke([piece], self.colour(shade), 24, opacity=opacity)
        for value, at in ((1.0, 0.0), (self.largest, 1.0)):
            number = number_glyphs(f"{value:.0f}", theme.small_size)
            x = box.x0 + at * (box.x1 - box.x0 - number.width)
            canvas.glyphs(number, x, middle - 0.24 - number.box[3], theme.muted, opacity)
