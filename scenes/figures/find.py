"""From what a user types, ``filmstrip`` or ``paper/plots.py:Overview``, to a figure or a scene."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from manim import Scene

from scenes.figures.catalogue import FIGURES, check_name
from scenes.figures.fields import varied
from scenes.figures.page import Figure
from scenes.output.locate import locate, user_module
from topo_core.errors import SpecError, TopoError, UnknownNameError, shown


def find(target: str, values: Mapping[str, Any] | None = None) -> Figure | type[Scene]:
    """A figure, or a scene of which a figure shows an instant.

    Parameters
    ----------
    target
        A name, or ``FILE.py:ClassName``.
    values
        For fields of the figure, see :func:`scenes.figures.fields.varied`.

    Raises
    ------
    SpecError, TopoError, UnknownNameError
        When there is none, its file does not import, or it does not have these fields.
    """
    return with_fields(_found(target), values)


def with_fields(found: Figure | type[Scene], values: Mapping[str, Any] | None) -> Figure | type[Scene]:
    """The figure with other values in some of its fields; scenes have none.

    Raises
    ------
    SpecError
        For a scene, and for fields and values that do not fit.
    """
    if not values:
        return found
    if not isinstance(found, Figure):
        raise SpecError(
            f"--set {next(iter(values))}: {found.__name__} is a scene and has no fields; leave it out"
        )
    return varied(found, values)


def _found(target: str) -> Figure | type[Scene]:
    if target in FIGURES:
        entry = FIGURES[target]
        return made(getattr(importlib.import_module(entry.module), entry.attribute))
    path, colon, name = target.rpartition(":")
    if not colon and target.endswith(".py"):
        path, name = target, ""
    if not path:
        check_name(target)
    elif figures := figures_of(user_module(Path(path))):
        if name in figures or (not name and len(figures) == 1):
            return made(figures[name or next(iter(figures))])
        with suppress(TopoError):  # a scene beside the figures
            return locate(target).scene
        if not name:
            raise TopoError(
                f"{path}: several figures; choose one: {path}:{next(iter(figures))} ({', '.join(figures)})"
            )
        raise UnknownNameError(f"figure in {path}", name, figures)
    return locate(target).scene


def figures_of(module: ModuleType) -> dict[str, Figure | type[Figure]]:
    """The figures that a user's file defines, by name: classes of its own, and instances."""
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, Figure)
        or (isinstance(value, type) and issubclass(value, Figure) and value.__module__ == module.__name__)
    }


def made(figure: Figure | type[Figure]) -> Figure:
    """A figure, from its class if need be."""
    if isinstance(figure, Figure):
        return figure
    try:
        return figure()
    except TypeError as error:
        raise TopoError(f"{figure.__name__}: give every field of a figure a default ({error})") from error


def given(target: object) -> Figure | type[Scene]:
    """A figure or scene that is not named, but itself what is to be shown.

    Raises
    ------
    SpecError
        When it is neither.
    """
    if isinstance(target, Figure):
        return target
    if isinstance(target, type) and issubclass(target, Figure):
        return made(target)
    if isinstance(target, type) and issubclass(target, Scene):
        return target
    raise SpecError(f"{shown(target)}: give the name of a figure or scene, a Figure, or a class of scenes")
