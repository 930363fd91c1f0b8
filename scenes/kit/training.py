"""A stage on which a network is trained: its last representation, snapshot after snapshot."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenes.kit.evidence import Evidence
from scenes.kit.motion import TrainingMotion
from scenes.kit.plot import Axis, Plot, Series
from scenes.kit.projected_training import projected_training
from scenes.kit.stage import PANEL, Stage, StageAnimation
from scenes.kit.theme import Theme
from scenes.kit.view import Rect
from topo_core.along import along_training
from topo_core.projection import Projection
from topo_core.trace import Trace


class TrainingStage(Stage):
    """The representation after the last layer (or ``layer``) while the weights change.

    The position of its state is the index of a snapshot; between two of them weights are interpolated,
    but what is plotted or written is what was measured. More than two dimensions need a ``projection``:
    ``"facing"``, in which hyperplanes are seen edge-on, or one of the last representation.
    """

    def __init__(
        self,
        trace: Trace,
        theme: Theme,
        *,
        layer: int | None = None,
        projection: Projection | str | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("panel", False)
        motion = TrainingMotion(trace, layer) if projection is None else projected_training(trace, projection)
        super().__init__(trace, theme, motion=motion, **options)

    def at(self, position: float) -> TrainingStage:
        """Place the stage, complete with its line, at a snapshot."""
        super().at(position)
        self.state.line = self.state.halves = 1.0
        return self

    def create(self, run_time: float = 4.0) -> StageAnimation:
        """Draw what there is before the first step."""
        animation = super().create(run_time)
        animation.changes |= {"line": (1.0, 0.6, 1.0), "halves": (1.0, 0.7, 1.0)}
        return animation

    def train(self, run_time: float = 12.0, until: float | None = None) -> StageAnimation:
        """Train from the present snapshot to the last one, or to ``until``."""
        end = self.plane.space.motion.length if until is None else until
        return StageAnimation(self, {"position": (end, 0.0, 1.0)}, ease=lambda a: a, run_time=run_time)

    def evidence(self, *quantities: str, rect: Rect = PANEL) -> Evidence:
        """A panel of quantities that are measured at every snapshot, in step with this stage.

        ``quantities`` are names of ``topo_core.along.along_training``: ``"accuracy"``, ``"winding"``,
        ``"stretch"``, ``"gap"``, ``"loss"``.
        """
        measured = [along_training(self.trace, name) for name in quantities]
        return Evidence(measured, rect, self.theme, lambda: self.state.position)

    @property
    def step(self) -> float:
        """The training step at the present position, a fraction between two snapshots."""
        steps = self.trace.steps
        return float(np.interp(self.state.position, np.arange(len(steps)), steps))

    @property
    def snapshot(self) -> int:
        """The last snapshot at or before the present position."""
        return int(self.state.position + 1e-9)

    def accuracy_plot(self, rect: Rect, **options: Any) -> Plot:
        """Measured accuracy up to now, with the share of the larger class as reference."""
        trace = self.trace
        percent = 100 * trace.accuracies
        majority = 100 * trace.dataset.majority_rate
        options.setdefault("references", [(majority, "majority class")])
        low = 10 * np.floor(min(percent.min(), majority - 8) / 10)
        return self._plot(rect, "accuracy", percent, Axis(float(low), 100.0, unit=""), "{:.1f} %", **options)

    def loss_plot(self, rect: Rect, **options: Any) -> Plot:
        """Measured loss up to now."""
        losses = self.trace.losses
        high = float(np.ceil(10 * np.percentile(losses, 99)) / 10)
        return self._plot(rect, "loss", losses, Axis(0.0, high), "{:.3f}", **options)

    def _plot(self, rect: Rect, title: str, values: Any, y_axis: Axis, form: str, **options: Any) -> Plot:
        steps = self.trace.steps + 1.0  # so that step 0 has a place on a logarithmic axis
        series = Series(steps.astype(np.float64), np.asarray(values, dtype=np.float64), self.theme.accent)
        ticks = tuple(10.0**k for k in range(int(np.log10(steps[-1])) + 1))
        return Plot(
            rect,
            self.theme,
            title,
            [series],
            Axis(1.0, float(steps[-1]), log=True, ticks=ticks),
            y_axis,
            now=lambda: self.step + 1.0,
            value=lambda: form.format(series.y[self.snapshot]),
            x_name="step",
            **options,
        )
