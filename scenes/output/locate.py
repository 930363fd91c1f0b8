"""From what a user types, ``spirals-separate`` or ``talk/opening.py:Opening``, to a scene class."""

from __future__ import annotations

import importlib
import importlib.util
import os
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from manim import Scene

from scenes.catalogue import scene_named
from scenes.output.cache import installed_places
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
    module = user_module(Path(path))
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


#: Folders of the users' files imported so far, and packages that are never theirs.
_folders: set[str] = set()
_OURS = {"__main__", "batch", "commands", "render", "scenes", "topo_core"}


def _forget_helpers() -> None:
    """Forget the modules beside the users' files: others may have their names, or they were edited."""
    for name, module in list(sys.modules.copy().items()):
        file = str(getattr(module, "__file__", None) or "")
        if (
            name.partition(".")[0] not in _OURS
            and file.startswith(tuple(_folders))
            and not file.startswith(installed_places())
        ):
            del sys.modules[name]


def user_module(path: Path) -> ModuleType:
    """Import a file of a user's, anew."""
    if not path.is_file():
        raise TopoError(f"{path}: no such file; give an existing FILE.py:ClassName")
    name = f"user_scene_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TopoError(f"{path}: not a Python file; give FILE.py:ClassName")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    _forget_helpers()
    _folders.add(folder + os.sep)
    if folder in sys.path:
        sys.path.remove(folder)
    sys.path.insert(0, folder)  # helpers beside the scene
    sys.modules[name] = module
    random.seed(0)  # for what is drawn by lot on import; Manim does so before a scene is played
    np.random.seed(0)  # noqa: NPY002 (it is what scenes use)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise TopoError(f"{error.filename or path}:{error.lineno}: {error.msg}") from error
    except TopoError:
        raise
    except (Exception, SystemExit) as error:
        raise explained(str(path.resolve()), error) from error
    return module


def explained(source: str, error: BaseException) -> TopoError:
    """An error raised by a user's file as one line: where it came through that file, and what it is."""
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == source:
            line = step.tb_lineno
        step = step.tb_next
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return TopoError(f"{source}:{line}: {what}")
