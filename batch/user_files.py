"""The Python files of a user's own scene, to be sent to where there is no such folder."""

from __future__ import annotations

import ast
from pathlib import Path

from topo_core.errors import TopoError

#: All that is sent of a scene, in bytes.
MOST = 8 * 2**20


def file_of(target: str) -> Path | None:
    """The file of a target ``FILE.py:Class``; None for a name of the catalogue."""
    path, colon, _ = target.rpartition(":")
    if not colon:
        path = target if target.endswith(".py") else ""
    return Path(path) if path else None


def sources_of(target: str) -> dict[str, bytes]:
    """The file of a target and every module beside it that it imports, by path relative to its folder.

    Data files are not among them: a scene on another machine finds none. Nothing for names of the catalogue.

    Raises
    ------
    TopoError
        When there is no such file, or all of them are too large.
    """
    file = file_of(target)
    if file is None:
        return {}
    if not file.is_file():
        raise TopoError(f"{file}: no such file; give an existing FILE.py:ClassName")
    folder = file.parent
    found: dict[str, bytes] = {}
    waiting = [file]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(folder).as_posix()
        if name in found:
            continue
        found[name] = path.read_bytes()
        if sum(map(len, found.values())) > MOST:
            raise TopoError(f"{file}: it and the modules beside it have more than {MOST} bytes")
        waiting += _imported(found[name], folder)
    return found


def _imported(source: bytes, folder: Path) -> list[Path]:
    """Files in a folder that a module imports; of a package, all of its modules."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # whoever runs it will say so
        return []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    paths: list[Path] = []
    for name in sorted(names):
        if (folder / f"{name}.py").is_file():
            paths.append(folder / f"{name}.py")
        elif (folder / name / "__init__.py").is_file():
            paths += sorted((folder / name).rglob("*.py"))
    return paths
