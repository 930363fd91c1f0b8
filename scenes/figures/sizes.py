"""How wide a figure is on paper: in units of length, or as a venue wants it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from topo_core.errors import SpecError, UnknownNameError, shown

#: Points (1/72 inch, as in PDF) in a unit of length.
UNITS: dict[str, float] = {"pt": 1.0, "in": 72.0, "cm": 72.0 / 2.54, "mm": 72.0 / 25.4}

_NUMBER = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-z]+)")
#: The widest and the narrowest figure, in points.
_LEAST, _MOST = 36.0, 14_400.0

#: The function of ``tueplots.figsizes`` that knows a venue's width, and its arguments.
_OF_TUEPLOTS: dict[str, tuple[str, dict[str, Any]]] = {
    "neurips": ("neurips2024", {}),
    "icml-column": ("icml2024_half", {}),
    "icml-full": ("icml2024_full", {}),
    "cvpr-column": ("cvpr2024_half", {}),
    "cvpr-full": ("cvpr2024_full", {}),
    "iclr": ("iclr2024", {}),
    "jmlr": ("jmlr2001", {}),
    "tmlr": ("tmlr2023", {}),
    "aistats-column": ("aistats2025_half", {}),
    "aistats-full": ("aistats2025_full", {}),
    "beamer-16:9": ("beamer_169", {"rel_width": 1.0}),
}
#: Nature's guide for authors, "Final artwork": 89 mm and 183 mm.
_NATURE = {"nature-single": "89mm", "nature-double": "183mm"}

VENUES = (*_OF_TUEPLOTS, *_NATURE)


def width_in_points(width: str) -> float:
    """The width that a user asks for, in points of 1/72 inch.

    Parameters
    ----------
    width
        ``"8.5cm"``, ``"3.25in"``, ``"240pt"``, ``"89mm"``, or a venue such as ``"neurips"``.

    Raises
    ------
    SpecError
        When it is neither, or no width for a figure.
    """
    name = width.strip().lower()
    if name in _OF_TUEPLOTS:
        from tueplots import figsizes

        function, arguments = _OF_TUEPLOTS[name]
        made: Callable[..., dict[str, Any]] = getattr(figsizes, function)
        return 72.0 * float(made(**arguments)["figure.figsize"][0])
    parsed = _NUMBER.fullmatch(_NATURE.get(name, name))
    if parsed is None and name[:1].isalpha():
        raise UnknownNameError("venue", width, VENUES)
    if parsed is None or parsed[2] not in UNITS:
        raise SpecError(
            f"--width {shown(width)}: give a number and one of in, cm, mm, pt, such as 8.5cm; or a venue, "
            f"such as {VENUES[0]}"
        )
    points = float(parsed[1]) * UNITS[parsed[2]]
    if not _LEAST <= points <= _MOST:
        raise SpecError(f"--width {width}: choose from {_LEAST / 72:g}in to {_MOST / 72:g}in")
    return points
