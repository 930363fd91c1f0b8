"""A finished video is reused only while everything that made it is unchanged.

While a scene renders, every file that Python opens is noted (traces, images, data), beside the source of
every module outside the installed packages. The record of a clip holds their digests: if one differs, or
the request or an installed version does, the clip is made anew. So a scene may read what it likes and
never gets a stale clip.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from topo_core.store import media_folder

_PACKAGES = ("manim", "numpy", "scipy", "av", "pycairo", "typst", "contourpy", "neural-topology")

_watching: list[set[str]] = []


def _on_open(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _watching:
        path, mode = arguments[0], arguments[1]
        if isinstance(path, (str, os.PathLike)) and (mode is None or "r" in str(mode)):
            for seen in _watching:
                seen.add(os.fspath(path))


_hooked = False


@contextmanager
def files_read() -> Iterator[set[str]]:
    """Collect the paths that are opened for reading."""
    global _hooked
    if not _hooked:
        sys.addaudithook(_on_open)
        _hooked = True
    seen: set[str] = set()
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)


def _installed(path: str) -> bool:
    places = {sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    places |= {os.path.realpath(p) for p in places} | {"/dev", "/proc", "/sys", "/etc", "/usr"}
    return any(path.startswith(place + os.sep) for place in places)


def _dependencies(opened: set[str]) -> list[str]:
    modules = (getattr(m, "__file__", None) for m in list(sys.modules.values()))
    paths = {os.path.abspath(p) for p in (*opened, *modules) if p}
    own = os.path.abspath(media_folder() / ".cache")
    return sorted(
        p
        for p in paths
        if os.path.isfile(p)
        and not _installed(p)
        and not p.startswith(own + os.sep)
        and not p.endswith(".pyc")
    )


def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def request_key(request: dict[str, Any]) -> str:
    """20 hex digits of what was asked for, where, and with which packages."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = ""
    whole = {"request": request, "versions": versions, "python": sys.version, "folder": os.getcwd()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:20]


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
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (clip, noted["facts"]) if fresh else None


def remember(key: str, clip: Path, opened: set[str], facts: dict[str, Any]) -> Path:
    """Keep a finished clip and the digests of everything it was made from; returns where."""
    record, kept = _places(key, clip.suffix.lstrip("."))
    kept.parent.mkdir(parents=True, exist_ok=True)
    noted = {
        "facts": facts,
        "files": {path: _digest(path) for path in _dependencies(opened)},
        "clip": _digest(str(clip)),
    }
    place(clip, kept)
    temporary = record.with_name(f".{record.name}.{os.getpid()}")
    temporary.write_text(json.dumps(noted, indent=1, sort_keys=True))
    os.replace(temporary, record)
    return kept


def place(source: Path, target: Path) -> None:
    """Copy a file so that the target is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
