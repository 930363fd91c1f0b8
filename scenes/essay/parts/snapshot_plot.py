"""Accuracies that were measured at the snapshots of a training, against its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


def accuracy_plot(
    trace: Trace,
    rect: Rect,
    theme: Theme,
    title: str,
    measured: Sequence[tuple[str, str, FloatArray]],
    y_axis: Axis,
    position: Callable[[], float],
) -> Plot:
    """A plot of shares, as percentages, up to a position among the snapshots.

    Parameters
    ----------
    trace
        Whose steps are on the logarithmic axis; 1 is before the first one.
    rect, theme, title, y_axis
        As for every plot.
    measured
        Name, colour and values ``(S,)``, one a snapshot. Of a single one, the last value
        is written beside the title.
    position
        The position now.
    """
    steps = (trace.steps + 1).astype(np.float64)
    series = [Series(steps, 100 * shares, colour, name) for name, colour, shares in measured]

    def now() -> float:
        return float(np.interp(position(), np.arange(len(steps)), steps))

    def value() -> str:
        return f"{series[0].last(now()):.1f} %"

    ticks = tuple(10.0**power for power in range(int(np.log10(steps[-1])) + 1))
    return Plot(
        rect,
        theme,
        title,
        series,
        Axis(1.0, float(steps[-1]), log=True, ticks=ticks),
        y_axis,
        now=now,
        value=value if len(series) == 1 else None,
        x_name="step",
    )
