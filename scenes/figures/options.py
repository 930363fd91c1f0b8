"""How a figure is drawn: its width on paper, its text, its colours."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from scenes.figures.instants import Instant
from scenes.figures.sizes import width_in_points
from scenes.kit.theme import GREYSCALE, Theme, theme_named
from topo_core.errors import SpecError, shown

#: Formats by the ending of a file's name.
FORMATS = ("pdf", "svg", "eps", "png")
#: The smallest text of axes, in points on paper.
LEAST_TEXT = 6.0
#: The width of a figure for which none is given.
DEFAULT_WIDTH = "neurips"
#: Text in figures that are laid out for paper, in points, unless a size is given.
DEFAULT_TEXT = 8.0
_LARGEST_TEXT = 72.0
_DPI = (36, 2400)
#: What some options have to be, and how that is said; commands see to it themselves.
_KINDS: dict[str, tuple[Any, str]] = {
    "width": (str, "a text, such as '8.5cm'"),
    "at": (str, "a text, such as '12.5s'"),
    "font_size": (int | float, "a number of points"),
    "dpi": (int, "a whole number"),
}


@dataclass(frozen=True)
class FigureOptions:
    """How a figure is drawn.

    Parameters
    ----------
    width
        On paper: ``"8.5cm"``, ``"3.25in"``, ``"240pt"``, or a venue such as ``"neurips"``.
    font_size
        Of labels, in points on paper. Without it an instant of a scene keeps its proportions, and a ready
        figure has 8 points.
    theme
        ``"light"`` or ``"dark"``.
    transparent
        Whether there is no background.
    greyscale
        Colours that differ in lightness, so that they can be told apart in print without colour.
    dpi
        Of PNG files, and of the parts that are images: three-dimensional space, photographs.
    at
        The instant of a scene, see :class:`scenes.figures.instants.Instant`; by default its end.

    Raises
    ------
    SpecError, UnknownNameError
        For a width, text size, resolution, theme or instant that is none.
    """

    width: str | None = None
    font_size: float | None = None
    theme: str = "light"
    transparent: bool = True
    greyscale: bool = False
    dpi: int = 300
    at: str | None = None

    def __post_init__(self) -> None:
        for name, (kind, what) in _KINDS.items():
            value = getattr(self, name)
            if value is not None and not isinstance(value, kind):
                raise SpecError(f"--{name.replace('_', '-')} {shown(value)}: give {what}")
        theme = theme_named(self.theme)
        if self.greyscale and theme.name != "light":
            raise SpecError(f"--greyscale: prints are on light paper; leave out --theme {self.theme}")
        size = self.font_size
        if size is not None and not (math.isfinite(size) and LEAST_TEXT <= size <= _LARGEST_TEXT):
            raise SpecError(
                f"--font-size {size:g}: nobody reads text below {LEAST_TEXT:g} pt; choose "
                f"{LEAST_TEXT:g} to {_LARGEST_TEXT:g}"
            )
        if not _DPI[0] <= self.dpi <= _DPI[1]:
            raise SpecError(f"--dpi {self.dpi}: choose {_DPI[0]} to {_DPI[1]}")
        if self.at is not None:
            Instant.parse(self.at)
        assert self.points > 0

    @property
    def points(self) -> float:
        """The width on paper, in points (1/72 inch)."""
        return width_in_points(self.width or DEFAULT_WIDTH)

    @property
    def instant(self) -> Instant | None:
        """The instant, if one was given."""
        return None if self.at is None else Instant.parse(self.at)

    def scaled_theme(self, factor: float = 1.0) -> Theme:
        """The theme with text ``factor`` times as large."""
        theme = GREYSCALE if self.greyscale else theme_named(self.theme)
        sizes = ("title_size", "text_size", "small_size", "tick_size")
        return replace(theme, **{name: factor * getattr(theme, name) for name in sizes})
