"""Whether a worker of a cluster would make the same bytes: its versions, its source, its OpenGL."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from topo_core import __version__
from topo_core.extras import installed_version

#: What, beside the project itself, decides the bytes.
PACKAGES = ("manim", "numpy", "scipy", "torch", "pycairo", "av", "typst", "dask", "distributed")
_OURS = ("batch", "scenes", "topo_core")


@dataclass(frozen=True)
class Facts:
    """What a process is made of.

    Attributes
    ----------
    version, source
        Of this project: its version, and a digest of its modules.
    python
        Such as ``"3.11"``.
    packages
        Pairs of a name and a version, ``""`` if it is absent.
    no_opengl
        Why there is no OpenGL; empty if there is, or nobody asked.
    """

    version: str
    source: str
    python: str
    packages: tuple[tuple[str, str], ...]
    no_opengl: str = ""


def facts(opengl: bool = False) -> Facts:
    """What this process is made of; with ``opengl``, a context is made to see whether it can."""
    return Facts(
        version=__version__,
        source=source_digest(),
        python=f"{sys.version_info[0]}.{sys.version_info[1]}",
        packages=tuple((name, _version(name)) for name in PACKAGES),
        no_opengl=_without_opengl() if opengl else "",
    )


@cache
def source_digest(*packages: str) -> str:
    """SHA-256 of all in packages of this project, by default in all, that Python, Typst or OpenGL reads."""
    digest = hashlib.sha256()
    for name in packages or _OURS:
        found = find_spec(name)
        for place in (found.submodule_search_locations or ()) if found else ():
            for path in sorted(Path(place).rglob("*")):
                if path.suffix in (".py", ".typ", ".glsl") and path.is_file():
                    digest.update(f"{name}/{path.relative_to(place).as_posix()}\0".encode())
                    digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(name: str) -> str:
    """The version of a package, without what says how it was built: ``2.13.0+cpu`` is ``2.13.0``."""
    return installed_version(name).partition("+")[0]


def _without_opengl() -> str:
    from scenes.kit.gl.context import gl_context
    from topo_core.errors import DependencyError

    try:
        gl_context()
    except DependencyError as error:
        return str(error)
    return ""


def what_differs(there: Facts, here: Facts) -> str:
    """What is wrong with a worker, and what to do: one line; empty if it is like this process."""
    wrong: list[str] = []
    if there.version != here.version:
        wrong.append(f"has version {there.version}, this is {here.version}; install the same version there")
    elif there.source != here.source:
        wrong.append(
            f"has another source of version {here.version}; install there what is installed here, to the file"
        )
    if there.python != here.python:
        wrong.append(f"runs Python {there.python}, this is {here.python}; start it with that one")
    other = dict(there.packages)
    others = [
        f"{name} {other.get(name) or 'absent'} (here {ours or 'absent'})"
        for name, ours in here.packages
        if other.get(name, "") != ours
    ]
    if others:
        wrong.append(f"has {', '.join(others)}; install there with -c constraints.txt")
    return "; ".join(wrong)


_THREE_D = re.compile(rb"\b(?:space3d|Space3D|scenes\.kit\.gl)\b")
_ESSAY = re.compile(rb"^\s*(?:from|import)\s+(scenes\.(?:essay|generic)[\w.]*)", re.MULTILINE)


def may_need_opengl(target: str) -> bool:
    """Whether a target's modules mention what draws in three dimensions; True for what is not known here."""
    from batch.user_files import file_of, sources_of
    from scenes.catalogue import scene_named
    from topo_core.errors import UnknownNameError

    if file_of(target) is not None:
        return any(_THREE_D.search(source) for source in sources_of(target).values())
    try:
        module = scene_named(target).module
    except UnknownNameError:
        return True
    return any(_THREE_D.search(source) for source in _modules(module))


def _modules(module: str) -> Iterable[bytes]:
    """The sources of a module of scenes, and of those that it imports."""
    import scenes

    root = Path(os.path.dirname(scenes.__file__ or "")).parent
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = root / (name.replace(".", "/") + ".py")
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        source = path.read_bytes()
        waiting += [found.decode() for found in _ESSAY.findall(source)]
        yield source
