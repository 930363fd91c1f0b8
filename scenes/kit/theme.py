"""Colours and sizes of every picture, in a dark and a light variant.

Class colours follow Okabe and Ito's colour-blind safe palette: the same hue stands for the same class
in every scene and in both variants, adjusted in lightness only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from topo_core.errors import SpecError, UnknownNameError

RGB = tuple[float, float, float]


def rgb(colour: str) -> RGB:
    """``"#rrggbb"`` as three floats in [0, 1]."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def mix(first: str, second: str, share: float) -> str:
    """The colour with ``share`` of ``second`` in ``first``, blended in sRGB."""
    blend = (round(255 * ((1 - share) * a + share * b)) for a, b in zip(rgb(first), rgb(second), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in blend)


@dataclass(frozen=True)
class Theme:
    """A set of colours (``#rrggbb``) and sizes (Manim font sizes and stroke widths).

    Attributes
    ----------
    background, panel
        Behind everything; behind the plane.
    ink, muted
        Text; less important text (both at least 4.5:1 against the background).
    grid, boundary, axis
        Lines of the deforming grid, the edge of the domain, the coordinate axes.
    accent
        What the viewer should look at now: the classification line, marks, the step under way.
    classes
        One colour a class, A (label 0) first.
    repeats
        Whether further classes have the same colours again; else they are an error.
    """

    name: str
    background: str
    panel: str
    ink: str
    muted: str
    grid: str
    boundary: str
    axis: str
    accent: str
    classes: tuple[str, ...]
    title_size: float = 48
    text_size: float = 38
    small_size: float = 32
    tick_size: float = 31
    grid_width: float = 1.6
    boundary_width: float = 3.0
    curve_width: float = 6.0
    line_width: float = 5.0
    repeats: bool = True

    def class_colour(self, label: int) -> str:
        """The colour of class ``label``; if they do, colours repeat after the last.

        Raises
        ------
        SpecError
            For a class that has no colour of its own.
        """
        if label >= len(self.classes) and not self.repeats:
            raise SpecError(
                f"--{self.name}: no more than {len(self.classes)} classes can be told apart without colour; "
                "leave it out"
            )
        return self.classes[label % len(self.classes)]

    def region_colour(self, label: int) -> str:
        """The opaque tint of the decision region of class ``label``."""
        return mix(self.panel, self.class_colour(label), 0.30)


#: For a seventh class and more, as different from the first six as they get.
_MORE_DARK = ("#ff6b81", "#9ad94b", "#c9d1d9", "#3fd0d4")
_MORE_LIGHT = ("#b3123a", "#4c7a00", "#565f6a", "#00767d")

DARK = Theme(
    name="dark",
    background="#0e1116",
    panel="#161b22",
    ink="#f0f3f6",
    muted="#a8b3bf",
    grid="#566170",
    boundary="#c9d1d9",
    axis="#7d8997",
    accent="#ffe08a",
    classes=("#ff7f45", "#5ab8f5", "#2fc79a", "#e98cc5", "#f0e442", "#b39ddb", *_MORE_DARK),
)

LIGHT = Theme(
    name="light",
    background="#ffffff",
    panel="#f6f7f9",
    ink="#16191d",
    muted="#55606b",
    grid="#aeb7c1",
    boundary="#30363d",
    axis="#79838e",
    accent="#6d21d9",
    classes=("#cf4a0a", "#0068b0", "#00795a", "#a83a7f", "#877300", "#5e3fa8", *_MORE_LIGHT),
)

#: For prints without colour: hues as in the light theme, but no two classes alike in lightness; black accent.
GREYSCALE = replace(
    LIGHT,
    name="greyscale",
    accent="#000000",
    classes=("#d98f24", "#00457c", "#00694f", "#c25f96"),
    repeats=False,
)

THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT)}


def theme_named(name: str | None = None) -> Theme:
    """The theme called ``name``, by default the one in the environment variable ``TOPO_THEME``.

    Raises
    ------
    UnknownNameError
        For a name that is neither ``dark`` nor ``light``.
    """
    name = name or os.environ.get("TOPO_THEME") or "dark"
    if name not in THEMES:
        raise UnknownNameError("theme", name, THEMES)
    return THEMES[name]
