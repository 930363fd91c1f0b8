"""Points that a user brings along."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from topo_core.datasets.base import (
    MAX_POINTS,
    Dataset,
    FloatArray,
    IntArray,
    read_only,
    register,
)
from topo_core.datasets.tables import MAX_DIMENSION, read_table, real
from topo_core.errors import DataError, shown

#: More different labels than this are no classes.
MAX_CLASSES = 100


@register
@dataclass(frozen=True, eq=False)
class UserPoints(Dataset):
    """Labelled points in any number of dimensions; the components that they lie on are not known.

    Equal to another one with the same source, class names, points and labels.

    Attributes
    ----------
    points
        ``(n, d)`` with d from 1 to 4096, finite, in data units; kept as float64, read-only.
    labels
        ``(n,)``, the class of each point, 0 to ``n_classes - 1``; kept as int64, read-only. Every
        class has a point, and there are at least two.
    class_names
        Name of each class; when empty, the labels as text.
    source
        Where the points come from, for people: the name of the file without folder and ending.

    Raises
    ------
    DataError
        For arrays or names that do not fit.
    """

    name: ClassVar[str] = "points"

    points: FloatArray = field(repr=False)
    labels: IntArray = field(repr=False)
    class_names: tuple[str, ...] = ()
    source: str = "points"

    def __post_init__(self) -> None:
        if not isinstance(self.source, str):
            raise _fault(f"source = {shown(self.source)}: give text")
        points, labels = _array("points", self.points), _array("labels", self.labels)
        _check_points(points)
        names = tuple(self.class_names) or tuple(map(str, np.unique(labels)[: MAX_CLASSES + 1]))
        _check_labels(labels, len(points), names)
        with np.errstate(over="ignore"):  # from a wider type; what overflows becomes inf
            points = read_only(points)
        if not np.isfinite(points).all():
            raise _fault("points must be finite: correct or remove those with nan or inf")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "labels", read_only(labels, np.int64))
        object.__setattr__(self, "class_names", names)

    def sample(self) -> tuple[FloatArray, IntArray]:
        """Return the points and labels."""
        return self.points, self.labels

    def describe(self) -> dict[str, Any]:
        """Source and class names as plain JSON; the arrays are stored beside it."""
        params = {"source": self.source, "class_names": list(self.class_names)}
        return {"name": self.name, "params": params}

    @classmethod
    def restore(cls, params: dict[str, Any], points: object, labels: object) -> Self:
        """Join a description to the arrays that were stored beside it.

        Raises
        ------
        DataError
            When the arrays are missing or do not fit the description.
        """
        if points is None or labels is None:
            raise _fault("the points and labels are missing; give the arrays")
        extra = sorted(set(params) - {"source", "class_names"})
        names = params.get("class_names", [])
        if extra or not isinstance(names, list | tuple):
            raise _fault("describe it by a source and a list of class_names")
        source = params.get("source", "points")
        return cls(_array("points", points), _array("labels", labels), tuple(names), source)

    @cached_property
    def _digest(self) -> bytes:
        content = hashlib.sha256(repr((self.points.shape, self.class_names, self.source)).encode())
        content.update(self.points.tobytes())
        content.update(self.labels.tobytes())
        return content.digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UserPoints) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


def _fault(what: str) -> DataError:
    return DataError(f"dataset {UserPoints.name}: {what}")


def _array(name: str, value: object) -> np.ndarray[Any, Any]:
    try:
        return np.asarray(value)
    except (TypeError, ValueError) as error:
        raise _fault(f"{name} must be an array of numbers ({error})") from error


def _check_points(points: np.ndarray[Any, Any]) -> None:
    if points.dtype.kind not in "iuf" or points.ndim != 2 or not 1 <= points.shape[1] <= MAX_DIMENSION:
        raise _fault(
            f"points of type {points.dtype} and shape {points.shape}: "
            f"give numbers of shape (n, d) with d from 1 to {MAX_DIMENSION}"
        )
    if len(points) > MAX_POINTS:
        raise _fault(f"{len(points):,} points: keep at most {MAX_POINTS:,} of them")


def _check_labels(labels: np.ndarray[Any, Any], n: int, names: tuple[object, ...]) -> None:
    if labels.dtype.kind not in "iu" or labels.shape != (n,):
        raise _fault(
            f"labels of type {labels.dtype} and shape {labels.shape} for {n} points: "
            "give one whole number a point"
        )
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) != len(names):
        raise _fault("class_names must be different, non-empty texts")
    if not 2 <= len(names) <= MAX_CLASSES:
        raise _fault(f"{len(names)} classes: give 2 to {MAX_CLASSES}")
    if not np.array_equal(np.unique(labels), np.arange(len(names))):
        raise _fault(f"labels must be 0 to {len(names) - 1}: give each to a point, and no other")


def load_points(path: str | os.PathLike[str]) -> UserPoints:
    """Read labelled points from a CSV or NPZ file.

    Parameters
    ----------
    path
        *CSV* (any ending but ``.npz``): UTF-8 text, separated by commas, semicolons or tabs as its
        first row is, with a header that names the columns ``x``, ``y``, ``z`` (as many as there
        are) and ``label`` in any order, or without a header and with the label last. More than three
        coordinates may have any names, beside that of ``label``. Blank lines
        and lines that begin with ``#`` are skipped. *NPZ*: arrays ``x``, ``y``, ``z`` and
        ``label``, or ``points`` ``(n, d)`` and ``labels``. Labels are text or numbers.

    Returns
    -------
    UserPoints
        Its class names are the different labels in sorted order (by value, if all are numbers).

    Raises
    ------
    DataError
        Naming the file and, in a CSV file, the line: for a missing, empty, too large (over 200 MB),
        binary or damaged file, ragged rows, cells that are no finite numbers, wrong columns, and
        labels that are missing, all the same, or of more than 100 kinds.
    """
    path = Path(path)
    table = read_table(path)
    names, index = classes(set(table.labels))
    if len(names) < 2:
        raise DataError(f"{path}: all points have the label {shown(names[0])}; give points of two classes")
    if len(names) > MAX_CLASSES:
        raise DataError(
            f"{path}: {len(names):,} different labels, more than {MAX_CLASSES}; is the label the last column?"
        )
    labels = np.array([index[text] for text in table.labels])
    return UserPoints(table.points, labels, names, path.stem)


def classes(texts: set[str]) -> tuple[tuple[str, ...], dict[str, int]]:
    """The names of the classes, and which of them each label is."""
    values = {text: value for text in texts if (value := _value(text)) is not None}
    if len(values) < len(texts):
        names = sorted(texts)
        return tuple(names), {name: k for k, name in enumerate(names)}
    rank = {value: k for k, value in enumerate(sorted(set(values.values())))}
    return tuple(map(_plain, rank)), {text: rank[value] for text, value in values.items()}


def _value(label: str) -> int | float | None:
    """The number that a label spells, or None; whole numbers stay exact."""
    try:
        return int(label) if "_" not in label else None
    except ValueError:
        return real(label)


def _plain(value: int | float) -> str:
    """The name of a class: 1.0 is called 1."""
    return str(int(value)) if value == int(value) else str(value)
