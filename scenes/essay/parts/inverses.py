"""A layer step by step, a network backwards, and what that costs: for the scene on homeomorphisms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from scenes.kit import Stage
from scenes.kit.motion import LayerMotion, flat, moved
from scenes.kit.patch import outline
from scenes.kit.view import Follow
from topo_core.datasets import Dataset
from topo_core.inverse import recovered
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


class StepMotion(LayerMotion):
    """One step of the first layer, from where the step before it ends.

    Parameters
    ----------
    trace
        Of one step at least, as all layers are.
    step
        0 for the linear map, 1 for the translation, 2 for the activation.
    """

    def __init__(self, trace: Trace, step: int) -> None:
        super().__init__(trace)
        self.step, self.path = step, trace.layers[0].path
        self.length = 1.0

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """The input points themselves."""
        return x

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """The steps before, and this one up to the position."""
        return flat(self.path.step(started, self.step, position))


def keep_still(stage: Stage) -> None:
    """Let a stage of one layer be seen from one place, so that one sees a translation."""
    plane = stage.plane
    (x0, x1), (y0, y1) = plane.space.domain
    edge = outline(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), 64)
    content = np.concatenate([moved(plane.space.motion, edge, t) for t in np.linspace(0, 1, 41).tolist()])
    bounds = np.stack([content.min(axis=0), content.max(axis=0)], axis=1)
    plane.space.follow = Follow(plane.rect, np.array([0.0, 1.0]), np.stack([bounds, bounds]))


class InverseMotion(LayerMotion):
    """A network backwards: every representation is computed from the last one, by the inverse."""

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """Where points were after ``whole`` layers, from where they are after all of them."""
        return recovered(self.trace, self.trace.evaluate(x, self.trace.n_layers))[whole]


def dots(domain: FloatArray, side: int) -> FloatArray:
    """A grid of points ``(side ** 2, 2)`` in a domain, given by the bounds ``(2, 2)`` of each coordinate."""
    xs, ys = (np.linspace(low, high, side) for low, high in domain)
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


def round_trip(trace: Trace, points: FloatArray) -> list[float]:
    """The largest error of each representation, recovered from the last: input first."""
    forward = trace.representations(points)
    back = recovered(trace, forward[-1])
    return [float(np.linalg.norm(a - b, axis=1).max()) for a, b in zip(forward, back, strict=True)]


def fibre(weight: FloatArray, dataset: Dataset) -> FloatArray:
    """Two points ``(2, 2)``, on the curves of two classes, that a singular matrix sends to one.

    They are in the middle of what the images of both curves have in common.
    """
    image = np.linalg.svd(weight)[2][0]  # what is left of a point is its coordinate along this
    paths = [component.curves[0].path for component in dataset.components[:2]]
    s = np.linspace(0, 1, 2001)
    along = [path(s) @ image for path in paths]
    value = (max(a.min() for a in along) + min(a.max() for a in along)) / 2
    found = []
    for path, values in zip(paths, along, strict=True):
        k = int(np.flatnonzero(np.diff(values > value))[0])
        at = brentq(
            lambda u, path=path: float(path(np.array([u]))[0] @ image - value), s[k], s[k + 1], xtol=1e-15
        )
        found.append(path(np.array([at]))[0])
    return np.array(found)
