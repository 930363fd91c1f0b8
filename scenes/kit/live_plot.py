"""A plot whose last point is measured at the very instant that is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.canvas import Canvas
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.theme import Theme
from scenes.kit.view import Rect

FloatArray = NDArray[np.float64]


class LivePlot(Plot):
    """A measurement along a motion: sampled before, and exact now.

    Parameters
    ----------
    rect, theme, title, x_axis, y_axis
        As for every plot.
    samples
        ``(n,)`` increasing instants at which it is measured beforehand, to join what has been shown so far.
    measure
        The value at an instant; None where there is none.
    now
        The present instant.
    form
        How the present value is written, for ``str.format``; where there is none stand dots.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        title: str,
        samples: FloatArray,
        measure: Callable[[float], float | None],
        x_axis: Axis,
        y_axis: Axis,
        *,
        now: Callable[[], float],
        form: str = "{:.2f}",
        references: Sequence[tuple[float, str]] = (),
        x_name: str = "",
        **options: Any,
    ) -> None:
        self.measure, self.instant = measure, now
        pairs = [(at, found) for at in samples.tolist() if (found := measure(at)) is not None]
        x, y = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        self.measured = Series(x, y, theme.accent)

        def value() -> str:
            found = measure(now())
            return "..." if found is None else form.format(found).replace("-", "−")

        super().__init__(
            rect,
            theme,
            title,
            [self.measured],
            x_axis,
            y_axis,
            now=now,
            value=value,
            references=references,
            x_name=x_name,
            **options,
        )

    def draw(self, canvas: Canvas) -> None:
        """Draw what has been measured up to now, and what is so now."""
        now, before = self.instant(), self.measured
        known = before.x < now - 1e-9
        x, y = before.x[known], before.y[known]
        value = self.measure(now)
        if value is not None:
            x, y = np.append(x, now), np.append(y, value)
        self.series = (Series(x, y, before.colour),)
        super().draw(canvas)
