"""The scale of a quantity that is shown as a colour: one bar a class, with numbers below."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit.camera import Drawable
from scenes.kit.canvas import Canvas
from scenes.kit.glyphs import number_glyphs, text_glyphs
from scenes.kit.theme import Theme
from scenes.kit.view import Rect

FloatArray = NDArray[np.float64]

#: Colours in a bar, its height and that of a row of bars, in Manim units.
_COLOURS, _HEIGHT, _ROW = 33, 0.26, 0.42

#: A number, and the share of the bar's length at which it stands.
Mark = tuple[str, float]


class ColourScale(Drawable):
    """Bars that go from the colours of low values to those of high ones.

    Parameters
    ----------
    rect
        Its place; it fills the width, from the top.
    theme
        Colours and sizes.
    title
        What the colour stands for.
    rows
        For each bar a name, the name's colour, and the colours ``(n, 3)`` at shares ``(n,)`` of its length.
    marks
        The numbers, or a function that gives them at every frame.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        title: str,
        rows: Sequence[tuple[str, str, Callable[[FloatArray], FloatArray]]],
        marks: Sequence[Mark] | Callable[[], Sequence[Mark]],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        shares = np.linspace(0, 1, _COLOURS)
        self.rect, self.theme, self.title, self.marks = rect, theme, title, marks
        self.rows = [(name, colour, colours(shares)) for name, colour, colours in rows]
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])

    def look(self) -> Hashable:
        """It changes only with its numbers."""
        return None if callable(self.marks) else True

    def draw(self, canvas: Canvas) -> None:
        """Draw title, bars with their names, and numbers."""
        theme, rect = self.theme, self.rect
        title = text_glyphs(self.title, theme.small_size, "bold")
        y = rect.y1 - title.box[3]
        canvas.glyphs(title, rect.x0, y, theme.ink)
        names = [text_glyphs(name, theme.small_size, "bold") for name, *_ in self.rows]
        left = rect.x0 + max(name.width for name in names) + 0.2
        top = y - 0.28
        for name, (_, colour, colours) in zip(names, self.rows, strict=True):
            canvas.glyphs(name, rect.x0, top - _HEIGHT / 2 - name.box[3] / 2, colour)
            canvas.gradient((left, top - _HEIGHT, rect.x1, top), colours)
            top -= _ROW
        base = top + _ROW - _HEIGHT - 0.12
        for words, share in self.marks() if callable(self.marks) else self.marks:
            number = number_glyphs(words, theme.small_size)
            x = left + share * (rect.x1 - left) - number.width / 2
            x = min(max(x, left), rect.x1 - number.width)
            canvas.glyphs(number, x, base - number.box[3], theme.muted)


def even_marks(low: float, high: float) -> list[Mark]:
    """Numbers at the ends and in the middle."""
    values = (low, (low + high) / 2, high)
    return [
        (f"{v + 0.0:.1f}".replace("-", "−"), share) for v, share in zip(values, (0.0, 0.5, 1.0), strict=True)
    ]


def logarithmic_marks(low: float, high: float) -> list[Mark]:
    """Numbers at powers of ten, and at the end unless a power is too near."""
    first, last = np.log10(low), np.log10(high)
    powers = [float(10.0**k) for k in range(int(np.ceil(first - 1e-9)), int(np.floor(last + 1e-9)) + 1)]
    span = max(last - first, 1e-9)
    shown = [p for p in powers if last - np.log10(p) > 0.22 * span] + [high]
    return [(f"{value:.0f}", float((np.log10(value) - first) / span)) for value in shown]
