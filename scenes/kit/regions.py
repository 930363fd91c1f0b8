"""Decision regions and boundaries in the input plane, as polygons exact enough to be carried forward.

A region drawn at the input is a polygon whose vertices lie on the decision boundary to rounding error;
pushed through the layers it ends on the classification line itself (essay, figures ``simple2_0`` and
``simple2_1``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

import contourpy
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
#: Logits (n, C) of input points (n, 2).
Classifier = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Regions:
    """How a classifier divides a rectangle of the input plane.

    Attributes
    ----------
    polygons
        For each class, rings ``(n, 2)``; filled with the even-odd rule they are its region.
    boundaries
        Polylines ``(n, 2)`` where two classes tie, inside the rectangle.
    """

    polygons: tuple[tuple[FloatArray, ...], ...]
    boundaries: tuple[FloatArray, ...]


def decision_regions(classify: Classifier, window: FloatArray, resolution: int = 320) -> Regions:
    """The regions of a classifier within ``window`` ``(2, 2)`` (lower and upper bound of x and y).

    The logits are sampled on ``resolution`` x ``resolution`` points, so that features smaller than a
    cell may be missed; the vertices found are then moved along their grid edge onto the exact tie.
    """
    xs, ys = (np.linspace(low, high, resolution) for low, high in window)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    logits = classify(grid)
    polygons: list[tuple[FloatArray, ...]] = []
    boundaries: list[FloatArray] = []
    n_classes = logits.shape[1]
    for label in range(n_classes):
        lead = partial(_lead, classify, label)
        values = _margin(logits, label).reshape(resolution, resolution)
        generator = contourpy.contour_generator(xs, ys, values, fill_type=contourpy.FillType.OuterOffset)
        exact = _Exact(lead, xs, ys)
        filled, offsets = cast(tuple[list[FloatArray], list[NDArray[np.uint32]]], generator.filled(0, np.inf))
        rings = [
            exact(ring)
            for points, cuts in zip(filled, offsets, strict=True)
            for ring in np.split(points, cuts[1:-1].astype(int))
        ]
        polygons.append(tuple(rings))
        if label > 0 or n_classes > 2:
            boundaries += [exact(line) for line in cast(list[FloatArray], generator.lines(0.0))]
    return Regions(tuple(polygons), tuple(boundaries))


def _lead(classify: Classifier, label: int, points: FloatArray) -> FloatArray:
    """By how much class ``label`` beats the best other class at points ``(n, 2)``."""
    return _margin(classify(points), label)


def _margin(logits: FloatArray, label: int) -> FloatArray:
    result: FloatArray = logits[:, label] - np.delete(logits, label, axis=1).max(axis=1)
    return result


class _Exact:
    """Moves contour vertices along the grid edge they lie on to where the function is 0."""

    def __init__(self, function: Callable[[FloatArray], FloatArray], xs: FloatArray, ys: FloatArray) -> None:
        self.function = function
        self.axes = (xs, ys)

    def __call__(self, vertices: FloatArray, iterations: int = 50) -> FloatArray:
        low, high = vertices.copy(), vertices.copy()
        for axis, ticks in enumerate(self.axes):
            step = ticks[1] - ticks[0]
            cell = np.clip(
                np.floor((vertices[:, axis] - ticks[0]) / step + 1e-9).astype(int),
                0,
                len(ticks) - 2,
            )
            on_tick = np.abs(ticks[np.rint((vertices[:, axis] - ticks[0]) / step).astype(int)]
                             - vertices[:, axis]) < 1e-9 * step  # fmt: skip
            low[:, axis] = np.where(on_tick, low[:, axis], ticks[cell])
            high[:, axis] = np.where(on_tick, high[:, axis], ticks[cell + 1])
        at_low, at_high = self.function(low), self.function(high)
        moving = np.flatnonzero(at_low * at_high < 0)  # corners of the window rest
        a, b, sign = low[moving], high[moving], np.sign(at_low[moving])
        for _ in range(iterations):
            middle = (a + b) / 2
            same = (np.sign(self.function(middle)) == sign)[:, None]
            a, b = np.where(same, middle, a), np.where(same, b, middle)
        result = vertices.copy()
        result[moving] = (a + b) / 2
        return result
