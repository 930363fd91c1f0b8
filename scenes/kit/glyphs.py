"""Text as outlines that a :class:`Drawable` puts on its canvas: set once by Typst, drawn at every frame.

Numbers that change from frame to frame are put together from the outlines of single characters, so that
nothing is set anew while a film is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import cairo
import numpy as np
from manim import Mobject
from numpy.typing import NDArray

from scenes.kit.text import literal, math, text, typeset
from topo_core.errors import TopoError

FloatArray = NDArray[np.float64]

#: Characters that numbers are made of.
_CHARACTERS = "0123456789.,−+±×%°/()=:<>e"
#: Every outline is set once, at this size, and scaled.
_SET = 48.0
#: Cairo keeps coordinates of a path to 1/256 of a unit; outlines are made this many times as large.
_FINE = 4096.0


@dataclass(frozen=True, eq=False)
class Glyphs:
    """A line of text as outlines, in Manim units; it begins at x = 0, with its baseline at y = 0.

    Attributes
    ----------
    content
        What it says (in Typst's notation for mathematics).
    curves
        Manim's cubic curves of every glyph, ``(4 k, 2)``.
    box
        Left, lower, right and upper bound of the ink; of a number, the right one is where the next
        character would begin.
    """

    content: str
    curves: tuple[FloatArray, ...]
    box: tuple[float, float, float, float]

    @property
    def width(self) -> float:
        """From its beginning to the end of its ink."""
        return self.box[2]

    @property
    def height(self) -> float:
        """Of its ink."""
        return self.box[3] - self.box[1]

    def scaled(self, factor: float) -> Glyphs:
        """The same, larger or smaller."""
        x0, y0, x1, y1 = (factor * bound for bound in self.box)
        return Glyphs(self.content, tuple(factor * curve for curve in self.curves), (x0, y0, x1, y1))

    @cached_property
    def path(self) -> cairo.Path:
        """The outlines as one path for Cairo."""
        context = cairo.Context(cairo.ImageSurface(cairo.FORMAT_A8, 1, 1))
        context.scale(_FINE, _FINE)
        for glyph in self.curves:
            _bezier_path(context, glyph)
        return context.copy_path()


def _bezier_path(context: cairo.Context[Any], points: FloatArray) -> None:
    """Add Manim's cubic curves ``(4 k, 2)`` to the path, a new subpath at each jump."""
    last = None
    for curve in points.reshape(-1, 4, 2).tolist():
        start = tuple(curve[0])
        if last is None or abs(start[0] - last[0]) + abs(start[1] - last[1]) > 1e-6:
            if last is not None:
                context.close_path()
            context.move_to(*start)
        context.curve_to(*curve[1], *curve[2], *curve[3])
        last = tuple(curve[3])
    context.close_path()


def _glyphs(content: str, parts: Sequence[Mobject], origin: FloatArray) -> Glyphs:
    """The outlines of mobjects, moved so that ``origin`` becomes (0, 0)."""
    curves = tuple(part.points[:, :2] - origin for part in parts)
    everything = np.concatenate(curves)
    low, high = everything.min(axis=0), everything.max(axis=0)
    return Glyphs(content, curves, (float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _after_mark(content: str, mark: Mobject, parts: Sequence[Mobject]) -> Glyphs:
    """What was set behind a figure one, whose foot is on the baseline; blanks have no outlines."""
    if not parts:
        return Glyphs(content, (), (0.0, 0.0, 0.0, 0.0))
    left = min(float(part.points[:, 0].min()) for part in parts)
    return _glyphs(content, parts, np.array([left, float(mark.points[:, 1].min())]))


def _outlined(mobject: Mobject) -> list[Mobject]:
    return [part for part in mobject.family_members_with_points() if len(part.points)]


@lru_cache(maxsize=2048)
def text_glyphs(content: str, size: float, weight: str = "regular") -> Glyphs:
    """Plain text on one line, at a Manim font size."""
    return _set_text(content, weight).scaled(size / _SET)


@lru_cache(maxsize=1024)
def _set_text(content: str, weight: str) -> Glyphs:
    # A figure one, whose foot is on the baseline, goes before it and is taken away again.
    mark, *parts = _outlined(text("1" + content, _SET, weight=weight))
    return _after_mark(content, mark, parts)


@lru_cache(maxsize=2048)
def math_glyphs(formula: str, size: float) -> Glyphs:
    """A formula in Typst's notation, on one line."""
    return _set_math(formula).scaled(size / _SET)


@lru_cache(maxsize=1024)
def _set_math(formula: str) -> Glyphs:
    mark, *parts = _outlined(math(f"1 quad {formula}", _SET))
    return _after_mark(formula, mark, parts)


@dataclass(frozen=True)
class _Character:
    glyphs: Glyphs
    offset: float  # from the pen to where its ink begins
    advance: float  # from the pen to the next one's


@lru_cache(maxsize=8)
def _characters(weight: str) -> dict[str, _Character]:
    """Every character of numbers, with tabular figures: set between zeros, which measure its advance."""
    content = "0" + "".join(character + "0" for character in _CHARACTERS)
    style = f'#set text(number-width: "tabular", number-type: "lining", kerning: false, weight: "{weight}")\n'
    parts = _outlined(typeset(style + literal(content), _SET))
    if len(parts) != len(content):
        raise AssertionError(f"{len(content)} characters were set as {len(parts)} outlines")
    lefts = [float(part.points[:, 0].min()) for part in parts]
    baseline = float(parts[content.index("1")].points[:, 1].min())
    bearing_and_advance = lefts[2] - lefts[0]  # of two zeros, for the first character is a zero
    zero = bearing_and_advance / 2
    found = {}
    for k, character in enumerate(_CHARACTERS):
        at = 2 * k + 1
        glyphs = _glyphs(character, [parts[at]], np.array([lefts[at], baseline]))
        offset = lefts[at] - lefts[at - 1] - zero
        found[character] = _Character(glyphs, offset, lefts[at + 1] - lefts[at - 1] - zero)
    return found


@lru_cache(maxsize=8192)
def number_glyphs(content: str, size: float, weight: str = "regular") -> Glyphs:
    """A number as text, for example ``"−0.25"``: its figures all have the same width.

    Hyphens become minus signs; a space is a thin one.

    Raises
    ------
    TopoError
        For letters and other characters that numbers are not made of.
    """
    known = _characters(weight)
    pen, curves = 0.0, []
    for character in content.replace("-", "−"):
        if character == " ":
            pen += 0.5 * known["0"].advance
            continue
        if character not in known:
            raise TopoError(f"number {content!r}: {character!r} is no figure or sign; write words as text")
        shape = known[character]
        move = np.array([pen + shape.offset, 0.0])
        curves += [curve + move for curve in shape.glyphs.curves]
        pen += shape.advance
    ink = np.concatenate(curves) if curves else np.zeros((1, 2))
    low, high = ink.min(axis=0), ink.max(axis=0)
    whole = Glyphs(content, tuple(curves), (float(low[0]), float(low[1]), pen, float(high[1])))
    return whole.scaled(size / _SET)
