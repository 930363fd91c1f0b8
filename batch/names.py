"""Names of jobs: from templates, safe on every file system, and never two in each other's way."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from typing import Any

from topo_core.errors import SpecError, UnknownNameError, shown

#: Files that every batch writes beside those of its jobs.
REPORTS = ("report.json", "metrics.csv", "index.html")
#: The folder of a batch's own records, and that of small pictures for the contact sheet.
JOURNAL, THUMBNAILS = ".batch", "thumbnails"
#: The most characters of one part of a name, and of all of it; suffixes still fit behind them.
MOST_OF_PART, MOST = 120, 200

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+=,@-]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.+-]+")
_FORMAT = re.compile(r"0?[0-9]{0,2}(?:\.[0-9]{1,2})?[dfgs]?")
#: What Windows keeps for devices, with any suffix.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_HINT = "use letters, digits and . _ - + = , @, with / between folders"


def slug(value: object) -> str:
    """A value as part of a name: ``"layer:2/0.5"`` becomes ``"layer-2-0.5"``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        value = f"{value:.12g}"
    if isinstance(value, list | tuple):
        value = "-".join(slug(item) for item in value)
    return _UNSAFE.sub("-", str(value)).strip("-.") or "none"


def checked_name(name: str) -> str:
    """The name, if it is a safe relative path: no file can land outside the folder that it is put into.

    Raises
    ------
    SpecError
        When it is absolute, goes upwards, is hidden, long, reserved on some system, or has other characters
        than these.
    """
    if not name or len(name) > MOST:
        raise SpecError(f"the name {shown(name)} has {len(name)} characters: give 1 to {MOST}")
    for part in name.split("/"):
        if part in ("", ".", "..") or name.startswith("/"):
            raise SpecError(
                f"the name {shown(name)} may leave the output folder: give a path inside it, without '..', "
                "'//' or a '/' at an end"
            )
        if not _PART.fullmatch(part) or part.endswith("."):
            raise SpecError(f"the name {shown(name)} cannot be a file's everywhere: {_HINT}")
        if len(part) > MOST_OF_PART:
            raise SpecError(
                f"the name {shown(name)} has a part of {len(part)} characters: at most {MOST_OF_PART}"
            )
        if part.split(".")[0].lower() in _DEVICES:
            raise SpecError(f"the name {shown(name)}: Windows keeps {part} for a device; choose another")
    return name


def fields_of(template: str, known: Iterable[str]) -> list[str]:
    """The parameters that a template names, in its order.

    Raises
    ------
    SpecError
        When it is no template, or names something else.
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise SpecError(f"the template {shown(template)}: {error}; write {{seed}} or {{seed:03d}}") from error
    found = []
    known = tuple(known)
    for _, field, form, conversion in parts:
        if field is None:
            continue
        if conversion or not _FORMAT.fullmatch(form or ""):
            raise SpecError(
                f"the template {shown(template)}: of formats only some, as in {{seed:03d}} and {{turns:.2f}}"
            )
        if field not in known:
            raise SpecError(f"the template {shown(template)}: {UnknownNameError('parameter', field, known)}")
        found.append(field)
    return found


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with values in it, each made safe; what the template says itself is checked later.

    Raises
    ------
    SpecError
        When it names a parameter without a value, or a format does not fit a value.
    """
    result = ""
    for literal, field, form, _ in string.Formatter().parse(template):
        result += literal
        if field is None:
            continue
        if values.get(field) is None:
            raise SpecError(f"the template {shown(template)} names {field}, which this job does not have")
        try:
            result += slug(format(values[field], form) if form else values[field])
        except (ValueError, TypeError) as error:
            raise SpecError(
                f"the template {shown(template)}: {field} = {shown(values[field])}: {error}"
            ) from error
    return result


class Taken:
    """Which names and files there will be, and whose; letters of another case count as the same.

    Two files are in each other's way when they differ only in case, as some file systems do not tell them
    apart, or when one is where the other needs a folder.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._files = dict.fromkeys((*REPORTS, JOURNAL, THUMBNAILS), "the batch itself")
        self._folders: dict[str, str] = {}

    def clash(self, name: str, outputs: Iterable[str]) -> str | None:
        """Who has this name, or one of these files, or a file or folder in its way."""
        owner = self._names.get(name.casefold())
        for output in map(str.casefold, outputs):
            owner = owner or self._files.get(output) or self._folders.get(output)
            for folder in _folders_of(output):
                owner = owner or self._files.get(folder)
        return owner

    def add(self, owner: str, name: str, outputs: Iterable[str]) -> None:
        """Note whose this name and these files are."""
        self._names[name.casefold()] = owner
        for output in map(str.casefold, outputs):
            self._files[output] = owner
            self._folders.update((folder, owner) for folder in _folders_of(output))


def _folders_of(name: str) -> Iterable[str]:
    parts = name.split("/")
    return ("/".join(parts[:k]) for k in range(1, len(parts)))
