"""From what a user types, ``filmstrip`` or ``paper/plots.py:Overview``, to a figure or a scene."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from manim import Scene

from scenes.figures.catalogue import FIGURES, check_name
from scenes.figures.fields import varied
from scenes.figures.page import Figure
from scenes.output.locate import locate, user_module
from topo_core.errors import SpecError, TopoError


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
    path, _, name = target.rpartition(":")
    if path:
        found = getattr(user_module(Path(path)), name, None)
        if isinstance(found, Figure) or (isinstance(found, type) and issubclass(found, Figure)):
            return made(found)
    elif not target.endswith(".py"):
        check_name(target)
    return locate(target).scene


def made(figure: Figure | type[Figure]) -> Figure:
    """A figure, from its class if need be."""
    if isinstance(figure, Figure):
        return figure
    try:
        return figure()
    except TypeError as error:
        raise TopoError(f"{figure.__name__}: give every field of a figure a default ({error})") from error
