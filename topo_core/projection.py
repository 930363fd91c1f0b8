"""Views of many dimensions: orthonormal directions to look along, chosen from data, and turns between them.

A representation of more than two (or three) dimensions is shown as its shadow: the coordinates along a few
orthonormal axes. Between two such views the plane turns on the shortest way, a geodesic of the Grassmannian
(Asimov, "The grand tour", 1985; Edelman, Arias and Smith, 1998), in a space that holds both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.linear_path import LinearPath
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]

#: Points that views are chosen by, at most.
_POINTS = 4000
#: Below this, relative, a direction counts as none.
_NEGLIGIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class Projection:
    """Orthonormal axes in the space of a representation.

    Attributes
    ----------
    axes
        ``(k, d)`` with orthonormal rows; of no more than k dimensions, all of them: the identity ``(k, k)``.
    what
        What they are, for people; empty where nothing is left out.
    share
        Of the points' variance that is seen, in [0, 1].
    """

    axes: FloatArray
    what: str = ""
    share: float = 1.0

    def __call__(self, points: FloatArray) -> FloatArray:
        """The shadow ``(n, k)`` of points ``(n, d)``; missing coordinates count as 0."""
        axes = self.axes[:, : points.shape[1]]
        return points @ np.ascontiguousarray(axes.T)

    def measured(self, points: FloatArray) -> Projection:
        """The same view with the share of the variance of points ``(n, d)`` that it shows."""
        total = float(points.var(axis=0).sum())
        return replace(self, share=float(self(points).var(axis=0).sum()) / total if total > 0 else 1.0)

    def aligned(self, points: FloatArray, shadow: FloatArray) -> Projection:
        """The same view, turned in itself so that points ``(n, d)`` fall closest to ``shadow`` ``(n, k)``."""
        seen = self(points)
        left, _, right = np.linalg.svd((seen - seen.mean(axis=0)).T @ (shadow - shadow.mean(axis=0)))
        return replace(self, axes=(left @ right).T @ self.axes)


def everything(dimensions: int) -> Projection:
    """The view of a representation that has no more dimensions than are shown."""
    return Projection(np.eye(dimensions))


def principal(points: FloatArray, dimensions: int = 2) -> Projection:
    """The directions in which points ``(n, d)`` vary most."""
    if points.shape[1] <= dimensions:
        return everything(dimensions)
    return Projection(_directions(points, dimensions), "principal components").measured(points)


def facing(points: FloatArray, readout: FloatArray, dimensions: int = 2) -> Projection:
    """A view in which the hyperplanes between classes are seen edge-on.

    Parameters
    ----------
    points
        ``(n, d)``.
    readout
        Weight ``(C, d)``. The first axes span the differences of its rows: of two classes the only one, so
        that the hyperplane is a line across the first axis; of more than k + 1 the largest ones, and then
        not all hyperplanes are seen edge-on. The others are principal components of what is left.
    dimensions
        How many axes, k.
    """
    if points.shape[1] <= dimensions:
        return everything(dimensions)
    normals = _normals(readout, dimensions)
    if not len(normals):
        return principal(points, dimensions)
    rest = points - (points @ normals.T) @ normals
    count = dimensions - len(normals)
    axes = np.concatenate([normals, _directions(rest, count, normals)]) if count else normals
    if len(readout) > dimensions + 1:
        what = "between the classes"
    else:
        what = "hyperplane edge-on" if len(readout) == 2 else "hyperplanes edge-on"
    return Projection(axes, what).measured(points)


def _normals(readout: FloatArray, most: int) -> FloatArray:
    """Orthonormal directions ``(r, d)`` of the differences between rows of a readout, the largest first."""
    differences = readout - readout.mean(axis=0) if len(readout) > 2 else readout[1:] - readout[:1]
    left, sizes, rows = np.linalg.svd(differences, full_matrices=False)
    kept = rows[: min(most, int((sizes > _NEGLIGIBLE * max(sizes.max(initial=0), 1e-300)).sum()))]
    return kept * np.sign(left[0, 0]) if len(readout) == 2 else kept


def _directions(points: FloatArray, count: int, besides: FloatArray | None = None) -> FloatArray:
    """``count`` orthonormal directions of largest variance, and any others where points do not vary."""
    d = points.shape[1]
    known = np.empty((0, d)) if besides is None else besides
    _, sizes, rows = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    rows = rows[: min(count, int((sizes > _NEGLIGIBLE * max(sizes.max(initial=0), 1e-300)).sum()))]
    largest = np.abs(rows).argmax(axis=1)
    rows = rows * np.sign(rows[np.arange(len(rows)), largest])[:, None]  # the sign is arbitrary
    found = [*known, *rows]
    while len(found) < len(known) + count:
        found.append(_beside(np.array(found).reshape(-1, d)))
    return np.array(found[len(known) :]).reshape(count, d)


def _beside(rows: FloatArray) -> FloatArray:
    """A unit vector orthogonal to orthonormal rows ``(k, d)``, made from the axis furthest from them."""
    free = 1 - np.square(rows).sum(axis=0)
    axis = np.zeros(rows.shape[1])
    axis[free.argmax()] = 1.0
    for _ in range(2):  # twice is enough
        axis -= (rows @ axis) @ rows
    result: FloatArray = axis / np.linalg.norm(axis)
    return result


@dataclass(frozen=True, eq=False)
class Turn:
    """The way from one view to another, ``(k, D)`` at every t in [0, 1], orthonormal throughout.

    The plane moves along a geodesic while the axes turn in it, so that they begin and end as given.

    Parameters
    ----------
    first, second
        ``(k, D)``, orthonormal rows, D above k unless they have the same orientation.

    Raises
    ------
    TopoError
        When there is no way: in k dimensions one mirrors the other.
    """

    first: FloatArray
    second: FloatArray

    @cached_property
    def _parts(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, LinearPath]:
        """Principal vectors, the directions they turn to, angles, the axes among them and how these turn."""
        left, cosines, right = np.linalg.svd(self.first @ self.second.T)
        right = right.copy()
        if np.linalg.det(left @ right) < 0:
            cosines[-1] *= -1
            right[-1] *= -1
        start, end = left.T @ self.first, right @ self.second
        away = end - (start * end).sum(axis=1, keepdims=True) * start
        sines = np.linalg.norm(away, axis=1)
        angles = np.arctan2(sines, cosines)
        towards = np.zeros_like(start)
        for i, sine in enumerate(sines):
            if sine > _NEGLIGIBLE:
                towards[i] = away[i] / sine
            elif cosines[i] < 0:
                if start.shape[0] == start.shape[1]:
                    raise TopoError("a view cannot turn into its mirror image without another dimension")
                towards[i] = _beside(np.concatenate([start, towards[:i]]))
        return start, towards, angles, left, LinearPath(left.T @ right.T)

    def __call__(self, t: float) -> FloatArray:
        """The axes at t."""
        if t in (0, 1):
            return self.second if t else self.first
        start, towards, angles, axes, within = self._parts
        turned = np.cos(t * angles)[:, None] * start + np.sin(t * angles)[:, None] * towards
        result: FloatArray = axes @ within.rotation(t) @ turned
        return result


def padded(axes: FloatArray, dimension: int) -> FloatArray:
    """Axes ``(k, d)`` in a space of more dimensions, ``(k, dimension)``; the identity stays the identity."""
    return np.pad(axes, ((0, 0), (0, max(0, dimension - axes.shape[1]))))


def views(trace: Trace, dimensions: int = 2, snapshot: int = -1) -> tuple[Projection, ...]:
    """A view of every representation of a trace's points, the input first: their principal components.

    In itself each is turned so that points are seen to move as little as possible from layer to layer.
    """
    found: list[Projection] = []
    shadow: FloatArray | None = None
    for h in trace.representations(some_points(trace), snapshot):
        view = principal(h, dimensions)
        if shadow is not None and view.what:
            view = view.aligned(h, shadow)
        found.append(view)
        shadow = view(h)
    return tuple(found)


def facing_view(trace: Trace, before: Projection, dimensions: int = 2, snapshot: int = -1) -> Projection:
    """The last representation with its hyperplanes seen edge-on, turned in itself to fit the view ``before``.

    Of two classes the hyperplane's normal is the first axis, whatever that view.
    """
    h = trace.representations(some_points(trace), snapshot)[-1]
    view = facing(h, trace.readout_weight[snapshot], dimensions)
    return view if trace.n_classes == 2 or not view.what else view.aligned(h, before(h))


def some_points(trace: Trace) -> FloatArray:
    """Some of a trace's points ``(n, d_0)``, evenly of all of them."""
    points = trace.dataset.points
    chosen = np.linspace(0, len(points) - 1, min(_POINTS, len(points))).round().astype(int)
    result: FloatArray = points[chosen]
    return result


def following(readout: FloatArray, view: FloatArray) -> FloatArray:
    """A view ``(2, d)`` turned so that the hyperplanes of a readout ``(C, d)`` are seen edge-on.

    It depends on the readout continuously where its two or three rows span what they can; for more classes,
    and otherwise, it is ``view`` itself.
    """
    normals = _normals(readout, len(view))
    if len(readout) == 2 and len(normals):
        rest = view[1:] - (view[1:] @ normals[0])[:, None] * normals[0]
        left, sizes, right = np.linalg.svd(rest, full_matrices=False)
        if sizes.min() > _NEGLIGIBLE:
            return np.concatenate([normals, left @ right])
    if len(readout) == len(view) + 1 == len(normals) + 1:
        left, _, right = np.linalg.svd(view @ normals.T)
        result: FloatArray = left @ right @ normals
        return result
    return view
