"""The scale of colours of two classes that are stretched, with numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.kit import Canvas, Drawable, Rect, Theme
from scenes.kit.glyphs import number_glyphs, text_glyphs

FloatArray = NDArray[np.float64]

_SHADES = 48


class StretchScale(Drawable):
    """A bar of colours for each of two tori, along one logarithmic axis.

    Parameters
    ----------
    rect
        Where in the frame; 1.5 Manim units high.
    theme
        Colours and sizes of the text.
    ends
        The stretches at the ends of the scale.
    colours
        Of a class, given by its label, for stretches ``(n,)``: ``(n, 3)``.
    names
        Of the classes.
    """

    def __init__(
        self,
        rect: Rect,
        theme: Theme,
        ends: tuple[float, float],
        colours: Any,
        names: tuple[str, str],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rect, self.theme, self.ends, self.names = rect, theme, ends, names
        self.points = np.array([[rect.x0, rect.y0, 0.0], [rect.x1, rect.y1, 0.0]])
        middles = (np.arange(_SHADES) + 0.5) / _SHADES
        stretch = np.exp((1 - middles) * np.log(ends[0]) + middles * np.log(ends[1]))
        self.shades = [[_code(row) for row in colours(label, stretch)] for label in (0, 1)]

    def look(self) -> bool:
        """It never changes."""
        return True

    def numbers(self) -> list[float]:
        """Where numbers stand: at powers of ten, and at the end unless one is too near."""
        low, high = np.log10(self.ends)
        powers = [float(10.0**k) for k in range(int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9)) + 1)]
        span = max(high - low, 1e-9)
        return [p for p in powers if high - np.log10(p) > 0.22 * span] + [self.ends[1]]

    def draw(self, canvas: Canvas) -> None:
        """Draw title, bars and numbers."""
        theme, box = self.theme, self.rect
        title = text_glyphs("stretched by a factor of", theme.small_size, "bold")
        canvas.glyphs(title, box.x0, box.y1 - title.box[3], theme.ink)
        left = box.x0 + 0.45
        edges = np.linspace(left, box.x1, _SHADES + 1)
        for label, (name, shades) in enumerate(zip(self.names, self.shades, strict=True)):
            middle = box.y1 - 0.6 - 0.3 * label
            glyphs = text_glyphs(name, theme.small_size, "bold")
            canvas.glyphs(glyphs, box.x0, middle - glyphs.box[3] / 2, theme.class_colour(label))
            for x0, x1, shade in zip(edges[:-1].tolist(), edges[1:].tolist(), shades, strict=True):
                x1 = min(x1 + 0.01, box.x1)  # no seams
                corners = np.array(
                    [[x0, middle - 0.11], [x1, middle - 0.11], [x1, middle + 0.11], [x0, middle + 0.11]]
                )
                canvas.fill([corners], shade)
        low, high = np.log(self.ends)
        for number in self.numbers():
            share = (np.log(number) - low) / max(high - low, 1e-9)
            glyphs = number_glyphs(f"{number:.0f}", theme.small_size)
            at = left + share * (box.x1 - left) - glyphs.width / 2
            canvas.glyphs(glyphs, min(max(at, left), box.x1 - glyphs.width), box.y0 + 0.08, theme.muted)


def _code(colour: FloatArray) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in colour.tolist())
