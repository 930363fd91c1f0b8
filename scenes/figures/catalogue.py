"""The ready figures by name, without importing them (that would import Manim)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FigureEntry:
    """A figure: its name on the command line, where its dataclass is, and what it shows.

    ``attribute`` is a class whose defaults make the figure, or an instance.
    """

    name: str
    module: str
    attribute: str
    title: str
    experiments: tuple[str, ...] = ()


_ALL = (
    FigureEntry(
        "filmstrip",
        "scenes.figures.strips",
        "Filmstrip",
        "Instants of the plane on its way through the layers, with the time below each",
        ("spirals",),
    ),
    FigureEntry(
        "layers",
        "scenes.figures.strips",
        "Layers",
        "The representation at each layer with the line that divides the last one",
        ("spirals",),
    ),
)

FIGURES: dict[str, FigureEntry] = {entry.name: entry for entry in _ALL}
