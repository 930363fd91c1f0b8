"""How videos and figures are drawn: from a job's parameters to the options of those who draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from batch.problems import NotApplicable
from topo_core.errors import TopoError

#: Formats of figures, as ``scenes.figures`` knows them.
FIGURE_FORMATS = ("pdf", "svg", "eps", "png")
#: What a manifest calls options that a command calls otherwise: ``width`` is that of a network.
_CALLED = {"figure_width": "width"}
_NAMES = {called: name for name, called in _CALLED.items()}
#: Options as the messages of commands call them.
_FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)?)\b")


def options_for(kind: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """All options of a video or figure, by their names there, and a figure's formats.

    Formats that are none of this kind are left out: they are those of a manifest's defaults.

    Raises
    ------
    NotApplicable
        When they are not possible, or not together.
    """
    if kind == "train":
        return {}, ()
    chosen = {_CALLED.get(name, name): value for name, value in values.items()}
    formats = chosen.pop("format", ())
    formats = tuple(dict.fromkeys((formats,) if isinstance(formats, str) else formats))
    if kind == "figure":
        from scenes.figures.options import FigureOptions

        options = _checked(FigureOptions, chosen)
        return options, tuple(form for form in formats if form in FIGURE_FORMATS) or ("pdf",)
    from scenes.output.settings import FORMATS, Settings

    formats = tuple(form for form in formats if form in FORMATS) or ("mp4",)
    if len(formats) > 1:
        raise NotApplicable([("format", "a video has one; several are several jobs: put them into grid")])
    split = chosen.pop("split", False)
    if split and formats[0] == "gif":
        raise NotApplicable([("split", "a GIF is made in one piece; leave it out")])
    options = _checked(Settings, {**chosen, "format": formats[0]})
    return {**options, **({"split": True} if split else {})}, ()


def manifest_names(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options by their names in a manifest."""
    return {_NAMES.get(name, name): value for name, value in options.items()}


def _checked(make: Callable[..., Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """All options; every one that is wrong by itself is told, or else what is wrong with them together."""
    whole: list[tuple[str, str]] = []
    try:
        return asdict(make(**chosen))
    except TopoError as error:
        whole.append(_in_words_of_manifests(str(error), chosen))
    raise NotApplicable(list(_wrong_alone(make, chosen)) or whole)


def _wrong_alone(make: Callable[..., Any], chosen: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in chosen.items():
        if name != "transparent":  # never wrong without the format
            try:
                make(**{name: value})
            except TopoError as error:
                yield _NAMES.get(name, name), _in_words_of_manifests(str(error), chosen)[1]


def _in_words_of_manifests(message: str, chosen: Mapping[str, Any]) -> tuple[str, str]:
    """The parameter that a message is about, if it says so, and the message in a manifest's words."""
    named = _FLAG.match(message)
    name = named[1].replace("-", "_") if named else ""
    if named and name in chosen:
        message = message[named.end() :].lstrip(": ")
    words = _FLAG.sub(lambda found: _NAMES.get(found[1], found[1].replace("-", "_")), message)
    return _NAMES.get(name, name), words
