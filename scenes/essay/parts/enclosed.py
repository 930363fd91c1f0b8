"""Samples of the classes, and boxes that surely hold the images of whole pieces of their curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Stage
from topo_core.certificates import stored
from topo_core.verification.facts import Facts

FloatArray = NDArray[np.float64]

#: Cells of each curve with which it begins, and how often they are cut at most.
_FIRST, _CUTS = 6, 9
#: Samples of each curve at first and at last.
_FEW, _MANY = 10, 1000


@dataclass
class EnclosedState:
    """What is shown, from 0 to 1, how many samples there are, and the generation of boxes."""

    points: float = 1.0
    boxes: float = 0.0
    samples: float = 0.0
    generation: float = 0.0


@dataclass(frozen=True)
class _Generation:
    """Boxes in the last representation: corners ``(k, 2)``, classes ``(k,)``, whether each is on its side."""

    low: FloatArray
    high: FloatArray
    label: NDArray[np.int64]
    done: NDArray[np.bool_]


class Enclosed(Drawable):
    """Samples or boxes in the last representation of a stage's trace.

    Parameters
    ----------
    stage
        Of a network of two units a layer, at its end.
    """

    def __init__(self, stage: Stage, **options: Any) -> None:
        super().__init__(**options)
        self.stage, self.theme = stage, stage.theme
        self.points = stage.plane.points.copy()
        self.state = EnclosedState()
        self._facts = Facts(stored(stage.trace))
        self._boxes = self._generations()
        n = stage.trace.n_layers
        self._samples = [
            (component.label, stage.trace.evaluate(component.curves[0].path(np.linspace(0, 1, _MANY)), n))
            for component in stage.trace.dataset.components
        ]

    def _generations(self) -> list[_Generation]:
        facts, network = self._facts, self._facts.stored.network
        pieces = list(facts.pieces.values())
        fronts = [(np.linspace(0, 1, _FIRST + 1)[:-1, None], np.linspace(0, 1, _FIRST + 1)[1:, None])] * 2
        kept: list[_Generation] = []
        found: list[_Generation] = []
        for _ in range(_CUTS):
            now, cut = [], []
            for piece, (low, high) in zip(pieces, fronts, strict=True):
                image = network.representation(piece.jet(low, high)).value
                done = facts.lead(image, piece.label, 1 - piece.label).lo > 0
                label = np.full(len(low), piece.label)
                now.append(_Generation(image.lo, image.hi, label, done))
                middle = (low[~done] + high[~done]) / 2
                cut.append((np.concatenate([low[~done], middle]), np.concatenate([middle, high[~done]])))
            found.append(_joined([*kept, *now]))
            kept += [_Generation(g.low[g.done], g.high[g.done], g.label[g.done], g.done[g.done]) for g in now]
            fronts = cut
            if not any(len(low) for low, _ in fronts):
                break
        return found

    @property
    def generations(self) -> int:
        """How many generations of boxes there are."""
        return len(self._boxes)

    @property
    def proven(self) -> bool:
        """Whether all boxes of the last generation are on their side."""
        return bool(self._boxes[-1].done.all())

    def _now(self) -> _Generation:
        return self._boxes[round(self.state.generation)]

    def n_boxes(self) -> int:
        """How many boxes there are now."""
        return len(self._now().low) if self.state.boxes > 0 else 0

    def n_done(self) -> int:
        """How many boxes are on their side now."""
        return int(np.count_nonzero(self._now().done)) if self.state.boxes > 0 else 0

    def n_samples(self) -> int:
        """How many samples there are now, of both curves."""
        return len(self._samples) * self._count()

    def _count(self) -> int:
        factor: float = (_MANY / _FEW) ** self.state.samples
        return round(_FEW * factor)

    def draw(self, canvas: Canvas) -> None:
        """Draw samples and boxes over the stage."""
        state, theme, plane = self.state, self.theme, self.stage.plane
        view = plane.view
        context = canvas.context
        context.save()
        rect = plane.rect
        canvas.clip(rect.x0, rect.y0, rect.x1, rect.y1)
        if state.points > 0:
            chosen = np.linspace(0, _MANY - 1, self._count()).round().astype(int)
            for label, image in self._samples:
                canvas.dots(view(image[chosen]), theme.class_colour(label), 11, state.points)
        if state.boxes > 0:
            now = self._now()
            for low, high, label, done in zip(now.low, now.high, now.label, now.done, strict=True):
                corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
                ring = view(corners)
                colour = theme.class_colour(int(label)) if done else theme.accent
                canvas.fill([ring], colour, (0.3 if done else 0.12) * state.boxes)
                closed = np.concatenate([ring, ring[:2]])
                canvas.stroke([closed], colour, 2.5, opacity=state.boxes)
        context.restore()


def _joined(parts: list[_Generation]) -> _Generation:
    fields = zip(*((g.low, g.high, g.label, g.done) for g in parts), strict=True)
    return _Generation(*(np.concatenate(field) for field in fields))
