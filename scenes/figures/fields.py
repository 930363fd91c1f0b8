"""Figures with other values in their fields, as a user writes them: ``--set instants=6``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from topo_core.errors import SpecError, shown

if TYPE_CHECKING:
    from scenes.figures.page import Figure

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def assignments(written: Iterable[str]) -> dict[str, str]:
    """What ``--set FIELD=VALUE`` says, given again and again.

    Raises
    ------
    SpecError
        For what is no ``FIELD=VALUE``, and for a field that is set twice.
    """
    found: dict[str, str] = {}
    for text in written:
        name, sign, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not sign or not name:
            raise SpecError(f"--set {shown(text)}: write FIELD=VALUE, such as columns=3")
        if name in found:
            raise SpecError(f"--set {name}: set it once")
        found[name] = value.strip()
    return found


def varied(figure: Figure, values: Mapping[str, Any]) -> Figure:
    """The figure with other values in some fields.

    Parameters
    ----------
    figure
        What to vary.
    values
        By the names of fields; text is read as the field's type says, ``1,2,3`` as a tuple.

    Raises
    ------
    SpecError, UnknownNameError
        For a field that it does not have, and for a value that does not fit.
    """
    kind = type(figure)
    hints = get_type_hints(kind)
    types = {field.name: hints[field.name] for field in fields(figure) if field.init}
    for name in values:
        if name not in types:
            has = f"has the fields {', '.join(types)}" if types else "has no fields"
            raise SpecError(f"--set {name}: {kind.__name__} {has}")
    return replace(figure, **{name: _read(name, value, types[name]) for name, value in values.items()})


def _read(name: str, value: Any, kind: Any) -> Any:
    """A value as a type."""
    try:
        return _as(value, kind)
    except (TypeError, ValueError, OverflowError):
        wanted = _described(kind)
        raise SpecError(
            f"--set {name}={value if isinstance(value, str) else shown(value)}: give {wanted}"
        ) from None


def _as(value: Any, kind: Any) -> Any:
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, UnionType):
        if value is None or (isinstance(value, str) and value.lower() == "none"):
            if NoneType in get_args(kind):
                return None
            raise ValueError
        return _first_that_fits(value, [k for k in get_args(kind) if k is not NoneType])
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError
        return value
    if origin is tuple:
        parts = (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )
        if not isinstance(parts, list | tuple):
            raise ValueError
        first, *rest = get_args(kind)
        kinds = [first] * len(parts) if rest == [...] else [first, *rest]
        return tuple(_as(part, k) for part, k in zip(parts, kinds, strict=True))
    return _as_plain(value, kind)


def _as_plain(value: Any, kind: Any) -> Any:
    """A value as text, a truth value or a number."""
    text = isinstance(value, str)
    if kind is bool:
        return _WORDS[value.lower()] if text and value.lower() in _WORDS else _exactly(value, bool)
    if kind is str:
        return _exactly(value, str)
    if kind is float and not isinstance(value, bool):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
        return number
    if kind is int and text:
        return int(value)
    return _exactly(value, kind)


def _exactly(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError
    return value


def _first_that_fits(value: Any, kinds: list[Any]) -> Any:
    for kind in kinds:
        try:
            return _as(value, kind)
        except (TypeError, ValueError):
            continue
    raise ValueError


def _described(kind: Any) -> str:
    """What is wanted, for people."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return " or ".join(_described(k) for k in get_args(kind))
    if origin is Literal:
        return " or ".join(map(str, get_args(kind)))
    if origin is tuple:
        one = _described(get_args(kind)[0]).removeprefix("a ")
        return f"{one}s with commas between them"
    names = {bool: "yes or no", int: "a whole number", float: "a number", str: "a text", NoneType: "none"}
    return names.get(kind, getattr(kind, "__name__", str(kind)))
