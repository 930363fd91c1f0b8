"""From what a user types, ``spirals-separate`` or ``talk/opening.py:Opening``, to a scene class."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

from manim import Scene

from scenes.catalogue import scene_named
from topo_core.errors import TopoError, UnknownNameError


@dataclass(frozen=True)
class Located:
    """A scene class and the name its files get."""

    name: str
    scene: type[Scene]


def locate(target: str) -> Located:
    """Import the scene that ``target`` names.

    Raises
    ------
    TopoError
        When the file is missing, does not import, or has no such scene.
    UnknownNameError
        When a catalogue name is unknown.
    """
    path, colon, class_name = target.rpartition(":")
    if not colon and target.endswith(".py"):
        path, class_name = target, ""
    if not path:
        entry = scene_named(target)
        module = importlib.import_module(entry.module)
        return Located(entry.name, getattr(module, entry.class_name))
    module = _module(Path(path))
    classes = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Scene) and value.__module__ == module.__name__
    }
    if not classes:
        raise TopoError(f"{path}: no scene class in this file; derive one from scenes.kit.TraceScene")
    if not class_name:
        if len(classes) > 1:
            raise TopoError(
                f"{path}: several scenes; choose one: {path}:{next(iter(classes))} ({', '.join(classes)})"
            )
        class_name = next(iter(classes))
    if class_name not in classes:
        raise UnknownNameError(f"scene in {path}", class_name, classes)
    return Located(class_name, classes[class_name])


def _module(path: Path):  # type: ignore[no-untyped-def]
    if not path.is_file():
        raise TopoError(f"{path}: no such file; give an existing FILE.py:ClassName")
    name = f"user_scene_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TopoError(f"{path}: not a Python file; give FILE.py:ClassName")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)  # helpers beside the scene
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise TopoError(f"{path}:{error.lineno}: {error.msg}") from error
    return module
