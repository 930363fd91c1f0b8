"""The whole sets that a trace's data are samples of, as parametrised pieces with enclosures."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from topo_core.verification.network import FloatArray


class Piece(Protocol):
    """A part of the data with one label: a map from boxes of parameters, in [0, 1] each, to space.

    Attributes
    ----------
    label, name
        The class, and what to call it in a message.
    """

    label: int
    name: str

    def start(self) -> tuple[FloatArray, FloatArray]:
        """Boxes ``(k, p)`` low and ``(k, p)`` high that cover the parameters."""

    def jet(self, low: FloatArray, high: FloatArray) -> Any:
        """Enclosures over boxes of parameters ``(k, p)`` each (see ``network.Jet``)."""

    def guess(self, points: FloatArray) -> FloatArray:
        """Parameters ``(n, p)`` of those points of the piece that are near these, ``(n, d)``; not proven."""


def pieces(description: dict[str, Any], points: FloatArray, labels: NDArray[np.int64]) -> list[Piece]:
    """The whole sets of a dataset's description; ``points``, ``labels`` are used for user points only.

    Raises
    ------
    TopoError
        For a description that is not known or does not fit.
    """
    raise NotImplementedError


def cores(description: dict[str, Any]) -> list[Piece]:
    """The closed curves, one for each component, that linking and winding numbers are about.

    Of tubes the curves in their middle; of the annulus the circle of radius 1/2 does not exist in the data, so
    its inner boundary; none for what has no closed curves.
    """
    raise NotImplementedError


def belongs(
    description: dict[str, Any], points: FloatArray, labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Indices of the points that are not proven to be within 1e-9 of a piece with their label."""
    raise NotImplementedError
