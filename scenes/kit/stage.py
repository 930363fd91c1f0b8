"""The stage: a plane that the network moves, the network beside it, and the animations of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Self

import numpy as np
from manim import smooth

from scenes.kit.camera import SharedGroup
from scenes.kit.evidence import Evidence
from scenes.kit.motion import Motion
from scenes.kit.panel import LayerPanel
from scenes.kit.plane import Plane, PlaneState
from scenes.kit.projected import projected_motion
from scenes.kit.state import StateAnimation
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.along import along_layers
from topo_core.errors import TopoError
from topo_core.projection import Projection
from topo_core.trace import Trace, TraceLayer

#: Left part of the frame, under the title.
PLANE = Rect(-6.1, -3.35, 1.75, 2.85)
#: Right column.
PANEL = Rect(2.35, -3.5, 6.75, 2.85)

#: A field of the state -> (its value at the end, when its change starts and ends as shares of the run).
Changes = dict[str, tuple[float, float, float]]


class Stage(SharedGroup):
    """What the viewer looks at: the plane with all that lives in it, and the layer panel.

    Every method returns an animation for ``Scene.play``; played together they must change different
    things.

    Parameters
    ----------
    trace, theme
        What to show, in which colours.
    grid, boundary, curves, points
        What :meth:`create` draws.
    rings, fills
        Also circles about the origin; the regions of the data, filled.
    panel
        Whether the network and its formulas stand beside the plane.
    live
        Whether the numbers of the formulas grow with the motion.
    rect, spacing
        Where in the frame; between grid lines, in data units.
    motion
        How the plane moves, by default through the layers.
    projection
        How more than two dimensions are seen: ``"principal"`` components; or ``"facing"``, which turns on
        after the last layer (:meth:`face`) until hyperplanes are seen edge-on; or one projection for each
        representation. Needed if a layer has more than two units.
    """

    def __init__(
        self,
        trace: Trace,
        theme: Theme,
        *,
        grid: bool = True,
        boundary: bool = True,
        curves: bool = True,
        points: bool | None = None,
        panel: bool = True,
        rect: Rect = PLANE,
        spacing: float | None = None,
        rings: bool = False,
        fills: bool = False,
        motion: Motion | None = None,
        live: bool = False,
        projection: str | Sequence[Projection] | None = None,
    ) -> None:
        self.trace, self.theme = trace, theme
        if motion is None and projection is not None:
            motion = projected_motion(trace, projection)
        self.plane = Plane(trace, rect, theme, spacing=spacing, motion=motion)
        self.panel = LayerPanel(trace, PANEL, theme, live=live) if panel else None
        has_curves = any(not c.filled for c in trace.dataset.components)
        self._parts: Changes = {
            "boundary": (1.0 if boundary else 0.0, 0.0, 0.4),
            "grid": (1.0 if grid else 0.0, 0.1, 0.7),
            "curves": (1.0 if curves else 0.0, 0.4, 1.0),
            "rings": (1.0 if rings else 0.0, 0.1, 0.9),
            "fills": (1.0 if fills else 0.0, 0.5, 1.0),
            "points": (1.0 if (not has_curves if points is None else points) else 0.0, 0.4, 1.0),
        }
        super().__init__(self.plane, *([self.panel] if self.panel else []))
        for name in self._parts:
            setattr(self.plane.state, name, 0.0)

    @property
    def state(self) -> PlaneState:
        """What is shown now; animations change it, and so may a scene."""
        return self.plane.state

    def refresh(self) -> None:
        """Bring the panel in step with the state."""
        if self.panel:
            self.panel.follow(self.state.position + self.state.line, self.state.formulas)

    def at(self, position: float) -> Self:
        """Place the stage, complete, at a position along the network, without an animation."""
        for name, (value, _, _) in self._parts.items():
            setattr(self.state, name, value)
        self.state.position = position
        self.refresh()
        return self

    def create(self, run_time: float = 4.0) -> StageAnimation:
        """Draw the domain, its grid, and the classes."""
        self.state.axes = 0.0
        return StageAnimation(self, {**self._parts, "axes": (1.0, 0.0, 0.2)}, run_time=run_time)

    def deform(self, layer: TraceLayer, run_time: float = 5.0) -> StageAnimation:
        """Carry out a layer, step by step: linear map, translation, activation."""
        steps = len(layer.path.steps)
        ends = np.cumsum(_durations(layer))

        def ease(alpha: float) -> float:
            index = min(int(np.searchsorted(ends, alpha, side="right")), steps - 1)
            begin = ends[index - 1] if index else 0.0
            return float(index + smooth((alpha - begin) / (ends[index] - begin))) / steps

        first, last = float(layer.index), layer.index + 1.0
        return StageAnimation(
            self,
            {"position": (last, 0.0, 1.0)},
            start={"position": first, "formulas": 1.0},
            ease=ease,
            run_time=run_time,
        )

    def show_hyperplane(self, run_time: float = 2.5) -> StageAnimation:
        """Draw the classification line in the last representation, then tint its two sides."""
        if self.state.position < self.trace.n_layers:
            raise TopoError(
                f"the classification line is straight only after all {self.trace.n_layers} layers, "
                f"and the stage is at {self.state.position:g}: deform it to the end, or use "
                "show_decision()"
            )
        return StageAnimation(
            self,
            {"formulas": (0, 0, 0.2), "line": (1, 0, 0.6), self._sides: (1, 0.4, 1)},
            run_time=run_time,
        )

    def show_decision(self, run_time: float = 2.0) -> StageAnimation:
        """Show the decision boundary and regions at the present position."""
        return StageAnimation(self, {"decision": (1, 0, 0.6), "regions": (1, 0, 1)}, run_time=run_time)

    @property
    def _sides(self) -> str:
        """What is tinted on both sides of the line: where the plane is only a shadow, all of it."""
        return "regions" if self.plane.space.projected is None else "halves"

    def face(self, run_time: float = 3.0) -> StageAnimation:
        """Turn the view of the last representation on until hyperplanes are seen edge-on (``projection``)."""
        return StageAnimation(self, {"position": (self.plane.space.motion.length, 0, 1)}, run_time=run_time)

    def mark_wrong(self, run_time: float = 1.5) -> StageAnimation:
        """Put a halo around the pieces of curve on the wrong side of the line."""
        return StageAnimation(self, {"wrong": (1, 0, 1)}, run_time=run_time)

    def pull_back(self, position: float = 0.0, run_time: float = 7.0) -> StageAnimation:
        """Run the network backwards to ``position``: the line bends into the decision boundary."""
        return StageAnimation(
            self,
            {
                **{"decision": (1, 0, 0.05), "line": (0, 0.05, 0.12), "position": (position, 0.08, 1)},
                **({"halves": (0, 0.0, 0.1), "regions": (1, 0.0, 0.1)} if self._sides == "halves" else {}),
            },
            run_time=run_time,
        )

    def push_forward(self, position: float | None = None, run_time: float = 7.0) -> StageAnimation:
        """Run the network on to ``position``, by default to the end, without a pause."""
        end = float(self.plane.space.motion.length if position is None else position)
        return StageAnimation(self, {"position": (end, 0, 1)}, run_time=run_time)

    def evidence(self, *quantities: str, rect: Rect = PANEL) -> Evidence:
        """A panel of quantities that are measured along the layers, in step with this stage.

        Parameters
        ----------
        quantities
            Names of ``topo_core.along.along_layers``: ``"winding"``, ``"det"``, ``"stretch"``, ``"gap"``...
        rect
            Where in the frame; add the panel after the stage.
        """
        measured = [along_layers(self.trace, name) for name in quantities]
        return Evidence(measured, rect, self.theme, lambda: self.state.position)

    def hide(self, *names: str, run_time: float = 1.0) -> StageAnimation:
        """Fade parts out by name, for example ``"grid"`` or ``"regions"``."""
        known = {f.name for f in fields(PlaneState)} - {"position"}
        for name in names:
            if name not in known:
                raise TopoError(f"hide({name!r}): a stage has the parts {', '.join(sorted(known))}")
        return StageAnimation(self, dict.fromkeys(names, (0.0, 0.0, 1.0)), run_time=run_time)


def _durations(layer: TraceLayer) -> list[float]:
    """Shares of the time for the steps; a translation by next to nothing takes next to no time."""
    moves = float(np.abs(layer.bias).max()) > 0.02
    weights = {"linear": 1.0, "translation": 0.6 if moves else 0.12, "activation": 0.9}
    shares = [weights.get(step.kind, 1.0) for step in layer.path.steps]
    return [share / sum(shares) for share in shares]


class StageAnimation(StateAnimation):
    """Moves fields of a stage's state, each within its own part of the run."""

    def __init__(self, stage: Stage, changes: Changes, **options: Any) -> None:
        super().__init__(stage, changes, **options)
        self.stage = stage

    def begin(self) -> None:
        """Sample the curves for the whole movement first."""
        if "position" in self.changes:
            first = float(self.start.get("position", self.stage.state.position))
            self.stage.plane.space.prepare(first, self.changes["position"][0])
        super().begin()

    def show(self, share: float) -> None:
        """Set the state, and bring the panel in step with it."""
        super().show(share)
        self.stage.refresh()
