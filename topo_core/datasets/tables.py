"""Read labelled points from CSV and NPZ files that nobody vouches for.

Every way in which such a file can be wrong ends in a ``DataError`` that names the file and, in a
CSV file, the line. Nothing is ever unpickled, and no header makes the program allocate more than
the file holds.
"""

from __future__ import annotations

import csv
import io
import math
import re
import stat
import warnings
import zipfile
from array import array
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from topo_core.datasets.base import MAX_POINTS, FloatArray
from topo_core.errors import DataError, shown

#: Largest file that is read, and the most that an NPZ archive may unpack to.
MAX_BYTES = 200_000_000

#: Names of the coordinates, in their order, of points in at most three dimensions.
AXES = ("x", "y", "z")
#: The most dimensions that points may have, and the most coordinates in all.
MAX_DIMENSION, MAX_NUMBERS = 4096, 50_000_000

_LAYOUT = "give the columns x[, y[, z]] and label"
_ARRAYS = "an NPZ file holds x[, y[, z]] and label, or points and labels"


class Table(NamedTuple):
    """Finite points ``(n, d)``, 1 <= d <= ``MAX_DIMENSION``, and the text of each one's label."""

    points: FloatArray
    labels: list[str]


def read_table(path: Path) -> Table:
    """Read the points and labels of a file: NPZ if it ends in ``.npz``, else CSV.

    Raises
    ------
    DataError
        When the file is missing, too large, damaged, or holds anything but labelled points.
    """
    content = content_of(path)
    table = _read_npz(path, content) if path.suffix.lower() == ".npz" else _read_csv(path, content)
    if not table.labels:
        raise DataError(f"{path}: has no points; {_LAYOUT}, one point a row")
    return table


def real(cell: str) -> float | None:
    """The number that a cell spells, or None; ``1_000`` is Python, not data."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def content_of(path: Path, kind: str = "CSV or NPZ") -> bytes:
    """The bytes of a file of some kind, of at most ``MAX_BYTES``, or a DataError."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DataError(f"{path}: is a folder; give a {kind} file")
        if not stat.S_ISREG(status.st_mode):
            raise DataError(f"{path}: is not a regular file; save the points to a file first")
        if status.st_size > MAX_BYTES:
            raise DataError(
                f"{path}: has {status.st_size / 1e6:,.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB; "
                "keep a sample of the points"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file; check the name") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"{path}: cannot be read ({reason}); give a readable file") from error


def axis_names(dimension: int) -> tuple[str, ...]:
    """Names of so many coordinates: x, y, z, or x1, x2, ... of more than three."""
    if dimension <= len(AXES):
        return AXES[:dimension]
    return tuple(f"x{k}" for k in range(1, dimension + 1))


def _label(where: str, cell: str) -> str:
    value = real(cell)
    if not cell or (value is not None and not math.isfinite(value)):
        raise DataError(f"{where}: label {shown(cell)} names no class; give every point one")
    return cell


def _too_many(path: Path) -> DataError:
    most = f"{MAX_POINTS:,} points, or {MAX_NUMBERS:,} coordinates of them"
    return DataError(f"{path}: has more than {most}; keep a sample of them")


# -- CSV ------------------------------------------------------------


def _read_csv(path: Path, content: bytes) -> Table:
    check_text(path, content)
    rows = rows_of(path, content)
    first = next(rows, None)
    if first is None:
        raise DataError(f"{path}: is empty; {_LAYOUT}, one point a row")
    line, cells = first
    if not 2 <= len(cells) <= MAX_DIMENSION + 1:
        raise DataError(
            f"{path}: line {line}: found {len(cells)} column(s); {_LAYOUT}, "
            "separated by commas, semicolons or tabs"
        )
    order, axes = [*range(len(cells))], axis_names(len(cells) - 1)
    numeric = any(real(cell.replace(",", ".")) is not None for cell in cells)
    if not numeric or "label" in map(str.lower, cells):
        order = _header_order(f"{path}: line {line}", [cell.lower() for cell in cells])
        axes = tuple(cells[at] for at in order[:-1]) if len(cells) > len(AXES) + 1 else axes
    else:
        rows = chain([first], rows)
    coordinates, labels = array("d"), []
    for line, cells in rows:
        if len(cells) != len(order):
            raise DataError(
                f"{path}: line {line}: {len(cells)} columns, but the first row has {len(order)}; "
                "give every row the same columns"
            )
        where = f"{path}: line {line}"
        for axis, at in zip(axes, order[:-1], strict=True):
            coordinates.append(coordinate(where, axis, cells[at]))
        labels.append(_label(where, cells[order[-1]]))
        if len(labels) > MAX_POINTS or len(coordinates) > MAX_NUMBERS:
            raise _too_many(path)
    return Table(np.array(coordinates).reshape(-1, len(order) - 1), labels)


def check_text(path: Path, content: bytes) -> None:
    """Refuse what is not text in UTF-8 with a DataError."""
    remedy = "save it as CSV in UTF-8, or as an NPZ file with the ending .npz"
    if b"\0" in content:
        raise DataError(f"{path}: is binary, not a text file; {remedy}")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}: line {line}: is not text in UTF-8; {remedy}") from error


def _lines(content: bytes) -> Iterator[str]:
    """The lines of a text, with comments made blank so that line numbers stay right."""
    for line in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""):
        yield "\n" if line.lstrip().startswith("#") else line


def rows_of(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of every row that is not blank or a comment."""
    start = next((line for line in _lines(content) if line.strip()), "")
    reader = csv.reader(_lines(content), delimiter=_delimiter(start), skipinitialspace=True, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DataError(f"{path}: line {reader.line_num}: {error}; check its quotes") from error


def _delimiter(line: str) -> str:
    """The commonest separator outside quotes; a comma loses ties, as it may be a decimal sign."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max("\t;,", key=bare.count)


def _header_order(where: str, names: list[str]) -> list[int]:
    """Where a header puts the coordinates, in the order of the axes, and then the label.

    Of more than three, names may be any and their order is that of the columns.
    """
    twice = [name for k, name in enumerate(names) if name in names[:k]]
    if twice:
        raise DataError(f"{where}: column {shown(twice[0])} is named twice; {_LAYOUT}")
    if "label" not in names:
        found = ", ".join(shown(name) for name in names)
        raise DataError(f"{where}: no column is named label, only {found}; {_LAYOUT}")
    if len(names) > len(AXES) + 1:
        return [*(at for at, name in enumerate(names) if name != "label"), names.index("label")]
    axes = AXES[: len(names) - 1]
    for name in names:
        if name not in (*axes, "label"):
            raise DataError(
                f"{where}: column {shown(name)} does not fit; "
                f"name the {len(names)} columns {', '.join(axes)} and label"
            )
    return [names.index(name) for name in (*axes, "label")]


def coordinate(where: str, axis: str, cell: str) -> float:
    """The finite number that a cell spells, or a DataError."""
    value = real(cell)
    if value is None:
        comma = real(cell.replace(",", ".")) is not None
        remedy = "write decimals with a point" if comma else "correct it or remove the row"
        raise DataError(f"{where}: {axis} = {shown(cell)} is not a number; {remedy}")
    if not math.isfinite(value):
        raise DataError(f"{where}: {axis} = {shown(cell)} is not finite; correct it or remove the row")
    return value


# -- NPZ ------------------------------------------------------------


def _read_npz(path: Path, content: bytes) -> Table:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy comments on headers from Python 2
            arrays = _arrays(path, content)
    except DataError:
        raise
    except Exception as error:  # damaged bytes make zipfile, zlib and numpy raise a dozen kinds
        raise DataError(
            f"{path}: is not an intact NPZ file ({type(error).__name__}); write it with numpy.savez"
        ) from error
    points, labels = _points(path, arrays), arrays.get("label", arrays.get("labels"))
    if labels is None:
        raise DataError(f"{path}: has no array label; {_ARRAYS}")
    if labels.shape != points.shape[:1]:
        raise DataError(
            f"{path}: labels of shape {labels.shape} for {len(points)} points; give each point one"
        )
    if len(points) > MAX_POINTS:
        raise _too_many(path)
    bad = np.argwhere(~np.isfinite(points))
    if len(bad):
        row, axis = bad[0].tolist()
        raise DataError(
            f"{path}: point {row}: {axis_names(points.shape[1])[axis]} = {points[row, axis]} is not finite; "
            "correct it or remove the point"
        )
    cells = [
        cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell) for cell in labels.tolist()
    ]
    return Table(points, [_label(f"{path}: point {k}", c.strip()) for k, c in enumerate(cells)])


def _arrays(path: Path, content: bytes) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
            raise DataError(f"{path}: unpacks to more than {MAX_BYTES / 1e6:.0f} MB; keep a sample")
        for info in archive.infolist():
            name = info.filename.removesuffix(".npy")
            if name not in (*AXES, "points", "label", "labels"):
                raise DataError(f"{path}: holds {shown(name)}; {_ARRAYS}")
            if name in arrays:
                raise DataError(f"{path}: holds {name} twice; {_ARRAYS}")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DataError(f"{path}: {name} is packed in a foreign way; use numpy.savez")
            with archive.open(info) as member:  # reading file_size bytes bounds the unpacking
                arrays[name] = _array(path, name, member.read(info.file_size))
    return arrays


def _array(path: Path, name: str, content: bytes) -> NDArray[Any]:
    """Parse an .npy member after checking that its header claims no more than there is."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else _header_2_0
    shape, _, dtype = header(stream)
    allowed = "biufUS" if name in ("label", "labels") else "iuf"
    where = f"{path}: {name}"
    if dtype.hasobject:
        raise DataError(f"{where} is pickled, which is never loaded; save plain numbers or text")
    if dtype.kind not in allowed:
        raise DataError(f"{where} has the type {shown(str(dtype))}; save plain numbers")
    if math.prod(shape) * max(dtype.itemsize, 1) > len(content):
        raise DataError(f"{where} claims more values than the file holds; write it again")
    stream.seek(0)
    result: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    return result


def _header_2_0(stream: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    return np.lib.format.read_array_header_2_0(stream)


def _points(path: Path, arrays: dict[str, NDArray[Any]]) -> FloatArray:
    axes = [axis for axis in AXES if axis in arrays]
    if "points" in arrays and not axes:
        points = arrays["points"]
    elif "points" not in arrays and axes and axes == list(AXES[: len(axes)]):
        columns = [arrays[axis] for axis in axes]
        if any(c.ndim != 1 or len(c) != len(columns[0]) for c in columns):
            raise DataError(f"{path}: {', '.join(axes)} must each hold one value a point")
        points = np.stack(columns, axis=1)
    else:
        raise DataError(f"{path}: has the arrays {', '.join(arrays) or 'none'}; {_ARRAYS}")
    if points.ndim != 2 or not 1 <= points.shape[1] <= MAX_DIMENSION:
        raise DataError(
            f"{path}: points of shape {points.shape}; give (n, d) with d from 1 to {MAX_DIMENSION}"
        )
    if points.size > MAX_NUMBERS:
        raise _too_many(path)
    with np.errstate(over="ignore"):  # what overflows becomes inf and is refused as such
        return points.astype(np.float64)
