"""Networks of any width while they are trained: the shadow of the last representation on a plane."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenes.kit.motion import TrainingMotion
from scenes.kit.projected import Projected, described, on_plane
from topo_core.errors import UnknownNameError
from topo_core.projection import Projection, facing_view, following, some_points, views
from topo_core.trace import Trace

FloatArray = NDArray[np.float64]


def projected_training(trace: Trace, projection: str | Projection) -> ProjectedTraining:
    """The motion of a training as a stage's ``projection`` has it seen: ``"facing"``, or along given axes.

    Raises
    ------
    UnknownNameError
        For another name.
    """
    if not isinstance(projection, str):
        return ProjectedTraining(trace, projection)
    if projection != "facing":
        raise UnknownNameError("projection of a training", projection, ("facing",))
    return ProjectedTraining(trace)


class ProjectedTraining(TrainingMotion, Projected):
    """The last representation while the network is trained, seen so that hyperplanes are edge-on throughout.

    With two or three classes the view turns with the readout; with more it is that of the last snapshot.

    Parameters
    ----------
    trace
        Of any widths.
    projection
        Another view of the last representation, which then does not turn.
    """

    def __init__(self, trace: Trace, projection: Projection | None = None) -> None:
        super().__init__(trace)
        self._fixed = projection is not None
        last = views(trace)
        self.view = projection or facing_view(trace, last[-1])
        self.projections = last

    def start(self, x: FloatArray, whole: int) -> FloatArray:
        """The input points themselves: everything moves."""
        return self.lift(x)

    def axes(self, position: float) -> FloatArray:
        """Axes ``(2, d)`` of the view at a position."""
        if self._fixed or not self.view.what:
            return self.view.axes
        return following(self._readout[0](position), self.view.axes)

    def move(self, started: FloatArray, position: float) -> FloatArray:
        """Evaluate the network of this position, and look at it."""
        return Projection(self.axes(position))(self.representation(started, position, self.layer))

    def readout(self, position: float) -> tuple[FloatArray, FloatArray]:
        """As it is at this position, on the plane that is seen through the middle of the data."""
        weight, bias = (part(position) for part in self._readout)
        middle = self.representation(self._some, position, self.layer).mean(axis=0)
        return on_plane(weight, bias, self.axes(position), middle)

    @cached_property
    def _some(self) -> FloatArray:
        return some_points(self.trace)

    def logits(self, x: FloatArray, position: float) -> FloatArray:
        """By the network of this position."""
        return super().logits(self.lift(x), position)

    def caption(self, position: float) -> str:
        """What is seen; empty where nothing is left out."""
        if not self.view.what:
            return ""
        h = self.representation(self._some, position, self.layer)
        return described(
            Projection(self.axes(position), self.view.what).measured(h), self.trace.spec.widths[-1]
        )
