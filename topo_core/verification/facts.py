"""All that can be proven about one trace, found out when it is asked for and only once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from topo_core.errors import TopoError
from topo_core.verification.intervals import Interval
from topo_core.verification.layers import LayerFact, Obstacle, isotopy, layer_fact
from topo_core.verification.linkings import linking_number
from topo_core.verification.margins import MarginProof, Verdict, prove_separated
from topo_core.verification.network import Affine, Jet
from topo_core.verification.pieces import Points
from topo_core.verification.sets import Piece, belongs, cores, pieces
from topo_core.verification.stored import Stored
from topo_core.verification.windings import IntegerProof, winding_number

FloatArray = NDArray[np.float64]
Json = dict[str, Any]

#: Training points that are looked at at once.
_ROWS = 4096


@dataclass(frozen=True)
class Budget:
    """How much is tried before an answer is ``undecided``: in boxes, so that every machine answers alike.

    Attributes
    ----------
    margin, flow, integer
        Boxes for the margin over the whole data, for each flow layer, and for each linking or winding number.
    integers
        Boxes for all of these numbers together.
    places
        Work for all claims about given places of the data together, see ``Facts.affords``.
    work
        Multiplications for a margin, and for all training points, about: a wide network has fewer boxes.
    followed
        Layers through which curves are followed for these numbers if a theorem gives them as well.
    """

    margin: int = 300_000
    flow: int = 1_000_000
    integer: int = 50_000
    integers: int = 500_000
    places: int = 6_000_000
    work: int = 1_000_000_000
    followed: int = 16


class Facts:
    """What can be proven of a stored trace within a budget."""

    def __init__(self, stored: Stored, budget: Budget | None = None) -> None:
        self.stored = stored
        self.budget = budget or Budget()
        self._layers: dict[int, LayerFact] = {}
        self._numbers: dict[tuple[tuple[object, ...], int], IntegerProof] = {}
        self._arcs = self._work = 0

    @property
    def n_layers(self) -> int:
        """How many hidden layers there are."""
        return len(self.stored.network.layers)

    def layer(self, k: int) -> LayerFact:
        """What is proven of layer k, counted from 1."""
        if k not in self._layers:
            self._layers[k] = layer_fact(self.stored.network.layers[k - 1], self.budget.flow)
        return self._layers[k]

    @cached_property
    def isotopy(self) -> tuple[Verdict, Obstacle | None]:
        """Whether the animation is an ambient isotopy, and else where it first is not."""
        return isotopy([self.layer(k) for k in range(1, self.n_layers + 1)])

    @cached_property
    def homeomorphisms(self) -> tuple[Verdict, str]:
        """Whether all layers are homeomorphisms of one dimension, and in which of them that fails."""
        widths = self.stored.widths
        if len(set(widths)) > 1:
            return "refuted", f"the widths {'-'.join(map(str, widths))} differ"
        for k in range(1, self.n_layers + 1):
            fact = self.layer(k)
            if fact.homeomorphism != "proven":
                return fact.homeomorphism, f"layer {k}: {fact.why}"
        return "proven", f"all layers are homeomorphisms between spaces of dimension {widths[0]}"

    # -- The data --------------------------------------------------------------------------------

    @cached_property
    def pieces(self) -> dict[str, Piece]:
        """The whole sets that the data are, by name.

        Raises
        ------
        TopoError
            When the description is not understood, or does not fit the network.
        """
        stored = self.stored
        found = pieces(stored.dataset, stored.points, stored.labels)
        for piece in found:
            low, high = piece.start()
            dimension = piece.jet(low[:1], high[:1]).value.shape[1]
            if dimension != stored.widths[0]:
                raise TopoError(
                    f"the data described have {dimension} dimensions, the network {stored.widths[0]}"
                )
        return {piece.name: piece for piece in found}

    @cached_property
    def strays(self) -> list[int]:
        """Indices of training points that are not proven to be where their label says."""
        stored = self.stored
        if all(isinstance(piece, Points) for piece in self.pieces.values()):
            return []  # they are the data
        return [int(i) for i in belongs(stored.dataset, stored.points, stored.labels)]

    @cached_property
    def margin(self) -> MarginProof:
        """Whether the readout separates all of the data."""
        boxes = min(self.budget.margin, self.budget.work // self._cost)
        return prove_separated(self.stored.network, list(self.pieces.values()), boxes)

    @property
    def _cost(self) -> int:
        """Multiplications of one evaluation, about."""
        network = self.stored.network
        layers = (
            layer.weight.size if isinstance(layer, Affine) else layer.anchors.size * layer.anchors.shape[1]
            for layer in network.layers
        )
        return sum(layers) + network.readout_weight.size

    def at(self, places: Sequence[Json], representation: int) -> tuple[list[int], Interval] | None:
        """Labels, and bounds ``(k, d)`` on where these places of the data are in a representation.

        None if there is no such place; a place is ``{"piece": name, "parameters": [...]}``.
        """
        rows: dict[str, list[int]] = {}
        for i, place in enumerate(places):
            rows.setdefault(place["piece"], []).append(i)
        if not rows or not rows.keys() <= self.pieces.keys():
            return None
        low, high = np.empty((2, len(places), self.stored.widths[representation]))
        for name, chosen in rows.items():
            piece, listed = self.pieces[name], [places[i]["parameters"] for i in chosen]
            if len(set(map(len, listed))) > 1 or not piece.holds(parameters := np.array(listed, np.float64)):
                return None
            image = self.stored.network.representation(
                piece.jet(parameters, parameters), representation
            ).value
            low[chosen], high[chosen] = image.lo, image.hi
        return [self.pieces[place["piece"]].label for place in places], Interval(low, high)

    def affords(self, points: int) -> bool:
        """Whether so many places may still be looked at, and whether their hulls meet; spends what it takes.

        That is about ``points^3`` multiplications of long numbers, and always as long as 3000 of these.
        """
        self._work += points**3 + 3000
        return self._work <= self.budget.places

    def lead(self, image: Interval, own: int, other: int) -> Interval:
        """How much larger one logit is than another, ``(k,)``, at ``(k, d)`` in the last representation."""
        network = self.stored.network
        weight = Interval.of(network.readout_weight[own]) - network.readout_weight[other]
        bias = Interval.of(network.readout_bias[own]) - network.readout_bias[other]
        total: Interval = (image * weight).sum() + bias
        return total

    # -- Whole numbers ---------------------------------------------------------------------------

    @cached_property
    def cores(self) -> dict[str, Piece]:
        """The closed curves that linking and winding numbers are about, by name.

        Raises
        ------
        TopoError
            When the description is not understood.
        """
        return {curve.name: curve for curve in cores(self.stored.dataset)} if self.pieces else {}

    def winding(self, curve: str, about: Sequence[float], layers: int) -> IntegerProof:
        """How often a curve's image goes around that of a point after so many layers, in the plane."""
        point = np.array(about, dtype=np.float64)
        return self._number(
            ("winding", curve, *about),
            layers,
            lambda n, most: winding_number(self.stored.network, n, self.cores[curve], point, most),
        )

    def linking(self, first: str, second: str, layers: int) -> IntegerProof:
        """How often two curves' images go through each other after so many layers, in space."""
        return self._number(
            ("linking", first, second),
            layers,
            lambda n, most: linking_number(
                self.stored.network, n, self.cores[first], self.cores[second], most
            ),
        )

    def _number(
        self, name: tuple[object, ...], layers: int, follow: Callable[[int, int], IntegerProof]
    ) -> IntegerProof:
        """A number after so many layers: followed there or, where that is long or fails, by the theorem."""
        if (name, layers) not in self._numbers:
            known = self.mirrors if layers else 0
            followed = not known or layers <= self.budget.followed
            found = self._followed(follow, layers) if followed else None
            if known and (found is None or found.value is None):
                before = self._number(name, 0, follow)
                value = None if before.value is None else known * before.value
                found = IntegerProof(value, "all layers are homeomorphisms, which keep it", 0)
            self._numbers[name, layers] = found or self._followed(follow, layers)
        return self._numbers[name, layers]

    def _followed(self, follow: Callable[[int, int], IntegerProof], layers: int) -> IntegerProof:
        """A number by following the curves, if not too many have been followed before."""
        left = min(self.budget.integer, self.budget.integers - self._arcs)
        if left <= 0:
            return IntegerProof(None, f"other numbers took all {self.budget.integers} arcs", 0)
        found = follow(layers, left)
        self._arcs += found.boxes
        return found

    @cached_property
    def mirrors(self) -> int:
        """1 or, if they mirror, -1 for layers that are homeomorphisms of one dimension; 0 for others."""
        if self.homeomorphisms[0] != "proven":
            return 0
        signs = (self.layer(k).sign for k in range(1, self.n_layers + 1))
        return math.prod(-1 if sign == -1 else 1 for sign in signs)

    # -- Answers ---------------------------------------------------------------------------------

    @cached_property
    def answers(self) -> tuple[int, int, int]:
        """How many training points are right, how many wrong, and of how many that is not decided.

        Right is a point whose own logit is larger than every other.
        """
        points, labels = self.stored.points, self.stored.labels
        if len(points) * self._cost > 100 * self.budget.work:
            return 0, 0, len(points)
        classes = len(self.stored.network.readout_bias)
        right = wrong = 0
        for label in range(classes):
            own = points[labels == label]
            for start in range(0, len(own), _ROWS):
                image = self._image(own[start : start + _ROWS])
                leads = [self.lead(image, label, other) for other in range(classes) if other != label]
                right += int(np.count_nonzero(np.all([lead.lo > 0 for lead in leads], axis=0)))
                wrong += int(np.count_nonzero(np.any([lead.hi <= 0 for lead in leads], axis=0)))
        return right, wrong, len(points) - right - wrong

    def _image(self, points: FloatArray) -> Interval:
        """Bounds on where points ``(k, d_0)`` are in the last representation."""
        exact, (k, d) = Interval.of(points), points.shape
        still = Jet(exact, exact, Interval.of(np.zeros((k, d, 1))), np.zeros((k, 1)))
        return self.stored.network.representation(still).value
