"""Animations of what a scene shows, as fields of a state sampled at absolute instants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

import numpy as np
from manim import Animation, Mobject, Scene, linear, smooth

from topo_core.errors import TopoError

#: A field -> its value at the end, or that with the start and end of its change as shares of the run.
Change = float | tuple[float, float, float]


class Stateful(Protocol):
    """A mobject that is drawn from a state of numbers."""

    state: Any


class StateAnimation(Animation):
    """Moves fields of a mobject's ``state``, each within its own part of the run.

    Parameters
    ----------
    mobject
        With a ``state``; it is put on the scene unless it is there.
    changes
        See :data:`Change`.
    steady
        Fields that change at constant speed; the others start and end gently.

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
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(mobject, run_time=run_time, rate_func=linear, **options)
        self.state = mobject.state
        for name in changes:
            if not hasattr(self.state, name):
                known = ", ".join(sorted(vars(self.state)))
                raise TopoError(f"the state has no {name!r} to animate; it has {known}")
        self.changes = {k: v if isinstance(v, tuple) else (v, 0.0, 1.0) for k, v in changes.items()}
        self.steady = frozenset(steady)
        self._from: dict[str, float] = {}

    def _setup_scene(self, scene: Scene) -> None:
        """Put the mobject on the scene unless it is there."""
        shown: list[Any] = scene.mobjects
        if self.mobject not in shown:
            scene.add(self.mobject)

    def begin(self) -> None:
        """Note where every field starts."""
        self._from = {name: float(getattr(self.state, name)) for name in self.changes}
        self.interpolate(0)

    def interpolate(self, alpha: float) -> None:
        """Set the state at the share ``alpha`` of the run."""
        for name, (value, first, last) in self.changes.items():
            share = float(np.clip((alpha - first) / (last - first), 0, 1))
            eased = share if name in self.steady else float(smooth(share))
            begin = self._from[name]
            setattr(self.state, name, value if share == 1 else begin + (value - begin) * eased)

    def finish(self) -> None:
        """End exactly at the final values."""
        self.interpolate(1)

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Nothing to take away: the mobject stays."""
