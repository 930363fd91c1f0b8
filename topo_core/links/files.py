"""Links from files: JSON of polygons or of a PD code, CSV of corners; nothing in them is trusted.

*JSON*: a list of polygons, each a list of corners ``[x, y, z]``; or an object with such a list as
``components`` (or ``comps``), or with a PD code as ``pd``, and maybe a ``name``; or a list of such objects.
*CSV*: a header with ``component``, ``x``, ``y`` and ``z`` in any order, and one corner a row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from topo_core.datasets.tables import AXES, check_text, content_of, coordinate, rows_of
from topo_core.errors import DataError, shown
from topo_core.links.polygons import FloatArray, checked_link
from topo_core.links.realise import polygons_from_pd

_LAYOUT = 'give a list of polygons [[[x, y, z], ...], ...], or {"components": ...}, or {"pd": ...}'
_COLUMNS = "give the columns component, x, y and z"


@dataclass(frozen=True)
class LinkFile:
    """A link and what it is called.

    Attributes
    ----------
    title
        Its name in the file, or the file's.
    polygons
        Corners ``(n, 3)`` of each component.
    """

    title: str
    polygons: tuple[FloatArray, ...]


def split_target(target: str) -> tuple[Path, str | None]:
    """``FILE.json#WHICH`` as a file and which of its links, if that is said."""
    name, mark, which = target.partition("#")
    return Path(name), which if mark else None


def is_link_file(path: Path) -> bool:
    """Whether a file is one of polygons: JSON by its ending, CSV by its header; not if it cannot be read."""
    if path.suffix.lower() == ".json":
        return True
    if path.suffix.lower() == ".npz":
        return False
    try:
        content = content_of(path)
        check_text(path, content)
        _, cells = next(rows_of(path, content))
    except (DataError, StopIteration):
        return False
    return "component" in map(str.lower, cells)


def read_link(path: Path, which: str | None = None) -> LinkFile:
    """Read a link from a JSON or CSV file.

    Parameters
    ----------
    path
        The file.
    which
        Of a file of several links the name of one, or its number from 1.

    Raises
    ------
    DataError
        Naming the file, and the line, the component or the crossing: for everything else.
    """
    content = content_of(path, "CSV or JSON")
    check_text(path, content)
    if path.suffix.lower() == ".json":
        return _from_json(path, content, which)
    if which is not None:
        raise DataError(f"{path}: a CSV file holds one link; leave out #{which}")
    return LinkFile(path.stem, checked_link(_from_csv(path, content), str(path)))


def _from_json(path: Path, content: bytes, which: str | None) -> LinkFile:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        reason = f"{error}" if isinstance(error, json.JSONDecodeError) else "nested too deeply or no JSON"
        raise DataError(f"{path}: is not intact JSON ({reason}); {_LAYOUT}") from error
    several = isinstance(data, list) and any(isinstance(item, dict) for item in data)
    if not several:
        if which is not None:
            raise DataError(f"{path}: holds one link; leave out #{which}")
        return _link(data, str(path), path.stem)
    k = _number(path, data, which)
    return _link(data[k], f"{path}: link {k + 1}", f"{path.stem}-{k + 1}")


def _number(path: Path, links: list[Any], which: str | None) -> int:
    names = [link.get("name") if isinstance(link, dict) else None for link in links]
    if which is None and len(links) == 1:
        return 0
    if which is not None and which in names:
        return names.index(which)
    if which is not None and which.isascii() and which.isdigit() and 1 <= int(which[:9]) <= len(links):
        return int(which[:9]) - 1
    found = f"has no link {shown(which)}" if which is not None else f"holds {len(links)} links"
    raise DataError(f"{path}: {found}; choose one by name or number, {path}#1 to #{len(links)}")


def _link(data: object, where: str, title: str) -> LinkFile:
    if isinstance(data, dict):
        title = data["name"] if isinstance(data.get("name"), str) and data["name"] else title
        if "pd" in data:
            try:
                return LinkFile(title, polygons_from_pd(data["pd"]))
            except DataError as error:
                raise DataError(f"{where}: {error}") from error
        data = data.get("components", data.get("comps"))
    if not isinstance(data, list):
        raise DataError(f"{where}: holds no polygons; {_LAYOUT}")
    return LinkFile(title, checked_link(data, where))


def _from_csv(path: Path, content: bytes) -> list[FloatArray]:
    rows = rows_of(path, content)
    line, cells = next(rows, (1, []))
    header = [cell.lower() for cell in cells]
    if sorted(header) != sorted(("component", *AXES)):
        found = ", ".join(map(shown, header)) or "nothing"
        raise DataError(f"{path}: line {line}: found {found}; {_COLUMNS}")
    order = [header.index(axis) for axis in AXES]
    parts: dict[str, list[list[float]]] = {}
    for line, cells in rows:
        where = f"{path}: line {line}"
        if len(cells) != len(header):
            raise DataError(f"{where}: {len(cells)} columns, but the first row has {len(header)}; {_COLUMNS}")
        corner = [coordinate(where, axis, cells[at]) for axis, at in zip(AXES, order, strict=True)]
        parts.setdefault(cells[header.index("component")], []).append(corner)
    return [np.array(part) for part in parts.values()]
