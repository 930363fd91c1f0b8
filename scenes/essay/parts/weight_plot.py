"""How the weights of all neighbours are shared out, against how fast a weight falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from manim import Mobject
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from scenes.essay.parts.neighbour_field import weight_shares
from scenes.kit.canvas import Canvas
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.knn.weightings import InverseDistance
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


class Distances:
    """Distances from new points to all training points in a last representation, sorted.

    Parameters
    ----------
    trace, snapshot
        Whose representation, and when.

    Attributes
    ----------
    sorted
        ``(m, n)``, each row increasing.
    """

    def __init__(self, trace: Trace, snapshot: int = -1) -> None:
        last = trace.n_layers
        known = trace.evaluate(trace.dataset.points, last, snapshot=snapshot)
        asked = trace.evaluate(trace.dataset.dense()[0], last, snapshot=snapshot)
        self.sorted: FloatArray = np.sort(cdist(asked, known), axis=1)
        #: Mean share of all weights ``1/d^p`` that the nearest 1, 2, ..., n points have, ``(n,)``.
        self.shares = lru_cache(maxsize=4)(self._shares)

    def _shares(self, p: float) -> FloatArray:
        found: FloatArray = np.cumsum(weight_shares(self.sorted, InverseDistance(p)), axis=1).mean(axis=0)
        return found

    def nearness(self, k: int) -> float:
        """Distance of the k-th nearest point over the mean distance of all, median over new points."""
        return float(np.median(self.sorted[:, k - 1] / self.sorted.mean(axis=1)))


@dataclass
class PowerState:
    """The exponent now, as the binary logarithm of p."""

    power: float = 0.0

    @property
    def p(self) -> float:
        """The exponent."""
        return float(2.0**self.power)


class Exponent(Mobject):
    """The exponent now, for plots that do not keep it themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.state = PowerState()


class WeightPlot(Plot):
    """The share of the weight that the nearest so many points have, for the exponent of a state.

    Parameters
    ----------
    distances, k
        What is shared out, a curve in each colour of ``colours``, and the number of nearest points that is
        marked.
    rect, theme
        As for every plot.
    """

    def __init__(
        self,
        distances: Sequence[Distances],
        colours: Sequence[str],
        k: int,
        rect: Rect,
        theme: Theme,
        **options: Any,
    ) -> None:
        self.distances, self.colours, self.k, self.state = tuple(distances), tuple(colours), k, PowerState()
        n = self.distances[0].sorted.shape[1]
        self.counts = np.arange(1, n + 1, dtype=np.float64)
        super().__init__(
            rect,
            theme,
            "share of the weight, in %",
            [],
            Axis(1.0, float(n), log=True, ticks=(1.0, 10.0, 100.0, 1000.0)),
            Axis(0.0, 100.0, ticks=(0.0, 25.0, 50.0, 75.0, 100.0)),
            x_name="nearest",
            **options,
        )

    def share(self, which: int) -> float:
        """What the k nearest have now, in one of the representations."""
        return float(self.distances[which].shares(self.state.p)[self.k - 1])

    def draw(self, canvas: Canvas) -> None:
        """Draw the curves for the present exponent, and where k is."""
        shares = [100 * each.shares(self.state.p) for each in self.distances]
        self.series = tuple(
            Series(self.counts, y, colour) for y, colour in zip(shares, self.colours, strict=True)
        )
        super().draw(canvas)
        line = self.place(np.full(2, float(self.k)), np.array([0.0, 100.0]))
        canvas.stroke([line], self.theme.axis, 2.0)
        for y, colour in zip(shares, self.colours, strict=True):
            canvas.dots(self.place(np.array([float(self.k)]), y[self.k - 1 : self.k]), colour, 15)


class MeasuredPlot(Plot):
    """A plot of few measurements, each with a dot."""

    def draw(self, canvas: Canvas) -> None:
        """Draw the plot, and a dot for every measurement up to now."""
        super().draw(canvas)
        now = self.x_axis.high if self.now is None else self.now()
        for series in self.series:
            known = series.x <= now + 1e-9
            if known.any():
                canvas.dots(self.place(series.x[known], series.y[known]), series.colour, 16)
