"""All that can be proven about one trace, found out when it is asked for and only once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from topo_core.verification.layers import LayerFact, Obstacle, isotopy, layer_fact
from topo_core.verification.margins import Verdict
from topo_core.verification.stored import Stored


@dataclass(frozen=True)
class Budget:
    """How much is tried before an answer is ``undecided``: in boxes, so that every machine answers alike.

    Attributes
    ----------
    margin, flow, integer
        Boxes for the margin over the whole data, for each flow layer, and for each linking or winding number.
    """

    margin: int = 1_000_000
    flow: int = 1_000_000
    integer: int = 200_000


class Facts:
    """What can be proven of a stored trace within a budget."""

    def __init__(self, stored: Stored, budget: Budget | None = None) -> None:
        self.stored = stored
        self.budget = budget or Budget()
        self._layers: dict[int, LayerFact] = {}

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
