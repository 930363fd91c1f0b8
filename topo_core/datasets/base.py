"""What a dataset is: a small frozen description, and everything that follows from it.

A dataset has labelled training ``points``, and it knows the *components* (curves and regions, one
label each) that these are samples of. A network is judged on ``dense()`` points of the components,
because right answers on the training points say nothing of what lies between them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.surfaces import Surface
from topo_core.errors import DataError, UnknownNameError, shown

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: A curve's parametrisation, s in [0, 1] of shape ``(n,)`` to points ``(n, d)``.
Path = Callable[[FloatArray], FloatArray]

#: No dataset has more points than this, wherever its description comes from.
MAX_POINTS = 1_000_000


@dataclass(frozen=True)
class Curve:
    """A parametrised curve in data units.

    Attributes
    ----------
    path
        Continuous map of s in [0, 1], shape ``(n,)``, to points ``(n, d)``, float64.
    closed
        Whether ``path`` ends where it begins.
    """

    path: Path
    closed: bool


@dataclass(frozen=True)
class Component:
    """A connected piece of the data with one label.

    Attributes
    ----------
    label
        The class, 0 up to ``n_classes - 1``.
    name
        For people; unique within a dataset.
    curves
        Of a curve, itself alone; of a region, its boundary: the outer curve first,
        counterclockwise, then the holes, clockwise; of a tube, the curve in its middle.
    filled
        Whether it is a region.
    surface
        Of a tube, where its points are.
    """

    label: int
    name: str
    curves: tuple[Curve, ...]
    filled: bool
    surface: Surface | None = None


def read_only(values: NDArray[Any], dtype: type[Any] = np.float64) -> NDArray[Any]:
    """Return a C-contiguous copy that cannot be written to."""
    result = np.array(values, dtype=dtype, order="C")
    result.setflags(write=False)
    return result


def labelled(*parts: tuple[int, FloatArray]) -> tuple[FloatArray, IntArray]:
    """Join ``(label, points)`` pairs into points ``(n, d)`` and labels ``(n,)``."""
    points = np.concatenate([part for _, part in parts])
    labels = np.repeat([label for label, _ in parts], [len(part) for _, part in parts])
    return points, labels.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Dataset(ABC):
    """Base of all datasets: compared and hashed by its fields, deterministic in them.

    A new kind of data derives from it as a frozen dataclass whose fields are plain JSON values,
    sets ``name``, defines ``sample`` and, if its components are known, ``components``; ``register``
    makes traces of it loadable. A dataset with regions also overrides ``dense``.
    """

    #: Key in ``DATASETS``.
    name: ClassVar[str]

    @abstractmethod
    def sample(self) -> tuple[FloatArray, IntArray]:
        """Make the training points ``(n, d)`` and labels ``(n,)`` (see ``labelled``)."""

    def draw(self, *key: int) -> tuple[FloatArray, IntArray]:
        """Draw other training points ``(n, d)``, with the same labels ``(n,)`` in the same order.

        The points are decided by the dataset and the ``key``, numbers from 0 up.

        Raises
        ------
        DataError
            When the training points are not random.
        """
        raise DataError(f"dataset {self.name}: its points are not drawn at random; train with fresh = False")

    @property
    def components(self) -> tuple[Component, ...]:
        """The curves and regions that the points are samples of; empty when they are not known."""
        return ()

    @property
    def class_names(self) -> tuple[str, ...]:
        """Name of each label; the essay's classes are A (label 0, red) and B (label 1, blue)."""
        return ("A", "B")

    def dense(self, n_per_component: int = 4000) -> tuple[FloatArray, IntArray]:
        """Points along every component, to judge a separation by.

        Parameters
        ----------
        n_per_component
            Fewest points on any component, at least 2. Larger components get more where that keeps
            the classes in the proportion that they have in ``points``, so that ``majority_rate``
            holds here.

        Returns
        -------
        points, labels
            ``(m, d)`` float64 and ``(m,)`` int64. On a curve, s is equally spaced in [0, 1], ends
            included; a region is filled quasi-randomly and has points on its boundary; a surface is
            covered quasi-randomly, evenly by area; where no component is known these are the training
            points themselves.
        """
        if not self.components:
            return self.points, self.labels
        n = self._dense_count(n_per_component)
        s = np.linspace(0, 1, n)
        parts = ((c, curve) for c in self.components for curve in c.curves)
        return labelled(*((c.label, c.surface.spread(n) if c.surface else k.path(s)) for c, k in parts))

    def _dense_count(self, n_per_component: object) -> int:
        return whole_number(self.name, "n_per_component", n_per_component, 2, MAX_POINTS)

    @cached_property
    def _sampled(self) -> tuple[FloatArray, IntArray]:
        points, labels = self.sample()
        return read_only(points), read_only(labels, np.int64)

    @cached_property
    def points(self) -> FloatArray:
        """Training points in data units, ``(n, d)`` float64, read-only."""
        return self._sampled[0]

    @cached_property
    def labels(self) -> IntArray:
        """Class of each training point, ``(n,)`` int64, read-only."""
        return self._sampled[1]

    @property
    def dimension(self) -> int:
        """Coordinates of a point."""
        return int(self.points.shape[1])

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @cached_property
    def bounds(self) -> FloatArray:
        """Smallest and largest coordinates of points and components, ``(d, 2)``, read-only."""
        extents = [_extent(curve.path) for c in self.components for curve in c.curves]
        extents += [c.surface.extent() for c in self.components if c.surface is not None]
        extents.append(np.stack([self.points.min(axis=0), self.points.max(axis=0)], axis=1))
        low, high = np.moveaxis(np.array(extents), 2, 0)
        return read_only(np.stack([low.min(axis=0), high.max(axis=0)], axis=1))

    @property
    def majority_rate(self) -> float:
        """Share of the largest class: the accuracy of always giving the same answer."""
        return float(np.bincount(self.labels).max() / len(self.labels))

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON; ``from_description`` is the inverse."""
        params = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"name": self.name, "params": params}

    @classmethod
    def restore(cls, params: dict[str, Any], points: object, labels: object) -> Self:
        """Build the dataset from described parameters; data that follows from them is not needed.

        Raises
        ------
        DataError
            For a parameter that does not exist or is out of range.
        """
        known = [field.name for field in fields(cls)]
        for name in params:
            if name not in known:
                raise DataError(
                    f"dataset {cls.name}: no parameter is called {shown(name)}; it has {', '.join(known)}"
                )
        return cls(**params)


def _extent(path: Path) -> FloatArray:
    """Smallest and largest coordinates ``(d, 2)`` along a curve.

    Samples ever closer around the extreme sample: three refinements of a smooth curve of up to 100
    turns leave an error near rounding.
    """
    coarse = np.linspace(0, 1, 10_001)
    start = path(coarse)
    extent = np.empty((start.shape[1], 2))
    for axis, values in enumerate(start.T):
        for side, sign in enumerate((-1.0, 1.0)):
            s, height = coarse, sign * values
            extreme = height.max()
            for _ in range(3):
                k = int(height.argmax())
                s = np.linspace(s[max(k - 1, 0)], s[min(k + 1, len(s) - 1)], 101)
                height = sign * path(s)[:, axis]
                extreme = max(extreme, height.max())
            extent[axis, side] = sign * extreme
    return extent


def whole_number(owner: str, name: str, value: object, low: int, high: int) -> int:
    """Return ``value`` as an int from ``low`` to ``high``, or raise a DataError."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise DataError(
            f"dataset {owner}: {name} = {shown(value)}: give a whole number from {low:,} to {high:,}"
        )
    return int(value)


def seed_number(owner: str, value: object) -> int:
    """Return a seed, a whole number from 0 to 2^63 - 1, or raise a DataError."""
    return whole_number(owner, "seed", value, 0, 2**63 - 1)


_D = TypeVar("_D", bound=type[Dataset])

#: Every kind of dataset by the name that its description carries.
DATASETS: dict[str, type[Dataset]] = {}


def register(kind: _D) -> _D:
    """Class decorator: let ``from_description`` find a kind of dataset by its ``name``.

    Raises
    ------
    DataError
        When another class has the name.
    """
    holder = DATASETS.get(kind.name, kind)
    if (holder.__module__, holder.__qualname__) != (kind.__module__, kind.__qualname__):
        raise DataError(
            f"dataset {kind.name}: {holder.__qualname__} has this name already; "
            f"give {kind.__qualname__} another"
        )
    DATASETS[kind.name] = kind
    return kind


def from_description(description: object, points: object = None, labels: object = None) -> Dataset:
    """Build the dataset that ``describe()`` described.

    Parameters
    ----------
    description
        ``{"name": ..., "params": {...}}``, possibly from a file that nobody vouches for.
    points, labels
        The arrays ``(n, d)`` and ``(n,)`` of user points, whose description cannot make them. All
        other datasets make their own and ignore these.

    Raises
    ------
    DataError
        For anything but a description, an unknown name, and parameters or arrays that do not fit.
    """
    if not isinstance(description, dict):
        raise DataError('dataset description: give an object {"name": ..., "params": {...}}')
    name, params = description.get("name"), description.get("params")
    if not isinstance(name, str) or not isinstance(params, dict):
        raise DataError('dataset description: "name" must be text and "params" an object')
    if name not in DATASETS:
        raise DataError(str(UnknownNameError("dataset", name, DATASETS)))
    return DATASETS[name].restore(params, points, labels)
