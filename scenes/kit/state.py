"""Animations of what a scene shows, as fields of a state sampled at absolute instants."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
from manim import Mobject, smooth

from scenes.kit.sampled import SampledAnimation
from topo_core.errors import TopoError

#: A field -> its value at the end, or that with the start and end of its change as shares of the run.
Change = float | tuple[float, float, float]


class StateAnimation(SampledAnimation):
    """Moves fields of a mobject's ``state``, each within its own part of the run.

    Parameters
    ----------
    mobject
        With a ``state``; it is put on the scene unless it is there.
    changes
        See :data:`Change`.
    steady
        Fields that change at constant speed; the others start and end gently, or as ``ease`` has it.
    start
        Values that fields take when the animation begins.
    ease
        From share of a change's time to share of its way.

    Raises
    ------
    TopoError
        For a field that the state does not have.
    """

    def __init__(
        self,
        mobject: Mobject,
        changes: Mapping[str, Change],
        *,
        steady: Collection[str] = (),
        start: Mapping[str, float] | None = None,
        ease: Callable[[float], float] = smooth,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(mobject, run_time=run_time, **options)
        self.state = mobject.state
        self.start, self.ease = dict(start or {}), ease
        for name in (*changes, *self.start):
            if not hasattr(self.state, name):
                known = ", ".join(sorted(vars(self.state)))
                raise TopoError(f"the state has no {name!r} to animate; it has {known}")
        self.changes = {k: v if isinstance(v, tuple) else (v, 0.0, 1.0) for k, v in changes.items()}
        self.steady = frozenset(steady)
        self._from: dict[str, float] = {}

    def begin(self) -> None:
        """Note where every field starts."""
        for name, value in self.start.items():
            setattr(self.state, name, value)
        self._from = {name: float(getattr(self.state, name)) for name in self.changes}
        super().begin()

    def show(self, share: float) -> None:
        """Set the state."""
        for name, (value, first, last) in self.changes.items():
            own = float(np.clip((share - first) / (last - first), 0, 1))
            eased = own if name in self.steady else float(self.ease(own))
            begin = self._from[name]
            setattr(self.state, name, value if own == 1 else begin + (value - begin) * eased)
