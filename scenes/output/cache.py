"""A finished video is reused only while everything that made it is unchanged.

Every file that Python opens is noted with the time (traces, images, data), beside the source of every
module outside the installed packages. The record of a clip holds their digests: if one differs, or the
request or an installed version does, the clip is made anew. A file that was edited after it was read, while
the scene rendered, leaves no record at all; one that was looked for in vain counts as absent. What a library
opens past Python (Cairo, libav and Typst reading images) and lists of folders are not seen: for those use
``render_video(..., fresh=True)`` or remove ``media/.cache``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import scenes
import topo_core
from scenes.output.whole import whole
from topo_core.errors import TopoError
from topo_core.extras import installed_version
from topo_core.store import media_folder

_PACKAGES = (
    "manim",
    "numpy",
    "scipy",
    "scikit-learn",
    "av",
    "pycairo",
    "typst",
    "contourpy",
    "neural-topology",
)

#: Path -> when it was opened, in nanoseconds since the epoch.
Opened = dict[str, int]

_began = time.time_ns()
_watching: list[Opened] = []


def _on_open(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _watching:
        return
    path, mode = arguments[0], arguments[1]
    if isinstance(path, (str, bytes, os.PathLike)) and (mode is None or "r" in str(mode)):
        for opened in _watching:
            opened.setdefault(os.path.abspath(os.fsdecode(path)), time.time_ns())


sys.addaudithook(_on_open)


@contextmanager
def files_read() -> Iterator[Opened]:
    """Collect the paths that are opened for reading, with the time of the first opening."""
    opened: Opened = {}
    _watching.append(opened)
    try:
        yield opened
    finally:
        _watching.pop()


@cache
def installed_places() -> tuple[str, ...]:
    """The folders of Python and the system, whose files change with a version only."""
    places = {sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    places |= {os.path.realpath(p) for p in places} | {"/dev", "/proc", "/sys", "/etc"}
    return tuple(place + os.sep for place in sorted(places))


def _dependencies(opened: Opened, ignored: frozenset[str]) -> dict[str, int]:
    """Every file that a clip may depend on, and when it was read."""
    read = dict(opened)
    for module in list(sys.modules.copy().values()):
        if source := getattr(module, "__file__", None):
            path = os.path.abspath(source)
            read[path] = next((opened[p] for p in (path, cache_from_source(path)) if p in opened), _began)
    ours = tuple(os.path.abspath(next(iter(m.__path__))) + os.sep for m in (scenes, topo_core))
    working = os.path.abspath(media_folder() / ".cache") + os.sep
    return {
        path: when
        for path, when in sorted(read.items())
        if path not in ignored
        and (path.startswith(ours) or not path.startswith((working, *installed_places())))
        and not path.endswith(".pyc")
        and not os.path.isdir(path)
    }


def _digest(path: str) -> str:
    """The SHA-256 of a file, or that there is none."""
    if not os.path.exists(path):
        return "absent"
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def request_key(request: dict[str, Any]) -> str:
    """20 hex digits of what was asked for, where, and with which packages."""
    versions = {package: installed_version(package) for package in _PACKAGES}
    everything = {"request": request, "versions": versions, "python": sys.version, "folder": os.getcwd()}
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()[:20]


def _places(key: str, suffix: str) -> tuple[Path, Path]:
    folder = media_folder() / ".cache" / "clips"
    return folder / f"{key}.json", folder / f"{key}.{suffix}"


def recall(key: str, suffix: str) -> tuple[Path, dict[str, Any]] | None:
    """The clip of a request, if nothing it was made from has changed, and what was noted about it."""
    record, clip = _places(key, suffix)
    try:
        noted = json.loads(record.read_text())
        fresh = _digest(str(clip)) == noted["clip"] and all(
            _digest(path) == digest for path, digest in noted["files"].items()
        )
        return (clip, noted["facts"]) if fresh else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def remember(
    key: str, clip: Path, opened: Opened, facts: dict[str, Any], ignored: frozenset[str] = frozenset()
) -> Path:
    """Keep a finished clip and the digests of everything it was made from; returns where.

    Files in ``ignored`` may change without the clip changing: the request says all that it takes from them.
    """
    record, kept = _places(key, clip.suffix.lstrip("."))
    kept.parent.mkdir(parents=True, exist_ok=True)
    read_at = _dependencies(opened, ignored)
    edited = any(os.stat(path).st_mtime_ns > when for path, when in read_at.items() if os.path.exists(path))
    place(clip, kept)
    if edited:  # the digests would be those of something else than was shown
        record.unlink(missing_ok=True)
        return kept
    noted = {
        "facts": facts,
        "files": {path: _digest(path) for path in read_at},
        "clip": _digest(str(clip)),
    }
    with whole(record) as temporary:
        temporary.write_text(json.dumps(noted, indent=1, sort_keys=True))
    return kept


def make_folder(target: Path) -> None:
    """Make the folder that a file is to be in: before the work on the file begins, which may be long.

    Raises
    ------
    TopoError
        When that cannot be a folder, or nothing can be written into it.
    """
    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise TopoError(f"{target}: {folder} cannot be a folder, for a file is in its way") from None
    if not os.access(folder, os.W_OK):
        raise TopoError(f"{target}: nothing can be written into {folder}; choose another folder")


def place(source: Path, target: Path) -> None:
    """Copy a file so that the target is there whole or not at all."""
    make_folder(target)
    with whole(target) as temporary:
        shutil.copyfile(source, temporary)
