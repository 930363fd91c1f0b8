"""What ready figures have in common: checks of their fields, and what they write."""

from __future__ import annotations

from scenes.kit.formulas import Number, Piece
from topo_core.errors import SpecError
from topo_core.trace import Trace


def check_count(name: str, value: int | None, most: int) -> None:
    """Refuse a field that is no number from 1 to ``most``, or None.

    Raises
    ------
    SpecError
        With the numbers that it may be.
    """
    if value is not None and not 1 <= value <= most:
        raise SpecError(f"{name} = {value}: choose a number from 1 to {most}")


def percent(share: float) -> str:
    """A share as a percentage that says 100 % only of the whole."""
    return "100 %" if share == 1 else f"{min(round(100 * share, 1), 99.9):.1f} %"


def accuracy(trace: Trace) -> float:
    """The share of points right after the training, of all that were looked at if it was measured."""
    return float(trace.outcome.get("accuracy", trace.accuracies[-1]))


def representation(layer: int) -> list[Piece]:
    """The name of the representation after so many layers."""
    return ["$x$" if layer == 0 else f"$h_({layer})$"]


def numbered(word: str, value: int) -> list[Piece]:
    """A word and a number."""
    return [word, Number(f"{value}")]


def shadow(trace: Trace, *layers: int) -> list[Piece]:
    """That only a shadow is seen of representations of more than two dimensions; else nothing."""
    width = max(trace.spec.widths[layer] for layer in layers)
    return [f"2 of {width} dimensions"] if width > 2 else []
