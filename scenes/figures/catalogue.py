"""The ready figures by name, without importing them (that would import Manim)."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.catalogue import ANY_TRACE, SCENES, scene_named
from topo_core.errors import UnknownNameError


@dataclass(frozen=True)
class FigureEntry:
    """A figure: its name on the command line, where its dataclass is, and what it shows.

    ``attribute`` is a class whose defaults make the figure, or an instance. ``experiments`` are those that it
    shows; None where they are not in the catalogue of experiments, and the figure itself is asked.
    """

    name: str
    module: str
    attribute: str
    title: str
    experiments: tuple[str, ...] | None = ()


_READY = "scenes.figures.ready."
_STRIPS, _MULTIPLES, _STILLS = _READY + "strips", _READY + "multiples", _READY + "stills"
_MOVED, _SPACE = _READY + "moved", _READY + "space"

_ALL = (
    FigureEntry(
        *("filmstrip", _STRIPS, "Filmstrip"),
        "Instants of the plane on its way through the layers, with the time below each",
        ("spirals",),
    ),
    FigureEntry(
        *("layers", _STRIPS, "Layers"),
        "The representation at each layer with the line that divides the last one",
        ("spirals",),
    ),
    FigureEntry(
        *("training-strip", _STRIPS, "TrainingStrip"),
        "The last representation while the network learns, with loss and accuracy",
        ("annulus",),
    ),
    FigureEntry(*("seeds", _MULTIPLES, "Seeds"), "The same training from several seeds", None),
    FigureEntry(*("widths", _MULTIPLES, "WIDTHS"), "The same data for networks of several widths", None),
    FigureEntry(*("depths", _MULTIPLES, "DEPTHS"), "The same data for networks of several depths", None),
    FigureEntry(
        *("representation", _STILLS, "Representation"),
        "One representation with its numbers and the decision",
        ("spirals",),
    ),
    FigureEntry(*("network", _MOVED, "Network"), "A network as units and connections", ("curves",)),
    # the stills of the essay, by the names of its pictures
    FigureEntry(*("simple2-data", _STILLS, "DATA"), "Two curves", ("curves",)),
    FigureEntry(
        *("simple2-linear", _STILLS, "NO_LAYER"), "Two curves, no hidden layer: a line", ("curves-linear",)
    ),
    FigureEntry(*("simple2-0", _STILLS, "AT_INPUT"), "One hidden layer, seen at the input", ("curves",)),
    FigureEntry(*("simple2-1", _STILLS, "HIDDEN"), "The hidden representation and its line", ("curves",)),
    FigureEntry(*("simple2-2", _STILLS, "DEEPER"), "A deeper representation", ("curves-deep",)),
    FigureEntry(*("1layer", _MOVED, "OneLayer"), "One layer: a matrix, a vector, and tanh"),
    FigureEntry(
        *("spiral-1", _STRIPS, "SPIRALS"), "Slightly entangled spirals through four layers", ("spirals",)
    ),
    FigureEntry(
        *("spiral-2", _STRIPS, "ENTANGLED"),
        "More entangled spirals: the same training fails",
        ("spirals-entangled",),
    ),
    FigureEntry(*("topology-base", _STILLS, "ANNULUS"), "A disc in an annulus", ("annulus",)),
    FigureEntry(
        *("topology-2d-2d", _STRIPS, "TrainingStrip"),
        "The disc in the annulus while two units learn",
        ("annulus",),
    ),
    FigureEntry(
        *("topology-2d-3d", _SPACE, "Lifted"), "The disc in the annulus, with three units", ("annulus-3",)
    ),
    FigureEntry(*("topology-1d", _STILLS, "OnLine"), "An interval on the line"),
    FigureEntry(
        *("topology-1d-2d", _STRIPS, "INTERVAL"), "The interval while two units learn", ("interval",)
    ),
    FigureEntry(*("link", _SPACE, "LINK"), "Two linked tori"),
    FigureEntry(*("unlink-2spiral", _SPACE, "UNLINKED"), "Two curves that only look linked"),
    FigureEntry(*("tangle", _SPACE, "Tangle"), "Linked tori pulled apart naively", ("tori-3",)),
    FigureEntry(*("grid-vec", _MOVED, "ARROWS"), "A vector field of two Gaussians"),
    FigureEntry(*("grid-bubble-wvec", _MOVED, "WIND_GRID"), "The grid deformed along it, with its arrows"),
    FigureEntry(*("grid-bubble", _MOVED, "BUBBLES_GRID"), "A grid deformed in two circles, and only there"),
)

FIGURES: dict[str, FigureEntry] = {entry.name: entry for entry in _ALL}


def known() -> tuple[str, ...]:
    """The names of all figures, and of the scenes whose instants are figures."""
    return (*FIGURES, *SCENES, *ANY_TRACE)


def check_name(name: str) -> None:
    """Refuse a name that no figure and no scene has.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    if name not in FIGURES:
        try:
            scene_named(name)
        except UnknownNameError:
            raise UnknownNameError("figure or scene", name, known()) from None
